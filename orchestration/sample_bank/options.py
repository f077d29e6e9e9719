"""What a bank is asked to be: sizes, shares, and the calendar it runs over."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from orchestration.errors import TenureError

FileFormat = Literal["csv", "csv.gz", "parquet"]


class SampleBankError(TenureError):
    """The bank asked for cannot be built."""


class Volumes(BaseModel):
    """How big and how busy the bank is. Shares are of 1, rates per customer and month."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: Transactions per customer and month, on average over all customers with an account.
    transactions_per_month: float = Field(default=1.0, ge=0.75, le=30)
    #: Days with a login, per customer and month, on average.
    login_days_per_month: float = Field(default=0.4, ge=0, le=10)
    #: Share of customers that are companies, and public bodies.
    corporate_share: float = Field(default=0.05, ge=0, le=0.5)
    government_share: float = Field(default=0.01, ge=0, le=0.2)
    #: Share of customers that join during the period (the others are there on the first day).
    joining_share: float = Field(default=0.18, ge=0, le=0.9)
    #: Share of customers who are registered without an account (prospects).
    prospect_share: float = Field(default=0.03, ge=0, le=0.5)
    #: Share of customers whose business starts to decline, per year.
    decline_per_year: float = Field(default=0.09, ge=0, le=0.9)
    #: Share of a campaign's customers drawn from all, and share of them in the control arm.
    campaign_share: float = Field(default=0.03, ge=0, le=0.5)
    control_share: float = Field(default=0.25, gt=0, lt=1)
    #: Longest delay of a late row, days.
    late_days: int = Field(default=40, ge=1, le=60)
    #: Rows re-sent unchanged / re-sent with other values, as a multiple of the defect share.
    duplicate_factor: float = Field(default=0.5, ge=0, le=5)
    correction_factor: float = Field(default=0.5, ge=0, le=5)
    #: Planted bad rows never exceed this share of a table's rows of one day, so that one small
    #: day does not trip a gate on the share of quarantined rows.
    defect_day_cap: float = Field(default=0.04, ge=0, le=1)
    #: Share of a table's days that come as two files.
    two_file_share: float = Field(default=0.2, ge=0, le=1)
    #: Lower bounds of gold, platinum and diamond on deposits; of borderline, qualified and the
    #: (exclusive) bound of stable on financial assets. Reporting currency.
    deposit_bounds: tuple[int, int, int] = (50_000, 200_000, 1_000_000)
    asset_bounds: tuple[int, int, int] = (5_000_000, 6_000_000, 8_000_000)
    #: Engine of the generator.
    threads: int = Field(default=2, ge=1)
    memory_limit: str = "6GB"


class Request(BaseModel):
    """The arguments of one generation, checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    customers: int = Field(ge=1, le=90_000_000)
    start: date
    months: int = Field(ge=1, le=240)
    seed: int = Field(ge=0)
    late_share: float = Field(ge=0, le=0.5)
    defect_share: float = Field(ge=0, le=0.2)
    file_format: FileFormat
    refused_files: int = Field(default=0, ge=0)
    volumes: Volumes = Volumes()


class Month(BaseModel):
    """One calendar month of the bank; `end` is its last day."""

    model_config = ConfigDict(frozen=True)

    index: int
    first: date
    end: date

    @property
    def days(self) -> int:
        """Days of the month."""
        return (self.end - self.first).days + 1

    @property
    def label(self) -> str:
        """The month as YYYY-MM."""
        return f"{self.first:%Y-%m}"


class Summary(BaseModel):
    """What was written."""

    model_config = ConfigDict(frozen=True)

    landing: Path
    truth: Path
    first_day: date
    last_day: date
    files: int
    rows: dict[str, int]
    late_rows: int
    defect_rows: int
    seconds: float


def calendar_of(start: date, months: int) -> list[Month]:
    """The months from start on."""
    result = []
    for index in range(months):
        year, month = divmod(start.month - 1 + index, 12)
        first = date(start.year + year, month + 1, 1)
        end = first.replace(day=monthrange(first.year, first.month)[1])
        result.append(Month(index=index, first=first, end=end))
    return result


# The stock of customers was won over fifteen years, and nobody plans a bank beyond that.
_YEARS = (1920, 2190)


def check_start(start: date, months: int, file_format: str) -> None:
    """Refuse what the model cannot express."""
    first, last = _YEARS
    if not first <= start.year <= last or not 0 < months <= 240:
        raise SampleBankError(
            f"a bank starts in {first} to {last} and has 1 to 240 months, not {months} from {start}"
        )
    if start.day != 1:
        raise SampleBankError(
            f"start {start} is not the first day of a month; take {start.replace(day=1)}"
        )
    if file_format not in get_args(FileFormat):
        raise SampleBankError(
            f"file format {file_format!r} is not one of {', '.join(get_args(FileFormat))}"
        )
