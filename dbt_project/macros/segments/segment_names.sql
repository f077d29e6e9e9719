{# The schemes that segment_month judges by, each a column of it. #}
{% macro segment_schemes() -%}
    {{ return([
        'behaviour', 'value_loyalty', 'preference', 'abc', 'satisfaction', 'age_band', 'novelty',
        'customer_type', 'region', 'area', 'income_band', 'strategic_group',
    ]) }}
{%- endmacro %}

{# Segments that a scheme always has, with names for people; bands and regions come beside them. #}
{% macro segment_names() -%}
    {{ return({
        'behaviour': {
            'frequent': 'Frequent (高频)',
            'ordinary': 'Ordinary (普通)',
            'potential': 'Potential (潜在)',
            'lost': 'Lost (流失)',
        },
        'value_loyalty': {
            'vip': 'VIP (VIP客户)',
            'loyal': 'Loyal (忠诚客户)',
            'potential': 'Potential (潜力客户)',
            'ordinary': 'Ordinary (普通客户)',
            'not_measured': 'Not measured',
        },
        'preference': {
            'deposit_heavy': 'Deposit-heavy (存款倚重型)',
            'balanced': 'Balanced (综合均衡型)',
            'intermediary_heavy': 'Intermediary-heavy (中间业务倚重型)',
            'none': 'Holds neither',
        },
        'abc': {
            'a': 'A',
            'b': 'B',
            'c': 'C',
            'not_measured': 'Not measured',
        },
        'satisfaction': {
            'a': 'A, satisfied',
            'b': 'B, moderately satisfied (满意度一般)',
            'c': 'C, dissatisfied',
            'not_measured': 'Not measured',
        },
        'age_band': {
            'unknown': 'Unknown',
            'not_a_person': 'Not a person',
        },
        'novelty': {
            'new': 'New (新客户)',
            'existing': 'Existing (存量客户)',
            'potential': 'Potential (潜力客户)',
            'former': 'Former',
        },
        'customer_type': {
            'retail': 'Person (个人客户)',
            'corporate': 'Company (企业客户)',
            'government': 'Government (政府客户)',
            'unknown': 'Unknown',
        },
        'region': {
            'unknown': 'Unknown',
        },
        'area': {
            'urban': 'Urban',
            'rural': 'Rural',
            'unknown': 'Unknown',
        },
        'income_band': {
            'unknown': 'Unknown',
            'not_a_person': 'Not a person',
        },
        'strategic_group': {
            'value': 'Value (价值型)',
            'main_force': 'Main force (主力型)',
            'nurture': 'Nurture (培育型)',
            'maintain': 'Maintain (维持型)',
            'unknown': 'Unknown',
            'not_a_person': 'Not a person',
        },
    }) }}
{%- endmacro %}

{#
    Every segment of a month with its name: those that are always there and the bands in force.
    `months`: relation with month and judged_on.
#}
{% macro segments_in_force(months) -%}
    {% for scheme, names in segment_names().items() -%}
    {% set outer = loop -%}
    {% for segment, name in names.items() -%}
    {{ 'union all' if not (outer.first and loop.first) }}
    select
        months.month,
        '{{ scheme }}' as scheme,
        '{{ segment }}' as segment,
        '{{ name }}' as segment_name,
    from {{ months }} as months
    {% endfor -%}
    {% endfor -%}
    union all
    select
        bands.month,
        bands.scheme,
        bands.band as segment,
        bands.band_name as segment_name,
    from (
        {{ policy_in_force(ref('policy_segment_band'), months) }}
    ) as bands
{%- endmacro %}
