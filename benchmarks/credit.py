"""How well a card tells good from bad on German credit, against other models, and how fast it is.

    python -m benchmarks.credit [--data DIR]

prints the tables of docs/scorecard.md. The data are Statlog's German credit (UCI, CC BY 4.0), 1,000
loans of which 300 went bad, as a CSV with decoded labels. The other models come from scikit-learn,
which the extra `compare` installs.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import duckdb
import numpy as np
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from scipy.stats import t as student

from orchestration.credit.build import build_card, folds
from orchestration.credit.card import Card
from orchestration.credit.characteristics import Characteristic, Coded, Numeric
from orchestration.credit.columns import Flags, Floats
from orchestration.credit.errors import BadSample
from orchestration.credit.measures import auc, brier, ks
from orchestration.credit.policy import CardPolicy
from orchestration.credit.sql import to_sql

BESIDE = Path(__file__).parents[2] / "shared" / "data"
SHARED = Path(os.environ.get("TENURE_SHARED_DATA", BESIDE)) / "german_credit"
TARGET = "creditability"
# Made up for the benchmark; a bank's own stand in its policy.
POLICY = CardPolicy(
    base_score=600,
    base_odds=30,
    points_to_double=20,
    population_bad_rate=None,
    fine_bins=20,
    most_bins=5,
    least_share=0.05,
    smoothing=20,
    least_information=0.01,
    most_correlation=0.8,
    most_vif=5,
    penalty=1,
    least_of_each_class=100,
    folds=5,
    seed=1,
)
# The data say nothing about days: the year in which they were donated.
WINDOW = (date(1994, 1, 1), date(1995, 1, 1))
FOLDS, REPEATS = 5, 10
LEVEL = 0.95
MEASURES: Mapping[str, Callable[[Floats, Flags], float]] = {
    "AUC": lambda pd, bad: auc(pd, bad).value,
    "KS": ks,
    "Brier": brier,
}
Model = Callable[[pd.DataFrame, pd.DataFrame], Floats]

console = Console(width=120)


def german_credit(folder: Path) -> pd.DataFrame:
    """The loans; the target is 1 for bad."""
    path = folder / "germancredit.csv"
    if not path.exists():
        raise BadSample(f"{path} is missing: give the folder that holds German credit by --data")
    loans = pd.read_csv(path, keep_default_na=False)
    loans[TARGET] = (loans[TARGET] == "bad").astype(int)
    return loans


def characteristics(loans: pd.DataFrame) -> list[Characteristic]:
    """Every column but the target, as what it is stored as."""
    asked = loans.drop(columns=TARGET)
    return [
        Numeric(name=name) if pd.api.types.is_numeric_dtype(asked[name]) else Coded(name=name)
        for name in map(str, asked)
    ]


def card_of(loans: pd.DataFrame) -> Card:
    """The card of some loans."""
    return build_card(
        loans, TARGET, characteristics(loans), POLICY, name="german", version=1, window=WINDOW
    )


def by_card(known: pd.DataFrame, asked: pd.DataFrame) -> Floats:
    """PDs by a card; its own folds lie within the known loans. Without a score: the base rate."""
    pd_of = card_of(known).score(asked).pd
    return np.where(np.isnan(pd_of), known[TARGET].mean(), pd_of)


def by_logistic(known: pd.DataFrame, asked: pd.DataFrame) -> Floats:
    """PDs by scikit-learn's logistic regression as it comes, over codes 0/1 and scaled numbers."""
    from sklearn.linear_model import LogisticRegression

    return _by(LogisticRegression(max_iter=1000), known, asked)


def by_boosting(known: pd.DataFrame, asked: pd.DataFrame) -> Floats:
    """PDs by scikit-learn's gradient boosting as it comes, over the same columns."""
    from sklearn.ensemble import GradientBoostingClassifier

    return _by(GradientBoostingClassifier(random_state=1), known, asked)


def _by(model: Any, known: pd.DataFrame, asked: pd.DataFrame) -> Floats:
    fitted, other = columns(known, asked)
    model.fit(fitted, known[TARGET])
    return np.asarray(model.predict_proba(other)[:, 1], np.float64)


def columns(known: pd.DataFrame, asked: pd.DataFrame) -> tuple[Floats, Floats]:
    """Codes as 0/1, without each column's first; numbers in standard deviations of those known.

    Of the usual ways to prepare these data the one with which logistic regression does best.
    """
    both = pd.concat([known, asked]).drop(columns=TARGET)
    numeric = both.select_dtypes("number").columns
    of_known = both.iloc[: len(known)][numeric]
    both[numeric] = (both[numeric] - of_known.mean()) / of_known.std()
    table = pd.get_dummies(both, dtype=float, drop_first=True).to_numpy(np.float64)
    return table[: len(known)], table[len(known) :]


@dataclass(frozen=True)
class Repeated:
    """A measure in each of FOLDS * REPEATS held-out parts, in order."""

    values: Floats

    @property
    def mean(self) -> float:
        """Over all parts."""
        return float(self.values.mean())

    @property
    def half_width(self) -> float:
        """Of the interval of the mean.

        Parts share most of what they were fitted to, so the variance counts 1 / parts + held out /
        fitted. Source: Nadeau, Bengio (2003), Machine Learning 52 (3).
        """
        n = len(self.values)
        wide = np.sqrt(self.values.var(ddof=1) * (1 / n + 1 / (FOLDS - 1)))
        return float(student.ppf((1 + LEVEL) / 2, n - 1) * wide)


def cross_validated(
    models: Mapping[str, Model], loans: pd.DataFrame, repeats: int = REPEATS
) -> dict[str, dict[str, Repeated]]:
    """By model and measure, all on the same parts."""
    found = {name: np.zeros((len(MEASURES), FOLDS * repeats)) for name in models}
    for at, (known, asked) in enumerate(parts(loans, repeats)):
        bad = asked[TARGET].to_numpy() == 1
        for name, model in models.items():
            pd_of = model(known, asked)
            found[name][:, at] = [measure(pd_of, bad) for measure in MEASURES.values()]
    return {
        name: {measure: Repeated(row) for measure, row in zip(MEASURES, rows, strict=True)}
        for name, rows in found.items()
    }


def parts(loans: pd.DataFrame, repeats: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Known and held-out loans."""
    bad = np.asarray(loans[TARGET] == 1, bool)
    for repeat in range(repeats):
        for out in folds(bad, FOLDS, seed=repeat):
            yield loans.drop(index=loans.index[out]), loans.iloc[out]


def made_up(n: int, columns: int) -> tuple[pd.DataFrame, list[Characteristic]]:
    """Rows of which half the columns are numbers and half codes; a tenth is missing."""
    random = np.random.default_rng(1)
    values = random.normal(size=(n, columns))
    bad = random.random(n) < 1 / (1 + np.exp(2 - values @ np.full(columns, 0.3)))
    frame, asked = pd.DataFrame({"bad": bad.astype(int)}), list[Characteristic]()
    for at in range(columns):
        code = "c" + pd.Series(np.floor(values[:, at] * 3).clip(-6, 6).astype(int)).astype(str)
        answers = code if at % 2 else pd.Series(values[:, at])
        frame[f"x{at}"] = answers.mask(random.random(n) < 0.1)
        asked.append(Coded(name=f"x{at}") if at % 2 else Numeric(name=f"x{at}"))
    return frame, asked


def main(data: Annotated[Path, typer.Option(help="Folder of German credit.")] = SHARED) -> None:
    """Measure, and print the figures."""
    loans = german_credit(data)
    models: dict[str, Model] = {"card": by_card}
    if find_spec("sklearn"):
        models |= {"logistic regression": by_logistic, "gradient boosting": by_boosting}
    else:
        console.print("scikit-learn is not installed (extra `compare`): the card stands alone")
    _print_validated(cross_validated(models, loans))
    _print_card(card_of(loans))
    _print_speed()


def _print_validated(found: Mapping[str, Mapping[str, Repeated]]) -> None:
    table = Table(
        "model", *MEASURES, "AUC less the card's", title=f"{FOLDS} folds, {REPEATS} times"
    )
    for name, measures in found.items():
        less = Repeated(measures["AUC"].values - found["card"]["AUC"].values)
        shown = (f"{one.mean:.4f} ± {one.half_width:.4f}" for one in measures.values())
        beside = "" if name == "card" else f"{less.mean:+.4f} ± {less.half_width:.4f}"
        table.add_row(name, *shown, beside)
    console.print(table)


def _print_card(card: Card) -> None:
    table = Table("characteristic", "IV", "weight", "points, from", "to", title="All loans")
    for line in sorted(card.lines, key=lambda line: -line.binned.information):
        shown = (f"{line.binned.information:.3f}", f"{line.weight:.2f} ± {line.error:.2f}")
        table.add_row(line.name, *shown, f"{min(line.points)}", f"{line.best}")
    console.print(table)
    for name, reason in card.left_out.items():
        console.print(f"{name}: {reason}")
    for rows, measures in card.measures.items():
        console.print(f"{rows}: " + ", ".join(f"{k} {v:.4f}" for k, v in measures.items()))


def _print_speed() -> None:
    frame, asked = made_up(100_000, 10)
    start = time.perf_counter()
    card = build_card(frame, "bad", asked, POLICY, name="speed", version=1, window=WINDOW)
    console.print(f"a card of 100,000 rows by 10, {POLICY.folds} folds: {_since(start)}")
    start = time.perf_counter()
    card.score(frame)
    console.print(f"100,000 rows scored by the reference: {_since(start)}")
    with duckdb.connect() as con:
        con.execute("set threads = 2")
        con.register("frame", frame)
        con.execute("create table asked as select frame.* from frame, range(10)")
        start = time.perf_counter()
        con.execute(f"create table scored as {to_sql(card, 'asked')}")
        console.print(f"1,000,000 rows scored in DuckDB, 2 threads, into a table: {_since(start)}")


def _since(start: float) -> str:
    return f"{time.perf_counter() - start:.2f} s"


if __name__ == "__main__":
    typer.run(main)
