{#
    Points of what was measured: of an indicator the percent of the amount at which it is full, never
    below 0; of an axis the sum of what counts of them, and the coverage. Rounded twice, so that it
    can be checked by hand: an indicator's points, and what of them counts.
    `measured`: relation like measure_value(); `terms`: like value_terms(); `weights`: like
    value_weights().
#}
{% macro score_value(measured, terms, weights) -%}
    {%- set indicators = value_indicators() -%}
    with

    weighed as (
        select
            measured.customer_key,
            measured.month,
            measured.judged_on,
            measured.is_closed,
            terms.missing_choice = 'reweigh' as reweighs,
            {% for indicator, measures in indicators.items() -%}
            weights.{{ indicator }}_measure,
            case weights.{{ indicator }}_measure
                {% for measure in measures -%}
                when '{{ measure }}' then measured.{{ measure }}
                {% endfor -%}
            end as {{ indicator }}_value,
            weights.{{ indicator }}_full,
            weights.{{ indicator }}_parts,
            {% endfor -%}
        from {{ measured }} as measured
        inner join {{ terms }} as terms on measured.month = terms.month
        inner join {{ weights }} as weights on measured.month = weights.month
    ),

    pointed as (
        select
            *,
            {% for indicator in indicators -%}
            {% set capped = 'cast(greatest(least(' ~ indicator ~ '_value, ' ~ indicator
                ~ '_full), 0) as decimal(14, 2))' -%}
            case when {{ indicator }}_value is not null
                then {{ percent_cents(in_cents(capped), in_cents(indicator ~ '_full')) }}
            end as {{ indicator }}_cents,
            case when {{ indicator }}_value is not null then {{ indicator }}_parts else 0 end
                as {{ indicator }}_covered,
            {% endfor -%}
        from weighed
    ),

    covered as (
        select
            *,
            {% for axis in value_axes() -%}
            {{ value_sum(axis, '_covered') }} as {{ axis }}_covered,
            case when reweighs then {{ value_sum(axis, '_covered') }}
                else {{ value_sum(axis, '_parts') }}
            end as {{ axis }}_divisor,
            {% endfor -%}
        from pointed
    ),

    totalled as (
        select
            *,
            {% for axis, names in value_axes().items() -%}
            {% for indicator in names -%}
            case
                when {{ indicator }}_cents is null then 0
                else {{ divide_whole(
                    '(' ~ indicator ~ '_cents * ' ~ indicator ~ '_parts)', axis ~ '_divisor'
                ) }}
            end as {{ indicator }}_weighted,
            {% endfor -%}
            {% endfor -%}
        from covered
    )

    select
        customer_key,
        month,
        judged_on,
        is_closed,
        {% for axis in value_axes() -%}
        {{ value_sum(axis, '_weighted') }} as {{ axis }}_cents,
        {{ axis }}_covered,
        {% endfor -%}
        {% for indicator in indicators -%}
        {{ indicator }}_measure,
        {{ indicator }}_value,
        {{ indicator }}_full,
        {{ from_cents(indicator ~ '_cents') }} as {{ indicator }}_points,
        {{ from_parts(indicator ~ '_parts') }} as {{ indicator }}_weight,
        {{ from_cents(indicator ~ '_weighted') }} as {{ indicator }}_weighted,
        {% endfor -%}
    from totalled
{%- endmacro %}
