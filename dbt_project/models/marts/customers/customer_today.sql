{{ config(materialized='view') }}

select * from {{ ref('customer_month') }}
where month = (select max(latest.month) from {{ ref('customer_month') }} as latest)
