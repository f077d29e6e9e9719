{#
    Per customer and month of the window, what the month brought and what months brought on average:
    those that the terms ask for, or as many as are known. What winning the customer cost is left out
    of the average: it is spent once. `terms`: like forward_terms.
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
            - coalesce(starts.total_income - starts.total_cost, 0)
            + coalesce(won.acquisition, 0) as brought,
        from {{ ref('contribution_month') }} as ends
        inner join {{ terms }} as terms on ends.month = terms.month
        left join {{ ref('contribution_month') }} as starts
            on
                ends.customer_key = starts.customer_key
                and starts.month = {{ add_months('terms.month', '-terms.margin_months_wanted') }}
        left join (
            select
                statements.customer_key,
                terms.month,
                sum(statements.acquisition) as acquisition,
            from {{ ref('contribution_month') }} as statements
            inner join {{ terms }} as terms
                on
                    statements.month <= terms.month
                    and statements.month
                    > {{ add_months('terms.month', '-terms.margin_months_wanted') }}
            where statements.acquisition <> 0
            group by statements.customer_key, terms.month
        ) as won
            on ends.customer_key = won.customer_key and ends.month = won.month
        where ends.month >= {{ window_month() }}
    ) as averaged
{%- endmacro %}
