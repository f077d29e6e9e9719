"""Which features are worth a place: those that tell enough, and not what others tell already."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from orchestration.credit.columns import Floats
from orchestration.credit.policy import Screening

KEPT = "kept"
# Correlations of 1 apart from rounding: the matrix has no inverse that means anything.
_SINGULAR = 1e-10


def screen(
    evidence: Mapping[str, Floats], values: Mapping[str, float], policy: Screening
) -> dict[str, str]:
    """Feature -> kept, or why not.

    `evidence`: each row's weight of evidence; `values`: information values. Of two that say the
    same the one that tells more stays; names decide ties.
    """
    verdicts = {name: _alone(value, policy) for name, value in values.items()}
    # From the one that tells most on: each must differ from all before it.
    order = sorted(
        (name for name, verdict in verdicts.items() if verdict == KEPT),
        key=lambda name: (-values[name], name),
    )
    if not order:
        return verdicts
    matrix = _correlations([evidence[name] for name in order])
    kept: list[int] = []
    for at, name in enumerate(order):
        like = [other for other in kept if abs(matrix[at, other]) > policy.max_correlation]
        if like:
            nearest = max(like, key=lambda other: abs(float(matrix[at, other])))
            verdicts[name] = f"correlation {matrix[at, nearest]:.2f} with {order[nearest]}"
        else:
            kept.append(at)
    _part_by_inflation(order, kept, matrix, policy, verdicts)
    return verdicts


def _alone(value: float, policy: Screening) -> str:
    if value < policy.min_information_value:
        return f"information value {value:.4f} below {policy.min_information_value}"
    if value > policy.max_information_value:
        return f"information value {value:.2f} above {policy.max_information_value}: a leak?"
    return KEPT


def _part_by_inflation(
    order: list[str],
    kept: list[int],
    matrix: Floats,
    policy: Screening,
    verdicts: dict[str, str],
) -> None:
    """Takes out the one that the others explain best, again and again, while one is too much."""
    while len(kept) > 1:
        inflation = variance_inflation(matrix[np.ix_(kept, kept)])
        # Of equals the one that tells less, which stands later.
        worst = max(range(len(kept)), key=lambda at: (round(float(inflation[at]), 9), at))
        if inflation[worst] <= policy.max_variance_inflation:
            return
        verdicts[order[kept[worst]]] = f"variance inflation {inflation[worst]:.2f}"
        del kept[worst]


def variance_inflation(correlations: Floats) -> Floats:
    """1 / (1 - R squared) of each on all others: the diagonal of the inverse; shape (k,)."""
    size, vectors = np.linalg.eigh(correlations)
    inverse: Floats = (vectors**2 / np.maximum(size, _SINGULAR)).sum(axis=1)
    return inverse


def _correlations(columns: list[Floats]) -> Floats:
    centred = np.array([column - column.mean() for column in columns])
    length = np.sqrt((centred**2).sum(axis=1))
    matrix: Floats = centred @ centred.T / np.outer(length, length)
    return matrix
