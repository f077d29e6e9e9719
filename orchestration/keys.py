"""The surrogate key of a bank's own number, as the staging models compute it in SQL."""

import hashlib

_HEX_DIGITS = 15


def surrogate_key(entity: str, number: str, salt: str) -> int:
    """60 bits of a salted hash. See macro `surrogate_key`. `entity`: customer, account or loan."""
    digest = hashlib.md5(
        # A terminal may hand over bytes that are no UTF-8; no number of the bank's has any.
        f"{salt}:{entity}:{number}".encode(errors="surrogateescape"),
        usedforsecurity=False,
    )
    return int(digest.hexdigest()[:_HEX_DIGITS], 16)


def surrogate_key_sql(entity: str, column: str) -> str:
    """The same of a column in DuckDB, with the salt as parameter $salt."""
    return f"cast('0x' || left(md5($salt || ':{entity}:' || {column}), {_HEX_DIGITS}) as bigint)"
