"""Why a customer is graded so on a day: read from the published tables alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.errors import TenureError
from orchestration.keys import surrogate_key
from orchestration.publish.reader import open_published
from orchestration.reports.ahead import print_ahead
from orchestration.reports.credit import print_credit
from orchestration.reports.rating import print_rating
from orchestration.reports.tables import amounts, table
from orchestration.reports.value import print_value
from orchestration.reports.verdicts import print_verdicts
from orchestration.settings import Settings


class UnknownCustomer(TenureError):
    """Nobody of that number is in the published version."""


_IN_FORCE = """
    select
        held.scheme_code, held.tier, held.valid_from,
        case when ended.judged_on <= $day then held.valid_to - 1 end
    from tier_history as held
    left join tier_changes as ended
        on
            held.scheme_code = ended.scheme_code
            and held.customer_key = ended.customer_key
            and held.valid_to = ended.takes_effect_on
    where held.customer_key = $key and held.valid_from <= $day
        and (held.valid_to is null or held.valid_to > $day)
"""
_VERDICTS = """
    select scheme_code, judged_on, policy_version, explanation, month
    from tier_explanation
    where customer_key = ? and judged_on <= ?
    qualify row_number() over (partition by scheme_code order by month desc) = 1
    order by scheme_code
"""
_ANYBODY = """
    select customer_key from dim_customer where customer_key = $key
    union all
    select customer_key from customer_month where customer_key = $key
"""
# The first step is in the explanation already.
_GRACE = """
    select reason from verdict_explanation
    where customer_key = ? and family = ? and month = ? and step > 1
    order by step
"""
_MONTHS = """
    select strftime(month, '%Y-%m') || if(is_closed, '', ' so far'), measure_amount,
        measured_tier, tier_before, tier, change, months_below
    from tier_month
    where customer_key = ? and scheme_code = ? and judged_on <= ?
    qualify row_number() over (order by month desc) <= ?
    order by month
"""
_BETWEEN_JUDGEMENTS = (
    "Months are judged when they end. What the running month looked like on that day is not kept; "
    "the judgements before it are:"
)
_RESTATED = """
    select scheme_code, strftime(month, '%Y-%m'), measure_then, measure_now, tier_then, tier_now
    from tier_restatement where customer_key = ? and month <= ? order by scheme_code, month
"""


def explain(
    settings: Settings, customer: str, as_of: date | None, months: int, console: Console
) -> None:
    """Prints the tiers in force on a day with the judgements behind them, and all other verdicts.

    `customer` is the bank's own number or the surrogate key.
    """
    with open_published(settings.published_dir) as con:
        key = find_customer(con, settings, customer)
        newest = _scalar(con, "select max(as_of) from published_version")
        day = as_of or newest
        if day > newest:
            raise UnknownCustomer(
                f"the published version speaks as of {newest}: ask for a day up to it, or run "
                "later days first"
            )
        name = customer if customer == str(key) else f"{customer} (key {key})"
        console.print(f"Customer {name} on {day}", highlight=False)
        held = con.execute(_IN_FORCE, {"key": key, "day": day}).fetchall()
        in_force = {scheme: _period(*period) for scheme, *period in held}
        verdicts = con.execute(_VERDICTS, [key, day]).fetchall()
        left_on, _ = _known(con, key)
        if left_on is not None and left_on <= day:
            console.print(f"Left the bank on {left_on}: verdicts are those before it.")
        if not verdicts:
            console.print(_no_tier(con, key), highlight=False)
        elif day < newest and day > max(judged_on for _, judged_on, *_ in verdicts):
            console.print(_BETWEEN_JUDGEMENTS, highlight=False)
        for scheme, judged_on, policy, explanation, month in verdicts:
            said = in_force.get(scheme, "no tier on that day")
            console.print(f"\n{scheme}: {said}", style="bold", highlight=False)
            console.print(
                f"Judged on {judged_on} under policy {policy}: {amounts(explanation)}",
                highlight=False,
            )
            for (reason,) in con.execute(_GRACE, [key, scheme, month]).fetchall():
                console.print(f"  {reason}", highlight=False)
            console.print(_judgements(con.execute(_MONTHS, [key, scheme, day, months]).fetchall()))
        print_verdicts(con, key, day, months, console)
        print_rating(con, key, day, console)
        print_value(con, key, day, console)
        print_ahead(con, key, day, console)
        print_credit(con, key, day, console)
        restated = con.execute(_RESTATED, [key, day]).fetchall()
        if restated and day == newest:
            console.print(
                table(
                    f"Measured otherwise with what is known on {newest}",
                    ["scheme", "month", "measured then", "now", "tier then", "now"],
                    restated,
                )
            )


def _no_tier(con: duckdb.DuckDBPyConnection, key: int) -> str:
    _, kind = _known(con, key)
    graded = con.execute(
        "select distinct customer_type from dim_customer "
        "where customer_key in (select customer_key from tier_month) order by 1"
    ).fetchall()
    types = [name for (name,) in graded]
    if kind is None:
        return "No tier: the bank has not delivered who this customer is."
    if kind in types:
        return "No tier: no scheme had judged this customer by that day."
    return f"No tier: the schemes grade {' and '.join(types)} customers, and this one is {kind}."


def _known(con: duckdb.DuckDBPyConnection, key: int) -> tuple[date | None, str | None]:
    """Day of leaving and type; neither of whom only accounts, loans and the like are known."""
    found: tuple[date | None, str | None] | None = con.execute(
        "select closed_on, customer_type from dim_customer where customer_key = ?", [key]
    ).fetchone()
    return found or (None, None)


def _period(tier: str, first: date, last: date | None) -> str:
    return f"{tier} from {first}" + (f", last day {last}" if last else "")


def _judgements(months: list[tuple[object, ...]]) -> Table:
    return table(
        f"The last {len(months)} judgement(s)",
        ["month", "measure", "measures as", "before", "after", "change", "months below"],
        months,
    )


def find_customer(con: duckdb.DuckDBPyConnection, settings: Settings, customer: str) -> int:
    """The surrogate key of a bank's number, or of a key given as such."""
    candidates = [surrogate_key("customer", customer, settings.key_salt)]
    if customer.isascii() and customer.isdigit():
        candidates.append(int(customer))
    for key in candidates:
        if con.execute(_ANYBODY, {"key": key}).fetchone():
            return key
    raise UnknownCustomer(
        f"no customer {customer!r} in the published version: give the bank's own number or the key"
    )


def _scalar(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    row = con.execute(query).fetchone()
    assert row is not None
    return row[0]
