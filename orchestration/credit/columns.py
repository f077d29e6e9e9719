"""Columns as the card reads them: numbers with nan for missing, codes as text, who went bad."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.credit.characteristics import Characteristic
from orchestration.credit.errors import BadSample

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_NUMBERS = {"integer", "floating", "mixed-integer-float", "decimal", "empty"}
_CODES = {"string", "integer", "boolean", "empty"}


def require(frame: pd.DataFrame, characteristics: Iterable[Characteristic]) -> None:
    """Refuses a frame that lacks a column of the card."""
    if not frame.columns.is_unique:
        raise BadSample("two columns of the rows have one name: which one is meant?")
    missing = [c.name for c in characteristics if c.name not in frame.columns]
    if missing:
        raise BadSample(f"the rows lack {', '.join(missing)}, which the card asks about")


def numbers(frame: pd.DataFrame, name: str) -> Floats:
    """A column of numbers, shape (n,); nan where missing."""
    column = frame[name]
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        found = pd.api.types.infer_dtype(column, skipna=True)
        if found not in _NUMBERS:
            raise BadSample(f"{name} must hold numbers, and holds {found}: declare it as Coded?")
    return _floats(column)


def codes(frame: pd.DataFrame, name: str) -> tuple[Integers, list[str]]:
    """A column of codes: of each row the position of its code, -1 where missing; and the codes."""
    row, found = pd.factorize(frame[name])
    distinct = np.asarray(found, object)
    kind = pd.api.types.infer_dtype(distinct)
    if kind not in _CODES:
        raise BadSample(
            f"{name} must hold codes (text, whole numbers, yes and no), and holds {kind}: "
            "declare it as Numeric, or give its codes as text"
        )
    # As the engine writes them.
    texts = [str(code).lower() if kind == "boolean" else str(code) for code in distinct]
    return row.astype(np.int64), texts


def went_bad(frame: pd.DataFrame, name: str, least_of_each_class: int) -> Flags:
    """The target: 1 went bad, 0 stayed good. Refuses one that nothing can be learned from."""
    if name not in frame.columns:
        raise BadSample(f"the sample lacks {name}, which says who went bad")
    try:
        values = _floats(frame[name])
    except (TypeError, ValueError) as error:
        raise BadSample(f"{name} must be 1 for bad or 0 for good, and is not a number") from error
    if not np.isin(values, (0, 1)).all():
        raise BadSample(f"{name} must be 1 for bad or 0 for good in every row, never missing")
    bad = np.asarray(values == 1, bool)
    for word, count in (("bad", int(bad.sum())), ("good", int((~bad).sum()))):
        if count < least_of_each_class:
            raise BadSample(
                f"the sample has {count} {word} rows, and the policy asks for "
                f"{least_of_each_class}: widen the window, or change least_of_each_class"
            )
    return bad


def _floats(column: pd.Series) -> Floats:
    known = column.mask(column.isna(), np.nan) if column.dtype == object else column
    return np.asarray(known.astype("float64").to_numpy(na_value=np.nan), np.float64)
