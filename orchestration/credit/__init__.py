"""Retail scorecards: from a sample of borrowers to a table of points, and from points to a PD.

Here belong binning, weights of evidence, screening, the regression, scaling, calibration, measures
of how well a card ranks, the card as a document, and its SQL. Here do not belong Dagster, dbt, the
warehouse, or the numbers of a policy: a sample and a policy come in, a card goes out. The room
`validation` is of grades and PDs of any kind, of people and of companies.
"""
