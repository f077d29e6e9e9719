select
    {{ surrogate_key('customer', 'customer_id') }} as customer_key,
    assessed_on,
    loaded_on as known_on,
    item,
    points,
    assessor,
from {{ source('raw', 'qualitative_assessments') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
