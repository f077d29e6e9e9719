{{ config(materialized='table') }}

select
    decision,
    kind,
    card,
    state,
    valid_from,
    decided_on,
    decided_by,
    reason,
    evidence,
from {{ source('fits', 'scorecard_decision') }}
