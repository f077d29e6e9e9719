"""Thin Dagster assets: each calls one step of the pipeline and says what came of it.

Belongs here: asset definitions, their metadata and the events they yield. Does not belong here:
what a step does (pipeline.py) and what the tables mean (dbt_project/).
"""
