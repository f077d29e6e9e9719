{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Every verdict on a customer side by side. Tiers stand in the slots that policy_customer_tier
-- fills: which schemes a bank has is policy, which columns its reports read is not.
with

months as (
    {{ build_months() }}
),

facts as (
    select * from {{ ref('fct_customer_month') }} where month >= {{ window_month() }}
),

stages as (
    select * from {{ ref('lifecycle_month') }} where month >= {{ window_month() }}
),

stars as (
    select * from {{ ref('star_month') }} where month >= {{ window_month() }}
),

cells as (
    select * from {{ ref('value_matrix_month') }} where month >= {{ window_month() }}
),

ratings as (
    select * from {{ ref('rating_month') }} where month >= {{ window_month() }}
),

segments as (
    select * from {{ ref('segment_month') }} where month >= {{ window_month() }}
),

slots as (
    {{ policy_in_force(ref('policy_customer_tier'), 'months') }}
),

tiers as (
    select
        verdicts.customer_key,
        verdicts.month,
        {% for slot in tier_slots() -%}
        max(case when slots.slot = '{{ slot }}' then verdicts.tier end) as {{ slot }}_tier,
        max(case when slots.slot = '{{ slot }}' then verdicts.tier_rank end) as {{ slot }}_rank,
        {% endfor -%}
        max(case when slots.slot = 'asset' then verdicts.band end) as asset_band,
    from {{ ref('tier_month') }} as verdicts
    inner join slots
        on verdicts.scheme_code = slots.scheme_code and verdicts.month = slots.month
    where verdicts.month >= {{ window_month() }}
    group by verdicts.customer_key, verdicts.month
)

select
    stages.customer_key,
    stages.month,
    stages.judged_on,
    stages.is_closed,
    {% for slot in tier_slots() -%}
    coalesce(tiers.{{ slot }}_tier, 'not_judged') as {{ slot }}_tier,
    {% endfor -%}
    coalesce(tiers.asset_band, 'not_judged') as asset_band,
    stages.stage,
    stages.sub_state,
    stages.relationship_stage,
    stages.is_reactivated,
    stages.decline_cause,
    stages.decline_strategy,
    stars.grade as star_grade,
    stars.points as star_points,
    stars.coverage as star_coverage,
    stars.suitable_up_to,
    cells.cell as value_cell,
    cells.current_score as value_current,
    cells.potential_score as value_potential,
    coalesce(ratings.rating, 'not_a_company') as rating,
    {% for scheme in segment_schemes() -%}
    segments.{{ scheme }},
    {% endfor -%}
    {% set classes = ['demand', 'time_deposit', 'wealth', 'fund', 'insurance', 'bond'] -%}
    cast(
        {% for class in classes -%}
        coalesce(facts.{{ class }}_closing, 0){{ ' + ' if not loop.last }}
        {% endfor -%}
        as decimal(28, 2)
    ) as assets,
    cast(coalesce(facts.loan_closing + facts.card_closing, 0) as decimal(28, 2)) as debts,
    cast(coalesce(facts.income + facts.late_income, 0) as decimal(28, 2)) as income,
    cast(coalesce(facts.cost + facts.late_cost, 0) as decimal(28, 2)) as cost,
from stages
inner join stars on stages.customer_key = stars.customer_key and stages.month = stars.month
inner join cells on stages.customer_key = cells.customer_key and stages.month = cells.month
inner join segments
    on stages.customer_key = segments.customer_key and stages.month = segments.month
left join ratings
    on stages.customer_key = ratings.customer_key and stages.month = ratings.month
left join facts on stages.customer_key = facts.customer_key and stages.month = facts.month
left join tiers on stages.customer_key = tiers.customer_key and stages.month = tiers.month
