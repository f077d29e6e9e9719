"""Forward value: everybody has one, in its interval, and tests say how much it is worth."""

from __future__ import annotations

import duckdb

from expectations.check import Check, Probe
from expectations.same_people import same_people
from expectations.scores import score_probes
from expectations.window import in_months
from orchestration.settings import Settings
from orchestration.state import Window

# Of fewer customers a share says little of how well intervals hold.
ENOUGH_CUSTOMERS = 200
# By how much the share of customers in their intervals may miss what was promised.
COVERAGE_TOLERANCE = 0.1


def probes(con: duckdb.DuckDBPyConnection, window: Window, settings: Settings) -> list[Probe]:
    """The gate of forward value: rows of the months that the window builds."""
    del con, settings
    return [
        same_people(
            window,
            "everybody_has_a_row",
            "forward.forward_month",
            "marts.int_forward_customers",
            "Everybody who is judged has a row of forward value, also who is gone.",
        ),
        _values(window),
        _coverage(window),
        _tenths(window),
        *score_probes(window),
    ]


def _values(window: Window) -> Probe:
    ctes = {
        "valued": f"select * from forward.forward_month where {in_months('month', window)}",
        "said": "select customer_key, month, model, expected from forward.int_forward_values "
        f"where {in_months('month', window)}",
        "beside": "select v.*, s.expected as said from valued as v left join said as s "
        "using (customer_key, month, model)",
    }
    outside = "forward_value not between value_low and value_high"
    other = "population <> 'gone' and forward_value is distinct from said"
    without = (
        "population <> 'gone' and forward_value is null "
        "and month >= (select min(month) from fits.model_point)"
    )
    show = "customer_key, month, population, model, forward_value"
    unlikely = "not coalesce(alive between 0 and 1 and expected_purchases >= 0, true)"
    checks = (
        Check(
            "chances_are_shares",
            "forward_month",
            "error",
            "customer months",
            "The probability that a customer still pays is a share, and no purchases are negative.",
            value=f"count(*) filter ({unlikely})",
            sample=f"select {show}, alive, expected_purchases from beside where {unlikely} "
            "order by month, customer_key",
        ),
        Check(
            "values_lie_in_their_interval",
            "forward_month",
            "error",
            "customer months",
            "A value lies in its own interval.",
            value=f"count(*) filter ({outside})",
            sample=f"select {show}, value_low, value_high from beside where {outside} "
            "order by month, customer_key",
        ),
        Check(
            "values_are_the_models",
            "forward_month",
            "error",
            "customer months",
            "A value is what the model named beside it says.",
            value=f"count(*) filter ({other})",
            sample=f"select {show}, said from beside where {other} order by month, customer_key",
        ),
        Check(
            "nobody_is_without_value",
            "forward_month",
            "warn",
            "customer months",
            "Once a model that has points for everybody is fitted well, everybody has a value; "
            "models of purchases speak of payers alone.",
            value=f"count(*) filter ({without})",
            sample=f"select {show} from beside where {without} order by month, customer_key",
        ),
    )
    return Probe("beside", checks, ctes)


def _coverage(window: Window) -> Probe:
    ctes = {
        "tests": "select month, origin, population, model, customers, interval_share, "
        f"covered_share from forward.forward_backtest where {in_months('month', window)} "
        f"and customers >= {ENOUGH_CUSTOMERS}",
    }
    off = f"abs(covered_share - interval_share) > {COVERAGE_TOLERANCE}"
    check = Check(
        "intervals_hold",
        "forward_backtest",
        "warn",
        "tests",
        f"What happened lies in the interval as often as promised, to {COVERAGE_TOLERANCE:.0%}.",
        value=f"count(*) filter ({off})",
        sample=f"select * from tests where {off} order by month, population, model",
    )
    return Probe("tests", (check,), ctes)


def _tenths(window: Window) -> Probe:
    """The calibration's parts hold the customers, expectations and outcomes of the test."""
    ctes = {
        "parts": "select month, population, model, sum(customers) as customers, "
        "sum(expected) as expected, sum(happened) as happened from forward.forward_calibration "
        f"where {in_months('month', window)} group by all",
        "wholes": "select month, population, model, customers, expected, happened "
        f"from forward.forward_backtest where {in_months('month', window)}",
        "differing": "(select * from parts except select * from wholes) union all "
        "(select * from wholes except select * from parts)",
    }
    check = Check(
        "tenths_add_up",
        "forward_calibration",
        "error",
        "tests",
        "Tenths of a test add up to the test.",
        value="count(*)",
        sample="select * from differing order by month, population, model",
    )
    return Probe("differing", (check,), ctes)
