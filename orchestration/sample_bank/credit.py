"""Loans: terms, month-end performance, defaults drawn from the planted probability.

A loan of a borrower with probability of default p (over twelve months) defaults in a given month
with hazard 1 - (1 - p) ^ (1/12). A default is the third missed instalment; before it, two month
ends show 31 and 61 days past due. Performance reaches back before the bank's first day, delivered
on that day, so that a scorecard has cohorts with a full year behind them.
"""

from __future__ import annotations

from orchestration.sample_bank.bank import Bank, day
from orchestration.sample_bank.options import Month

LOANS = """
create table loan_plan as
with terms as (
    select
        h.aid, h.cid, h.cid * 10 + 1 as account_aid, h.open_on as granted_on, h.open_m,
        h.product_id, p.pd, p.income, p.fa, p.customer_type,
        case h.product_id
            when 'LOA-H' then 120 + 12 * floor(16 * u('term', h.aid, 1))
            when 'LOA-C' then 12 + 12 * floor(5 * u('term', h.aid, 1))
            else 12 + 6 * floor(5 * u('term', h.aid, 1))
        end::int as term_months,
        greatest(10, round(case h.product_id
            when 'LOA-H' then p.income * (2 + 4 * u('loaned', h.aid, 1))
            when 'LOA-C' then p.income * (0.2 + 0.8 * u('loaned', h.aid, 1))
            else p.fa * (0.3 + u('loaned', h.aid, 1)) end / 1000))::bigint * 100000 as amount,
    from holdings as h
    inner join people as p using (cid)
    where h.slot = 8
),
hazards as (
    select t.*, 1 - pow(1 - pd, 1.0 / 12) as hazard, amount // term_months as principal,
        (amount // term_months + amount * 4 // 1200) as instalment
    from terms as t
),
draws as (
    select aid, min(k)::int as default_k
    from (select aid, hazard, unnest(range(4, least(term_months, 60))) as k from hazards)
    where u('default', aid, k) < hazard
    group by aid
)

select h.*, open_m + default_k as default_m, open_m + term_months as mature_m,
from hazards as h
left join draws using (aid)
"""
# What is owed at the end of month {m}: even amortisation, stopped by the first missed instalment.
# An instalment that slips is paid with the next one.
SLIPS = "u('slips', aid, {}) < 0.02 + 0.4 * pd and {} > open_m"
PERFORMANCE = """
with standing as (
    select *,
        coalesce({m} >= default_m - 2, false) as missed,
        not missed and {slips} as slipped,
        {slipped_before} as slipped_before,
        coalesce({m} >= default_m, false) as in_default,
    from loan_plan
    where granted_on <= {last} and {m} <= mature_m
        and (default_m is null or {m} <= default_m + 12)
)

select
    aid, cid, account_aid, granted_on, open_m, mature_m, instalment, missed, slipped,
    slipped_before, in_default,
    case
        when missed then 30 * ({m} - default_m + 2) + 31
        when slipped then 1 + floor(27 * u('slipped', aid, {m}))::int
        else 0
    end as days_past_due,
    greatest(0, amount - principal * (least(
        {m} - open_m, coalesce(default_m - 3 - open_m, {m} - open_m)) - slipped::int))::bigint
        as owed,
from standing
"""


_PAID = "(default_m is null or default_m > mature_m)"


def _performance(m: int, last: str) -> str:
    return PERFORMANCE.format(
        m=m,
        last=last,
        slips=SLIPS.format(m, m),
        slipped_before=SLIPS.format(m - 1, m - 1),
    )


def plan_loans(bank: Bank) -> None:
    """Fix every loan's terms and fate."""
    bank.run(LOANS)


def service_loans(bank: Bank, month: Month) -> None:
    """The month's instalments and what is owed at its end, for money and balances to use."""
    performance = _performance(month.index, day(month.end))
    bank.run(f"create or replace table performing as {performance}")
    bank.run(
        f"""
        create or replace table repayments as
        select account_aid, (instalment * (1 + slipped_before::int))::bigint as repaid
        from performing
        where not missed and not slipped and open_m < {month.index}
        """
    )
    bank.run(
        f"""
        create or replace table loan_balances as
        select aid,
            case when open_m = {month.index} then granted_on else {day(month.first)} + 19 end
                as balance_on,
            case when mature_m = {month.index} and not in_default then 0 else owed end
                as cents
        from performing
        where not missed and (not slipped or open_m = {month.index})
        """
    )


def loan_rows(effective_on: str, loaded_on: str, status: str, where: str) -> str:
    """Select loan versions out of `loan_plan`."""
    return f"""
        select
            loan_no(aid) as loan_id,
            {effective_on} as effective_on,
            account_no(aid) as account_id,
            customer_no(cid) as customer_id,
            granted_on,
            money(amount) as amount,
            term_months,
            money(instalment) as instalment,
            case product_id
                when 'LOA-H' then 'housing'
                when 'LOA-C' then pick(['consumption', 'car', 'education', 'other'],
                    'purpose', aid, 1)
                else pick(['business', 'working_capital', 'investment'], 'purpose', aid, 1)
            end as purpose,
            case product_id
                when 'LOA-H' then 'property'
                when 'LOA-C' then pick(['none', 'none', 'vehicle', 'guarantee'],
                    'collateral', aid, 1)
                else pick(['property', 'guarantee', 'deposit', 'none', 'other'],
                    'collateral', aid, 1)
            end as collateral,
            '{status}' as status,
            {loaded_on} as loaded_on
        from loan_plan
        where {where}
    """


def emit_loans(bank: Bank, month: Month) -> None:
    """Grants, repayments in full and write-offs of the month; month-end performance."""
    start, first, last = day(bank.request.start), day(month.first), day(month.end)
    m = month.index
    if m == 0:
        bank.emit("loans", loan_rows("granted_on", start, "running", f"granted_on <= {start}"))
        # With what became of them before the bank's first day, or they would run for ever.
        paid_on = f"({start} + to_months(mature_m::int))::date + 20"
        paid = f"mature_m < 0 and {_PAID}"
        bank.emit("loans", loan_rows(paid_on, start, "repaid", paid))
        lost_on = f"({start} + to_months(default_m::int + 13))::date - 1"
        bank.emit("loans", loan_rows(lost_on, start, "written_off", "default_m + 12 < 0"))
        oldest = min(0, bank.run("select coalesce(min(open_m), 0) from loan_plan").fetchall()[0][0])
        for past in range(max(oldest, -36), 0):
            ended = f"({start} + to_months({past + 1}))::date - 1"
            bank.emit("loan_performance", performance_rows(bank, past, ended, start))
    bank.emit(
        "loans",
        loan_rows(
            "granted_on",
            "granted_on",
            "running",
            f"granted_on > {start} and granted_on between {first} and {last}",
        ),
    )
    closing = f"{first} + 20"
    repaid = f"mature_m = {m} and {_PAID}"
    bank.emit("loans", loan_rows(closing, closing, "repaid", repaid))
    bank.emit("loans", loan_rows(last, last, "written_off", f"default_m + 12 = {m}"))
    bank.emit("loan_performance", performance_rows(bank, m, last, last))


def performance_rows(bank: Bank, m: int, month_end: str, loaded_on: str) -> str:
    """Select the observations of the end of month number m."""
    performance = _performance(m, month_end)
    return f"""
        select loan_no(aid) as loan_id, {month_end} as month_end, days_past_due,
            money(owed) as outstanding, in_default, {loaded_on} as loaded_on
        from ({performance})
        where mature_m > {m} or in_default
    """
