select
    {{ surrogate_key('account', 'account_id') }} as account_key,
    balance_on,
    loaded_on as known_on,
    closing_balance,
from {{ source('raw', 'account_balances') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
