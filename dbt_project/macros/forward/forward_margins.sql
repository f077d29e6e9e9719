{#
    Per customer and month of the window, what the month brought and what months brought on average:
    those that the terms ask for, or as many as are known. `terms`: like forward_terms.
#}
{% macro forward_margins(terms) -%}
    select
        customer_key,
        month,
        contribution,
        cast(margin_months as integer) as margin_months,
        cast({{ divide_money('brought', 'margin_months', scale=2) }} as decimal(28, 2)) as margin,
    from (
        select
            ends.customer_key,
            ends.month,
            ends.contribution,
            least(ends.months_known, terms.margin_months_wanted) as margin_months,
            ends.total_income - ends.total_cost
            - coalesce(starts.total_income - starts.total_cost, 0) as brought,
        from {{ ref('contribution_month') }} as ends
        inner join {{ terms }} as terms on ends.month = terms.month
        left join {{ ref('contribution_month') }} as starts
            on
                ends.customer_key = starts.customer_key
                and starts.month = {{ add_months('terms.month', '-terms.margin_months_wanted') }}
        where ends.month >= {{ window_month() }}
    ) as averaged
{%- endmacro %}
