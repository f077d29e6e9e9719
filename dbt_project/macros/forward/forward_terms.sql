{# What forward value is worked out with in each month. The numbers of a fit stand with the fit. #}
{% macro forward_terms(months) -%}
    select
        months.month,
        months.judged_on,
        cast(numbers.forward_margin_months as integer) as margin_months_wanted,
        cast(numbers.forward_agency_months as integer) as agency_months,
    from {{ months }} as months
    inner join (
        {{ parameters_in_force(['forward_agency_months', 'forward_margin_months'], months) }}
    ) as numbers on months.month = numbers.month
{%- endmacro %}

{# The oldest tenure that a fit of retention tells apart: who is with the bank for longer counts so. #}
{% macro longest_tenure() -%}600{%- endmacro %}

{# A tenure as fits tell it apart; nothing for who never had an account. #}
{% macro told_tenure(months) -%}
    case
        when {{ months }} < 0 then 0
        when {{ months }} > {{ longest_tenure() }} then {{ longest_tenure() }}
        else {{ months }}
    end
{%- endmacro %}
