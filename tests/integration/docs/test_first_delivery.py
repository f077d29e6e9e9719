"""The pages' commands do what they say, and their tables hold what the warehouse holds."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.integration.docs.conftest import Story, environment
from tests.unit.docs.pages import names, page, section, table

pytestmark = pytest.mark.slow

LAYERS = page("docs/layers.md")
QUERIES = re.findall(r"<!-- query: (.*?) -->\n\n((?:\|.*\n)+)", LAYERS)


def test_every_number_of_the_page_is_printed(story: Story) -> None:
    numbers = re.findall(r"\*\*([\d,.]+\d)\*\*", page("docs/first_delivery.md"))
    assert len(numbers) == 3
    assert all(number in story.said("explained.txt") for number in numbers)
    then, _, now = numbers
    assert then in story.said("then.txt")
    assert now in story.said("now.txt")


def test_the_gate_holds_and_readers_keep_their_version(story: Story) -> None:
    assert "the gate held" in story.output
    status = " ".join(re.sub(r"[│\n]", " ", story.said("status.txt")).split())
    assert "Published version: 2024-02-29T" in status
    assert "its header lacks the column" in status
    assert "refused_files" in status
    assert "published: 2024-03-01T" in story.output


def test_the_page_leaves_nothing_where_it_is_read(story: Story) -> None:
    assert list(story.folder.iterdir()) == []


def test_what_was_not_known_is_said_to_be_so(story: Story) -> None:
    assert "opening unknown" in story.said("then.txt")


def test_there_are_tables_to_compare() -> None:
    assert len(QUERIES) == 5


@pytest.mark.parametrize(
    ("query", "text"), QUERIES, ids=[re.findall(r"from (\S+)", query)[0] for query, _ in QUERIES]
)
def test_a_table_is_what_the_query_returns(story: Story, query: str, text: str) -> None:
    with duckdb.connect(str(story.home / "warehouse.duckdb"), read_only=True) as con:
        found = con.execute(query).fetchall()
    assert table(text)[1] == [[said(value) for value in row] for row in found]


def said(value: object) -> str:
    """A value as the pages write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:,}"
    return value.isoformat() if isinstance(value, date) else str(value)


def test_gates_check_what_the_page_lists(story: Story) -> None:
    _, rows = table(section(LAYERS, "Gates"))
    documented = {(gate, name, level) for gate, checks, level, _ in rows for name in names(checks)}
    with duckdb.connect(str(story.home / "warehouse.duckdb"), read_only=True) as con:
        recorded = con.execute(
            "select distinct layer, check_name, severity from control.gate_results"
        ).fetchall()
        control = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'control'"
        ).fetchall()
    assert documented == set(recorded)
    listed = {name for first, *_ in table(section(LAYERS, "Tables"))[1] for name in names(first)}
    # The counter is a number that day_versions takes its values from.
    assert {f"control.{name}" for (name,) in control} - {"control.version_counter"} == {
        name for name in listed if name.startswith("control.")
    }


def test_a_home_holds_what_the_page_lists(story: Story) -> None:
    _, rows = table(section(page("docs/architecture.md"), "A home"))
    listed = {name.rstrip("/"): text for first, text in rows for name in names(first)}
    always = {name for name, text in listed.items() if not text.startswith("once ")}
    assert always <= {path.name for path in Path(story.home).iterdir()} <= set(listed)


def test_a_demo_prints_what_the_readme_promises(story: Story) -> None:
    """On the bank that is there: a demo makes one up only where nothing was delivered."""
    done = subprocess.run(
        ["tenure", "demo", "--home", str(story.home)],
        cwd=story.folder, env=environment(story.folder), capture_output=True, text=True, check=True,
    )  # fmt: skip
    promised = (
        *("gate: ", " a tier", "Tiers", "growth divergence: ", "atch list"),
        *("One customer explained", "Where to look"),
    )
    places = [done.stdout.find(part) for part in promised]
    assert min(places) >= 0, done.stdout
    assert places == sorted(places)
