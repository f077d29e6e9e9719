"""What lies in the landing folder: names, sizes and times only, no content."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.errors import TenureError
from orchestration.landing.contract import Contract

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNFINISHED_PREFIXES = (".", "_")
_UNFINISHED_SUFFIXES = (".tmp", ".part")


class LandingError(TenureError):
    """What was delivered cannot be known; the message names the folder."""


@dataclass(frozen=True)
class Delivery:
    """One file as it lies in landing; `modified_ns` moves whenever the file may have changed."""

    table: str
    loaded_on: date
    name: str
    path: Path
    size: int
    modified_ns: int

    @property
    def file_id(self) -> str:
        """Stable and readable; sorts by day and file name within a table."""
        return make_file_id(self.table, self.loaded_on, self.name)


@dataclass(frozen=True)
class Listing:
    """Deliveries per table in delivery order, and what is not where the contract puts it."""

    deliveries: dict[str, list[Delivery]]
    strays: list[str]


def make_file_id(table: str, loaded_on: date, name: str) -> str:
    """The id of a file: its place under landing."""
    return f"{table}/{loaded_on.isoformat()}/{name}"


def modified_ns(stat: os.stat_result) -> int:
    """When a file was last written or put in place. Copying can keep the first, never both."""
    return max(stat.st_mtime_ns, stat.st_ctime_ns)


def is_csv(name: str) -> bool:
    """Whether the name says CSV, packed or not."""
    return name.lower().endswith((".csv", ".csv.gz"))


def is_parquet(name: str) -> bool:
    """Whether the name says Parquet."""
    return name.lower().endswith(".parquet")


def list_landing(landing: Path, contract: Contract, first_day: date, through: date) -> Listing:
    """All finished files of days from `first_day` to `through`, both included, by stat alone.

    A folder before the bank's first day is a slip of the pen: building from it would be centuries.
    """
    deliveries: dict[str, list[Delivery]] = {name: [] for name in contract.tables}
    strays: list[str] = []
    for entry in _entries(landing):
        if entry.name.startswith(_UNFINISHED_PREFIXES):
            continue
        if entry.name not in contract.tables:
            strays.append(f"landing/{entry.name}: no table of the contract has this name")
        elif not _is_folder(entry):
            strays.append(f"landing/{entry.name}: a file where the table's folder should be")
        else:
            _list_table(entry, first_day, through, deliveries[entry.name], strays)
    return Listing(deliveries, strays)


def _list_table(
    folder: os.DirEntry[str],
    first_day: date,
    through: date,
    found: list[Delivery],
    strays: list[str],
) -> None:
    for entry in _entries(Path(folder.path)):
        if entry.name.startswith(_UNFINISHED_PREFIXES):
            continue
        day = _day(entry.name)
        if day is None or not _is_folder(entry):
            strays.append(
                f"landing/{folder.name}/{entry.name}: not a day; "
                "files belong in a folder named YYYY-MM-DD"
            )
        elif day < first_day:
            strays.append(
                f"landing/{folder.name}/{entry.name}: before the bank's first day {first_day}; "
                "rename the folder, or set first_day"
            )
        elif day <= through:
            _list_day(entry, folder.name, day, found, strays)


def _list_day(
    folder: os.DirEntry[str], table: str, day: date, found: list[Delivery], strays: list[str]
) -> None:
    for entry in _entries(Path(folder.path)):
        name = entry.name
        if name.startswith(_UNFINISHED_PREFIXES) or name.endswith(_UNFINISHED_SUFFIXES):
            continue
        shown = name.encode(errors="replace").decode()
        if shown != name:
            strays.append(f"landing/{table}/{folder.name}/{shown}: the file name is not UTF-8")
        else:
            stat = _stat(entry)
            if stat is None:
                strays.append(f"landing/{table}/{folder.name}/{name}: not a file")
            else:
                found.append(
                    Delivery(table, day, name, Path(entry.path), stat.st_size, modified_ns(stat))
                )


def _stat(entry: os.DirEntry[str]) -> os.stat_result | None:
    """Of a file; None for anything else, links that lead nowhere or in circles among them."""
    try:
        return entry.stat() if entry.is_file() else None
    except OSError:
        return None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder; links in circles are none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What lies in a folder; nothing in one that is not there, or has just gone."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise LandingError(
            f"{folder} cannot be read ({error.strerror}), so nothing is known of what was "
            "delivered in it; let the account that runs tenure read it, and run again"
        ) from error


def _day(name: str) -> date | None:
    if not _DAY.fullmatch(name):
        return None
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None
