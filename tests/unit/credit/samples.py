"""Made-up borrowers, and a policy to build cards of them by."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from orchestration.credit.build import build_card
from orchestration.credit.card import Card
from orchestration.credit.characteristics import Characteristic, Coded, Numeric
from orchestration.credit.policy import CardPolicy

POLICY = CardPolicy(
    base_score=600,
    base_odds=30,
    points_to_double=20,
    population_bad_rate=None,
    fine_bins=20,
    most_bins=5,
    least_share=0.05,
    smoothing=10,
    least_information=0.01,
    most_correlation=0.9,
    most_vif=5,
    penalty=1,
    least_of_each_class=30,
    folds=3,
    seed=1,
)
WINDOW = (date(2023, 1, 1), date(2024, 1, 1))
NO_FILE = -999.0
CHARACTERISTICS: tuple[Characteristic, ...] = (
    Numeric(name="income", specials=(NO_FILE,)),
    Numeric(name="age", trend="rising"),
    Coded(name='job\'s "title"'),
    Coded(name="region"),
)
JOBS = ("clerk", "o'hara & co", "", "no\\ne\n", "长工")


def borrowers(n: int = 2_000, seed: int = 0) -> pd.DataFrame:
    """Odds of going bad fall with income and age, and differ by job; a tenth lacks each answer."""
    random = np.random.default_rng(seed)
    income = np.round(random.lognormal(8, 1, n), 2)
    age = random.integers(18, 80, n).astype(float)
    job = random.integers(0, len(JOBS), n)
    region = random.integers(1, 4, n)
    risk = 0.8 * (8 - np.log(income)) - 0.03 * (age - 45) + 0.4 * (job - 2) + 0.3 * (region - 2)
    income[random.random(n) < 0.1] = NO_FILE
    income[random.random(n) < 0.1] = np.nan
    age[random.random(n) < 0.1] = np.nan
    title = np.array(JOBS, object)[job]
    title[random.random(n) < 0.1] = None
    bad = random.random(n) < 1 / (1 + np.exp(1.2 - risk))
    return pd.DataFrame(
        {
            "income": income,
            "age": age,
            'job\'s "title"': title,
            "region": region,
            "bad": bad.astype(int),
        }
    )


def card_of(
    frame: pd.DataFrame,
    characteristics: tuple[Characteristic, ...] = CHARACTERISTICS,
    **policy: Any,
) -> Card:
    """A card by the policy above, or with other choices."""
    chosen = CardPolicy.model_validate(POLICY.model_dump() | policy)
    return build_card(
        frame, "bad", characteristics, chosen, name="retail", version=1, window=WINDOW
    )
