{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

companies as (
    select * from {{ ref('int_rating_company') }} where month >= {{ window_month() }}
),

ratios as (
    select * from {{ ref('int_company_ratio_month') }} where month >= {{ window_month() }}
),

sheet as (
    select * from {{ ref('int_company_sheet_month') }} where month >= {{ window_month() }}
)

select *
from (
    {{ rating_card('companies', 'ratios', 'sheet', 'months') }}
) as card
