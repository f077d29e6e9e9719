{{ known_additive('cost_items', [
    ('customer_key', surrogate_key('customer', 'customer_id')),
    ('booked_on', 'booked_on'),
    ('component', 'component'),
    ('amount', 'amount'),
]) }}
