"""The two marts that cards learn from, made up: what is asked of a month, and how it turned out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from orchestration.cards.development import Development
from orchestration.publish.versions import DATABASE
from tests.unit.credit.borrowers import policy

FIRST, MONTHS, WAIT = date(2022, 1, 1), 24, 12
# All outcomes of the made-up months are known by then.
AS_OF = date(2024, 12, 31)


def development(**changes: object) -> Development:
    """Terms for the made-up marts; what is given changes the part that has it."""
    content = {
        "kind": "behavioural",
        "sample": {
            "development_months": 12, "test_months": 6, "months_apart": 3,
            "rows_at_most": 100_000,
        },
        "promotion": {
            "least_rows": 200, "least_bads": 20, "least_auc": 0.6, "least_expected_to_bad": 0.7,
            "most_expected_to_bad": 1.5, "most_grade_drift": 0.25, "most_feature_drift": 0.25,
            "most_inversions": 1, "most_unscored_share": 0.02,
        },
        "card": policy().model_dump(),
    }  # fmt: skip
    content["card"]["features"] = (
        {"name": "income", "kind": "numeric", "trend": "descending"},
        {"name": "days_past_due", "kind": "numeric"},
        {"name": "employment", "kind": "categorical"},
    )
    for name, value in changes.items():
        place = next(part for part in content.values() if isinstance(part, dict) and name in part)
        place[name] = value
    return Development.model_validate(content)


def marts(customers: int = 800, seed: int = 5, months: int = MONTHS) -> duckdb.DuckDBPyConnection:
    """A warehouse with both marts: every customer at every month, known `WAIT` months later."""
    random = np.random.default_rng(seed)
    con = duckdb.connect()
    frame = pd.DataFrame(
        {
            "customer_key": np.repeat(random.integers(1, 2**60, customers), months),
            "place": np.tile(np.arange(months), customers),
            "income": np.round(np.exp(np.repeat(random.normal(size=customers), months)) * 1000, 2),
            "days_past_due": random.choice([0, 0, 0, 0, 15, 40], customers * months),
            "employment": np.tile(
                random.choice(["clerk", "farmer", "own"], customers), (months, 1)
            ).T.ravel(),
        }
    )
    logit = -2.4 - np.log(frame["income"] / 1000) + frame["days_past_due"] / 20
    frame["chance"] = 1 / (1 + np.exp(-logit))
    frame["drawn"] = random.random(len(frame))
    con.register("made", frame)
    con.execute("create schema marts")
    con.execute(
        f"""
        create table marts.credit_feature_month as
        select customer_key, (date '{FIRST}' + to_months(place::integer))::date as month,
            income::decimal(18, 2) as income, days_past_due::integer as days_past_due, employment
        from made
        """
    )
    con.execute(
        f"""
        create table marts.credit_outcome_month as
        select customer_key, kind,
            (date '{FIRST}' + to_months(place::integer))::date as observed_month,
            last_day(date '{FIRST}' + to_months(place::integer + {WAIT})) as judged_on,
            case when drawn < chance then 'bad' when drawn > 0.99 then 'indeterminate'
                when drawn > 0.98 then 'excluded' else 'good' end as outcome
        from made, (values ('behavioural'), ('application')) as kinds(kind)
        where kind = 'behavioural' or place % 3 = 0
        """
    )
    con.unregister("made")
    return con


def publish(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """The marts as the version that readers of a home get."""
    version = home / "published" / "versions" / f"{AS_OF}T0001"
    version.mkdir(parents=True)
    con.execute(f"attach '{version / DATABASE}' as published")
    for name in ("credit_feature_month", "credit_outcome_month"):
        con.execute(f"create table published.{name} as select * from marts.{name}")
    con.execute(f"create table published.published_version as select date '{AS_OF}' as as_of")
    con.execute("detach published")
    (home / "published" / "current").symlink_to(Path("versions") / version.name)
