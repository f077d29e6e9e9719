"""Scorecards: how well they rank, how long fitting takes, and what SQL saves in applying them.

    python -m benchmarks.credit --data DIR

prints the tables of docs/scorecard.md. DIR holds `german_credit/germancredit.csv` and, for loans,
`berka` as published; what is not there is left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import duckdb
import numpy as np
import pandas as pd
import typer

from benchmarks.credit_data import (
    BERKA,
    BERKA_POLICY,
    GERMAN,
    GERMAN_POLICY,
    berka_loans,
    german_credit,
    made_up,
)
from benchmarks.credit_library import LibraryCard
from orchestration.credit.card import Card
from orchestration.credit.columns import Flags, Floats
from orchestration.credit.fit import fit
from orchestration.credit.measures import auc, brier, ks
from orchestration.credit.policy import Policy, read_policy
from orchestration.credit.score import apply
from orchestration.credit.sql import compile_card

FOLDS, SEED = 5, 20240101
TIMES = 5
# Bins, share of rows in each, good and bad rows in each.
FINENESS = ((6, 0.05, 5), (8, 0.03, 10), (10, 0.02, 10), (12, 0.01, 10))
# Times as many rows, and what the engine may hold of them.
GROWTH, MEMORY = (1, 3, 10), "500MB"
_LIBRARY = "optbinning's scorecard: score"
Fold = tuple[pd.DataFrame, Flags, pd.DataFrame]


def card_chances(policy: Policy) -> Callable[[Fold], Floats]:
    """PDs of a fold by a card that is learned without it."""

    def chances(fold: Fold) -> Floats:
        learned, bad, tested = fold
        card = fit(learned, pd.Series(bad, learned.index), policy)
        # A code that only the fold has leaves no score under the strictest policy; the others'
        # average is what scikit-learn's encoder gives it too.
        return apply(card, tested)["pd"].fillna(bad.mean()).to_numpy(np.float64)

    return chances


def library_chances(kind: str, policy: Policy) -> Callable[[Fold], Floats]:
    """PDs of a fold by scikit-learn, with its defaults and codes one-hot."""
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numeric = [one.name for one in policy.features if one.kind == "numeric"]
    codes = [one.name for one in policy.features if one.kind == "categorical"]

    def chances(fold: Fold) -> Floats:
        learned, bad, tested = fold
        model = make_pipeline(
            make_column_transformer(
                (StandardScaler(), numeric), (OneHotEncoder(handle_unknown="ignore"), codes)
            ),
            LogisticRegression(max_iter=1000)
            if kind == "logistic"
            else GradientBoostingClassifier(random_state=SEED),
        )
        found: Floats = model.fit(learned, bad).predict_proba(tested)[:, 1]
        return found

    return chances


def folds(bad: Flags, repeats: int) -> Iterator[Flags]:
    """Rows left out, fold by fold: each repeat deals good and bad rows out anew."""
    random = np.random.default_rng(SEED)
    for _ in range(repeats):
        dealt = np.empty(len(bad), np.int64)
        for of in (bad, ~bad):
            dealt[of] = random.permutation(int(of.sum())) % FOLDS
        for fold in range(FOLDS):
            yield dealt == fold


def cross_validated(
    frame: pd.DataFrame, bad: Flags, models: Mapping[str, Callable[[Fold], Floats]], repeats: int
) -> dict[str, Floats]:
    """Per model the measures of every fold, shape (folds, 3)."""
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in models}
    for out in folds(bad, repeats):
        for name, chances in models.items():
            pd_ = chances((frame[~out], bad[~out], frame[out]))
            measures = (auc(pd_, bad[out]).value, ks(pd_, bad[out]), brier(pd_, bad[out]))
            found[name].append(measures)
    return {name: np.array(values) for name, values in found.items()}


def interval(values: Floats) -> tuple[float, float]:
    """Mean and the reach of its 95 % interval.

    Folds share rows, so their spread alone would be too sure: Nadeau and Bengio (2003) add the
    share of rows tested to those learned from.
    """
    from scipy.stats import t

    runs = len(values)
    variance = (1 / runs + 1 / (FOLDS - 1)) * values.var(ddof=1)
    return float(values.mean()), float(t.ppf(0.975, runs - 1) * np.sqrt(variance))


def ranked(
    title: str, frame: pd.DataFrame, bad: Flags, policy: Policy, repeats: int
) -> dict[str, Floats]:
    """Prints what models come to on the same folds, and the differences to the card."""
    models = {
        "card": card_chances(policy),
        "logistic regression": library_chances("logistic", policy),
        "gradient boosting": library_chances("boosting", policy),
    }
    found = cross_validated(frame, bad, models, repeats)
    print(f"\n{title}: {len(bad)} rows, {bad.sum()} bad, {repeats} x {FOLDS} folds\n")
    print("| model | AUC | KS | Brier | card's AUC against it |\n|---|---|---|---|---|")
    for name, values in found.items():
        cells = ["{:.4f} ± {:.4f}".format(*interval(values[:, at])) for at in range(3)]
        less = interval(found["card"][:, 0] - values[:, 0])
        cells.append("" if name == "card" else "{:+.4f} ± {:.4f}".format(*less))
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    return found


def fastest(runs: Mapping[str, Callable[[], object]], times: int) -> dict[str, float]:
    """Seconds of each one's quickest run, taken in turns: other work on the machine only adds."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(times):
        for name, run in runs.items():
            started = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - started)
    return {name: min(seconds) for name, seconds in taken.items()}


def by_fineness(rows: int) -> None:
    """Prints what finer bins bring a card of many rows, on as many others."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.preprocessing import OrdinalEncoder

    learned, bad, policy = made_up(rows, SEED)
    tested, outcome, _ = made_up(rows, SEED + 1)
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    names = [one.name for one in policy.features if one.kind == "categorical"]
    codes.fit(learned[names])
    frames = [of.assign(**dict(zip(names, codes.transform(of[names]).T, strict=True)))
              for of in (learned, tested)]  # fmt: skip
    boosted = HistGradientBoostingClassifier(random_state=SEED, categorical_features=names)
    best = auc(boosted.fit(frames[0], bad).predict_proba(frames[1])[:, 1], outcome).value
    print(f"\n{rows:,} made-up rows, {bad.sum():,} bad, tested on as many: boosting {best:.4f}\n")
    print("| bins at most | of at least | goods, bads at least | AUC | against boosting |")
    print("|---|---|---|---|---|")
    for bins, share, each in FINENESS:
        binning = policy.binning.model_copy(
            update={"max_bins": bins, "max_prebins": 4 * bins, "min_share": share,
                    "min_goods": each, "min_bads": each}
        )  # fmt: skip
        card = fit(learned, pd.Series(bad), policy.model_copy(update={"binning": binning}))
        scores = apply(card, tested)["score"].to_numpy(np.float64)
        found = auc(-scores, outcome).value
        print(f"| {bins} | {share:.0%} | {each} | {found:.4f} | {found - best:+.4f} |", flush=True)


def fitted_in(rows: int) -> None:
    """Prints how long a card of ten features takes."""
    frame, bad, policy = made_up(rows, SEED)
    started = time.perf_counter()
    card = fit(frame, pd.Series(bad), policy)
    taken = time.perf_counter() - started
    print(f"\nFitting {rows:,} rows x {len(policy.features)} features: {taken:.1f} s, ", end="")
    print(f"{len(card.features)} on the card, AUC {card.learned.auc:.3f}", flush=True)


def scored_in(rows: int, learned: int) -> None:
    """Prints what the engine takes to score, against the library that found the bins."""
    frame, bad, policy = made_up(learned, SEED)
    card = fit(frame, pd.Series(bad), policy)
    library = LibraryCard(card, frame, bad)
    many = made_up(rows, SEED + 1)[0]
    many["id"] = np.arange(rows)
    con = duckdb.connect()
    con.execute("set enable_progress_bar = false")
    con.execute("create table loans as select * from many")
    taken = fastest(
        {
            _LIBRARY: lambda: library.score(many),
            "SQL, one thread: score": lambda: _scored(con, card, 1, "id, score"),
            "SQL, two threads: score": lambda: _scored(con, card, 2, "id, score"),
            "SQL, two threads: score, PD, grade, flag": lambda: _scored(
                con, card, 2, "id, score, pd, grade, unseen"
            ),
            "SQL, two threads: all columns": lambda: _scored(con, card, 2, "*"),
        },
        TIMES,
    )
    exact, whole = library.score(many), library.points(many)
    in_engine = con.execute("select exact_score, score from scored order by id").fetchnumpy()
    print(f"\nScoring {rows:,} rows x {len(card.features)} features\n")
    print("| | seconds | times faster |\n|---|---|---|")
    for name, seconds in taken.items():
        print(f"| {name} | {seconds:.2f} | {taken[_LIBRARY] / seconds:.1f} |")
    apart = np.abs(in_engine["exact_score"] - exact).max()
    print(f"\nlargest difference before rounding {apart:.1e}, ", end="")
    print(f"rows whose score differs: {(in_engine['score'] != whole).sum()}", flush=True)


def grown_in(rows: int, learned: int) -> None:
    """Prints what more rows cost: the engine may hold less of them than there are."""
    frame, bad, policy = made_up(learned, SEED)
    card = fit(frame, pd.Series(bad), policy)
    many = made_up(rows, SEED + 1)[0]
    print(f"\nScore, PD, grade and flag, two threads, at most {MEMORY} held\n")
    print("| rows | seconds | for each million |\n|---|---|---|")
    for times in GROWTH:
        with TemporaryDirectory() as folder, duckdb.connect(f"{folder}/rows.duckdb") as con:
            con.execute(f"set enable_progress_bar = false; set memory_limit = '{MEMORY}'")
            con.register("many", many)
            con.execute(
                "create table loans as select many.*, row_number() over () as id "
                f"from range({times}) cross join many"
            )
            started = time.perf_counter()
            _scored(con, card, 2, "id, score, pd, grade, unseen")
            taken = time.perf_counter() - started
        million = times * rows / 1e6
        print(f"| {times * rows:,} | {taken:.1f} | {taken / million:.2f} |")


def _scored(con: duckdb.DuckDBPyConnection, card: Card, threads: int, columns: str) -> None:
    con.execute(f"set threads = {threads}")
    query = compile_card(card, "loans", ["id"])
    con.execute(f"create or replace table scored as select {columns} from ({query})")


def main(
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.")],
    repeats: Annotated[int, typer.Option(help="How often folds are dealt.")] = 10,
    rows: Annotated[int, typer.Option(help="Rows to score.")] = 1_000_000,
    learned: Annotated[int, typer.Option(help="Rows to fit.")] = 100_000,
) -> None:
    """Prints all of it."""
    if (data / GERMAN).exists():
        policy = read_policy(GERMAN_POLICY)
        ranked("German credit", *german_credit(data), policy, repeats)
    if (data / BERKA).exists():
        policy = read_policy(BERKA_POLICY)
        ranked("Berka's loans", *berka_loans(data), policy, repeats)
    by_fineness(learned)
    fitted_in(learned)
    scored_in(rows, learned)
    grown_in(rows, learned)


if __name__ == "__main__":
    typer.run(main)
