"""What a scorecard may be: the policy it is fitted under, without a number of its own."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from orchestration.credit.errors import BadPolicy

Share = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
# `either`: rising or falling, whichever tells more; the words are about the rate of bad ones.
Trend = Literal["either", "ascending", "descending", "peak", "valley", "none"]
# What a value that fitting never saw gets, beside its flag.
Unseen = Literal["no_score", "neutral", "worst"]

Model = TypeVar("Model", bound=BaseModel)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# It names files.
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Feature(_Frozen):
    """A candidate: its kind, the trend asked of it, and values that are no measure.

    `special`: reason -> values that stand for it, such as -9 for "not asked".
    """

    name: str
    kind: Literal["numeric", "categorical"]
    trend: Trend = "either"
    special: Mapping[str, tuple[float | str, ...]] = {}

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"feature {self.name!r}: lower case letters, digits and _ only")
        if self.kind == "categorical" and self.trend not in ("either", "none"):
            raise ValueError(f"feature {self.name}: codes have no order to ask a trend of")
        wanted = (int, float) if self.kind == "numeric" else (str,)
        values = [value for group in self.special.values() for value in group]
        if any(isinstance(value, bool) or not isinstance(value, wanted) for value in values):
            raise ValueError(f"feature {self.name}: special values must be {self.kind}")
        if len(set(values)) < len(values):
            raise ValueError(f"feature {self.name}: a special value stands in two groups")
        return self


class Binning(_Frozen):
    """How fine bins may be. Shares are of all rows fitted on."""

    max_bins: Annotated[int, Field(ge=2)]
    max_prebins: Annotated[int, Field(ge=2, le=50)]
    min_share: Share
    min_goods: Count
    min_bads: Count


class Screening(_Frozen):
    """What a feature must bring, and how much of it others may say already."""

    min_information_value: Annotated[float, Field(ge=0)]
    # More than an honest feature tells: the outcome has leaked into it.
    max_information_value: Positive
    max_correlation: Annotated[float, Field(gt=0, le=1)]
    max_variance_inflation: Annotated[float, Field(ge=1)]
    # CSI between the earlier and the later half of the months learned from: what moves while the
    # card learns, as a window that is not full yet does, moves on. None where not asked for.
    max_drift: Positive | None = None


class Scaling(_Frozen):
    """The score at which good stand to bad ones as `base_odds` to 1, and what doubles that."""

    base_score: Positive
    base_odds: Positive
    points_to_double: Positive


class Grade(_Frozen):
    """A class of the master scale: PDs from where the class before ends to below its own end."""

    name: str
    below: Annotated[float, Field(gt=0, le=1)]


class Policy(_Frozen):
    """All that decides a card beside the data."""

    version: str
    features: Annotated[tuple[Feature, ...], Field(min_length=1)]
    binning: Binning
    screening: Screening
    scaling: Scaling
    grades: Annotated[tuple[Grade, ...], Field(min_length=1)]
    # Strength of the pull of coefficients to 0, in rows: against chance where rows are few.
    ridge: Annotated[float, Field(ge=0)]
    unseen: Unseen
    reasons: Annotated[int, Field(ge=1, le=10)]
    min_rows: Count
    min_goods: Count
    min_bads: Count
    # Parts of the rows that are held out in turn: PDs are calibrated on them.
    folds: Annotated[int, Field(ge=2, le=20)]
    seed: Annotated[int, Field(ge=0)]
    # PDs average to this; to what was observed where it is not given.
    long_run_rate: Share | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not _VERSION.fullmatch(self.version):
            raise ValueError(f"version {self.version!r}: letters, digits and . _ - only")
        names = [feature.name for feature in self.features]
        if len(set(names)) < len(names):
            raise ValueError("a feature is listed twice")
        bounds = [grade.below for grade in self.grades]
        if any(upper <= lower for lower, upper in pairwise(bounds)) or bounds[-1] != 1:
            raise ValueError("grades must rise in PD and end at 1")
        if len({grade.name for grade in self.grades}) < len(self.grades):
            raise ValueError("two grades have one name")
        return self


def read_policy(path: Path) -> Policy:
    """A policy file in TOML; what is wrong with it is said in one sentence."""
    return read_toml(path, Policy)


def read_toml(path: Path, model: type[Model]) -> Model:
    """A file of a model; what is wrong with it is said in one sentence."""
    try:
        return model.model_validate_json(json.dumps(tomllib.loads(path.read_text("utf-8"))))
    except OSError as error:
        raise BadPolicy(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadPolicy(f"{path}: not UTF-8; save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise BadPolicy(f"{path}: not TOML: {error}") from error
    except ValidationError as error:
        raise BadPolicy(f"{path}: {said(error)}") from error


def said(error: ValidationError) -> str:
    """The first thing wrong, with where it stands."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])
