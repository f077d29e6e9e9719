"""Retail scorecards: fitted from data and a policy, kept as a table, applied as SQL.

Here belong bins and their weights of evidence, screening, the regression, points, calibration, the
card and its artefact, the SQL that applies it, and measures of how well a score ranks. Dagster, dbt
and the warehouse do not belong here, nor does any number of policy: frames and policies come in,
cards go out. Nothing is learned where a card is applied.
The room `validation` is of grades and PDs of any kind, of people and of companies.
"""
