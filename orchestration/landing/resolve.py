"""The fate of rows: which delivery of a key is in force, which repeat it, which it replaces.

The rule is a pure function of a key's rows in order of delivery, so it is applied again to
exactly the keys that a batch delivers or takes away, from the batch's first day on. Keys that
appear once and were never seen before, nearly all of a day's rows, take a path without sorting.
"""

from __future__ import annotations

from datetime import date

import duckdb

from orchestration.landing.contract import TableContract


def remove_files(con: duckdb.DuckDBPyConnection, table: TableContract, file_ids: list[str]) -> None:
    """Take files' rows out of raw; their keys stay in `landing_removed` to be judged again."""
    # Without a file nothing may match, and nothing of the history is read to find that out.
    which = "list_contains($files, file_id)" if file_ids else "false"
    parameters = {"files": file_ids} if file_ids else {}
    con.execute(
        f"create or replace temp table landing_removed as "
        f"select {', '.join(table.key)} from raw.{table.name} where {which}",
        parameters,
    )
    con.execute(f"delete from raw.{table.name} where {which}", parameters)


def resolve(con: duckdb.DuckDBPyConnection, table: TableContract, since: date) -> None:
    """Append the batch's good rows to raw with their fate, and amend older rows' fate.

    What was amended stays in `landing_amended` (file_id, loaded_on, old and new fate).
    """
    keys = ", ".join(table.key)
    _find_prior(con, table, since)
    con.execute(
        f"""
        create or replace temp table landing_contested as
        select {keys} from landing_prior
        union
        select {keys} from landing_rows where problem is null group by all having count(*) > 1
        """
    )
    (contested,) = con.execute("select count(*) from landing_contested").fetchall()[0]
    con.execute(
        "create or replace temp table landing_fates (rid bigint, file_ix integer, "
        "line_no bigint, row_status varchar, superseded_on date)"
    )
    if contested:
        _judge_contested(con, table)
    _amend(con, table)
    _append(con, table, bool(contested))


def _find_prior(con: duckdb.DuckDBPyConnection, table: TableContract, since: date) -> None:
    """Rows in raw that the batch's keys have to be judged with: all from the first day on, and
    the version in force before it. Only key columns are read here."""
    keys = ", ".join(table.key)
    match = " and ".join(f"r.{k} = d.{k}" for k in table.key)
    con.execute(
        f"""
        create or replace temp table landing_prior as
        select r.rowid as rid, {", ".join(f"r.{k}" for k in table.key)}
        from raw.{table.name} as r
        semi join (
            select {keys} from landing_rows where problem is null
            union all
            select {keys} from landing_removed
        ) as d on {match}
        where r.loaded_on >= $since
            or (
                r.row_status = 'accepted'
                and (r.superseded_on is null or r.superseded_on >= $since)
            )
        """,
        {"since": since},
    )


def _judge_contested(con: duckdb.DuckDBPyConnection, table: TableContract) -> None:
    """Fates of all rows of contested keys.

    A row of the last day before the batch takes part as the version in force; it is alone on
    its day here, and it is a day's winner that differed from what was in force before it.
    Ordering works on keys and row numbers only; whole rows are compared once, by a join.
    """
    con.execute(_candidates_sql(table))
    con.execute(_ranked_sql(table))
    con.execute(_repeats_sql(table))
    con.execute(_fates_sql(table))


def _candidates_sql(table: TableContract) -> str:
    columns = ", ".join(f"r.{name}" for name in table.columns)
    same_key = " and ".join(f"r.{k} = c.{k}" for k in table.key)
    return f"""
        create or replace temp table landing_candidates as
        select r.rowid as rid, null::integer as file_ix, r.loaded_on, r.file_id, r.line_no,
            {columns}
        from raw.{table.name} as r
        where r.rowid in (select rid from landing_prior)
        union all
        select null, r.file_ix, f.loaded_on, f.file_id, r.line_no, {columns}
        from landing_rows as r
        inner join landing_files as f using (file_ix)
        semi join landing_contested as c on {same_key}
        where r.problem is null
    """


def _ranked_sql(table: TableContract) -> str:
    """For each candidate the row it may repeat: for a day's last row of a key the last row of
    the day before, for every other row that last row itself."""
    keys = ", ".join(table.key)
    return f"""
        create or replace temp table landing_ranked as
        with ranked as (
            select rowid as cid, {keys}, loaded_on,
                first_value(rowid) over (
                    partition by {keys}, loaded_on order by file_id desc, line_no desc
                ) as winner
            from landing_candidates
        )
        select cid, {keys}, loaded_on, true as wins,
            lag(cid) over (partition by {keys} order by loaded_on) as other
        from ranked
        where cid = winner
        union all
        select cid, {keys}, loaded_on, false, winner
        from ranked
        where cid <> winner
    """


def _repeats_sql(table: TableContract) -> str:
    """Candidates that equal the other row. Not one join of three tables: the planner would join
    the two sides on equal contents first, which pairs nearly everything with everything."""
    values = [name for name in table.columns if name not in table.key]
    same = "".join(f" and a.{name} is not distinct from b.{name}" for name in values)
    return f"""
        create or replace temp table landing_pairs as
        select r.cid, r.other, {", ".join(["c.loaded_on", *(f"c.{name}" for name in values)])}
        from landing_ranked as r
        inner join landing_candidates as c on r.cid = c.rowid
        where r.other is not null;
        create or replace temp table landing_repeats as
        select a.cid
        from landing_pairs as a
        inner join landing_candidates as b on a.other = b.rowid{same}
    """


def _fates_sql(table: TableContract) -> str:
    keys = ", ".join(f"r.{key}" for key in table.key)
    return f"""
        insert into landing_fates
        with accepted as (
            select r.cid,
                lead(r.loaded_on) over (partition by {keys} order by r.loaded_on)
                    as superseded_on
            from landing_ranked as r
            anti join landing_repeats as e on r.cid = e.cid
            where r.wins
        )
        select c.rid, c.file_ix, c.line_no,
            case
                when a.cid is not null then 'accepted'
                when e.cid is not null then 'duplicate'
                else 'superseded'
            end,
            a.superseded_on
        from landing_candidates as c
        left join accepted as a on c.rowid = a.cid
        left join landing_repeats as e on c.rowid = e.cid
    """


def _amend(con: duckdb.DuckDBPyConnection, table: TableContract) -> None:
    con.execute(
        f"""
        create or replace temp table landing_amended as
        select f.rid, r.file_id, r.loaded_on,
            r.row_status as old_status, r.superseded_on as old_superseded_on,
            f.row_status as new_status, f.superseded_on as new_superseded_on
        from raw.{table.name} as r
        inner join landing_fates as f on r.rowid = f.rid
        where (r.row_status, r.superseded_on) is distinct from (f.row_status, f.superseded_on)
        """
    )
    con.execute(
        f"""
        update raw.{table.name} as r
        set row_status = a.new_status, superseded_on = a.new_superseded_on
        from landing_amended as a
        where r.rowid = a.rid
        """
    )


def _append(con: duckdb.DuckDBPyConnection, table: TableContract, contested: bool) -> None:
    columns = ", ".join(f"r.{name}" for name in table.columns)
    # Named, because a column that joined the contract later stands last in raw.
    names = ", ".join(table.raw_columns)
    fate, join = "'accepted', null::date", ""
    if contested:
        fate = "coalesce(t.row_status, 'accepted'), t.superseded_on"
        join = (
            "left join (from landing_fates where rid is null) as t "
            "on r.file_ix = t.file_ix and r.line_no = t.line_no"
        )
    (days,) = con.execute("select count(distinct loaded_on) from landing_files").fetchall()[0]
    # Days next to each other let a later scan of a few days skip the rest.
    order = "order by f.loaded_on" if days > 1 else ""
    con.execute(
        f"""
        insert into raw.{table.name} ({names})
        select {columns}, f.loaded_on, f.file_id, r.line_no, {fate}
        from landing_rows as r
        inner join landing_files as f using (file_ix)
        {join}
        where r.problem is null
        {order}
        """
    )
