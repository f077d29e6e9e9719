"""The star grade's part of the marts gate: everybody has one grade, and it follows."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.population import judged_once
from expectations.window import in_months, literal, month_before
from orchestration.state import Window

TABLE = "star_month"
DIMENSIONS = (
    "asset_size",
    "contribution",
    "risk_tolerance",
    "relationship_care",
    "loyalty_activity",
    "cooperation",
    "credit_record",
)
# One customer in so many is explained again: some twenty rows each, all made the same way.
EXPLAINED_AGAIN = 20
KEY = "month, customer_key"


def star_probes(window: Window) -> list[Probe]:
    """Rows of the months that the window builds."""
    return [
        judged_once(window, TABLE, "everybody_has_a_grade", "grade"),
        _grades(window),
        _continuing(window),
        _explained(window),
    ]


def _grades(window: Window) -> Probe:
    """One pass over the verdicts, each beside the policy of its two grades."""
    bands = (
        "select d.month, b.grade_rank, b.grade_code, b.lower_bound, b.lower_inclusive, "
        "lead(b.grade_code) over ranks as next_grade, "
        "lead(b.lower_bound) over ranks as next_bound, "
        "lead(b.lower_inclusive) over ranks as next_inclusive from days as d "
        "inner join policy.policy_star_band as b on b.valid_from <= d.judged_on "
        "and coalesce(b.valid_to > d.judged_on, true) "
        "window ranks as (partition by d.month order by b.grade_rank)"
    )
    weighted = " + ".join(f"v.{name}_weighted" for name in DIMENSIONS)
    weights = " + ".join(f"v.{name}_weight" for name in DIMENSIONS)
    ctes = {
        "days": f"select distinct month, judged_on from marts.{TABLE} "
        f"where {in_months('month', window)}",
        "bands": bands,
        "checked": "select v.month, v.customer_key, v.grade, v.points_grade, v.points, v.coverage, "
        "v.held_bound, v.margin, v.next_bound, v.gap_to_next, "
        f"coalesce({weighted} = v.points and {weights} = 1 and v.coverage between 0 and 1, false) "
        "as re_adds, "
        "coalesce(p.grade_code = v.points_grade and case when v.coverage = 0 "
        "then p.grade_rank = 1 and v.points = 0 else coalesce(v.points > p.lower_bound "
        "or (p.lower_inclusive and v.points = p.lower_bound), true) "
        "and coalesce(v.points < p.next_bound "
        "or (not p.next_inclusive and v.points = p.next_bound), true) end, false) as in_bounds, "
        "coalesce(h.grade_code = v.grade, false) "
        "and v.held_bound is not distinct from h.lower_bound "
        "and v.margin is not distinct from v.points - h.lower_bound "
        "and v.next_grade is not distinct from h.next_grade "
        "and v.next_bound is not distinct from h.next_bound "
        "and v.gap_to_next is not distinct from h.next_bound - v.points as in_policy "
        f"from marts.{TABLE} as v "
        "left join bands as p on v.month = p.month and v.points_rank = p.grade_rank "
        "left join bands as h on v.month = h.month and v.grade_rank = h.grade_rank "
        f"where {in_months('v.month', window)}",
    }

    def every(name: str, reason: str, holds: str, columns: str) -> Check:
        return Check(
            name,
            TABLE,
            "error",
            "wrong verdicts",
            reason,
            value=f"count(*) filter (not {holds})",
            sample=f"select {KEY}, {columns} from checked where not {holds} order by {KEY}",
        )

    checks = (
        every(
            "weighted_points_re_add",
            "The weighted points of the dimensions add up to the points, to the hundredth, and "
            "their weights to 1.",
            "re_adds",
            "points, coverage",
        ),
        every(
            "points_in_grade",
            "The grade of the points is the one whose bounds hold them under the policy of the "
            "day judged, and the lowest where nothing is measured.",
            "in_bounds",
            "points_grade, points, coverage",
        ),
        every(
            "grade_in_policy",
            "The grade held and the bounds stated with it are those of the policy in force, and "
            "bound, margin and gap re-add to the points.",
            "in_policy",
            "grade, points, held_bound, margin, next_bound, gap_to_next",
        ),
    )
    return Probe("checked", checks, ctes)


def _continuing(window: Window) -> Probe:
    before = literal(month_before(window))
    ctes = {
        "judged": "select customer_key, month, status, rank_before, grade_rank "
        f"from marts.{TABLE} where month >= {before} and month < {literal(window.end)}",
        "pairs": "select now.month, now.customer_key, now.rank_before, "
        "case when earlier.status <> 'not_rated' then earlier.grade_rank end as held_before "
        "from judged as now left join judged as earlier "
        "on now.customer_key = earlier.customer_key "
        "and now.month = cast(earlier.month + interval 1 month as date) "
        f"where {in_months('now.month', window)}",
    }
    differs = "rank_before is distinct from held_before"
    check = Check(
        "grade_goes_on",
        TABLE,
        "error",
        "torn histories",
        "A month goes on from the grade held at the end of the one before.",
        value=f"count(*) filter ({differs})",
        sample=f"select * from pairs where {differs} order by {KEY}",
    )
    return Probe("pairs", (check,), ctes)


def _explained(window: Window) -> Probe:
    def of(measure: str, column: str = "value") -> str:
        return f"max(case when measure = '{measure}' then {column} end)"

    names = ", ".join(f"'{name}'" for name in DIMENSIONS)
    ctes = {
        "told": f"select {KEY}, sum(case when measure in ({names}) then value end) as added_up, "
        f"{of('points')} as points, {of('rank_before')} as rank_before, "
        f"{of('points_rank')} as points_rank, {of('evaluation')} as evaluation, "
        f"{of('evaluations_below')} as below, {of('evaluations_below', 'bound')} as forgiven, "
        "bool_and(distance is not distinct from value - bound) as distances "
        "from marts.verdict_explanation where family = 'star_grade' "
        f"and {in_months('month', window)} and customer_key % {EXPLAINED_AGAIN} = 0 group by all",
        "derived": "select *, case when rank_before is null then points_rank "
        "when evaluation = 0 then rank_before "
        "when below = 0 or below > forgiven then points_rank else rank_before end as told_rank "
        "from told",
        "paired": f"select {KEY}, v.grade_rank, d.told_rank, v.points, d.added_up, d.distances "
        f"from (select {KEY}, grade_rank, points from marts.{TABLE} "
        f"where {in_months('month', window)} and customer_key % {EXPLAINED_AGAIN} = 0) as v "
        f"full outer join derived as d using ({KEY})",
    }
    wrong = "not coalesce(grade_rank = told_rank and points = added_up and distances, false)"
    check = Check(
        "star_explanation_re_derives",
        TABLE,
        "error",
        "wrong explanations",
        "The grade held follows from the rows that explain it, and their points add up.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from paired where {wrong} order by {KEY}",
    )
    return Probe("paired", (check,), ctes)
