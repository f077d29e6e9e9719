"""What a customer is expected to bring, by which model: read from the published tables alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
from rich.console import Console

_AHEAD = """
    select population, model, policy_model, fitted_in, state, tenure_months, margin, margin_months,
        horizon_months, discount_rate, forward_value, value_low, value_high, interval_share,
        alive, expected_purchases, expected_spend
    from forward_month
    where customer_key = $key and judged_on <= $day
    order by month desc limit 1
"""
_PARAMETERS = """
    select parameter, value from forward_parameter
    where model = $model and month = $month order by parameter
"""
_TESTED = """
    select customers, aggregate_error, covered_share, origin, month from forward_backtest
    where model = $model and population = $population and judged_on <= $day
    order by month desc limit 1
"""


def print_ahead(con: duckdb.DuckDBPyConnection, key: int, day: date, console: Console) -> None:
    """Prints the forward value of the newest month up to a day: by which model, and how good that
    was when it was last tested."""
    cursor = con.execute(_AHEAD, {"key": key, "day": day})
    row = cursor.fetchone()
    if row is None:
        return
    found = dict(zip((column[0] for column in cursor.description or []), row, strict=True))
    console.print("\nForward value", style="bold")
    if found["model"] == "none":
        gone = found["population"] == "gone"
        console.print("0.00: the customer is gone." if gone else "No model has a good fit yet.")
        return
    for line in (_value(found), _model(con, found), _test(con, found, day)):
        console.print(line, highlight=False)


def _value(found: dict[str, Any]) -> str:
    return (
        "{forward_value:,.2f} over the next {horizon_months} months at a discount of "
        "{discount_rate:.2%} a year; with {interval_share:.0%} between {value_low:,.2f} and "
        "{value_high:,.2f}."
    ).format(**found)


def _model(con: duckdb.DuckDBPyConnection, found: dict[str, Any]) -> str:
    asked = {"model": found["model"], "month": found["fitted_in"]}
    parameters = con.execute(_PARAMETERS, asked).fetchall()
    given = ", ".join(f"{name} {number:.4g}" for name, number in parameters)
    paying = (
        "pays on with a probability of {alive:.1%}; {expected_purchases:,.1f} days of payments "
    )
    paying += "of {expected_spend:,.2f} each are expected"
    average = "{margin:,.2f} a month, the average of {margin_months}"
    stands = {
        "chain": "what customers bring who stand at {state}",
        "retention": average + ", by the odds of staying after {tenure_months} months",
        "naive": average + ", staying as everybody does",
        "beta_geometric": paying,
        "pareto": paying,
    }[found["model"]]
    fitted = "Model {model} (policy for {population}: {policy_model}), fitted in {fitted_in:%Y-%m}"
    return f"{fitted}{f' with {given}' if given else ''}: {stands}.".format(**found)


def _test(con: duckdb.DuckDBPyConnection, found: dict[str, Any], day: date) -> str:
    asked = {"model": found["model"], "population": found["population"], "day": day}
    tested = con.execute(_TESTED, asked).fetchone()
    if tested is None:
        return "Not tested yet: what was expected has not had the time to happen."
    customers, error, covered, origin, month = tested
    off = "nothing came" if error is None else f"{error:+.1%} off in all"
    return (
        f"Tested from the end of {origin:%Y-%m} to {month:%Y-%m} on {customers:,} customers: "
        f"{off}, {covered:.0%} in their interval."
    )
