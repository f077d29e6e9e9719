{{ config(materialized='table') }}

select
    card,
    feature,
    bin,
    is_number,
    sort,
    label,
    lower,
    upper,
    goods,
    bads,
    evidence,
    rests_on,
    points,
from {{ source('fits', 'scorecard_line') }}
