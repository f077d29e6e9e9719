"""The rating's quantitative part as the policy files have it for good, over columns of numbers.

Points are given by the warehouse's rule, but in floating point and for a whole sample at once.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestration.credit.columns import Flags, Floats, Integers
from orchestration.settings import REPOSITORY

SEEDS = REPOSITORY / "dbt_project" / "seeds" / "policy"
SETS = ("base", "alternative")
LEVELS = ("excellent", "good", "average", "low", "poor")
# Nothing is said of the borrowers' industries.
BENCHMARK = "general"
# A sum of products that hits a bound in decimals may miss it by a rounding in binary.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Block:
    """A part of the points.

    `lacking`: per set the indicators that cannot be told. `used`: the base set if it lacks nothing,
    or the alternative where only that one lacks nothing, never some of each.
    """

    name: str
    points: float
    used: str
    lacking: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Policy:
    """Indicators in the order of columns, and the scale.

    `levels`: from excellent to poor, shape (indicators, levels), with a `coefficient` each, shape
    (levels,). `scale`: grades from best to worst, with the `bounds` of all but the last, shape
    (grades - 1,).
    """

    blocks: Sequence[Block]
    names: Sequence[str]
    weights: Floats
    more_is_better: Flags
    levels: Floats
    coefficient: Floats
    scale: Sequence[str]
    bounds: Floats

    @property
    def full(self) -> float:
        """Points of whoever is excellent in all."""
        return float(self.weights.sum())

    def coefficients(self, values: Floats, levels: Floats) -> Floats:
        """Of each value its share of the weight, shape (rows, indicators).

        Straight lines between levels, 1 from excellent on, 0 below poor, and 0 where there is no
        value.
        """
        signs = np.where(self.more_is_better, 1.0, -1.0)
        columns = zip((values * signs).T, levels * signs[:, None], strict=True)
        return np.column_stack([self._shares(column, steps) for column, steps in columns])

    def _shares(self, values: Floats, steps: Floats) -> Floats:
        # The poorest level first, as the interpolation wants it.
        found = np.interp(values, steps[::-1], self.coefficient[::-1], left=0.0)
        return np.where(np.isnan(values), 0.0, found)

    def points(self, values: Floats, levels: Floats) -> Floats:
        """Of each row, shape (rows,)."""
        return np.asarray(self.coefficients(values, levels) @ self.weights, np.float64)

    def grade(self, points: Floats) -> Integers:
        """Its place on the scale, 0 for the best; a bound belongs to the better grade."""
        reached = np.searchsorted(self.bounds[::-1], points + _ROUNDING, side="right")
        return np.asarray(len(self.bounds) - reached, np.int64)


def read_policy(known: Collection[str], seeds: Path = SEEDS) -> Policy:
    """What the files say that has no end yet, for a sample of which these indicators are known."""
    indicators = _rows(seeds, "indicator")
    blocks = [
        _block(row["block"], float(row["corrected"]), indicators, known)
        for row in _rows(seeds, "block")
        if row["part"] == "quantitative"
    ]
    sets = {(block.name, block.used) for block in blocks}
    counted = [
        row
        for row in indicators
        if (row["block"], row["indicator_set"]) in sets and row["indicator"] in known
    ]
    levels = {
        row["indicator"]: [float(row[level]) for level in LEVELS]
        for row in _rows(seeds, "benchmark")
        if row["benchmark"] == BENCHMARK
    }
    coefficients = {row["parameter"]: float(row["value"]) for row in _rows(seeds, "parameter", "")}
    scale = sorted(
        (row for row in _rows(seeds, "grade") if row["applies"] != "split"),
        key=lambda row: -int(row["grade_rank"]),
    )
    return Policy(
        blocks=blocks,
        names=[row["indicator"] for row in counted],
        weights=np.array([float(row["weight"]) for row in counted]),
        more_is_better=np.array([row["better"] == "more" for row in counted]),
        levels=np.array([levels[row["indicator"]] for row in counted]),
        coefficient=np.array([coefficients[f"rating_{level}_coefficient"] for level in LEVELS]),
        scale=[row["grade"] for row in scale],
        bounds=np.array([float(row["lower_bound"]) for row in scale[:-1]]),
    )


def _block(
    name: str, points: float, indicators: Sequence[Mapping[str, str]], known: Collection[str]
) -> Block:
    lacking = {
        kind: [
            row["indicator"]
            for row in indicators
            if (row["block"], row["indicator_set"]) == (name, kind)
            and row["indicator"] not in known
        ]
        for kind in SETS
    }
    used = "alternative" if lacking["base"] and not lacking["alternative"] else "base"
    return Block(name, points, used, lacking)


def _rows(seeds: Path, name: str, room: str = "rating_") -> list[dict[str, str]]:
    with (seeds / f"policy_{room}{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if not row["valid_to"]]
