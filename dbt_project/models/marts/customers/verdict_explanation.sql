{{ config(materialized='view') }}

{% set families = [
    explain_tiers(ref('tier_month')),
    explain_lifecycle(ref('lifecycle_month')),
    explain_star(ref('star_month')),
    explain_segment(ref('segment_month')),
] -%}
{% for family in families -%}
select
    customer_key,
    month,
    judged_on,
    is_closed,
    family,
    verdict,
    measure,
    value,
    bound,
    cast(distance as decimal(28, 6)) as distance,
    policy_version,
    reason,
from (
    {{ family }}
) as explained_{{ loop.index }}
{{ 'union all' if not loop.last }}
{% endfor %}
