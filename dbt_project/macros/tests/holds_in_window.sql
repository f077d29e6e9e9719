{#
    Every row keeps the rules `holds`, a mapping of names to conditions; `broken` names those that
    a row breaks. A condition that is null counts as broken. One pass, however many rules. `one_in`:
    of how many customers one is looked at, where a row is dear to write.
#}
{% test holds_in_window(model, holds, window=none, one_in=1) %}

select *
from (
    select
        *,
        {% for name, condition in holds.items() -%}
        case when {{ condition }} then '' else '{{ name }} ' end
        {{- ' ||' if not loop.last else ' as broken,' }}
        {% endfor %}
    from {{ model }}
    where {{ window_rows(window) }}{{ ' and customer_key % ' ~ one_in ~ ' = 0' if one_in > 1 }}
) as judged
where broken <> ''

{% endtest %}
