"""Companies and public bodies: statements, assessments, rating decisions, opportunities.

One latent quality per company moves its margins, its debt, its assessors' points and (in
people.py) its probability of default, so a rating has something true to find.
"""

from __future__ import annotations

from orchestration.sample_bank.bank import Bank, day, text_list
from orchestration.sample_bank.names import TRADING_SHARE
from orchestration.sample_bank.options import Month

# Item of the sheet and the most points it can earn. Producers are judged on the four items of
# their trade, trading companies on location instead.
ITEMS = {
    "strategy_execution": 2, "market_share": 3, "size": 9, "equipment": 5, "substitutability": 2,
    "barriers": 2, "bargaining": 2, "financing": 3, "managers": 5, "staff": 2, "organisation": 3,
    "decision": 3, "personnel": 2, "operation": 2, "finance": 2, "receivable_quality": 5,
    "main_business": 4, "diversification": 3, "stock_quality": 4, "customer_concentration": 2,
    "customer_stability": 3, "loan_quality": 10, "interest_payment": 7, "deposit_loan_ratio": 3,
    "policy_support": 2, "shareholder_support": 3, "industry": 1, "product_life": 1,
    "market_expectation": 2, "technology": 2, "location": 6,
}  # fmt: skip
PRODUCER_ITEMS = ("industry", "product_life", "market_expectation", "technology")
LINES = ("cash management", "payroll service", "trade finance", "fiscal agency", "city payments")
HISTORY_YEARS = 4
# Grades from which an approver picks one near a company's quality, the worst first.
GRADES = ("BB", "BBB", "A-", "A", "A+", "AA-", "AA", "AA+", "AAA")
# By what is decided. An approver of this bank does not know the model's grade, so that what is said
# of an override must fit a better grade as well as a worse one.
REASONS = {
    "override": (
        "figures after the end of the year looked at",
        "group looked at as a whole",
        "line of business is not that of its industry",
        "business plan gone through with the managers",
        "site visited",
    ),
    "withdrawal": ("statements no longer handed in", "no more loans wanted"),
    "positive": (
        "new contract not in the statements yet",
        "support of the owner confirmed in writing",
    ),
    "stable": ("nothing expected to change",),
    "negative": ("main customer lost", "lawsuit pending"),
    "developing": ("change of management", "merger under negotiation"),
}

STATEMENTS = """
with years as (
    select cid, quality, fa, cause, decline_m, opened_on, y,
        make_date(y::int, 12, 31) as year_end,
        cid * 64 + (y - 1990) % 64 as n,
    from people, range({first_year}, {last_year} + 1) as r (y)
    where customer_type = 'corporate'
),
sized as (
    select *,
        fa * (4 + 8 * u('sales', cid, 0))
            * pow(1.05 + 0.04 * least(2, greatest(-2, quality)), y - {first_year})
            * exp(0.05 * n01('sales', n, 0))
            * case when cause = 'own_operation' and year_end > {start} then 0.7 else 1 end
            as sales,
        least(0.3, greatest(-0.2, 0.05 + 0.035 * quality + 0.012 * n01('margin', n, 0))) as margin,
        least(0.97, greatest(0.12, 0.56 - 0.11 * quality + 0.04 * n01('debt', n, 0))) as debt_share,
        case when year_end < {start} then greatest({start}, opened_on)
            else greatest(opened_on, year_end + 90 + floor(50 * u('filed', n, 0))::int)
        end as loaded_on,
    from years
),
items as (
    select *,
        sales * (0.6 + 0.5 * u('turnover', cid, 0)) as assets,
        assets * debt_share as debts,
    from sized
)

select
    customer_no(cid) as customer_id, year_end, u('audited', n, 0) < 0.7 as audited,
    {assets}
    loaded_on
from items
where loaded_on between {from_} and {to}
"""
# statement item -> formula over `items`; the first two are also used inside others.
FORMULAS = {
    "total_assets": "assets",
    "current_assets": "assets * (0.45 + 0.2 * u('liquid', cid, 0))",
    "inventory": "assets * (0.08 + 0.12 * u('stock', cid, 0))",
    "receivables": "assets * (0.10 + 0.12 * u('owed', cid, 0))",
    "total_liabilities": "debts",
    "current_liabilities": "debts * (0.55 + 0.2 * u('short', cid, 0))",
    "interest_bearing_debt": "debts * (0.4 + 0.2 * u('bearing', cid, 0))",
    "equity": "assets - debts",
    "sales": "sales",
    "cost_of_sales": "sales * (0.80 - margin * 0.7)",
    "total_cost": "sales * (0.97 - margin * 1.2)",
    "ebit": "sales * margin * 1.35 + debts * 0.02",
    "interest_expense": "debts * 0.5 * 0.045",
    "net_profit": "sales * margin",
    "operating_cash_inflow": "sales * (0.95 + 0.1 * u('inflow', n, 0))",
    "net_operating_cash_flow": "sales * margin * (0.6 + 0.8 * u('cash', n, 0))",
}


def emit_statements(bank: Bank, month: Month) -> None:
    """Four past years with the stock; a new year some four months after its end."""
    items = "\n    ".join(
        f"money(round({formula})::bigint * 100) as {name}," for name, formula in FORMULAS.items()
    )
    bank.emit(
        "financial_statements",
        STATEMENTS.format(
            first_year=bank.request.start.year - HISTORY_YEARS,
            last_year=month.end.year - 1,
            start=day(bank.request.start),
            assets=items,
            from_=day(month.first),
            to=day(month.end),
        ),
    )


def emit_assessments(bank: Bank, month: Month) -> None:
    """One sheet per company and year, first within two months of joining."""
    start = day(bank.request.start)
    rows = ", ".join(f"('{item}', {points})" for item, points in ITEMS.items())
    bank.emit(
        "qualitative_assessments",
        f"""
        with dated as (
            select cid, quality, u('trading', cid, 0) < {TRADING_SHARE} as is_trading, round_,
                greatest({start}, opened_on) + floor(60 * u('assessed', cid, 0))::int
                    + (round_ * 365)::int as assessed_on,
            from people, range({bank.request.months // 12 + 1}) as r (round_)
            where customer_type = 'corporate'
        )

        select customer_no(cid) as customer_id, item, assessed_on::date as assessed_on,
            round(most * least(1, greatest(0, 0.62 + 0.14 * quality
                + 0.1 * n01(item, cid, round_))), 1)::decimal(18, 6) as points,
            'RC' || lpad((cid % 37)::varchar, 3, '0') as assessor,
            assessed_on as loaded_on
        from dated, (values {rows}) as i (item, most)
        where assessed_on between {day(month.first)} and {day(month.end)}
            and case when item in {PRODUCER_ITEMS} then not is_trading
                when item = 'location' then is_trading else true end
        """,
    )


def emit_decisions(bank: Bank, month: Month) -> None:
    """What approvers decide about ratings: other grades, outlooks, and ratings taken off."""
    m = month.index
    reasons = "\n                ".join(
        f"when '{decided}' then pick({text_list(said)}, 'reason', cid, {m})"
        for decided, said in REASONS.items()
    )
    bank.emit(
        "rating_decisions",
        f"""
        with drawn as (
            select cid, quality,
                ({day(month.first)} + floor({month.days} * u('decided', cid, {m}))::int)::date
                    as decided_on,
                case when u('decision', cid, {m}) < 0.6 then 'override'
                    when u('decision', cid, {m}) < 0.92 then 'outlook' else 'withdrawal' end
                    as kind,
            from people
            where customer_type = 'corporate' and u('decides', cid, {m}) < 0.02
                and opened_on < {day(month.first)} and end_m is null
        )

        select customer_no(cid) as customer_id, decided_on, kind,
            case when kind = 'override' then ({text_list(GRADES)})[
                least(9, greatest(1, 5 + round(2 * quality + n01('notch', cid, {m}))))::int] end
                as grade,
            case when kind = 'outlook' then pick(
                ['positive', 'stable', 'negative', 'developing'], 'outlook', cid, {m}) end
                as outlook,
            case coalesce(outlook, kind)
                {reasons}
            end as reason,
            'CO' || lpad((cid % 11)::varchar, 2, '0') as approver,
            case when kind = 'withdrawal' or u('expires', cid, {m}) < 0.5
                then decided_on + 90 + floor(120 * u('expires', cid, {m} + 500))::int end
                as expires_on,
            decided_on as loaded_on
        from drawn
        """,
    )


def emit_opportunities(bank: Bank, month: Month) -> None:
    """Records of what a client may buy this year; the next year's from October on."""
    m = month.index
    lines = ", ".join(f"({number}, '{line}')" for number, line in enumerate(LINES, 1))
    year = month.first.year + (1 if month.first.month >= 10 else 0)
    bank.emit(
        "opportunities",
        f"""
        with recorded as (
            select p.cid, p.fa, l.no, l.line,
                ({day(month.first)} + floor({month.days} * u('recorded', cid, {m} * 8 + l.no))::int)
                    ::date as recorded_on,
            from people as p
            inner join plan as s using (cid),
                (values {lines}) as l (no, line)
            where p.customer_type <> 'retail' and s.stage not in ('prospect', 'terminated')
                and u('lined', cid, l.no) < 0.45 and u('records', cid, {m} * 8 + l.no) < 0.12
        )

        select customer_no(cid) as customer_id, line as product_line,
            {year} as forecast_year, recorded_on,
            u('need', cid, no) < 0.8 as has_need,
            u('budget set', cid, no * 500 + {m}) < 0.65 as has_budget,
            u('timetable', cid, no * 500 + {m}) < 0.6 as has_timetable,
            u('deciders', cid, no) < 0.7 as knows_decision_makers,
            money(round(least(fa, 2e7) * (0.02 + 0.3 * u('expected', cid, no)))::bigint * 100)
                as expected_sales,
            round(0.05 + 0.35 * u('margin', cid, no), 4)::decimal(18, 6) as expected_margin,
            money(case when u('past', cid, no) < 0.5 then 0
                else round(least(fa, 2e7) * 0.2 * u('past', cid, no))::bigint * 100 end)
                as past_sales,
            recorded_on as loaded_on
        from recorded
        where recorded_on >= (select opened_on from people as p where p.cid = recorded.cid)
        """,
    )
