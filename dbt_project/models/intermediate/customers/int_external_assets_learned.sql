{{ config(materialized='table') }}

{% set observed = ['external_assets', 'external_observed_on', 'external_source'] -%}
with

months as (
    {{ build_months() }}
),

arrivals as (
    select
        assets.customer_key,
        months.month,
        assets.known_on,
        assets.amount as external_assets,
        assets.observed_on as external_observed_on,
        assets.source as external_source,
    from {{ ref('stg_external_assets') }} as assets
    inner join months on assets.known_on >= months.month and assets.known_on < months.period_end
    where assets.known_on >= {{ window_month() }}
),

newest as (
    select
        arrivals.customer_key,
        arrivals.month,
        max_by(
            {{ pack('arrivals', observed) }},
            {{ observation_order('external_observed_on', 'external_source', 'known_on') }}
        ) as observation,
    from arrivals
    group by arrivals.customer_key, arrivals.month
)

select
    newest.customer_key,
    newest.month,
    {{ unpack('newest.observation', observed) }}
from newest
