{{ config(materialized='table') }}

-- Measured again where something was learned late. The months after it are not, but judging them
-- starts from another tier: they count as they were measured then.
with

measured_again as (
    select * from (
        {{ measure_tiers(ref('int_restated_customers'), ref('int_restated_months')) }}
    ) as measured
),

concerned as (
    select distinct
        customer_key,
        first_month,
    from {{ ref('int_restated_concerned') }}
)

select * from measured_again
union all
select
    verdicts.scheme_code,
    verdicts.customer_key,
    verdicts.month,
    verdicts.judged_on,
    verdicts.is_closed,
    verdicts.measure_code,
    verdicts.measure_amount,
    verdicts.measured_rank,
from {{ ref('tier_month') }} as verdicts
inner join {{ ref('int_restated_months') }} as months on verdicts.month = months.month
inner join concerned
    on
        verdicts.customer_key = concerned.customer_key
        and verdicts.month > concerned.first_month
left join {{ ref('int_restated_concerned') }} as again
    on verdicts.customer_key = again.customer_key and verdicts.month = again.month
where again.customer_key is null
