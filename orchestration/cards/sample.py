"""A card of a kind from a bank's marts, by what was known on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import duckdb
import pandas as pd

from orchestration.cards.development import Development
from orchestration.credit.card import Card, Origin
from orchestration.credit.columns import Kind as ColumnKind
from orchestration.credit.errors import BadPolicy, BadSample
from orchestration.credit.fit import fit_by_time
from orchestration.credit.split import Windows

# Surrogate keys are hashes: their last digits draw customers evenly, of so fine a share that a bank
# of any size is drawn as asked. The digits before them say in which months somebody is looked at.
_PARTS = 1_000_000

# Closed months say for ever what was known when they closed, so the day of closing is the clock.
_KNOWN = """
    with known as (
        select customer_key, observed_month, outcome
        from {schema}credit_outcome_month
        where kind = $kind and judged_on <= $as_of
    )
"""
_MONTHS = "select distinct observed_month from known order by observed_month"
_COUNTS = """
    select outcome, count(*) from known
    where observed_month >= $start and observed_month < $end
    group by outcome
"""
_MONTH = "12 * extract(year from observed_month) + extract(month from observed_month)"
_TELLING = "outcome in ('good', 'bad') and observed_month >= $start and observed_month < $end"
# From the first to the last month of a borrower, of whom it takes longest.
_LONGEST = f"""
    select coalesce(max(months), 1) from (
        select max({_MONTH}) - min({_MONTH}) + 1 as months from known
        where {_TELLING} group by customer_key
    )
"""
# A borrower is looked at once in so many months, each at months of their own. So all months of all
# borrowers have the same chance, and the rows go bad as often as these months did: so many months
# of each borrower would speak too much of those who have few.
_OBSERVED = f"""
    , observed as (
        select customer_key, observed_month, outcome = 'bad' as bad
        from known
        where {_TELLING} and (abs(customer_key) // {_PARTS} + {_MONTH})
            % case when observed_month >= $split then $tested_apart else $taught_apart end = 0
    )
"""


class Asked(Protocol):
    """What is read of a month: a column as numbers or as codes."""

    @property
    def name(self) -> str:
        """The column."""

    @property
    def kind(self) -> ColumnKind:
        """How it is read."""


@dataclass(frozen=True)
class Drawn:
    """Rows that teach and test, with whose they are, and what was there to draw from."""

    frame: pd.DataFrame
    windows: Windows
    counts: dict[str, int]
    share: float


@dataclass(frozen=True)
class _Source:
    """The outcomes of a kind as known on a day, in the marts of a schema."""

    con: duckdb.DuckDBPyConnection
    kind: str
    as_of: date
    schema: str

    def rows(self, query: str, **terms: object) -> duckdb.DuckDBPyConnection:
        known = _KNOWN.format(schema=self.schema)
        return self.con.execute(known + query, {"kind": self.kind, "as_of": self.as_of, **terms})

    def months(self) -> list[date]:
        return [month for (month,) in self.rows(_MONTHS).fetchall()]


def fit_from_warehouse(
    con: duckdb.DuckDBPyConnection,
    kind: str,
    as_of: date,
    policy: Development,
    schema: str = "marts.",
) -> Card:
    """A card of what was known on a day; `schema`: where the marts stand, none if published."""
    if policy.kind != kind:
        raise BadPolicy(f"these are the terms of {policy.kind} cards, and a {kind} one is asked")
    rows = draw(con, as_of, policy, schema)
    card = fit_by_time(
        rows.frame[[feature.name for feature in policy.card.features]],
        bad=rows.frame["bad"],
        days=rows.frame["observed_month"],
        windows=rows.windows,
        policy=policy.card,
        customers=rows.frame["customer_key"],
    )
    origin = Origin(
        kind=kind,
        as_of=as_of,
        goods=rows.counts.get("good", 0),
        bads=rows.counts.get("bad", 0),
        indeterminate=rows.counts.get("indeterminate", 0),
        excluded=rows.counts.get("excluded", 0),
        share=rows.share,
        customers=int(rows.frame["customer_key"].nunique()),
        months_apart=policy.sample.months_apart,
    )
    return card.model_copy(update={"origin": origin})


def draw(
    con: duckdb.DuckDBPyConnection, as_of: date, policy: Development, schema: str = "marts."
) -> Drawn:
    """The rows that a card of these terms would have on a day."""
    source = _Source(con, policy.kind, as_of, schema)
    windows = _windows(source.months(), policy, as_of)
    terms = policy.sample
    return _drawn(source, windows, policy.card.features, terms.months_apart, terms.rows_at_most)


def observe(
    con: duckdb.DuckDBPyConnection,
    kind: str,
    as_of: date,
    start: date,
    features: Sequence[Asked],
    schema: str = "marts.",
) -> Drawn:
    """Of a customer one row at most, of a month drawn from those from `start` on.

    All rows test: `start` is where the windows split, and a month before it is asked for no row.
    """
    source = _Source(con, kind, as_of, schema)
    end = _after(max(source.months(), default=start))
    windows = Windows(_later(start, -1), start, max(end, _after(start)))
    return _drawn(source, windows, features, None, None)


def _drawn(
    source: _Source,
    windows: Windows,
    features: Sequence[Asked],
    months_apart: int | None,
    at_most: int | None,
) -> Drawn:
    """Rows that teach, of months so far apart if there are any, and rows that test.

    The latter are so far apart that nobody tests twice: intervals take rows to be independent.
    """
    _require_columns(source, features)
    start = windows.start if months_apart else windows.split
    within = {"start": start, "end": windows.end}
    counts = dict(source.rows(_COUNTS, **within).fetchall())
    (longest,) = source.rows(_LONGEST, start=windows.split, end=windows.end).fetchall()[0]
    terms = within | {
        "split": windows.split, "tested_apart": longest, "taught_apart": months_apart or 1,
    }  # fmt: skip
    (found,) = source.rows(f"{_OBSERVED} select count(*) from observed", **terms).fetchall()[0]
    share = min(1.0, at_most / found) if at_most and found else 1.0
    query = _OBSERVED + _with_features(features, source.schema)
    frame = source.rows(query, **terms, parts=share * _PARTS).df()
    return Drawn(frame, windows, counts, share)


def _windows(months: Sequence[date], policy: Development, as_of: date) -> Windows:
    """Half-open windows of observed months: the newest test, and those before them teach."""
    terms = policy.sample
    if len(months) <= terms.test_months:
        raise BadSample(
            f"outcomes of {len(months)} months are known of {policy.kind} cards on {as_of}: the "
            f"newest {terms.test_months} test a card, and one before them at least must teach it; "
            "take a later day"
        )
    end = _after(months[-1])
    split = _later(end, -terms.test_months)
    # A young bank has fewer months than are asked for: the window begins where they do.
    start = max(_later(split, -terms.development_months), months[0])
    return Windows(start, split, end)


def _after(month: date) -> date:
    return _later(month, 1)


def _later(month: date, by: int) -> date:
    return (pd.Timestamp(month) + pd.DateOffset(months=by)).date()


def _with_features(features: Sequence[Asked], schema: str) -> str:
    """The drawn customers' observations with their features, in an order of their own."""
    columns = ",\n".join(
        f"cast(features.{one.name} as {'double' if one.kind == 'numeric' else 'varchar'}) "
        f"as {one.name}"
        for one in features
    )
    return f"""
        select
            observed.customer_key, observed.observed_month, observed.bad,
            {columns}
        from observed
        inner join {schema}credit_feature_month as features
            on observed.customer_key = features.customer_key
            and observed.observed_month = features.month
        where abs(observed.customer_key) % {_PARTS} < $parts
        order by observed.customer_key, observed.observed_month
    """


def _require_columns(source: _Source, features: Sequence[Asked]) -> None:
    described = source.con.execute(f"describe {source.schema}credit_feature_month").fetchall()
    columns = {row[0] for row in described}
    lacking = [feature.name for feature in features if feature.name not in columns]
    if lacking:
        raise BadPolicy(
            f"credit_feature_month has no column {', '.join(lacking)}: a card can ask what stands "
            "there and nothing else"
        )
