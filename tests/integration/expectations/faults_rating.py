"""Faults of the corporate rating."""

from __future__ import annotations

MARCH = "month = date '2024-03-01'"

RATING = {
    "rating_month.every_company_is_judged": (
        f"update marts.customer_month set rating = 'B' where {MARCH} and rating = 'not_a_company' "
        "and customer_key % 20 = 0"
    ),
    "rating_points.card_adds_up": (
        f"update marts.rating_points set points = points + 0.0001 where {MARCH} "
        "and criterion = 'debt_ratio'"
    ),
    "rating_points.one_set_per_block": (
        f"update marts.rating_points set applies_to = 'alternative' where {MARCH} "
        "and criterion = 'debt_ratio'"
    ),
    "rating_month.grade_re_derives": (
        f"update marts.rating_month set knockout_grade = 'B' where {MARCH} and grade <> 'B'"
    ),
    "rating_month.rating_goes_on": (
        f"update marts.rating_month set action = 'affirmed' where {MARCH} and action = 'none'"
    ),
    "rating_distribution.distribution_adds_up": (
        f"update marts.rating_distribution set companies = companies + 1 where {MARCH}"
    ),
    "rating_distribution.shares_add_to_one": (
        f"update marts.rating_distribution set company_share = company_share + 0.0001 where {MARCH}"
    ),
}
