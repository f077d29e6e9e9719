{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

select
    month,
    asset_tier,
    stage,
    star_grade,
    value_loyalty,
    value_cell,
    max(judged_on) as judged_on,
    bool_and(is_closed) as is_closed,
    cast(count(*) as bigint) as customers,
    cast(sum(assets) as decimal(38, 2)) as assets,
    cast(sum(debts) as decimal(38, 2)) as debts,
    cast(sum(income) as decimal(38, 2)) as income,
    cast(sum(cost) as decimal(38, 2)) as cost,
from {{ ref('customer_month') }}
where month >= {{ window_month() }}
group by month, asset_tier, stage, star_grade, value_loyalty, value_cell
