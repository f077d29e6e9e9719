{{ config(materialized='table') }}

with

months as (
    {{ build_months() }}
),

facts as (
    select * from {{ ref('fct_customer_month') }} where month >= {{ window_month() }}
)

select * from (
    {{ measure_tiers('facts', 'months') }}
) as measured
