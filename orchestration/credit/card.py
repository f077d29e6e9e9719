"""A card: what is asked, what each answer counts, and what the score means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, model_validator

from orchestration.credit.bins import UNSEEN, Binned
from orchestration.credit.calibration import Calibration
from orchestration.credit.characteristics import Finite, Frozen
from orchestration.credit.columns import Flags, Floats, Integers, require
from orchestration.credit.policy import CardPolicy


class Line(Frozen):
    """A characteristic on the card. `weight` of the regression, with its standard error.

    `points` of each bin.
    """

    binned: Binned
    weight: float = Field(gt=0, allow_inf_nan=False)
    error: float = Field(gt=0, allow_inf_nan=False)
    points: tuple[int, ...]

    @property
    def name(self) -> str:
        """The column that it asks for."""
        return self.binned.characteristic.name

    @cached_property
    def best(self) -> int:
        """The points of the best bin."""
        return max(self.points)

    @model_validator(mode="after")
    def _a_number_of_points_per_bin(self) -> Self:
        if len(self.points) != len(self.binned.bins):
            raise ValueError(f"{self.name} must give points to each of its bins")
        return self


class Sample(Frozen):
    """What a card was fitted to: outcomes in [start, end), goods and bads."""

    start: date
    end: date
    goods: int = Field(gt=0)
    bads: int = Field(gt=0)


class Card(Frozen):
    """A version of a card. `left_out`: why characteristics are not on it, by name.

    `measures`: of the fitting sample, and of the same rows held out; see `measure` in `build`.
    """

    name: str = Field(min_length=1)
    version: int = Field(ge=1)
    sample: Sample
    policy: CardPolicy
    lines: tuple[Line, ...] = Field(min_length=1)
    calibration: Calibration
    left_out: dict[str, str]
    measures: dict[str, dict[str, Finite]]

    def score(self, frame: pd.DataFrame) -> Scores:
        """Points, score and PD of each row: the reference for the card's SQL."""
        require(frame, (line.binned.characteristic for line in self.lines))
        return scores(self.lines, frame, self.calibration)


@dataclass(frozen=True)
class Scores:
    """What a card says of n rows and m characteristics.

    `points` (n, m), 0 where unseen; `unseen` (n, m): answers that no bin is for; `score` and `pd`
    (n,): whole numbers and probabilities, nan for rows with an unseen answer.
    """

    names: tuple[str, ...]
    points: Integers
    unseen: Flags
    score: Floats
    pd: Floats
    best: Integers

    def lost(self) -> Integers:
        """Points lost against each characteristic's best bin, shape (n, m); 0 where unseen."""
        return np.where(self.unseen, 0, self.best - self.points)

    def reasons(self, most: int) -> npt.NDArray[np.object_]:
        """Per row the characteristics that cost most points, the costliest first; (n, most).

        Those that cost nothing are no reasons, and None stands in their place; of two that cost the
        same the card's first leads. A row with an unseen answer has no score to explain: it has no
        reasons.
        """
        most = min(most, len(self.names))
        lost = np.where(self.unseen.any(axis=1, keepdims=True), 0, self.lost())
        order = np.argsort(-lost, axis=1, kind="stable")[:, :most]
        costs = np.asarray(np.take_along_axis(lost, order, axis=1) > 0, bool)
        named: npt.NDArray[np.object_] = np.array(self.names, object)[order]
        named[~costs] = None
        return named


def scores(lines: tuple[Line, ...], frame: pd.DataFrame, calibration: Calibration) -> Scores:
    """Points of lines, added up."""
    points = np.zeros((len(frame), len(lines)), np.int64)
    unseen = np.zeros(points.shape, bool)
    for at, line in enumerate(lines):
        row = line.binned.place(frame)
        unseen[:, at] = row == UNSEEN
        points[:, at] = np.where(unseen[:, at], 0, np.array(line.points, np.int64)[row])
    score = np.where(unseen.any(axis=1), np.nan, points.sum(axis=1))
    best = np.array([line.best for line in lines], np.int64)
    names = tuple(line.name for line in lines)
    return Scores(names, points, unseen, score, calibration.pd(score), best)
