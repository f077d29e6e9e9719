{{ config(materialized='table') }}

select
    card,
    kind,
    known_on,
    learned_from,
    learned_to,
    rows,
    bads,
    auc,
    held_out_auc,
    tested_auc,
    lowest_score,
    highest_score,
    sha256,
from {{ source('fits', 'scorecard') }}
