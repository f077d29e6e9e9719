"""German credit: the card ranks no worse than a plain logistic regression, and SQL agrees.

Skipped where the file is not at hand: $TENURE_SHARED_DATA/german_credit, then
../shared/data/german_credit beside the repository.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.credit import card_chances, cross_validated, library_chances
from benchmarks.credit_data import GERMAN, GERMAN_POLICY, german_credit
from orchestration.credit.fit import fit
from orchestration.credit.policy import read_policy
from tests.unit.credit.test_fit import rates
from tests.unit.credit.test_sql import assert_equal

REPOSITORY = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("TENURE_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (SHARED / GERMAN).exists(), reason=f"no {GERMAN} in {SHARED}"),
]
# What a card may lose to be read by people.
WORSE_AT_MOST = 0.005


def test_a_card_ranks_as_well_as_a_regression() -> None:
    policy = read_policy(GERMAN_POLICY)
    models = {"card": card_chances(policy), "logistic": library_chances("logistic", policy)}
    frame, bad = german_credit(SHARED)
    found = cross_validated(frame, bad, models, repeats=3)
    area = {name: values[:, 0].mean() for name, values in found.items()}
    assert area["card"] >= area["logistic"] - WORSE_AT_MOST
    assert area["card"] > 0.77


def test_bins_are_monotone_and_sql_agrees() -> None:
    frame, bad = german_credit(SHARED)
    card = fit(frame, frame["creditability"] == "bad", read_policy(GERMAN_POLICY))
    assert (card.learned.rows, card.learned.bads) == (1000, int(bad.sum()))
    for feature in card.features:
        found = rates(card, feature.name)
        assert found in (sorted(found), sorted(found, reverse=True)), feature.name
    assert_equal(card, frame)
