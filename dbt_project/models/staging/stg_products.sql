select
    product_id,
    effective_on,
    loaded_on as known_on,
    product_name,
    product_class,
    asset_weight,
    ftp_spread,
from {{ source('raw', 'products') }}
where row_status = 'accepted' and {{ in_window('loaded_on') }}
