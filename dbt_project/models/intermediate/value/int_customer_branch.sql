{{ config(materialized='table') }}

with

months as (
    {{ build_months() }}
)

{{ in_force(ref('stg_customers'), 'customer_key', ['branch_id'], 'months') }}
