{{ config(materialized='view') }}

with

periods as (
    select
        *,
        takes_effect_on as valid_from,
        lead(takes_effect_on) over (
            partition by scheme_code, customer_key order by month
        ) as valid_to,
    from {{ ref('tier_changes') }}
)

select
    scheme_code,
    customer_key,
    tier,
    tier_rank,
    valid_from,
    valid_to,
    change,
    judged_on,
    measure_amount,
    policy_version,
from periods
where change <> 'left'
