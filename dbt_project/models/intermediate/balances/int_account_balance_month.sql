{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

opening_state as (
    select
        account_key,
        closing_balance,
        latest_balance_on,
    from (
        {{ closed_months(this.name, {
            'account_key': 'bigint',
            'month': 'date',
            'latest_balance_on': 'date',
            'closing_balance': 'decimal(18, 2)',
        }) }}
    ) as closed
    where month = {{ add_months(window_month(), -1) }}
),

-- What each month learned: changes of days before it, changes of its own days, and the days the
-- latter lasted.
learned as (
    select
        changes.account_key,
        months.month,
        sum(case when changes.effective_on < months.month then changes.change_amount else 0 end)
            as late_change,
        sum(changes.change_amount) as total_change,
        sum(
            case
                when changes.effective_on >= months.month
                    then
                        changes.change_amount
                        * {{ days_between('changes.effective_on', 'months.period_end') }}
                else 0
            end
        ) as change_days,
        max(changes.effective_on) as latest_balance_on,
    from {{ ref('int_balance_changes') }} as changes
    inner join months
        on changes.known_on >= months.month and changes.known_on < months.period_end
    where changes.known_on >= {{ window_month() }}
    group by changes.account_key, months.month
),

accounts as (
    select
        account_key,
        min(month) as first_month,
    from (
        select account_key, {{ window_month() }} as month from opening_state
        union all
        select account_key, month from learned
    ) as appearances
    group by account_key
),

grid as (
    select
        accounts.account_key,
        months.month,
        months.judged_on,
        months.days_judged,
        months.is_closed,
        coalesce(learned.late_change, 0) as late_change,
        coalesce(learned.total_change, 0) as total_change,
        coalesce(learned.change_days, 0) as change_days,
        learned.latest_balance_on,
    from accounts
    inner join months on accounts.first_month <= months.month
    left join learned
        on accounts.account_key = learned.account_key and months.month = learned.month
),

running as (
    select
        grid.*,
        coalesce(opening_state.closing_balance, 0) + sum(grid.total_change) over (
            partition by grid.account_key order by grid.month
        ) as closing_balance,
        coalesce(
            greatest(
                max(grid.latest_balance_on) over (
                    partition by grid.account_key order by grid.month
                ),
                opening_state.latest_balance_on
            ),
            opening_state.latest_balance_on
        ) as newest_balance_on,
    from grid
    left join opening_state on grid.account_key = opening_state.account_key
)

select
    account_key,
    month,
    judged_on,
    is_closed,
    cast(closing_balance - total_change + late_change as decimal(18, 2)) as opening_balance,
    cast(late_change as decimal(18, 2)) as late_change,
    cast(closing_balance as decimal(18, 2)) as closing_balance,
    cast(
        (closing_balance - total_change + late_change) * days_judged + change_days
        as decimal(18, 2)
    ) as balance_days,
    newest_balance_on as latest_balance_on,
from running
