"""The closing balance of an account's day, from rows whose order within the day is not given.

Every row carries the balance after it, so balance - amount is the balance before it, and a
day's rows form a chain: the last row is the one whose balance no other row starts from. Where
rows are missing, a day breaks into several chains and each one's end may be the last; where a
day comes back to a balance it had before, any row may be. RULES choose between those.
"""

from __future__ import annotations

import duckdb

from orchestration.sources.berka.summary import ClosingRows

# The bank kept hundredths and published tenths, of amounts and balances each on its own: the
# balance after one row and before the next differ by up to 0.10 where interest was booked.
ROUNDING = "0.10"

# Name and the key by which rows are kept: those with the day's highest. A rule that holds for
# all rows or for none keeps them all, and the next one is asked. The bank booked a day's credits
# before its debits, without exception where the chain shows the order; within either group no
# order is to be seen, so the number only makes the choice repeatable.
RULES = (
    ("next_day", "meets_next_day"),
    ("previous_day", "fits_previous_day"),
    ("debits_last", "is_debit"),
    ("number", "trans_id"),
)


def closing_balances(con: duckdb.DuckDBPyConnection) -> ClosingRows:
    """Create `closing` (account_id, balance_on, closing_balance, rule) from `booked`.

    `booked` holds trans_id, account_id, date, signed_amount and balance.
    """
    _create_nodes(con)
    _create_ends(con)
    _close_single_ends(con)
    _create_tied(con)
    for rule, key in RULES:
        _apply(con, rule, key)
    counts = dict(con.execute("select rule, count(*) from closing group by rule").fetchall())
    for table in ("tied", "candidates", "ends", "nodes"):
        con.execute(f"drop table {table}")
    return ClosingRows(**{f"by_{rule}": counts.get(rule, 0) for rule in ("chain", *dict(RULES))})


def _create_nodes(con: duckdb.DuckDBPyConnection) -> None:
    """The balances before (side -1) and after (side 1) each row; those of one account and day
    that differ by no more than rounding are one node, and a chain ends at a surplus of afters.
    """
    con.execute(f"""
        create or replace temp table nodes as
        with sides as (
            select account_id, date, balance as amount, 1 as side from booked
            union all
            select account_id, date, balance - signed_amount, -1 from booked
        ),
        gaps as (
            select *, coalesce(amount - lag(amount) over by_amount > {ROUNDING}, false) as is_new
            from sides
            window by_amount as (partition by account_id, date order by amount)
        ),
        numbered as (
            select *, count(*) filter (where is_new) over (
                partition by account_id, date order by amount range unbounded preceding
            ) as node
            from gaps
        )
        select
            account_id, date, amount, side,
            sum(side) over (partition by account_id, date, node) as surplus
        from numbered
    """)


def _create_ends(con: duckdb.DuckDBPyConnection) -> None:
    """The balances with which a day may have ended (side 1) or started (side -1)."""
    con.execute("""
        create or replace temp table ends as
        with extremes as (
            select *, max(surplus) over (partition by account_id, date) = 0 as is_round
            from nodes
        )
        select distinct account_id, date, side, amount, is_round
        from extremes
        where is_round or surplus * side > 0
    """)
    con.execute("""
        create or replace temp table candidates as
        select booked.*, ends.is_round
        from booked
        join ends using (account_id, date)
        where ends.side = 1 and ends.amount = booked.balance
    """)


def _close_single_ends(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        create or replace temp table closing as
        select account_id, date as balance_on, min(balance) as closing_balance, 'chain' as rule
        from candidates
        group by account_id, date
        having min(balance) = max(balance)
    """)


def _create_tied(con: duckdb.DuckDBPyConnection) -> None:
    """Rows of the days with several possible closing balances, and what the rules ask of them.

    A round day ends where the previous one ended; on any other, the row that starts there is the
    first of its chain, and another chain's end comes later.
    """
    con.execute(f"""
        create or replace temp table tied as
        with days as (
            select
                account_id, date,
                lag(date) over by_date as previous_date,
                lead(date) over by_date as next_date
            from (select distinct account_id, date from ends)
            window by_date as (partition by account_id order by date)
        ),
        undecided as (
            select candidates.*, days.previous_date, days.next_date
            from candidates
            join days using (account_id, date)
            anti join closing
                on candidates.account_id = closing.account_id
                and candidates.date = closing.balance_on
        ),
        before_next as (
            select distinct undecided.trans_id
            from undecided
            join ends
                on ends.account_id = undecided.account_id
                and ends.date = undecided.next_date
            where ends.side = -1 and abs(ends.amount - undecided.balance) <= {ROUNDING}
        ),
        touches_previous as (
            select distinct undecided.trans_id
            from undecided
            join ends
                on ends.account_id = undecided.account_id
                and ends.date = undecided.previous_date
            where ends.side = 1
                and abs(
                    ends.amount - undecided.balance
                    + if(undecided.is_round, 0, undecided.signed_amount)
                ) <= {ROUNDING}
        )
        select
            trans_id, account_id, date, balance,
            trans_id in (select trans_id from before_next) as meets_next_day,
            (trans_id in (select trans_id from touches_previous)) = is_round as fits_previous_day,
            signed_amount < 0 as is_debit
        from undecided
    """)


def _apply(con: duckdb.DuckDBPyConnection, rule: str, key: str) -> None:
    """Keep the rows with the day's highest key; close the days that are left with one balance."""
    con.execute(f"""
        create or replace temp table tied as
        select * from tied
        qualify {key} = max({key}) over (partition by account_id, date)
    """)
    con.execute(
        "insert into closing select account_id, date, min(balance), ? from tied"
        " group by account_id, date having min(balance) = max(balance)",
        [rule],
    )
    con.execute("""
        create or replace temp table tied as
        select tied.* from tied
        anti join closing
            on tied.account_id = closing.account_id and tied.date = closing.balance_on
    """)
