{{ config(materialized='table') }}

select * from (
    {{ measure_tiers(ref('int_restated_customers'), ref('int_restated_months')) }}
) as measured
