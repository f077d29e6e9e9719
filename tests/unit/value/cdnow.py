"""CDNOW: 2,357 customers who first bought in early 1997, followed for 39 weeks and 39 more.

A tenth of a music shop's customers, published with the models that are tested on it; the package
Lifetimes carries it. Times in weeks.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from orchestration.value.histories import Histories


def folder() -> Path:
    """Where the package keeps its data."""
    package = find_spec("lifetimes")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "datasets"


@cache
def customers() -> pd.DataFrame:
    """A row per customer: x repeat purchases, t_x recency, T age, zbar average of the repeats."""
    return pd.read_csv(folder() / "cdnow_customers_summary_with_transactions.csv")


def histories() -> Histories:
    """The same, counted."""
    rows = customers()
    return Histories.counted(*(rows[name].to_numpy(float) for name in ("x", "t_x", "T")))
