{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
)

{{ in_force(ref('stg_customers'), 'customer_key', ['branch_id'], 'months') }}
