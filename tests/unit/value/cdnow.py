"""CDNOW: 2,357 customers who first bought in early 1997, followed for 39 weeks and 39 more.

A tenth of a music shop's customers, published with the models that are tested on it; the package
Lifetimes carries it. Times in weeks.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from benchmarks.cdnow import folder, the_tenth
from orchestration.value.forecast import Purchases
from orchestration.value.histories import Histories


@cache
def customers() -> pd.DataFrame:
    """A row per customer: x repeat purchases, t_x recency, T age, zbar average of the repeats."""
    return pd.read_csv(folder() / "cdnow_customers_summary_with_transactions.csv")


def histories() -> Histories:
    """The same, counted."""
    rows = customers()
    return Histories.counted(*(rows[name].to_numpy(float) for name in ("x", "t_x", "T")))


@cache
def purchases() -> Purchases:
    """Of the same customers, each purchase."""
    return the_tenth()
