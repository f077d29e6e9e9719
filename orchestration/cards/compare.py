"""Champion against challenger: two cards on the same later rows, which neither learned from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
from scipy.stats import norm

from orchestration.cards.sample import Drawn, observe
from orchestration.credit.assess import LEVEL, sample
from orchestration.credit.card import Card, CardFeature, Sample
from orchestration.credit.columns import Flags, Floats, Integers
from orchestration.credit.errors import BadCard, BadSample
from orchestration.credit.measures import auc_difference
from orchestration.credit.score import total


@dataclass(frozen=True)
class Comparison:
    """Measures of both on rows that both can score, and by how much the AUC of the first is higher.

    `unscored`: rows beside these, of which at least one card has no score.
    """

    one: Sample
    other: Sample
    difference: float
    lower: float
    upper: float
    unscored: int

    @property
    def is_told(self) -> bool:
        """Whether the difference is beyond chance."""
        return not self.lower <= 0 <= self.upper


def compare(
    con: duckdb.DuckDBPyConnection, one: Card, other: Card, as_of: date, schema: str = "marts."
) -> Comparison:
    """Both on outcomes known on a day, from the later card's split on.

    A row of each customer, of a month drawn from those: rows are as good and bad as a month's.
    """
    rows = _rows(con, one, other, as_of, schema)
    bad = rows.frame["bad"].to_numpy(np.bool_)
    scores = [total(card.features, rows.frame) for card in (one, other)]
    has = ~np.isnan(scores[0]) & ~np.isnan(scores[1])
    both, outcome = [of[has] for of in scores], bad[has]
    if not (outcome.any() and (~outcome).any()):
        start = rows.windows.split
        raise BadSample(
            f"of {int(has.sum())} rows from {start} on that both cards score and whose outcome is "
            f"known on {as_of} none is bad, or all are: compare them on a later day"
        )
    difference, error = auc_difference(-both[0], -both[1], outcome)
    reach = float(norm.ppf((1 + LEVEL) / 2)) * error
    window = (rows.windows.split, rows.windows.end)
    return Comparison(
        _measured(one, both[0], outcome, window),
        _measured(other, both[1], outcome, window),
        difference,
        difference - reach,
        difference + reach,
        int((~has).sum()),
    )


def _rows(
    con: duckdb.DuckDBPyConnection, one: Card, other: Card, as_of: date, schema: str
) -> Drawn:
    if one.version == other.version:
        raise BadCard(f"{one.version} is one card: name two to hold against each other")
    kinds = [card.origin.kind if card.origin else None for card in (one, other)]
    if kinds[0] is None or kinds[0] != kinds[1]:
        raise BadCard(
            f"{one.version} and {other.version} are not of one kind: they judge other people"
        )
    starts = [card.tested.start for card in (one, other) if card.tested and card.tested.start]
    if len(starts) < 2:
        raise BadCard("only cards that later rows have tested are compared")
    features: dict[str, CardFeature] = {
        feature.name: feature for card in (one, other) for feature in card.features
    }
    return observe(con, kinds[0], as_of, max(starts), list(features.values()), schema)


def _measured(
    card: Card, scores: Floats, bad: Flags, window: tuple[date | None, date | None]
) -> Sample:
    whole: Integers = scores.astype(np.int64)
    return sample(whole, bad, window, card.curve, card.steps)
