{{ config(materialized='view') }}

select *
from {{ ref('tier_month') }}
where month = (select max(latest.month) from {{ ref('tier_month') }} as latest)
