select
    {{ surrogate_key('customer', 'customer_id') }} as customer_key,
    observed_on,
    loaded_on as known_on,
    source,
    amount,
from {{ source('raw', 'external_assets') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
