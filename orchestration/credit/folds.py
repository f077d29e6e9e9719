"""Parts that are held out in turn: who deals them does not see in which order rows came."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from orchestration.credit.columns import Flags, Integers, read_values
from orchestration.credit.policy import Feature


def deal(
    frame: pd.DataFrame,
    bad: Flags,
    customers: pd.Series | None,
    features: Sequence[Feature],
    folds: int,
    seed: int,
) -> Integers:
    """The fold of every row, shape (n,); whoever was once bad and all others are spread evenly.

    All rows of a customer go into one fold: a card would know them again. Without customers each
    row is its own, and what it says is its place; equal rows may change theirs.
    """
    owner, owners = _owners(frame, bad, customers, features)
    once_bad = np.zeros(owners, np.bool_)
    np.logical_or.at(once_bad, owner, bad)
    random = np.random.default_rng(seed)
    fold = np.empty(owners, np.int64)
    for group in (once_bad, ~once_bad):
        fold[group] = random.permutation(int(group.sum())) % folds
    dealt: Integers = fold[owner]
    return dealt


def _owners(
    frame: pd.DataFrame, bad: Flags, customers: pd.Series | None, features: Sequence[Feature]
) -> tuple[Integers, int]:
    if customers is not None:
        distinct, owner = np.unique(customers.to_numpy(), return_inverse=True)
        return owner.astype(np.int64), len(distinct)
    places = [read_values(frame, one.name, one.kind).place for one in features]
    order = np.lexsort([*places, bad])
    owner = np.empty(len(bad), np.int64)
    owner[order] = np.arange(len(bad))
    return owner, len(bad)
