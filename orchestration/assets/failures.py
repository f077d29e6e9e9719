"""Expected failures reach a person as one sentence, not as a stack trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import Failure

from orchestration.dbt.project import DbtError
from orchestration.pipeline import StepFailed


@contextmanager
def as_failure() -> Iterator[None]:
    """Turns what a person must act on into a Dagster failure that is not retried."""
    try:
        yield
    except (StepFailed, DbtError) as error:
        raise Failure(description=str(error), allow_retries=False) from error
