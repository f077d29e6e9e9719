"""Money: the month's plan of every customer, the flows over the current account, the balances.

Only current accounts carry transactions, and they tie: the sum of an account's transactions is
its closing balance. Every other product moves by balance rows alone. A month aims at the planned
balance with one transfer to or from another bank, dated so that no balance is ever negative:
inflows come first in the month, outflows last.
"""

from __future__ import annotations

from orchestration.sample_bank.bank import Bank, day
from orchestration.sample_bank.options import Month

# Stage and wealth of each customer in the month; `fall` is what decline leaves of the business.
PLAN = """
create or replace table plan as
with staged as (
    select
        *,
        {m} - join_m as tenure_m,
        case
            when account_on is null or account_on > {last} then 'prospect'
            when end_m <= {m} then 'terminated'
            when decline_m <= {m} then 'declining'
            when tenure_m < 3 or not settles then 'developing'
            when tenure_m < grow_m then 'growing'
            else 'mature'
        end as stage,
        case
            when decline_m > {m} or decline_m is null then 1.0
            else case cause
                when 'sudden_outflow' then 0.35 * pow(0.9, {m} - decline_m)
                when 'competitor' then pow(0.80, {m} - decline_m + 1)
                when 'bank_side' then pow(0.82, {m} - decline_m + 1)
                when 'own_operation' then pow(0.84, {m} - decline_m + 1)
                else pow(0.85, {m} - decline_m + 1)
            end
        end as fall,
    from people
    where opened_on <= {last}
)

select
    cid, stage, fall, tenure_m,
    case when stage in ('prospect', 'terminated') then 0 else
        fa * pow(1.004, {m})
        * (1 + 0.03 * cos(2 * pi() * ({calendar_month} - 2) / 12))
        * least(1, 0.3 + 0.14 * tenure_m)
        * (1 + 0.012 * least(tenure_m, grow_m))
        * exp(n01('noise', cid, {m}) * case
            when customer_type = 'retail' and fa between 4e6 and 9e6 then 0.10 else 0.03 end)
        * fall
    end as wealth,
    case when stage in ('prospect', 'terminated') then 0 else
        activity * fall * (0.9 + 0.2 * u('busy', cid, {m}))
        * case when {calendar_month} in (1, 2, 11, 12) then 1.1 else 0.95 end
        * case stage when 'developing' then 0.4 when 'growing' then 1.1 else 1 end
    end as busy,
from staged
"""
# Each current account's month before the balancing transfer. prev = balance it starts with.
CURRENT = """
create or replace table current as
with known as (
    select
        h.aid, h.cid, h.open_on, h.open_m, h.end_m, coalesce(s.balance, 0) as prev,
        greatest(1000, round(p.wealth * h.share * 100))::bigint as target,
        case
            when h.open_m >= {m} then 0
            else least(60, floor({spend_rate} * p.busy + u('n', h.aid, {m})))::int
        end as n,
        case
            when h.open_m >= {m} or p.stage = 'terminated' then 0
            when c.decline_m <= {m} and c.cause = 'own_operation' then 0
            else c.salary
        end as salary,
        c.payday, c.cause, c.decline_m, c.customer_type,
        coalesce(l.repaid, 0) as repaid,
        case when {is_quarter_end} and s.balance >= 4000000 then s.balance // 2000 else 0
            end as interest,
    from holdings as h
    inner join plan as p using (cid)
    inner join people as c using (cid)
    left join state as s using (aid)
    left join repayments as l on l.account_aid = h.aid
    where h.slot = 1 and h.open_on <= {last} and (h.end_m is null or h.end_m >= {m})
)

select
    *,
    least(
        prev // 2,
        case when salary > 0 then salary * 85 // 100
            else target * 5 // 100 + 20000 * (1 + floor(4 * u('budget', aid, {m})))::bigint end
    ) as budget,
from known
"""
SPENDS = """
create or replace table spends as
select *
from (
    select
        aid, j, n,
        floor(budget / n * (0.5 + u('size', aid * 64 + j, {m})))::bigint as cents,
        1 + floor({days} * u('day', aid * 64 + j, {m}))::int as day_no,
    from (select aid, n, budget, unnest(range(n)) as j from current where n > 0)
)
where cents > 0
"""
BALANCING = """
create or replace table balancing as
with summed as (
    select aid, sum(cents)::bigint as spent from spends group by aid
),
lows as (
    select
        c.*,
        coalesce(s.spent, 0) as spent,
        prev - coalesce(s.spent, 0) - repaid as low,
        low + salary + interest as due,
    from current as c
    left join summed as s using (aid)
)

select
    *,
    case
        when end_m = {m} then -due
        when open_m = {m} then target
        when low < 0 then greatest(target - due, -low)
        -- Money leaves as planned in every month of a decline, also from accounts else quiet.
        when decline_m <= {m} then target - due
        when n + salary + repaid = 0 and u('moves', aid, {m}) > {quiet_rate} then 0
        when abs(target - due) > target * 0.12 + 30000 then target - due
        else 0
    end::bigint as balancing,
from lows
"""
# seq: 0 balancing, 1 salary or pension, 2 repayment, 3 interest, 4 opening, from 10 on spending.
FLOWS = """
create or replace table flows as
with all_flows as (
    select aid, 0 as seq, balancing as cents, case
            when open_m = {m} then extract(day from open_on)::int
            when balancing < 0 then 28
            else 1 + floor(3 * u('day', aid, {m}))::int
        end as day_no
    from balancing where balancing <> 0
    union all by name
    select aid, 1 as seq, salary as cents, payday as day_no from balancing where salary > 0
    union all by name
    select aid, 2 as seq, -repaid as cents, 20 as day_no from balancing where repaid > 0
    union all by name
    select aid, 3 as seq, interest as cents, 21 as day_no from balancing where interest > 0
    union all by name
    select aid, 10 + j as seq, -cents as cents, day_no from spends
    {opening}
)

select *, ({first} + day_no - 1)::date as booked_on from all_flows
"""
OPENING = """
    union all by name
    select aid, 4 as seq, balance as cents, 1 as day_no from state where aid % 10 = 1
"""


def open_state(bank: Bank) -> None:
    """Balances of the stock on the eve of the first month, by account."""
    start = day(bank.request.start)
    bank.run(
        f"""
        create or replace table state as
        select h.aid, greatest(1000, round(
                p.fa * h.share * 100 * least(1, 0.3 + 0.14 * (-p.join_m))
                * (1 + 0.012 * least(-p.join_m, p.grow_m))
                * case when p.decline_m < 0 then pow(0.82, -p.decline_m) else 1 end
            ))::bigint as balance
        from holdings as h
        inner join people as p using (cid)
        where h.slot <= 6 and h.open_on < {start}
        """
    )


def move_money(bank: Bank, month: Month) -> None:
    """Plan the month, book its flows and emit the transactions."""
    rate = max(0.02, (bank.volumes.transactions_per_month - 0.72) / 0.94)
    values = {
        "m": month.index,
        "first": day(month.first),
        "last": day(month.end),
        "days": 27,
        "calendar_month": month.first.month,
        "is_quarter_end": "true" if month.first.month % 3 == 0 else "false",
        "spend_rate": rate,
        "quiet_rate": 0.05,
        "opening": OPENING if month.index == 0 else "",
    }
    for statement in (PLAN, CURRENT, SPENDS, BALANCING, FLOWS):
        bank.run(statement.format(**values))


def delay(bank: Bank, what: str, aid: str, on: str) -> str:
    """Days a row comes late: one draw per account and day, so that movement and balance agree.

    The opening position of the first day is never late.
    """
    if bank.request.late_share == 0:
        return "0"
    number = f"({on} - date '2000-01-01')"
    return (
        f"case when u('{what}', {aid}, {number}) < {bank.request.late_share}"
        f" and {on} > {day(bank.request.start)}"
        f" then 1 + floor({bank.volumes.late_days} * u('{what} days', {aid}, {number}))::int"
        " else 0 end"
    )


def emit_transactions(bank: Bank, month: Month) -> None:
    """Dress the flows: kind, channel, rail and the other bank."""
    late = delay(bank, "late", "aid", "booked_on")
    m = month.index
    bank.emit(
        "transactions",
        f"""
        with dressed as (
            select
                f.*,
                p.customer_type, p.cause, p.decline_m, p.end_m, p.agency_group, p.age,
                u('how', f.aid * 64 + seq, {m}) as how,
                u('what', f.aid * 64 + seq, {m}) as what,
                e.mobile_on <= f.booked_on as has_mobile,
                e.net_on <= f.booked_on as has_net,
                case
                    when seq = 1 and agency_group = 'payroll' then 'salary'
                    when seq = 1 then 'pension'
                    when seq = 2 then 'repayment'
                    when seq = 3 then 'interest'
                    -- Who declines for reasons of their own spends the money; others take it to
                    -- another bank.
                    when seq = 0 and cents < 0 and decline_m <= {m}
                        and cause in ('own_operation', 'unprofitable') then 'payment'
                    when seq in (0, 4) then 'transfer'
                    when customer_type <> 'retail' then
                        case when what < 0.7 then 'payment' when what < 0.92 then 'transfer'
                            when what < 0.97 then 'bill' else 'fee' end
                    when what < 0.46 then 'payment'
                    when what < 0.62 then 'bill'
                    when what < 0.80 then 'cash'
                    when what < 0.92 then 'transfer'
                    when what < 0.95 then 'investment'
                    when what < 0.97 then 'insurance'
                    when what < 0.99 then 'fee'
                    else 'other'
                end as flow_kind,
            from flows as f
            inner join people as p on p.cid = f.aid // 10
            left join electronic as e on e.cid = p.cid
        )

        select
            'T' || lpad(aid::varchar, 11, '0') || '-{month.first:%y%m}-' || seq::varchar
                as transaction_id,
            account_no(aid) as account_id,
            booked_on,
            money(cents) as amount,
            flow_kind as kind,
            case
                when seq in (1, 2, 3, 4) or flow_kind = 'fee' then 'system'
                when flow_kind = 'cash' then case when how < 0.6 then 'atm' else 'counter' end
                when customer_type <> 'retail' then
                    case when has_net and how < 0.7 then 'net' when how > 0.99 then 'direct_link'
                        else 'counter' end
                when has_mobile and how < 0.75
                    then case when how < 0.5 then 'mobile' else 'wechat' end
                when has_net and how < 0.55 then 'net'
                when flow_kind = 'payment' then 'pos'
                when how > 0.97 then case when how > 0.995 then 'tv' else 'phone' end
                when what < 0.5 then 'atm'
                else 'counter'
            end as channel,
            case when flow_kind = 'payment'
                then case when what < 0.28 and has_mobile then 'third_party' else 'own' end
            end as rail,
            case when flow_kind = 'transfer' and seq <> 4 then
                case when cause = 'competitor' and decline_m <= {m} then 'B02'
                    else 'B' || lpad((1 + floor(12 * how))::int::varchar, 2, '0') end
            end as counterparty_bank,
            booked_on + {late} as loaded_on
        from dressed
        """,
    )
