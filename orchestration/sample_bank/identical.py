"""Re-sent rows can make a whole file equal to an earlier one; such a file loads nothing.

Only then does the truth about a file depend on its bytes, so it is settled once all are written.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from pathlib import Path

from orchestration.sample_bank.bank import Bank


def settle_identical(bank: Bank, landing: Path) -> None:
    """Correct the files' truth for repeats of earlier files of the same table."""
    if not bank.request.defect_share:
        return
    files = bank.run(
        "select table_name, loaded_on, file_name from file_truth where status = 'loaded'"
        " order by table_name, loaded_on, file_name"
    ).fetchall()
    by_size: dict[tuple[str, int], list[tuple[str, str, Path]]] = defaultdict(list)
    for table, loaded_on, name in files:
        path = landing / table / str(loaded_on) / name
        by_size[table, path.stat().st_size].append((str(loaded_on), name, path))
    for (table, _), alike in by_size.items():
        first: dict[str, tuple[str, str]] = {}
        for loaded_on, name, path in alike if len(alike) > 1 else []:
            digest = sha256(path.read_bytes()).hexdigest()
            if digest in first:
                _repeat(bank, table, first[digest], (loaded_on, name))
            else:
                first[digest] = (loaded_on, name)


def _repeat(bank: Bank, table: str, first: tuple[str, str], again: tuple[str, str]) -> None:
    """The second of two equal files counts as duplicates.

    On the same day the first then stands unopposed: its rows have the fate the second's had.
    """
    where = "table_name = ? and loaded_on = ?::date and file_name = ?"
    if first[0] == again[0]:
        counts = bank.con.execute(
            f"select accepted, duplicate, superseded from file_truth where {where}", [table, *again]
        ).fetchall()[0]
        bank.con.execute(
            f"update file_truth set accepted = ?, duplicate = ?, superseded = ? where {where}",
            [*counts, table, *first],
        )
    bank.con.execute(
        "update file_truth set status = 'identical', accepted = 0, duplicate = rows_read,"
        f" superseded = 0, quarantined = 0 where {where}",
        [table, *again],
    )
