{#
    The models of forward value, in the order in which one stands in for another that has no fit:
    name -> the point of a customer that its fits tell about; none where a fit is a formula over
    a customer's purchases.
#}
{% macro forward_models() -%}
    {{ return({
        'chain': 'customers.state',
        'naive': "case when customers.tenure_months is not null then 'all' end",
        'retention': 'cast(' ~ told_tenure('customers.tenure_months') ~ ' as string)',
        'beta_geometric': none,
        'pareto': none,
    }) }}
{%- endmacro %}

{# What fits say of a customer: over the horizon, discounted, and over the months of a test. #}
{% macro forward_told() -%}
    {{ return([
        'expected', 'error', 'deviation', 'near_expected', 'near_error', 'near_deviation',
    ]) }}
{%- endmacro %}

{#
    Per month and model the newest good fit that was known by the month's end, with its terms: one
    of the month itself exists once the month is closed. `months`: like build_months(); `models`: only
    these.
#}
{% macro fits_in_force(months, models=none) -%}
    select
        newest.month,
        newest.fitted_in,
        fits.model,
        fits.horizon_months,
        fits.test_months,
        fits.discount_rate,
        fits.interval_share,
        fits.interval_quantile,
    from (
        select
            months.month,
            good.model,
            max(good.month) as fitted_in,
        from {{ months }} as months
        inner join {{ source('fits', 'model_fit') }} as good on months.month >= good.month
        where
            good.is_good
            {%- if models %} and good.model in ('{{ models | join("', '") }}'){% endif %}
        group by months.month, good.model
    ) as newest
    inner join {{ source('fits', 'model_fit') }} as fits
        on newest.model = fits.model and newest.fitted_in = fits.month
{%- endmacro %}

{# Place of a model in that order; 0 where there is none. #}
{% macro forward_order(model) -%}
    case {{ model }}
        {%- for name in forward_models() %} when '{{ name }}' then {{ loop.index }}{% endfor %} else 0
    end
{%- endmacro %}

{#
    By how much a customer's value may be off, at the interval's quantile: how sure the fit is and
    how single customers scatter.
#}
{% macro forward_width(error, deviation, quantile) -%}
    cast({{ quantile }} * sqrt(
        cast({{ error }} as double) * cast({{ error }} as double)
        + cast({{ deviation }} as double) * cast({{ deviation }} as double)
    ) as decimal(28, 2))
{%- endmacro %}

{# Into how many parts of equal size a calibration divides customers. #}
{% macro forward_parts() -%}10{%- endmacro %}
