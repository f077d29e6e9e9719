"""Faults of the value matrix."""

from __future__ import annotations

MARCH = "month = date '2024-03-01'"

VALUE_MATRIX = {
    "value_matrix_month.everybody_has_a_cell": (
        f"delete from marts.value_matrix_month where {MARCH} and customer_key % 20 = 0"
    ),
    "value_matrix_month.scores_re_add": (
        "update marts.value_matrix_month set cost_points = cost_points + 0.01, "
        f"current_points = current_points + 0.01 where {MARCH}"
    ),
    "value_matrix_month.cell_re_derives": (
        f"update marts.value_matrix_month set cell = 'optimal' where {MARCH} and "
        "not potential_is_high"
    ),
    "value_matrix_month.cell_in_policy": (
        f"update marts.value_matrix_month set products_full = products_full + 1 where {MARCH}"
    ),
    "value_matrix_month.cell_explanation_re_derives": (
        f"update marts.value_matrix_month set current_cut = current_cut - 100 where {MARCH}"
    ),
    "customer_month.same_people_as_value_matrix_month": (
        f"update marts.value_matrix_month set customer_key = customer_key + 1 where {MARCH} and "
        "customer_key % 20 = 0"
    ),
}
