"""The published files: their columns, in order, and what a value of each must look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orchestration.sources.berka.codes import K_SYMBOLS, OPERATIONS, TYPES

Kind = Literal["id", "day", "stamp", "birth", "money", "months", "share", "text", "code", "unused"]


@dataclass(frozen=True)
class Field:
    """One column of a file."""

    name: str
    kind: Kind
    codes: tuple[str, ...] = ()
    may_be_empty: bool = False


@dataclass(frozen=True)
class Source:
    """One file; its first column is its key."""

    name: str
    fields: tuple[Field, ...]

    @property
    def header(self) -> list[str]:
        """Column names as published, lower case."""
        return [field.name.lower() for field in self.fields]


DISTRICT = Source(
    "district",
    (
        Field("A1", "id"),
        Field("A2", "text"),
        Field("A3", "text"),
        *(Field(f"A{number}", "unused") for number in range(4, 10)),
        Field("A10", "share"),
        *(Field(f"A{number}", "unused") for number in range(11, 17)),
    ),
)
ACCOUNT = Source(
    "account",
    (
        Field("account_id", "id"),
        Field("district_id", "id"),
        Field("frequency", "unused"),
        Field("date", "day"),
    ),
)
CLIENT = Source(
    "client",
    (
        Field("client_id", "id"),
        Field("birth_number", "birth"),
        Field("district_id", "id"),
    ),
)
DISP = Source(
    "disp",
    (
        Field("disp_id", "id"),
        Field("client_id", "id"),
        Field("account_id", "id"),
        Field("type", "code", ("OWNER", "DISPONENT")),
    ),
)
LOAN = Source(
    "loan",
    (
        Field("loan_id", "id"),
        Field("account_id", "id"),
        Field("date", "day"),
        Field("amount", "money"),
        Field("duration", "months"),
        Field("payments", "money"),
        Field("status", "code", ("A", "B", "C", "D")),
    ),
)
CARD = Source(
    "card",
    (
        Field("card_id", "id"),
        Field("disp_id", "id"),
        Field("type", "code", ("junior", "classic", "gold")),
        Field("issued", "stamp"),
    ),
)
ORDER = Source(
    "order",
    (
        Field("order_id", "id"),
        Field("account_id", "id"),
        Field("bank_to", "unused"),
        Field("account_to", "unused"),
        Field("amount", "money"),
        Field("k_symbol", "unused"),
    ),
)
TRANS = Source(
    "trans",
    (
        Field("trans_id", "id"),
        Field("account_id", "id"),
        Field("date", "day"),
        Field("type", "code", tuple(TYPES)),
        Field("operation", "code", tuple(OPERATIONS), may_be_empty=True),
        Field("amount", "money"),
        Field("balance", "money"),
        Field("k_symbol", "code", tuple(K_SYMBOLS), may_be_empty=True),
        Field("bank", "text", may_be_empty=True),
        Field("account", "unused"),
    ),
)
SOURCES = (DISTRICT, ACCOUNT, CLIENT, DISP, LOAN, CARD, ORDER, TRANS)
