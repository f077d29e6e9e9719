{{ config(materialized='view') }}

select * from (
    {{ explain_lifecycle(ref('lifecycle_month')) }}
) as explained
