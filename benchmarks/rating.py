"""How well the rating's quantitative part tells borrowers in default from others, on finratkz.

    python -m benchmarks.rating --data DIR [--pictures docs]

prints the tables of docs/rating_validation.md, and draws its chart. The rating's own table of
levels is used as the policy has it; nothing of it was fitted to these borrowers. Beside it stand
tables that were, each asked about borrowers only that it was not fitted to.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from scipy.optimize import isotonic_regression

from benchmarks.credit import FOLDS, folds, interval
from benchmarks.finratkz import INDICATORS, finratkz
from benchmarks.rating_policy import Policy, read_policy
from orchestration.credit.columns import Flags, Floats
from orchestration.credit.logistic import regress
from orchestration.credit.measures import auc, ks
from orchestration.credit.validation.concentration import concentration
from orchestration.credit.validation.ranking import with_interval
from orchestration.credit.validation.rates import Rates, default_rates, inversions
from orchestration.reports.default_rates import default_rates_chart

BESIDE = Path(__file__).parents[2] / "shared" / "data"
SHARED = Path(os.environ.get("TENURE_SHARED_DATA", BESIDE)) / "finratkz"
LEVEL, REPEATS = 0.95, 10
# Made up for the benchmark, and written down before the first run. From excellent to poor: the
# middle of each fifth of known borrowers, the best fifth first.
QUANTILES = (0.9, 0.7, 0.5, 0.3, 0.1)
# Odds are counted in tenths, so that no level hangs on a handful of borrowers.
TENTHS = 10
# Draws a regression's weights to nought.
RIDGE = 1.0
# Half a borrower of either kind in each tenth, so that no odds are infinite.
EMPTY = 0.5

# Not defined where equity is gone, and else always.
OF_EQUITY = "return_on_equity"

# Points of borrowers asked about, by those known and how they ended.
Model = Callable[[Floats, Flags, Floats], Floats]

console = Console(width=120)


@dataclass(frozen=True)
class Sample:
    """Borrowers as the rating sees them.

    `values`: of its indicators, shape (borrowers, indicators), nan where one is not defined. `bad`:
    who is in default, shape (borrowers,).
    """

    values: Floats
    bad: Flags


def sample(folder: Path, policy: Policy) -> Sample:
    """The borrowers of the file, by the indicators that the policy counts of them."""
    ratios, bad = finratkz(folder)
    values = np.column_stack([INDICATORS[name](ratios) for name in policy.names])
    # To six decimals, as the warehouse has them: in binary 0.94 less 1 lies below the level -0.06.
    return Sample(np.round(values, 6), bad)


def expert(policy: Policy) -> Model:
    """Points as the policy has them; nothing is learned."""
    return lambda known, bad, asked: policy.points(asked, policy.levels)


def by_quantiles(policy: Policy) -> Model:
    """Levels at quantiles of known borrowers, whoever of them defaulted; weights of the policy."""
    return lambda known, bad, asked: policy.points(asked, quantile_levels(policy, known))


def by_odds(policy: Policy) -> Model:
    """Levels where odds of known borrowers have come so far from the worst to the best as the
    coefficient says; weights of the policy.
    """
    return lambda known, bad, asked: policy.points(asked, odds_levels(policy, known, bad))


def by_weights(policy: Policy) -> Model:
    """Levels at quantiles, and weights by a regression, none below nought, that add up to 100."""

    def points(known: Floats, bad: Flags, asked: Floats) -> Floats:
        levels = quantile_levels(policy, known)
        x = policy.coefficients(known, levels)
        weights = regress(x, bad, RIDGE).coefficients
        scaled = weights * policy.full / weights.sum()
        return np.asarray(policy.coefficients(asked, levels) @ scaled, np.float64)

    return points


MODELS: Mapping[str, Callable[[Policy], Model]] = {
    "expert": expert,
    "levels by quantiles": by_quantiles,
    "levels by odds": by_odds,
    "levels by quantiles, weights by regression": by_weights,
}


def quantile_levels(policy: Policy, known: Floats) -> Floats:
    """From excellent to poor, shape (indicators, levels)."""
    columns = zip(known.T, policy.more_is_better, strict=True)
    return np.array([_quantiles(column, more) for column, more in columns])


def _quantiles(values: Floats, more_is_better: bool) -> Floats:
    at = np.array(QUANTILES)
    return np.asarray(np.nanquantile(values, at if more_is_better else 1 - at), np.float64)


def odds_levels(policy: Policy, known: Floats, bad: Flags) -> Floats:
    """From excellent to poor, shape (indicators, levels)."""
    columns = zip(known.T, policy.more_is_better, strict=True)
    return np.array([_by_odds(column, bad, more, policy.coefficient) for column, more in columns])


def _by_odds(values: Floats, bad: Flags, more_is_better: bool, coefficient: Floats) -> Floats:
    """Tenths are pooled until odds rise towards the better end; a level begins where a tenth does.

    Of an indicator whose odds do not rise at all the best level is its median, and all levels are.
    """
    told = ~np.isnan(values)
    signed, lost = values[told] * (1 if more_is_better else -1), bad[told]
    edges = np.unique(np.quantile(signed, np.arange(TENTHS) / TENTHS))
    tenth = np.searchsorted(edges, signed, side="right") - 1
    goods = np.bincount(tenth[~lost], minlength=len(edges)) + EMPTY
    bads = np.bincount(tenth[lost], minlength=len(edges)) + EMPTY
    rising = np.log(goods / bads)
    odds = isotonic_regression(rising, weights=goods + bads).x
    if odds[-1] == odds[0]:
        return np.full(len(coefficient), np.median(values[told]))
    reached = np.searchsorted(odds, odds[0] + coefficient * (odds[-1] - odds[0]) - 1e-12)
    return np.asarray(edges[reached] * (1 if more_is_better else -1), np.float64)


def cross_validated(of: Sample, policy: Policy, repeats: int = REPEATS) -> dict[str, Floats]:
    """AUC in each fold by model, all on the same folds; fewer points are riskier."""
    found: dict[str, list[float]] = {name: [] for name in MODELS}
    for out in folds(of.bad, repeats):
        for name, model in MODELS.items():
            points = model(policy)(of.values[~out], of.bad[~out], of.values[out])
            found[name].append(auc(-points, of.bad[out]).value)
    return {name: np.array(values) for name, values in found.items()}


def held_out(of: Sample, policy: Policy, model: Model) -> Floats:
    """Everybody's points by a model that did not know them: the first deal of folds."""
    points = np.full(len(of.bad), np.nan)
    for out in folds(of.bad, 1):
        points[out] = model(of.values[~out], of.bad[~out], of.values[out])
    return points


def rates_by_grade(points: Floats, bad: Flags, policy: Policy) -> Rates:
    """Of every grade of the scale, best first."""
    grade, n = policy.grade(points), len(policy.scale)
    return default_rates(
        np.bincount(grade, minlength=n), np.bincount(grade[bad], minlength=n), LEVEL
    )


def main(
    data: Annotated[Path, typer.Option(help="Folder of finratkz.")] = SHARED,
    pictures: Annotated[
        Path | None, typer.Option(help="Folder to draw the chart into.", file_okay=False)
    ] = None,
) -> None:
    """Measure, and print the figures."""
    policy = read_policy(INDICATORS)
    of = sample(data, policy)
    _print_blocks(policy)
    _print_indicators(of, policy)
    points = {name: held_out(of, policy, model(policy)) for name, model in MODELS.items()}
    _print_ranking("all borrowers", points["expert"], of.bad)
    solvent = ~np.isnan(of.values[:, policy.names.index(OF_EQUITY)])
    _print_ranking("those with equity above nought", points["expert"][solvent], of.bad[solvent])
    rates = {name: rates_by_grade(found, of.bad, policy) for name, found in points.items()}
    for name, found in rates.items():
        _print_rates(name, found, policy.scale)
    _print_validated(cross_validated(of, policy))
    if pictures is not None:
        shown = {name: rates[name] for name in ("expert", "levels by quantiles")}
        drawn = default_rates_chart("Default rate of finratkz by grade", policy.scale, shown)
        (pictures / "rating_default_rates.svg").write_text(drawn, "utf-8")


def _print_blocks(policy: Policy) -> None:
    table = Table("block", "points", "set used", "base lacks", "alternative lacks", title="Blocks")
    for block in policy.blocks:
        lacks = (", ".join(block.lacking[name]) or "nothing" for name in ("base", "alternative"))
        table.add_row(block.name, f"{block.points:g}", block.used, *lacks)
    console.print(table)


def _print_indicators(of: Sample, policy: Policy) -> None:
    table = Table(
        "indicator", "weight", "not defined", "mean points", "AUC", "from", "to",
        title="Indicators, points by the policy",
    )  # fmt: skip
    each = policy.coefficients(of.values, policy.levels)
    for at, name in enumerate(policy.names):
        found = with_interval(auc(-each[:, at], of.bad), LEVEL)
        shown = (f"{found.auc:.3f}", f"{found.auc_low:.3f}", f"{found.auc_high:.3f}")
        points = each[:, at].mean() * policy.weights[at]
        missing = int(np.isnan(of.values[:, at]).sum())
        table.add_row(name, f"{policy.weights[at]:g}", f"{missing}", f"{points:.1f}", *shown)
    console.print(table)


def _print_ranking(who: str, points: Floats, bad: Flags) -> None:
    found = with_interval(auc(-points, bad), LEVEL)
    ratio = ", ".join(f"{value:.3f}" for value in found.accuracy_ratio)
    console.print(
        f"expert, {who}, {bad.sum()} of {len(bad)} in default: AUC {found.auc:.3f} "
        f"({found.auc_low:.3f} to {found.auc_high:.3f}); accuracy ratio {ratio}; "
        f"KS {ks(-points, bad):.3f}"
    )


def _print_rates(name: str, rates: Rates, scale: Sequence[str]) -> None:
    table = Table("grade", "borrowers", "in default", "rate", "from", "to", title=f"Grades: {name}")
    for at, grade in enumerate(scale):
        n, lost = rates.companies[at], rates.defaults[at]
        shown = (f"{of[at]:.1%}" for of in (rates.rate, rates.low, rates.high)) if n else [""] * 3
        table.add_row(grade, f"{n}", f"{lost}", *shown)
    console.print(table)
    for one in inversions(rates.companies, rates.defaults):
        console.print(
            f"{scale[one.better]} defaults more often than {scale[one.worse]}: "
            f"p = {one.p_value:.2f} by chance"
        )
    spread = concentration(rates.companies)
    if spread:
        console.print(f"as concentrated as {spread.effective:.1f} grades filled alike")


def _print_validated(found: Mapping[str, Floats]) -> None:
    title = f"AUC of borrowers held out: {FOLDS} folds, {REPEATS} times"
    table = Table("points", "AUC", "less the expert's", title=title)
    for name, values in found.items():
        less = "{:+.4f} ± {:.4f}".format(*interval(values - found["expert"]))
        told = "{:.4f} ± {:.4f}".format(*interval(values))
        table.add_row(name, told, "" if name == "expert" else less)
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
