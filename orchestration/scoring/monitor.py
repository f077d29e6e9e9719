"""How cards in use do: whether those they score have changed, and whether scores came true.

Everything is worked out from counts: of scores by month and class, of answers by bin, and of
outcomes by score.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from orchestration.cards.promotion import by_grade
from orchestration.cards.registry import Registry
from orchestration.credit.card import Card, CardFeature, Sample
from orchestration.credit.measures import auc, brier, ks, psi
from orchestration.credit.sql import compile_bins
from orchestration.scoring.step import Scored, stretches
from orchestration.state import Window

LEVEL = 0.95
TABLES = ("scorecard_monitor", "scorecard_grade")
_CREATE = (
    """
    scorecard_monitor (
        month date not null, kind varchar not null, card varchar not null,
        observed_month date not null, measure varchar not null, feature varchar, value double,
        low double, high double, customers bigint not null
    )
    """,
    """
    scorecard_grade (
        month date not null, kind varchar not null, card varchar not null, grade varchar not null,
        place integer not null, customers bigint not null, learned bigint not null,
        goods bigint not null, bads bigint not null, promised double
    )
    """,
)


@dataclass(frozen=True)
class Measure:
    """A number about a card in a month; `low`, `high`: its interval where it has one."""

    month: date
    kind: str
    card: str
    observed_month: date
    measure: str
    value: float | None
    customers: int
    feature: str | None = None
    low: float | None = None
    high: float | None = None


def create_monitor(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of what is watched; safe to call again."""
    con.execute("create schema if not exists fits")
    for table in _CREATE:
        con.execute(f"create table if not exists fits.{table.strip()}")


def monitor_window(
    con: duckdb.DuckDBPyConnection, registry: Registry, window: Window
) -> list[Measure]:
    """Replaces what is said of the window's months; scores and outcomes of them must be there."""
    create_monitor(con)
    con.begin()
    for table in TABLES:
        con.execute(f"delete from fits.{table} where month >= ?", [window.start.replace(day=1)])
    found = [measure for one in stretches(registry, window) for measure in _scored(con, one)]
    matured = [one for card in registry.cards.values() for one in _matured(con, card, window)]
    _write(con, "scorecard_monitor", [vars(one) for one in [*found, *matured]])
    _write(con, "scorecard_grade", list(_grades(con, registry, window)))
    con.commit()
    return [*found, *matured]


def _write(
    con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, object]]
) -> None:
    if rows:
        con.register("rows_to_write", pd.DataFrame(list(rows), dtype=object))
        con.execute(f"insert into fits.{table} by name select * from rows_to_write")
        con.unregister("rows_to_write")


def _scored(con: duckdb.DuckDBPyConnection, one: Scored) -> Iterator[Measure]:
    """Per month: how many were scored, with which answers, and how far they are from those learned
    from.
    """
    card = one.card
    learned = _learned(card)
    counts = con.execute(
        "select month, grade, count(*) from fits.credit_score "
        "where card = ? and month >= ? and month < ? group by all order by all",
        [card.version, one.start, one.end],
    ).fetchall()
    answers = _answers(con, one)
    for month in sorted({month for month, _, _ in counts}):
        found = {grade: rows for at, grade, rows in counts if at == month}
        customers = sum(found.values())
        unscored = found.pop(None, 0)
        about = (month, one.kind, card.version, month)
        yield Measure(*about, "unscored_share", unscored / customers, customers)
        if found:
            now = [found.get(grade, 0) for grade in learned]
            yield Measure(*about, "psi", _psi(learned.values(), now), customers)
        for feature in card.features:
            bins = answers[feature.name].get(month, {})
            unseen = sum(bins.get(at, 0) for at, row in enumerate(feature.rows)
                         if row.basis == "unseen")  # fmt: skip
            yield Measure(*about, "unseen_share", unseen / customers, customers, feature.name)
            yield Measure(*about, "csi", _csi(feature, bins), customers, feature.name)


def _learned(card: Card) -> dict[str, int]:
    """Rows that the card learned from, by class, best first."""
    found = {one.grade: one.goods + one.bads for one in by_grade(card, card.learned)}
    return {step.grade: found.get(step.grade, 0) for step in card.steps}


def _psi(expected: Iterable[int], actual: Iterable[int]) -> float:
    return psi(np.array(list(expected), np.int64), np.array(list(actual), np.int64))


def _csi(feature: CardFeature, bins: Mapping[int, int]) -> float:
    """Of answers that were learned from: those never seen are counted apart."""
    seen = [at for at, row in enumerate(feature.rows) if row.goods + row.bads]
    learned = [feature.rows[at].goods + feature.rows[at].bads for at in seen]
    now = [bins.get(at, 0) for at in seen]
    return _psi(learned, now) if sum(now) else 0.0


def _answers(con: duckdb.DuckDBPyConnection, one: Scored) -> dict[str, dict[date, dict[int, int]]]:
    """Per characteristic and month: how many answers fall into each bin."""
    asked = (
        f"(select * from marts.credit_feature_month where population = '{one.kind}' "
        f"and month >= date '{one.start}' and month < date '{one.end}') as asked"
    )
    names = [feature.name for feature in one.card.features]
    counted = " union all ".join(
        f"select '{name}' as feature, month, bin_{name} as bin, count(*) from binned group by all"
        for name in names
    )
    rows = con.execute(
        f"with binned as ({compile_bins(one.card, asked, ['month'])}) {counted}"
    ).fetchall()
    found: dict[str, dict[date, dict[int, int]]] = {name: {} for name in names}
    for name, month, at, customers in rows:
        found[name].setdefault(month, {})[at] = customers
    return found


_OUTCOMES = """
    select o.month, o.observed_month, s.score, count(*) filter (o.outcome = 'good') as goods,
        count(*) filter (o.outcome = 'bad') as bads
    from marts.credit_outcome_month as o
    inner join fits.credit_score as s
        on s.customer_key = o.customer_key and s.month = o.observed_month and s.kind = o.kind
    where s.card = $card and s.score is not null and o.outcome in ('good', 'bad')
        and o.month >= $start and o.month < $end
    group by all order by all
"""


def _matured(con: duckdb.DuckDBPyConnection, card: Card, window: Window) -> Iterator[Measure]:
    """Per month that closes a window of performance: how scores of then did."""
    assert card.origin is not None
    rows = _outcomes(con, card, window)
    for (month, observed), counts in rows.items():
        goods, bads = (sum(row[at] for row in counts) for at in (1, 2))
        about = (month, card.origin.kind, card.version, observed)
        for name, value, *interval in _performance(card, counts):
            low, high = interval or (None, None)
            yield Measure(*about, name, value, goods + bads, None, low, high)


def _outcomes(
    con: duckdb.DuckDBPyConnection, card: Card, window: Window
) -> dict[tuple[date, date], list[tuple[int, int, int]]]:
    terms = {"card": card.version, "start": window.start.replace(day=1), "end": window.end}
    found: dict[tuple[date, date], list[tuple[int, int, int]]] = {}
    for month, observed, *counts in con.execute(_OUTCOMES, terms).fetchall():
        found.setdefault((month, observed), []).append(tuple(counts))
    return found


def _performance(
    card: Card, counts: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[str, float] | tuple[str, float, float, float]]:
    """Ranking needs both kinds of outcome; how promises came true does not."""
    scores = np.concatenate([np.repeat(score, goods + bads) for score, goods, bads in counts])
    bad = np.concatenate([np.arange(goods + bads) >= goods for _, goods, bads in counts])
    chances = card.curve.pd(scores)
    rate, promised = float(bad.mean()), float(chances.mean())
    yield "bad_rate", rate
    yield "promised_rate", promised
    yield "rate_error", abs(rate - promised) / promised
    yield "brier", brier(chances, bad)
    if bad.any() and not bad.all():
        ranking = auc(-scores.astype(np.float64), bad)
        low, high = ranking.interval(LEVEL)
        yield "auc", ranking.value, low, high
        yield "gini", ranking.gini, 2 * low - 1, 2 * high - 1
        yield "ks", ks(-scores.astype(np.float64), bad)


def _grades(
    con: duckdb.DuckDBPyConnection, registry: Registry, window: Window
) -> Iterator[dict[str, object]]:
    """Per month, card and class: how many are in it, and how those of then in it paid."""
    for card in registry.cards.values():
        assert card.origin is not None
        terms = {"card": card.version, "start": window.start.replace(day=1), "end": window.end}
        scored = {
            (month, grade): rows
            for month, grade, rows in con.execute(
                "select month, grade, count(*) from fits.credit_score where card = $card "
                "and grade is not null and month >= $start and month < $end group by all",
                terms,
            ).fetchall()
        }
        paid = {
            (month, one.grade): one
            for (month, _), counts in _outcomes(con, card, window).items()
            for one in by_grade(card, _sample(card, counts))
        }
        learned = _learned(card)
        for month in sorted({month for month, _ in [*scored, *paid]}):
            for place, grade in enumerate(learned, start=1):
                happened = paid.get((month, grade))
                yield {
                    "month": month, "kind": card.origin.kind, "card": card.version,
                    "grade": grade, "place": place, "customers": scored.get((month, grade), 0),
                    "learned": learned[grade], "goods": happened.goods if happened else 0,
                    "bads": happened.bads if happened else 0,
                    "promised": happened.pd if happened else None,
                }  # fmt: skip


def _sample(card: Card, counts: Sequence[tuple[int, int, int]]) -> Sample:
    """Outcomes as a card tells of samples: classes are read from their counts."""
    return card.learned.model_copy(update={"counts": tuple(counts)})
