{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

select
    month,
    model,
    status,
    is_good,
    reason,
    observations,
    log_likelihood,
    cast(level as decimal(28, 2)) as level,
    cast(level_error as decimal(28, 2)) as level_error,
    window_months,
    horizon_months,
    test_months,
    discount_rate,
    policy_version,
    code_version,
from {{ source('fits', 'model_fit') }}
where month >= {{ window_month() }}
