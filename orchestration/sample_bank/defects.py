"""Planted defects: extra rows, one problem each, of every kind that a table's contract names.

A bad row is a copy of a good row of the same day and file under garbage keys, with one value
spoilt, so that the truth of the good rows stays as it is. Orphans are sound rows that point at a
customer or an account nobody delivers: they are accepted.
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.landing.contract import TableContract
from orchestration.sample_bank.bank import Bank, line_of
from orchestration.sample_bank.options import Month

ORPHAN = "orphan"
MALFORMED = "malformed_row"


@dataclass(frozen=True)
class Spoil:
    """One way to spoil a row: the values it sets (SQL over the template row t)."""

    kind: str
    column: str | None
    values: dict[str, str]


def prepare(bank: Bank) -> None:
    """The record of what was planted."""
    bank.run(
        """
        create table defect_truth (
            table_name varchar, loaded_on date, file_name varchar, line_no bigint,
            column_name varchar, kind varchar, expected varchar, reason_code varchar)
        """
    )


def spoils(table: TableContract, text: bool) -> list[Spoil]:
    """Every way the contract lets a row of this table be wrong, kinds taking turns."""
    by_kind: dict[str, list[Spoil]] = {}
    for name, column in table.columns.items():
        for kind, value in _bad_values(table, name).items():
            values = {name: value}
            if kind == "future_date":
                # A later date that must not come before this one would be a second problem.
                values |= {
                    other: "null"
                    for other, spec in table.columns.items()
                    if spec.not_before == name
                }
            by_kind.setdefault(kind, []).append(Spoil(kind, name, values))
        if column.references and ORPHAN not in by_kind:
            by_kind[ORPHAN] = [
                Spoil(
                    ORPHAN,
                    name,
                    {
                        other: "'ORPHAN-' || t.bad_no"
                        for other, spec in table.columns.items()
                        if spec.references
                    },
                )
            ]
    if text and len(table.columns) > 1:
        by_kind[MALFORMED] = [Spoil(MALFORMED, None, {})]
    turns = max(len(found) for found in by_kind.values())
    return [
        found[turn]
        for turn in range(turns)
        for _, found in sorted(by_kind.items())
        if turn < len(found)
    ]


def _bad_values(table: TableContract, name: str) -> dict[str, str]:
    column = table.columns[name]
    values = {}
    if column.type != "string":
        values["wrong_type"] = {
            "date": "'2024-13-45'",
            "integer": "'12x'",
            "money": "'1 234.50'",
            "rate": "'n/a'",
            "boolean": "'maybe'",
        }[column.type]
    if not column.nullable:
        values["missing_value"] = "null"
    if column.codes:
        values["unknown_code"] = "'zz-unknown'"
    if column.min is not None:
        values["out_of_range"] = {"date": "'1799-01-01'", "rate": "'-99'"}.get(column.type, "'-1'")
    if column.type == "money":
        values["too_many_decimals"] = "'12.345'"
    if column.max_length is not None:
        values["too_long"] = f"repeat('9', {column.max_length + 1})"
    if column.pattern is not None:
        values["bad_pattern"] = "'?'"
    if name == table.happened and not table.planned:
        values["future_date"] = "(t.loaded_on + 45)::varchar"
    if column.not_before is not None and not table.planned:
        values["date_order"] = f"(t.{column.not_before}::date - 3)::varchar"
    return values


def plant(bank: Bank, month: Month, name: str, table: TableContract) -> int:
    """Fill `bad` with the month's bad rows of a table, as text, and say how many there are."""
    columns = ", ".join(f"{column} varchar" for column in table.columns)
    bank.run(
        f"create or replace table bad (bad_no bigint, loaded_on date, file_no int, {columns},"
        " bad_column varchar, bad_kind varchar, fate varchar, line varchar, ordinal bigint)"
    )
    share = bank.request.defect_share
    if not share:
        return 0
    ways = spoils(table, bank.request.file_format != "parquet")
    bank.run(
        f"""
        create or replace table templates as
        with days as (
            select loaded_on, sum(n) as n, sum(sum(n)) over (order by loaded_on) as so_far
            from counted group by loaded_on
        ),
        wanted as (
            select loaded_on, n, (so_far - n)::bigint as before, least(
                floor(so_far * {share} + u('{name} bad', {month.index}, 0))
                    - floor((so_far - n) * {share} + u('{name} bad', {month.index}, 0)),
                floor(n * {bank.volumes.defect_day_cap}))::bigint as bad_rows
            from days
        ),
        numbered as (
            select loaded_on,
                (row_number() over (order by loaded_on, k)
                    + (select count(*) from defect_truth where table_name = '{name}'))::bigint
                    as bad_no,
                before + floor(n * u('{name} like', (loaded_on - date '2000-01-01'), k))::bigint
                    as place
            from (select loaded_on, n, before, unnest(range(bad_rows)) as k from wanted)
        )

        -- The batch is in delivery order, so a row's place in it is its row id.
        select n.bad_no, ((n.bad_no - 1) % {len(ways)})::int as way, r.* exclude (fate, sent)
        from numbered as n
        inner join batch as r on r.rowid = n.place
        """
    )
    bank.run(f"insert into bad by name {_spoilt(table, ways)}")
    return int(bank.run("select count(*) from bad").fetchall()[0][0])


def _spoilt(table: TableContract, ways: list[Spoil]) -> str:
    """Select the templates under garbage keys, each spoilt its way."""
    chosen = []
    for name, column in table.columns.items():
        is_garbage = name in table.key and column.type == "string" and not column.codes
        sound = "'BAD-' || t.bad_no" if is_garbage else f"t.{name}::varchar"
        cases = " ".join(
            f"when {number} then {way.values[name]}"
            for number, way in enumerate(ways)
            if name in way.values
        )
        chosen.append(
            f"case way {cases} else {sound} end as {name}" if cases else f"{sound} as {name}"
        )
    kinds = " ".join(f"when {number} then '{way.kind}'" for number, way in enumerate(ways))
    named = " ".join(
        f"when {number} then '{way.column}'" for number, way in enumerate(ways) if way.column
    )
    joined = line_of(table)
    short = f"coalesce({next(iter(table.columns))}, '') || chr(10)"
    return f"""
        with spoilt as (
            select bad_no, loaded_on, file_no, {", ".join(chosen)},
                case way {named} end as bad_column,
                case way {kinds} end as bad_kind,
            from templates as t
        )

        select *, case bad_kind when '{ORPHAN}' then 'accepted' else 'quarantined' end as fate,
            case when bad_kind <> '{MALFORMED}' then {joined}
                when bad_no % 2 = 0 then {short}
                else replace({joined}, chr(10), '') || ',,surplus' || chr(10) end as line
        from spoilt
    """


def record(bank: Bank, name: str) -> None:
    """Note where each bad row of `bad` stands and what should become of it.

    A text file's header is its line 1; a Parquet file's first row is row 1.
    """
    suffix = bank.request.file_format
    header = 0 if suffix == "parquet" else 1
    bank.run(
        f"""
        insert into defect_truth
        select '{name}', loaded_on, '{name}_' || file_no || '.{suffix}', ordinal + {header},
            bad_column, bad_kind, fate, case when fate = 'quarantined' then bad_kind end
        from bad order by bad_no
        """
    )
