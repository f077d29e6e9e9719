{{ config(materialized='suffix', suffix_column='known_on', suffix_from='window_start') }}

-- A row that arrives in order changes the balance by its difference to the row before. A row that
-- arrives late, behind a newer one, changes it only until the next day already known: it takes its
-- change back there. Only late rows look further back than the month's first day.
{% set account_months = closed_months('int_account_balance_month', {
    'account_key': 'bigint',
    'month': 'date',
    'judged_on': 'date',
    'latest_balance_on': 'date',
    'closing_balance': 'decimal(18, 2)',
}) -%}
with

arrivals as (
    {{ balance_arrivals('(' ~ account_months ~ ')') }}
),

in_order as (
    select
        account_key,
        balance_on,
        known_on,
        closing_balance - coalesce(
            lag(closing_balance) over (partition by account_key order by known_on, balance_on), 0
        ) as change_amount,
    from arrivals
    where newest_before is null or balance_on >= newest_before
),

late as (
    select * from arrivals
    where balance_on < newest_before and known_on >= {{ window_start() }}
),

earlier as (
    {{ balances_before('late', '(' ~ account_months ~ ')') }}
),

neighbours as (
    select
        late.account_key,
        late.balance_on,
        late.known_on,
        late.closing_balance,
        max_by(
            earlier.closing_balance,
            {{ version_order('earlier.balance_on', 'earlier.known_on') }}
        ) filter (where earlier.balance_on <= late.balance_on) as balance_before,
        min(earlier.balance_on) filter (where earlier.balance_on > late.balance_on) as next_on,
    from late
    inner join earlier
        on
            late.account_key = earlier.account_key
            and (
                late.known_on > earlier.known_on
                or (late.known_on = earlier.known_on and late.balance_on > earlier.balance_on)
            )
    group by late.account_key, late.balance_on, late.known_on, late.closing_balance
),

changes as (
    select
        account_key,
        balance_on as effective_on,
        known_on,
        change_amount,
    from in_order
    where known_on >= {{ window_start() }}
    union all
    select
        account_key,
        balance_on as effective_on,
        known_on,
        closing_balance - coalesce(balance_before, 0) as change_amount,
    from neighbours
    union all
    select
        account_key,
        next_on as effective_on,
        known_on,
        coalesce(balance_before, 0) - closing_balance as change_amount,
    from neighbours
    where next_on is not null
)

select
    account_key,
    effective_on,
    known_on,
    cast(sum(change_amount) as decimal(18, 2)) as change_amount,
from changes
group by account_key, effective_on, known_on
