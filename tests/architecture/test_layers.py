"""Who may select from whom, where personal data stops, and where numbers of policy stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from expectations import value_matrix
from expectations.customers import FAMILIES
from orchestration.forward.staying import LONGEST
from orchestration.forward.store import TABLES as FITS
from orchestration.landing.contract import load_contract
from orchestration.policy import forward_rows, value_matrix_rows, value_rows
from orchestration.scoring.monitor import TABLES as MONITORED
from orchestration.scoring.store import REASONS
from orchestration.scoring.store import TABLES as SCORES
from tests.architecture.project import MODELS, NAMES, SOURCE, Project, parents

ORDER = {"vault": 0, "staging": 0, "facts": 1, "marts": 2, "forward": 3}
# Marts that select from staging. The list may only shrink.
READ_STAGING = {
    "dim_customer": "master data as of today is staging's newest version and nothing else",
    "int_restated_concerned": "late master data is seen only beside the day it became known",
    "int_restated_customers": "facts keep what was known then; this is what is known now",
}
# The bank's own numbers of persons, accounts and loans.
NATURAL_KEYS = {"customer_id", "account_id", "loan_id"}
# Ranks and steps that mean nothing but themselves.
PLAIN_NUMBERS = {"0", "1"}


@pytest.mark.parametrize("name", NAMES)
def test_only_staging_reads_sources(project: Project, name: str) -> None:
    sources = parents(project, name, kinds=("source",))
    if project.models[name]["original_file_path"].startswith("models/staging/"):
        assert len(set(sources)) == 1
        assert not parents(project, name)
    else:
        # Fits are learned from the marts, between these and forward value.
        allowed = (
            {*FITS, *SCORES, *MONITORED} if project.models[name]["schema"] == "forward" else set()
        )
        assert set(sources) <= allowed


@pytest.mark.parametrize("name", NAMES)
def test_layers_select_downwards(project: Project, name: str) -> None:
    own = ORDER[project.models[name]["schema"]]
    assert all(ORDER[project.models[parent]["schema"]] <= own for parent in parents(project, name))


def test_marts_leave_staging_alone(project: Project) -> None:
    found = {
        name
        for name, node in project.models.items()
        if node["schema"] == "marts"
        and any(project.models[parent]["schema"] == "staging" for parent in parents(project, name))
    }
    assert found == set(READ_STAGING)


def test_marts_read_facts_that_are_kept(project: Project) -> None:
    """Another policy judges all months again, of which facts have only built the newest."""
    found = {
        (name, parent)
        for name, node in project.models.items()
        if node["schema"] == "marts"
        for parent in parents(project, name)
        if project.models[parent]["schema"] == "facts"
        and project.models[parent]["config"]["materialized"] != "suffix"
    }
    assert not found


def test_nothing_selects_from_the_vault(project: Project) -> None:
    vault = {name for name, node in project.models.items() if node["schema"] == "vault"}
    assert vault
    assert not [name for name in project.models if vault & set(parents(project, name))]
    exposed = [
        node.split(".")[-1]
        for exposure in project.manifest["exposures"].values()
        for node in exposure["depends_on"]["nodes"]
    ]
    assert not vault & set(exposed)


def test_personal_columns_stay_in_the_vault(project: Project) -> None:
    personal = {
        name
        for table in load_contract().tables.values()
        for name, column in table.columns.items()
        if column.pii
    }
    assert personal
    astray = {
        (name, column)
        for name, columns in project.columns.items()
        if name in project.models and project.models[name]["schema"] != "vault"
        for column in columns
        if column in personal | NATURAL_KEYS
    }
    assert not astray


def judging_sql() -> list[Path]:
    """SQL that decides about customers: marts, and the macros they are made of."""
    marts = [path for path in MODELS if "marts" in path.parts]
    marts += [path for path in MODELS if "forward" in path.parts]
    rooms = (
        "credit", "families", "lifecycle", "rating", "segments", "star", "tiers", "value_matrix",
    )  # fmt: skip
    macros = (path for room in rooms for path in (SOURCE / "macros" / room).rglob("*.sql"))
    return [*marts, *sorted(macros)]


@pytest.mark.parametrize("path", judging_sql(), ids=lambda path: path.stem)
def test_policy_numbers_stand_in_policy_seeds(path: Path) -> None:
    sql = re.sub(r"\{#.*?#\}|--[^\n]*", "", path.read_text(), flags=re.DOTALL)
    sql = re.sub(r"'[^']*'", "''", sql)
    sql = re.sub(r"decimal\(\d+, \d+\)|scale=\d+", "", sql)
    assert set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?", sql)) <= PLAIN_NUMBERS


def codes(macro: str) -> list[str]:
    """The list that a macro of product_classes.sql returns."""
    text = (SOURCE / "macros" / "engine" / "product_classes.sql").read_text()
    found = re.search(rf"macro {macro}\(\) -%}}(.*?)endmacro", text, flags=re.DOTALL)
    assert found
    return re.findall(r"'(\w+)'", found[1])


def test_lists_of_codes_are_those_of_the_contract() -> None:
    """A code without a column would fall out of every sum."""
    tables = load_contract().tables
    classes = tables["products"].columns["product_class"].codes
    assert [*codes("balance_classes"), *codes("service_classes")] == list(classes)
    transactions = tables["transactions"].columns
    assert codes("transaction_kinds") == list(transactions["kind"].codes)
    assert codes("transaction_channels") == list(transactions["channel"].codes)
    assert list(value_rows.KINDS) == list(transactions["kind"].codes)
    assert list(value_rows.CHANNELS) == list(transactions["channel"].codes)
    items = (SOURCE / "macros" / "value" / "contribution_components.sql").read_text()
    for macro, table in (("income", "income_items"), ("cost", "cost_items")):
        listed = re.search(rf"macro {macro}_components\(\) -%}}(.*?)endmacro", items, re.DOTALL)
        assert listed
        contracted = tables[table].columns["component"].codes
        assert re.findall(r"'(\w+)'", listed[1]) == list(contracted)


def test_the_gate_balances_every_family() -> None:
    families = (SOURCE / "macros" / "families" / "verdict_families.sql").read_text()
    schemes = (SOURCE / "macros" / "segments" / "segment_names.sql").read_text()
    listed = re.search(r"macro segment_schemes\(\) -%}(.*?)endmacro", schemes, flags=re.DOTALL)
    assert listed
    columns = re.findall(r"'column': '(\w+)'", families) + re.findall(r"'(\w+)'", listed[1])
    assert list(FAMILIES) == columns


def test_sql_and_python_know_the_same_models() -> None:
    listed = (SOURCE / "macros" / "forward" / "forward_models.sql").read_text()
    assert re.findall(r"^        '(\w+)':", listed, re.MULTILINE) == list(forward_rows.MODELS)
    terms = (SOURCE / "macros" / "forward" / "forward_terms.sql").read_text()
    assert re.findall(r"longest_tenure\(\) -%}(\d+)", terms) == [str(LONGEST)]


def test_sql_python_and_gate_know_the_same_indicators_of_value() -> None:
    text = (SOURCE / "macros" / "value_matrix" / "value_indicators.sql").read_text()
    listed = re.search(r"macro value_axes\(\) -%}(.*?)endmacro", text, flags=re.DOTALL)
    assert listed
    found = re.findall(r"'(\w+)': \[([^]]*)\]", listed[1])
    expected = value_matrix_rows.INDICATORS
    assert {name: re.findall(r"'(\w+)'", measures) for name, measures in found} == {
        name: list(measures) for name, measures in expected.items()
    }
    assert [name for name, _ in found] == list(expected)
    assert {axis: tuple(names) for axis, names in value_matrix_rows.AXES.items()} == (
        value_matrix.AXES
    )


def test_every_characteristic_can_be_explained(project: Project) -> None:
    """A card may ask any column that is measured, and its points are told of each."""
    names = (SOURCE / "macros" / "credit" / "credit_names.sql").read_text()
    listed = {}
    for macro in ("credit_numbers", "credit_codes", "credit_reasons"):
        found = re.search(rf"macro {macro}\(\)(.*?)endmacro", names, re.DOTALL)
        assert found
        listed[macro] = re.findall(r"'(\w+)'", found[1])
    beside = {"customer_key", "month", "judged_on", "is_closed", "policy_version", "left_out_for",
              "population"}  # fmt: skip
    measured = set(project.columns["credit_feature_month"]) - beside
    assert {*listed["credit_numbers"], *listed["credit_codes"]} == measured
    assert len(listed["credit_reasons"]) == REASONS
