"""How a value is shown to people: as it is, or by its shape where it may be personal.

A row shifted by one column puts a name into a date, and a file without a header puts one into a
column's name. So of a table with personal columns nothing that was delivered is repeated, whatever
column it stood in; file, line, column and shape are enough to find it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from orchestration.landing.contract import TableContract

_LONGEST = 200
_KINDS = {
    "letters": r"\pL",
    "digits": r"\pN",
    "spaces": r"\s",
    "signs": r"[^\pL\pN\s]",
}
_NAME = re.compile(r"[^\W\d]\w*")


def shown_value(table: TableContract, text: str) -> str:
    """SQL for what people see of a text expression; null for null."""
    if not table.has_personal_data:
        return f"left({text}, {_LONGEST})"
    kinds = ", ".join(
        f"case when regexp_matches({text}, '{pattern}') then '{kind}' end"
        for kind, pattern in _KINDS.items()
    )
    return f"'<personal: length ' || length({text}) || ', ' || concat_ws(' and ', {kinds}) || '>'"


def shown_names(table: TableContract, names: Sequence[str]) -> tuple[str, ...]:
    """Column names beyond the contract. A row of values hardly ever consists of names alone."""
    if table.has_personal_data and not all(_NAME.fullmatch(name) for name in names if name):
        return (f"(not shown: {len(names)}, not all of them names)",)
    return tuple(name or "(unnamed)" for name in names)
