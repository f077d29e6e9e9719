{{ config(materialized='view') }}

{% for dimension, member in {
    'bank': "'all'", 'branch': 'branch_id', 'product_class': 'product_class'
}.items() -%}
{{ 'union all' if not loop.first }}
select
    month,
    judged_on,
    is_closed,
    '{{ dimension }}' as dimension,
    {{ member }} as member,
    component,
    side,
    count(*) as customers,
    cast(sum(amount) as decimal(28, 2)) as amount,
    cast(sum(contribution) as decimal(28, 2)) as contribution,
from {{ ref('contribution_component') }}
group by month, judged_on, is_closed, {{ member ~ ', ' if dimension != 'bank' }}component, side
{% endfor -%}
