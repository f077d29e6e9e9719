"""The card as optbinning applies it: the same to the last whole point."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

from benchmarks.credit_data import made_up
from benchmarks.credit_library import LibraryCard
from orchestration.credit.fit import fit
from orchestration.credit.sql import compile_card


@pytest.mark.slow
def test_sql_scores_as_the_library_does() -> None:
    frame, bad, policy = made_up(20_000, seed=1)
    card = fit(frame, pd.Series(bad), policy)
    library = LibraryCard(card, frame, bad)
    many = made_up(50_000, seed=2)[0].assign(id=np.arange(50_000))
    with duckdb.connect() as con:
        con.register("loans", many)
        found = con.execute(f"{compile_card(card, 'loans', ['id'])} order by id").fetchnumpy()
    assert len(card.features) >= 8
    assert np.abs(found["exact_score"] - library.score(many)).max() <= 1e-9
    assert (found["score"] == library.points(many)).all()
