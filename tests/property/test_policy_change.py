"""Promise 4: a policy holds from its date; and a changed file is seen, in whatever order steps
are run."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.dbt.project import DbtProject
from orchestration.errors import StepFailed
from orchestration.settings import REPOSITORY, Settings, load_settings
from tests.support.compare import contents, differences, published_differences
from tests.support.home import LAYERS, Home
from tests.support.tiny_bank import FIRST_DAY, LAST_DAY, TinyBank

pytestmark = pytest.mark.slow

CHANGED_FROM = "2024-03-10"
TIERS = "marts.tier_month"


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The policy files of a copy of the project, which every home then uses."""
    copy = tmp_path / "project"
    shutil.copytree(
        REPOSITORY / "dbt_project", copy, ignore=shutil.ignore_patterns("target", "logs")
    )
    monkeypatch.setattr(Settings, "dbt_project_dir", property(lambda _: copy))
    return copy / "seeds" / "policy"


def raise_gold_from(day: str, policies: Path, bound: int = 60_000) -> None:
    """Ends the row of gold on deposits and begins another one."""

    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        (old,) = (
            row
            for row in rows
            if (row["scheme_code"], row["tier_code"]) == ("deposit_tiers", "gold")
        )
        new = old | {"lower_bound": str(bound), "valid_from": day}
        old["valid_to"] = day
        return [*rows, new]

    rewrite(policies / "policy_tier_bound.csv", change)


def rewrite(path: Path, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    """Applies a change to the rows of a policy file."""
    rows = change(list(csv.DictReader(io.StringIO(path.read_text()))))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue())


def test_a_bound_changed_from_a_day_moves_only_what_is_judged_from_it(
    tmp_path: Path, policies: Path
) -> None:
    project = DbtProject(load_settings(home=tmp_path / "parsed"))
    files = TinyBank(seed=11).landing()
    home = Home(tmp_path / "home", project)
    home.land(files)
    home.run(FIRST_DAY, LAST_DAY)
    earlier = {TIERS: f"judged_on < date '{CHANGED_FROM}'"}
    later = {TIERS: f"judged_on >= date '{CHANGED_FROM}'"}
    before = contents(home.settings.warehouse_path, earlier)
    after = contents(home.settings.warehouse_path, later)
    raise_gold_from(CHANGED_FROM, policies)

    with pytest.raises(StepFailed, match="polic"):
        home.run(LAST_DAY, LAST_DAY, ["marts"])
    home.run(LAST_DAY, LAST_DAY)

    assert len(before[TIERS]) > 1
    assert contents(home.settings.warehouse_path, earlier) == before
    assert contents(home.settings.warehouse_path, later) != after
    fresh = Home(tmp_path / "fresh", project)
    fresh.land(files)
    fresh.run(FIRST_DAY, LAST_DAY)
    assert differences(home, fresh) == {}
    assert published_differences(home, fresh) == {}


def test_an_invalid_policy_stops_everything_before_anything_is_loaded(
    tmp_path: Path, policies: Path
) -> None:
    project = DbtProject(load_settings(home=tmp_path / "parsed"))
    home = Home(tmp_path / "home", project)
    home.land(TinyBank(seed=11).landing())
    raise_gold_from(CHANGED_FROM, policies, bound=900_000)  # above platinum
    for step in ("policy", "raw"):
        with pytest.raises(StepFailed, match=r"policy_tier_bound\.csv:\d+"):
            home.run(FIRST_DAY, LAST_DAY, [step])
    for layer in LAYERS:
        with pytest.raises(StepFailed):
            home.run(FIRST_DAY, LAST_DAY, [layer])
