"""Whatever is not planted as a defect keeps the contract."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.landing.contract import TableContract, load_contract
from orchestration.sample_bank import Summary

pytestmark = pytest.mark.slow

TABLES = load_contract().tables


def broken_rules(table: TableContract) -> dict[str, str]:
    """Rule -> SQL condition that is true where a typed row breaks it."""
    rules = {}
    for name, column in table.columns.items():
        if not column.nullable:
            rules[f"{name} missing"] = f"{name} is null"
        if column.codes:
            codes = ", ".join(f"'{code}'" for code in column.codes)
            rules[f"{name} unknown code"] = f"{name} not in ({codes})"
        if column.min is not None:
            rules[f"{name} too small"] = f"{name} < '{column.min}'::{column.duckdb_type}"
        if column.max is not None:
            rules[f"{name} too large"] = f"{name} > '{column.max}'::{column.duckdb_type}"
        if column.pattern:
            rules[f"{name} pattern"] = f"not regexp_full_match({name}, '{column.pattern}')"
        if column.max_length:
            rules[f"{name} too long"] = f"length({name}) > {column.max_length}"
        if column.not_before:
            rules[f"{name} order"] = f"{name} < {column.not_before}"
        if name == table.happened and not table.planned:
            rules[f"{name} in the future"] = f"{name} > loaded_on"
    return rules


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_delivered(spotless: Summary, name: str) -> None:
    assert spotless.rows[name] > 0


@pytest.mark.parametrize("bank", ["spotless_rows", "messy_rows"])
@pytest.mark.parametrize("name", TABLES)
def test_good_rows_keep_the_contract(bank: str, name: str, request: pytest.FixtureRequest) -> None:
    rows: duckdb.DuckDBPyConnection = request.getfixturevalue(bank)
    rules = broken_rules(TABLES[name])
    counts = ", ".join(f"count(*) filter ({condition})" for condition in rules.values())
    found = rows.execute(f"select {counts} from good_{name}").fetchall()[0]
    assert {rule: n for rule, n in zip(rules, found, strict=True) if n} == {}


@pytest.mark.parametrize("name", TABLES)
def test_references_arrive(spotless_rows: duckdb.DuckDBPyConnection, name: str) -> None:
    for column, rule in TABLES[name].columns.items():
        if rule.references:
            key = TABLES[rule.references].key[0]
            lost = spotless_rows.execute(
                f"select count(*) from good_{name} where {column} is not null"
                f" and {column} not in (select {key} from good_{rule.references})"
            ).fetchall()
            assert lost == [(0,)], column


@pytest.mark.parametrize("name", TABLES)
def test_a_spotless_bank_sends_a_key_once(
    spotless_rows: duckdb.DuckDBPyConnection, name: str
) -> None:
    repeats = spotless_rows.execute(
        f"select count(*) - count(distinct ({', '.join(TABLES[name].key)})) from good_{name}"
    ).fetchall()[0][0]
    # A contact or an enrolment is sent again when it is resolved or closed.
    assert (repeats > 0) == (name in ("interactions", "channel_enrolments"))
