"""Reading policy files strictly: header, encoding and every row by itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from orchestration.policy.parameters import ParameterRow
from orchestration.policy.period import PeriodRow
from orchestration.policy.problem import PolicyProblem
from orchestration.policy.rows import FILES

Rows = dict[str, list[PeriodRow]]
PARAMETER = "policy_parameter.csv"


def read_files(policy_dir: Path) -> tuple[Rows, list[PolicyProblem]]:
    """The rows of every known file, and what is wrong with files or single rows."""
    rows: Rows = {}
    problems: list[PolicyProblem] = []
    for name in FILES:
        rows[name], found = _read(policy_dir / name)
        problems += found
    problems += [
        PolicyProblem(
            path.name,
            0,
            "",
            "",
            "is not a policy file known here; remove it, or describe its rows in "
            "orchestration/policy/rows.py",
            "file",
        )
        for path in sorted(policy_dir.glob("*.csv"))
        if path.name not in FILES
    ]
    return rows, problems


def parameter_on(policy_dir: Path, name: str, day: date) -> Decimal | None:
    """The number that is in force on a day; none where the file has none that can be read."""
    rows, _ = _read(policy_dir / PARAMETER)
    held = (row for row in rows if isinstance(row, ParameterRow) and row.holds_on(day))
    return next((row.value for row in held if row.parameter == name), None)


def _read(path: Path) -> tuple[list[PeriodRow], list[PolicyProblem]]:
    def whole(message: str, line: int = 0, value: str = "") -> list[PolicyProblem]:
        return [PolicyProblem(path.name, line, "", value, message, "file")]

    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return [], whole("is missing; restore it, an empty policy is a file with a header only")
    except OSError as error:
        return [], whole(f"cannot be read: {error.strerror}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return [], whole("is not UTF-8 from this line on; save it as UTF-8", line)
    try:
        return _parse(path.name, text)
    except csv.Error as error:
        return [], whole(f"is not readable as CSV: {error}")


def _parse(file: str, text: str) -> tuple[list[PeriodRow], list[PolicyProblem]]:
    lines = _records(text)
    model = FILES[file]
    header = model.header()
    line, found = next(lines, (1, []))
    if found != header:
        message = f"the header must be exactly: {','.join(header)}"
        return [], [PolicyProblem(file, line, "", ",".join(found), message, "file")]
    rows: list[PeriodRow] = []
    problems: list[PolicyProblem] = []
    for line, values in lines:
        if len(values) != len(header):
            message = (
                f"has {len(values)} fields instead of {len(header)}; "
                "quote texts with commas, and leave no empty lines"
            )
            problems.append(PolicyProblem(file, line, "", ",".join(values), message, "value"))
            continue
        given = dict(zip(header, values, strict=True))
        try:
            rows.append(model.model_validate({**given, "line": line}))
        except ValidationError as error:
            problems += _row_problems(file, line, given, error)
    return rows, problems


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Records with the line they start on; a quoted text may go over several."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    for values in reader:
        yield line, values
        line = reader.line_num + 1


def _row_problems(
    file: str, line: int, given: dict[str, str], error: ValidationError
) -> list[PolicyProblem]:
    found = []
    for one in error.errors():
        column = str(one["loc"][0] if one["loc"] else one.get("ctx", {}).get("column", ""))
        value = given.get(column, "")
        found.append(PolicyProblem(file, line, column, value, _said(value, one["msg"]), "value"))
    return found


def _said(value: str, message: str) -> str:
    return f"{value!r} {message}" if value else message
