select
    {{ surrogate_key('customer', 'customer_id') }} as customer_key,
    decided_on,
    loaded_on as known_on,
    kind,
    grade,
    outlook,
    reason,
    approver,
    expires_on,
from {{ source('raw', 'rating_decisions') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
