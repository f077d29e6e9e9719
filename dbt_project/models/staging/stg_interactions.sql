{{ known_additive('interactions', [
    ('customer_key', surrogate_key('customer', 'customer_id')),
    ('happened_on', 'happened_on'),
    ('kind', 'kind'),
    ('score', 'score'),
]) }}
