"""Where scores, and the cards they come from, are kept for models and BI to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import duckdb
import pandas as pd

from orchestration.cards.decisions import FILE, Decision
from orchestration.cards.registry import Registry
from orchestration.credit.card import Card, CardFeature, Row
from orchestration.credit.errors import BadCard

# Reasons that a score names at most; a card that gives more keeps them in its own table alone.
REASONS = 4
SCORES = ("credit_score",)
CARDS = ("scorecard", "scorecard_line", "scorecard_value", "scorecard_decision")
TABLES = (*SCORES, *CARDS)
_CREATE = (
    """
    credit_score (
        customer_key bigint not null, month date not null, kind varchar not null,
        card varchar not null, score integer, pd decimal(9, 6), grade varchar, unseen varchar,
        reason_1 varchar, reason_2 varchar, reason_3 varchar, reason_4 varchar
    )
    """,
    """
    scorecard (
        card varchar not null, kind varchar not null, known_on date not null,
        learned_from date, learned_to date, rows bigint not null, bads bigint not null,
        auc double not null, held_out_auc double not null, tested_auc double,
        lowest_score integer not null, highest_score integer not null, sha256 varchar not null
    )
    """,
    """
    scorecard_line (
        card varchar not null, feature varchar not null, bin integer not null,
        is_number boolean not null, sort varchar not null, label varchar not null, lower double,
        upper double, goods bigint not null, bads bigint not null, evidence double not null,
        rests_on varchar not null, points integer
    )
    """,
    """
    scorecard_value (
        card varchar not null, feature varchar not null, bin integer not null, number double,
        code varchar
    )
    """,
    """
    scorecard_decision (
        decision integer not null, kind varchar not null, card varchar not null,
        state varchar not null, valid_from date not null, decided_on date not null,
        decided_by varchar not null, reason varchar not null, evidence varchar not null
    )
    """,
)


def create_scores(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of scores and cards; safe to call again."""
    con.execute("create schema if not exists fits")
    for table in _CREATE:
        con.execute(f"create table if not exists fits.{table.strip()}")


def forget_scores(con: duckdb.DuckDBPyConnection, month: date) -> None:
    """Drops the scores of a month and later ones."""
    for table in SCORES:
        con.execute(f"delete from fits.{table} where month >= ?", [month])


def write_cards(con: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    """All cards and decisions of the home, in place of those that were there."""
    cards = [card for _, card in sorted(registry.cards.items())]
    _replace(con, "scorecard", map(_card, cards))
    _replace(con, "scorecard_line", _lines(cards))
    _replace(con, "scorecard_value", _values(cards))
    _replace(
        con,
        "scorecard_decision",
        (
            (at, one.kind, one.card, one.state, one.valid_from, one.decided_on, one.decided_by,
             one.reason, one.evidence)
            for at, one in enumerate(registry.decisions, start=1)
        ),
    )  # fmt: skip


def require_kept(con: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    """Refuses a registry that lacks decisions by which scores were made already.

    A digest holds what stands above a line and not below it, so lines that were cut off, or a file
    that is gone, would otherwise take their scores away without a word.
    """
    create_scores(con)
    made = con.execute(
        "select kind, card, state, valid_from, decided_on, decided_by, reason, evidence "
        "from fits.scorecard_decision order by decision"
    ).fetchall()
    for at, line in enumerate(made, start=1):
        there = registry.decisions[at - 1 : at]
        if not there or there[0] != Decision(*line):
            _, card, state, valid_from, *_ = line
            raise BadCard(
                f"decision {at} of {len(made)} by which scores were made ({card}, {state} from "
                f"{valid_from}) is not in {FILE} any more: restore the cards from a backup; what "
                "was decided wrongly is decided anew"
            )


def _replace(
    con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[object, ...]]
) -> None:
    con.execute(f"delete from fits.{table}")
    columns = con.execute(f"select * from fits.{table} limit 0").description or []
    # As objects: a column of bounds and open ends would become one of numbers that are none.
    listed = pd.DataFrame(list(rows), columns=[column[0] for column in columns], dtype=object)
    if len(listed):
        con.register("rows_to_write", listed)
        con.execute(f"insert into fits.{table} select * from rows_to_write")
        con.unregister("rows_to_write")


def _card(card: Card) -> tuple[object, ...]:
    assert card.origin is not None
    points = [[row.points for row in one.rows if row.points is not None] for one in card.features]
    return (
        card.version, card.origin.kind, card.origin.as_of, card.learned.start, card.learned.end,
        card.learned.rows, card.learned.bads, card.learned.auc, card.held_out.auc,
        card.tested.auc if card.tested else None, sum(map(min, points)), sum(map(max, points)),
        card.sha256,
    )  # fmt: skip


def _rows(cards: Iterable[Card]) -> Iterator[tuple[Card, CardFeature, int, Row]]:
    for card in cards:
        for feature in card.features:
            for at, row in enumerate(feature.rows):
                yield card, feature, at, row


def _lines(cards: Iterable[Card]) -> Iterator[tuple[object, ...]]:
    for card, feature, at, row in _rows(cards):
        yield (
            card.version, feature.name, at, feature.kind == "numeric", row.sort, row.label,
            row.lower, row.upper, row.goods, row.bads, row.evidence, row.basis, row.points,
        )  # fmt: skip


def _values(cards: Iterable[Card]) -> Iterator[tuple[object, ...]]:
    for card, feature, at, row in _rows(cards):
        for value in row.values:
            is_code = isinstance(value, str)
            yield (
                card.version, feature.name, at, None if is_code else value,
                value if is_code else None,
            )  # fmt: skip
