"""Retail credit of a tiny bank: every characteristic and outcome, and scores as months go by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cards.decisions import FILE
from orchestration.cli import app
from orchestration.credit.errors import BadCard
from orchestration.errors import StepFailed
from orchestration.state import ONE_DAY, Window
from tests.integration.warehouse.policied import gated, judge_under, write_policies
from tests.integration.warehouse.reading import Warehouse, differences
from tests.integration.warehouse.test_contribution import shipped_tiers
from tests.reference import credit
from tests.reference.bank import ReferenceBank
from tests.reference.policies import Policies
from tests.support.cards import both_kinds, crown
from tests.support.compare import differences as between
from tests.support.home import Home
from tests.support.tiny_bank import FIRST_DAY, LAST_DAY, TinyBank

pytestmark = pytest.mark.slow

# So short that four months tell of some outcomes.
NUMBERS = {"performance_months": (1, "months"), "short_months": (1, "months"),
           "middle_months": (2, "months"), "long_months": (3, "months"),
           "bad_days": (40, "days"), "indeterminate_days": (20, "days")}  # fmt: skip
CROWNED = date(2024, 2, 20)
LATER = date(2024, 4, 2)
EVERYTHING = Window(FIRST_DAY, LAST_DAY + ONE_DAY)


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("policies") / "files"
    parameters = [
        {"parameter": f"scorecard_{name}", "value": value, "unit": unit}
        for name, (value, unit) in NUMBERS.items()
    ]
    write_policies(folder, shipped_tiers() | {"parameter": parameters})
    return folder


def judged(path: Path, policies: Path) -> Home:
    """A home with cards of both kinds from late February on, judged up to the marts."""
    home = Home(path, first_day=FIRST_DAY)
    home.land(TinyBank(34, customers=60).landing())
    for card in both_kinds(CROWNED):
        crown(home.settings.cards_dir, card, CROWNED)
    home.run(FIRST_DAY, LAST_DAY, ["policy", "raw", "staging", "facts", "marts"])
    judge_under(home, policies, FIRST_DAY, LAST_DAY)
    return home


def scored(home: Home, *windows: Window) -> None:
    """Fits, scores and what follows from them, in these windows."""
    for window in windows:
        for layer in ("fits", "forward"):
            if layer == "fits":
                home.bank.fit_models(window)
            else:
                home.bank.build_layer(layer, window)
            gated(home, layer, window)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory, policies: Path) -> Home:
    home = judged(tmp_path_factory.mktemp("bank"), policies)
    scored(home, EVERYTHING)
    return home


@pytest.fixture(scope="module")
def said(bank: Home) -> Iterator[Warehouse]:
    warehouse = Warehouse(bank.settings.warehouse_path, bank.settings.key_salt)
    yield warehouse
    warehouse.con.close()


@pytest.fixture(scope="module")
def reference(said: Warehouse, policies: Path) -> ReferenceBank:
    return ReferenceBank(said.deliveries(), Policies.read(policies), FIRST_DAY, LAST_DAY)


def test_every_characteristic(said: Warehouse, reference: ReferenceBank) -> None:
    expected = credit.features(reference)
    found = said.table("marts.credit_feature_month", "customer_key", "month")
    assert differences(found, expected) == []
    assert {row["population"] for row in expected.values()} == {
        "behavioural", "application", "none",
    }  # fmt: skip


def test_every_outcome(said: Warehouse, reference: ReferenceBank) -> None:
    expected = credit.outcomes(reference)
    found = said.table("marts.credit_outcome_month", "customer_key", "month", "kind")
    assert differences(found, expected) == []
    assert {"good", "bad"} <= {row["outcome"] for row in expected.values()}


def test_nobody_is_scored_before_a_card_is_in_force(said: Warehouse) -> None:
    months = said.rows(
        "select kind, min(month) as first_month, count(*) as scores from fits.credit_score "
        "group by kind order by kind"
    )
    assert [(row["kind"], row["first_month"]) for row in months] == [
        ("application", date(2024, 2, 1)), ("behavioural", date(2024, 2, 1)),
    ]  # fmt: skip
    before = said.rows(
        "select distinct gate_reason from forward.credit_gate_month "
        "where month < date '2024-02-01' and customer_type = 'retail' and may_lend"
    )
    assert before == []


def test_points_add_up_to_every_score(said: Warehouse) -> None:
    wrong = said.rows(
        "select customer_key, month from forward.credit_score_month left join ("
        "select customer_key, month, sum(points) as points, count(*) filter (points is null) as "
        "without from forward.scorecard_points group by all) using (customer_key, month) "
        "where card is not null and case when score is null then without = 0 "
        "else without > 0 or points <> score end"
    )
    assert wrong == []


def test_people_are_shown_why_and_how_cards_do(bank: Home, said: Warehouse, tmp_path: Path) -> None:
    bank.bank.publish()
    home = ["--home", str(bank.settings.home)]
    [scored] = said.rows(
        "select customer_key, score, card from forward.credit_score_month "
        "where month = (select max(month) from forward.credit_score_month) and score is not null "
        "order by all limit 1"
    )
    told = CliRunner().invoke(app, ["explain", str(scored["customer_key"]), *home])
    assert told.exit_code == 0, told.output
    assert f"Score {scored['score']} by" in told.output
    assert "may be offered" in told.output
    picture = tmp_path / "card.svg"
    asked = ["scorecard", "monitor", scored["card"], "--svg", str(picture), *home]
    watched = CliRunner().invoke(app, asked)
    assert watched.exit_code == 0, watched.output
    assert "2024-02" in watched.output
    assert picture.read_text().startswith("<svg")
    unknown = CliRunner().invoke(app, ["scorecard", "monitor", "nothing", *home])
    assert unknown.exit_code != 0


def test_months_one_by_one_and_a_later_card_change_nothing_before(
    bank: Home, policies: Path, tmp_path: Path
) -> None:
    """Run day by day at the end, and with another champion from April on."""
    home = judged(tmp_path / "other", policies)
    cuts = [date(2024, 2, 1), date(2024, 3, 15), LAST_DAY - timedelta(days=1)]
    ends = [*cuts[1:], EVERYTHING.end]
    scored(home, Window(FIRST_DAY, EVERYTHING.end))
    scored(home, *(Window(start, end) for start, end in zip(cuts, ends, strict=True)))
    assert between(bank, home) == {}
    basis = home.bank.basis("fits")
    for card in both_kinds(LATER, "hand-2", more=5):
        crown(home.settings.cards_dir, card, LATER)
    assert home.bank.basis("fits") != basis
    with pytest.raises(StepFailed, match="changed since scores were made"):
        home.bank.build_layer("forward", EVERYTHING)
    newest = Window(LAST_DAY, EVERYTHING.end)
    assert home.bank.fit_models(newest)[0].start == LATER
    gated(home, "fits", newest)
    assert home.bank.build_layer("forward", newest).window.start == LATER
    gated(home, "forward", newest)
    tables = ("fits.credit_score", "forward.credit_score_month", "forward.credit_gate_month")
    assert between(bank, home, dict.fromkeys(tables, f"month < date '{LATER:%Y-%m}-01'")) == {}
    assert set(between(bank, home, dict.fromkeys(tables, f"month >= date '{LATER:%Y-%m}-01'"))) == {
        *tables
    }
    decisions = home.settings.cards_dir / FILE
    for lines in (decisions.read_text("utf-8").splitlines(keepends=True)[:-1], []):
        decisions.unlink()
        if lines:
            decisions.write_text("".join(lines), "utf-8")
        with pytest.raises(BadCard, match=r"by which scores were made .* restore"):
            home.bank.fit_models(EVERYTHING)
