{#
    Averages over beta distributions, by the rule of orchestration/value/beta_average.py: the
    trapezoidal rule in u, where logit(p) = centre + width * u + stretch * (exp(u)/b - exp(-u)/a).
    One row per row of `of` and node: its columns, p, and the weight, which add up to 1.

    `of`: relation with columns `key` and the numbers a and b of each.
#}
{% macro beta_nodes(of, key) -%}
    select
        {{ key }},
        exp(greatest(log_p, -600.0)) as p,
        cast(weight as double) / cast(sum(weight) over (partition by {{ key }}) as double)
            as weight,
    from (
        select
            {{ key }},
            log_p,
            {{ exact('exp(density - max(density) over (partition by ' ~ key ~ ')) * stride') }}
                as weight,
        from (
            select
                {{ key }},
                stride,
                {{ log_share('logit') }} as log_p,
                a * {{ log_share('logit') }} + b * {{ log_share('(-logit)') }} as density,
            from (
                select
                    {{ key }},
                    a,
                    b,
                    ln((a + 1) / (b + 1)) + width * u + upward - downward as logit,
                    width + upward + downward as stride,
                from (
                    select
                        {{ key }},
                        a,
                        b,
                        u,
                        sqrt(1 / (a + 1) + 1 / (b + 1)) as width,
                        0.05 * exp(u) / b as upward,
                        0.05 * exp(-u) / a as downward,
                    from {{ of }}
                    cross join (
                        select cast(step as double) * 0.15 as u
                        from (
                            values {% for step in range(-44, 45) -%}
                            ({{ step }}){{ ', ' if not loop.last }}
                            {%- endfor %}
                        ) as grid (step)
                    ) as steps
                ) as strides
            ) as logits
        ) as densities
    ) as weights
{%- endmacro %}

{#
    A double with twenty decimals: sums of them are the same in any order, and so on any number of
    threads, which sums of doubles are not.
#}
{% macro exact(number) -%}
    cast({{ number }} as decimal(38, 20))
{%- endmacro %}

{# The logarithm of 1 / (1 + exp(-logit)). #}
{% macro log_share(logit) -%}
    (least({{ logit }}, 0.0) - ln(1 + exp(-abs({{ logit }}))))
{%- endmacro %}

{# ln(1 + x) and exp(x) - 1 of numbers near nought, to twelve digits: series where digits would go. #}
{% macro log_one_plus(x) -%}
    case
        when abs({{ x }}) < 0.0001
            then {{ x }} * (1 - {{ x }} / 2 * (1 - {{ x }} * 2 / 3 * (1 - {{ x }} * 3 / 4)))
        else ln(1 + {{ x }})
    end
{%- endmacro %}

{% macro exp_less_one(x) -%}
    case
        when abs({{ x }}) < 0.0001
            then {{ x }} * (1 + {{ x }} / 2 * (1 + {{ x }} / 3 * (1 + {{ x }} / 4)))
        else exp({{ x }}) - 1
    end
{%- endmacro %}
