"""Macros of customer value, rendered without dbt, as DuckDB runs them."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment

MACROS = Path(__file__).parents[3] / "dbt_project" / "macros" / "value"


def render(macro: str, *arguments: str) -> str:
    """What a macro of the room writes for these arguments."""
    text = "\n".join(path.read_text() for path in sorted(MACROS.glob("*.sql")))
    module = Environment(extensions=["jinja2.ext.do"]).from_string(text).module
    rendered: str = getattr(module, macro)(*arguments)
    return rendered
