{{ config(schema='vault') }}

select
    {{ surrogate_key('loan', 'loan_id') }} as loan_key,
    effective_on,
    loaded_on as known_on,
    loan_id,
from {{ source('raw', 'loans') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
