"""Parquet columns of many types; lines are row numbers."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pyarrow as pa

from tests.integration.landing.corpus_case import Case, parquet, text_case


def parquet_cases() -> list[Case]:
    """Parquet columns of many types; lines are row numbers."""
    day = datetime.date(2024, 12, 31)
    ids = ["A1", "A2"]
    good = {"account_id": ids, "balance_on": [day, day], "closing_balance": [Decimal("1.00")] * 2}

    def case(
        name: str, *problems: tuple[int, str, str], refused: str | None = None, **columns: object
    ) -> Case:
        content = parquet(good | columns)
        return text_case(name, content, *problems, rows=2, refused=refused, file="a.parquet")

    moment = datetime.datetime(2024, 12, 31)
    return [
        case(
            "Parquet: future",
            (1, "balance_on", "future_date"),
            balance_on=[datetime.date(2031, 1, 1), day],
        ),
        case(
            "Parquet: nulls",
            (1, "account_id", "missing_value"),
            (2, "closing_balance", "missing_value"),
            account_id=[None, "A2"],
            closing_balance=[Decimal("1.00"), None],
        ),
        case(
            "Parquet: money as text",
            (2, "closing_balance", "wrong_type"),
            closing_balance=["1.5", "x"],
        ),
        case(
            "Parquet: money as floats",
            (2, "closing_balance", "too_many_decimals"),
            closing_balance=[1.25, 0.125],
        ),
        case(
            "Parquet: float noise is not rounded",
            (1, "closing_balance", "too_many_decimals"),
            closing_balance=[0.1 + 0.2, 0.3],
        ),
        case(
            "Parquet: floats that are no numbers",
            (1, "closing_balance", "wrong_type"),
            (2, "closing_balance", "wrong_type"),
            closing_balance=[float("nan"), float("inf")],
        ),
        case(
            "Parquet: large floats",
            (2, "closing_balance", "out_of_range"),
            closing_balance=[9e12, 1e17],
        ),
        case(
            "Parquet: an absurd amount",
            (1, "closing_balance", "out_of_range"),
            closing_balance=[Decimal("-10000000000000.01"), Decimal("10000000000000.00")],
        ),
        case("Parquet: money as integers", closing_balance=[1, -2]),
        case(
            "Parquet: four decimals",
            (2, "closing_balance", "too_many_decimals"),
            closing_balance=[Decimal("1.5000"), Decimal("1.2345")],
        ),
        case(
            "Parquet: days as timestamps",
            (2, "balance_on", "wrong_type"),
            balance_on=[moment, moment.replace(hour=3)],
        ),
        case(
            "Parquet: days as text",
            (2, "balance_on", "wrong_type"),
            balance_on=["2024-12-31", "31/12/2024"],
        ),
        case("Parquet: numbers for ids", account_id=[1, 2]),
        case("Parquet: categories", account_id=pa.array(ids).dictionary_encode()),
        case("Parquet: empty text", (1, "account_id", "missing_value"), account_id=["", "A2"]),
        case(
            "Parquet: a column of nulls only",
            (1, "closing_balance", "missing_value"),
            (2, "closing_balance", "missing_value"),
            closing_balance=pa.nulls(2),
        ),
        case(
            "Parquet: floats for ids",
            refused="account_id has the Parquet type DOUBLE",
            account_id=[1.0, 2.0],
        ),
        case(
            "Parquet: a list",
            refused="account_id has the Parquet type VARCHAR",
            account_id=[["A1"], ["A2"]],
        ),
        case(
            "Parquet: bytes for ids",
            refused="account_id has the Parquet type BLOB",
            account_id=[b"A1", b"A2"],
        ),
        case(
            "Parquet: a time zone",
            refused="balance_on has the Parquet type TIMESTAMP WITH",
            balance_on=pa.array([moment, moment], pa.timestamp("us", "UTC")),
        ),
        case(
            "Parquet: numbers for days",
            refused="balance_on has the Parquet type",
            balance_on=[20241231, 20241230],
        ),
        case("Parquet: a reserved name", refused="reader", file_row_number=[1, 2]),
        case(
            "Parquet: an unknown column",
            (1, "account_id", "missing_value"),
            account_id=[None, "A2"],
            extra=[1, 2],
        ),
        text_case(
            "Parquet: a missing column",
            parquet({"account_id": ids}),
            refused="lacks",
            file="a.parquet",
        ),
        text_case(
            "Parquet: a column twice by case",
            parquet(good | {"ACCOUNT_ID": ids}),
            refused="twice",
            file="a.parquet",
        ),
        text_case("Parquet: no rows", many_balances(0), rows=0, file="a.parquet"),
        text_case(
            "Parquet: a name like a pattern",
            parquet(good | {"x": [3, 4]}),
            refused="pattern",
            file="a[1].parquet",
        ),
    ]


def many_balances(rows: int) -> bytes:
    """An uncompressed file of so many good rows."""
    day = datetime.date(2024, 12, 31)
    return parquet(
        {
            "account_id": pa.array([f"A{n * 7919 % 9973}" for n in range(rows)], pa.string()),
            "balance_on": pa.array([day] * rows, pa.date32()),
            "closing_balance": pa.array([Decimal(n) for n in range(rows)], pa.decimal128(18, 2)),
        },
        compression="none",
    )
