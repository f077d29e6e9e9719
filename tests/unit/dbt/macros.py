"""Macros of one file of the dbt project, rendered without dbt."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment

PORTABLE = Path(__file__).parents[3] / "dbt_project" / "macros" / "engine" / "portable.sql"


def render(macro: str, *arguments: str) -> str:
    """What DuckDB's variant of a macro of portable.sql writes for these arguments."""
    module = Environment().from_string(PORTABLE.read_text(), globals={"var": str}).module
    rendered: str = getattr(module, f"default__{macro}")(*arguments)
    return rendered
