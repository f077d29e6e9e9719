"""The terms on which a kind of card is developed and promoted, as reviewed files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from orchestration.credit.errors import BadPolicy
from orchestration.credit.policy import Count, Policy, Positive, read_toml

Kind = Literal["application", "behavioural"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# A lender may not ask for these, whatever they tell; what stands for them is for reviewers to see.
NEVER_ASKED = frozenset({"ethnicity", "gender", "nationality", "region", "religion", "sex"})
_FOLDER = Path(__file__).with_name("policies")
Share = Annotated[float, Field(ge=0, le=1)]
# A century: more is a slip, and no calendar has it.
Months = Annotated[int, Field(ge=1, le=1200)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class SampleTerms(_Frozen):
    """Which outcomes teach, and which later ones test.

    `months_apart`: of each borrower one month in so many teaches.
    """

    development_months: Months
    test_months: Months
    months_apart: Months
    rows_at_most: Count


class Bounds(_Frozen):
    """What a card must show on the rows that test it before it may decide.

    `least_auc`: of the interval's lower end. `expected_to_bad`: mean PD over the rate of bad ones.
    `most_inversions`: classes with a lower rate than the better class before.
    """

    least_rows: Count
    least_bads: Count
    least_auc: Share
    least_expected_to_bad: Positive
    most_expected_to_bad: Positive
    most_grade_drift: Positive
    most_feature_drift: Positive
    most_inversions: Annotated[int, Field(ge=0)]
    most_unscored_share: Share

    @model_validator(mode="after")
    def _leave_room(self) -> Self:
        if not self.least_expected_to_bad < self.most_expected_to_bad:
            raise ValueError("least_expected_to_bad must lie below most_expected_to_bad")
        return self


class Development(_Frozen):
    """All that decides a card of a kind beside the data."""

    kind: Kind
    sample: SampleTerms
    promotion: Bounds
    card: Policy

    @model_validator(mode="after")
    def _ask_what_may_be_asked(self) -> Self:
        asked = sorted(NEVER_ASKED & {feature.name for feature in self.card.features})
        if asked:
            raise ValueError(f"a lender may not ask for {', '.join(asked)}: take it out")
        return self


def read_development(path: Path) -> Development:
    """The terms in a file; what is wrong with it is said in one sentence."""
    return read_toml(path, Development)


def shipped(kind: str) -> Development:
    """The terms of a kind as they stand in the repository."""
    if kind not in KINDS:
        raise BadPolicy(f"{kind!r} is no kind of card: there are {' and '.join(KINDS)}")
    return read_development(_FOLDER / f"{kind}.toml")
