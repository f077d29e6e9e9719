"""How companies move between grades: by cohorts, and by how long they stay.

States are grades from best to worst, and default last. Who is withdrawn, or no longer rated, did
not move to a grade: nothing is known of where a grade would have gone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import expm

from orchestration.credit.columns import Floats, Integers
from orchestration.credit.errors import BadSample

# Row sums of a matrix that was raised to a power, in binary.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Cohorts:
    """Where those who began in a state stood at the end of the horizon.

    `matrix`: shares of those still seen then, from (rows) to, shape (states, states). `withdrawn`:
    the share of all that was not, shape (states,). Both nan for a state of nobody.
    """

    matrix: Floats
    withdrawn: Floats


@dataclass(frozen=True)
class Stays:
    """What all companies together did.

    `moves`: from (rows) to, shape (states, states). `years`: held in each state, shape (states,).
    """

    moves: Integers
    years: Floats


def cohorts(moves: Integers, withdrawn: Integers) -> Cohorts:
    """Of counts from (rows) to, shape (states, states), stayers on the diagonal.

    The withdrawn are left out of the shares, as if they had gone where the others of their grade
    went. That is too kind where companies withdraw because they are in trouble: their share stands
    beside.
    """
    _require_square(moves)
    if withdrawn.shape != moves.shape[:1] or (withdrawn < 0).any():
        raise BadSample("the withdrawn must be counted once per state that they left")
    seen, began = moves.sum(axis=1), moves.sum(axis=1) + withdrawn
    with np.errstate(invalid="ignore"):
        return Cohorts(moves / seen[:, None], withdrawn / began)


def stays(state: Integers, years: Floats, after: Integers, states: int) -> Stays:
    """Adds up stays, shapes (stays,): the state, how long it was held, and the state after it.

    `after` is -1 where the stay ended without a move that was seen: by withdrawal or by the end of
    the window. Such a stay counts with its years, as a reason not to have moved for so long.
    """
    if (years < 0).any() or not np.isfinite(years).all():
        raise BadSample("a stay of less than nothing: look at the days that it begins and ends on")
    if ((state < 0) | (state >= states) | (after < -1) | (after >= states)).any():
        raise BadSample(f"a stay in a state beyond the {states} that there are")
    if (state == after).any():
        raise BadSample("a stay is followed by the same state: they are one stay")
    moved = after >= 0
    moves = np.zeros((states, states), np.int64)
    np.add.at(moves, (state[moved], after[moved]), 1)
    held = np.bincount(state, weights=years, minlength=states)
    return Stays(moves, held.astype(np.float64))


def generator(found: Stays) -> Floats:
    """Intensities of moves per year, shape (states, states); rows add up to nought.

    Moves over the years at risk, the likeliest constant ones; a state that nobody held never moves,
    as default does. Source: Lando, Skødeberg (2002), Journal of Banking and Finance 26 (2-3).
    """
    _require_square(found.moves)
    held = found.years > 0
    if found.moves[~held].any():
        raise BadSample("a state was left that nobody had held for any time")
    rates = np.zeros(found.moves.shape)
    rates[held] = found.moves[held] / found.years[held][:, None]
    np.fill_diagonal(rates, 0.0)
    np.fill_diagonal(rates, -rates.sum(axis=1))
    return rates


def over(generator: Floats, years: float) -> Floats:
    """Chances of being in each state after so many years, shape (states, states).

    Companies that were downgraded twice, and some that no cohort saw default, get their share.
    """
    if years < 0:
        raise BadSample("chances are asked for years to come, and none lie in the past")
    if abs(generator.sum(axis=1)).max(initial=0) > _ROUNDING:
        raise BadSample("the rows of a generator add up to nought")
    # Chances that are nought come out a rounding below it.
    return np.asarray(np.maximum(expm(generator * years), 0.0), np.float64)


def _require_square(moves: Integers) -> None:
    if moves.ndim != 2 or moves.shape[0] != moves.shape[1] or (moves < 0).any():
        raise BadSample("moves are counted from each state to each, and no count lies below 0")
