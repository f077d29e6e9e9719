"""The files themselves: slices of a month's rows in delivery order, as text or Parquet.

Text is built as lines by the engine, so that a malformed line is just another line; a file is
then a range of bytes of the column. Files are independent, so they are written side by side.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.landing.contract import TableContract
from orchestration.sample_bank import defects
from orchestration.sample_bank.bank import Bank, line_of

#: (day of delivery, number of the file, first row, row after the last)
Slice = tuple[date, int, int, int]


def write_text(bank: Bank, table: TableContract, landing: Path, bad: int) -> None:
    """Write the batch, with the bad rows mixed in, as csv or csv.gz."""
    lines = f"select loaded_on, file_no, sent, {line_of(table)} as line from batch"
    if bad:
        bank.run(
            f"""
            create or replace table lines as
            select *, row_number() over (
                partition by loaded_on, file_no order by sent, hash(line), line) as ordinal
            from (
                {lines}
                union all by name
                select loaded_on, file_no, 0 as sent, line, bad_no from bad
            )
            order by loaded_on, file_no, ordinal
            """
        )
        bank.run("update bad set ordinal = l.ordinal from lines as l where l.bad_no = bad.bad_no")
        defects.record(bank, table.name)
        lines = "from lines"
    column = bank.run(f"select line from ({lines})").to_arrow_table()["line"]
    array = pa.concat_arrays(column.cast(pa.large_string()).chunks)
    offsets = memoryview(array.buffers()[1]).cast("q")[array.offset :]
    text = memoryview(array.buffers()[2])
    header = (",".join(table.columns) + "\n").encode()
    is_packed = bank.request.file_format == "csv.gz"

    def write(part: Slice) -> None:
        loaded_on, file_no, start, stop = part
        body = header + text[offsets[start] : offsets[stop]]
        path = _path(bank, landing, table.name, loaded_on, file_no)
        path.write_bytes(gzip.compress(body, compresslevel=4, mtime=0) if is_packed else body)

    _all(bank, write, _slices(bank, "select loaded_on, file_no, rows_read from file_rows"))


def write_parquet(bank: Bank, table: TableContract, landing: Path, bad: int) -> None:
    """Write the batch as Parquet; a column that a bad row of the file breaks is text there."""
    names = list(table.columns)
    columns = ", ".join(names)
    good = bank.run(f"select {columns} from batch").to_arrow_table().combine_chunks()
    planted: dict[tuple[date, int], pa.Table] = {}
    if bad:
        _place_last(bank)
        defects.record(bank, table.name)
        spoilt = bank.run(
            f"select {columns} from bad order by loaded_on, file_no, bad_no"
        ).to_arrow_table()
        parts = _slices(bank, "select loaded_on, file_no, count(*) as n from bad group by all")
        planted = {(d, n): spoilt.slice(start, stop - start) for d, n, start, stop in parts}

    def write(part: Slice) -> None:
        loaded_on, file_no, start, stop = part
        rows = good.slice(start, stop - start)
        if (loaded_on, file_no) in planted:
            rows = _joined(rows, planted[loaded_on, file_no])
        path = _path(bank, landing, table.name, loaded_on, file_no)
        pq.write_table(rows, path, compression="zstd")

    _all(
        bank,
        write,
        _slices(bank, "select loaded_on, file_no, sum(n)::bigint as n from counted group by all"),
    )


def _place_last(bank: Bank) -> None:
    """Bad rows of a Parquet file follow its good ones."""
    bank.run(
        """
        update bad set ordinal = o.ordinal from (
            select b.bad_no, g.n + row_number() over (
                partition by b.loaded_on, b.file_no order by b.bad_no) as ordinal
            from bad as b
            inner join (
                select loaded_on, file_no, sum(n)::bigint as n from counted group by all
            ) as g using (loaded_on, file_no)
        ) as o where o.bad_no = bad.bad_no
        """
    )


def _joined(good: pa.Table, bad: pa.Table) -> pa.Table:
    """Good rows, then bad ones; a column stays typed if the bad text can be cast to its type."""
    columns = {}
    for name in good.column_names:
        left, right = good[name], bad[name]
        try:
            right = pc.cast(right, left.type)
        except pa.ArrowInvalid:
            left = pc.cast(left, pa.string())
        columns[name] = pa.chunked_array([*left.chunks, *right.chunks], type=left.type)
    return pa.table(columns)


def _slices(bank: Bank, counts: str) -> list[Slice]:
    """Ranges of rows, from the number of rows of each file."""
    result, start = [], 0
    for loaded_on, file_no, rows in bank.run(
        f"from ({counts}) order by loaded_on, file_no"
    ).fetchall():
        result.append((loaded_on, int(file_no), start, start + int(rows)))
        start += int(rows)
    return result


def _path(bank: Bank, landing: Path, name: str, loaded_on: date, file_no: int) -> Path:
    folder = landing / name / loaded_on.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}_{file_no}.{bank.request.file_format}"


def _all(bank: Bank, write: Callable[[Slice], None], parts: Iterable[Slice]) -> None:
    with ThreadPoolExecutor(bank.volumes.threads) as pool:
        for _ in pool.map(write, parts):
            pass
