select
    {{ surrogate_key('customer', 'customer_id') }} as customer_key,
    effective_on,
    loaded_on as known_on,
    customer_type,
    birth_date,
    gender,
    region,
    area,
    branch_id,
    relationship_manager,
    opened_on,
    closed_on,
    household_income,
    risk_appetite,
    acquisition_source,
    industry,
from {{ source('raw', 'customers') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
