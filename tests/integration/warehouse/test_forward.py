"""Forward value of a tiny bank, against a plain computation customer by customer."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from orchestration.forward.buyers import Buyers
from orchestration.forward.formula import MODELS, Formula
from orchestration.forward.store import last_good
from orchestration.state import ONE_DAY, Window
from tests.integration.warehouse.policied import gated, judge_under, write_policies
from tests.integration.warehouse.reading import Warehouse
from tests.integration.warehouse.test_contribution import shipped_tiers
from tests.support.compare import differences
from tests.support.home import Home
from tests.support.tiny_bank import DAYS, FIRST_DAY, LAST_DAY, TinyBank, day

pytestmark = pytest.mark.slow

TEST_MONTHS = 1
NUMBERS = {"least_months": (10, "count"), "test_months": (TEST_MONTHS, "months"),
           "margin_months": (2, "months"), "drift_share": (2, "share"),
           "agency_months": (1, "months")}  # fmt: skip
CENT = Decimal("0.01")
Rows = dict[tuple[Any, ...], dict[str, Any]]


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tests after a month, and fits of few customers, so that four months have both."""
    folder = tmp_path_factory.mktemp("policies") / "files"
    parameters = [
        {"parameter": f"forward_{name}", "value": value, "unit": unit}
        for name, (value, unit) in NUMBERS.items()
    ]
    write_policies(folder, shipped_tiers() | {"parameter": parameters})
    return folder


def valued(home: Home, policies: Path, *windows: Window) -> Home:
    """A home with forward value, in one window or several."""
    judge_under(home, policies, FIRST_DAY, LAST_DAY)
    for window in windows:
        home.bank.fit_models(window)
        gated(home, "fits", window)
        home.bank.build_layer("forward", window)
        gated(home, "forward", window)
    return home


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory, policies: Path) -> Home:
    home = Home(tmp_path_factory.mktemp("bank"), first_day=FIRST_DAY)
    home.land(TinyBank(34, customers=60).landing())
    home.run(FIRST_DAY, LAST_DAY, ["policy", "raw", "staging", "facts", "marts"])
    return valued(home, policies, Window(FIRST_DAY, LAST_DAY + ONE_DAY))


@pytest.fixture(scope="module")
def said(bank: Home) -> Iterator[Warehouse]:
    warehouse = Warehouse(bank.settings.warehouse_path, bank.settings.key_salt)
    yield warehouse
    warehouse.con.close()


def keyed(said: Warehouse, table: str, *keys: str) -> Rows:
    return {tuple(row[key] for key in keys): row for row in said.rows(f"select * from {table}")}


def near(found: Decimal, expected: float) -> bool:
    """Equal but for where a half cent is rounded to."""
    return abs(float(found) - expected) <= 0.0051 + 1e-9 * abs(expected)


def test_counts_are_those_of_the_customers(said: Warehouse) -> None:
    customers = keyed(said, "marts.int_forward_customers", "customer_key", "month")
    moves: dict[tuple[Any, ...], list[Decimal]] = defaultdict(list)
    stays: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for (customer, month), row in customers.items():
        before = customers.get((customer, month_before(month)))
        moves[month, before["state"] if before else "none", row["state"]].append(
            row["contribution"]
        )
        if before and before["population"] in ("account", "payments", "contract"):
            gone = row["population"] == "gone"
            stays[month, before["tenure_months"]][gone] += 1
    found = keyed(said, "marts.int_state_moves", "month", "state_before", "state")
    assert {key: (row["customers"], row["contribution"]) for key, row in found.items()} == {
        key: (len(brought), sum(brought)) for key, brought in moves.items()
    }
    tenures = keyed(said, "marts.int_tenure_moves", "month", "tenure_months")
    assert {key: [row["kept"], row["lost"]] for key, row in tenures.items()} == dict(stays)


def test_buyers_are_told_what_the_formula_in_force_says(said: Warehouse) -> None:
    """Of everybody with payments and without a contract, by numpy."""
    customers = keyed(said, "marts.int_forward_customers", "customer_key", "month")
    fits = [row for row in said.rows("select * from fits.model_fit") if row["is_good"]]
    values = keyed(said, "forward.int_forward_purchases", "customer_key", "month", "model")
    expected = 0
    for (customer, month), row in customers.items():
        for model in MODELS:
            known = [f for f in fits if f["model"] == model and f["month"] <= month]
            if not known or row["population"] != "payments":
                assert (customer, month, model) not in values
                continue
            expected += 1
            fit = max(known, key=lambda f: f["month"])
            value = values[customer, month, model]
            assert value["fitted_in"] == fit["month"]
            formula = last_good(said.con, model, month_after(fit["month"]))
            assert isinstance(formula, Formula)
            _assert_told(value, formula, row, fit)
    assert expected == len(values) > 0


def _assert_told(
    value: dict[str, Any], formula: Formula, row: dict[str, Any], fit: dict[str, Any]
) -> None:
    discount = (1 + float(fit["discount_rate"])) ** (-1 / 12)
    columns = ("purchase_days", "recency_days", "age_days", "spend")
    history = [np.array([float(row[name])]) for name in columns]
    buyers = Buyers(*history, np.ones(1), fit["horizon_months"], discount)
    far = formula.told(buyers, fit["horizon_months"], discount)
    close = formula.told(buyers, fit["test_months"], 1.0)
    assert value["alive"] == pytest.approx(formula.alive(buyers)[0], rel=1e-9)
    for prefix, told in (("", far), ("near_", close)):
        for name in ("expected", "error", "deviation"):
            found, wanted = value[prefix + name], getattr(told, name)[0]
            assert found == pytest.approx(wanted, rel=1e-9, abs=1e-12), prefix + name


def test_every_customer_is_told_what_the_fit_in_force_says(said: Warehouse) -> None:
    """One lookup a customer and model, by hand."""
    customers = keyed(said, "marts.int_forward_customers", "customer_key", "month")
    fits = [row for row in said.rows("select * from fits.model_fit") if row["is_good"]]
    points = keyed(said, "fits.model_point", "month", "model", "point")
    values = keyed(said, "forward.int_forward_values", "customer_key", "month", "model")
    expected = 0
    for (customer, month), row in customers.items():
        if row["population"] == "gone":
            continue
        for model in ("chain", "naive", "retention"):
            known = [
                fit["month"] for fit in fits if fit["model"] == model and fit["month"] <= month
            ]
            if not known or (model != "chain" and row["tenure_months"] is None):
                assert (customer, month, model) not in values
                continue
            expected += 1
            value = values[customer, month, model]
            name = {"chain": row["state"], "naive": "all"}.get(model, str(row["tenure_months"]))
            point = points.get((max(known), model, name)) or points[max(known), model, "unseen"]
            factor = float(row["margin"]) if point["is_per_margin"] else 1.0
            assert value["fitted_in"] == max(known)
            assert near(value["expected"], point["expected"] * factor)
            assert near(value["near_expected"], point["near_expected"] * factor)
            assert near(value["error"], point["error"] * abs(factor))
            assert near(value["near_deviation"], point["near_deviation"] * abs(factor))
    assert expected == len([key for key in values if key[2] not in MODELS]) > 0


def test_tests_hold_expectations_against_what_happened(said: Warehouse) -> None:
    values = said.rows("select * from forward.int_forward_values")
    statements = keyed(said, "marts.contribution_month", "customer_key", "month")
    tests: dict[tuple[Any, ...], list[tuple[float, float, float]]] = defaultdict(list)
    for row in values:
        end = statements.get((row["customer_key"], month_after(row["month"])))
        if end is None or not end["is_closed"]:
            continue
        happened, told = float(end["contribution"]), float(row["near_expected"])
        width = round(
            row["interval_quantile"]
            * math.hypot(float(row["near_error"]), float(row["near_deviation"])),
            2,
        )
        tests[end["month"], row["population"], row["model"]].append((told, happened, width))
    factors = _factors(tests, float(row["interval_share"]))
    kept = keyed(said, "forward.int_forward_factor", "month", "population", "model")
    assert set(kept) == set(factors)
    assert factors
    for key, (base, factor) in factors.items():
        assert float(kept[key]["interval_base"]) == pytest.approx(base, abs=1e-9)
        assert float(kept[key]["interval_factor"]) == pytest.approx(factor, abs=1.1e-6)
    found = keyed(said, "forward.forward_backtest", "month", "population", "model")
    assert set(found) == set(tests)
    for key, row in found.items():
        told, happened, widths = zip(*tests[key], strict=True)
        month, *which = key
        known = [place[0] for place in factors if place[0] < month and [*place[1:]] == which]
        base, factor = factors[max(known), *which] if known else (0.0, 1.0)
        assert float(row["interval_factor"]) == pytest.approx(factor, abs=1.1e-6)
        misses = [abs(one - other) for one, other in zip(told, happened, strict=True)]
        held = [
            miss <= round(factor * (width + base), 2) + 1e-9
            for miss, width in zip(misses, widths, strict=True)
        ]
        assert row["customers"] == len(told)
        assert near(row["expected"], sum(told))
        assert near(row["happened"], sum(happened))
        assert near(row["mean_absolute_error"], fmean(misses))
        assert near(row["root_mean_square_error"], math.sqrt(fmean(m * m for m in misses)))
        assert float(row["covered_share"]) == pytest.approx(fmean(held), abs=1e-6)
        if len(set(told)) > 1 and len(set(happened)) > 1:
            rank = float(spearmanr(told, happened).statistic)
            assert float(row["rank_correlation"]) == pytest.approx(rank, abs=1e-6)
        else:
            assert row["rank_correlation"] is None


def _factors(
    tests: dict[tuple[Any, ...], list[tuple[float, float, float]]], share: float
) -> dict[tuple[Any, ...], tuple[float, float]]:
    """Of each test the base, and how many widths hold the share of one more customer."""
    found = {}
    for key, rows in tests.items():
        if len(rows) >= 30:
            base = round(fmean(width for _, _, width in rows), 2)
            widths = sorted(
                round(abs(told - happened) / max(width + base, 0.01), 6)
                for told, happened, width in rows
            )
            place = math.ceil(round(share * (len(rows) + 1), 9))
            found[key] = base, widths[min(place, len(rows)) - 1]
    return found


def test_the_value_is_of_the_model_that_was_nearest(said: Warehouse) -> None:
    tests = said.rows("select * from forward.forward_backtest")
    values = keyed(said, "forward.int_forward_values", "customer_key", "month", "model")
    chosen = set()
    for row in said.rows("select * from forward.forward_month"):
        if row["population"] == "gone":
            assert (row["model"], row["forward_value"]) == ("none", 0)
            continue
        spoken = {
            model
            for customer, month, model in values
            if (customer, month) == (row["customer_key"], row["month"])
        }
        known = [
            test
            for test in tests
            if test["population"] == row["population"] and test["month"] <= row["month"]
        ]
        newest = [t for t in known if t["month"] == max(other["month"] for other in known)]
        wanted = "chain"
        if newest and row["policy_model"] == "best":
            wanted = min(newest, key=lambda t: (t["mean_absolute_error"], t["model"]))["model"]
        model = wanted if wanted in spoken else min(spoken, default="none")
        assert row["model"] == model
        if model != "none":
            assert (
                row["forward_value"] == values[row["customer_key"], row["month"], model]["expected"]
            )
            chosen.add(model)
    assert len(chosen) > 1


def test_one_window_or_many_give_the_same(bank: Home, policies: Path, tmp_path: Path) -> None:
    chance = random.Random(5)
    cuts = sorted(chance.sample(range(1, DAYS), 6))
    windows = [
        Window(day(first), day(end)) for first, end in zip([0, *cuts], [*cuts, DAYS], strict=True)
    ]
    other = Home(tmp_path / "other", first_day=FIRST_DAY)
    other.land(TinyBank(34, customers=60).landing())
    for window in windows:
        other.run(window.start, window.as_of, ["policy", "raw", "staging", "facts", "marts"])
        other.bank.fit_models(window)
        gated(other, "fits", window)
        other.bank.build_layer("forward", window)
        gated(other, "forward", window)
    valued(other, policies, windows[-1])
    tables = {
        f"forward.{name}": "true"
        for name in ("int_forward_values", "int_forward_purchases", "int_forward_factor",
                     "forward_month", "forward_backtest", "forward_calibration", "forward_fit",
                     "forward_parameter")
    }  # fmt: skip
    assert differences(bank, other, tables) == {}


def month_before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def month_after(month: date) -> date:
    return date(month.year + (month.month == 12), month.month % 12 + 1, 1)
