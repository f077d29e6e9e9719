{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Whether anything may be lent at all (ACT-13), before any offer of a loan.
with

months as (
    {{ build_months() }}
),

terms as (
    {{ lending_terms('months') }}
),

facts as (
    select * from {{ ref('fct_customer_month') }} where month >= {{ window_month() }}
),

loans as (
    {{ credit_loans(ref('int_loan_month'), 'months') }}
),

features as (
    select
        customer_key,
        month,
        left_out_for,
    from {{ ref('credit_feature_month') }}
    where month >= {{ window_month() }}
),

scores as (
    select * from {{ ref('credit_score_month') }} where month >= {{ window_month() }}
),

ratings as (
    select
        customer_key,
        month,
        grade,
        grade_rank,
    from {{ ref('rating_month') }}
    where month >= {{ window_month() }}
),

judged as (
    select
        people.customer_key,
        people.month,
        people.judged_on,
        people.is_closed,
        facts.customer_type,
        scores.kind,
        scores.card,
        scores.score,
        scores.pd,
        case
            when scores.kind = 'application' then terms.most_pd_application
            when scores.kind = 'behavioural' then terms.most_pd_behavioural
        end as most_pd,
        ratings.grade as rating,
        ratings.grade_rank as rating_rank,
        case when facts.customer_type <> 'retail' then terms.least_rank end as least_rank,
        cast(facts.days_past_due as integer) as days_past_due,
        terms.past_due_days,
        terms.no_score_choice,
        terms.no_rating_choice,
        terms.policy_version,
        coalesce(facts.loans_in_default > 0, false) as is_in_default,
        coalesce(loans.loans_written_off > 0, false) as is_written_off,
        coalesce(facts.in_population or facts.accounts_open > 0 or facts.loans_owed > 0, false)
            as is_customer,
        coalesce(features.left_out_for = 'minor', false) as is_minor,
        scores.unscored_for,
    from {{ ref('customer_month') }} as people
    inner join terms on people.month = terms.month
    left join facts on people.customer_key = facts.customer_key and people.month = facts.month
    left join loans on people.customer_key = loans.customer_key and people.month = loans.month
    left join features
        on people.customer_key = features.customer_key and people.month = features.month
    left join scores on people.customer_key = scores.customer_key and people.month = scores.month
    left join ratings
        on people.customer_key = ratings.customer_key and people.month = ratings.month
    where people.month >= {{ window_month() }}
),

reasoned as (
    select
        *,
        {{ gate_reason() }} as gate_reason,
    from judged
)

select
    customer_key,
    month,
    judged_on,
    is_closed,
    customer_type,
    gate_reason = 'passed'
    or (gate_reason in ('no_card', 'unseen_answer') and no_score_choice = 'approve')
    or (gate_reason = 'not_rated' and no_rating_choice = 'approve') as may_lend,
    gate_reason,
    days_past_due,
    past_due_days,
    kind,
    card,
    score,
    pd,
    most_pd,
    rating,
    rating_rank,
    least_rank,
    no_score_choice,
    no_rating_choice,
    policy_version,
from reasoned
