select
    {{ surrogate_key('account', 'account_id') }} as account_key,
    effective_on,
    loaded_on as known_on,
    {{ surrogate_key('customer', 'customer_id') }} as customer_key,
    product_id,
    currency,
    branch_id,
    opened_on,
    closed_on,
    status,
    credit_limit,
    agency_group,
from {{ source('raw', 'accounts') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
