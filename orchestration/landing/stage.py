"""One batch of files of one table into temporary tables: read, cut into values, judged.

`landing_files` holds the batch's files, `landing_rows` every row of theirs with its typed
values and the code of its first problem (null for good rows). Good rows never build a list of
problems; the full list is made from the kept text of the bad ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from orchestration.landing.checks import (
    Check,
    column_checks,
    date_checks,
    literal,
    problem,
    typed,
)
from orchestration.landing.contract import TableContract
from orchestration.landing.csvbytes import MAX_LINE
from orchestration.landing.folder import Delivery, is_parquet
from orchestration.landing.parquet import ParquetGroup, column_expressions
from orchestration.landing.shown import shown_value
from orchestration.landing.spool import Spool
from orchestration.landing.temptable import fill_temp_table
from orchestration.landing.textlines import BAD, BREAK, RETURN

# What the line reader counts as part of a line beside its bytes.
LINE_END = 2
_VALUE = '(?:"(?:[^"]|"")*"|[^",]*)'
_RECORD = f"{_VALUE}(?:,{_VALUE})*"
_ALL_QUOTED = '"[^"]*"(?:,"[^"]*")*'


@dataclass(frozen=True)
class StagedFile:
    """A file of the batch that is read."""

    file_ix: int
    delivery: Delivery


def create_stage(
    con: duckdb.DuckDBPyConnection, table: TableContract, files: list[StagedFile]
) -> None:
    """Empty temporary tables for a batch."""
    fill_temp_table(
        con,
        "landing_files",
        {
            "file_ix": "integer",
            "file_id": "varchar",
            "loaded_on": "date",
            "file_name": "varchar",
            "path": "varchar",
            "is_parquet": "boolean",
        },
        [
            (f.file_ix, d.file_id, d.loaded_on, d.name, str(d.path), is_parquet(d.name))
            for f in files
            for d in [f.delivery]
        ],
    )
    columns = ", ".join(f"{name} {c.duckdb_type}" for name, c in table.columns.items())
    con.execute(
        f"create or replace temp table landing_rows (file_ix integer, line_no bigint, {columns}, "
        "problem varchar, texts varchar[], line varchar, detail varchar)"
    )


def stage_spool(con: duckdb.DuckDBPyConnection, table: TableContract, spool: Spool) -> None:
    """Read the lines of a spool into `landing_rows`."""
    con.execute(
        "create or replace temp table landing_lines as select line from read_csv(?, "
        "columns = {'line': 'varchar'}, delim = chr(31), quote = '', escape = '', "
        "header = false, auto_detect = false, max_line_size = ?)",
        [str(spool.path), MAX_LINE + LINE_END],
    )
    (count,) = con.execute("select count(*) from landing_lines").fetchall()[0]
    if count != spool.lines:
        raise RuntimeError(
            f"the line reader found {count} lines in {spool.path} where {spool.lines} were "
            "written; line numbers would be wrong, so nothing was loaded"
        )
    fill_temp_table(
        con,
        "landing_spooled",
        {"file_ix": "integer", "first": "bigint", "lines": "bigint"},
        [(f.file_ix, f.first, f.lines) for f in spool.files],
    )
    con.execute(_insert_lines(table, spool))
    con.execute("drop table landing_lines")


def stage_parquet(
    con: duckdb.DuckDBPyConnection, table: TableContract, group: ParquetGroup
) -> None:
    """Read Parquet files of one schema into `landing_rows`."""
    paths = ", ".join(literal(path) for path in group.paths)
    expressions = {
        name: column_expressions(group, name, column) for name, column in table.columns.items()
    }
    texts = ", ".join(f"{e.text} as {_x(n)}" for n, e in expressions.items())
    values = ", ".join(f"{e.value} as {_t(n)}" for n, e in expressions.items())
    native = frozenset(name for name, e in expressions.items() if e.native)
    con.execute(
        f"""
        insert into landing_rows
        with typed as (
            select f.file_ix, p.file_row_number + 1 as line_no, f.loaded_on,
                null::varchar as broken, null::varchar as detail, null::varchar as line,
                {texts}, {values}
            from read_parquet([{paths}], filename = 'landing_path',
                file_row_number = true, hive_partitioning = false) as p
            inner join landing_files as f on p.landing_path = f.path
        )
        {_judged(table, native)}
        """
    )


def quarantine_sql(table: TableContract) -> str:
    """One row per problem of the batch's bad rows: file_ix, line_no and what is wrong."""
    texts = ", ".join(f"texts[{at}] as {_x(n)}" for at, n in enumerate(table.columns, start=1))
    values = ", ".join(f"{typed(c, _x(n))} as {_t(n)}" for n, c in table.columns.items())
    problems = ", ".join(_problem_struct(table, name) for name in table.columns)
    return f"""
        with bad as (
            select r.*, f.file_id, f.loaded_on, f.file_name,
                case when f.is_parquet then 'row ' else 'line ' end || r.line_no || ' of '
                    || f.file_id || ': ' as place
            from landing_rows as r
            inner join landing_files as f using (file_ix)
            where r.problem is not null
        ), texts as (
            select file_id, loaded_on, file_name, line_no, place, {texts}
            from bad
            where line is null
        ), typed as (
            select *, {values} from texts
        ), problems as (
            select file_id, loaded_on, file_name, line_no, place,
                unnest([{problems}]) as p
            from typed
        )
        select file_id, {literal(table.name)} as table_name, loaded_on, file_name, line_no,
            null as column_name, {shown_value(table, "line")} as value, problem as reason_code,
            place || detail as reason
        from bad
        where line is not null
        union all
        select file_id, {literal(table.name)}, loaded_on, file_name, line_no, p.name, p.value,
            p.code, place || p.name || coalesce(' ''' || p.value || '''', '') || ' ' || p.says
        from problems
        where p.code is not null
    """


def _insert_lines(table: TableContract, spool: Spool) -> str:
    """Lines to judged rows. Line n of a file is spool line first + n - 2: the header is line 1."""
    columns = len(spool.header.names)
    line = "l.line"
    if spool.rewrote:
        line = f"replace(replace(l.line, '{BREAK}', chr(10)), '{RETURN}', chr(13))"
    join = "cross join landing_spooled as s"
    if len(spool.files) > 1:
        join = "asof join landing_spooled as s on l.rowid >= s.first"
    encoding = f"when contains(line, '{BAD}') then 'bad_encoding'" if spool.rewrote else ""
    texts = ", ".join(
        f"nullif(v[{spool.header.positions[n] + 1}], '') as {_x(n)}" for n in table.columns
    )
    values = ", ".join(f"{typed(c, _x(n))} as {_t(n)}" for n, c in table.columns.items())
    return f"""
        insert into landing_rows
        with placed as (
            select s.file_ix, l.rowid - s.first + 2 as line_no, f.loaded_on, {line} as line
            from landing_lines as l
            {join}
            inner join landing_files as f on s.file_ix = f.file_ix
            where l.rowid >= s.first and l.rowid < s.first + s.lines and ltrim(l.line) <> ''
        ), cut as (
            select *,
                case
                    when not contains(line, '"') then string_split(line, ',')
                    when regexp_full_match(line, '{_ALL_QUOTED}')
                        then string_split(substr(line, 2, length(line) - 2), '","')
                    when regexp_full_match(line, '{_RECORD}')
                        then list_transform(
                            regexp_extract_all(',' || line, ',({_VALUE})', 1),
                            lambda w: case
                                when starts_with(w, '"') then replace(w[2:-2], '""', '"')
                                else w
                            end
                        )
                    else []
                end as v
            from placed
        ), texts as (
            select file_ix, line_no, loaded_on, line, len(v) as found,
                case {encoding} when len(v) <> {columns} then 'malformed_row' end as broken,
                {texts}
            from cut
        ), typed as (
            select *,
                case
                    when broken = 'bad_encoding'
                        then 'the line holds bytes that are not UTF-8; deliver it in UTF-8'
                    when broken is not null and found = 0
                        then 'the line has a double quote that is not closed or not doubled; '
                            || 'quote the whole value and double the quotes inside'
                    when broken is not null
                        then 'the line has ' || found || ' values where the header names '
                            || '{columns} columns; quote values that hold commas'
                end as detail,
                {values}
            from texts
        )
        {_judged(table, frozenset())}
    """


def _judged(table: TableContract, native: frozenset[str]) -> str:
    """The last step of reading: from `typed` to the columns of `landing_rows`."""
    problems = ", ".join(
        code for n in table.columns if (code := problem(_checks(table, n, n in native)))
    )
    values = ", ".join(_t(name) for name in table.columns)
    texts = ", ".join(_x(name) for name in table.columns)
    return f"""
        , judged as (
            select *, coalesce(broken, {problems}) as problem from typed
        )
        select file_ix, line_no, {values}, problem,
            case when problem is not null and broken is null then [{texts}] end,
            case when broken is not null then line end,
            detail
        from judged
    """


def _checks(table: TableContract, name: str, native: bool = False) -> list[Check]:
    values = {other: _t(other) for other in table.columns}
    return [
        *column_checks(table, name, _x(name), _t(name), native),
        *date_checks(table, name, values),
    ]


def _problem_struct(table: TableContract, name: str) -> str:
    checks = _checks(table, name)
    says = [Check(check.says.replace("'", "''"), check.broken, "") for check in checks]
    return (
        f"{{'name': '{name}', 'code': {problem(checks)}, 'says': {problem(says)}, "
        f"'value': {shown_value(table, _x(name))}}}"
    )


def _x(name: str) -> str:
    return f"x_{name}"


def _t(name: str) -> str:
    return f"t_{name}"
