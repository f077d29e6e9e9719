{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Card rows added up. Without a statement or a sheet there is no total.
{% set blocks = rating_blocks() -%}
with

added as (
    select
        customer_key,
        month,
        {% for names in blocks.values() -%}
        {% for block in names -%}
        {{ card_sum('points', "block = '" ~ block ~ "'") }} as {{ block }}_points,
        {% endfor -%}
        {% endfor -%}
        {% for block in blocks['quantitative'] -%}
        max(case when block = '{{ block }}' then applies_to end) as {{ block }}_set,
        {% endfor -%}
        {% for part in blocks -%}
        {% set mine = "part = '" ~ part ~ "'" -%}
        {{ card_sum('points', mine) }} as {{ part }}_points,
        {{ card_sum('weighted_points', mine) }} as {{ part }}_weighted,
        {{ card_sum('weight', mine ~ " and state <> 'scaled'") }} as {{ part }}_asked,
        {{ card_sum('weight', mine ~ " and state in ('missing', 'stale')") }} as {{ part }}_gaps,
        {% endfor -%}
    from {{ ref('rating_points') }}
    where month >= {{ window_month() }}
    group by customer_key, month
)

select
    companies.customer_key,
    companies.month,
    companies.judged_on,
    companies.is_closed,
    {% for names in blocks.values() -%}
    {% for block in names -%}
    cast(added.{{ block }}_points as decimal(18, 4)) as {{ block }}_points,
    {% endfor -%}
    {% endfor -%}
    {% for block in blocks['quantitative'] -%}
    added.{{ block }}_set,
    {% endfor -%}
    {% for part in blocks -%}
    cast(added.{{ part }}_points as decimal(18, 4)) as {{ part }}_points,
    cast(
        {{ ratio(
            'cast(added.' ~ part ~ '_gaps as decimal(18, 2))',
            'cast(added.' ~ part ~ '_asked as decimal(18, 2))'
        ) }} as decimal(9, 6)
    ) as {{ part }}_missing,
    {% endfor -%}
    case
        when companies.year_end is not null and companies.assessed_on is not null
            then cast(added.quantitative_weighted + added.qualitative_weighted as decimal(18, 6))
    end as total_points,
from {{ ref('int_rating_company') }} as companies
inner join added
    on companies.customer_key = added.customer_key and companies.month = added.month
where companies.month >= {{ window_month() }}
