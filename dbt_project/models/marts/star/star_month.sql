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
        risk_appetite,
        {% for class in asset_classes() -%}
        {{ class }}_balance_days,
        {% endfor -%}
        accounts_open,
        products_held,
        classes_held,
        loans_owed,
        days_past_due,
        loans_in_default,
    from {{ ref('fct_customer_month') }}
    where month >= {{ window_month() }}
),

held as (
    select *
    from (
        {{ closed_months('star_month', {
            'customer_key': 'bigint',
            'month': 'date',
            'grade_rank': 'integer',
            'status': 'string',
            'evaluations_carried': 'integer',
        }) }}
    ) as closed
    where month = {{ add_months(window_month(), -1) }}
)

select *
from (
    {{ judge_star('facts', ref('fct_customer_trail'), 'months', 'held') }}
) as judged
