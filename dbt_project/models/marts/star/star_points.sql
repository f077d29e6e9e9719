{{ config(materialized='view') }}

{% set places = ['first', 'second', 'third'] -%}
{% for dimension, measures in star_dimensions().items() -%}
{{ 'union all' if not loop.first }}
select
    customer_key,
    month,
    judged_on,
    is_closed,
    '{{ dimension }}' as dimension,
    {% for place in places -%}
    {% set measure = measures[loop.index0] if loop.index0 < measures | length -%}
    cast({{ "'" ~ measure ~ "'" if measure else 'null' }} as string) as {{ place }}_measure,
    cast({{ measure or 'null' }} as decimal(28, 6)) as {{ place }}_value,
    {% endfor -%}
    {{ dimension }}_points as points,
    {{ dimension }}_weight as weight,
    {{ dimension }}_weighted as weighted_points,
    policy_version,
from {{ ref('star_month') }}
{% endfor -%}
