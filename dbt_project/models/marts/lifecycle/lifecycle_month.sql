{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

facts as (
    select * from {{ ref('fct_customer_month') }} where month >= {{ window_month() }}
),

closed as (
    {{ closed_months(this.name, lifecycle_state()) }}
)

select * from (
    {{ judge_lifecycle('facts', ref('fct_customer_trail'), 'months', 'closed') }}
) as judged
