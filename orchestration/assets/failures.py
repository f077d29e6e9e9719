"""Expected failures reach a person as one sentence, not as a stack trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import Failure

from orchestration.dbt.project import DbtError
from orchestration.errors import TenureError


@contextmanager
def as_failure() -> Iterator[None]:
    """Turns what a person must act on into a Dagster failure that is not retried."""
    try:
        yield
    except TenureError as error:
        # Somebody who looks at the warehouse for a moment is gone at the next try.
        busy = isinstance(error, DbtError) and "set lock" in str(error)
        raise Failure(description=str(error), allow_retries=busy) from error
