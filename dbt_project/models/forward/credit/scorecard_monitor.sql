{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

select
    month,
    kind,
    card,
    observed_month,
    measure,
    feature,
    value,
    low,
    high,
    customers,
from {{ source('fits', 'scorecard_monitor') }}
where month >= {{ window_month() }}
