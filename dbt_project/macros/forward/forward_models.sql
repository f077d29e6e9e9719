{#
    The models of forward value, in the order in which one stands in for another that has no fit:
    name -> the point of a customer that its fits tell about.
#}
{% macro forward_models() -%}
    {{ return({
        'chain': 'customers.state',
        'naive': "case when customers.tenure_months is not null then 'all' end",
        'retention': 'cast(' ~ told_tenure('customers.tenure_months') ~ ' as string)',
    }) }}
{%- endmacro %}

{# Place of a model in that order; 0 where there is none. #}
{% macro forward_order(model) -%}
    case {{ model }}
        {%- for name in forward_models() %} when '{{ name }}' then {{ loop.index }}{% endfor %} else 0
    end
{%- endmacro %}

{#
    By how much a customer's value may be off, at the interval's quantile: how sure the fit is and
    how single customers scatter.
#}
{% macro forward_width(error, deviation, quantile) -%}
    cast({{ quantile }} * sqrt(
        cast({{ error }} as double) * cast({{ error }} as double)
        + cast({{ deviation }} as double) * cast({{ deviation }} as double)
    ) as decimal(28, 2))
{%- endmacro %}

{# Into how many parts of equal size a calibration divides customers. #}
{% macro forward_parts() -%}10{%- endmacro %}
