"""Why a customer is graded so on a day: read from the published tables alone."""

from __future__ import annotations

from datetime import date

import duckdb
from rich.console import Console

from orchestration.errors import TenureError
from orchestration.keys import surrogate_key
from orchestration.publish.reader import open_published
from orchestration.reports.tables import table
from orchestration.settings import Settings


class UnknownCustomer(TenureError):
    """Nobody of that number is in the published version."""


_IN_FORCE = """
    select
        history.scheme_code, history.tier, history.valid_from, history.valid_to,
        history.policy_version
    from tier_history as history
    where history.customer_key = ? and history.valid_from <= ?
        and (history.valid_to is null or history.valid_to > ?)
    order by history.scheme_code
"""
_VERDICTS = """
    select scheme_code, judged_on, explanation
    from tier_explanation
    where customer_key = ? and judged_on <= ?
    qualify row_number() over (partition by scheme_code order by month desc) = 1
    order by scheme_code
"""
_MONTHS = """
    select
        scheme_code, month, measure_amount, measured_tier, tier_before, tier, change,
        months_below, policy_version
    from tier_month
    where customer_key = ? and judged_on <= ?
    qualify row_number() over (partition by scheme_code order by month desc) <= ?
    order by scheme_code, month
"""
_RESTATED = """
    select scheme_code, month, measure_then, measure_now, tier_then, tier_now
    from tier_restatement where customer_key = ? and month <= ? order by scheme_code, month
"""


def explain(
    settings: Settings, customer: str, as_of: date | None, months: int, console: Console
) -> None:
    """Prints the tiers in force on a day, the judgements behind them and the last months.

    `customer` is the bank's own number or the surrogate key.
    """
    with open_published(settings.published_dir) as con:
        key = find_customer(con, settings, customer)
        newest = _scalar(con, "select max(as_of) from published_version")
        day = as_of or newest
        if day > newest:
            raise UnknownCustomer(
                f"the published version speaks as of {newest}: run `tenure run --date {day}` first"
            )
        console.print(f"Customer {customer} (key {key}) on {day}")
        in_force = con.execute(_IN_FORCE, [key, day, day]).fetchall()
        if not in_force:
            console.print("No tier was in force on that day: the first judgement is a month end.")
        else:
            console.print(
                table(
                    "Tiers in force",
                    ["scheme", "tier", "since", "until", "policy"],
                    in_force,
                )
            )
        for scheme, judged_on, explanation in con.execute(_VERDICTS, [key, day]).fetchall():
            console.print(f"[bold]{scheme}[/] as judged on {judged_on}: {explanation}")
        console.print(
            table(
                f"The last {months} judgements",
                [
                    "scheme",
                    "month",
                    "measure",
                    "measures as",
                    "before",
                    "after",
                    "change",
                    "months below",
                    "policy",
                ],
                con.execute(_MONTHS, [key, day, months]).fetchall(),
            )
        )
        restated = con.execute(_RESTATED, [key, day]).fetchall()
        if restated:
            console.print(
                table(
                    f"What is known on {newest} would judge differently or measure otherwise",
                    ["scheme", "month", "measured then", "now", "tier then", "now"],
                    restated,
                )
            )


def find_customer(con: duckdb.DuckDBPyConnection, settings: Settings, customer: str) -> int:
    """The surrogate key of a bank's number, or of a key given as such."""
    candidates = [surrogate_key("customer", customer, settings.key_salt)]
    if customer.isdigit():
        candidates.append(int(customer))
    for key in candidates:
        found = con.execute("select 1 from dim_customer where customer_key = ?", [key]).fetchone()
        if found:
            return key
    raise UnknownCustomer(
        f"no customer {customer!r} in the published version: give the bank's own number or the key"
    )


def _scalar(con: duckdb.DuckDBPyConnection, query: str) -> date:
    row = con.execute(query).fetchone()
    assert row is not None
    value: date = row[0]
    return value
