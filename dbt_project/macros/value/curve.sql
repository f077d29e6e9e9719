{#
    Smooth functions as polynomials. A line is cut into places one wide; in each, a function is
    known at seven nodes, and read between them to ten digits if it is smooth over a place. A place
    is the same whoever stands in it, so that nobody's number depends on who else is asked.

    What makes averages over beta distributions fast: each is asked for at the nodes of a few places
    instead of for every customer.
#}

{# Where the nodes are between 0 and 1: Chebyshev's, to four digits. #}
{% macro curve_nodes() -%}
    0.0125, 0.1091, 0.2831, 0.5, 0.7169, 0.8909, 0.9875
{%- endmacro %}

{# Columns of a number on the line: its place, a whole number, and its offset from its beginning. #}
{% macro curve_place(number, name) -%}
    floor({{ number }}) as {{ name }}_place,
    {{ number }} - floor({{ number }}) as {{ name }}_offset
{%- endmacro %}

{# The value of a row of coefficients at an offset, by Horner's rule. #}
{% macro curve_value(curve, offset) -%}
    {%- set nodes = curve_nodes().split(', ') -%}
    {%- for _ in nodes[2:] %}({% endfor -%}
    {{ curve }}.c{{ nodes | length - 1 }}
    {%- for power in range(nodes | length - 1) | reverse %}
    * {{ offset }} + {{ curve }}.c{{ power }}{{ ')' if power }}
    {%- endfor %}
{%- endmacro %}

{#
    Curves of averages over beta distributions: a row per model, frequency and place, with the
    coefficients c0 to c6.

    `asked`: relation with model, frequency and place; a and b of the distribution of p; `stride`,
    how far a place goes along the logarithm of 1 + relative; `power`; and what `value` needs.
    `value`: what is averaged, an expression over these columns, p, relative_# and fall_#, which is
    -power * ln(1 + p * relative_#); # stands for the number of a node.
#}
{% macro beta_curves(asked, value) -%}
    {%- set nodes = curve_nodes().split(', ') -%}
    with

    asked as (
        {{ asked }}
    ),

    relatives as (
        select
            *,
            {% for node in nodes -%}
            exp((place + {{ node }}) * stride) - 1 as relative_{{ loop.index0 }},
            {% endfor -%}
        from asked
    ),

    weights as (
        {{ beta_nodes('(select distinct model, frequency, a, b from asked) as betas',
            'model, frequency') }}
    ),

    fallen as (
        select
            relatives.*,
            weights.p,
            weights.weight,
            {% for _ in nodes -%}
            -relatives.power
            * {{ log_one_plus('(weights.p * relatives.relative_' ~ loop.index0 ~ ')') }}
                as fall_{{ loop.index0 }},
            {% endfor -%}
        from relatives
        inner join weights
            on relatives.model = weights.model and relatives.frequency = weights.frequency
    ),

    sums as (
        select
            model,
            frequency,
            place,
            cast(sum({{ exact('weight') }}) as double) as weights,
            {% for _ in nodes -%}
            cast(sum({{ exact('weight * (' ~ value | replace('#', loop.index0 | string) ~ ')') }})
                as double) as sum_{{ loop.index0 }},
            {% endfor -%}
        from fallen
        group by model, frequency, place
    )

    select
        model,
        frequency,
        place,
        {{ curve_coefficients('sum_', 'weights') }}
    from sums
{%- endmacro %}

{#
    Columns c0 to c6: the coefficients of the polynomial through the averages at the nodes, by
    Lagrange's formula. An average is a sum, of a column that ends with the node's number, over
    `weights`.
#}
{% macro curve_coefficients(sums, weights) -%}
    {%- set nodes = curve_nodes().split(', ') | map('float') | list -%}
    {%- set of_nodes = [] -%}
    {%- for node in nodes -%}
    {%- set basis = namespace(powers=[1.0]) -%}
    {%- for other in nodes if other != node -%}
    {%- set shifted = [0.0] + basis.powers -%}
    {%- set powers = [] -%}
    {%- for power in basis.powers + [0.0] -%}
    {%- do powers.append((shifted[loop.index0] - other * power) / (node - other)) -%}
    {%- endfor -%}
    {%- set basis.powers = powers -%}
    {%- endfor -%}
    {%- do of_nodes.append(basis.powers) -%}
    {%- endfor -%}
    {%- for power in range(nodes | length) %}
    ({% for powers in of_nodes -%}
    {{ ' + ' if not loop.first }}{{ sums }}{{ loop.index0 }} * ({{ powers[power] }})
    {%- endfor %}) / {{ weights }} as c{{ power }},
    {%- endfor %}
{%- endmacro %}
