{{ known_additive('channel_logins', [
    ('customer_key', surrogate_key('customer', 'customer_id')),
    ('login_on', 'login_on'),
    ('channel', 'channel'),
    ('logins', 'logins'),
]) }}
