"""Curves: polynomials are read back, and logarithms near nought keep their digits."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from tests.unit.dbt.macros import render

NODES = [float(node) for node in render("curve_nodes").split(", ")]


@pytest.mark.parametrize("degree", range(len(NODES)))
def test_a_polynomial_is_read_back(degree: int) -> None:
    """Twice a power of the offset, from sums of it with weights that add up to two."""
    con = duckdb.connect()
    sums = ", ".join(f"{4 * node**degree!r}::double as s_{i}" for i, node in enumerate(NODES))
    con.execute(f"create table sums as select {sums}, 2::double as weights")
    con.execute(
        f"create table curves as select {render('curve_coefficients', 's_', 'weights')} from sums"
    )
    offsets = np.linspace(0, 1, 11)
    found = con.execute(
        f"select {render('curve_value', 'c', 'o.at')} from curves as c, "
        "(select unnest(?::double[]) as at) as o order by o.at",
        [offsets.tolist()],
    ).fetchall()
    np.testing.assert_allclose(np.array(found)[:, 0], 2 * offsets**degree, atol=1e-12)


def test_the_places_of_a_line() -> None:
    rows = duckdb.execute(
        f"select {render('curve_place', 'x', 'x')} from (values (-0.25), (0.0), (2.75)) as of (x)"
    ).fetchall()
    assert [tuple(map(float, row)) for row in rows] == [(-1, 0.75), (0, 0), (2, 0.75)]


@pytest.mark.parametrize(
    ("macro", "exact"), [("log_one_plus", np.log1p), ("exp_less_one", np.expm1)]
)
def test_digits_near_nought(macro: str, exact: np.ufunc) -> None:
    sizes = 10 ** np.linspace(-300, 2, 500)
    asked = np.r_[sizes, 0, -sizes[sizes < 0.9], -1e5] if macro != "log_one_plus" else sizes
    found = duckdb.execute(
        f"select x, {render(macro, 'x')} from (select unnest(?::double[]) as x)",
        [asked.tolist()],
    ).fetchall()
    x, value = np.array(found).T
    np.testing.assert_allclose(value, exact(x), rtol=1e-14)
