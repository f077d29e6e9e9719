{#
    Staged events that add up in both clocks. An accepted row counts +1 from the day it became
    known; when a later delivery replaces it, the old row counts -1 from that day. So a sum of
    `version_sign * measure` over known_on <= D is the total as known on D, and a day's rows never
    change after the day.
    `columns`: (name, expression) pairs over the raw table.
#}
{% macro known_additive(table, columns) -%}
select
    {% for name, expression in columns -%}
    {{ expression }} as {{ name }},
    {% endfor -%}
    loaded_on as known_on,
    1 as version_sign,
from {{ source('raw', table) }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
union all
select
    {% for name, expression in columns -%}
    {{ expression }} as {{ name }},
    {% endfor -%}
    superseded_on as known_on,
    -1 as version_sign,
from {{ source('raw', table) }}
where row_status = 'accepted' and {{ in_window('superseded_on') }}
{%- endmacro %}
