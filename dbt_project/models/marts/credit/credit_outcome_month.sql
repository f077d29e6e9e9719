{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- How those paid whose standing is old enough for that to be known, as the month that closes knew.
with

months as (
    {{ build_months() }}
),

terms as (
    {{ outcome_terms('months') }}
),

loans as (
    {{ credit_loans(ref('int_loan_month'), 'terms') }}
),

granted as (
    select
        loans.customer_key,
        loans.month,
        min(loans.granted_on) as granted_on,
    from {{ ref('int_loan_month') }} as loans
    inner join terms on loans.month = terms.month
    where
        loans.granted_on >= {{ add_months('terms.observed_month', 1) }}
        and loans.granted_on < terms.granted_before
    group by loans.customer_key, loans.month
),

stood as (
    select
        features.customer_key,
        terms.month,
        features.month as observed_month,
        features.judged_on as observed_on,
        features.population as kind,
        case when features.population = 'application' then granted.granted_on end as granted_on,
    from {{ ref('credit_feature_month') }} as features
    inner join terms on features.month = terms.observed_month
    left join granted
        on features.customer_key = granted.customer_key and terms.month = granted.month
    where
        features.month in (select starts.observed_month from terms as starts)
        and (
            features.population = 'behavioural'
            or (features.population = 'application' and granted.granted_on is not null)
        )
),

paid as (
    select
        seen.customer_key,
        seen.month,
        count(*) as observations,
        max(seen.days_past_due) as worst_days,
        max(case when seen.in_default then 1 else 0 end) as defaults,
    from (
        {{ credit_observations(
            ref('int_loan_observed'), ref('int_loan_month'), 'terms', 'observed_month'
        ) }}
    ) as seen
    group by seen.customer_key, seen.month
),

beside as (
    select
        stood.customer_key,
        stood.month,
        terms.judged_on,
        stood.kind,
        stood.observed_month,
        stood.observed_on,
        stood.granted_on,
        cast(coalesce(paid.observations, 0) as integer) as observations,
        cast(paid.worst_days as integer) as worst_days,
        coalesce(paid.defaults > 0 or loans.loans_written_off > 0, false) as is_default,
        coalesce(loans.loans_repaid = loans.loans_known, false) as is_repaid,
        terms.bad_days,
        terms.indeterminate_days,
        terms.policy_version,
    from stood
    inner join terms on stood.month = terms.month
    left join loans on stood.customer_key = loans.customer_key and stood.month = loans.month
    left join paid on stood.customer_key = paid.customer_key and stood.month = paid.month
)

select
    *,
    case
        when is_default or worst_days >= bad_days then 'bad'
        when worst_days >= indeterminate_days then 'indeterminate'
        when observations > 0 or is_repaid then 'good'
        else 'excluded'
    end as outcome,
from beside
