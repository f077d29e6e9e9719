{{ known_additive('leads', [
    ('lead_id', 'lead_id'),
    ('customer_key', surrogate_key('customer', 'customer_id')),
    ('created_on', 'created_on'),
    ('source_method', 'source_method'),
    ('interest', 'interest'),
    ('owner', 'owner'),
]) }}
