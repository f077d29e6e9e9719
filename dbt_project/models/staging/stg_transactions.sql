{{ known_additive('transactions', [
    ('transaction_id', 'transaction_id'),
    ('account_key', surrogate_key('account', 'account_id')),
    ('booked_on', 'booked_on'),
    ('amount', 'amount'),
    ('kind', 'kind'),
    ('channel', 'channel'),
    ('rail', 'rail'),
    ('is_other_bank', 'counterparty_bank is not null'),
]) }}
