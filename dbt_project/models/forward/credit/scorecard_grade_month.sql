{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

select
    month,
    kind,
    card,
    grade,
    place,
    customers,
    learned,
    goods,
    bads,
    cast(promised as decimal(9, 6)) as promised,
from {{ source('fits', 'scorecard_grade') }}
where month >= {{ window_month() }}
