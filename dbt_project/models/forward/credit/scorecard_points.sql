{{ config(materialized='view') }}

-- Which line of its card each characteristic of a scored customer falls into.
with

asked as (
    select distinct
        card,
        feature,
        is_number,
    from {{ ref('scorecard_line') }}
),

answers as (
    select
        scores.customer_key,
        scores.month,
        scores.judged_on,
        scores.kind,
        scores.card,
        asked.feature,
        asked.is_number,
        case asked.feature
            {% for number in credit_numbers() -%}
            when '{{ number }}' then cast(features.{{ number }} as double)
            {% endfor %}
        end as number,
        case asked.feature
            {% for code in credit_codes() -%}
            when '{{ code }}' then features.{{ code }}
            {% endfor %}
        end as code,
    from {{ ref('credit_score_month') }} as scores
    inner join asked on scores.card = asked.card
    inner join {{ ref('credit_feature_month') }} as features
        on scores.customer_key = features.customer_key and scores.month = features.month
),

told as (
    select
        answers.*,
        listed.bin,
    from answers
    left join {{ ref('scorecard_value') }} as listed
        on
            answers.card = listed.card
            and answers.feature = listed.feature
            and (answers.number = listed.number or answers.code = listed.code)
),

best as (
    select
        card,
        feature,
        max(case when rests_on <> 'unseen' then points end) as points,
    from {{ ref('scorecard_line') }}
    group by card, feature
)

select
    told.customer_key,
    told.month,
    told.judged_on,
    told.kind,
    told.card,
    told.feature,
    told.number,
    told.code,
    lines.bin,
    lines.label,
    lines.points,
    best.points - lines.points as points_lost,
from told
inner join best on told.card = best.card and told.feature = best.feature
inner join {{ ref('scorecard_line') }} as lines
    on
        told.card = lines.card
        and told.feature = lines.feature
        and case
            when told.bin is not null then told.bin = lines.bin
            when told.number is null and told.code is null then lines.sort = 'missing'
            when not told.is_number then lines.sort = 'unseen'
            else
                lines.sort = 'range'
                and coalesce(told.number >= lines.lower, true)
                and coalesce(told.number < lines.upper, true)
        end
