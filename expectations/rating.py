"""The corporate rating's part of the marts gate: every company once, and every grade follows."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.window import in_months, literal, month_before
from orchestration.state import Window

TABLE = "rating_month"
BLOCKS = {
    "quantitative": ("solvency", "result", "operation", "growth"),
    "qualitative": ("market", "management", "business", "standing", "prospects"),
}
KEY = "month, customer_key"
# Shares are rounded to six decimals; fifteen ratings can be off by half of that each.
SHARE_ROUNDING = 0.00001


def rating_probes(window: Window) -> list[Probe]:
    """Rows of the months that the window builds."""
    return [
        _population(window),
        _card(window),
        _sets(window),
        _grades(window),
        _actions(window),
        _distribution(window),
    ]


def _in_force(policy: str, day: str) -> str:
    return f"{policy}.valid_from <= {day} and coalesce({policy}.valid_to > {day}, true)"


def _wrong(name: str, table: str, unit: str, reason: str, where: str, sample: str) -> Check:
    """Rows of the probe's source that are wrong."""
    return Check(
        name,
        table,
        "error",
        unit,
        reason,
        value=f"count(*) filter ({where})",
        sample=f"select {sample} where {where} order by all",
    )


def _population(window: Window) -> Probe:
    """Companies of customer_month, whom another check holds to the facts, against ratings."""
    ctes = {
        "companies": "select customer_key, month from facts.fct_customer_month "
        f"where customer_type = 'corporate' and {in_months('month', window)}",
        "people": f"select c.{KEY.replace(', ', ', c.')}, c.rating, "
        "f.customer_key is not null as is_company from marts.customer_month as c "
        "left join companies as f on c.customer_key = f.customer_key and c.month = f.month "
        f"where {in_months('c.month', window)}",
        "rated": f"select {KEY}, max(rating) as rating, count(*) as ratings from marts.{TABLE} "
        f"where {in_months('month', window)} group by all",
        "paired": "select month, customer_key, p.rating as beside, r.rating, "
        "coalesce(r.ratings, 0) as ratings, coalesce(p.is_company, false) as is_company "
        f"from people as p full outer join rated as r using ({KEY})",
    }
    check = _wrong(
        "every_company_is_judged",
        TABLE,
        "wrong companies",
        "Every company of whom something is known has one rating a month, nobody else has one, and "
        "customer_month says the same.",
        "ratings <> cast(is_company as integer) "
        "or beside is distinct from coalesce(rating, 'not_a_company')",
        "* from paired",
    )
    return Probe("paired", (check,), ctes)


def _card(window: Window) -> Probe:
    """Rows of the card against the points beside the rating."""
    blocks = [name for names in BLOCKS.values() for name in names]
    sums = [f"coalesce(sum(points) filter (block = '{name}'), 0) as {name}" for name in blocks]
    sums += [f"coalesce(sum(points) filter (part = '{part}'), 0) as {part}" for part in BLOCKS]
    added = " and ".join(f"c.{name} = v.{name}_points" for name in (*blocks, *BLOCKS))
    ctes = {
        "card": f"select {KEY}, {', '.join(sums)}, sum(weighted_points) as total "
        f"from marts.rating_points where {in_months('month', window)} group by all",
        "paired": f"select {KEY}, v.total_points, c.total, coalesce({added} and "
        "(v.total_points is null or (v.total_points = c.total and v.total_points = "
        "v.quantitative_points * v.quantitative_weight "
        "+ v.qualitative_points * v.qualitative_weight)), false) as adds_up "
        f"from (from marts.{TABLE} where {in_months('month', window)}) as v "
        f"full outer join card as c using ({KEY})",
    }
    check = _wrong(
        "card_adds_up",
        "rating_points",
        "wrong cards",
        "Rows of the rating card add up to the points of their block, of both parts by their "
        "weights, and in all, without rounding.",
        "not adds_up",
        "* from paired",
    )
    return Probe("paired", (check,), ctes)


def _sets(window: Window) -> Probe:
    """Blocks of the quantitative part: one set each, with the weights of the policy in force."""
    ctes = {
        "days": f"select distinct month, judged_on from marts.{TABLE} "
        f"where {in_months('month', window)}",
        "policy_sets": "select d.month, i.block, i.indicator_set, count(*) as indicators, "
        "sum(i.weight) as weight from days as d inner join policy.policy_rating_indicator as i on "
        f"{_in_force('i', 'd.judged_on')} group by all",
        "answered": f"select {KEY}, block, min(applies_to) as indicator_set, "
        "max(applies_to) as other_set, count(*) as indicators, sum(weight) as weight "
        "from marts.rating_points where part = 'quantitative' and state <> 'scaled' "
        f"and {in_months('month', window)} group by all",
        "checked": "select a.*, coalesce(a.indicator_set = a.other_set "
        "and a.indicators = p.indicators and a.weight = p.weight, false) as is_one "
        "from answered as a left join policy_sets as p using (month, block, indicator_set)",
    }
    check = _wrong(
        "one_set_per_block",
        "rating_points",
        "wrong blocks",
        "A block is answered by its base set or by its alternative one, whole and never mixed: "
        "only so do weights come to the block's.",
        "not is_one",
        "* from checked",
    )
    return Probe("checked", (check,), ctes)


def _grades(window: Window) -> Probe:
    """Each rating beside the grades in force: points, override, knock-out, final grade."""
    ctes = {
        "days": "select distinct month, judged_on, bbb_split, "
        f"(select value from policy.policy_parameter as p where p.parameter = 'rating_override_up' "
        f"and {_in_force('p', 'judged_on')}) as up, (select value from policy.policy_parameter as "
        f"p where p.parameter = 'rating_override_down' and {_in_force('p', 'judged_on')}) as down "
        f"from marts.{TABLE} where {in_months('month', window)}",
        "grades": "select d.month, g.grade, g.lower_bound, d.up, d.down, m.default_probability, "
        "row_number() over (partition by d.month order by g.grade_rank) as notch, "
        "lead(g.lower_bound) over (partition by d.month order by g.grade_rank) as next_bound "
        f"from days as d inner join policy.policy_rating_grade as g on "
        f"{_in_force('g', 'd.judged_on')} and g.applies in ('always', "
        "case d.bbb_split when 'on' then 'split' else 'unsplit' end) "
        "left join policy.policy_rating_master_scale as m on g.grade = m.grade "
        f"and {_in_force('m', 'd.judged_on')}",
        # What an override asks for may be part of a grade in force, such as BBB+.
        "named": "select d.month, n.grade, max(coalesce(n.lower_bound, -1)) as bound from days as "
        f"d inner join policy.policy_rating_grade as n on {_in_force('n', 'd.judged_on')} "
        "group by all",
        "wanted": "select n.month, n.grade, g.notch from named as n inner join grades as g "
        "on n.month = g.month and n.bound >= coalesce(g.lower_bound, -1) "
        "and coalesce(n.bound < g.next_bound, true)",
        "checked": "select v.month, v.customer_key, v.total_points, v.model_grade, "
        "v.override_grade, v.knockout_grade, v.grade, "
        "coalesce(v.total_points is null or (v.total_points >= coalesce(m.lower_bound, -1) "
        "and coalesce(v.total_points < m.next_bound, true) "
        "and v.margin is not distinct from v.total_points - m.lower_bound "
        "and v.gap_to_next is not distinct from m.next_bound - v.total_points), false) "
        "and (v.status <> 'rated' or coalesce("
        "v.default_probability = f.default_probability and f.notch = least("
        "case when v.is_override then least(greatest(w.notch, m.notch - m.down), m.notch + m.up) "
        "else m.notch end, coalesce(k.notch, 99)) "
        "and v.is_override = (v.override_grade is not null), false)) as re_derives "
        f"from marts.{TABLE} as v "
        "left join grades as m on v.month = m.month and v.model_grade = m.grade "
        "left join grades as f on v.month = f.month and v.grade = f.grade "
        "left join wanted as w on v.month = w.month and v.override_grade = w.grade "
        "left join grades as k on v.month = k.month and v.knockout_grade = k.grade "
        f"where {in_months('v.month', window)}",
    }
    check = _wrong(
        "grade_re_derives",
        TABLE,
        "wrong grades",
        "The model's grade holds the points; an override moves it by as many notches as policy "
        "allows; what knocks out caps it; the grade's place on the master scale is beside it.",
        "not re_derives",
        "* from checked",
    )
    return Probe("checked", (check,), ctes)


def _actions(window: Window) -> Probe:
    """Ratings beside those of the month before; no rating is one like any other."""
    rows = (
        f"select {KEY}, grade, grade_rank, evidence_on, action, grade_before, valid_from, "
        f"judged_on from marts.{TABLE} where month >= {literal(month_before(window))} "
        f"and month < {literal(window.end)}"
    )
    ctes = {
        "ratings": rows,
        "checked": "select r.month, r.customer_key, b.grade as before, r.grade_before, r.grade, "
        "r.action, r.valid_from, r.grade_before is not distinct from b.grade and r.action = case "
        "when r.grade_rank is null and b.grade_rank is null then 'none' "
        "when r.grade_rank is null then 'withdrawn' when b.grade_rank is null then 'new' "
        "when r.grade_rank > b.grade_rank then 'up' when r.grade_rank < b.grade_rank then 'down' "
        "when r.evidence_on > b.evidence_on then 'affirmed' else 'none' end "
        "and r.valid_from is not distinct from case when r.grade is null then null "
        "when r.action = 'none' then b.valid_from else r.judged_on end as goes_on "
        "from ratings as r left join ratings as b on r.customer_key = b.customer_key "
        "and b.month = cast(r.month - interval 1 month as date) "
        f"where {in_months('r.month', window)}",
    }
    check = _wrong(
        "rating_goes_on",
        TABLE,
        "wrong actions",
        "What became of a rating follows from that of the month before, and the day it is valid "
        "from moves with it.",
        "not goes_on",
        "* from checked",
    )
    return Probe("checked", (check,), ctes)


def _distribution(window: Window) -> Probe:
    ctes = {
        "rated": f"select month, rating, count(*) as companies from marts.{TABLE} "
        f"where {in_months('month', window)} group by all",
        "spread": "select month, rating, companies as listed, company_share "
        f"from marts.rating_distribution where {in_months('month', window)}",
        "paired": "select month, rating, coalesce(companies, 0) as companies, "
        "coalesce(listed, 0) as listed, company_share "
        "from rated full outer join spread using (month, rating)",
        "shares": "select month, sum(company_share) as share from spread group by month",
    }
    checks = (
        _wrong(
            "distribution_adds_up",
            "rating_distribution",
            "wrong ratings",
            "Every rating has as many companies as were given it.",
            "companies <> listed",
            "* from paired",
        ),
        Check(
            "shares_add_to_one",
            "rating_distribution",
            "error",
            "share",
            "Shares of companies add up to 1, but for rounding.",
            value="(select coalesce(max(abs(share - 1)), 0) from shares)",
            high=SHARE_ROUNDING,
            failing=f"(select count(*) from shares where abs(share - 1) > {SHARE_ROUNDING})",
            sample=f"select * from shares where abs(share - 1) > {SHARE_ROUNDING} order by month",
        ),
    )
    return Probe("paired", checks, ctes)
