"""What an import says about itself: rows in, rows out and every difference between them."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.errors import TenureError

# Rows of a table beyond one per row of its files.
_BEYOND_FILES = {
    "products": "kinds of accounts and cards",
    "account_balances": "closing balances of accounts' days, where they changed",
    "loans": "second versions, on the day the contract ran out",
    "loan_performance": "loans still running on the last day",
}


class BerkaError(TenureError):
    """The files cannot be imported; the message says which, where and what to do."""


@dataclass(frozen=True)
class BadRow:
    """A row that could not be decoded."""

    file: str
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.file} line {self.line}: {self.problem}"


@dataclass(frozen=True)
class Difference:
    """Rows of a file that led to no row of its table, and why."""

    rows: int
    reason: str


@dataclass(frozen=True)
class FileSummary:
    """One file: rows_in = rows_out + the rows of all differences."""

    file: str
    rows_in: int
    table: str
    rows_out: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class ClosingRows:
    """How the last row of an account's day was found, in account-days."""

    by_chain: int
    by_next_day: int
    by_previous_day: int
    by_debits_last: int
    by_number: int

    @property
    def account_days(self) -> int:
        """Account-days with a transaction."""
        return (
            self.by_chain
            + self.by_next_day
            + self.by_previous_day
            + self.by_debits_last
            + self.by_number
        )


@dataclass(frozen=True)
class ImportSummary:
    """Result of one import."""

    files: tuple[FileSummary, ...]
    tables: dict[str, int]
    closing_rows: ClosingRows
    orphan_transactions: int
    bad_rows: tuple[BadRow, ...]
    first_day: str
    last_day: str
    files_written: int
    files_unchanged: int
    files_emptied: int
    seconds: float

    def lines(self) -> list[str]:
        """The summary as a person reads it."""
        out = [f"Deliveries from {self.first_day} to {self.last_day}:"]
        out += [
            f"  {table}: {rows:,} rows{self._origin(table, rows)}"
            for table, rows in self.tables.items()
        ]
        out.append("Rows in and out, per file:")
        for file in self.files:
            out.append(f"  {file.file}: {file.rows_in:,} in, {file.rows_out:,} in {file.table}")
            out += [f"    {diff.rows:,} not: {diff.reason}" for diff in file.differences]
        out += [f"  bad row: {bad}" for bad in self.bad_rows[:20]]
        if self.orphan_transactions:
            out.append(
                f"  {self.orphan_transactions:,} transactions were delivered whose account was not;"
                " the staging gate will name them"
            )
        rows = self.closing_rows
        unchanged = rows.account_days - self.tables["account_balances"]
        out.append(
            f"Closing balances of {rows.account_days:,} account-days with transactions,"
            f" {unchanged:,} of them as before and so not delivered: last row found by chaining"
            f" {rows.by_chain:,}, next day {rows.by_next_day:,}, previous day"
            f" {rows.by_previous_day:,}, debits last {rows.by_debits_last:,},"
            f" number {rows.by_number:,}."
        )
        out.append(
            f"{self.files_written:,} files written, {self.files_unchanged:,} unchanged,"
            f" {self.files_emptied:,} emptied; {self.seconds:.1f} s."
        )
        return out

    def _origin(self, table: str, rows: int) -> str:
        """What the rows of a table add up from."""
        parts = {
            f"from {file.file}": file.rows_out
            for file in self.files
            if file.table == table and file.rows_out
        }
        beyond = rows - sum(parts.values())
        if beyond:
            parts[_BEYOND_FILES.get(table, "others")] = beyond
        if len(parts) == 1:
            return f", {next(iter(parts))}"
        added = " + ".join(f"{count:,} {what}" for what, count in parts.items())
        return f" = {added}" if added else ""
