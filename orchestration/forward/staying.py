"""Models of who stays: customers bring what they brought on average, for as long as they are there.

What they say is a factor of a customer's own margin: the discounted months to come. The
contractual model gives longer customers better odds of staying; the naive one gives everybody the
same, and is what the others have to beat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np

from orchestration.forward.fit import NOT_CONVERGED, Fit, Parameter, parameters, too_few
from orchestration.forward.points import ALL, Points, Told
from orchestration.forward.terms import Terms
from orchestration.value.histories import Floats
from orchestration.value.maximum import Maximum
from orchestration.value.retention import NAMES, Retention, fit_retention

RETENTION, NAIVE = "retention", "naive"
# Customers of a longer tenure count as of this one, as in macro longest_tenure.
LONGEST = 600
_STEP = 1e-4

_TENURES = """
    select tenure_months, sum(kept), sum(lost), sum(margin_squares), sum(difference_squares)
    from marts.int_tenure_moves
    where month > cast(? as date) - to_months(?) and month <= ?
    group by all order by all
"""
_STANDING = """
    select tenure_months, sum(kept) from marts.int_tenure_moves
    where month = ? group by all order by all
"""


@dataclass(frozen=True)
class Stays:
    """Who stayed and left, by tenure from 0; `noise`: how single months scatter about a margin,
    variance over its square."""

    kept: Floats
    lost: Floats
    noise: float

    @property
    def months(self) -> int:
        """Customer months seen."""
        return int(self.kept.sum() + self.lost.sum())


def fit_stays(con: duckdb.DuckDBPyConnection, month: date, terms: Terms) -> tuple[Fit, Fit]:
    """The contractual fit and the naive one, of the window's months."""
    rows = con.execute(_TENURES, [month, terms.window_months, month]).fetchall()
    stays = _stays([(int(row[0]), np.array(row[1:], np.float64)) for row in rows])
    if stays.months < terms.least_months:
        return (
            too_few(RETENTION, stays.months, terms.least_months),
            too_few(NAIVE, stays.months, terms.least_months),
        )
    standing = {str(t): int(n) for t, n in con.execute(_STANDING, [month]).fetchall()}
    return (
        _by_tenure(stays, {name: n for name, n in standing.items() if n}, terms),
        _alike(stays, {ALL: sum(standing.values())}, terms),
    )


def _stays(rows: list[tuple[int, Floats]]) -> Stays:
    """Of rows of tenure and kept, lost, squares of margins and of what months differed by."""
    counted = np.zeros((max((tenure for tenure, _ in rows), default=0) + 1, 4))
    for tenure, counts in rows:
        counted[tenure] = counts
    kept, lost, squares, differences = counted.T
    noise = float(differences.sum() / squares.sum()) if squares.sum() else 0.0
    return Stays(kept, lost, noise)


def _by_tenure(stays: Stays, standing: dict[str, int], terms: Terms) -> Fit:
    model, found = fit_retention(stays.kept, stays.lost)
    tenures = np.arange(LONGEST + 1.0)
    return Fit(
        RETENTION,
        stays.months,
        standing,
        Points(
            tuple(f"{tenure:.0f}" for tenure in tenures),
            True,
            _of_tenures(model, found, tenures, stays.noise, terms.horizon_months, terms.discount),
            _of_tenures(model, found, tenures, stays.noise, terms.test_months, 1.0),
        ),
        found.status if found.has_converged else NOT_CONVERGED,
        "" if found.has_converged else f"a slope of {found.steepness:.1e} is left",
        parameters(NAMES, found),
        found.log_likelihood,
        found.steepness,
    )


def _of_tenures(
    model: Retention, found: Maximum, tenures: Floats, noise: float, months: int, discount: float
) -> Told:
    def expected(logs: Floats) -> Floats:
        return annuity(_survival(Retention(*np.exp(logs)), tenures, months), discount)

    slopes = np.array(
        [
            (expected(found.logs + step) - expected(found.logs - step)) / (2 * _STEP)
            for step in _STEP * np.eye(len(found.logs))
        ]
    )
    survival = _survival(model, tenures, months)
    variance = np.einsum("in,ij,jn->n", slopes, found.covariance, slopes)
    return Told(
        annuity(survival, discount),
        np.sqrt(np.maximum(variance, 0)),
        scatter(survival, discount, noise),
    )


def _survival(model: Retention, tenures: Floats, months: int) -> Floats:
    """Shares left after 1 to `months` further months, a row a tenure."""
    periods = tenures[:, None] + np.arange(1.0, months + 1)
    return np.asarray(np.cumprod(model.stays(periods), axis=1), np.float64)


def _alike(stays: Stays, standing: dict[str, int], terms: Terms) -> Fit:
    stayed = float(stays.kept.sum()) / stays.months
    # One customer more who left, and one who stayed: no share is sure for having seen no exit.
    error = float(np.sqrt((stayed * (1 - stayed) + 1 / stays.months) / (stays.months + 2)))

    def told(months: int, discount: float) -> Told:
        def expected(share: float) -> Floats:
            return annuity(share ** np.arange(1.0, months + 1)[None, :], discount)

        slope = (expected(stayed + _STEP) - expected(stayed - _STEP)) / (2 * _STEP)
        survival = stayed ** np.arange(1.0, months + 1)[None, :]
        return Told(
            annuity(survival, discount),
            np.abs(slope) * error,
            scatter(survival, discount, stays.noise),
        )

    points = Points(
        (ALL,), True, told(terms.horizon_months, terms.discount), told(terms.test_months, 1.0)
    )
    return Fit(
        NAIVE, stays.months, standing, points, parameters=(Parameter("stays", stayed, error),)
    )


def annuity(survival: Floats, discount: float) -> Floats:
    """Expected discounted months of 1 each: survival (n, months), result (n,)."""
    return np.asarray(survival @ _factors(survival, discount), np.float64)


def scatter(survival: Floats, discount: float, noise: float) -> Floats:
    """Standard deviation of what a margin of 1 brings: when customers leave, and what single
    months bring more or less."""
    factors = _factors(survival, discount)
    so_far = np.cumsum(factors)
    squares = survival @ (so_far**2 - np.append(0.0, so_far[:-1]) ** 2)
    leaving = np.maximum(squares - annuity(survival, discount) ** 2, 0)
    return np.asarray(np.sqrt(leaving + noise * (survival @ factors**2)), np.float64)


def _factors(survival: Floats, discount: float) -> Floats:
    return np.asarray(discount ** np.arange(1.0, survival.shape[1] + 1), np.float64)
