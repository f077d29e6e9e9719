"""A bank's scorecards: developed from its published marts, kept in its home, decided upon.

Here belong the terms on which cards are developed and promoted (TOML files in `policies`), the
sample that a card may learn from, the files of cards and decisions, and which card is in force on a
day. The mathematics of a card do not belong here (orchestration.credit), nor does applying cards to
months, nor Dagster, dbt or what a terminal shows.
"""
