"""The rules of the landing room once more: slow, in plain Python, from the folder's content alone.

Written from the rules and not from the code under test; it shares nothing with it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

Row = tuple[str, str]  # account and balance: the key and the content
# None stands for a file that is refused, an empty balance for a row that is quarantined.
Files = dict[tuple[str, str], list[Row] | None]


@dataclass(frozen=True)
class Fate:
    """A row in raw."""

    day: str
    name: str
    line: int
    row: Row
    status: str
    superseded_on: str | None


def expected_rows(files: Files) -> set[Fate]:
    """All rows of raw."""
    by_key: dict[str, list[tuple[str, str, int, Row]]] = defaultdict(list)
    for (day, name), rows in loaded_files(files).items():
        for line, row in enumerate(rows, start=2):
            if row[1]:
                by_key[row[0]].append((day, name, line, row))
    return {fate for deliveries in by_key.values() for fate in _judge(deliveries)}


def loaded_files(files: Files) -> dict[tuple[str, str], list[Row]]:
    """Files that are neither refused nor equal to the one before, of which every row was good."""
    before: list[Row] | None = None
    found = {}
    for place in sorted(files):
        rows = files[place]
        if rows is not None and rows != before:
            found[place] = rows
        before = rows if rows is not None and all(balance for _, balance in rows) else None
    return found


def expected_ledger(files: Files) -> dict[tuple[str, str], tuple[object, ...]]:
    """(status, rows_read, accepted, duplicate, superseded, quarantined) of every file."""
    loaded = loaded_files(files)
    fates = expected_rows(files)
    ledger: dict[tuple[str, str], tuple[object, ...]] = {}
    for place, rows in files.items():
        if rows is None:
            ledger[place] = ("refused", 0, 0, 0, 0, 0)
        elif place not in loaded:
            ledger[place] = ("identical", len(rows), 0, len(rows), 0, 0)
        else:
            own = [fate for fate in fates if (fate.day, fate.name) == place]
            duplicate = sum(fate.status == "duplicate" for fate in own)
            accepted = sum(f.status == "accepted" and f.superseded_on is None for f in own)
            bad = sum(not balance for _, balance in rows)
            rest = len(rows) - accepted - duplicate - bad
            ledger[place] = ("loaded", len(rows), accepted, duplicate, rest, bad)
    return ledger


def _judge(deliveries: list[tuple[str, str, int, Row]]) -> list[Fate]:
    """Walk one key's rows day by day, keeping the version in force."""
    fates: list[Fate] = []
    in_force: Fate | None = None
    for day in sorted({delivery[0] for delivery in deliveries}):
        today = sorted(delivery for delivery in deliveries if delivery[0] == day)
        last = today.pop()
        for earlier in today:
            status = "duplicate" if earlier[3] == last[3] else "superseded"
            fates.append(Fate(*earlier, status, None))
        if in_force is not None and in_force.row == last[3]:
            fates.append(Fate(*last, "duplicate", None))
            continue
        if in_force is not None:
            fates.remove(in_force)
            fates.append(
                Fate(in_force.day, in_force.name, in_force.line, in_force.row, "accepted", day)
            )
        in_force = Fate(*last, "accepted", None)
        fates.append(in_force)
    return fates
