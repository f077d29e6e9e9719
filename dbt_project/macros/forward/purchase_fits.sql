{#
    Fits of purchase models, a row each, with their parameters as columns. `model` names the fit (it
    holds for all months in which it is in force), `purchase_model` the model.
    `in_force`: relation like fits_in_force.
#}
{% macro purchase_fits(in_force) -%}
    select
        terms.model as purchase_model,
        {{ purchase_fit('terms') }} as model,
        terms.horizon_months,
        terms.test_months,
        power(1 + cast(terms.discount_rate as double), -1 / cast(12 as double)) as discount,
        {% for name in [
            'r', 'alpha', 'a', 'b', 's', 'beta', 'p', 'q', 'gamma', 'margin_rate', 'spend_scatter',
            'unsure',
        ] -%}
        max(case when parameters.parameter = '{{ name }}' then parameters.value end) as {{ name }},
        {% endfor -%}
    from (
        select distinct
            model,
            fitted_in,
            horizon_months,
            test_months,
            discount_rate,
        from {{ in_force }}
    ) as terms
    inner join {{ source('fits', 'model_parameter') }} as parameters
        on terms.model = parameters.model and terms.fitted_in = parameters.month
    group by
        terms.model, terms.fitted_in, terms.horizon_months, terms.test_months, terms.discount_rate
{%- endmacro %}

{# The name of a fit. #}
{% macro purchase_fit(of) -%}
    {{ of }}.model || ' ' || cast({{ of }}.fitted_in as string)
{%- endmacro %}
