{#
    What led to verdicts, a row per measure. `verdicts`: relation of a family's verdicts; `reasons`:
    rows made by macro reason, in the order in which the rule asks, which `step` keeps. Distance is
    value less bound. `family` and `verdict`: expressions for where all reasons share them.
#}
{% macro explained(verdicts, reasons, family=none, verdict=none) -%}
    {% for row in reasons -%}
    {{ 'union all' if not loop.first }}
    select
        customer_key,
        month,
        judged_on,
        is_closed,
        {{ family or "'" ~ row.family ~ "'" }} as family,
        {{ verdict or row.verdict }} as verdict,
        {{ loop.index }} as step,
        {{ row.measure }} as measure,
        cast({{ row.value }} as decimal(28, 6)) as value,
        cast({{ row.bound }} as decimal(28, 6)) as bound,
        cast(
            cast({{ row.value }} as decimal(28, 6)) - cast({{ row.bound }} as decimal(28, 6))
            as decimal(28, 6)
        ) as distance,
        policy_version,
        {{ row.says }} as reason,
    from {{ verdicts }}
    where {{ row.takes_part }}
    {% endfor -%}
{%- endmacro %}

{#
    One measure that led to a verdict. `family` as customer_month calls it; `verdict` the column that
    holds it in the family's own table; the rest are expressions over the family's verdicts: the measure's name, its value,
    the bound it was held against, a sentence, and whether it took part.
#}
{% macro reason(family, verdict, measure, value, bound, says, takes_part='true') -%}
    {{ return({
        'family': family,
        'verdict': verdict,
        'measure': measure,
        'value': value,
        'bound': bound,
        'says': says,
        'takes_part': takes_part,
    }) }}
{%- endmacro %}

{# The sentences of the reasons for a verdict in one text, in their order. #}
{% macro told(reasons, verdict) -%}
    concat_ws(
        ' ',
        {% for row in reasons if row.verdict == verdict -%}
        case when {{ row.takes_part }} then {{ row.says }} end{{ ',' if not loop.last }}
        {% endfor -%}
    )
{%- endmacro %}
