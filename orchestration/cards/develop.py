"""A card from what is published, and its place among the home's cards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from orchestration.cards.compare import Comparison, compare
from orchestration.cards.development import Development
from orchestration.cards.promotion import keep_candidate
from orchestration.cards.registry import add_card, read_registry
from orchestration.cards.sample import fit_from_warehouse
from orchestration.credit.card import Card
from orchestration.credit.errors import BadSample
from orchestration.publish.reader import open_published
from orchestration.publish.versions import current_name, version_names
from orchestration.settings import Settings

_READ = ("credit_feature_month", "credit_outcome_month")


def develop(settings: Settings, kind: str, as_of: date | None, terms: Development) -> Card:
    """A card of what was known on a day, the published one unless said."""
    with _published(settings.published_dir) as con:
        return fit_from_warehouse(con, kind, _day(con, as_of), terms, schema="")


def keep(settings: Settings, card: Card, decided_on: date, who: str) -> Path:
    """Keeps a card as a candidate and returns its artefact; the caller holds the writer lock."""
    assert card.origin is not None
    # Where what is there cannot be read, nothing is added to it.
    read_registry(settings.cards_dir)
    path = add_card(settings.cards_dir, card)
    reason = f"fitted to what was known on {card.origin.as_of}"
    keep_candidate(settings.cards_dir, card, decided_on, who, reason)
    return path


def compare_published(settings: Settings, one: Card, other: Card, as_of: date | None) -> Comparison:
    """Two cards on the rows that neither learned from, as known on a day."""
    with _published(settings.published_dir) as con:
        return compare(con, one, other, _day(con, as_of), schema="")


def published_through(settings: Settings) -> date | None:
    """The day that the published version is of, if there is one."""
    if current_name(settings.published_dir) is None:
        return None
    with open_published(settings.published_dir) as con:
        return _newest(con)


def told_through(settings: Settings) -> date | None:
    """The newest day that readers were told of, also if they were put back on an older one."""
    kept = version_names(settings.published_dir)
    return max((date.fromisoformat(name.partition("T")[0]) for name in kept), default=None)


@contextmanager
def _published(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(folder) as con:
        found = con.execute("select table_name from information_schema.tables").fetchall()
        lacking = [name for name in _READ if (name,) not in found]
        if lacking:
            raise BadSample(
                f"{', '.join(lacking)} is not published yet: run `tenure run` for the newest day"
            )
        yield con


def _day(con: duckdb.DuckDBPyConnection, as_of: date | None) -> date:
    newest = _newest(con)
    if as_of is not None and as_of > newest:
        raise BadSample(f"nothing of {as_of} is known yet: what is published ends with {newest}")
    return as_of or newest


def _newest(con: duckdb.DuckDBPyConnection) -> date:
    row = con.execute("select max(as_of) from published_version").fetchone()
    assert row is not None
    newest: date = row[0]
    return newest
