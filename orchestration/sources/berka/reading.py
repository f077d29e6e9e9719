"""The published files into typed DuckDB tables; what cannot be decoded is named line by line."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import duckdb

from orchestration.sources.berka.layout import SOURCES, Field, Source
from orchestration.sources.berka.summary import BadRow, BerkaError

# A slip of one row in a hundred is reported; more than that is another format.
MAX_BAD_SHARE = 0.01
GZIP_MAGIC = b"\x1f\x8b"
# What editors put before a text that they save as UTF-8, read as latin-1.
UTF8_MARK = "\xef\xbb\xbf"

TYPED = {
    "id": "case when regexp_full_match({v}, '\\d{{1,18}}') then try_cast({v} as bigint) end",
    "day": "case when regexp_full_match({v}, '\\d{{6}}')"
    " then try_strptime('19' || {v}, '%Y%m%d')::date end",
    "stamp": "case when regexp_full_match({v}, '\\d{{6}}( 00:00:00)?')"
    " then try_strptime('19' || {v}[:6], '%Y%m%d')::date end",
    # Women's months are given plus 50.
    "birth": "case when regexp_full_match({v}, '\\d{{6}}') then try_strptime('19' || lpad("
    "(try_cast({v} as bigint) - if(try_cast({v}[3:4] as bigint) > 50, 5000, 0))::varchar,"
    " 6, '0'), '%Y%m%d')::date end",
    "money": "case when regexp_full_match({v}, '-?\\d{{1,15}}(\\.\\d{{1,2}})?')"
    " then try_cast({v} as decimal(18, 2)) end",
    "months": "case when regexp_full_match({v}, '0*[1-9]\\d{{0,2}}')"
    " then try_cast({v} as bigint) end",
    "share": "case when regexp_full_match({v}, '\\d{{1,3}}(\\.\\d+)?')"
    " then try_cast({v} as decimal(9, 4)) end",
    "text": "{v}",
    "code": "{v}",
}
GENDER = "if(try_cast({v}[3:4] as bigint) > 50, 'female', 'male')"
EXPECTED = {
    "id": "a number",
    "day": "a day YYMMDD",
    "stamp": "a day YYMMDD 00:00:00",
    "birth": "a birth number YYMMDD, month + 50 for women",
    "money": "an amount with at most two decimals",
    "months": "a number of months",
    "share": "a percentage",
    "text": "a text",
}


def find_files(folder: Path) -> dict[str, Path]:
    """The file of every source, plain or gzipped, whatever the case of its name."""
    if not folder.is_dir():
        raise BerkaError(f"{folder} is not a folder; name the one that holds account.asc")
    present: dict[str, list[Path]] = {}
    for path in _listed(folder):
        present.setdefault(path.name.lower(), []).append(path)
    found = {source.name: _pick(source.name, present) for source in SOURCES}
    missing = [f"{name}.asc" for name, paths in found.items() if not paths]
    if missing:
        raise BerkaError(
            f"{folder} lacks {', '.join(missing)} (plain or .gz); all of"
            f" {', '.join(source.name + '.asc' for source in SOURCES)} are needed"
        )
    for paths in found.values():
        if len(paths) > 1:
            names = " and ".join(path.name for path in paths)
            raise BerkaError(f"{folder} holds {names}: keep the one to import")
    return {name: paths[0] for name, paths in found.items()}


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise BerkaError(f"{folder} cannot be read: {error.strerror}") from error


def _pick(name: str, present: dict[str, list[Path]]) -> list[Path]:
    return present.get(f"{name}.asc", []) + present.get(f"{name}.asc.gz", [])


def start_reading(con: duckdb.DuckDBPyConnection) -> None:
    """Create the empty `bad_rows` that `read_source` adds to."""
    con.execute("create temp table bad_rows (file varchar, line_no bigint, problem varchar)")


def read_source(con: duckdb.DuckDBPyConnection, source: Source, path: Path) -> int:
    """Create table `source` (line_no, typed columns) and add to `bad_rows`; returns rows in."""
    has_last_line_end = _read_lines(con, path)
    _check_header(con, source, path)
    con.execute(f"create or replace temp table decoded as {_decode_sql(source)}")
    con.execute("delete from decoded where line_no = 1 or blank")
    if not has_last_line_end:
        _check_last_row(con, path)
    counted = con.execute("select count(*), count(problem) from decoded").fetchone()
    assert counted is not None
    rows, bad = counted
    con.execute(
        "insert into bad_rows select ?, line_no, problem from decoded where problem is not null",
        [path.name],
    )
    if bad > max(1, MAX_BAD_SHARE * rows):
        first = "; ".join(str(row) for row in bad_rows(con, path.name, 3))
        raise BerkaError(f"{path.name}: {bad:,} of {rows:,} rows cannot be decoded ({first})")
    con.execute(
        f'create or replace table "{source.name}" as'
        " select * exclude (problem, blank) from decoded where problem is null"
    )
    return int(rows)


def bad_rows(
    con: duckdb.DuckDBPyConnection, file: str | None = None, limit: int = 1000
) -> list[BadRow]:
    """The first rows that could not be decoded, of one file or of all."""
    found = con.execute(
        "select file, line_no, problem from bad_rows where ?1 is null or file = ?1"
        " order by file, line_no limit ?2",
        [file, limit],
    ).fetchall()
    return [BadRow(*row) for row in found]


def _read_lines(con: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whole lines, so that every problem has a line number; bytes as they are (latin-1).

    Returns whether the last line has its end.
    """
    try:
        compression, has_last_line_end = _scan(path)
        con.execute(
            "create or replace temp table lines as"
            " select row_number() over () as line_no, coalesce(line, '') as line"
            " from read_csv(?, columns = {'line': 'varchar'}, delim = '\x01', quote = '',"
            " escape = '', header = false, auto_detect = false, encoding = 'latin-1',"
            " null_padding = true, strict_mode = false, compression = ?)",
            [str(path), compression],
        )
    except (duckdb.Error, OSError, EOFError, zlib.error) as error:
        reason = str(error).splitlines()[0]
        raise BerkaError(f"{path.name} cannot be read as a file of lines: {reason}") from error
    return has_last_line_end


def _scan(path: Path) -> tuple[str, bool]:
    """Compression, by content and not by name, and whether the last line has its end.

    Read to the end, as the engine takes a gzip file that was cut off for a shorter one.
    """
    with path.open("rb") as file:
        is_packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    last = b""
    with gzip.open(path) if is_packed else path.open("rb") as content:
        while chunk := content.read(1 << 20):
            last = chunk[-1:]
    return ("gzip" if is_packed else "none"), last == b"\n"


def _check_last_row(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """A last line without an end may be whole; one that cannot be decoded was cut off."""
    row = con.execute(
        "select line_no, problem from decoded order by line_no desc limit 1"
    ).fetchone()
    if row is not None and row[1] is not None:
        raise BerkaError(
            f"{path.name} was cut off within line {row[0]} ({row[1]}, and no line end):"
            " fetch it again"
        )


def _check_header(con: duckdb.DuckDBPyConnection, source: Source, path: Path) -> None:
    row = con.execute("select line from lines where line_no = 1").fetchone()
    line = row[0].removeprefix(UTF8_MARK) if row else ""
    found = [name.strip().strip('"').lower() for name in line.strip().split(";")]
    if found != source.header:
        raise BerkaError(
            f"{path.name} line 1: the header is {_readable(line)!r},"
            f" expected {';'.join(source.header)!r}"
        )


def _readable(line: str) -> str:
    """The beginning of a line, of any encoding."""
    return "".join(c if c.isascii() and c.isprintable() else "." for c in line.strip())[:120]


def _decode_sql(source: Source) -> str:
    typed = [f for f in source.fields if f.kind != "unused"]
    columns = ",\n".join(f'        {_typed(source, f)} as "{f.name.lower()}"' for f in typed)
    names = [f'"{f.name.lower()}"' for f in typed]
    for field in (f for f in typed if f.kind == "birth"):
        columns += f",\n        {GENDER.format(v=_value(source, field))} as gender"
        names.append("gender")
    key = source.fields[0].name.lower()
    checks = "\n".join(_check(source, f) for f in typed)
    return f"""
    with split as (
        select
            line_no,
            trim(line, ' \r') = '' as blank,
            regexp_matches(line, '[^\\x00-\\x7f]') as foreign_bytes,
            list_transform(
                string_split(trim(line, ' \r'), ';'),
                lambda part: trim(trim(trim(part), '"'))
            ) as parts
        from lines
    ),
    typed as (
        select line_no, blank, foreign_bytes, parts,
{columns}
        from split
    )
    select
        line_no,
        blank,
        {", ".join(names)},
        case
            when len(parts) <> {len(source.fields)}
                then len(parts) || ' fields instead of {len(source.fields)}'
            when foreign_bytes then 'a byte outside ASCII'
{checks}
            when row_number() over (partition by "{key}" order by line_no) > 1
                then '{key} ' || "{key}" || ' stands on an earlier line already'
        end as problem
    from typed
    """


def _value(source: Source, field: Field) -> str:
    return f"parts[{source.fields.index(field) + 1}]"


def _typed(source: Source, field: Field) -> str:
    return TYPED[field.kind].format(v=_value(source, field))


def _check(source: Source, field: Field) -> str:
    value = _value(source, field)
    if field.kind == "code":
        codes = ", ".join(f"'{code}'" for code in field.codes)
        wrong, expected = f"{value} not in ({codes})", "a code of this column"
    elif field.may_be_empty:
        return f"            when {value} is null then 'no {field.name}'"
    else:
        wrong = f"\"{field.name.lower()}\" is null or {value} = ''"
        expected = EXPECTED[field.kind]
    return (
        f"            when {wrong}\n"
        f"                then '{field.name} ''' || coalesce({value}, '') || ''' is not {expected}'"
    )
