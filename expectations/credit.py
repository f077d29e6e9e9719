"""Retail credit's part of the marts gate: who is measured, and whose outcome is told."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.same_people import same_people
from expectations.window import in_months, months
from orchestration.state import Window

_KEY = "month, customer_key, kind"
_NUMBERS = ("performance_months", "bad_days", "indeterminate_days")


def credit_probes(window: Window) -> list[Probe]:
    """Rows of the months that the window builds."""
    retail = (
        "(select c.customer_key, c.month from marts.customer_month as c "
        "inner join facts.fct_customer_month as f using (customer_key, month) "
        f"where f.customer_type = 'retail' and {in_months('c.month', window)} "
        f"and {in_months('f.month', window)})"
    )
    return [
        same_people(
            window,
            "everybody_retail_is_measured",
            "marts.credit_feature_month",
            retail,
            "Every retail customer who is judged has one row of characteristics a month.",
        ),
        _observed(window),
        _outcomes(window),
    ]


def _terms(window: Window) -> dict[str, str]:
    """The window's closed months with the numbers of policy in force at their ends."""
    numbers = ", ".join(
        f"max(p.value) filter (p.parameter = 'scorecard_{name}') as {name}" for name in _NUMBERS
    )
    return {
        "days": f"select month, judged_on from ({months(window)}) where is_closed",
        "numbers": f"select d.month, {numbers} from days as d left join policy.policy_parameter as "
        "p on p.valid_from <= d.judged_on and coalesce(p.valid_to > d.judged_on, true) "
        "group by d.month",
        "terms": "select *, cast(month - to_months(cast(performance_months as integer)) as date) "
        "as observed_month from numbers",
    }


def _observed(window: Window) -> Probe:
    counted = "count(*) as customers, sum(hash(customer_key)) as keys"
    ctes = {
        **_terms(window),
        "there": f"select t.month, {counted} from marts.credit_feature_month as f inner join terms "
        "as t on f.month = t.observed_month where f.population = 'behavioural' group by all",
        "here": f"select month, {counted} from marts.credit_outcome_month "
        f"where kind = 'behavioural' and {in_months('month', window)} group by all",
        "paired": "select month, coalesce(t.customers, 0) as observed, "
        "coalesce(h.customers, 0) as told, h.keys is not distinct from t.keys as same_keys "
        "from there as t full outer join here as h using (month)",
    }
    wrong = "observed <> told or not same_keys"
    check = Check(
        "everybody_observed_is_told_of",
        "credit_outcome_month",
        "error",
        "wrong months",
        "Of everybody who had a running loan when the window of performance began, the month that "
        "closes it tells how they paid: leaving some out would flatter every card.",
        value=f"count(*) filter ({wrong})",
        failing=f"coalesce(sum(greatest(abs(observed - told), 1)) filter ({wrong}), 0)",
        sample=f"select * from paired where {wrong} order by month",
    )
    return Probe("paired", (check,), ctes)


def _outcomes(window: Window) -> Probe:
    said = (
        "case when o.is_default or o.worst_days >= t.bad_days then 'bad' "
        "when o.worst_days >= t.indeterminate_days then 'indeterminate' "
        "when o.observations > 0 or o.is_repaid then 'good' else 'excluded' end"
    )
    ctes = {
        **_terms(window),
        "told": f"select o.month, o.customer_key, o.kind, o.outcome, {said} as follows, "
        "o.observed_month is not distinct from t.observed_month as is_in_time "
        "from marts.credit_outcome_month as o left join terms as t using (month) "
        f"where {in_months('o.month', window)}",
    }
    wrong = "outcome is distinct from follows or not is_in_time"
    check = Check(
        "outcome_follows",
        "credit_outcome_month",
        "error",
        "wrong outcomes",
        "An outcome follows from days past due, the default flag and the policy in force, after "
        "the months of performance that policy asks for.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from told where {wrong} order by {_KEY}",
    )
    return Probe("told", (check,), ctes)
