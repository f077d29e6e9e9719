"""The closing balance of an account's day, from rows whose order within the day is not given.

Every row carries the balance after it, so balance - amount is the balance before it, and a
day's rows form a chain: the last row is the one whose balance no other row starts from. Where
rounding leaves several of those, the likeliest order of the whole day shows the last. Where rows
are missing, a day breaks into several chains and each one's end may be the last; where a day
comes back to a balance it had before, any row may be. RULES choose between those.
"""

from __future__ import annotations

import duckdb

from orchestration.sources.berka.summary import ClosingRows

# The bank kept hundredths and published tenths, of amounts and balances each on its own: the
# balance after one row and before the next differ by up to 0.10 where interest was booked.
ROUNDING = "0.10"
# 5,040 orders; every further row multiplies them. Longer days are left to the rules.
MOST_ROWS = 7

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
    con.execute("""
        create or replace temp table closing
        (account_id bigint, balance_on date, closing_balance decimal(18, 2), rule varchar)
    """)
    _create_ends(con)
    con.execute("create or replace temp table tied as from ends where side = 1")
    _close(con, "chain")
    _try_orders(con)
    _close(con, "chain")
    _ask_neighbours(con)
    for rule, key in RULES:
        _keep_highest(con, key)
        _close(con, rule)
    counts = dict(con.execute("select rule, count(*) from closing group by rule").fetchall())
    for table in ("tied", "ends"):
        con.execute(f"drop table {table}")
    return ClosingRows(**{f"by_{rule}": counts.get(rule, 0) for rule in ("chain", *dict(RULES))})


def _create_ends(con: duckdb.DuckDBPyConnection) -> None:
    """The sides of rows with which a day may have started (-1, before) or ended (1, after).

    The balances of one account and day that differ by no more than rounding are one node, and a
    chain ends at a surplus of afters. A round day has no surplus anywhere.
    """
    con.execute(f"""
        create or replace temp table ends as
        with sides as (
            select trans_id, account_id, date, signed_amount, balance, 1 as side from booked
            union all
            select trans_id, account_id, date, signed_amount, balance - signed_amount, -1
            from booked
        ),
        gaps as (
            select
                *, coalesce(balance - lag(balance) over by_balance > {ROUNDING}, false) as is_new
            from sides
            window by_balance as (partition by account_id, date order by balance)
        ),
        numbered as (
            select *, count(*) filter (where is_new) over (
                partition by account_id, date order by balance range unbounded preceding
            ) as node
            from gaps
        ),
        nodes as (
            select *, sum(side) over (partition by account_id, date, node) as surplus
            from numbered
        ),
        days as (
            select *, max(surplus) over (partition by account_id, date) = 0 as is_round
            from nodes
        )
        select account_id, date, trans_id, signed_amount, balance, side, is_round
        from days
        where is_round or surplus * side > 0
    """)


def _try_orders(con: duckdb.DuckDBPyConnection) -> None:
    """Every order of the tied days' rows; left are the rows with which the likeliest end.

    Those have the fewest gaps, and of these the links that are the least off: balances within
    rounding of each other are one node, and only a whole order shows which of them is the last.
    """
    con.execute(f"""
        create or replace temp table tied as
        with recursive members as (
            select booked.*, days.is_round
            from booked
            join (select distinct account_id, date, is_round from tied) as days
                using (account_id, date)
            qualify count(*) over (partition by account_id, date) <= {MOST_ROWS}
        ),
        orders as (
            select
                account_id, date, [trans_id] as numbers, balance,
                0 as gaps, 0::decimal(18, 2) as off
            from members
            union all
            select
                account_id, date, list_append(orders.numbers, members.trans_id), members.balance,
                orders.gaps + if(miss > {ROUNDING}, 1, 0),
                orders.off + if(miss > {ROUNDING}, 0, miss)
            from orders
            join members using (account_id, date)
            cross join lateral (
                select abs(members.balance - members.signed_amount - orders.balance) as miss
            )
            where not list_contains(orders.numbers, members.trans_id)
        ),
        likeliest as (
            select numbers[-1] as trans_id
            from orders
            qualify rank() over (
                partition by account_id, date order by len(numbers) desc, gaps, off
            ) = 1
        )
        select account_id, date, trans_id, signed_amount, balance, is_round
        from members
        where trans_id in (from likeliest)
        union all
        select account_id, date, trans_id, signed_amount, balance, is_round
        from tied
        anti join members using (account_id, date)
    """)


def _ask_neighbours(con: duckdb.DuckDBPyConnection) -> None:
    """What the rules ask of a tied row.

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
            select tied.*, days.previous_date, days.next_date
            from tied
            join days using (account_id, date)
        ),
        before_next as (
            select distinct undecided.trans_id
            from undecided
            join ends
                on ends.account_id = undecided.account_id
                and ends.date = undecided.next_date
            where ends.side = -1 and abs(ends.balance - undecided.balance) <= {ROUNDING}
        ),
        touches_previous as (
            select distinct undecided.trans_id
            from undecided
            join ends
                on ends.account_id = undecided.account_id
                and ends.date = undecided.previous_date
            where ends.side = 1
                and abs(
                    ends.balance - undecided.balance
                    + if(undecided.is_round, 0, undecided.signed_amount)
                ) <= {ROUNDING}
        )
        select
            trans_id, account_id, date, balance,
            trans_id in (from before_next) as meets_next_day,
            (trans_id in (from touches_previous)) = is_round as fits_previous_day,
            signed_amount < 0 as is_debit
        from undecided
    """)


def _keep_highest(con: duckdb.DuckDBPyConnection, key: str) -> None:
    """Of a day's tied rows, those with the highest key."""
    con.execute(f"""
        create or replace temp table tied as
        from tied
        qualify {key} = max({key}) over (partition by account_id, date)
    """)


def _close(con: duckdb.DuckDBPyConnection, rule: str) -> None:
    """Close the days whose tied rows are left with one balance."""
    con.execute(
        "insert into closing select account_id, date, min(balance), ? from tied"
        " group by account_id, date having min(balance) = max(balance)",
        [rule],
    )
    con.execute("""
        create or replace temp table tied as
        from tied
        anti join closing
            on tied.account_id = closing.account_id and tied.date = closing.balance_on
    """)
