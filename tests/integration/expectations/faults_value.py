"""One fault per check of the statements of value."""

from __future__ import annotations

MARCH = "month = date '2024-03-01'"

VALUE_FACTS = {
    "int_customer_items.items_tie": (
        f"update facts.int_customer_items set service = service + 0.01 where {MARCH}"
    ),
    "int_channel_use.uses_add_up": (
        f"update facts.int_channel_use set uses = uses + 1 where {MARCH}"
    ),
}
VALUE = {
    "contribution_month.components_re_add": (
        f"update marts.contribution_month set fee = fee + 0.01 where {MARCH}"
    ),
    "contribution_month.totals_go_on": (
        f"update marts.contribution_month set total_cost = total_cost + 0.01 where {MARCH}"
    ),
    "contribution_month.everybody_has_a_statement": (
        f"delete from marts.contribution_month where {MARCH} and customer_key % 20 = 0"
    ),
    # A view cannot be wrong by itself: a table in its place can.
    "contribution_total.totals_add_up": (
        "create table marts.kept as from marts.contribution_total; "
        "drop view marts.contribution_total; "
        "create table marts.contribution_total as select * replace "
        "(contribution + 1 as contribution) from marts.kept"
    ),
    "contribution_whale.curve_ends_at_the_bank": (
        f"delete from marts.contribution_whale where {MARCH} and step = 100 and horizon = 'short'"
    ),
    "contribution_concentration.concentration_is_the_banks": (
        "update marts.contribution_concentration set gained = gained + 0.01 "
        f"where {MARCH} and horizon = 'long'"
    ),
    "contribution_pareto.pareto_adds_up": (
        "update marts.contribution_pareto set contribution = contribution + 0.01 "
        f"where {MARCH} and dimension = 'branch'"
    ),
    "tier_cost_return.tiers_return_adds_up": (
        "update marts.tier_cost_return set fixed_cost = fixed_cost + 1, "
        "variable_cost = variable_cost - 1, left_for_fixed_cost = left_for_fixed_cost + 1 "
        f"where {MARCH} and horizon = 'month'"
    ),
}
