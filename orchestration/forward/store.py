"""Where fits are kept: a row per month and model, with its parameters and its points."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from orchestration.forward.fit import Fit, Says
from orchestration.forward.formula import MODELS, Formula
from orchestration.forward.points import Points, Told
from orchestration.forward.terms import Terms

TABLES = ("model_fit", "model_parameter", "model_point")
_TOLD = ("expected", "error", "deviation")


def create_fits(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of fits; safe to call again."""
    con.execute("create schema if not exists fits")
    con.execute(
        """
        create table if not exists fits.model_fit (
            month date not null, model varchar not null, status varchar not null,
            is_good boolean not null, reason varchar not null, observations bigint not null,
            log_likelihood double, steepness double, level double, level_error double,
            window_months integer not null, horizon_months integer not null,
            test_months integer not null, discount_rate decimal(18, 6) not null,
            interval_share decimal(18, 6) not null, interval_quantile double not null,
            policy_version varchar not null, code_version varchar not null
        )
        """
    )
    con.execute(
        """
        create table if not exists fits.model_parameter (
            month date not null, model varchar not null, parameter varchar not null,
            value double not null, standard_error double not null
        )
        """
    )
    con.execute(
        """
        create table if not exists fits.model_point (
            month date not null, model varchar not null, point varchar not null,
            is_per_margin boolean not null, expected double not null, error double not null,
            deviation double not null, near_expected double not null, near_error double not null,
            near_deviation double not null
        )
        """
    )


def forget_from(con: duckdb.DuckDBPyConnection, month: date) -> None:
    """Drops the fits of a month and later ones."""
    for table in TABLES:
        con.execute(f"delete from fits.{table} where month >= ?", [month])


def last_good(
    con: duckdb.DuckDBPyConnection, model: str, month: date, terms: Terms | None = None
) -> Says | None:
    """What a model's newest good fit before a month says; None where it never had one.

    Points say it for the terms of their own month: under other `terms` there is nothing to compare.
    """
    newest = con.execute(
        "select month, horizon_months, discount_rate from fits.model_fit "
        "where is_good and model = ? and month < ? order by month desc limit 1",
        [model, month],
    ).fetchone()
    if newest is None:
        return None
    if model in MODELS:
        numbers = con.execute(
            "select parameter, value from fits.model_parameter where model = ? and month = ?",
            [model, newest[0]],
        ).fetchall()
        return Formula.of(model, dict(numbers))
    if terms and newest[1:] != (terms.horizon_months, terms.discount_rate):
        return None
    return _points(con, model, newest[0])


def _points(con: duckdb.DuckDBPyConnection, model: str, month: date) -> Points:
    found = con.execute(
        "select * from fits.model_point where model = ? and month = ? order by point",
        [model, month],
    ).df()
    return Points(
        tuple(found["point"]),
        bool(found["is_per_margin"].iloc[0]),
        Told(*(found[name].to_numpy(np.float64) for name in _TOLD)),
        Told(*(found[f"near_{name}"].to_numpy(np.float64) for name in _TOLD)),
    )


def write(con: duckdb.DuckDBPyConnection, month: date, fit: Fit, terms: Terms, code: str) -> None:
    """Adds a month's fit of a model, good or not; a refused one keeps no points."""
    level = fit.level or (None, None)
    con.execute(
        f"insert into fits.model_fit values ({', '.join('?' * 18)})",
        [
            month, fit.model, fit.status, fit.is_good, fit.reason, fit.observations,
            fit.log_likelihood, fit.steepness, *map(_finite, level), terms.window_months,
            terms.horizon_months, terms.test_months, terms.discount_rate, terms.interval_share,
            terms.quantile, terms.policy_version, code,
        ],
    )  # fmt: skip
    if fit.parameters:
        con.executemany(
            "insert into fits.model_parameter values (?, ?, ?, ?, ?)",
            [[month, fit.model, p.name, p.value, p.error] for p in fit.parameters],
        )
    if isinstance(fit.says, Points) and fit.is_good:
        points = _frame(month, fit.model, fit.says)
        con.register("points_to_write", points)
        con.execute("insert into fits.model_point by name select * from points_to_write")
        con.unregister("points_to_write")


def _finite(number: float | None) -> float | None:
    return number if number is not None and np.isfinite(number) else None


def _frame(month: date, model: str, points: Points) -> pd.DataFrame:
    told = {name: getattr(points.ahead, name) for name in _TOLD}
    near = {f"near_{name}": getattr(points.near, name) for name in _TOLD}
    return pd.DataFrame(
        {
            "month": month,
            "model": model,
            "point": points.names,
            "is_per_margin": points.is_per_margin,
            **told,
            **near,
        }
    )
