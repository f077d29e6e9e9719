"""Delivery: which row comes in which file of which day, and the files themselves.

A month's rows of a table are brought into one order - day, file, place in the file - and each
file is then a contiguous slice of it. Text files are built as lines by the engine, so that a
malformed line is just another line.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.landing.contract import TableContract
from orchestration.sample_bank import defects
from orchestration.sample_bank.bank import Bank, day, line_of
from orchestration.sample_bank.options import Month

# A row re-sent with other values: what changes. Money and dates stay as they were, so the known
# truth does not depend on whether the correction has arrived.
CORRECTIONS = {
    "customers": "phone = '100' || lpad((n % 100000000)::varchar, 8, '0')",
    "accounts": "branch_id = 'BR9' || lpad((n % 1000)::varchar, 3, '0')",
    "transactions": "rail = case when rail = 'own' then 'third_party' else 'own' end",
    "external_assets": "amount = amount + 1000",
    "leads": "owner = 'S' || (n % 1000)::varchar",
    "opportunities": "expected_sales = expected_sales + 1000",
    "qualitative_assessments": "assessor = 'RC' || (n % 100)::varchar",
    "channel_logins": "logins = logins + 1",
    "loans": "purpose = 'other'",
}


@dataclass
class Written:
    """Running totals of what was delivered."""

    files: int = 0
    late_rows: int = 0
    defect_rows: int = 0
    rows: dict[str, int] = field(default_factory=dict)


def prepare(bank: Bank) -> None:
    """Tables that record what each file holds."""
    bank.run(
        """
        create table file_truth (
            table_name varchar, loaded_on date, file_name varchar, status varchar,
            rows_read bigint, accepted bigint, duplicate bigint, superseded bigint,
            quarantined bigint)
        """
    )
    bank.run(
        """
        create table late_truth (
            table_name varchar, row_key varchar, happened_on date, loaded_on date, days_late int)
        """
    )
    defects.prepare(bank)


def deliver(bank: Bank, month: Month, landing: Path, written: Written) -> None:
    """Write every file of the month."""
    for name, table in bank.contract.tables.items():
        _stage(bank, month, name, table)
        counts = bank.run(
            "select loaded_on, file_no, count(*), count(*) filter (fate = 'accepted'),"
            " count(*) filter (fate = 'duplicate'), count(*) filter (fate = 'superseded')"
            " from batch group by all order by all"
        ).fetchall()
        if not counts:
            continue
        bad = defects.plant(bank, month, name, table)
        if bank.request.file_format == "parquet":
            files = _parquet_files(bank, name, table, landing, bad)
        else:
            files = _text_files(bank, name, table, landing, bad)
        written.files += files
        written.rows[name] = written.rows.get(name, 0) + sum(row[2] for row in counts) + bad
        bank.run(
            f"""
            insert into file_truth
            select '{name}', loaded_on, '{name}_' || file_no || '.{bank.request.file_format}',
                'loaded', sum(n), coalesce(sum(n) filter (fate = 'accepted'), 0),
                coalesce(sum(n) filter (fate = 'duplicate'), 0),
                coalesce(sum(n) filter (fate = 'superseded'), 0),
                coalesce(sum(n) filter (fate = 'quarantined'), 0)
            from (
                select loaded_on, file_no, fate, count(*) as n from batch group by all
                union all by name
                select loaded_on, file_no, fate, count(*) as n from bad group by all
            ) group by loaded_on, file_no order by loaded_on, file_no
            """
        )


def _stage(bank: Bank, month: Month, name: str, table: TableContract) -> None:
    """Move the month's rows from pending into `batch`, with re-sends and file numbers."""
    request, volumes = bank.request, bank.volumes
    columns = ", ".join(table.columns)
    key = ", ".join(table.key)
    last, end = day(month.end), day(bank.end)
    duplicates = request.defect_share * volumes.duplicate_factor
    corrections = request.defect_share * volumes.correction_factor if name in CORRECTIONS else 0
    number = "(loaded_on - date '2000-01-01')"
    if duplicates:
        bank.run(
            f"""
            create or replace table resent as
            with drawn as (
                select *, hash({key}) as h, uh('{name} again', hash({key})) as again,
                    case when uh('{name} when', hash({key})) < 0.25 then 0
                        else 1 + floor(20 * uh('{name} lag', hash({key})))::int end as lag,
                from pending_{name} where loaded_on <= {last} and sent = 0 and fate = 'accepted'
            )

            select *, again < {duplicates} as unchanged, (h % 1000000000)::bigint as n
            from drawn
            where again < {duplicates + corrections} and loaded_on + lag <= {end}
            """
        )
        changed = CORRECTIONS.get(name, "")
        column, _, value = changed.partition(" = ")
        replaced = f"replace (case when unchanged then {column} else {value} end as {column})"
        bank.run(
            f"""
            insert into pending_{name} by name
            select {columns}, loaded_on + lag as loaded_on,
                case when lag = 0 then 2 else 1 end as sent,
                case when unchanged and lag > 0 then 'duplicate' else 'accepted' end as fate,
            from (select * {replaced if corrections else ''} from resent)
            """
        )
        bank.run(
            f"""
            update pending_{name} as p
            set fate = case when r.unchanged then 'duplicate' else 'superseded' end
            from resent as r
            where {' and '.join(f'p.{c} = r.{c}' for c in table.key)}
                and p.sent = 0 and p.loaded_on = r.loaded_on
                and (r.lag = 0 or not r.unchanged)
            """
        )
    bank.run(
        f"""
        create or replace table batch as
        select *, case
            when sent = 2 then 2
            when u('{name} files', {number}, 0) < {volumes.two_file_share}
                and uh('{name} file', hash({key})) < 0.3 then 2
            else 1 end as file_no,
        from pending_{name} where loaded_on <= {last}
        order by loaded_on, file_no, sent, {key}
        """
    )
    bank.run(f"create or replace table later as from pending_{name} where loaded_on > {last}")
    bank.open_pending(name)
    bank.run(f"insert into pending_{name} by name from later")
    if request.late_share and name in ("transactions", "account_balances"):
        bank.run(
            f"""
            insert into late_truth
            select '{name}', concat_ws('|', {key}), {table.happened}, loaded_on,
                loaded_on - {table.happened}
            from batch where sent = 0 and loaded_on > {table.happened}
                and {table.happened} >= {day(request.start)}
            """
        )


def _path(bank: Bank, landing: Path, name: str, loaded_on: object, file_no: int) -> Path:
    folder = landing / name / str(loaded_on)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}_{file_no}.{bank.request.file_format}"


def _text_files(bank: Bank, name: str, table: TableContract, landing: Path, bad: int) -> int:
    """Lines of the month in delivery order, cut into files at the byte offsets of the column."""
    order = "loaded_on, file_no, greatest(sent, 0), " + (
        "uh('mix', hash(line)), line" if bad else ", ".join(table.key)
    )
    source = f"select loaded_on, file_no, sent, {{extra}} {line_of(table)} as line from batch"
    if bad:
        sql = f"""
            with lines as (
                {source.format(extra="null::bigint as bad_no,")}
                union all
                select loaded_on, file_no, 0, bad_no, line from bad
            )
            select loaded_on, file_no, bad_no, line,
                row_number() over (partition by loaded_on, file_no order by {order}) as ordinal
            from lines order by loaded_on, file_no, ordinal
        """
        bank.run(f"create or replace table lines as {sql}")
        bank.run(
            "update bad set ordinal = l.ordinal from lines as l where l.bad_no = bad.bad_no"
        )
        defects.record(bank, name)
        arrow = bank.run("select loaded_on, file_no, line from lines").to_arrow_table()
    else:
        arrow = bank.run(source.format(extra="")).to_arrow_table()
    lines = arrow["line"].cast(pa.large_string()).combine_chunks()
    if isinstance(lines, pa.ChunkedArray):
        lines = lines.chunk(0)
    offsets = memoryview(lines.buffers()[1]).cast("q")
    text = memoryview(lines.buffers()[2])
    header = (",".join(table.columns) + "\n").encode()
    files = 0
    for loaded_on, file_no, start, stop in _slices(arrow):
        body = header + bytes(text[offsets[start] : offsets[stop]])
        path = _path(bank, landing, name, loaded_on, file_no)
        if bank.request.file_format == "csv.gz":
            body = gzip.compress(body, compresslevel=4, mtime=0)
        path.write_bytes(body)
        files += 1
    return files


def _parquet_files(bank: Bank, name: str, table: TableContract, landing: Path, bad: int) -> int:
    """Typed slices; in a file with a bad row, columns whose type it breaks are text."""
    names = list(table.columns)
    arrow = bank.run(
        f"select loaded_on, file_no, {', '.join(names)} from batch"
    ).to_arrow_table().combine_chunks()
    planted: dict[tuple[object, int], pa.Table] = {}
    if bad:
        bank.run(
            """
            update bad set ordinal = o.ordinal from (
                select b.bad_no, coalesce(g.n, 0) + row_number() over (
                    partition by b.loaded_on, b.file_no order by b.bad_no) as ordinal
                from bad as b left join (
                    select loaded_on, file_no, count(*) as n from batch group by all
                ) as g using (loaded_on, file_no)
            ) as o where o.bad_no = bad.bad_no
            """
        )
        defects.record(bank, name)
        rows = bank.run(
            f"select loaded_on, file_no, {', '.join(names)} from bad"
            " order by loaded_on, file_no, bad_no"
        ).to_arrow_table().combine_chunks()
        for loaded_on, file_no, start, stop in _slices(rows):
            planted[loaded_on, file_no] = rows.slice(start, stop - start).select(names)
    files = 0
    for loaded_on, file_no, start, stop in _slices(arrow):
        part = arrow.slice(start, stop - start).select(names)
        if (loaded_on, file_no) in planted:
            part = _joined(part, planted[loaded_on, file_no])
        path = _path(bank, landing, name, loaded_on, file_no)
        pq.write_table(part, path, compression="zstd")
        files += 1
    return files


def _joined(good: pa.Table, bad: pa.Table) -> pa.Table:
    """Good rows, then bad ones; a column stays typed if the bad text can be cast to its type."""
    columns = {}
    for column in good.column_names:
        left, right = good[column], bad[column]
        try:
            right = pc.cast(right, left.type)
        except pa.ArrowInvalid:
            left = pc.cast(left, pa.string())
        columns[column] = pa.chunked_array([*left.chunks, *right.chunks], type=left.type)
    return pa.table(columns)


def _slices(arrow: pa.Table) -> list[tuple[object, int, int, int]]:
    """(day, file, first row, row after the last) of each run of equal day and file."""
    runs = arrow.select(["loaded_on", "file_no"]).group_by(
        ["loaded_on", "file_no"], use_threads=False
    ).aggregate([([], "count_all")]).sort_by([("loaded_on", "ascending"), ("file_no", "ascending")])
    result, start = [], 0
    for row in runs.to_pylist():
        stop = start + row["count_all"]
        result.append((row["loaded_on"], row["file_no"], start, stop))
        start = stop
    return result
