"""One fault per check of retail credit. The toy's outcomes are planted: it is too short for any."""

from __future__ import annotations

MARCH = "month = date '2024-03-01'"
_OUTCOME = (
    "insert into marts.credit_outcome_month by name select customer_key, date '2024-03-01' as "
    "month, date '2024-03-15' as judged_on, 'behavioural' as kind, month as observed_month, "
    "judged_on as observed_on, 1 as observations, 99 as worst_days, false as is_default, "
    "false as is_repaid, 90 as bad_days, 30 as indeterminate_days, 'scorecard@1990-01-01' as "
    "policy_version, '{outcome}' as outcome from marts.credit_feature_month "
    "where month = date '2024-02-01' and population = 'behavioural'"
)

CREDIT = {
    "credit_feature_month.everybody_retail_is_measured": (
        f"delete from marts.credit_feature_month where {MARCH} and customer_key % 20 = 0"
    ),
    "credit_outcome_month.everybody_observed_is_told_of": _OUTCOME.format(outcome="bad"),
    "credit_outcome_month.outcome_follows": _OUTCOME.format(outcome="good"),
}
SCORES = {
    "credit_score.everybody_asked_is_scored_by_the_champion": (
        f"update fits.credit_score set card = 'another' where {MARCH} and customer_key % 20 = 0"
    ),
    "credit_score.scores_are_within_reach": (
        f"update fits.credit_score set score = 9999 where {MARCH} and customer_key % 20 = 0"
    ),
}
_MONITOR = (
    "insert into fits.scorecard_monitor by name select * from (values {rows}) as planted "
    "(measure, value) cross join (select date '2024-03-01' as month, 'behavioural' as kind, "
    "'any' as card, date '2023-03-01' as observed_month, 1000 as customers)"
)
SCORES |= {
    f"scorecard_monitor.{name}": _MONITOR.format(rows=rows)
    for name, rows in (
        ("scored_are_those_learned_from", "('csi', 0.251)"),
        ("answers_are_known", "('unscored_share', 0.021)"),
        ("cards_still_rank", "('auc', 0.599), ('bad_rate', 0.02)"),
        ("chances_come_true", "('promised_rate', 0.101), ('bad_rate', 0.05)"),
    )
}
GATE = {
    "credit_score_month.points_re_add": (
        f"update forward.credit_score_month set score = score + 1 where {MARCH}"
    ),
    "credit_gate_month.everybody_comes_to_the_gate": (
        f"delete from forward.credit_gate_month where {MARCH} and customer_key % 20 = 0"
    ),
    "credit_gate_month.nobody_unknown_is_lent_to": (
        f"update forward.credit_gate_month set may_lend = true where {MARCH}"
    ),
}
