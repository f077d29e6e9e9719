"""How a day's rows may have been booked, by trying every order: slow, and apart from the importer.

Belongs to the tests of closing balances. Does not look at other days or at the rows' numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise, permutations

# Amounts and balances were rounded to tenths, each on its own.
ROUNDING = Decimal("0.10")
# 5,040 orders of a day; every further row multiplies them.
FEW_ROWS = 7

Booked = tuple[Decimal, Decimal]  # signed amount, balance after it


def likeliest_orders(rows: Sequence[Booked]) -> tuple[int, list[tuple[int, ...]]]:
    """The likeliest orders, as places in `rows`, and how many gaps each of them has.

    An order is likelier the fewer of its rows do not start where the one before ended, and among
    equals the less the others miss it by.
    """
    assert len(rows) <= FEW_ROWS
    found: dict[tuple[int, Decimal], list[tuple[int, ...]]] = {}
    for order in permutations(range(len(rows))):
        misses = [abs(rows[b][1] - rows[b][0] - rows[a][1]) for a, b in pairwise(order)]
        near = [miss for miss in misses if miss <= ROUNDING]
        unlikely = (len(misses) - len(near), sum(near, Decimal(0)))
        found.setdefault(unlikely, []).append(order)
    least = min(found)
    return least[0], found[least]


def last_balances(rows: Sequence[Booked]) -> set[Decimal]:
    """The balances with which the likeliest orders end."""
    return {rows[order[-1]][1] for order in likeliest_orders(rows)[1]}
