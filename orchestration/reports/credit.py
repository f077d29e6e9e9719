"""Why somebody has a score, and may be lent to or not: read from the published tables alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
from rich.console import Console

from orchestration.credit.bins import plain
from orchestration.reports.tables import percent, table

_GATE = """
    select gate.month, may_lend, gate_reason, customer_type, days_past_due, past_due_days,
        gate.kind, gate.card, gate.score, gate.pd, most_pd, gate.rating, gate.policy_version,
        scores.grade, ratings.model_grade,
        gate_reason = 'passed' and ratings.model_rank < least_rank as is_lifted
    from credit_gate_month as gate
    left join credit_score_month as scores using (customer_key, month)
    left join rating_month as ratings using (customer_key, month)
    where gate.customer_key = $key and gate.judged_on <= $day
    order by gate.month desc limit 1
"""
_RATINGS = """
    select coalesce(rating, 'none'), companies, company_share, overrides, borrowers,
        expected_defaults
    from rating_distribution
    where month = (select max(month) from rating_distribution)
    order by grade_rank desc nulls last
"""
_LENDING = """
    select gate_reason || case when gate_reason = 'no_card' then ': ' || kind else '' end as reason,
        count(*) filter (customer_type = 'retail') as retail,
        count(*) filter (customer_type is distinct from 'retail') as others
    from credit_gate_month
    where month = (select max(month) from credit_gate_month)
    group by reason order by count(*) desc, reason
"""
_POINTS = """
    select feature, code, number, label, points, points_lost
    from scorecard_points
    where customer_key = $key and month = $month
    order by points_lost desc nulls first, feature
"""
_SCORED = {"application": "owe no loan and may ask for one", "behavioural": "owe a loan"}
_REASONS = {
    "in_default": "a loan is in default",
    "written_off": "a loan is written off",
    "no_relationship": "the customer has neither a relationship nor an account or loan",
    "minor": "the customer is a minor",
    "past_due": "{days_past_due} days past due, of {past_due_days} at which nothing is lent",
    "unknown_type": "it is not known whether the customer is a person or a company",
    "no_card": "no {kind} scorecard was in force, which is that of those who {whom}",
    "unseen_answer": "an answer was never seen by the scorecard",
    "beyond_cut_off": "the probability of default {pd:.2%} is above the {most_pd:.2%} of policy",
    "not_rated": "the company is not rated",
    "public_body": "a public body, of which there is no rating",
    "below_grade": "the rating {rating} is below the grade of policy",
    "passed": "nothing stands against it",
}


def print_lending(con: duckdb.DuckDBPyConnection, console: Console) -> None:
    """Prints companies by rating, and customers by what stands against lending to them."""
    rated = [
        (*told, percent(share), overrides, borrowers, _expected(expected))
        for *told, share, overrides, borrowers, expected in con.execute(_RATINGS).fetchall()
    ]
    if rated:
        columns = ["rating", "companies", "share", "overrides", "borrowers not in default",
                   "defaults expected of them in a year"]  # fmt: skip
        console.print(table("Ratings of companies", columns, rated, right=columns[2:]))
    reasons = con.execute(_LENDING).fetchall()
    console.print(table("Risk gate", ["what decides", "retail", "others"], reasons))
    for kind, whom in _SCORED.items():
        if any(reason == f"no_card: {kind}" for reason, *_ in reasons):
            console.print(
                f"  no_card: {kind}: no scorecard is in force of those who {whom}; "
                "docs/scorecard.md says how one comes about",
                highlight=False,
            )


def _expected(defaults: Decimal | None) -> str:
    return "" if defaults is None else f"{defaults:.2f}"


def print_credit(con: duckdb.DuckDBPyConnection, key: int, day: date, console: Console) -> None:
    """Prints the risk gate of the newest month up to a day, and the points behind a score."""
    cursor = con.execute(_GATE, {"key": key, "day": day})
    row = cursor.fetchone()
    if row is None:
        return
    found: dict[str, Any] = dict(
        zip((column[0] for column in cursor.description or []), row, strict=True)
    )
    console.print("\nCredit", style="bold")
    may = "A loan may be offered" if found["may_lend"] else "No loan may be offered"
    why = _REASONS[found["gate_reason"]].format(**found, whom=_SCORED.get(found["kind"]))
    console.print(f"{may}: {why} ({found['policy_version']}).", highlight=False)
    if found["is_lifted"]:
        console.print(
            f"An override opens it: {found['model_grade']}, the model's grade, is below the grade "
            "of policy.",
            highlight=False,
        )
    if found["card"] is None:
        return
    if found["score"] is not None:
        console.print(
            f"Score {found['score']} by {found['card']}: class {found['grade']}, probability of "
            f"default {found['pd']:.2%}.",
            highlight=False,
        )
    _print_points(con, key, found, console)


def _print_points(
    con: duckdb.DuckDBPyConnection, key: int, found: dict[str, Any], console: Console
) -> None:
    lines = con.execute(_POINTS, {"key": key, "month": found["month"]}).fetchall()
    rows = [
        (feature, _answer(code, number), label, points, lost)
        for feature, code, number, label, points, lost in lines
    ]
    if found["score"] is not None:
        total = ("score", "", "", *(sum(line[at] for line in lines) for at in (-2, -1)))
        rows.append(total)
    header = ["characteristic", "answer", "falls into", "points", "less than the best"]
    caption = (
        "characteristics: columns of credit_feature_month, described in "
        "dbt_project/models/marts/credit/credit_feature_month.yml"
    )
    console.print(table("Points, which add up to the score", header, rows, caption=caption))


def _answer(code: str | None, number: float | None) -> str:
    return code or ("not known" if number is None else plain(number))
