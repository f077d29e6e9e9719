{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

facts as (
    select
        customer_key,
        month,
        days_judged,
        in_population,
        relationship_opened_on,
        {% for class in asset_classes() -%}
        {{ class }}_balance_days,
        {% endfor -%}
        accounts_open,
        products_held,
        classes_held,
        loan_outstanding,
    from {{ ref('fct_customer_month') }}
    where month >= {{ window_month() }}
)

select *
from (
    {{ judge_value('facts', ref('fct_customer_trail'), ref('int_value_so_far'), 'months') }}
) as judged
