"""The published files, read once for all tests of the room.

Their tests are skipped where the files are not at hand: $TENURE_SHARED_DATA/berka, then
../shared/data/berka beside the repository. They may be the full set or the copy that lacks rows
after 1994-03-30.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.integration.berka.published import PublishedBank

REPOSITORY = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("TENURE_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
BERKA = SHARED / "berka"
NEEDS_BERKA = pytest.mark.skipif(not BERKA.is_dir(), reason=f"no Berka files in {BERKA}")
COMPLETE_ROWS = 1_056_320


@pytest.fixture(scope="session")
def published() -> PublishedBank:
    """All bookings as published."""
    return PublishedBank(BERKA)


@pytest.fixture(scope="session")
def has_gaps(published: PublishedBank) -> bool:
    """Whether this is the copy with rows missing."""
    return sum(map(len, published.bookings.values())) < COMPLETE_ROWS
