{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

select
    asked.customer_key,
    asked.month,
    asked.judged_on,
    asked.is_closed,
    asked.population as kind,
    scores.card,
    scores.score,
    scores.pd,
    scores.grade,
    {% for reason in credit_reasons() -%}
    scores.{{ reason }},
    {% endfor -%}
    scores.unseen,
    case
        when scores.card is null then 'no_card'
        when scores.score is null then 'unseen_answer'
    end as unscored_for,
from {{ ref('credit_feature_month') }} as asked
left join {{ source('fits', 'credit_score') }} as scores
    on
        asked.customer_key = scores.customer_key
        and asked.month = scores.month
        and asked.population = scores.kind
where asked.month >= {{ window_month() }} and asked.population <> 'none'
