{{ config(materialized='table') }}

with

months as (
    {{ build_months() }}
),

state as (
    {{ closed_months('tier_month', {
        'scheme_code': 'string',
        'customer_key': 'bigint',
        'month': 'date',
        'tier_rank': 'integer',
        'months_carried': 'integer',
        'best_rank': 'integer',
    }) }}
),

latest_state as (
    select * from state where month = {{ add_months(window_month(), -1) }}
)

select * from (
    {{ fold_tiers(ref('int_tier_measured'), 'latest_state', 'months') }}
) as folded
