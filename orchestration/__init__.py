"""Tenure's Python side: what decides when and whether SQL runs, and what reads files.

Belongs here: orchestration (Dagster definitions, the command line), the landing zone, the
sample bank, source adapters, publishing and the numerics. Does not belong here: business
rules (policy seeds) and anything row by row (dbt models).
"""
