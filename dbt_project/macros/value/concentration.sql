{# How concentration and the return of tiers are judged in each month: numbers of policy in force. #}
{% macro concentration_terms(months) -%}
    select
        months.month,
        cast(numbers.contribution_best_share as decimal(18, 6)) as best_bound,
        cast(numbers.contribution_bulk_share as decimal(18, 6)) as bulk_bound,
        cast(numbers.contribution_tier_cost_share as decimal(18, 6)) as cost_bound,
        versions.policy_version,
    from {{ months }} as months
    inner join (
        {{ parameters_in_force([
            'contribution_best_share', 'contribution_bulk_share', 'contribution_tier_cost_share'
        ], months) }}
    ) as numbers on months.month = numbers.month
    inner join (
        {{ family_version('contribution', months, [ref('policy_unit_cost')]) }}
    ) as versions on months.month = versions.month
{%- endmacro %}

{#
    A share of a total at six decimals, which says nothing where the total is not above 0: what a
    customer brings of a loss is no share.
#}
{% macro share_of_total(amount, total) -%}
    case when {{ total }} > 0 then cast({{ ratio(amount, total) }} as decimal(28, 6)) end
{%- endmacro %}

{#
    Whole percent of a count, rounded down. The quotient of counts is a binary float, but it meets a
    whole number only where it is one: others are further from it than a float is from the quotient.
#}
{% macro whole_percent(part, whole) -%}
    cast(floor(100 * {{ part }} / {{ whole }}) as integer)
{%- endmacro %}

{#
    A share from 0 to 1 at twelve decimals, to be squared and added up: at six, shares of a million
    customers would be nothing. `part` is money from 0 to `whole`, which is above 0.
#}
{% macro fine_share(part, whole) -%}
    {{ return(adapter.dispatch('fine_share', 'tenure')(part, whole)) }}
{%- endmacro %}

{% macro default__fine_share(part, whole) -%}
    {%- set dividend = 'cast(' ~ part ~ ' * 100 as hugeint)' -%}
    {%- set divisor = 'cast(' ~ whole ~ ' * 100 as hugeint)' -%}
    cast(
        cast(
            ({{ dividend }} * 2000000000000 + {{ divisor }}) // (2 * {{ divisor }}) as decimal(18, 0)
        ) * cast(0.000000000001 as decimal(12, 12)) as decimal(18, 12)
    )
{%- endmacro %}

{% macro spark__fine_share(part, whole) -%}
    cast(round(cast({{ part }} as decimal(24, 2)) / {{ whole }}, 12) as decimal(18, 12))
{%- endmacro %}
