{#
    An interval's width to one side: the model's own, and a base for what it does not know, times the
    factor that the newest test asked for. `factors`: relation like factor_known, left joined; `bases`:
    how often the base counts.
#}
{% macro tested_width(width, factors, bases=1) -%}
    cast(
        cast(coalesce({{ factors }}.interval_factor, 1) as double)
        * (
            cast({{ width }} as double)
            + {{ bases }} * cast(coalesce({{ factors }}.interval_base, 0) as double)
        ) as decimal(28, 2)
    )
{%- endmacro %}

{# A part of it, beside a value that a model told; of a month without a test, what has no effect. #}
{% macro told_width(part, type, otherwise) -%}
    cast(
        case when spoken.model is not null then coalesce(factors.{{ part }}, {{ otherwise }}) end
        as {{ type }}
    ) as {{ part }}
{%- endmacro %}

{# Of how many customers a test has to be to say how wide intervals are to be. #}
{% macro enough_for_factor() -%}30{%- endmacro %}

{# How far `miss` is in widths of an interval to one side; a width counts as a cent at least. #}
{% macro in_widths(miss, width) -%}
    cast(
        abs(cast({{ miss }} as double)) / greatest(cast({{ width }} as double), 0.01)
        as decimal(28, 6)
    )
{%- endmacro %}

{#
    The factor and base of intervals that the newest test gave which was known by the end of a month:
    one row per population, model and month of `months`, a relation with `month`. Without a test there
    is none, and one that promised another share says nothing: the model's own interval holds.
#}
{% macro factor_known(months) -%}
    select
        newest.month,
        newest.population,
        newest.model,
        factors.interval_share,
        factors.interval_base,
        factors.interval_factor,
    from (
        select
            months.month,
            known.population,
            known.model,
            max(known.month) as tested_in,
        from {{ months }} as months
        inner join {{ ref('int_forward_factor') }} as known on months.month >= known.month
        group by months.month, known.population, known.model
    ) as newest
    inner join {{ ref('int_forward_factor') }} as factors
        on
            newest.tested_in = factors.month
            and newest.population = factors.population
            and newest.model = factors.model
{%- endmacro %}
