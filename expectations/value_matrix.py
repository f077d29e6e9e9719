"""The value matrix's part of the marts gate: everybody has one cell, and it follows."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.population import judged_once
from expectations.window import in_months
from orchestration.state import Window

TABLE = "value_matrix_month"
AXES = {
    "current": ("asset_business", "liability_business", "intermediary_service"),
    "cost": ("acquisition", "maintenance"),
    "potential": ("products", "mobile", "financial_assets"),
}
INDICATORS = tuple(name for names in AXES.values() for name in names)
# One customer in so many is explained again: some twenty rows each, all made the same way.
EXPLAINED_AGAIN = 20
KEY = "month, customer_key"
CELL = (
    "case when {current} and {potential} then 'optimal' when {potential} then 'suboptimal' "
    "when {current} then 'general' else 'low_value' end"
)


def value_matrix_probes(window: Window) -> list[Probe]:
    """Rows of the months that the window builds."""
    return [
        judged_once(window, TABLE, "everybody_has_a_cell", "cell"),
        _cells(window),
        _explained(window),
    ]


def _high(axis: str, row: str = "v.", on_cut: str = "v.on_cut_choice = 'high'") -> str:
    score, cut = f"{row}{axis}_score", f"{row}{axis}_cut"
    return f"({row}{axis}_coverage > 0 and ({score} > {cut} or ({on_cut} and {score} = {cut})))"


def _cells(window: Window) -> Probe:
    """One pass over the verdicts, each beside the policy of its month."""
    rules = ", ".join(
        f"max(case when i.indicator = '{name}' then i.{column} end) as {name}_{column}"
        for name in INDICATORS
        for column in ("measure", "full_at", "weight")
    )
    numbers = ", ".join(
        f"max(case when p.parameter = 'value_{name}' then p.value end) as {name}"
        for name in ("current_cut", "potential_cut", "months")
    )
    choices = ", ".join(
        f"max(case when s.switch = 'value_{name}' then s.choice end) as {name}"
        for name in ("on_cut", "missing")
    )
    in_force = "{0}.valid_from <= d.judged_on and coalesce({0}.valid_to > d.judged_on, true)"
    added = {
        axis: " + ".join(f"v.{name}_weighted" for name in names) for axis, names in AXES.items()
    }
    covered = " and ".join(
        f"v.{axis}_coverage = "
        + " + ".join(
            f"case when v.{name}_value is null then 0 else v.{name}_weight end" for name in names
        )
        for axis, names in AXES.items()
    )
    of_policy = " and ".join(
        f"v.{name}_measure is not distinct from r.{name}_measure "
        f"and v.{name}_full is not distinct from r.{name}_full_at "
        f"and v.{name}_weight = coalesce(r.{name}_weight, 0)"
        for name in INDICATORS
    )
    ctes = {
        "days": f"select distinct month, judged_on from marts.{TABLE} "
        f"where {in_months('month', window)}",
        "rules": f"select d.month, {rules} from days as d left join policy.policy_value_indicator "
        f"as i on {in_force.format('i')} group by d.month",
        "numbers": f"select d.month, {numbers} from days as d left join policy.policy_parameter "
        f"as p on {in_force.format('p')} group by d.month",
        "choices": f"select d.month, {choices} from days as d left join policy.policy_switch "
        f"as s on {in_force.format('s')} group by d.month",
        "checked": f"select v.{KEY.replace(', ', ', v.')}, v.cell, v.current_points, "
        "v.cost_points, v.current_score, v.potential_score, v.current_cut, v.potential_cut, "
        f"coalesce({added['current']} = v.current_points and {added['cost']} = v.cost_points "
        "and v.current_points - v.cost_points = v.current_score "
        f"and {added['potential']} = v.potential_score and {covered}, false) as re_adds, "
        f"coalesce(v.cell = {CELL.format(current=_high('current'), potential=_high('potential'))} "
        "and v.current_distance = v.current_score - v.current_cut "
        "and v.potential_distance = v.potential_score - v.potential_cut, false) as re_derives, "
        f"coalesce({of_policy} and v.current_cut = n.current_cut "
        "and v.potential_cut = n.potential_cut and v.value_months = n.months "
        "and v.on_cut_choice = c.on_cut and v.missing_choice = c.missing, false) as in_policy "
        f"from marts.{TABLE} as v left join rules as r on v.month = r.month "
        "left join numbers as n on v.month = n.month left join choices as c on v.month = c.month "
        f"where {in_months('v.month', window)}",
    }

    def every(name: str, reason: str, holds: str) -> Check:
        return Check(
            name,
            TABLE,
            "error",
            "wrong verdicts",
            reason,
            value=f"count(*) filter (not {holds})",
            sample=f"select {KEY}, cell, current_points, cost_points, current_score, "
            "potential_score, current_cut, potential_cut from checked "
            f"where not {holds} order by {KEY}",
        )

    checks = (
        every(
            "scores_re_add",
            "The weighted points of indicators add up to those of their axis, to the hundredth, "
            "cost is taken off current value, and weights of what is measured are the coverage.",
            "re_adds",
        ),
        every(
            "cell_re_derives",
            "The cell follows from both scores, their cuts and the choice for who lies on one; "
            "an axis of which nothing is measured is low.",
            "re_derives",
        ),
        every(
            "cell_in_policy",
            "Measures, full amounts, weights, cuts and choices beside a cell are those of the "
            "policy in force.",
            "in_policy",
        ),
    )
    return Probe("checked", checks, ctes)


def _explained(window: Window) -> Probe:
    """From the long table alone: indicators add up to the scores, and scores lead to the cell."""

    def of(measure: str, column: str = "value") -> str:
        return f"max(case when measure = '{measure}' then {column} end)"

    def added(axis: str) -> str:
        names = ", ".join(f"'{name}'" for name in AXES[axis])
        return f"coalesce(sum(case when measure in ({names}) then value end), 0)"

    seen = f"{in_months('month', window)} and customer_key % {EXPLAINED_AGAIN} = 0"
    cell = CELL.format(
        current=_high("current", "", "on_cut"), potential=_high("potential", "", "on_cut")
    )
    ctes = {
        "told": f"select {KEY}, {added('current')} - {added('cost')} as current_added, "
        f"{added('potential')} as potential_added, "
        f"{of('current_points')} - {of('cost_points')} as current_difference, "
        + ", ".join(
            f"{of(f'{axis}_score')} as {axis}_score, {of(f'{axis}_score', 'bound')} as {axis}_cut, "
            f"{of(f'{axis}_coverage')} as {axis}_coverage"
            for axis in ("current", "potential")
        )
        + ", bool_and(distance is not distinct from value - bound) as distances "
        f"from marts.verdict_explanation where family = 'value_cell' and {seen} group by all",
        "judged": f"select {KEY}, cell, on_cut_choice = 'high' as on_cut from marts.{TABLE} "
        f"where {seen}",
        "paired": f"select {KEY}, cell, {cell} as told_cell, current_score, current_added, "
        "current_difference, potential_score, potential_added, distances "
        f"from judged full outer join told using ({KEY})",
    }
    wrong = (
        "not coalesce(cell = told_cell and current_score = current_added "
        "and current_score = current_difference and potential_score = potential_added "
        "and distances, false)"
    )
    check = Check(
        "cell_explanation_re_derives",
        TABLE,
        "error",
        "wrong explanations",
        "The cell follows from the rows that explain it, and their points add up.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from paired where {wrong} order by {KEY}",
    )
    return Probe("paired", (check,), ctes)
