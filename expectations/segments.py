"""Segments: everybody judged once, every verdict follows from its measures, all counts add up."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.population import judged_once
from expectations.window import in_months
from orchestration.state import Window

# Shares are rounded to six decimals; a hundred segments (regions) can be off by half of that each.
SHARE_ROUNDING = 0.00005

# The verdict again from the measures and bounds that stand beside it: what an auditor would do.
RE_DERIVED = {
    "behaviour": "case when first_account_on is null or silent_months is null then 'potential' "
    "when accounts_open < 1 or silent_months >= lost_months then 'lost' "
    "when own_transactions >= frequent_count then 'frequent' else 'ordinary' end",
    "value_loyalty": "case when value_amount is null then 'not_measured' else "
    "case when coalesce(value_amount >= value_cut, false) then case when {loyal} then 'vip' else "
    "'potential' end else case when {loyal} then 'loyal' else 'ordinary' end end end".format(
        loyal="coalesce(tenure_months >= loyal_months, false) and classes_held >= loyal_classes"
    ),
    "preference": "case when deposit_share is null then 'none' "
    "when deposit_share >= deposit_heavy_share then 'deposit_heavy' "
    "when intermediary_share >= intermediary_heavy_share then 'intermediary_heavy' "
    "else 'balanced' end",
    "abc": "case when abc_amount is null then 'not_measured' when abc_amount <= 0 then 'c' "
    "when (abc_reading = 'literal' and abc_share >= abc_bound_a) "
    "or (abc_reading = 'cumulative' and abc_share < abc_bound_a) then 'a' "
    "when (abc_reading = 'literal' and abc_share >= abc_bound_b) "
    "or (abc_reading = 'cumulative' and abc_share < abc_bound_b) then 'b' else 'c' end",
    "satisfaction": "case when survey_average is null then 'not_measured' else "
    "['a', 'b', 'c'][least(3, case when survey_average >= satisfaction_bound_a then 1 "
    "when survey_average >= satisfaction_bound_b then 2 else 3 end "
    "+ case when complaints >= complaint_bound then 1 else 0 end)] end",
    "novelty": "case when first_account_on is null then 'potential' "
    "when accounts_open < 1 then 'former' when tenure_months < new_months then 'new' "
    "else 'existing' end",
}


def segment_probes(window: Window) -> list[Probe]:
    """The part of the marts gate that looks at segments of the months the window builds."""
    return [
        judged_once(window, "segment_month", "population_judged_once", "segment of each scheme"),
        _verdicts(window),
        _distribution(window),
        _penetration(window),
    ]


def _verdicts(window: Window) -> Probe:
    """One pass over the window's verdicts, each beside the bands and the group in force."""
    in_force = "{0}.valid_from <= d.judged_on and coalesce({0}.valid_to > d.judged_on, true)".format
    bands = (
        "select d.month, b.band, b.lower_bound, lead(b.lower_bound) over (partition by d.month "
        "order by b.lower_bound nulls first) as next_bound from days as d inner join "
        "policy.policy_segment_band as b on {} and b.scheme = '{}'"
    )
    follows = " and ".join(f"{scheme} = {sql}" for scheme, sql in RE_DERIVED.items())
    ctes = {
        "days": "select distinct month, judged_on from marts.segment_month "
        f"where {in_months('month', window)}",
        "ages": bands.format(in_force("b"), "age_band"),
        "incomes": bands.format(in_force("b"), "income_band"),
        "groups": "select d.month, g.income_band, g.is_insured, g.strategic_group from days as d "
        f"inner join policy.policy_segment_group as g on {in_force('g')}",
        "checked": f"select v.*, coalesce({follows}, false) as follows, "
        + _in_band("v.age_band", "a", "v.age_years", "v.age")
        + " and "
        + _in_band("v.income_band", "i", "v.household_income", "v.income")
        + " and v.strategic_group = coalesce(g.strategic_group, v.income_band) as in_policy "
        "from marts.segment_month as v "
        "left join ages as a on v.month = a.month and v.age_band = a.band "
        "left join incomes as i on v.month = i.month and v.income_band = i.band "
        "left join groups as g on v.month = g.month and v.income_band = g.income_band "
        f"and v.is_insured = g.is_insured where {in_months('v.month', window)}",
    }
    checks = (
        Check(
            "explanation_re_derives",
            "segment_month",
            "error",
            "wrong verdicts",
            "A verdict follows from the measures and bounds that stand beside it.",
            value="count(*) filter (not follows)",
            sample=f"select month, customer_key, {', '.join(RE_DERIVED)} from checked "
            "where not follows order by month, customer_key",
        ),
        Check(
            "bands_in_policy",
            "segment_month",
            "error",
            "wrong verdicts",
            "Bands of age and income, their bounds and the group that goes with them are those of "
            "the policies in force; whoever has no band is unknown or no person.",
            value="count(*) filter (not in_policy)",
            sample="select month, customer_key, age_band, age_years, income_band, "
            "household_income, is_insured, strategic_group from checked where not in_policy "
            "order by month, customer_key",
        ),
    )
    return Probe("checked", checks, ctes)


def _in_band(verdict: str, band: str, measure: str, prefix: str) -> str:
    """The bounds stated are the band's and hold the measure; or there is neither."""
    return (
        f"case when {measure} is null then {verdict} in ('unknown', 'not_a_person') else "
        f"{band}.band is not null "
        f"and {prefix}_lower_bound is not distinct from {band}.lower_bound "
        f"and {prefix}_next_bound is not distinct from {band}.next_bound "
        f"and coalesce({measure} >= {band}.lower_bound, true) "
        f"and coalesce({measure} < {band}.next_bound, true) end"
    )


def _distribution(window: Window) -> Probe:
    ctes = {
        "shown": "select month, scheme, sum(customers) as shown, sum(assets) as shown_assets, "
        f"sum(customer_share) as share from marts.segment_distribution "
        f"where {in_months('month', window)} group by month, scheme",
        "judged": "select month, count(*) as judged, sum(average_assets) as judged_assets "
        f"from marts.segment_month where {in_months('month', window)} group by month",
        "paired": "select month, scheme, coalesce(shown, 0) as shown, coalesce(judged, 0) as "
        "judged, coalesce(shown_assets, 0) as shown_assets, coalesce(judged_assets, 0) as "
        "judged_assets, coalesce(share, 0) as share from shown full outer join judged "
        "using (month)",
    }
    differs = "shown <> judged or shown_assets <> judged_assets"
    off = f"abs(share - 1) > {SHARE_ROUNDING:f}"
    checks = (
        Check(
            "distribution_adds_up",
            "segment_distribution",
            "error",
            "wrong schemes",
            "Per month and scheme, customers and assets of all segments, the unknown among them, "
            "are those of everybody judged.",
            value=f"count(*) filter ({differs})",
            sample=f"select * from paired where {differs} order by month, scheme",
        ),
        Check(
            "shares_add_to_one",
            "segment_distribution",
            "error",
            "wrong schemes",
            "The segments' shares of the customers add to 1, but for the sixth decimal.",
            value=f"count(*) filter ({off})",
            sample=f"select * from paired where {off} order by month, scheme",
        ),
    )
    return Probe("paired", checks, ctes)


def _penetration(window: Window) -> Probe:
    ctes = {
        "shown": "select month, income_band, customers, insured_customers, premium "
        f"from marts.segment_penetration where {in_months('month', window)}",
        "judged": "select month, income_band, count(*) as customers, "
        "count(*) filter (is_insured) as insured_customers, sum(insurance_premium) as premium "
        f"from marts.segment_month where {in_months('month', window)} group by month, income_band",
        "paired": "select month, income_band, coalesce(s.customers, 0) as shown, "
        "coalesce(j.customers, 0) as judged, coalesce(s.insured_customers, 0) as shown_insured, "
        "coalesce(j.insured_customers, 0) as judged_insured, coalesce(s.premium, 0) as "
        "shown_premium, coalesce(j.premium, 0) as judged_premium from judged as j "
        "full outer join shown as s using (month, income_band)",
    }
    differs = (
        "shown <> judged or shown_insured <> judged_insured or shown_premium <> judged_premium"
    )
    check = Check(
        "penetration_adds_up",
        "segment_penetration",
        "error",
        "wrong bands",
        "Customers, insured customers and premiums per income band are those of everybody judged.",
        value=f"count(*) filter ({differs})",
        sample=f"select * from paired where {differs} order by month, income_band",
    )
    return Probe("paired", (check,), ctes)
