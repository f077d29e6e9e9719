{# Every value of `column` stands in `field` of the model `to`. #}
{% test refers_in_window(model, column, to, field, window=none) %}

select
    child.{{ column }},
    count(*) as rows_without_parent,
from {{ model }} as child
left join {{ to }} as parent on child.{{ column }} = parent.{{ field }}
where parent.{{ field }} is null and {{ window_rows(window) }}
group by child.{{ column }}

{% endtest %}
