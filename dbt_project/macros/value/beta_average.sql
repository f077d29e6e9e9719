{#
    Averages over beta distributions, by the rule of orchestration/value/beta_average.py: the
    trapezoidal rule in u, where logit(p) = centre + width * u + stretch * (exp(u)/b - exp(-u)/a).
    One row per row of `of` and node: its columns, p, and its weight beside that of the likeliest p.
    Averages are sums over the sum of weights.

    `of`: relation with columns `key` and the numbers a and b of each.
#}
{% macro beta_nodes(of, key) -%}
    select
        {{ key }},
        exp(greatest({{ log_share('logit') }}, -600.0)) as p,
        exp(
            a * ({{ log_share('logit') }} - ln(a / (a + b)))
            + b * ({{ log_share('(-logit)') }} - ln(b / (a + b)))
        ) * stride as weight,
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

{#
    ln(1 + x) and exp(x) - 1 to the last digit also near nought, where the plain ones have lost it:
    what was rounded away is added. Faster than to tell by case.
#}
{% macro log_one_plus(x) -%}
    (ln(1 + {{ x }}) + ({{ x }} - (1 + {{ x }} - 1)) / (1 + {{ x }}))
{%- endmacro %}

{% macro exp_less_one(x) -%}
    {#- Below exp(-40) nothing is left of exp(x), and ln(0) is no number. -#}
    {%- set x = 'greatest(' ~ x ~ ', -40)' -%}
    (exp({{ x }}) - 1 + exp({{ x }}) * ({{ x }} - ln(exp({{ x }}))))
{%- endmacro %}
