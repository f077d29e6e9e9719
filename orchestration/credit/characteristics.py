"""What a card asks about, as declared by whoever fits it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

# How the odds of being good go with the value: up, down, or whichever way tells more.
Trend = Literal["rising", "falling", "either"]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class Frozen(BaseModel):
    """A part of a card: once made it stays as it is, and holds nothing that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Numeric(Frozen):
    """A number. `specials` are values that mean something else, such as -999; each is a bin."""

    kind: Literal["numeric"] = "numeric"
    name: str = Field(min_length=1)
    specials: tuple[Finite, ...] = ()
    trend: Trend = "either"

    @field_validator("specials")
    @classmethod
    def _in_order(cls, specials: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(sorted(set(specials)))


class Coded(Frozen):
    """A code, text or a whole number, without an order of its own."""

    kind: Literal["coded"] = "coded"
    name: str = Field(min_length=1)


Characteristic = Annotated[Numeric | Coded, Field(discriminator="kind")]
