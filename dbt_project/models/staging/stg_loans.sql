select
    {{ surrogate_key('loan', 'loan_id') }} as loan_key,
    effective_on,
    loaded_on as known_on,
    {{ surrogate_key('account', 'account_id') }} as account_key,
    {{ surrogate_key('customer', 'customer_id') }} as customer_key,
    granted_on,
    amount,
    term_months,
    instalment,
    purpose,
    collateral,
    status,
from {{ source('raw', 'loans') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
