"""A home whose marts are built under policy files of a test's own."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from orchestration.gatekeeper import judge_layer
from orchestration.policy.fingerprint import policy_fingerprint
from orchestration.policy.rows import FILES
from orchestration.policy.validate import validate_policies
from orchestration.settings import REPOSITORY
from orchestration.state import ONE_DAY, Mark, Window, write_mark
from orchestration.warehouse import open_warehouse
from tests.integration.warehouse.landed import as_csv
from tests.support.home import Home

ALWAYS = date(2000, 1, 1)
SEEDS = REPOSITORY / "dbt_project" / "seeds" / "policy"
TIERS = (
    "tier_scheme",
    "tier_bound",
    "tier_grace",
    "tier_band",
    "tier_watch",
    "measure",
    "customer_tier",
)
PolicyLine = Mapping[str, object]


def write_policies(folder: Path, lines: Mapping[str, Iterable[PolicyLine]]) -> None:
    """Writes all policy files; a row without valid_from holds always. They must be valid.

    What a test says nothing of stands as it is shipped, save tiers: all of theirs are the test's.
    """
    folder.mkdir(parents=True)
    for file, model in FILES.items():
        name = file.removeprefix("policy_").removesuffix(".csv")
        rows: list[PolicyLine] = [{"valid_from": ALWAYS} | line for line in lines.get(name, ())]
        rows += _shipped(file, model.key, rows, whole=name in lines or name in TIERS)
        (folder / file).write_text(as_csv(model.header(), rows))
    problems = validate_policies(folder)
    assert not problems, [str(problem) for problem in problems]


def _shipped(
    file: str, key: tuple[str, ...], given: Sequence[PolicyLine], whole: bool
) -> Iterator[PolicyLine]:
    """The shipped rows of a file that a test does not write, or of numbers it does not give."""
    if whole and file not in ("policy_parameter.csv", "policy_switch.csv"):
        return
    keys = {tuple(str(row[name]) for name in key) for row in given}
    with (SEEDS / file).open(encoding="utf-8", newline="") as content:
        for row in csv.DictReader(content):
            if tuple(row[name] for name in key) not in keys:
                yield row


def judge_under(home: Home, policies: Path, first: date, last: date) -> None:
    """Builds and gates the marts of loaded facts anew under other policies."""
    with open_warehouse(home.settings) as con:
        for file in FILES:
            table = f"policy.{file.removesuffix('.csv')}"
            con.execute(f"delete from {table}")
            con.execute(
                f"insert into {table} by name select * from read_csv(?, all_varchar = true)",
                [str(policies / file)],
            )
        mark = Mark(0, home.settings.first_day, policy_fingerprint(policies))
        write_mark(con, "policy", mark)
    # The layer's fingerprint then differs, as it does when a reviewed file has changed.
    home.bank.dbt.policy_dir = lambda: policies  # type: ignore[method-assign]
    window = Window(first, last + ONE_DAY)
    gated(home, "policy", None)
    home.bank.build_layer("marts", window)
    gated(home, "marts", window)


def gated(home: Home, layer: str, window: Window | None) -> None:
    """Runs a gate, which must open."""
    verdict = judge_layer(home.settings, layer, window, "test")
    assert verdict.is_open, [outcome for outcome in verdict.outcomes if outcome.blocks]
