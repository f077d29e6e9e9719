"""Column names of a file against the contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.landing.contract import TableContract
from orchestration.landing.errors import RefusedFileError
from orchestration.landing.shown import shown_names


@dataclass(frozen=True)
class Header:
    """A file's column names in file order, and where each contract column stands (from 0)."""

    names: tuple[str, ...]
    positions: dict[str, int]
    unknown: tuple[str, ...]


def match_header(delivered: Sequence[str], table: TableContract) -> Header:
    """Names are compared without surrounding blanks and without case; order is free."""
    names = tuple(name.strip().lower() for name in delivered)
    positions = {name: at for at, name in enumerate(names) if name in table.columns}
    if not positions:
        # Not quoted: it may be a row, and of any table, if the file lies in a wrong folder.
        raise RefusedFileError(
            "no column of the contract stands in its first line; the first line must name the "
            "columns, separated by commas"
        )
    repeated = [name for name, count in Counter(n for n in names if n).items() if count > 1]
    if repeated:
        quoted = repeated[0] in table.columns or not table.has_personal_data
        which = f"the column {repeated[0]!r}" if quoted else "a column outside the contract"
        raise RefusedFileError(f"{which} stands twice in its header; deliver each column once")
    missing = [name for name in table.columns if name not in positions]
    if missing:
        what = "the column" if len(missing) == 1 else "these columns"
        raise RefusedFileError(
            f"its header lacks {what}: {', '.join(missing)}; deliver every column of the "
            "contract, empty where nothing is known"
        )
    unknown = shown_names(table, [name for name in names if name not in table.columns])
    return Header(names, positions, unknown)
