"""Macros of one file of the dbt project, rendered without dbt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, Template

PORTABLE = Path(__file__).parents[3] / "dbt_project" / "macros" / "engine" / "portable.sql"


class _DuckDb:
    """As much of dbt's adapter as these macros ask for: the variant of an engine."""

    module: Template

    def dispatch(self, macro: str, _project: str) -> Callable[..., str]:
        """DuckDB's variant, which is the default one."""
        variant: Callable[..., str] = getattr(self.module, f"default__{macro}")
        return variant


def render(macro: str, *arguments: str) -> str:
    """What a macro of portable.sql writes for these arguments on DuckDB."""
    adapter = _DuckDb()
    names = {"var": str, "return": str, "adapter": adapter}
    template = Environment().from_string(PORTABLE.read_text(), globals=names)
    adapter.module = template.module
    rendered: str = getattr(template.module, macro)(*arguments)
    return rendered
