"""Two tables that speak of the same customers, month by month."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.window import in_months
from orchestration.state import Window


def same_people(window: Window, name: str, table: str, other: str, reason: str) -> Probe:
    """`table` has the customers of `other`, each once; both as schema.table.

    Counts and an order-free checksum of keys: equal sums of hashes mean equal sets.
    """
    counted = (
        "select month, count(*) as customers, sum(hash(customer_key)) as keys from {} "
        f"where {in_months('month', window)} group by month"
    )
    ctes = {
        "here": counted.format(table),
        "there": counted.format(other),
        "paired": "select month, coalesce(h.customers, 0) as here, "
        "coalesce(t.customers, 0) as there, h.keys is not distinct from t.keys as same_keys "
        "from here as h full outer join there as t using (month)",
    }
    wrong = "here <> there or not same_keys"
    check = Check(
        name,
        table.partition(".")[2],
        "error",
        "wrong months",
        reason,
        value=f"count(*) filter ({wrong})",
        failing=f"coalesce(sum(greatest(abs(here - there), 1)) filter ({wrong}), 0)",
        sample=f"select * from paired where {wrong} order by month",
    )
    return Probe("paired", (check,), ctes)
