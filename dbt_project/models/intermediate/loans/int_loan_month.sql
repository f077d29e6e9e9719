{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

{% set terms = ['status', 'granted_on', 'amount'] -%}
{% set observed = ['observed_on', 'days_past_due', 'outstanding', 'in_default'] -%}
with

months as (
    {{ build_months() }}
),

loans as (
    {{ in_force(ref('stg_loans'), 'loan_key', ['customer_key'] + terms, 'months') }}
),

-- What each month learned. The closed month's newest observation stands before all of them.
observations as (
    select
        loan_key,
        {{ window_month() }} as month,
        judged_on as known_on,
        observed_on,
        days_past_due,
        outstanding,
        in_default,
    from (
        {{ closed_months(this.name, {
            'loan_key': 'bigint',
            'month': 'date',
            'judged_on': 'date',
            'observed_on': 'date',
            'days_past_due': 'integer',
            'outstanding': 'decimal(18, 2)',
            'in_default': 'boolean',
        }) }}
    ) as closed
    where month = {{ add_months(window_month(), -1) }}
    union all
    select
        performance.loan_key,
        months.month,
        performance.known_on,
        performance.month_end as observed_on,
        performance.days_past_due,
        performance.outstanding,
        performance.in_default,
    from {{ ref('stg_loan_performance') }} as performance
    inner join months
        on performance.known_on >= months.month and performance.known_on < months.period_end
    where performance.known_on >= {{ window_month() }}
),

learned as (
    select
        observations.loan_key,
        observations.month,
        max_by(
            {{ pack('observations', observed) }}, {{ version_order('observed_on', 'known_on') }}
        ) as newest,
        max({{ version_order('observed_on', 'known_on') }}) as newest_order,
    from observations
    group by observations.loan_key, observations.month
),

seen as (
    select
        loan_key,
        min(month) as first_month,
    from learned
    group by loan_key
),

running as (
    select
        seen.loan_key,
        months.month,
        months.judged_on,
        months.is_closed,
        max_by(learned.newest, learned.newest_order) over (
            partition by seen.loan_key order by months.month
        ) as newest,
    from seen
    inner join months on seen.first_month <= months.month
    left join learned on seen.loan_key = learned.loan_key and months.month = learned.month
)

select
    running.loan_key,
    running.month,
    running.judged_on,
    running.is_closed,
    coalesce(loans.customer_key, {{ unassigned() }}) as customer_key,
    {% for term in terms -%}
    loans.{{ term }},
    {% endfor -%}
    {{ unpack('running.newest', observed) }}
from running
left join loans on running.loan_key = loans.loan_key and running.month = loans.month
