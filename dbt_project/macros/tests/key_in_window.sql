{# `columns` are the model's key: complete, and no two rows share one. #}
{% test key_in_window(model, columns, window=none) %}

{%- set key = columns | join(', ') %}
select
    {{ key }},
    count(*) as rows_with_key,
from {{ model }}
where {{ window_rows(window) }}
group by {{ key }}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
