"""Re-sent rows can make a whole file equal to the one before; such a file loads nothing.

Only then does the truth about a file depend on its bytes, so it is settled once all are written.
"""

from __future__ import annotations

import filecmp
from itertools import groupby
from pathlib import Path

from orchestration.sample_bank.bank import Bank


def settle_identical(bank: Bank, landing: Path) -> None:
    """Correct the files' truth for repeats of the file before in the same table."""
    if not bank.request.defect_share:
        return
    files = bank.run(
        "select table_name, loaded_on::varchar, file_name, quarantined from file_truth"
        " order by table_name, loaded_on, file_name"
    ).fetchall()
    for table, delivered in groupby(files, key=lambda file: str(file[0])):
        before: tuple[str, str] | None = None
        for _, day, name, quarantined in delivered:
            # A file with quarantined rows is no original: another day its bytes may be good.
            if quarantined:
                before = None
            elif before and filecmp.cmp(
                landing / table / before[0] / before[1], landing / table / day / name, shallow=False
            ):
                _repeat(bank, table, before, (day, name))
            else:
                before = (day, name)


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
