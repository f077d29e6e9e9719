{#
    Orders what is known of assets held elsewhere, as one number: the newest day observed; of one
    day the credit bureau's figure before the relationship manager's before the customer's own word;
    of one source what became known last.
#}
{% macro observation_order(observed_on, source, known_on) -%}
    (
        (
            cast({{ days_between("date '1900-01-01'", observed_on) }} as bigint) * 10
            + case {{ source }} when 'bureau' then 3 when 'manager' then 2 else 1 end
        ) * 1000000
        + {{ days_between("date '1900-01-01'", known_on) }}
    )
{%- endmacro %}
