{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

facts as (
    select
        customer_key,
        month,
        customer_type,
        relationship_opened_on,
        relationship_closed_on,
        industry,
        loans_in_default,
        days_past_due,
    from {{ ref('fct_customer_month') }}
    where month >= {{ window_month() }}
),

ratios as (
    select * from {{ ref('int_company_ratio_month') }} where month >= {{ window_month() }}
),

sheet as (
    select * from {{ ref('int_company_sheet_month') }} where month >= {{ window_month() }}
)

select *
from (
    {{ rating_companies('facts', ref('fct_customer_trail'), 'ratios', 'sheet', 'months') }}
) as companies
