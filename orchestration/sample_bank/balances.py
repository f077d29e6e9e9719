"""Closing balances: what the flows leave on current accounts, and how other products move.

`movements` holds the month's balance rows of every account in cents, before delivery; `state` the
balance each account ends the month with.
"""

from __future__ import annotations

from orchestration.sample_bank.bank import Bank, day
from orchestration.sample_bank.money import delay
from orchestration.sample_bank.options import Month

# How often a product's balance is stated, in months: deposits at the end of a term, units monthly.
EVERY = "case h.slot when 2 then 3 when 3 then 2 when 4 then 1 when 5 then 12 when 6 then 6 end"

CURRENT_ROWS = """
select
    f.aid,
    f.booked_on as balance_on,
    {base} + sum(sum(f.cents)) over (partition by f.aid order by f.booked_on)::bigint as cents,
from flows as f
left join state as s using (aid)
group by f.aid, f.booked_on, s.balance
having sum(f.cents) <> 0
"""
PRODUCT_ROWS = """
select
    h.aid,
    case when h.open_m = {m} then h.open_on when h.end_m = {m} then h.end_on
        else ({first} + floor(27 * u('stated', h.aid, {m}))::int)::date end as balance_on,
    case when h.end_m = {m} then 0 else greatest(1000, round(
        p.wealth * h.share * 100
        * case when h.slot = 4 then 1 + 0.04 * n01('market', 0, {m}) else 1 end
    ))::bigint end as cents,
from holdings as h
inner join plan as p using (cid)
where h.slot between 2 and 6 and h.open_on <= {last}
    and (h.end_m is null or h.end_m >= {m})
    and (
        h.open_m = {m} and h.open_on >= {start} or h.end_m = {m}
        or ({m} + h.aid // 10) % {every} = 0
        or p.fall < 1 and h.slot <= 4
    )
"""
CARD_ROWS = """
select
    h.aid,
    case when h.end_m = {m} then h.end_on else ({first} + (h.aid // 10 % 27)::int)::date end
        as balance_on,
    case when h.end_m = {m} then 0 else floor(h.limit_cents * 0.6
        * u('used', h.aid, {m}) * u('used', h.aid, 9999))::bigint end as cents,
from holdings as h
inner join plan as p using (cid)
where h.slot = 7 and h.open_on <= {last} and h.open_m < {m}
    and (h.end_m = {m} or p.stage <> 'terminated' and u('uses', h.aid, {m}) < 0.7)
"""
OPENING_ROWS = """
select aid, {start} as balance_on, balance as cents from state where aid % 10 <> 1
"""


def settle(bank: Bank, month: Month) -> None:
    """Turn flows and plans into balance rows and advance the state."""
    values = {
        "m": month.index,
        "first": day(month.first),
        "last": day(month.end),
        "start": day(bank.request.start),
        "every": EVERY,
        # The opening position of the first day is itself a flow.
        "base": "0" if month.index == 0 else "coalesce(s.balance, 0)",
    }
    parts = [CURRENT_ROWS, PRODUCT_ROWS, CARD_ROWS]
    union = " union all by name ".join(f"({part.format(**values)})" for part in parts)
    union += " union all by name select aid, balance_on, cents from loan_balances"
    if month.index == 0:
        opening = OPENING_ROWS.format(**values)
        # A product stated on the first day itself has one row, the later statement.
        union = f"""
            select aid, balance_on, last(cents order by rank_) as cents from (
                select *, 0 as rank_ from ({opening})
                union all by name select *, 1 as rank_ from ({union})
            ) group by aid, balance_on
        """
    bank.run(f"create or replace table movements as {union}")
    bank.run(
        """
        create or replace table state as
        select coalesce(n.aid, s.aid) as aid, coalesce(n.balance, s.balance) as balance
        from state as s
        full join (
            select aid, max_by(cents, balance_on) as balance from movements group by aid
        ) as n on n.aid = s.aid
        """
    )
    late = delay(bank, "late", "aid", "balance_on")
    bank.run(
        f"create or replace table delivered_movements as"
        f" select *, balance_on + {late} as loaded_on from movements"
    )
    bank.emit(
        "account_balances",
        """
        select account_no(aid) as account_id, balance_on, money(cents) as closing_balance,
            loaded_on
        from delivered_movements
        """,
    )
