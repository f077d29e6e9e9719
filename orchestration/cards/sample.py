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

# Surrogate keys are hashes: this part of them draws customers evenly. Of so fine a share a bank of
# any size is drawn as asked.
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
# Which of somebody's months are taken is drawn: by no order of rows, and the same every time.
_OBSERVED = """
    , observed as (
        select customer_key, observed_month, outcome = 'bad' as bad
        from known
        where outcome in ('good', 'bad') and observed_month >= $start and observed_month < $end
        qualify row_number() over (
            partition by customer_key, observed_month >= $split
            order by md5(concat(customer_key, ' ', observed_month)), observed_month
        ) <= case when observed_month >= $split then 1 else $per_customer end
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
    )
    return card.model_copy(update={"origin": origin})


def draw(
    con: duckdb.DuckDBPyConnection, as_of: date, policy: Development, schema: str = "marts."
) -> Drawn:
    """The rows that a card of these terms would have on a day."""
    source = _Source(con, policy.kind, as_of, schema)
    windows = _windows(source.months(), policy, as_of)
    terms = policy.sample
    return _drawn(
        source, windows, policy.card.features, terms.months_per_customer, terms.rows_at_most
    )


def observe(
    con: duckdb.DuckDBPyConnection,
    kind: str,
    as_of: date,
    start: date,
    features: Sequence[Asked],
    schema: str = "marts.",
) -> Drawn:
    """Of every customer one row with a known outcome, observed in a month from `start` on."""
    source = _Source(con, kind, as_of, schema)
    end = _after(max(source.months(), default=start))
    # None teaches: the month before the split is asked for no row.
    before = (pd.Timestamp(start) - pd.DateOffset(months=1)).date()
    windows = Windows(before, start, max(end, _after(start)))
    return _drawn(source, windows, features, 0, None)


def _drawn(
    source: _Source,
    windows: Windows,
    features: Sequence[Asked],
    per_customer: int,
    at_most: int | None,
) -> Drawn:
    _require_columns(source, features)
    within = {"start": windows.start, "end": windows.end}
    counts = dict(source.rows(_COUNTS, **within).fetchall())
    terms = within | {"split": windows.split, "per_customer": per_customer}
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
    end = pd.Timestamp(_after(months[-1]))
    split = end - pd.DateOffset(months=terms.test_months)
    start = split - pd.DateOffset(months=terms.development_months)
    return Windows(start.date(), split.date(), end.date())


def _after(month: date) -> date:
    return (pd.Timestamp(month) + pd.DateOffset(months=1)).date()


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
