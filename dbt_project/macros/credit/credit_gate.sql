{# Per month: how strict the risk gate is, and the version of that. #}
{% macro lending_terms(months) -%}
    select
        months.month,
        cast(numbers.lending_past_due_days as integer) as past_due_days,
        cast(numbers.lending_most_pd_application as decimal(9, 6)) as most_pd_application,
        cast(numbers.lending_most_pd_behavioural as decimal(9, 6)) as most_pd_behavioural,
        cast(numbers.lending_least_rank as integer) as least_rank,
        choices.lending_no_score as no_score_choice,
        choices.lending_no_rating as no_rating_choice,
        versions.policy_version,
    from {{ months }} as months
    inner join (
        {{ parameters_in_force([
            'lending_past_due_days', 'lending_most_pd_application', 'lending_most_pd_behavioural',
            'lending_least_rank',
        ], months) }}
    ) as numbers on months.month = numbers.month
    inner join (
        {{ switches_in_force(['lending_no_score', 'lending_no_rating'], months) }}
    ) as choices on months.month = choices.month
    inner join (
        {{ family_version('lending', months) }}
    ) as versions on months.month = versions.month
{%- endmacro %}

{# The first thing that stands against lending, over columns of credit_gate_month. #}
{% macro gate_reason() -%}
    case
        when is_in_default then 'in_default'
        when is_written_off then 'written_off'
        when not is_customer then 'no_relationship'
        when is_minor then 'minor'
        when days_past_due >= past_due_days then 'past_due'
        when customer_type is null then 'unknown_type'
        when customer_type = 'retail'
            then case
                when unscored_for is not null then unscored_for
                when pd <= most_pd then 'passed'
                else 'beyond_cut_off'
            end
        when rating_rank is null
            then case when customer_type = 'government' then 'public_body' else 'not_rated' end
        when rating_rank < least_rank then 'below_grade'
        else 'passed'
    end
{%- endmacro %}
