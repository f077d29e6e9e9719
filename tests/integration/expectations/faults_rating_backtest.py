"""Faults of the rating's back-test. March is still running: none of its rows are there yet."""

from __future__ import annotations

MONTHS = "date '2024-03-01' as month, date '2024-03-31' as judged_on, date '2024-02-01' as cohort"

RATING_BACKTEST = {
    "rating_migration.rating_matrix_balances": (
        f"insert into marts.rating_migration by name select {MONTHS}, 1 as followed_months, "
        "'unrated' as from_state, 'unrated' as to_state, 1 as companies"
    ),
    "rating_default_rate.rates_are_the_matrix": (
        f"insert into marts.rating_override by name select {MONTHS}, 12 as default_months, "
        "'nothing' as changed_by, 'A' as model_grade, 'A' as grade, 1 as companies, 0 as defaulted"
    ),
}
