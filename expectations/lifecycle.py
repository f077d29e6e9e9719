"""The lifecycle's part of the marts gate: everybody has one stage, and it follows."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.population import judged_once
from expectations.window import in_months
from orchestration.state import Window

# The rules a second time, from the columns that a verdict is published with.
_STAGE = """case
    when active_in is null then 'prospect'
    when months_silent >= silent_months_bound and unsettled = 0 then 'terminated'
    when reactivated_in = month then 'developing'
    when accounts_open = 0 or notice_ends_on is not null or months_fallen >= fall_months_bound
        then 'declining'
    when own_transactions < repeat_count_bound
        or not coalesce(profit > 0, profit_missing_choice = 'ignore') then 'developing'
    when months_stable >= stable_months_bound
        and coalesce(wallet_share >= wallet_share_bound, wallet_missing_choice = 'ignore')
        then 'mature'
    else 'growing' end"""
_SHOWS = """coalesce(case p.cause
    when 'sudden_outflow'
        then v.decline_assets >= v.top_assets_bound and v.largest_outflow >= v.outflow_share_bound
    when 'bank_side'
        then v.complaints >= v.complaints_bound or coalesce(v.fee_share >= v.fee_share_bound, false)
            or v.unmet_interests >= v.unmet_interests_bound
    when 'competitor'
        then coalesce(v.competitor_outflow >= v.competitor_share_bound, false)
            or v.matured_deposits = 1
    when 'own_circumstances'
        then v.ended_incomes = 1 or v.days_past_due >= v.past_due_days_bound
            or v.loans_in_default > 0
    when 'negative_value' then v.profit < 0 and v.debt = 0
    when 'unknown' then true end, false)"""


def lifecycle_probes(window: Window) -> list[Probe]:
    """Rows of the months that the window builds."""
    return [
        judged_once(window, "lifecycle_month", "everybody_has_a_stage", "stage"),
        _stages(window),
        _causes(window),
        _added_up(window),
        _dwell(window),
    ]


def _stages(window: Window) -> Probe:
    ctes = {
        "derived": f"select customer_key, month, stage, {_STAGE} as follows "
        f"from marts.lifecycle_month where {in_months('month', window)}",
    }
    check = Check(
        "stage_re_derives",
        "lifecycle_month",
        "error",
        "wrong stages",
        "A stage explains itself: it follows from the measures and bounds that stand beside it.",
        value="count(*) filter (stage is distinct from follows)",
        sample="select * from derived where stage is distinct from follows "
        "order by month, customer_key",
    )
    return Probe("derived", (check,), ctes)


def _causes(window: Window) -> Probe:
    ctes = {
        "derived": "select v.customer_key, v.month, v.decline_cause, v.decline_strategy, "
        "arg_min(p.cause, p.precedence) as follows, arg_min(p.strategy, p.precedence) as strategy "
        "from marts.lifecycle_month as v left join policy.policy_decline_cause as p "
        "on p.valid_from <= v.judged_on and coalesce(p.valid_to > v.judged_on, true) "
        f"and {_SHOWS} where v.stage = 'declining' and {in_months('v.month', window)} group by all",
    }
    differs = "decline_cause is distinct from follows or decline_strategy is distinct from strategy"
    check = Check(
        "cause_re_derives",
        "lifecycle_month",
        "error",
        "wrong causes",
        "The cause of a decline is the first by precedence of those its evidence shows, and the "
        "strategy is that cause's.",
        value=f"count(*) filter ({differs})",
        sample=f"select * from derived where {differs} order by month, customer_key",
    )
    return Probe("derived", (check,), ctes)


def _added_up(window: Window) -> Probe:
    sums = "count(*) as customers, sum(assets) as assets, sum(income) - sum(cost) as profit"
    ctes = {
        "judged": f"select month, stage, {sums} from marts.lifecycle_month "
        f"where {in_months('month', window)} group by all",
        "shown": "select month, stage, customers, assets, profit from marts.lifecycle_stage_month "
        f"where {in_months('month', window)}",
        "paired": "select month, stage, coalesce(j.customers, 0) as judged, "
        "coalesce(s.customers, 0) as shown, coalesce(j.assets, 0) = coalesce(s.assets, 0) "
        "and coalesce(j.profit, 0) = coalesce(s.profit, 0) as same_amounts "
        "from judged as j full outer join shown as s using (month, stage)",
    }
    differs = "judged <> shown or not same_amounts"
    check = Check(
        "stages_add_up",
        "lifecycle_stage_month",
        "error",
        "wrong stages",
        "Customers, assets and profit per stage are those of the verdicts, and so add up to the "
        "population.",
        value=f"count(*) filter ({differs})",
        sample=f"select * from paired where {differs} order by month, stage",
    )
    return Probe("paired", (check,), ctes)


def _dwell(window: Window) -> Probe:
    left = {
        "moves": "select * from marts.verdict_movement "
        f"where family = 'stage' and {in_months('month', window)}",
        "gone": "select month, from_verdict as stage, sum(customers) as customers from moves "
        "where from_verdict <> 'entered' and from_verdict <> to_verdict group by all",
        "timed": "select month, stage, customers from marts.lifecycle_dwell "
        f"where {in_months('month', window)}",
        "leavers": "select month, stage, coalesce(g.customers, 0) as gone, "
        "coalesce(t.customers, 0) as timed from gone as g full outer join timed as t "
        "using (month, stage)",
    }
    timed = Check(
        "leavers_are_timed",
        "lifecycle_dwell",
        "error",
        "wrong stages",
        "Whoever leaves a stage counts once in how long customers stay there.",
        value="count(*) filter (gone <> timed)",
        sample="select * from leavers where gone <> timed order by month, stage",
    )
    return Probe("leavers", (timed,), left)
