{#
    The families of verdicts that stand side by side in customer_month, apart from tiers, which have
    marts of their own. `column` is the verdict, `explained` the family under which
    verdict_explanation says why.
#}
{% macro verdict_families() -%}
    {%- set families = [
        {'column': 'stage', 'explained': 'lifecycle'},
        {'column': 'decline_cause', 'explained': 'lifecycle'},
        {'column': 'star_grade', 'explained': 'star'},
    ] -%}
    {%- for scheme in segment_schemes() -%}
        {%- do families.append({'column': scheme, 'explained': scheme}) -%}
    {%- endfor -%}
    {{ return(families) }}
{%- endmacro %}
