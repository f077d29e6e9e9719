"""Fits: every closed month has one of every model, which are not believed, and all are scored."""

from __future__ import annotations

import duckdb

from expectations.check import Check, Probe
from expectations.scores import fitted_score_probes
from expectations.window import in_months, months
from orchestration.policy.forward_rows import MODELS, OF_PURCHASES
from orchestration.settings import Settings
from orchestration.state import Window


def probes(con: duckdb.DuckDBPyConnection, window: Window, settings: Settings) -> list[Probe]:
    """The gate of fits: those of the months that the window closes."""
    del con, settings
    return [
        _complete(window),
        _believed(window),
        _points(window),
        _silent(window),
        *fitted_score_probes(window),
    ]


def _complete(window: Window) -> Probe:
    listed = ", ".join(f"'{model}'" for model in MODELS)
    ctes = {
        "wanted": f"select month, unnest([{listed}]) as model from ({months(window)}) "
        "where is_closed",
        "there": "select month, model, count(*) as fits from fits.model_fit "
        f"where {in_months('month', window)} group by all",
        "paired": "select month, model, coalesce(fits, 0) as fits, wanted.model is not null "
        "as is_wanted from wanted full outer join there using (month, model)",
    }
    wrong = "fits <> 1 or not is_wanted"
    check = Check(
        "a_fit_of_every_model",
        "model_fit",
        "error",
        "fits",
        "Every model is fitted once for every month that has ended, and for no other.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from paired where {wrong} order by month, model",
    )
    return Probe("paired", (check,), ctes)


def _believed(window: Window) -> Probe:
    """The last good fit stays in force, so that nothing stands still; a person should look."""
    ctes = {
        "refused": "select month, model, status, reason, observations from fits.model_fit as f "
        f"where not is_good and {in_months('month', window)} and (status <> 'too_few' or exists ("
        "select 1 from fits.model_fit as g where g.is_good and g.model = f.model "
        "and g.month < f.month))",
    }
    check = Check(
        "fits_are_good",
        "model_fit",
        "warn",
        "fits",
        "A fit that does not converge, drifts, or has too little to learn from where there was "
        "enough before, is not used; the last good one stays in force.",
        value="count(*)",
        sample="select * from refused order by month, model",
    )
    return Probe("refused", (check,), ctes)


def _points(window: Window) -> Probe:
    told = ("expected", "error", "deviation", "near_expected", "near_error", "near_deviation")
    odd = " or ".join(f"not isfinite({name})" for name in told)
    negative = " or ".join(f"{name} < 0" for name in told if "expected" not in name)
    ctes = {
        "points": f"select * from fits.model_point where {in_months('month', window)}",
    }
    check = Check(
        "points_are_numbers",
        "model_point",
        "error",
        "points",
        "What a fit says are numbers, and errors and deviations are not below 0.",
        value=f"count(*) filter ({odd} or {negative})",
        sample=f"select * from points where {odd} or {negative} order by month, model, point",
    )
    return Probe("points", (check,), ctes)


def _silent(window: Window) -> Probe:
    formulas = ", ".join(f"'{model}'" for model in OF_PURCHASES)
    of_fit = "as p where p.month = f.month and p.model = f.model"
    ctes = {
        "silent": "select month, model from fits.model_fit as f "
        f"where is_good and {in_months('month', window)} and not case when model in ({formulas}) "
        f"then exists (select 1 from fits.model_parameter {of_fit} and isfinite(value)) "
        f"else exists (select 1 from fits.model_point {of_fit}) end",
    }
    check = Check(
        "good_fits_speak",
        "model_fit",
        "error",
        "fits",
        "A good fit has points, or parameters of its formula: without them nobody would have a "
        "value by it.",
        value="count(*)",
        sample="select * from silent order by month, model",
    )
    return Probe("silent", (check,), ctes)
