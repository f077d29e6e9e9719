"""Cards that several tests read: fitting takes the better part of a second."""

from __future__ import annotations

import pytest

from orchestration.credit.card import Card
from orchestration.credit.fit import fit
from tests.unit.credit.borrowers import borrowers, policy


@pytest.fixture(scope="session")
def card() -> Card:
    """The made-up borrowers' card: a value never seen leaves no score."""
    return fit(*borrowers(), policy())


@pytest.fixture(scope="session", params=["no_score", "neutral", "worst"])
def any_card(request: pytest.FixtureRequest) -> Card:
    """The same under every policy for values never seen."""
    return fit(*borrowers(), policy(unseen=request.param))
