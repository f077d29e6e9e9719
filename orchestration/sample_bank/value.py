"""Income and cost items: what the bank earns on a customer, and what it spends.

Spread income and service cost are booked monthly for the wealthiest tenth and for companies, and
quarterly for everyone else (a third of them each month), on the customer's statement day. What
the bank sells for others (wealth plans, funds, insurance, bonds) earns intermediary income; paying
and collecting for groups of customers earns agency income.
"""

from __future__ import annotations

from orchestration.sample_bank.bank import Bank, day
from orchestration.sample_bank.options import Month

# Spread per year over funds transfer, in parts per million, by slot; loans in their own rows.
SPREADS = "case aid % 10 when 1 then 15000 when 2 then 7000 when 3 then 4500 when 4 then 6000 \
when 5 then 3000 when 6 then 2000 else 0 end"

# Cents a booking month that a group's payer pays for one of its members, up to three times.
AGENCY = "case agency_group when 'payroll' then 40 when 'social_security' then 25 \
when 'fiscal' then 30 when 'direct_debit' then 20 else 0 end"


def book_value(bank: Bank, month: Month) -> None:
    """Emit the month's items; runs on the balances the month starts with."""
    m = month.index
    bank.run(
        f"""
        create or replace table booked as
        with earned as (
            select aid // 10 as cid,
                sum(case when aid % 10 in (1, 2) then balance * {SPREADS} end)::hugeint as deposit,
                sum(case when aid % 10 between 3 and 6 then balance * {SPREADS} end)::hugeint
                    as commission,
                max(case when aid % 10 = 7 then balance else 0 end) as card,
                max(case when aid % 10 = 8 then balance else 0 end) as owed
            from state group by aid // 10
        )

        select
            p.cid, p.fa, p.q, p.customer_type, p.cause, p.decline_m, p.account_on, p.agency_group,
            s.busy,
            e.deposit, e.commission, e.card, e.owed,
            case when p.q > 0.9 or p.customer_type <> 'retail' then 1 else 3 end as cycle,
            ({day(month.first)} + ((p.cid * 11) % 28)::int)::date as booked_on,
        from people as p
        inner join plan as s using (cid)
        inner join earned as e using (cid)
        where s.stage not in ('prospect', 'terminated') and p.account_on < {day(month.first)}
            and (p.q > 0.9 or p.customer_type <> 'retail' or (p.cid + {m}) % 3 = 0)
        """
    )
    bank.emit(
        "income_items",
        f"""
        with items as (
            select cid, booked_on, unnest([
                {{'component': 'spread_deposit', 'cents': deposit * cycle // 12000000}},
                {{'component': 'spread_loan', 'cents': owed::hugeint * 20000 * cycle // 12000000}},
                {{'component': 'fee', 'cents': case when u('fee', cid, {m}) < 0.25 then 100
                        * (2 + floor(20 * busy * u('fee', cid, {m} + 500)))::bigint else 0 end}},
                {{'component': 'agency', 'cents': cycle * {AGENCY}
                    * (1 + floor(3 * u('agency income', cid, {m})))::bigint}},
                {{'component': 'intermediary', 'cents': commission * cycle // 12000000}},
                {{'component': 'card', 'cents': card::hugeint * 9000 * cycle // 1000000}}
            ]) as item
            from booked
        )

        select customer_no(cid) as customer_id, booked_on, item.component as component,
            money(item.cents::bigint) as amount, booked_on as loaded_on
        from items where item.cents > 0
        """,
    )
    _emit_costs(bank, month)


def _emit_costs(bank: Bank, month: Month) -> None:
    m, start = month.index, day(bank.request.start)
    bank.emit(
        "cost_items",
        f"""
        with items as (
            select cid, booked_on, unnest([
                {{'component': 'service', 'cents': round(100 * cycle * (0.8 + 3 * busy)
                    * case when cause = 'unprofitable' then 14 else 1 end
                    * (0.8 + 0.4 * u('service', cid, {m})))::bigint}},
                {{'component': 'maintenance', 'cents': case when fa > 500000
                    then round(cycle * least(fa, 5e7) * 0.02)::bigint
                    when customer_type <> 'retail' then 5000 * cycle else 0 end}},
                {{'component': 'points', 'cents': case when card > 0
                    then card // 400 * cycle else 0 end}}
            ]) as item
            from booked
        )

        select customer_no(cid) as customer_id, booked_on, item.component as component,
            money(item.cents) as amount, booked_on as loaded_on
        from items where item.cents > 0
        union all by name
        select customer_no(cid) as customer_id, account_on as booked_on,
            'acquisition' as component,
            money(3000 + floor(12000 * u('acquired', cid, 0))::bigint) as amount,
            account_on as loaded_on
        from people where account_on >= {start}
            and account_on between {day(month.first)} and {day(month.end)}
        union all by name
        select customer_no(cid) as customer_id, account_on as booked_on, 'referral' as component,
            money(5000) as amount, account_on as loaded_on
        from people where account_on >= {start}
            and account_on between {day(month.first)} and {day(month.end)}
            and pick(['branch', 'branch', 'branch', 'referral', 'campaign', 'online', 'agency',
                'partner'], 'source', cid, 0) = 'referral'
        """,
    )
