{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

companies as (
    select * from {{ ref('int_rating_company') }} where month >= {{ window_month() }}
),

decisions as (
    select * from {{ ref('int_company_decision_month') }} where month >= {{ window_month() }}
),

held as (
    select *
    from (
        {{ closed_months('rating_month', {
            'customer_key': 'bigint',
            'month': 'date',
            'grade': 'string',
            'grade_rank': 'integer',
            'evidence_on': 'date',
            'valid_from': 'date',
        }) }}
    ) as closed
    where month = {{ add_months(window_month(), -1) }}
)

select *
from (
    {{ judge_rating('companies', ref('int_rating_scored'), 'decisions', 'months', 'held') }}
) as judged
