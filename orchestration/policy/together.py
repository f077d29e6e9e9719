"""What the policy files must say together; one room per concept holds its own rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import cast

from orchestration.policy.credit_together import credit_problems
from orchestration.policy.files import Rows
from orchestration.policy.forward_rows import POPULATIONS
from orchestration.policy.joint import always_there
from orchestration.policy.lifecycle_together import lifecycle_problems
from orchestration.policy.parameters import NUMBERS, SWITCHES
from orchestration.policy.problem import PolicyProblem
from orchestration.policy.rating_together import rating_problems
from orchestration.policy.segments_together import segment_problems
from orchestration.policy.star_together import star_problems
from orchestration.policy.tiers_together import SCHEME, tier_problems
from orchestration.policy.timeline import by_key, first_uncovered
from orchestration.policy.value_matrix_together import value_matrix_problems

PARAMETER, SWITCH = "policy_parameter.csv", "policy_switch.csv"
FORWARD = "policy_forward_model.csv"


def problems_together(rows: Rows) -> Iterator[PolicyProblem]:
    """All problems across rows and files; each place is reported once per message."""
    yield from tier_problems(rows)
    yield from star_problems(rows)
    yield from segment_problems(rows)
    yield from credit_problems(rows)
    start, end = _span(rows)
    yield from lifecycle_problems(rows, start, end)
    yield from value_matrix_problems(rows, start, end)
    yield from rating_problems(rows, start, end)
    if start:
        yield from always_there(FORWARD, rows[FORWARD], "population", POPULATIONS, start, end)
    yield from _always_given(rows, PARAMETER, "parameter", NUMBERS)
    yield from _always_given(rows, SWITCH, "switch", SWITCHES)


def _always_given(
    rows: Rows, file: str, key: str, known: Collection[str]
) -> Iterator[PolicyProblem]:
    """Every number and every choice holds whenever a scheme does."""
    given = by_key(rows[file], key)
    start, end = _span(rows)
    for name in known if start else ():
        periods = given.get((name,), [])
        missing = first_uncovered(cast(date, start), end, periods)
        if missing:
            line = periods[-1].line if periods else 0
            message = f"has no {name} on {missing}; schemes are in force then, give it a value"
            yield PolicyProblem(file, line, key, name, message, "order")


def _span(rows: Rows) -> tuple[date | None, date]:
    """The days on which customers are judged: those of any scheme."""
    start = min((row.start for row in rows[SCHEME]), default=None)
    return start, max((row.end for row in rows[SCHEME]), default=date.min)
