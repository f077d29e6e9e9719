{#
    Who is judged in a month, by every family of verdicts: customers of whom a relationship, an
    account or a lead is known by the day judged. One row per customer and month.
    `facts`: relation like fct_customer_month; `trail`: like fct_customer_trail; `months`: like
    build_months().
#}
{% macro judged_population(facts, trail, months) -%}
    select
        trail.customer_key,
        trail.month,
        months.judged_on,
        months.is_closed,
    from {{ trail }} as trail
    inner join {{ months }} as months on trail.month = months.month
    left join {{ facts }} as facts
        on trail.customer_key = facts.customer_key and trail.month = facts.month
    where
        trail.customer_key <> {{ unassigned() }}
        and (
            facts.relationship_opened_on <= months.judged_on
            or trail.first_account_on <= months.judged_on
            or trail.first_lead_on <= months.judged_on
        )
{%- endmacro %}
