{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Whether anything may be lent at all (ACT-13), before any offer of a loan.
with

months as (
    {{ build_months() }}
),

terms as (
    {{ lending_terms('months') }}
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
        people.customer_type,
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
        case when people.customer_type <> 'retail' then terms.least_rank end as least_rank,
        people.days_past_due,
        terms.past_due_days,
        terms.no_score_choice,
        terms.no_rating_choice,
        terms.policy_version,
        people.is_in_default,
        people.is_written_off,
        people.is_customer,
        people.is_minor,
        scores.unscored_for,
    from {{ ref('int_credit_standing') }} as people
    inner join terms on people.month = terms.month
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
    or (gate_reason in ('not_rated', 'public_body') and no_rating_choice = 'approve') as may_lend,
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
