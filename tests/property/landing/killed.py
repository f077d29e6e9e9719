"""A connection that dies at its n-th statement, as a process does that is killed."""

from __future__ import annotations

from typing import Any

import duckdb


class KilledError(BaseException):
    """Not an Exception: nothing on the way may catch and survive it."""


class MortalConnection:
    """Passes everything on until its lives are used up."""

    def __init__(self, con: duckdb.DuckDBPyConnection, statements: int) -> None:
        self._con = con
        self._left = statements

    def _live(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise KilledError

    def execute(self, *arguments: Any) -> duckdb.DuckDBPyConnection:
        self._live()
        return self._con.execute(*arguments)

    def begin(self) -> None:
        self._live()
        self._con.begin()

    def commit(self) -> None:
        self._live()
        self._con.commit()

    def rollback(self) -> None:
        """The database does this by itself when a process dies."""
        self._con.rollback()
