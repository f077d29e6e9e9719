"""The marts gate's part of concentration: curves end, shares add up, tiers are all customers."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.window import in_months
from orchestration.state import Window

# Shares are rounded at six decimals; so many of them may differ from 1 by half of the last each.
ROUNDED = "0.0000005"


def concentration_probes(window: Window) -> list[Probe]:
    """Rows of the months that the window builds."""
    return [_curve(window), _concentration(window), _pareto(window), _tiers(window)]


def _brought(window: Window) -> str:
    """Per month and horizon, everybody and what all of them brought: statements alone.

    Lifetime values are differences of what was added up; nobody's statements ever end.
    """
    horizons = " union all ".join(
        f"select month, '{horizon}' as horizon, customers, so_far, "
        f"cast(month - to_months({horizon}_months) as date) as starts_after from ends"
        for horizon in ("short", "middle", "long")
    )
    return (
        "with ends as (select month, count(*) as customers, sum(contribution) as brought, "
        "sum(total_income - total_cost) as so_far, max(short_months) as short_months, "
        "max(middle_months) as middle_months, max(long_months) as long_months "
        f"from marts.contribution_month where {in_months('month', window)} group by month), "
        f"horizons as ({horizons}), "
        "starts as (select month as starts_after, sum(total_income - total_cost) as before "
        "from marts.contribution_month where month in (select starts_after from horizons) "
        "group by month) "
        "select month, 'month' as horizon, customers, brought from ends union all "
        "select month, horizon, customers, so_far - coalesce(before, 0) from horizons "
        "left join starts using (starts_after)"
    )


def _curve(window: Window) -> Probe:
    ctes = {
        "points": "select *, lag(customers) over along as customers_before, "
        "lag(contribution) over along as contribution_before, "
        "lag(least_contribution) over along as least_before "
        f"from marts.contribution_whale where {in_months('month', window)} "
        "window along as (partition by month, horizon order by step)",
        "ends": "select month, horizon, max(step) as step, max(customers) as customers, "
        "max_by(contribution, step) as contribution, "
        "max_by(contribution_share, step) as contribution_share, "
        "count(*) filter (customers <= customers_before or least_contribution >= least_before "
        "or contribution - contribution_before > (customers - customers_before) * least_before "
        "or contribution - contribution_before < (customers - customers_before) "
        "* least_contribution) as bent from points group by month, horizon",
        "everybody": _brought(window),
        "paired": "select month, horizon, step, e.customers, contribution, contribution_share, "
        "bent, w.customers as everybody, w.brought from ends as e "
        "full outer join everybody as w using (month, horizon)",
    }
    wrong = (
        "(step is distinct from 100 or customers is distinct from everybody "
        "or contribution is distinct from brought or bent > 0 "
        "or contribution_share is distinct from case when brought > 0 then 1 end)"
    )
    check = Check(
        "curve_ends_at_the_bank",
        "contribution_whale",
        "error",
        "curves",
        "The whale curve goes from the best customer down and ends with everybody, who bring what "
        "the bank earns: 100 %.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from paired where {wrong} order by month, horizon",
    )
    return Probe("paired", (check,), ctes)


def _concentration(window: Window) -> Probe:
    ctes = {
        "everybody": _brought(window),
        "said": "select * from marts.contribution_concentration "
        f"where {in_months('month', window)}",
        "paired": "select month, horizon, s.customers, contribution, gained, lost, "
        "losing_customers, best_customers, bulk_customers, gini, herfindahl, "
        "w.customers as everybody, w.brought "
        "from said as s full outer join everybody as w using (month, horizon)",
    }
    wrong = (
        "(customers is distinct from everybody or contribution is distinct from brought "
        "or gained - lost is distinct from brought or losing_customers > customers "
        "or best_customers > customers or bulk_customers > customers "
        "or not coalesce(gini between 0 and 1, true) "
        "or not coalesce(herfindahl between 0 and 1, true))"
    )
    check = Check(
        "concentration_is_the_banks",
        "contribution_concentration",
        "error",
        "months and horizons",
        "What is concentrated is what all customers brought, gains less losses.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from paired where {wrong} order by month, horizon",
    )
    return Probe("paired", (check,), ctes)


def _pareto(window: Window) -> Probe:
    ctes = {
        "statements": "select month, sum(contribution) as brought "
        f"from marts.contribution_month where {in_months('month', window)} group by month "
        "having count(*) filter (income <> 0 or cost <> 0) > 0",
        "named": "select unnest(['branch', 'product_class']) as dimension",
        "members": "select month, dimension, count(*) as members, "
        "sum(contribution) as contribution, sum(share) as shares, "
        "max_by(cumulative_contribution, place) as at_the_end, "
        "max_by(cumulative_share, place) as share_at_the_end "
        f"from marts.contribution_pareto where {in_months('month', window)} group by all",
        "paired": "select month, dimension, brought, members, contribution, shares, at_the_end, "
        "share_at_the_end from statements cross join named "
        "left join members using (month, dimension)",
    }
    wrong = (
        "(contribution is distinct from brought or at_the_end is distinct from brought "
        "or share_at_the_end is distinct from case when brought > 0 then 1 end "
        f"or abs(shares - 1) > members * {ROUNDED})"
    )
    check = Check(
        "pareto_adds_up",
        "contribution_pareto",
        "error",
        "dimensions and months",
        "Branches and classes of products bring together what the bank earns, and their shares "
        "add up to 100 %.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from paired where {wrong} order by month, dimension",
    )
    return Probe("paired", (check,), ctes)


def _tiers(window: Window) -> Probe:
    """The month itself to the cent; the other horizons by the customers they are of."""
    ctes = {
        "judged": "select scheme_code, month, count(*) as judged, sum(income) as earned, "
        "sum(cost) as spent, sum(fixed_cost) as fixed_spent "
        "from marts.tier_month inner join marts.contribution_month "
        f"using (customer_key, month) where {in_months('month', window)} group by all",
        "said": "select scheme_code, month, horizon, sum(customers) as customers, "
        "sum(income) as income, sum(cost) as cost, sum(variable_cost) as variable_cost, "
        "sum(fixed_cost) as fixed_cost, sum(left_for_fixed_cost) as left_for_fixed_cost, "
        "sum(contribution) as contribution "
        f"from marts.tier_cost_return where {in_months('month', window)} group by all",
        "named": "select unnest(['month', 'short', 'middle', 'long']) as horizon",
        "paired": "select scheme_code, month, horizon, judged, customers, earned, income, spent, "
        "cost, fixed_spent, variable_cost, fixed_cost, left_for_fixed_cost, contribution "
        "from judged cross join named "
        "full outer join said using (scheme_code, month, horizon)",
    }
    wrong = (
        "(customers is distinct from judged or contribution is distinct from income - cost "
        "or variable_cost is distinct from cost - fixed_cost "
        "or left_for_fixed_cost is distinct from contribution + fixed_cost "
        "or horizon = 'month' and (income is distinct from earned or cost is distinct from spent "
        "or fixed_cost is distinct from fixed_spent))"
    )
    check = Check(
        "tiers_return_adds_up",
        "tier_cost_return",
        "error",
        "schemes, months and horizons",
        "The tiers of a scheme hold everybody it judges, and bring and cost what they do; variable "
        "and fixed cost re-add.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from paired where {wrong} order by scheme_code, month, horizon",
    )
    return Probe("paired", (check,), ctes)
