"""One fault per check of the star grade."""

from __future__ import annotations

MARCH = "month = date '2024-03-01'"

STAR = {
    "star_month.everybody_has_a_grade": (
        f"delete from marts.star_month where {MARCH} and customer_key % 20 = 0"
    ),
    "star_month.weighted_points_re_add": (
        f"update marts.star_month set points = points + 0.01 where {MARCH} and coverage > 0"
    ),
    "star_month.points_in_grade": (
        f"update marts.star_month set points_grade = 'seven' where {MARCH} and points < 2000"
    ),
    "star_month.grade_in_policy": (
        f"update marts.star_month set gap_to_next = gap_to_next - 0.01 where {MARCH}"
    ),
    "star_month.grade_goes_on": (
        "update marts.star_month set grade_rank = 1 where month = date '2024-02-01' "
        "and customer_key % 20 = 0"
    ),
    "star_month.star_explanation_re_derives": (
        f"update marts.star_month set rank_before = rank_before + 1 where {MARCH}"
    ),
}
