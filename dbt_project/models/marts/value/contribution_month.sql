{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- What each customer brought and cost, component by component, and all of it added up so far, so
-- that any window of months is a difference of two rows.
with

months as (
    {{ build_months() }}
),

terms as (
    {{ contribution_terms('months') }}
),

state as (
    select *
    from (
        {{ closed_months(this.name, contribution_state()) }}
    ) as closed
    where month = {{ add_months(window_month(), -1) }}
),

known as (
    select
        customer_key,
        month,
        months_known,
    from {{ ref('fct_customer_trail') }}
    where month >= {{ window_month() }}
),

unit_costs as (
    {{ policy_in_force(ref('policy_unit_cost'), 'months') }}
),

served as (
    select
        uses.customer_key,
        uses.month,
        cast(sum(uses.uses * unit_costs.unit_cost) as decimal(28, 2)) as service,
    from {{ ref('int_channel_use') }} as uses
    inner join unit_costs
        on
            uses.month = unit_costs.month
            and uses.kind = unit_costs.kind
            and uses.channel = unit_costs.channel
    group by uses.customer_key, uses.month
),

gathered as (
    {{ contribution_gathered('known', 'terms', 'served') }}
),

sides as (
    select
        gathered.*,
        {{ side_of('gathered', 'income') }} + case
            when terms.rewards_choice = 'seed_literal' then {{ side_of('gathered', 'reward') }}
            else 0
        end as income,
        {{ side_of('gathered', 'cost') }} + case
            when terms.rewards_choice = 'seed_literal' then 0
            else {{ side_of('gathered', 'reward') }}
        end as cost,
        {{ fixed_cost('gathered', 'terms') }} as fixed_cost,
    from gathered
    inner join terms on gathered.month = terms.month
),

running as (
    select
        *,
        {{ so_far('sum', 'income') }} as income_so_far,
        {{ so_far('sum', 'cost') }} as cost_so_far,
        {{ so_far('sum', 'fixed_cost') }} as fixed_cost_so_far,
    from sides
    window so_far as (partition by customer_key order by month)
)

select
    running.customer_key,
    running.month,
    terms.judged_on,
    terms.is_closed,
    running.branch_id,
    {% for component in contribution_components() -%}
    cast(running.{{ component }} as decimal(28, 2)) as {{ component }},
    {% endfor -%}
    cast(running.income as decimal(28, 2)) as income,
    cast(running.cost as decimal(28, 2)) as cost,
    cast(running.fixed_cost as decimal(28, 2)) as fixed_cost,
    cast(running.income - running.cost as decimal(28, 2)) as contribution,
    running.months_known,
    cast(running.income_so_far + coalesce(state.total_income, 0) as decimal(28, 2))
        as total_income,
    cast(running.cost_so_far + coalesce(state.total_cost, 0) as decimal(28, 2)) as total_cost,
    cast(running.fixed_cost_so_far + coalesce(state.total_fixed_cost, 0) as decimal(28, 2))
        as total_fixed_cost,
    {% for choice in contribution_choices() -%}
    terms.{{ choice }}_choice,
    {% endfor -%}
    terms.short_months,
    terms.middle_months,
    terms.long_months,
    terms.policy_version,
from running
inner join terms on running.month = terms.month
left join state on running.customer_key = state.customer_key
