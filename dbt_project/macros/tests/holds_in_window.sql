{#
    Every row keeps the rules `holds`, a mapping of names to conditions; `broken` names those that
    a row breaks. A condition that is null counts as broken. One pass, however many rules.
#}
{% test holds_in_window(model, holds, window=none) %}

select *
from (
    select
        *,
        {% for name, condition in holds.items() -%}
        case when {{ condition }} then '' else '{{ name }} ' end
        {{- ' ||' if not loop.last else ' as broken,' }}
        {% endfor %}
    from {{ model }}
    where {{ window_rows(window) }}
) as judged
where broken <> ''

{% endtest %}
