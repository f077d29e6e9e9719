"""The migration chain: states are tier and stage, and what they bring is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np

from orchestration.forward.fit import Fit, too_few
from orchestration.forward.points import UNSEEN, Points, Told
from orchestration.forward.terms import Terms
from orchestration.value.chain import Chain, Movements, estimate

MODEL = "chain"
GONE, NONE = "gone", "none"

_MOVES = """
    select state_before, state, sum(customers), sum(contribution), sum(contribution_squares)
    from marts.int_state_moves
    where month > cast(? as date) - to_months(?) and month <= ?
    group by all order by all
"""
_STANDING = """
    select state, sum(customers) from marts.int_state_moves
    where month = ? and state <> 'gone' group by all order by all
"""


@dataclass(frozen=True)
class Seen:
    """A line of the movements: who went from where to where, and what they brought there."""

    before: str
    state: str
    customers: int
    contribution: float
    squares: float


def fit_chain(con: duckdb.DuckDBPyConnection, month: date, terms: Terms) -> Fit:
    """The chain of the window's months, the last of them `month`."""
    rows = con.execute(_MOVES, [month, terms.window_months, month]).fetchall()
    seen = [Seen(b, s, int(n), float(total), float(squares)) for b, s, n, total, squares in rows]
    moved = sum(line.customers for line in seen if line.before not in (GONE, NONE))
    if moved < terms.least_months:
        return too_few(MODEL, moved, terms.least_months)
    states = sorted({name for line in seen for name in (line.before, line.state)} - {GONE, NONE})
    chain = estimate(movements(seen, [*states, UNSEEN]), float(terms.smoothing))
    standing = con.execute(_STANDING, [month]).fetchall()
    return Fit(
        MODEL,
        moved,
        {state: int(count) for state, count in standing},
        Points((*states, UNSEEN), False, _told(chain, terms), _near(chain, terms)),
    )


def movements(seen: Sequence[Seen], states: Sequence[str]) -> Movements:
    """Counts between states; the last of them nobody was in. Who is gone does not come back."""
    place = {state: number for number, state in enumerate(states)}
    n = len(states)
    moves, months = np.zeros((n, n + 1)), np.zeros(n)
    total, squares = np.zeros(n), np.zeros(n)
    for line in seen:
        if line.state != GONE:
            at = place[line.state]
            months[at] += line.customers
            total[at] += line.contribution
            squares[at] += line.squares
        if line.before in place:
            moves[place[line.before], place.get(line.state, n)] += line.customers
    margin = total / np.maximum(months, 1)
    variance = np.maximum(squares / np.maximum(months, 1) - margin**2, 0)
    return Movements(moves, months, margin, variance)


def _told(chain: Chain, terms: Terms) -> Told:
    value = chain.value(terms.horizon_months, terms.discount)
    return Told(value.expected, value.error, value.deviation)


def _near(chain: Chain, terms: Terms) -> Told:
    value = chain.value(terms.test_months, 1.0)
    return Told(value.expected, value.error, value.deviation)
