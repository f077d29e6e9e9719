"""How dbt is run: parsing the project, invoking it in process, naming its nodes for Dagster.

Belongs here: the project's manifest, the in-process runner and the translator. Does not belong
here: SQL (dbt_project/) and what to build when (orchestration/state.py, pipeline.py).
"""
