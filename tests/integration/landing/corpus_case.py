"""What a case of the corpus is, and how to write one shortly."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

# One good row per table that the corpus uses, delivered on any day from 2025 on.
GOOD: dict[str, dict[str, str]] = {
    "account_balances": {
        "account_id": "A1",
        "balance_on": "2024-12-31",
        "closing_balance": "10.50",
    },
    "accounts": {
        "account_id": "A1",
        "effective_on": "2024-12-31",
        "customer_id": "C1",
        "product_id": "P1",
        "currency": "EUR",
        "branch_id": "",
        "opened_on": "2020-02-29",
        "closed_on": "",
        "status": "active",
        "credit_limit": "",
        "agency_group": "",
    },
    "customers": {
        "customer_id": "C1",
        "effective_on": "2024-12-31",
        "customer_type": "retail",
        "name": "Zhang Wei",
        "id_number": "110101",
        "phone": "555-0100",
        "address": "1 High Street",
        "birth_date": "1980-05-01",
        "gender": "female",
        "region": "",
        "area": "urban",
        "branch_id": "B1",
        "relationship_manager": "",
        "opened_on": "2010-01-01",
        "closed_on": "",
        "household_income": "50000",
        "risk_appetite": "R3",
        "acquisition_source": "branch",
        "industry": "",
    },
    "loan_performance": {
        "loan_id": "L1",
        "month_end": "2024-12-31",
        "days_past_due": "0",
        "outstanding": "1000.00",
        "in_default": "false",
    },
    "products": {
        "product_id": "P1",
        "effective_on": "2024-12-31",
        "product_name": "Savings",
        "product_class": "demand",
        "asset_weight": "0.8",
        "ftp_spread": "0.012500",
    },
    "campaigns": {
        "campaign_id": "K1",
        "campaign_name": "Spring",
        "starts_on": "2024-03-01",
        "ends_on": "2024-04-01",
        "goal": "retain",
        "product_class": "",
    },
}


@dataclass(frozen=True)
class Case:
    """One input and what has to come of it."""

    name: str
    table: str
    content: bytes
    file: str = "a.csv"
    # A file that is refused: a pattern that its reason has to hold.
    refused: str | None = None
    # Otherwise: rows read, and (line, column, reason code) of every problem.
    rows: int = 1
    problems: tuple[tuple[int, str | None, str], ...] = ()


def header(table: str) -> str:
    return ",".join(GOOD[table]) + "\n"


def line(table: str, **changes: str) -> str:
    """A good row with changes; values stand as given, quotes and all."""
    return ",".join((GOOD[table] | changes).values()) + "\n"


def value_case(name: str, table: str, column: str, value: str, code: str | None) -> Case:
    """A good row, then one with this value: bad with this code, or good."""
    content = header(table) + line(table) + line(table, **{column: value})
    problems = ((3, column, code),) if code else ()
    return Case(f"{table}.{column}: {name}", table, content.encode(), rows=2, problems=problems)


def text_case(
    name: str,
    body: str | bytes,
    *problems: tuple[int, str | None, str],
    rows: int = 1,
    refused: str | None = None,
    file: str = "a.csv",
    table: str = "account_balances",
) -> Case:
    """A whole file as text or bytes."""
    content = body.encode() if isinstance(body, str) else body
    if file.endswith(".gz") and not content.startswith((b"\x1f\x8b", b"!")):
        content = packed(content)
    return Case(name, table, content.removeprefix(b"!"), file, refused, rows, problems)


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    """A Parquet file of these columns."""
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target, **options)
    return target.getvalue()
