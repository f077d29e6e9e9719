"""Macros of the dbt project that need no models, rendered without dbt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment
from jinja2.environment import TemplateModule

MACROS = Path(__file__).parents[3] / "dbt_project" / "macros"
FILES = [MACROS / "engine" / "portable.sql", *sorted((MACROS / "value").glob("*.sql"))]


class _DuckDb:
    """As much of dbt's adapter as these macros ask for: the variant of an engine."""

    module: TemplateModule

    def dispatch(self, macro: str, _project: str) -> Callable[..., str]:
        """DuckDB's variant, which is the default one."""
        variant: Callable[..., str] = getattr(self.module, f"default__{macro}")
        return variant


def render(macro: str, *arguments: str) -> str:
    """What a macro of these files writes for these arguments on DuckDB."""
    adapter = _DuckDb()
    names = {"var": str, "return": str, "adapter": adapter}
    text = "\n".join(path.read_text() for path in FILES)
    template = Environment(extensions=["jinja2.ext.do"]).from_string(text, globals=names)
    adapter.module = template.module
    rendered: str = getattr(template.module, macro)(*arguments)
    return rendered
