{{ config(materialized='view') }}

select *
from (
    {{ explain_star(ref('star_month')) }}
) as explained
