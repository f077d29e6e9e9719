{{ config(materialized='table') }}

-- What was learned about the balances of a closed month after it had been judged.
select
    changes.account_key,
    months.month,
    cast(sum(changes.change_amount) as decimal(18, 2)) as closing,
    cast(
        sum(
            changes.change_amount * {{ days_between(
                'greatest(changes.effective_on, months.month)', 'months.period_end'
            ) }}
        ) as decimal(18, 2)
    ) as balance_days,
from {{ ref('int_balance_changes') }} as changes
inner join {{ ref('int_restated_months') }} as months
    on {{ learned_late('changes', 'months') }}
group by changes.account_key, months.month
