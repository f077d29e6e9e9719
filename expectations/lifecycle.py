"""The lifecycle's part of the marts gate: everybody has one stage, and it follows."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.window import first_month, literal
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
        _population(window),
        _stages(window),
        _causes(window),
        _added_up(window),
        _dwell(window),
    ]


def _built(column: str, window: Window) -> str:
    return f"({column} >= {literal(first_month(window))} and {column} < {literal(window.end)})"


def _population(window: Window) -> Probe:
    """Both sides as a count and an order-free checksum of their keys, as of tiers."""
    count = "count(*) as customers, sum(hash(customer_key)) as keys"
    ctes = {
        "known": "select t.customer_key, t.month from facts.fct_customer_trail as t "
        "left join facts.fct_customer_month as f on t.customer_key = f.customer_key "
        f"and t.month = f.month where {_built('t.month', window)} and t.customer_key <> 0 and ("
        "f.relationship_opened_on <= t.judged_on or t.first_account_on <= t.judged_on "
        "or t.first_lead_on <= t.judged_on)",
        "verdicts": "select customer_key, month from marts.lifecycle_month "
        f"where {_built('month', window)}",
        "expected": f"select month, {count} from known group by all",
        "judged": f"select month, {count} from verdicts group by all",
        "paired": "select month, coalesce(e.customers, 0) as expected, "
        "coalesce(j.customers, 0) as judged, e.keys is not distinct from j.keys as same_keys "
        "from expected as e full outer join judged as j using (month)",
        "astray": "select month, customer_key, count(v.month) as verdicts, "
        "count(k.month) > 0 as is_known from (select * from known union select * from verdicts) "
        "left join (select *, 1 as one from verdicts) as v using (customer_key, month) "
        "left join known as k using (customer_key, month) group by all "
        "having count(v.one) <> 1 or count(k.month) = 0",
    }
    check = Check(
        "everybody_has_a_stage",
        "lifecycle_month",
        "error",
        "wrong months",
        "Per month, those with a stage are exactly the customers of whom a relationship, an "
        "account or a lead is known, each once.",
        value="count(*) filter (expected <> judged or not same_keys)",
        failing="coalesce(sum(greatest(abs(expected - judged), "
        "case when same_keys then 0 else 1 end)), 0)",
        sample="select * from astray order by month, customer_key",
    )
    return Probe("paired", (check,), ctes)


def _stages(window: Window) -> Probe:
    ctes = {
        "derived": f"select customer_key, month, stage, {_STAGE} as follows "
        f"from marts.lifecycle_month where {_built('month', window)}",
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
        f"and {_SHOWS} where v.stage = 'declining' and {_built('v.month', window)} group by all",
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
        f"where {_built('month', window)} group by all",
        "shown": "select month, stage, customers, assets, profit from marts.lifecycle_stage_month "
        f"where {_built('month', window)}",
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
        f"where family = 'stage' and {_built('month', window)}",
        "gone": "select month, from_verdict as stage, sum(customers) as customers from moves "
        "where from_verdict <> 'entered' and from_verdict <> to_verdict group by all",
        "timed": "select month, stage, customers from marts.lifecycle_dwell "
        f"where {_built('month', window)}",
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
