select
    {{ surrogate_key('account', 'account_id') }} as account_key,
    {{ surrogate_key('customer', 'customer_id') }} as customer_key,
    effective_on,
    loaded_on as known_on,
    role,
    ended_on,
from {{ source('raw', 'account_roles') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
