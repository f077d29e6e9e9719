{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
)

select
    performance.loan_key,
    months.month,
    performance.known_on,
    performance.month_end as observed_on,
    performance.days_past_due,
    performance.in_default,
from {{ ref('stg_loan_performance') }} as performance
inner join months
    on performance.known_on >= months.month and performance.known_on < months.period_end
where performance.known_on >= {{ window_month() }}
