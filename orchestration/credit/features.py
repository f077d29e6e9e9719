"""Features of a card: bins, what was learned in them, and their points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from orchestration.credit.bins import Bins
from orchestration.credit.card import CardFeature, Row
from orchestration.credit.columns import Floats, Integers
from orchestration.credit.logistic import Regression
from orchestration.credit.policy import Unseen
from orchestration.credit.scaling import Points, whole
from orchestration.credit.weights import Weights

# Digits of what is learned: fewer than processors and threads disagree about.
_DIGITS = 12


@dataclass(frozen=True)
class Cut:
    """A feature with its bins, each row's bin, and what the bins say."""

    bins: Bins
    assigned: Integers
    weights: Weights

    @property
    def evidence(self) -> Floats:
        """Each row's weight of evidence."""
        return self.weights.evidence[self.assigned]


def card_features(
    cuts: Mapping[str, Cut], found: Regression, scaling: Points, unseen: Unseen
) -> tuple[CardFeature, ...]:
    """Those with a coefficient, in the order of the cuts; the intercept is shared among them."""
    of = int((found.coefficients > 0).sum())
    intercept = rounded(found.intercept)
    features = []
    for (name, cut), coefficient, error in zip(
        cuts.items(), found.coefficients, found.errors, strict=True
    ):
        if not coefficient:
            continue
        evidence = cut.weights.evidence.round(_DIGITS)
        exact = scaling.of_bin(intercept, rounded(coefficient), evidence, of).round(_DIGITS)
        features.append(
            CardFeature(
                name=name,
                kind=cut.bins.kind,
                information_value=rounded(cut.weights.information_value),
                coefficient=rounded(coefficient),
                error=rounded(error),
                rows=_rows(cut, exact, unseen),
            )
        )
    return tuple(features)


def rounded(value: float) -> float:
    """A number as it stands in a card."""
    return round(float(value), _DIGITS)


def _rows(cut: Cut, exact: Floats, unseen: Unseen) -> tuple[Row, ...]:
    weights = cut.weights
    stand_in = _stand_in(weights, exact, unseen)
    given = [
        stand_in if basis == "unseen" else float(one)
        for basis, one in zip(weights.basis, exact, strict=True)
    ]
    return tuple(
        Row(
            sort=one.sort,
            label=one.label,
            lower=one.lower,
            upper=one.upper,
            values=one.values,
            goods=int(weights.goods[at]),
            bads=int(weights.bads[at]),
            evidence=rounded(weights.evidence[at]),
            basis=weights.basis[at],
            exact=given[at],
            points=whole(given[at]),
        )
        for at, one in enumerate(cut.bins.bins)
    )


def _stand_in(weights: Weights, exact: Floats, unseen: Unseen) -> float | None:
    """Points for what no row has been seen of, by policy: always beside a flag."""
    if unseen == "no_score":
        return None
    seen = np.array([basis != "unseen" for basis in weights.basis])
    given = exact[seen].min() if unseen == "worst" else (weights.share * exact).sum()
    return rounded(float(given))
