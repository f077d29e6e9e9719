"""Scores of a window's months, each by the card that was in force on the day judged."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path

import duckdb

from orchestration.cards.development import KINDS
from orchestration.cards.registry import Registry, champions
from orchestration.credit.card import Card
from orchestration.credit.sql import compile_card
from orchestration.scoring.store import REASONS, create_scores, forget_scores, write_cards
from orchestration.state import ONE_DAY, Window

_KEYS = ("customer_key", "month")
_CODE = (*sorted(Path(__file__).parent.glob("*.py")), Path(__file__).parents[1] / "credit/sql.py")
_VERSION_LENGTH = 16


@dataclass(frozen=True)
class Scored:
    """A card and the months [start, end) that it scores."""

    kind: str
    card: Card
    start: date
    end: date
    customers: int = 0


@cache
def code_version() -> str:
    """Identifies the code that scores come from."""
    digest = hashlib.sha256()
    for path in _CODE:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_VERSION_LENGTH]


def decided_by_day(registry: Registry) -> dict[date, str]:
    """Day -> a digest of what decides about scores from it on: who was to be champion.

    Candidates and reasons decide about no score, so adding them makes none anew.
    """
    decided: dict[date, list[str]] = defaultdict(list)
    for one in registry.decisions:
        if one.state != "candidate":
            card = registry.cards[one.card]
            decided[one.valid_from].append(f"{one.kind} {card.sha256} {one.state}")
    return {
        day: hashlib.sha256("|".join(lines).encode()).hexdigest()[:_VERSION_LENGTH]
        for day, lines in decided.items()
    }


def score_window(
    con: duckdb.DuckDBPyConnection, registry: Registry, window: Window
) -> list[Scored]:
    """Replaces the scores of the window's months, the running one included.

    A statement per card, in the engine. One transaction: readers find all of them or none.
    """
    create_scores(con)
    con.begin()
    write_cards(con, registry)
    forget_scores(con, window.start.replace(day=1))
    found = [
        Scored(one.kind, one.card, one.start, one.end, _score(con, one))
        for one in stretches(registry, window)
    ]
    con.commit()
    return found


def stretches(registry: Registry, window: Window) -> Iterator[Scored]:
    """The window's months, in stretches of one card: a kind without one has none."""
    days = list(_judged_on(window))
    for kind in KINDS:
        in_force = [(month, champions(registry, day).get(kind)) for month, day in days]
        for _, months in groupby(in_force, key=lambda entry: entry[1] and entry[1].version):
            listed = list(months)
            start, card = listed[0]
            if card is not None:
                yield Scored(kind, card, start, _after(listed[-1][0]))


def _judged_on(window: Window) -> Iterable[tuple[date, date]]:
    """The window's months with the last day judged of each."""
    month = window.start.replace(day=1)
    while month < window.end:
        following = _after(month)
        yield month, min(following, window.end) - ONE_DAY
        month = following


def _after(month: date) -> date:
    return month + timedelta(days=monthrange(month.year, month.month)[1])


def _score(con: duckdb.DuckDBPyConnection, one: Scored) -> int:
    asked = (
        f"(select * from marts.credit_feature_month where population = '{one.kind}' "
        f"and month >= date '{one.start}' and month < date '{one.end}')"
    )
    given = min(one.card.policy.reasons, REASONS)
    reasons = [
        f"reason_{at}" if at <= given else f"cast(null as varchar) as reason_{at}"
        for at in range(1, REASONS + 1)
    ]
    columns = (
        *_KEYS, f"'{one.kind}' as kind", "card_version as card", "score",
        "cast(pd as decimal(9, 6)) as pd", "grade", "unseen", *reasons,
    )  # fmt: skip
    written = con.execute(
        f"insert into fits.credit_score by name select {', '.join(columns)} "
        f"from ({compile_card(one.card, asked, _KEYS)}) as scored"
    ).fetchone()
    assert written is not None
    return int(written[0])
