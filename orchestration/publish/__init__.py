"""The publishing room: marts leave the warehouse as whole, versioned, read-only copies.

Belongs here: choosing what is published (tables.py), telling exactly what changed
(fingerprints.py), writing a version (build.py), keeping views as views (views.py), naming,
swapping and rolling back versions (versions.py), deciding which old ones go (retention.py),
the act itself (publisher.py) and the way in for Python readers (reader.py). Needs a DuckDB
warehouse and a folder, nothing else.

Does not belong here: whether the marts may be published (gates decide before this room is
entered), what the marts say (dbt models), Dagster assets and commands (they call this room).
"""
