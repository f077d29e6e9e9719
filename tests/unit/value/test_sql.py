"""Predictions in SQL are those of the reference, to nine digits."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

from orchestration.value.beta_geometric import BetaGeometric
from orchestration.value.gamma_gamma import GammaGamma
from orchestration.value.pareto import Pareto
from tests.unit.dbt.macros import render
from tests.unit.value import cdnow

MODELS = {
    "cdnow": BetaGeometric(0.243, 4.414, 0.793, 2.426),
    "bank": BetaGeometric(1.1, 22.0, 0.9, 28.0),
    "leaving": BetaGeometric(5.0, 0.5, 0.06, 0.07),
}
AHEAD = (0.001, 1.0, 39.0, 10_000.0)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """The models, and histories of all kinds: CDNOW's, and such with very many purchases."""
    con = duckdb.connect()
    con.execute("create table models (model varchar, r double, alpha double, a double, b double)")
    con.executemany(
        "insert into models values (?, ?, ?, ?, ?)",
        [[name, m.r, m.alpha, m.a, m.b] for name, m in MODELS.items()],
    )
    con.execute("create table known (frequency bigint, recency double, age double)")
    rows = cdnow.customers()[["x", "t_x", "T"]].drop_duplicates().to_numpy(float).tolist()[:300]
    odd = [[10_000, 9_999.0, 10_000.0], [1, 0.001, 10_000.0], [0, 0.0, 0.001], [500, 3.0, 3.0]]
    con.executemany("insert into known values (?, ?, ?)", rows + odd)
    con.execute(
        "create table horizons as select model, unnest(?::double[]) as ahead from models",
        [list(AHEAD)],
    )
    return con


def test_probabilities_of_still_buying(con: duckdb.DuckDBPyConnection) -> None:
    alive = render("beta_geometric_alive", "h", "m")
    for name, model in MODELS.items():
        rows = con.execute(
            f"select h.frequency, h.recency, h.age, {alive} from known as h "
            "cross join models as m where m.model = ?",
            [name],
        ).fetchall()
        x, recency, age, found = np.array(rows, float).T
        np.testing.assert_allclose(found, model.alive(x, recency, age), rtol=1e-9, atol=1e-300)


def test_expected_purchases(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create or replace table histories as "
        "select distinct model, frequency, age from known cross join models"
    )
    asked = render("beta_geometric_purchases", "histories", "models", "horizons")
    for name, model in MODELS.items():
        rows = con.execute(
            f"select frequency, age, ahead, purchases from ({asked}) where model = ?", [name]
        ).fetchall()
        x, age, ahead, found = np.array(rows, float).T
        assert len(found) == len(AHEAD) * len(set(zip(x, age, strict=True)))
        np.testing.assert_allclose(found, model.purchases(x, age, ahead), rtol=1e-9, atol=1e-17)


@pytest.mark.parametrize("seed", range(4))
def test_predictions_of_any_model(seed: int) -> None:
    """Ten digits at parameters, histories and times ahead of every size: nine are promised."""
    rng = np.random.default_rng(seed)
    numbers = np.exp(rng.uniform(-3, 3.5, (10, 6))) * [1, 10, 1, 1, 1, 10]
    names = ["r", "alpha", "a", "b", "s", "beta"]
    models = pd.DataFrame(numbers, columns=names).rename_axis("model").reset_index()
    histories = pd.DataFrame(
        {
            "model": np.repeat(models.model, 40),
            "frequency": rng.choice([0, 1, 2, 5, 20, 100, 1_000, 10_000], 400),
            "age": 10 ** rng.uniform(-2, 4, 400),
        }
    )
    silent = rng.choice([0.0, 0.01, 0.5, 0.99, 1.0], 400)
    histories["recency"] = np.where(histories.frequency > 0, histories.age * silent, 0)
    con = duckdb.connect()
    con.register("models", models)
    con.register("histories", histories)
    con.execute(
        "create table horizons as select model, unnest([0.001, 1, 100, 10000]::double[]) as ahead "
        "from models"
    )
    bought = con.sql(
        f"select * from ({render('beta_geometric_purchases', 'histories', 'models', 'horizons')})"
    ).df()
    stayed = con.sql(f"select * from ({render('pareto_alive', 'histories', 'models')})").df()
    assert (len(bought), len(stayed)) == (1_600, 400)
    for at, row in models.iterrows():
        of = bought[bought.model == at]
        model = BetaGeometric(row.r, row.alpha, row.a, row.b)
        expected = model.purchases(*of[["frequency", "age", "ahead"]].to_numpy(float).T)
        np.testing.assert_allclose(of.purchases, expected, rtol=3e-10)
        of = stayed[stayed.model == at]
        leaving = Pareto(row.r, row.alpha, row.s, row.beta)
        expected = leaving.alive(*of[["frequency", "recency", "age"]].to_numpy(float).T)
        np.testing.assert_allclose(of.alive, expected, rtol=3e-10, atol=1e-300)


def test_a_prediction_does_not_depend_on_who_else_is_asked(
    con: duckdb.DuckDBPyConnection,
) -> None:
    def predicted(where: str) -> dict[tuple[object, ...], float]:
        con.execute(
            "create or replace table histories as select distinct model, frequency, age "
            f"from known cross join models where {where}"
        )
        asked = render("beta_geometric_purchases", "histories", "models", "horizons")
        found = con.execute(f"select * from ({asked})").fetchall()
        return {row[:4]: row[4] for row in found}

    everybody = predicted("true")
    con.execute("set threads = 1")
    few = predicted("frequency between 2 and 5")
    assert few
    for place, purchases in few.items():
        assert purchases == everybody[place], "to the last bit"


LEAVING = {
    "cdnow": Pareto(0.553, 10.578, 0.606, 11.668),
    "bank": Pareto(1.9, 192.0, 0.0165, 3430.0),
    "as_fast": Pareto(2.0, 5.0, 1.0, 5.0),
    "at_once": Pareto(0.06, 0.5, 5.0, 0.07),
}


@pytest.fixture(scope="module")
def leaving(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Pareto models beside the histories."""
    con.execute(
        "create table pareto (model varchar, r double, alpha double, s double, beta double)"
    )
    con.executemany(
        "insert into pareto values (?, ?, ?, ?, ?)",
        [[name, m.r, m.alpha, m.s, m.beta] for name, m in LEAVING.items()],
    )
    con.execute("create table left_histories as select model, k.* from known as k, pareto")
    return con


def test_probabilities_of_not_having_left(leaving: duckdb.DuckDBPyConnection) -> None:
    asked = render("pareto_alive", "left_histories", "pareto")
    for name, model in LEAVING.items():
        rows = leaving.execute(
            f"select frequency, recency, age, alive from ({asked}) where model = ?", [name]
        ).fetchall()
        x, recency, age, found = np.array(rows, float).T
        assert len(found) == leaving.execute("select count(*) from known").fetchall()[0][0]
        np.testing.assert_allclose(found, model.alive(x, recency, age), rtol=1e-9, atol=1e-300)


def test_having_left_does_not_depend_on_who_else_is_asked(
    leaving: duckdb.DuckDBPyConnection,
) -> None:
    def alive(of: str) -> dict[tuple[object, ...], float]:
        asked = render("pareto_alive", of, "pareto")
        keys = "model, frequency, recency, age"
        return {
            row[:4]: row[4]
            for row in leaving.execute(f"select {keys}, alive from ({asked})").fetchall()
        }

    everybody = alive("left_histories")
    few = alive("(select * from left_histories where frequency between 2 and 5)")
    assert few
    assert all(everybody[place] == share for place, share in few.items()), "to the last bit"


def test_expected_purchases_of_who_has_not_left(leaving: duckdb.DuckDBPyConnection) -> None:
    purchases = render("pareto_purchases", "h", "m", "a.ahead")
    for name, model in LEAVING.items():
        rows = leaving.execute(
            f"select h.frequency, h.age, a.ahead, {purchases} from left_histories as h "
            "inner join pareto as m on h.model = m.model "
            "cross join (select distinct ahead from horizons) as a where m.model = ?",
            [name],
        ).fetchall()
        x, age, ahead, found = np.array(rows, float).T
        np.testing.assert_allclose(found, model.purchases(x, age, ahead), rtol=1e-9)


def test_expected_spend(con: duckdb.DuckDBPyConnection) -> None:
    model = GammaGamma(6.25, 3.74, 15.44)
    spend = render("inverse_rate", "h", "m")
    rows = con.execute(
        f"select h.purchases, h.spend, m.p * {spend} from "
        "(values (1.0, 12.5), (7.0, 0.07), (10000.0, 1e9)) as h (purchases, spend), "
        "(select 6.25::double as p, 3.74::double as q, 15.44::double as gamma) as m"
    ).fetchall()
    purchases, total, found = np.array(rows, float).T
    np.testing.assert_allclose(found, model.spend(purchases, total / purchases), rtol=1e-12)
