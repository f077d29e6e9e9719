{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

select
    month,
    model,
    parameter,
    value,
    standard_error,
from {{ source('fits', 'model_parameter') }}
where month >= {{ window_month() }}
