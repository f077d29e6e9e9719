{#
    The families of verdicts that stand side by side in customer_month, apart from tiers, which have
    marts of their own. `column` is the verdict there, `verdict` the column of `table` it is from.
#}
{% macro verdict_families() -%}
    {%- set families = [
        {'column': 'stage', 'verdict': 'stage', 'table': 'lifecycle_month'},
        {'column': 'decline_cause', 'verdict': 'decline_cause', 'table': 'lifecycle_month'},
        {'column': 'star_grade', 'verdict': 'grade', 'table': 'star_month'},
        {'column': 'value_cell', 'verdict': 'cell', 'table': 'value_matrix_month'},
        {'column': 'rating', 'verdict': 'rating', 'table': 'rating_month'},
    ] -%}
    {%- for scheme in segment_schemes() -%}
        {%- do families.append({'column': scheme, 'verdict': scheme, 'table': 'segment_month'}) -%}
    {%- endfor -%}
    {{ return(families) }}
{%- endmacro %}

{# Why the verdicts of each table are what they are. #}
{% macro verdict_reasons() -%}
    {{ return({
        'lifecycle_month': lifecycle_reasons(),
        'star_month': star_reasons(),
        'value_matrix_month': value_reasons(),
        'rating_month': rating_reasons(),
        'segment_month': segment_reasons(),
    }) }}
{%- endmacro %}
