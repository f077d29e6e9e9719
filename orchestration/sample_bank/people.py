"""Who banks here: wealth, age, plan of life with the bank - and the master data that shows it.

`people` holds the whole planned biography of a customer, one row each: everything later modules
need to build any month on its own. Wealth ranks come from a low-discrepancy sequence, so that
the thin top tiers are populated in small banks too.
"""

from __future__ import annotations

from orchestration.sample_bank.bank import Bank, day, text_list
from orchestration.sample_bank.names import (
    BODIES,
    FIRMS,
    GIVEN,
    PRODUCING,
    REGIONS,
    STREETS,
    SURNAMES,
    TRADES,
    TRADING,
    TRADING_SHARE,
)
from orchestration.sample_bank.options import Month

DRAWN = """
select
    i as cid,
    fraction(i * 0.6180339887498949 + u('wealth', 0, 0)) as q,
    fraction(i * 0.7548776662466927 + u('type', 0, 0)) as type_u,
    u('prospect', i, 0) < {prospect} as is_prospect,
    u('joins', i, 0) < {joining} as joins,
    {start} + floor({days} * u('joined', i, 0))::int as joins_on,
    {start} - 30 - floor(5500 * pow(u('joined', i, 0), 1.5))::int as stock_on,
    {start} - floor(300 * u('joined', i, 0))::int as registered_on,
from range(1, {customers} + 1) as r (i)
"""
TYPED = """
select
    *,
    case
        when type_u < {government} then 'government'
        when type_u < {government} + {corporate} then 'corporate'
        else 'retail'
    end as customer_type,
    case when joins then joins_on when is_prospect then registered_on else stock_on end
        as opened_on,
    case
        when not is_prospect then opened_on
        when u('converts', cid, 0) < 0.5
            then opened_on + 45 + floor(240 * u('converted', cid, 0))::int
    end as wanted_on,
    case when wanted_on <= {end} then wanted_on end as account_on,
    datediff('month', {start}, account_on) as join_m,
    case customer_type
        when 'corporate' then least(2e9, 400000 * exp(1.9 * z(q)))
        when 'government' then least(5e9, 2000000 * exp(1.5 * z(q)))
        else case
            when q < 0.94 then 30000 * exp(2.515 * z(q))
            else least(3e8, 1500000 * 0.06 / (1 - q))
        end
    end + 10 as fa,
    case
        when u('age', cid, 0) < 0.30 then 18 + 22 * u('age', cid, 1)
        when u('age', cid, 0) < 0.72 then 40 + 20 * u('age', cid, 1)
        else 60 + 28 * pow(u('age', cid, 1), 1.6)
    end as age,
    -4 + floor(({months} + 4) * u('declines', cid, 1))::int as decline_draw,
from drawn
"""
FATED = """
select
    * exclude (type_u, joins, joins_on, stock_on, registered_on, wanted_on, decline_draw),
    case
        when u('declines', cid, 0) < {decline} * case when fa > 1.5e6 then 1.6 else 1 end
            and join_m <= decline_draw - 6 then decline_draw
    end as decline_m,
    case
        when customer_type <> 'retail' then null
        when age between 22 and 60 and u('agency', cid, 0) < 0.36 then 'payroll'
        when age > 60 and u('agency', cid, 0) < 0.45 then 'social_security'
        when u('agency', cid, 0) > 0.96 then 'direct_debit'
        when u('agency', cid, 0) > 0.94 then 'fiscal'
    end as agency_group,
    case
        when decline_m is null then null
        when customer_type = 'retail' and fa > 1.5e6 and u('cause', cid, 0) < 0.8
            then 'sudden_outflow'
        when fa < 12000 and u('cause', cid, 0) < 0.6 then 'unprofitable'
        -- Own circumstances show where an income ends that used to come in.
        when agency_group in ('payroll', 'social_security') and u('cause', cid, 1) < 0.7
            then 'own_operation'
        when u('cause', cid, 2) < 0.5 then 'competitor'
        else 'bank_side'
    end as cause,
    case when u('loan', cid, 0) < case customer_type
        when 'retail' then 0.06 when 'corporate' then 0.35 else 0 end
        then true else false
    end as wants_loan,
    case
        when not wants_loan and u('ends', cid, 0) < 0.5
            then decline_m + 4 + floor(5 * u('ends', cid, 1))::int
    end as end_draw,
    case when end_draw >= 0 and end_draw < {months} then end_draw end as end_m,
    case when end_m is not null
        then ({start} + to_months(end_m::int))::date + 27
    end as end_on,
    4 + floor(12 * u('grows', cid, 0))::int as grow_m,
    round(exp(11.0 + 0.55 * z(q) + 0.35 * n01('income', cid, 0)) / 100)::bigint * 100 as income,
    case
        when customer_type = 'corporate' then 4
        when customer_type = 'government' then 3
        else 1
    end as usual_activity,
    usual_activity * exp(0.8 * n01('activity', cid, 0) - 0.32) as drawn_activity,
    -- Who deals often, or is paid here, and has enough for a profit grows and matures; others stay
    -- beginners.
    (drawn_activity >= 0.4 * usual_activity or agency_group in ('payroll', 'social_security'))
    and fa > case when customer_type = 'retail' then 0 else 60000 end
        + 800 * (0.8 + 3 * greatest(drawn_activity, 1.3 * usual_activity)) as settles,
    case when settles then greatest(drawn_activity, 1.3 * usual_activity) else drawn_activity end
        as activity,
    u('area', cid, 0) < 0.62 as is_rural,
    1 + floor(u('region', cid, 0) * {regions})::int as region_no,
from typed
"""
PEOPLE = """
select
    * exclude (end_draw),
    ({start} - floor(age * 365.25)::int)::date as birth_date,
    1 + floor(u('branch', cid, 0) * {branches})::int as branch_no,
    1 + floor(u('payday', cid, 0) * 25)::int as payday,
    case agency_group
        when 'payroll' then round(income * 100 / 12 * 0.75)::bigint
        when 'social_security' then round(income * 100 / 12 * 0.35)::bigint
        else 0
    end as salary,
    n01('quality', cid, 0) as quality,
    1 / (1 + exp(case when customer_type <> 'retail' then 3.3 + 1.1 * quality else
        3.4
        + 0.75 * z(q)
        + 0.5 * (ln(income) - 11)
        + 0.6 * coalesce((agency_group = 'payroll')::int, 0)
        - 0.7 * (age < 28)::int
        - 0.4 * is_rural::int
        - 0.9 * coalesce((cause = 'own_operation')::int, 0)
        - 0.4 * n01('risk', cid, 0)
    end)) as pd,
    least(5, greatest(1, 3 + round(1.1 * n01('appetite', cid, 0) - (age > 60)::int)))::int
        as appetite,
    0 as version_m,
from fated
"""


def plan_people(bank: Bank) -> None:
    """Draw every customer's biography."""
    volumes, request = bank.volumes, bank.request
    values = {
        "start": day(request.start),
        "end": day(bank.end),
        "days": bank.days,
        "months": request.months,
        "customers": request.customers,
        "prospect": volumes.prospect_share,
        "joining": volumes.joining_share,
        "government": volumes.government_share,
        "corporate": volumes.corporate_share,
        "decline": volumes.decline_per_year * (request.months + 4) / 12,
        "regions": len(REGIONS),
        "branches": max(3, min(400, request.customers // 500)),
    }
    bank.run(
        "create table people as with"
        f" drawn as ({DRAWN.format(**values)}),"
        f" typed as ({TYPED.format(**values)}),"
        f" fated as ({FATED.format(**values)})"
        f" {PEOPLE.format(**values)} order by cid"
    )


def customer_rows(effective_on: str, loaded_on: str, closed_on: str, where: str) -> str:
    """Select customer versions out of `people` for the given date expressions."""
    person = (
        f"pick({text_list(SURNAMES)}, 'surname', cid, 0)"
        f" || pick({text_list(GIVEN)}, 'given', cid, 0)"
        f" || case when u('given', cid, 2) < 0.7 then pick({text_list(GIVEN)}, 'given', cid, 1)"
        " else '' end"
    )
    firm = (
        f"pick({text_list(FIRMS)}, 'firm', cid, 0)"
        f" || pick({text_list(TRADES)}, 'trade', cid, 0) || '有限公司'"
    )
    body = f"'第' || (cid % 97 + 1)::varchar || '区' || pick({text_list(BODIES)}, 'body', cid, 0)"
    return f"""
        select
            customer_no(cid) as customer_id,
            {effective_on} as effective_on,
            customer_type,
            case customer_type when 'retail' then {person} when 'corporate' then {firm}
                else {body} end as name,
            case when customer_type = 'retail'
                then '9900' || lpad(region_no::varchar, 2, '0')
                    || strftime(birth_date, '%Y%m%d') || lpad((cid % 10000)::varchar, 4, '0')
                else '91' || lpad(cid::varchar, 16, '0') end as id_number,
            '100' || lpad(floor(u('phone', cid, version_m) * 1e8)::bigint::varchar, 8, '0')
                as phone,
            pick({text_list(STREETS)}, 'street', cid, version_m)
                || (1 + cid % 300)::varchar || '号, '
                || (1 + cid % 40)::varchar || '室' as address,
            case when customer_type = 'retail' then birth_date end as birth_date,
            case when customer_type = 'retail' and u('gender', cid, 1) < 0.98
                then case when u('gender', cid, 0) < 0.5 then 'female' else 'male' end
            end as gender,
            ({text_list(REGIONS)})[region_no] as region,
            case when is_rural then 'rural' else 'urban' end as area,
            'BR' || lpad(branch_no::varchar, 4, '0') as branch_id,
            case when fa > 500000 or customer_type <> 'retail'
                then 'RM' || lpad(branch_no::varchar, 4, '0')
                    || (1 + floor(5 * u('manager', cid, version_m)))::int::varchar
            end as relationship_manager,
            opened_on,
            {closed_on} as closed_on,
            case when customer_type = 'retail' and u('income_known', cid, 0) < 0.9
                then money(income * 100) end as household_income,
            case when customer_type = 'retail' and u('appetite_known', cid, 0) < 0.8
                then 'R' || least(5, greatest(1, appetite
                    + case when version_m > 0 then 1 else 0 end))::varchar
            end as risk_appetite,
            pick(['branch', 'branch', 'branch', 'referral', 'campaign', 'online', 'agency',
                'partner'], 'source', cid, 0) as acquisition_source,
            case when customer_type = 'corporate' and u('industry_known', cid, 0) < 0.93
                then case when u('trading', cid, 0) < {TRADING_SHARE}
                    then pick({text_list(TRADING)}, 'industry', cid, 0)
                    else pick({text_list(PRODUCING)}, 'industry', cid, 0) end
            end as industry,
            {loaded_on} as loaded_on,
        from people
        where {where}
    """


def emit_customers(bank: Bank, month: Month) -> None:
    """Master data: the stock on the first day, then who joins, changes and leaves."""
    start = day(bank.request.start)
    if month.index == 0:
        bank.emit(
            "customers",
            customer_rows("opened_on", start, "null::date", f"opened_on <= {start}"),
        )
    bank.emit(
        "customers",
        customer_rows(
            "opened_on",
            "opened_on",
            "null::date",
            f"opened_on > {start} and opened_on between {day(month.first)} and {day(month.end)}",
        ),
    )
    if month.index > 0:
        bank.run(
            f"update people set version_m = {month.index}"
            f" where u('moves', cid, {month.index}) < 0.004 and opened_on < {day(month.first)}"
            f" and (end_on is null or end_on > {day(month.end)})"
        )
        changed = f"({day(month.first)} + floor(25 * u('moved', cid, {month.index}))::int)::date"
        bank.emit(
            "customers",
            customer_rows(changed, changed, "null::date", f"version_m = {month.index}"),
        )
    bank.emit("customers", customer_rows("end_on", "end_on", "end_on", f"end_m = {month.index}"))
