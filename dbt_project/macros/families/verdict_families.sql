{#
    The families of verdicts that stand side by side in customer_month, apart from tiers, which have
    marts of their own. `column` is the verdict, `explained` the family under which
    verdict_explanation says why.
#}
{% macro verdict_families() -%}
    {%- set families = [
        {'column': 'stage', 'explained': 'lifecycle'},
        {'column': 'relationship_stage', 'explained': 'lifecycle'},
        {'column': 'decline_cause', 'explained': 'decline_cause'},
        {'column': 'star_grade', 'explained': 'star'},
    ] -%}
    {%- for scheme in segment_schemes() -%}
        {%- do families.append({'column': scheme, 'explained': scheme}) -%}
    {%- endfor -%}
    {{ return(families) }}
{%- endmacro %}

{# Columns of segment_month that hold a verdict. #}
{% macro segment_schemes() -%}
    {{ return([
        'behaviour', 'value_loyalty', 'preference', 'abc', 'satisfaction', 'age_band', 'novelty',
        'customer_type', 'region', 'area', 'income_band', 'strategic_group',
    ]) }}
{%- endmacro %}
