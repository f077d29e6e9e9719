"""`tenure scorecard`: from what is published to a champion, and what is refused on the way."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from orchestration.cards import develop
from orchestration.cards.decisions import read_decisions
from orchestration.cards.development import KINDS
from orchestration.cards.registry import read_registry
from orchestration.publish.versions import DATABASE
from tests.orchestration.conftest import Tenure
from tests.support.dagster_runs import Ran
from tests.support.home import Home
from tests.unit.cards.marts import AS_OF, marts, publish

TERMS = """
kind = "behavioural"
sample = {development_months = 12, test_months = 6, months_apart = 3, rows_at_most = 100000}

[promotion]
least_rows = 200
least_bads = 20
least_auc = %s
least_expected_to_bad = 0.7
most_expected_to_bad = 1.5
most_grade_drift = 0.25
most_feature_drift = 0.25
most_inversions = 1
most_unscored_share = 0.02

[card]
version = "%s"
ridge = 1.0
unseen = "no_score"
reasons = 3
min_rows = 100
min_goods = 20
min_bads = 20
folds = 5
seed = 1
binning = {max_bins = 5, max_prebins = 15, min_share = 0.05, min_goods = 5, min_bads = 5}
scaling = {base_score = 600.0, base_odds = 30.0, points_to_double = 20.0}
grades = [{name = "A", below = 0.1}, {name = "B", below = 1.0}]
features = [{name = "income", kind = "numeric"}, {name = "days_past_due", kind = "numeric"}]

[card.screening]
min_information_value = 0.001
max_information_value = 3.0
max_correlation = 0.8
max_variance_inflation = 5.0
"""
LATER = "2025-01-01"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the two marts are published, with files of terms."""
    home = tmp_path_factory.mktemp("published")
    with marts() as con:
        publish(con, home)
    for version, least in (("1", 0.6), ("2", 0.99)):
        (home / f"terms-{version}.toml").write_text(TERMS % (least, version), "utf-8")
    return home


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    shutil.copytree(published, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


def terms(home: Path, version: str) -> list[str]:
    return ["--policy", str(home / f"terms-{version}.toml")]


def fitted(tenure: Tenure, home: Path, version: str = "1", *more: str) -> str:
    """Fits a card; returns its version."""
    said = tenure(home, "scorecard", "fit", "behavioural", *terms(home, version), *more)
    (found,) = re.findall(rf"Card (behavioural-{version}-\w+)", said)
    assert f"{found}.json" in said
    return str(found)


def test_a_card_becomes_champion_and_is_retired(tenure: Tenure, home: Path) -> None:
    first = fitted(tenure, home)
    for card, day in ((first, LATER), (fitted(tenure, home, "2"), "2025-02-01")):
        said = tenure(
            home, "scorecard", "promote", card, "--from", day, "--by", "Ada", "--reason", "better",
            *terms(home, "1"),
        )  # fmt: skip
        assert f"{card} decides from {day} on, by Ada: better" in said
    tenure(home, "scorecard", "retire", card, "--from", "2025-03-01", "--reason", "it ends")
    states = [one.state for one in read_decisions(home / "cards")]
    assert states == ["candidate", "candidate", "champion", "champion", "retired"]
    said = tenure(home, "scorecard", "list")
    assert first in said
    assert "it ends" in said


def test_fitting_again_adds_nothing(tenure: Tenure, home: Path) -> None:
    assert fitted(tenure, home) == fitted(tenure, home)
    registry = read_registry(home / "cards")
    assert (len(registry.cards), len(registry.decisions)) == (1, 1)


def test_a_card_is_shown_as_a_table_and_as_files(tenure: Tenure, home: Path) -> None:
    card = fitted(tenure, home)
    said = tenure(home, "scorecard", "show", "behavioural-1")
    assert card in said
    for word in ("days_past_due", "█", "held out", "Classes on later rows", "information value",
                 "Evidence of later rows"):  # fmt: skip
        assert word in said
    tenure(
        home, "scorecard", "show", card, "--csv", str(home / "x.csv"), "--svg", str(home / "x.svg")
    )
    assert (home / "x.csv").read_text("utf-8") == (home / f"cards/{card}.csv").read_text("utf-8")
    assert ElementTree.fromstring((home / "x.svg").read_text("utf-8")).tag.endswith("svg")


def test_two_cards_are_held_against_each_other(tenure: Tenure, home: Path) -> None:
    before = fitted(tenure, home, "1", "--as-of", "2024-06-30")
    after = fitted(tenure, home, "2")
    said = tenure(home, "scorecard", "compare", before, after)
    assert "2023-07-01" in said
    assert "AUC of the first less that of the second" in said


def test_what_is_refused(tenure: Tenure, home: Path, tmp_path: Path) -> None:
    def refused(*arguments: str, at: Path = home) -> str:
        return tenure(at, "scorecard", *arguments, status=1)

    why = ["--reason", "better", *terms(home, "1")]
    assert "nothing is published" in refused("fit", "behavioural", at=tmp_path / "none")
    assert "nothing of 2025-06-01 is known" in refused(
        "fit", "behavioural", "--as-of", "2025-06-01"
    )
    assert "terms of behavioural cards" in refused("fit", "application", *terms(home, "1"))
    assert "no column" in refused("fit", "behavioural")
    assert "No such file" in refused("fit", "behavioural", "--policy", str(home / "none.toml"))
    assert "there is no card" in refused("show", "x")
    card = fitted(tenure, home)
    assert f"{AS_OF} is published" in refused("promote", card, "--from", str(AS_OF), *why)
    assert "could not have been in force" in refused(
        "promote", card, "--from", "2024-12-30", "--rescore", *why
    )
    assert "not in force" in refused("retire", card, "--from", LATER, "--reason", "none")
    path = home / "cards" / f"{card}.json"
    path.write_text(path.read_text("utf-8").replace('"points": 2', '"points": 1', 1), "utf-8")
    assert path.name in refused("list")


def test_failing_evidence_refuses_unless_somebody_says_why(tenure: Tenure, home: Path) -> None:
    card = fitted(tenure, home)
    arguments = [
        "scorecard", "promote", card, "--from", LATER, "--reason", "better", *terms(home, "2"),
    ]  # fmt: skip
    assert "AUC, lower end is" in tenure(home, *arguments, status=1)
    tenure(home, *arguments, "--despite", "it is the first one")
    assert '"despite": "it is the first one"' in read_decisions(home / "cards")[-1].evidence


def test_a_day_published_while_a_decision_waited_for_the_run_is_refused(
    tenure: Tenure, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = fitted(tenure, home)
    tenure(home, "scorecard", "promote", card, "--from", LATER, "--reason", "better",
           *terms(home, "1"))  # fmt: skip
    day = "2025-02-01"
    reads = iter([AS_OF, date.fromisoformat(day)] * 2)
    # The run ends between the first look and the lock.
    monkeypatch.setattr(develop, "told_through", lambda _: next(reads))
    for decision in (["promote", *terms(home, "1")], ["retire"]):
        said = tenure(
            home, "scorecard", *decision, card, "--from", day, "--reason", "late", status=1
        )
        assert f"{day} is published" in said
    assert [one.reason for one in read_decisions(home / "cards")][1:] == ["better"]


def test_a_bank_that_is_too_young_says_so(tenure: Tenure, bank_home: Home, ran: Ran) -> None:
    """By the marts that a run published, and the terms of the repository."""
    assert ran.succeeded, ran.failures
    for kind in KINDS:
        said = tenure(bank_home, "scorecard", "fit", kind, status=1)
        assert f"outcomes of 0 months are known of {kind} cards" in said


def test_what_another_version_published_is_told_apart(tenure: Tenure, home: Path) -> None:
    """A version before there were monitors, and one before monitors told their bounds."""
    brought_up = "written by another version of Tenure"
    assert brought_up in tenure(home, "scorecard", "monitor", status=1)
    (database,) = home.glob(f"published/versions/*/{DATABASE}")
    with duckdb.connect(database) as con:
        con.execute(
            "create table scorecard_monitor as select 'behavioural-x' as card, "
            "date '2024-12-01' as month, 'psi' as measure, null as feature, 0.1 as value, "
            "7 as customers, date '2024-12-01' as observed_month, null as low, null as high"
        )
    assert brought_up in tenure(home, "scorecard", "monitor", status=1)
    card = fitted(tenure, home)
    assert card in tenure(home, "scorecard", "list")


def test_a_home_without_cards(tenure: Tenure, tmp_path: Path) -> None:
    assert "No card yet" in tenure(tmp_path, "scorecard", "list")
