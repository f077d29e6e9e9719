"""One fault per check of fits and of forward value. The toy's March is running: it has no fit."""

from __future__ import annotations

MARCH = "month = date '2024-03-01'"
_FIT = (
    "insert into fits.model_fit select * replace (date '2024-03-01' as month, {good} as is_good, "
    "'{model}' as model) from fits.model_fit where model = 'chain' and month = date '2024-02-01'"
)

FITS = {
    "model_fit.a_fit_of_every_model": _FIT.format(good="true", model="chain"),
    "model_fit.fits_are_good": _FIT.format(good="false", model="chain"),
    "model_point.points_are_numbers": (
        "insert into fits.model_point select * replace (date '2024-03-01' as month, "
        "-1 as near_error) from fits.model_point where model = 'naive'"
    ),
    "model_fit.good_fits_speak": _FIT.format(good="true", model="naive"),
}
FORWARD = {
    "forward_month.everybody_has_a_row": (
        f"delete from forward.forward_month where {MARCH} and customer_key % 20 = 0"
    ),
    "forward_month.chances_are_shares": (
        f"update forward.forward_month set alive = 1.1 where {MARCH}"
    ),
    "forward_month.values_lie_in_their_interval": (
        f"update forward.forward_month set value_high = value_low - 1 where {MARCH}"
    ),
    "forward_month.values_are_the_models": (
        f"update forward.forward_month set forward_value = forward_value + 0.01 where {MARCH}"
    ),
    "forward_month.nobody_is_without_value": (
        f"update forward.forward_month set forward_value = null where {MARCH}"
    ),
    "forward_backtest.intervals_hold": (
        "insert into forward.forward_backtest (month, judged_on, origin, test_months, population, "
        "model, customers, expected, happened, interval_share, covered_share) values "
        "(date '2024-03-01', date '2024-03-15', date '2023-09-01', 6, 'account', 'chain', 600, "
        "1, 1, 0.9, 0.5)"
    ),
    "forward_calibration.tenths_add_up": (
        "insert into forward.forward_calibration values (date '2024-03-01', date '2024-03-15', "
        "date '2023-09-01', 6, 'account', 'chain', 1, 1, 1, 1)"
    ),
}
