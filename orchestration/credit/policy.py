"""The choices that a card is built by. None has a default: whoever builds one answers for it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from orchestration.credit.characteristics import Frozen

Share = Annotated[float, Field(gt=0, lt=1)]


class CardPolicy(Frozen):
    """Choices, each with its unit.

    `base_score` points stand for `base_odds` goods a bad, and `points_to_double` more for twice
    the odds. `population_bad_rate`: PDs are moved to it; None leaves them at the sample's.

    `fine_bins`: quantiles that bins of a number are merged from, to `most_bins` at most;
    `least_share` of the rows for a bin; `smoothing`: rows of average odds that are added to each
    bin, so that small ones say less.

    `least_information`: IV; `most_correlation`: between weights of evidence, absolute; `most_vif`;
    `penalty`: ridge on the weights. `least_of_each_class`: rows, goods and bads alike.

    `folds`, `seed`: of the cross-validation that calibrates the card.
    """

    base_score: int
    base_odds: float = Field(gt=0, allow_inf_nan=False)
    points_to_double: int = Field(gt=0)
    population_bad_rate: Share | None
    fine_bins: int = Field(ge=2)
    most_bins: int = Field(ge=2)
    least_share: Share
    smoothing: float = Field(gt=0, allow_inf_nan=False)
    least_information: float = Field(ge=0, allow_inf_nan=False)
    most_correlation: float = Field(gt=0, le=1)
    most_vif: float = Field(gt=1, allow_inf_nan=False)
    penalty: float = Field(ge=0, allow_inf_nan=False)
    least_of_each_class: int = Field(ge=2)
    folds: int = Field(ge=2)
    seed: int = Field(ge=0)
