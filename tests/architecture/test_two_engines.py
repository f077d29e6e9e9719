"""The models must one day build on Spark too: standard SQL, and what differs in dispatched macros.

Every model is rendered twice: as DuckDB runs it, translated to Spark by sqlglot, and with the
`spark__` macros in place of the default ones, as dbt-spark would send it.
"""

from __future__ import annotations

import re

import pytest
from sqlglot import ErrorLevel, parse_one

from tests.architecture.project import NAMES, SOURCE, Project

# Functions that DuckDB and Spark both have, by the same name and with the same meaning. A new one
# may be added after a look into both manuals; what differs belongs in macros/engine/portable.sql.
SHARED_FUNCTIONS = {
    "abs", "bool_and", "cast", "coalesce", "concat_ws", "count", "exp", "extract", "floor",
    "greatest", "lag", "lead", "least", "left", "ln", "max", "max_by", "md5", "min", "min_by",
    "nullif", "power", "rank", "replace", "round", "row_number", "sqrt", "sum",
    # Of a date: DuckDB keeps a date, Spark makes a timestamp of midnight; cast before it is kept.
    "date_trunc",
}  # fmt: skip
# What the `spark__` macros may use beside them.
SPARK_FUNCTIONS = {
    "add_months", "conv", "date_add", "date_sub", "datediff", "format_number", "named_struct",
    "array_join", "array_sort", "collect_list", "struct", "transform",
}  # fmt: skip
# Words before a bracket that are no functions.
SYNTAX = {
    "and", "as", "by", "decimal", "div", "else", "filter", "from", "in", "join", "not", "on", "or",
    "over", "select", "then", "values", "when", "where", "with",
}  # fmt: skip
DUCKDB_ONLY = re.compile(
    r"//|:=|::|\b(hugeint|varchar|qualify|asof|exclude|semi join|anti join|using sample)\b"
)


@pytest.mark.parametrize("name", NAMES)
def test_duckdb_sql_translates_to_spark(project: Project, name: str) -> None:
    tree = parse_one(project.compiled(name), read="duckdb")
    assert tree.sql("spark", unsupported_level=ErrorLevel.RAISE)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_spark_variant_is_spark_sql(spark: Project, name: str) -> None:
    # The adapter that renders quotes names as DuckDB does.
    sql = spark.compiled(name).replace('"', "`")
    assert parse_one(sql, read="spark")
    text = re.sub(r"'[^']*'", "''", sql)
    assert not DUCKDB_ONLY.findall(text)
    called = set(re.findall(r"\b([a-z_][a-z_0-9]*)\s*\(", text)) - SYNTAX - with_names(text)
    assert called <= SHARED_FUNCTIONS | SPARK_FUNCTIONS


def with_names(sql: str) -> set[str]:
    """Names of common table expressions, windows and aliases that stand before a bracket."""
    before = re.findall(r"\b([a-z_][a-z_0-9]*)\s+as\s*\(", sql)
    return {*before, *re.findall(r"\bas\s+([a-z_][a-z_0-9]*)\s*\(", sql)}


def test_every_dispatched_macro_has_both_variants() -> None:
    text = "\n".join(path.read_text() for path in (SOURCE / "macros").rglob("*.sql"))
    dispatched = set(re.findall(r"adapter\.dispatch\('(\w+)'", text))
    assert dispatched
    assert set(re.findall(r"macro default__(\w+)", text)) == dispatched
    assert set(re.findall(r"macro spark__(\w+)", text)) == dispatched
