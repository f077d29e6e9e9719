{{ config(schema='vault') }}

select
    {{ surrogate_key('account', 'account_id') }} as account_key,
    effective_on,
    loaded_on as known_on,
    account_id,
from {{ source('raw', 'accounts') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
