{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

facts as (
    select * from {{ ref('fct_customer_month') }}
    where month >= {{ window_month() }}
),

verdicts as (
    {{ judge_segment('facts', ref('fct_customer_trail'), 'months') }}
)

select * from verdicts
