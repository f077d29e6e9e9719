{#
    Per customer and month: loans as known at its end.
    `loans`: relation like int_loan_month; `months`: relation with the months wanted.
#}
{% macro credit_loans(loans, months) -%}
    select
        loans.customer_key,
        loans.month,
        count(*) as loans_known,
        {% for status in ['repaid', 'written_off'] -%}
        count(case when loans.status = '{{ status }}' then 1 end) as loans_{{ status }},
        {% endfor -%}
        {# Of loans still owed, the terms if those of each are known. -#}
        min({{ while_owed('loans.granted_on') }}) as first_granted_on,
        case
            when count({{ while_owed('loans.amount') }}) = count({{ while_owed('loans.loan_key') }})
                then cast(sum({{ while_owed('loans.amount') }}) as decimal(28, 2))
        end as granted,
    from {{ loans }} as loans
    inner join {{ months }} as months on loans.month = months.month
    where loans.customer_key <> {{ unassigned() }}
    group by loans.customer_key, loans.month
{%- endmacro %}

{% macro while_owed(value) -%}
    case when coalesce(loans.status <> 'repaid', true) then {{ value }} end
{%- endmacro %}

{#
    What was observed of loans after the end of the month `since` and is known at the end of `month`,
    a row per customer, loan and month end observed: of several deliveries the one known last.
    `observed`, `loans`: relations like int_loan_observed and int_loan_month; `months`: relation with
    the months wanted and a column `since`. Deliveries of no other months are read.
#}
{% macro credit_observations(observed, loans, months, since) -%}
    select
        owners.customer_key,
        known.month,
        known.observed_on,
        known.days_past_due,
        known.in_default,
    from (
        select
            observed.loan_key,
            months.month,
            observed.observed_on,
            max_by(observed.days_past_due, observed.known_on) as days_past_due,
            max_by(observed.in_default, observed.known_on) as in_default,
        from {{ observed }} as observed
        inner join {{ months }} as months
            on
                observed.month <= months.month
                and observed.month > months.{{ since }}
                and observed.observed_on >= {{ add_months('months.' ~ since, 1) }}
        group by observed.loan_key, months.month, observed.observed_on
    ) as known
    inner join {{ loans }} as owners
        on known.loan_key = owners.loan_key and known.month = owners.month
    where owners.customer_key <> {{ unassigned() }}
{%- endmacro %}
