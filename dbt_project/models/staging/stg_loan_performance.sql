select
    {{ surrogate_key('loan', 'loan_id') }} as loan_key,
    month_end,
    loaded_on as known_on,
    days_past_due,
    outstanding,
    in_default,
from {{ source('raw', 'loan_performance') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
