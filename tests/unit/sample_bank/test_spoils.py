"""The ways a row can be spoilt follow from the contract."""

from __future__ import annotations

import pytest

from orchestration.landing.contract import load_contract
from orchestration.sample_bank.defects import MALFORMED, ORPHAN, spoils

TABLES = load_contract().tables


@pytest.mark.parametrize("name", TABLES)
def test_every_rule_of_a_column_has_a_way_to_break_it(name: str) -> None:
    ways = {(way.kind, way.column) for way in spoils(TABLES[name], text=True)}
    for column, rule in TABLES[name].columns.items():
        expected = {
            "missing_value": not rule.nullable,
            "wrong_type": rule.type != "string",
            "unknown_code": bool(rule.codes),
            "out_of_range": rule.min is not None,
            "too_many_decimals": rule.type == "money",
            "too_long": rule.max_length is not None,
            "bad_pattern": rule.pattern is not None,
            "date_order": rule.not_before is not None and not TABLES[name].planned,
            "future_date": column == TABLES[name].happened and not TABLES[name].planned,
        }
        assert {kind for kind, named in ways if named == column} - {ORPHAN} == {
            kind for kind, applies in expected.items() if applies
        }


@pytest.mark.parametrize("name", TABLES)
def test_only_text_can_be_malformed(name: str) -> None:
    assert MALFORMED in {way.kind for way in spoils(TABLES[name], text=True)}
    assert MALFORMED not in {way.kind for way in spoils(TABLES[name], text=False)}


def test_all_kinds_occur_in_the_contract() -> None:
    kinds = {way.kind for table in TABLES.values() for way in spoils(table, text=True)}
    assert kinds == {
        "wrong_type",
        "missing_value",
        "unknown_code",
        "out_of_range",
        "too_many_decimals",
        "too_long",
        "bad_pattern",
        "future_date",
        "date_order",
        MALFORMED,
        ORPHAN,
    }
