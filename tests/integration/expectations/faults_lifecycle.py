"""One fault per check of the lifecycle."""

from __future__ import annotations

MARCH = "month = date '2024-03-01'"

LIFECYCLE = {
    "lifecycle_month.everybody_has_a_stage": (
        f"delete from marts.lifecycle_month where {MARCH} and customer_key % 20 = 0"
    ),
    "lifecycle_month.stage_re_derives": (
        f"update marts.lifecycle_month set own_transactions = -1 where {MARCH} "
        "and stage in ('growing', 'mature')"
    ),
    # Nobody declines in ten weeks: one who seems to has no evidence for what is said.
    "lifecycle_month.cause_re_derives": (
        "update marts.lifecycle_month set stage = 'declining', decline_cause = 'competitor', "
        f"decline_strategy = 'response' where {MARCH} and stage = 'growing'"
    ),
    "lifecycle_stage_month.stages_add_up": (
        "update marts.lifecycle_stage_month set customers = customers + 1 "
        f"where {MARCH} and stage = 'developing'"
    ),
    "lifecycle_dwell.leavers_are_timed": (
        "insert into marts.lifecycle_dwell values (date '2024-03-01', 'growing', 1, 2, 2)"
    ),
}
