{#
    Pareto/NBD over histories, as orchestration/value/pareto.py has it, whose rule of averages over
    when a customer may have left this is.
#}

{# The weight of having left has fallen to exp(-45) of its highest: nothing is left beyond. #}
{% macro pareto_nothing() -%}45.0{%- endmacro %}

{#
    Probability that a customer has not left: one row per distinct history.

    `histories`: relation with model, frequency, recency and age; `models`: relation with
    model, r, alpha, s and beta; times in one unit.
#}
{% macro pareto_alive(histories, models) -%}
    {#- Gauss-Legendre nodes on [0, 1] with their weights; the other half mirrors these. -#}
    {%- set nodes = [
        (0.001368069075259215, 0.003509305004735253),
        (0.007194244227365809, 0.008137197365452872),
        (0.017618872206246805, 0.012696032654631012),
        (0.03254696203113017, 0.017136931456510882),
        (0.051839422116973954, 0.021417949011113418),
        (0.07531619313371501, 0.025499029631188046),
        (0.10275810201602881, 0.029342046739267783),
        (0.13390894062985514, 0.03291111138818084),
        (0.16847786653489238, 0.03617289705442417),
        (0.20614212137961885, 0.039096947893535114),
        (0.24655004553388532, 0.041655962113473353),
        (0.28932436193468236, 0.04382604650220189),
        (0.33406569885893617, 0.04558693934788189),
        (0.38035631887393145, 0.046922199540402255),
        (0.42776401920860174, 0.047819360039637354),
        (0.4758461671561308, 0.04827004425736383),
    ] -%}
    {%- set kept = [
        'model', 'frequency', 'recency', 'age', 'p', 'q', 'start', 'alpha', 'beta', 'log_stayed',
        'log_at_last',
    ] | join(', ') -%}
    with

    terms as (
        select distinct
            histories.model,
            histories.frequency,
            histories.recency,
            histories.age,
            models.r + histories.frequency as p,
            models.s + 1 as q,
            least(models.alpha, models.beta) + histories.recency as start,
            models.alpha - least(models.alpha, models.beta) as alpha,
            models.beta - least(models.alpha, models.beta) as beta,
            ln(
                (least(models.alpha, models.beta) + histories.age)
                / (least(models.alpha, models.beta) + histories.recency)
            ) as whole,
            -(models.r + histories.frequency) * ln(models.alpha + histories.age)
            - models.s * ln(models.beta + histories.age) as log_stayed,
            ln(models.s)
            - (models.r + histories.frequency) * ln(models.alpha + histories.recency)
            - (models.s + 1) * ln(models.beta + histories.recency) as log_at_last,
        from {{ histories }} as histories
        inner join {{ models }} as models on histories.model = models.model
    ),

    sloped as (
        select
            {{ kept }},
            whole,
            p * start / (alpha + start) + q * start / (beta + start) - 1 as first_slope,
        from terms
    ),

    reached_0 as (
        select
            {{ kept }},
            case
                when first_slope > 0
                    then least(whole, {{ pareto_nothing() }} / greatest(first_slope, 1e-300))
                else whole
            end as reach,
        from sloped
    ),
    {% for step in range(6) %}
    fallen_{{ step }} as (
        select
            {{ kept }},
            reach,
            start * exp(reach) as grown,
            p * ln((alpha + start * exp(reach)) / (alpha + start))
            + q * ln((beta + start * exp(reach)) / (beta + start)) - reach as fall,
        from reached_{{ step }}
    ),

    reached_{{ step + 1 }} as (
        select
            {{ kept }},
            case
                when fall > {{ pareto_nothing() }}
                    then reach - (fall - {{ pareto_nothing() }})
                        / (grown * (p / (alpha + grown) + q / (beta + grown)) - 1)
                else reach
            end as reach,
        from fallen_{{ step }}
    ),
    {% endfor %}
    nodes as (
        select
            node,
            weight,
        from (
            values {% for node, weight in nodes -%}
            ({{ node }}, {{ weight }}), (1 - {{ node }}, {{ weight }})
            {{- ', ' if not loop.last }}
            {%- endfor %}
        ) as listed (node, weight)
    ),

    weighed as (
        select
            reached_6.model,
            reached_6.frequency,
            reached_6.recency,
            reached_6.age,
            reached_6.log_stayed,
            reached_6.log_at_last,
            reached_6.start,
            reached_6.reach,
            {%- set u = 'reached_6.reach * nodes.node' %}
            {%- set grown = 'reached_6.start * exp(' ~ u ~ ')' %}
            cast(sum({{ exact('nodes.weight * exp(' ~ u
                ~ ' - reached_6.p * ln((reached_6.alpha + ' ~ grown
                ~ ') / (reached_6.alpha + reached_6.start))'
                ~ ' - reached_6.q * ln((reached_6.beta + ' ~ grown
                ~ ') / (reached_6.beta + reached_6.start)))') }}) as double) as weights,
        from reached_6
        cross join nodes
        group by
            reached_6.model, reached_6.frequency, reached_6.recency, reached_6.age,
            reached_6.log_stayed, reached_6.log_at_last, reached_6.start, reached_6.reach
    )

    select
        model,
        frequency,
        recency,
        age,
        case
            when reach > 0 and weights > 0
                then exp({{ log_share(
                    '(log_stayed - log_at_last - ln(start * reach * weights))'
                ) }})
            else 1.0
        end as alive,
    from weighed
{%- endmacro %}

{#
    Expected purchases within `ahead` of a customer who has not left: an expression over a history
    (frequency, age) and the model's r, alpha, s and beta.
#}
{% macro pareto_purchases(history, model, ahead) -%}
    {%- set stretched -%}
    {{ log_one_plus('(' ~ ahead ~ ' / (' ~ model ~ '.beta + ' ~ history ~ '.age))') }}
    {%- endset -%}
    ({{ model }}.r + {{ history }}.frequency) / ({{ model }}.alpha + {{ history }}.age)
    * ({{ model }}.beta + {{ history }}.age)
    * case
        when abs({{ model }}.s - 1) < 1e-12 then {{ stretched }}
        else -({{ exp_less_one('((1 - ' ~ model ~ '.s) * ' ~ stretched ~ ')') }})
            / ({{ model }}.s - 1)
    end
{%- endmacro %}
