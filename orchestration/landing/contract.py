"""The extract contract: what each table's files must look like, read from contract/*.yml.

Readers, checks, `raw` tables, documentation and the sample bank derive from this model, so a
column is described once. Nothing here reads a delivery.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from orchestration.errors import TenureError

CONTRACT_DIR = Path(__file__).with_name("contract")

ColumnType = Literal["string", "date", "integer", "money", "rate", "boolean"]
DUCKDB_TYPES: Mapping[str, str] = {
    "string": "varchar",
    "date": "date",
    "integer": "bigint",
    "money": "decimal(18,2)",
    "rate": "decimal(18,6)",
    "boolean": "boolean",
}
DECIMALS: Mapping[str, int] = {"money": 2, "rate": 6}
# The largest amount of a money column without a `limit` of its own, in either direction. Larger
# ones are slips of a decimal point or a unit: hardly a bank has that much in all. What marts add up
# has room for a thousand of them, so a row alone can never stop a run.
MONEY_LIMIT = Decimal(10**13)
# The earliest day of a date column without a `min` of its own. Earlier ones are slips of a century.
EARLIEST_DAY = date(1900, 1, 1)
# Columns that raw tables carry beside the contract's own.
LOAD_COLUMNS: Mapping[str, str] = {
    "loaded_on": "date",
    "file_id": "varchar",
    "line_no": "bigint",
    "row_status": "varchar",
    "superseded_on": "date",
}


class ContractError(TenureError):
    """A contract file cannot be used; the message names the file."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Model):
    """One column: its type and what makes a value good."""

    type: ColumnType
    description: str
    nullable: bool = False
    pii: bool = False
    codes: tuple[str, ...] = ()
    min: Decimal | date | None = None
    max: Decimal | date | None = None
    limit: Decimal | None = None
    pattern: str | None = None
    max_length: int | None = None
    unit: str | None = None
    references: str | None = None
    not_before: str | None = None

    @property
    def duckdb_type(self) -> str:
        """The column's type in `raw`."""
        return DUCKDB_TYPES[self.type]

    @property
    def largest(self) -> Decimal | None:
        """The largest amount, in either direction; None where the column holds no amounts."""
        return (self.limit or MONEY_LIMIT) if self.type == "money" else None

    @field_validator("min", "max", "limit", mode="before")
    @classmethod
    def _bound(cls, value: Any) -> Any:
        """A date is quoted in YAML, a number is not: read each as what it looks like."""
        if isinstance(value, str) and "-" in value[1:]:
            return date.fromisoformat(value)
        return Decimal(str(value)) if isinstance(value, (int, float, str)) else value

    @model_validator(mode="before")
    @classmethod
    def _days_begin_somewhere(cls, column: Any) -> Any:
        """Years written with two digits are read as of the first century: no day of a bank's."""
        if isinstance(column, dict) and column.get("type") == "date":
            return {"min": EARLIEST_DAY} | column
        return column

    @model_validator(mode="after")
    def _rules_fit_the_type(self) -> Self:
        text_only = bool(self.codes) or self.pattern is not None or self.max_length is not None
        if text_only and self.type != "string":
            raise ValueError(f"codes, pattern and max_length are for strings, not {self.type}")
        if self.limit is not None and (self.type != "money" or self.limit <= 0):
            raise ValueError("limit is the largest amount of a money column, more than 0")
        for bound in (self.min, self.max):
            if bound is None:
                continue
            if self.type in ("string", "boolean"):
                raise ValueError(f"min and max do not apply to {self.type}")
            if isinstance(bound, date) != (self.type == "date"):
                raise ValueError(f"bound {bound} does not fit the type {self.type}")
        return self


class TableContract(_Model):
    """One table: its grain, its key and its columns."""

    name: str
    grain: str
    key: tuple[str, ...]
    happened: str
    planned: bool = False
    columns: Mapping[str, Column]

    @property
    def raw_columns(self) -> dict[str, str]:
        """Column names and DuckDB types of the raw table, in order."""
        own = {name: column.duckdb_type for name, column in self.columns.items()}
        return own | dict(LOAD_COLUMNS)

    @property
    def has_personal_data(self) -> bool:
        """Whether a whole line of this table may show personal data."""
        return any(column.pii for column in self.columns.values())

    @model_validator(mode="after")
    def _names_stand(self) -> Self:
        named = (*self.key, self.happened)
        named += tuple(c.not_before for c in self.columns.values() if c.not_before)
        unknown = [name for name in named if name not in self.columns]
        if unknown:
            raise ValueError(f"column {unknown[0]!r} is named but not described")
        if not self.key:
            raise ValueError("a table needs a key")
        for name in (*self.key, self.happened):
            if self.columns[name].nullable:
                raise ValueError(f"{name!r} is a key or event date and must not be nullable")
        dated = [self.happened]
        for name, column in self.columns.items():
            if name != name.lower() or not name.isidentifier() or name in LOAD_COLUMNS:
                raise ValueError(f"{name!r} cannot be a column name here")
            if column.not_before:
                dated += [name, column.not_before]
        wrong = [name for name in dated if self.columns[name].type != "date"]
        if wrong:
            raise ValueError(f"column {wrong[0]!r} is compared as a date but is not one")
        return self


class Contract(_Model):
    """All tables a bank may deliver."""

    tables: Mapping[str, TableContract]


@cache
def load_contract(path: Path | None = None) -> Contract:
    """The contract in a folder of YAML files, one per table (default: the bank's own)."""
    folder = path or CONTRACT_DIR
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise ContractError(f"no contract files (*.yml) in {folder}")
    contract = Contract(tables={file.stem: _read(file) for file in files})
    for table in contract.tables.values():
        for name, column in table.columns.items():
            if column.references and column.references not in contract.tables:
                raise ContractError(
                    f"{folder / table.name}.yml: column {name!r} references the table "
                    f"{column.references!r}, which has no contract file"
                )
    return contract


def _read(file: Path) -> TableContract:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ContractError(f"{file}: not a mapping of grain, key, happened and columns")
        return TableContract(name=file.stem, **content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContractError(f"{file}: not readable as YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "table"
        raise ContractError(f"{file}: {place}: {first['msg']}") from error
    except TypeError as error:
        raise ContractError(f"{file}: {error}") from error
