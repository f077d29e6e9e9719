{#
    Per customer and month: what grew in each window, the month itself (`before`) and those of
    policy, as differences of two rows of the trail. Who came later is counted from the first month.
    `people`: relation (customer_key, month) of those wanted; `trail`: like fct_customer_trail;
    `terms`: like credit_terms(). No other months of the trail are read.
#}
{% macro credit_grown(people, trail, terms) -%}
    {%- set ends = ['before'] + credit_windows() -%}
    {%- set totals = [
        'days_known', 'total_asset_balance_days', 'total_deposit_balance_days', 'total_inflow',
        'total_outflow', 'total_income_transactions', 'total_own_transactions', 'total_logins',
        'total_complaints',
    ] -%}
    with

    {% for end in ends -%}
    at_{{ end }} as (
        select
            earlier.*,
            terms.month as at_month,
        from {{ trail }} as earlier
        inner join {{ terms }} as terms on earlier.month = terms.{{ end }}_since
        where earlier.month in (select starts.{{ end }}_since from {{ terms }} as starts)
    ){{ ',' if not loop.last }}

    {% endfor -%}
    select
        people.customer_key,
        people.month,
        now_known.first_account_on,
        now_known.last_own_transaction_on,
        {% for end in ends -%}
        {% for total in totals -%}
        now_known.{{ total }} - coalesce(at_{{ end }}.{{ total }}, 0)
            as {{ end }}_{{ total.removeprefix('total_').removesuffix('_known') }},
        {% endfor -%}
        {% endfor %}
    from {{ people }} as people
    inner join {{ trail }} as now_known
        on people.customer_key = now_known.customer_key and people.month = now_known.month
    {% for end in ends -%}
    left join at_{{ end }}
        on
            people.customer_key = at_{{ end }}.customer_key
            and people.month = at_{{ end }}.at_month
    {% endfor %}
{%- endmacro %}

{# Where nothing was ever held here, no balance and no booking says anything. #}
{% macro if_ever_banked(value) -%}
    case when grown.first_account_on <= terms.judged_on then {{ value }} end
{%- endmacro %}

{# An average balance of a window, and its type. #}
{% macro average_balance(window, of) -%}
    cast(
        {{ if_ever_banked(divide_money(
            'grown.' ~ window ~ '_' ~ of ~ '_balance_days', 'grown.' ~ window ~ '_days', scale=2
        )) }} as decimal(28, 2)
    )
{%- endmacro %}

{# Money that came in for each unit that went out, in a window. #}
{% macro inflow_to_outflow(window) -%}
    cast(
        {{ if_ever_banked(ratio('grown.' ~ window ~ '_inflow', 'grown.' ~ window ~ '_outflow')) }}
        as decimal(28, 6)
    )
{%- endmacro %}

{# How often something happened in a window, on average of a month so long as policy has it. #}
{% macro monthly_rate(window, of) -%}
    cast(
        {{ if_ever_banked(ratio(
            '(grown.' ~ window ~ '_' ~ of ~ ' * terms.month_days)', 'grown.' ~ window ~ '_days'
        )) }} as decimal(28, 6)
    )
{%- endmacro %}
