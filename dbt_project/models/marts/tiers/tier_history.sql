{{ config(materialized='view') }}

with

changes as (
    select *
    from {{ ref('tier_month') }}
    where is_closed and change <> 'none'
),

-- A customer who leaves the population holds the tier until the end of the last month judged.
last_judged as (
    select
        scheme_code,
        customer_key,
        max(month) as month,
    from {{ ref('tier_month') }}
    group by scheme_code, customer_key
),

newest as (
    select max(month) as month from {{ ref('tier_month') }}
)

select
    changes.scheme_code,
    changes.customer_key,
    changes.tier,
    changes.tier_rank,
    changes.takes_effect_on as valid_from,
    coalesce(
        lead(changes.takes_effect_on) over (
            partition by changes.scheme_code, changes.customer_key order by changes.month
        ),
        case
            when last_judged.month < newest.month then {{ add_months('last_judged.month', 1) }}
        end
    ) as valid_to,
    changes.change,
    changes.judged_on,
    changes.measure_amount,
    changes.policy_version,
from changes
inner join last_judged
    on
        changes.scheme_code = last_judged.scheme_code
        and changes.customer_key = last_judged.customer_key
cross join newest
