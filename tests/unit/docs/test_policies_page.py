"""docs/policies.md says what the policy files hold, and its worked example is computed."""

from __future__ import annotations

import csv
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from orchestration.policy.validate import validate_policies
from orchestration.policy.value_matrix_rows import INDICATORS
from tests.unit.docs.pages import ROOT, blocks, names, page, section, table

SEEDS = ROOT / "dbt_project" / "seeds" / "policy"
PAGE = page("docs/policies.md")
JUDGED = ROOT / "dbt_project" / "models" / "marts" / "tiers" / "int_tier_judged.yml"
# Tiers of the worked example by rank, and their bounds.
BOUNDS = {1: Decimal(0), 2: Decimal(5), 3: Decimal(20), 4: Decimal(50)}
NAMES = {1: "T0", 2: "T1", 3: "T2", 4: "T3"}
RULES = ("none", "grace_3", "grace_6", "watch_3_3")


def rows(name: str) -> list[dict[str, str]]:
    """A policy file's rows."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.csv")), ids=lambda path: path.stem)
def test_columns_are_the_files_header(path: Path) -> None:
    _, documented = table(section(PAGE, path.name))
    header = path.read_text("utf-8").splitlines()[0].split(",")
    assert [column.strip("`") for column, _ in documented] == header


def test_the_change_shown_is_a_valid_policy(tmp_path: Path) -> None:
    policies = tmp_path / "policy"
    shutil.copytree(SEEDS, policies)
    bounds = policies / "policy_tier_bound.csv"
    (change,) = blocks(section(PAGE, "How they change"), "csv")
    ended, _ = change.splitlines()
    before = ended.removesuffix("2024-07-01") + "\n"
    text = bounds.read_text("utf-8")
    assert before in text
    bounds.write_text(text.replace(before, change), "utf-8")
    assert validate_policies(policies) == []


def test_shipped_schemes_and_bounds() -> None:
    _, documented = table(section(PAGE, "What is shipped, and where it comes from"))
    schemes = {row["scheme_code"]: row for row in rows("policy_tier_scheme.csv")}
    assert [code.strip("`") for code, *_ in documented] == list(schemes)
    assert {row["customer_type"] for row in schemes.values()} == {"retail"}
    for code, measure, tiers, _ in documented:
        code = code.strip("`")
        assert f"`{schemes[code]['measure_code']}`" in measure
        bounds = [
            f"{row['tier_code'].replace('mid_', 'mid-').replace('_', ' ')} "
            f"{int(row['lower_bound']):,}"
            for row in rows("policy_tier_bound.csv")
            if row["scheme_code"] == code and row["lower_bound"]
        ]
        assert tiers == ", ".join(bounds)


def test_shipped_bands() -> None:
    _, _, after = PAGE.partition("and bands of `asset_tiers`")
    _, documented = table(after)
    bands = rows("policy_tier_band.csv")
    assert [band.split()[0].strip("`") for _, band in documented] == [
        row["band_code"] for row in bands
    ]
    for (measure, _), row in zip(documented[1:], bands[1:], strict=True):
        word = "from" if row["lower_inclusive"] == "true" else "above"
        assert measure.startswith(f"{word} {int(row['lower_bound']):,}")


def test_parameters_are_named() -> None:
    for row in rows("policy_parameter.csv"):
        assert f"`{row['parameter']}`" in PAGE


def test_segments_are_shipped_as_described() -> None:
    described = " ".join(section(PAGE, "Segments").split())
    numbers = {row["parameter"]: row["value"] for row in rows("policy_parameter.csv")}
    for name, value in numbers.items():
        if name.startswith("segment_"):
            found = re.search(rf"`{name}` ([\d.,]+\d|\d)", described)
            assert found, name
            assert Decimal(found[1].replace(",", "")) == Decimal(value), name
    for row in rows("policy_switch.csv"):
        if row["switch"].startswith("segment_"):
            assert row["choice"] in described, row["switch"]


@pytest.mark.parametrize(
    ("family", "heading"),
    [
        ("lifecycle", "The lifecycle"),
        ("contribution", "Contribution and lifetime value"),
        ("forward", "Forward value"),
        ("value", "The value matrix"),
        ("rating", "The corporate rating"),
    ],
)
def test_numbers_and_choices_are_those_shipped(family: str, heading: str) -> None:
    described = section(PAGE, heading)
    for row in rows("policy_parameter.csv"):
        if row["parameter"].startswith(f"{family}_"):
            shown = f"{row['value']} {row['unit']} | {row['description']}"
            assert f"| `{row['parameter']}` | {shown} |" in described
    for row in rows("policy_switch.csv"):
        if row["switch"].startswith(f"{family}_"):
            assert f"| `{row['switch']}` | `{row['choice']}` | {row['description']} |" in described


def test_indicators_of_value_are_those_shipped() -> None:
    described = section(PAGE, "The value matrix")
    _, _, after = described.partition("| indicator | axis")
    _, documented = table("| indicator | axis" + after)
    shipped = [
        [row["indicator"], row["axis"], list(INDICATORS[row["indicator"]]), row["weight"],
         f"{int(row['full_at']):,}"]
        for row in rows("policy_value_indicator.csv")
    ]  # fmt: skip
    assert [
        [*names(indicator), *names(axis), names(measures), weight, full]
        for indicator, axis, measures, weight, full in documented
    ] == shipped
    for row in rows("policy_value_indicator.csv"):
        assert row["measure"] == INDICATORS[row["indicator"]][0], "the first is shipped"


def test_causes_of_decline_are_those_shipped() -> None:
    described = section(PAGE, "The lifecycle")
    for row in rows("policy_decline_cause.csv"):
        assert f"| `{row['cause']}` | " in described


def fold(measures: list[Decimal], rule: dict[str, str], held: int) -> list[tuple[int, int, str]]:
    """Rank held, months below and watch state after each month: the rules in plain words."""
    found = []
    below: list[int] = []
    for measure in measures:
        measured = max(rank for rank, bound in BOUNDS.items() if measure >= bound)
        if measured >= held:
            held, below = measured, []
            found.append((held, 0, ""))
            continue
        below.append(measured)
        months = len(below)
        grace = int(rule["grace_months"])
        state = "silent" if months <= int(rule["silent_months"]) else "watched"
        if months >= grace:
            held = max(below) if rule["demote_to"] == "best" else measured
            below = []
        found.append((held, months, "" if grace == 1 else state))
    return found


def said(rank: int, months: int, state: str) -> str:
    """A cell of the table."""
    notes = ", ".join(part for part in (str(months) if months else "", state) if part)
    return NAMES[rank] + (f" ({notes})" if notes else "")


def example() -> tuple[list[Decimal], dict[str, list[str]]]:
    """The page's measures, and its column per rule."""
    header, documented = table(section(PAGE, "The grace rules, month by month"))
    columns = list(zip(*documented, strict=True))
    rules = {name.strip("`"): list(columns[header.index(name)]) for name in header[2:]}
    assert tuple(rules) == RULES
    return [Decimal(measure) for measure in columns[1]], rules


def test_the_worked_example_follows_from_the_shipped_rules() -> None:
    measures, documented = example()
    shipped = {row["grace_code"]: row for row in rows("policy_tier_grace.csv")}
    assert set(shipped) == set(RULES)
    for code, cells in documented.items():
        assert cells == [said(*step) for step in fold(measures, shipped[code], held=4)], code


@pytest.mark.parametrize("code", RULES)
def test_the_sql_gives_the_same(code: str) -> None:
    """The unit tests of the model expect what the page shows (customer 5 of theirs)."""
    _, documented = example()
    (test,) = [
        test
        for test in yaml.safe_load(JUDGED.read_text("utf-8"))["unit_tests"]
        if test["name"] == f"tiers_fold_under_rule_{code}"
    ]
    expected = list(csv.DictReader(test["expect"]["rows"].splitlines()))
    held = [NAMES[int(row["tier_rank"])] for row in expected if row["customer_key"] == "5"]
    assert [cell.split()[0] for cell in documented[code]] == held


def test_grace_spares_who_swings() -> None:
    measures = [Decimal(value) for value in (49, 51, 49, 51, 49, 51)]
    for row in rows("policy_tier_grace.csv"):
        ranks = {rank for rank, _, _ in fold(measures, row, held=4)}
        assert ranks == ({3, 4} if row["grace_code"] == "none" else {4})
