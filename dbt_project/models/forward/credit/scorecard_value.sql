{{ config(materialized='table') }}

select
    card,
    feature,
    bin,
    number,
    code,
from {{ source('fits', 'scorecard_value') }}
