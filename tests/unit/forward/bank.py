"""Counts as the marts keep them, of a bank that is simulated from known odds."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np

from orchestration.forward.store import create_fits

FIRST = date(2022, 1, 1)
NUMBERS = {
    "horizon_months": "36", "test_months": "6", "window_months": "24", "margin_months": "12",
    "discount_rate": "0.08", "smoothing": "5", "least_months": "30", "interval_share": "0.9",
    "drift_share": "0.5", "fit_customers": "100000",
}  # fmt: skip
# Odds of staying, moving and leaving, and what a month brings.
ODDS = {"gold": {"gold": 0.9, "plain": 0.08, "gone": 0.02},
        "plain": {"gold": 0.05, "plain": 0.9, "gone": 0.05}}  # fmt: skip
MARGIN = {"gold": 20.0, "plain": -1.0}


def month(number: int) -> date:
    """The first day of a month of the bank, from 0."""
    return date(FIRST.year + number // 12, number % 12 + 1, 1)


def empty_bank() -> duckdb.DuckDBPyConnection:
    """Shipped numbers of policy and empty tables."""
    con = duckdb.connect()
    con.execute("create schema policy; create schema marts")
    con.execute(
        "create table policy.policy_parameter (parameter varchar, value decimal(18, 6), "
        "valid_from date, valid_to date)"
    )
    con.executemany(
        "insert into policy.policy_parameter values (?, ?, date '1990-01-01', null)",
        [[f"forward_{name}", value] for name, value in NUMBERS.items()],
    )
    con.execute(
        "create table marts.int_state_moves (month date, is_closed boolean, state_before varchar, "
        "state varchar, customers bigint, contribution decimal(28, 2), "
        "contribution_squares decimal(38, 4))"
    )
    con.execute(
        "create table marts.int_tenure_moves (month date, is_closed boolean, "
        "tenure_months integer, kept bigint, lost bigint, margin_squares decimal(38, 4), "
        "difference_squares decimal(38, 4))"
    )
    con.execute(
        "create table marts.int_forward_customers (customer_key bigint, month date, "
        "purchase_days bigint, recency_days integer, age_days integer, spend decimal(28, 2))"
    )
    con.execute(
        "create table marts.int_purchase_moves (month date, customers bigint, "
        "contribution decimal(28, 2), spend decimal(28, 2), contribution_squares decimal(38, 4), "
        "spend_squares decimal(38, 4), contribution_spend decimal(38, 4))"
    )
    create_fits(con)
    return con


def simulated(
    months: int, customers: int, seed: int = 1, margins: dict[int, float] | None = None
) -> duckdb.DuckDBPyConnection:
    """Customers who all begin as gold; `margins`: by what margins of a month are multiplied."""
    con, rng = empty_bank(), np.random.default_rng(seed)
    standing = {"gold": customers, "plain": 0}
    for number in range(1, months):
        factor = (margins or {}).get(number, 1.0)
        arriving = {"gold": 0, "plain": 0}
        lost = 0
        for before, count in standing.items():
            names = list(ODDS[before])
            drawn = rng.multinomial(count, [ODDS[before][name] for name in names])
            for name, went in zip(names, drawn.tolist(), strict=True):
                brought = 0.0 if name == "gone" else MARGIN[name] * factor
                con.execute(
                    "insert into marts.int_state_moves values (?, true, ?, ?, ?, ?, ?)",
                    [month(number), before, name, went, brought * went, brought**2 * went],
                )
                if name == "gone":
                    lost += went
                else:
                    arriving[name] += went
        kept = sum(arriving.values())
        con.execute(
            "insert into marts.int_tenure_moves values (?, true, ?, ?, ?, ?, ?)",
            [month(number), number - 1, kept, lost, kept, kept / 4],
        )
        standing = arriving
    return con
