"""The card as SQL: one select over a relation, by CASE expressions alone."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.credit.bins import UNSEEN
from orchestration.credit.card import Card, Line
from orchestration.credit.characteristics import Numeric
from orchestration.credit.errors import BadCard

# What the card adds to the relation's columns, beside points_<name> of each characteristic.
ADDED = ("score", "unseen", "pd")


def to_sql(card: Card, relation: str) -> str:
    """A select of all columns of a relation, and of points, score, PD and what is unseen.

    `relation` stands in the query as it is. An answer that no bin is for has no points; its row
    has neither score nor PD, and `unseen` names the characteristics, separated by commas.
    """
    _no_clash(card)
    points = ",\n".join(f"        {_case(line)} as {_points(line)}" for line in card.lines)
    # Unknown as soon as one of them is.
    total = "\n            + ".join(_points(line) for line in card.lines)
    unseen = "\n            || ".join(
        f"case when {_points(line)} is null then {_text(',' + line.name)} else '' end"
        for line in card.lines
    )
    slope, intercept = _number(card.calibration.slope), _number(card.calibration.intercept)
    return f"""\
with pointed as (
    select
        *,
{points}
    from {relation}
),

scored as (
    select
        *,
        {total} as score,
        nullif(substring({unseen}, 2), '') as unseen
    from pointed
)

select
    *,
    1 / (1 + exp({intercept} + {slope} * score)) as pd
from scored
"""


def _no_clash(card: Card) -> None:
    for line in card.lines:
        if line.name.lower() in ADDED:
            raise BadCard(f"{line.name} is a column that the card's SQL makes: rename yours")


def _points(line: Line) -> str:
    return _name(f"points_{line.name}")


def _case(line: Line) -> str:
    arms = "\n".join(f"            {arm}" for arm in _arms(line))
    return f"case\n{arms}\n        end"


def _arms(line: Line) -> Iterator[str]:
    """Missing first, as nothing can be compared with it; special values before ranges."""
    binned, column = line.binned, _name(line.name)
    numeric = binned.characteristic
    if not isinstance(numeric, Numeric):
        text = f"cast({column} as varchar)"
        yield f"when {column} is null then {_result(line, binned.missing)}"
        for at, one in enumerate(binned.bins):
            if one.codes:
                listed = ", ".join(_text(code) for code in one.codes)
                yield f"when {text} in ({listed}) then {line.points[at]}"
        return
    number = f"cast({column} as double)"
    missing = f"{column} is null or isnan({number})"
    yield f"when {missing} then {_result(line, binned.missing)}"
    for value in numeric.specials:
        yield f"when {number} = {_number(value)} then {_result(line, binned.special(value))}"
    for at in binned.ranges:
        high = binned.bins[at].high
        until = f"when {number} < {_number(high)} then" if high is not None else "else"
        yield f"{until} {line.points[at]}"


def _result(line: Line, at: int) -> str:
    return "null" if at == UNSEEN else str(line.points[at])


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _number(value: float) -> str:
    """Read from text, every digit counts: as a decimal it would be rounded twice."""
    return f"cast('{value!r}' as double)"
