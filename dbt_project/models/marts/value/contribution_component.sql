{{ config(materialized='view') }}

{% for component, (side, class) in contribution_components().items() -%}
{{ 'union all' if not loop.first }}
{% if side == 'reward' -%}
{% set named = "case when rewards_choice = 'seed_literal' then 'income' else 'cost' end" -%}
{% set signed = "case when rewards_choice = 'seed_literal' then " ~ component ~ ' else -'
    ~ component ~ ' end' -%}
{% else -%}
{% set named = "'" ~ side ~ "'" -%}
{% set signed = component if side == 'income' else '-' ~ component -%}
{% endif -%}
select
    customer_key,
    month,
    judged_on,
    is_closed,
    branch_id,
    '{{ component }}' as component,
    {{ named }} as side,
    '{{ class }}' as product_class,
    {{ component }} as amount,
    cast({{ signed }} as decimal(28, 2)) as contribution,
    policy_version,
from {{ ref('contribution_month') }}
where {{ component }} <> 0
{% endfor -%}
