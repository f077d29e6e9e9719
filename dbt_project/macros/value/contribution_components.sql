{# Components that banks deliver as items of income and of cost: the contract's codes. #}
{% macro income_components() -%}
    {{ return(['spread_deposit', 'spread_loan', 'fee', 'card', 'agency', 'intermediary']) }}
{%- endmacro %}

{% macro cost_components() -%}
    {{ return(['service', 'acquisition', 'maintenance', 'points', 'referral']) }}
{%- endmacro %}

{# Of the incomes, those that policy may work out from balances instead. #}
{% macro spread_components() -%}
    {{ return(['spread_deposit', 'spread_loan']) }}
{%- endmacro %}

{# Rewards: costs, or income where the source is taken by its letter. #}
{% macro reward_components() -%}
    {{ return(['points', 'referral']) }}
{%- endmacro %}

{#
    Every component of the contribution in the order of the statement: name -> (side, class of
    product or none). A side is income, cost or reward.
#}
{% macro contribution_components() -%}
    {%- set found = {'spread_deposit': ('income', 'none')} -%}
    {%- for class in balance_classes() -%}
        {%- do found.update({'spread_' ~ class: ('income', class)}) -%}
    {%- endfor -%}
    {%- for name in income_components() if name not in spread_components() -%}
        {%- do found.update({name: ('income', 'agency' if name == 'agency' else 'none')}) -%}
    {%- endfor -%}
    {%- for name in cost_components() if name not in reward_components() -%}
        {%- do found.update({name: ('cost', 'none')}) -%}
    {%- endfor -%}
    {%- do found.update({'expected_loss': ('cost', 'none')}) -%}
    {%- for name in reward_components() -%}
        {%- do found.update({name: ('reward', 'none')}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{# Components of a side, of a relation, added up. #}
{% macro side_of(relation, side) -%}
    {%- set names = [] -%}
    {%- for name, (of_side, _) in contribution_components().items() if of_side == side -%}
        {%- do names.append(relation ~ '.' ~ name) -%}
    {%- endfor -%}
    {{ return(names | join(' + ')) }}
{%- endmacro %}

{# Components that are a cost, rewards among them: of each policy says whether it is fixed. #}
{% macro costs_and_rewards() -%}
    {%- set names = [] -%}
    {%- for name, (side, _) in contribution_components().items() if side != 'income' -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{#
    Of the cost, what policy calls fixed: components of `gathered` by the choices of `terms`. Rewards
    that are income are no cost of either kind.
#}
{% macro fixed_cost(gathered, terms) -%}
    {% for name in costs_and_rewards() -%}
    {{ '+ ' if not loop.first }}case
        when {{ terms }}.{{ name }}_cost_choice = 'fixed'
            {%- if name in reward_components() %} and {{ terms }}.rewards_choice = 'cost'
            {%- endif %} then {{ gathered }}.{{ name }}
        else 0
    end
    {% endfor -%}
{%- endmacro %}
