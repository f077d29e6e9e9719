"""Migration chain: customers move between states month by month, and each state has its margin.

Of a customer in state i, V_h(i) = sum over t = 1..h of d^t (P^t m)(i): what the next h months
bring, discounted by d a month, where P moves between states, those who exit bring nothing any more,
and m is what a state brings in a month. Margins may be negative.

Source: Pfeifer, Carraway (2000), Modeling customer relationships as Markov chains, Journal of
Interactive Marketing 14 (2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.value.histories import BadHistories, Floats


@dataclass(frozen=True)
class Movements:
    """What was seen of n states, from one month end to the next.

    `moves`: customers who went from state i to j, shape (n, n + 1), the last column who left for
    good; `months`: customer months in each state; `margin`: their average a month; `variance`: how
    margins scatter about it, between customers and months. Shapes (n,).
    """

    moves: Floats
    months: Floats
    margin: Floats
    variance: Floats

    def __post_init__(self) -> None:
        n = len(self.months)
        if self.moves.shape != (n, n + 1) or {self.margin.shape, self.variance.shape} != {(n,)}:
            raise BadHistories("moves must have a row a state and a column more than states")
        if n == 0 or not (self.moves >= 0).all() or not (self.months >= 0).all():
            raise BadHistories("counts of moves and months must be there, and not below 0")
        if not np.isfinite(self.margin + self.variance).all() or not (self.variance >= 0).all():
            raise BadHistories("margins must be numbers, and their variances not below 0")


@dataclass(frozen=True)
class Chain:
    """Estimates of n states: P with exit as its last column, and how sure it and margins are."""

    transitions: Floats
    seen: Floats
    margin: Floats
    margin_error: Floats
    variance: Floats

    def value(self, months: int, discount: float) -> Value:
        """What the next `months` bring, a factor `discount` a month; shapes (n,)."""
        n = len(self.margin)
        stays = discount * self.transitions[:, :n]
        ahead = np.zeros((months + 1, n))
        scatter = np.zeros(n)
        for left in range(1, months + 1):
            gained = np.append(self.margin + ahead[left - 1], 0.0)
            ahead[left] = discount * self.transitions @ gained
            between = self.transitions @ gained**2 - (self.transitions @ gained) ** 2
            within = self.transitions[:, :n] @ (self.variance + scatter)
            scatter = discount**2 * (np.maximum(between, 0) + within)
        return Value(ahead[months], self._error(stays, ahead, discount), np.sqrt(scatter))

    def _error(self, stays: Floats, ahead: Floats, discount: float) -> Floats:
        """By how much values move with transitions and margins as unsure as they are."""
        n, months = len(self.margin), len(ahead) - 1
        reached = np.eye(n)
        by_move = np.zeros((n, n, n + 1))
        by_margin = np.zeros((n, n))
        for t in range(months):
            gained = np.append(self.margin + ahead[months - t - 1], 0.0)
            by_move += discount * reached[:, :, None] * gained
            reached = reached @ stays
            by_margin += reached
        # A row of a Dirichlet distribution: (p - p p') / (what was seen + 1), in quadratic form.
        mean = (by_move * self.transitions).sum(axis=2)
        square = (by_move**2 * self.transitions).sum(axis=2)
        of_moves = (np.maximum(square - mean**2, 0) / (self.seen + 1)).sum(axis=1)
        of_margins = (by_margin**2 * self.margin_error**2).sum(axis=1)
        return np.asarray(np.sqrt(of_moves + of_margins), np.float64)


@dataclass(frozen=True)
class Value:
    """Of each state: expected value, its standard error, and how single customers scatter."""

    expected: Floats
    error: Floats
    deviation: Floats


def estimate(seen: Movements, smoothing: float) -> Chain:
    """Transitions with `smoothing` moves a state added to those seen, shared as everybody moves.

    Added are moves of customers who stay, leave for good or change state as often as all do, and
    then go to the states in which all arrive. So a state of few customers behaves like the rest,
    and one that nobody was in has values, too: its margin is everybody's.
    """
    if not smoothing > 0:
        raise BadHistories("smoothing must be above 0: a state that nobody left has no moves")
    n = len(seen.months)
    expected = smoothing * _as_everybody(seen.moves)
    counts = seen.moves + expected
    total = counts.sum(axis=1)
    months, everybody = seen.months, float(seen.months.sum())
    if everybody == 0:
        raise BadHistories("nobody was in any state")
    common = float(months @ seen.margin) / everybody
    spread = float(months @ (seen.variance + (seen.margin - common) ** 2)) / everybody
    known = months > 0
    # One month more than seen, as everybody's: a state of one month is not sure of its margin.
    variance = np.where(known, (months * seen.variance + spread) / (months + 1), spread)
    return Chain(
        transitions=counts / total[:, None],
        seen=total,
        margin=np.where(known, seen.margin, np.full(n, common)),
        margin_error=np.sqrt(variance / np.maximum(months, 1)),
        variance=variance,
    )


def _as_everybody(moves: Floats) -> Floats:
    """Per state, shares of staying, going to each other state and leaving, as of all customers."""
    n = len(moves)
    total = moves.sum()
    if total == 0:
        raise BadHistories("nobody was seen from one month end to the next")
    stay, leave = np.trace(moves) / total, moves[:, n].sum() / total
    arrivals = moves[:, :n].sum(axis=0) - np.diag(moves) + 1.0
    others = np.where(np.eye(n, dtype=bool), 0.0, arrivals)
    sums = others.sum(axis=1, keepdims=True)
    change = 1 - stay - leave
    shares = np.zeros((n, n + 1))
    shares[:, :n] = change * others / np.where(sums > 0, sums, 1) + stay * np.eye(n)
    shares[:, n] = leave
    shares[:, :n] += np.where(sums > 0, 0, change) * np.eye(n)
    return shares
