"""Whom the families of verdicts judge: everybody known, each once (macro judged_population)."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.window import in_months
from orchestration.state import Window


def judged_once(window: Window, table: str, name: str, verdict: str) -> Probe:
    """Per month, `table` has one row for each customer of whom something is known, and no other.

    Both sides as a count and an order-free checksum of their keys: equal sums of hashes mean equal
    sets, without joining millions of verdicts.
    """
    count = "count(*) as customers, sum(hash(customer_key)) as keys"
    ctes = {
        "known": "select t.customer_key, t.month from facts.fct_customer_trail as t "
        "left join facts.fct_customer_month as f on t.customer_key = f.customer_key "
        f"and t.month = f.month and {in_months('f.month', window)} "
        f"where {in_months('t.month', window)} and t.customer_key <> 0 and ("
        "f.relationship_opened_on <= t.judged_on or t.first_account_on <= t.judged_on "
        "or t.first_lead_on <= t.judged_on)",
        "verdicts": f"select customer_key, month from marts.{table} "
        f"where {in_months('month', window)}",
        "expected": f"select month, {count} from known group by month",
        "judged": f"select month, {count} from verdicts group by month",
        "paired": "select month, coalesce(e.customers, 0) as expected, "
        "coalesce(j.customers, 0) as judged, e.keys is not distinct from j.keys as same_keys "
        "from expected as e full outer join judged as j using (month)",
        "astray": "select month, customer_key, sum(verdicts) as verdicts, "
        "sum(known) > 0 as is_known from ("
        "select month, customer_key, 0 as verdicts, 1 as known from known union all "
        "select month, customer_key, 1, 0 from verdicts) group by all "
        "having sum(verdicts) <> 1 or sum(known) = 0",
    }
    check = Check(
        name,
        table,
        "error",
        "wrong months",
        "Of whom a relationship, an account or a lead is known, exactly one "
        f"{verdict} is said per month: nobody left out, nobody else let in, nobody twice.",
        value="count(*) filter (expected <> judged or not same_keys)",
        failing="coalesce(sum(greatest(abs(expected - judged), "
        "case when same_keys then 0 else 1 end)), 0)",
        sample="select * from astray order by month, customer_key",
    )
    return Probe("paired", (check,), ctes)
