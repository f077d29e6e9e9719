{{ config(schema='vault') }}

select
    {{ surrogate_key('customer', 'customer_id') }} as customer_key,
    effective_on,
    loaded_on as known_on,
    customer_id,
    name,
    id_number,
    phone,
    address,
from {{ source('raw', 'customers') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
