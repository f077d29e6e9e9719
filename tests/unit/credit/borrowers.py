"""Made-up borrowers with everything that a column can hold, and policies to fit them under."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from orchestration.credit.policy import Policy

ROWS = 1200
NOT_ASKED = -9.0


def policy(**changes: Any) -> Policy:
    """A policy for `borrowers`; changes replace whole sections."""
    content: dict[str, Any] = {
        "version": "test-1",
        "features": (
            {"name": "income", "kind": "numeric", "special": {"not asked": (NOT_ASKED,)}},
            {"name": "debt", "kind": "numeric", "trend": "ascending"},
            {"name": "age", "kind": "numeric", "special": {"hidden": (-1.0,), "later": (-2.0,)}},
            {"name": "job", "kind": "categorical", "special": {"refused": ("no answer",)}},
            {"name": "place", "kind": "categorical"},
        ),
        "binning": {
            "max_bins": 5, "max_prebins": 15, "min_share": 0.05, "min_goods": 5, "min_bads": 5,
        },
        "screening": {
            "min_information_value": 0.001, "max_information_value": 3.0, "max_correlation": 0.8,
            "max_variance_inflation": 5.0,
        },
        "scaling": {"base_score": 600.0, "base_odds": 30.0, "points_to_double": 20.0},
        "grades": (
            {"name": "A", "below": 0.05}, {"name": "B", "below": 0.2}, {"name": "C", "below": 1.0},
        ),
        "ridge": 1.0, "unseen": "no_score", "reasons": 3, "folds": 5, "seed": 1,
        "min_rows": 100, "min_goods": 20, "min_bads": 20,
    }  # fmt: skip
    return Policy.model_validate(content | changes)


def borrowers(rows: int = ROWS, seed: int = 7) -> tuple[pd.DataFrame, pd.Series]:
    """Columns of all kinds, and who turned out bad; `debt` has no missing value, `age` many."""
    random = np.random.default_rng(seed)
    income = np.round(np.exp(random.normal(size=rows)) * 1000, 2)
    debt = random.integers(0, 12, rows).astype(float)
    age = np.round(random.normal(45, 12, rows))
    job = random.integers(0, 5, rows)
    place = random.integers(0, 4, rows)
    logit = -1.6 - np.log(income / 1000) * 0.8 + debt * 0.1 - (age - 45) / 30 + np.sin(job) * 0.6
    bad = random.random(rows) < 1 / (1 + np.exp(-logit - (place == 2) * 0.7))
    income[random.random(rows) < 0.06] = np.nan
    income[random.random(rows) < 0.05] = NOT_ASKED
    age[random.random(rows) < 0.3] = np.nan
    age[random.random(rows) < 0.06] = -1.0
    jobs = np.array(["clerk", "it's own", "farmer", "naïve 中", "rare"], dtype=object)[job]
    jobs[random.random(rows) < 0.05] = "no answer"
    places = np.array(["north", "south", "east", "west"], dtype=object)[place]
    places[random.random(rows) < 0.05] = None
    columns = {"income": income, "debt": debt, "age": age, "job": jobs, "place": places}
    return pd.DataFrame(columns), pd.Series(bad)
