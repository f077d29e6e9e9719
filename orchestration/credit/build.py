"""A card from a sample and a policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pandas as pd

from orchestration.credit.binning import fit_bins
from orchestration.credit.bins import Binned
from orchestration.credit.calibration import Calibration, calibrate
from orchestration.credit.card import Card, Line, Sample, scores
from orchestration.credit.characteristics import Characteristic
from orchestration.credit.columns import Flags, Floats, Integers, require, went_bad
from orchestration.credit.errors import BadSample
from orchestration.credit.logistic import fit_logistic
from orchestration.credit.measures import auc, brier, ks
from orchestration.credit.policy import CardPolicy
from orchestration.credit.scaling import Scale
from orchestration.credit.screening import screen

# Of intervals that stand in the card.
LEVEL = 0.95
WRONG_SIGN = "beside the others its weight would count the wrong way round"


def build_card(
    frame: pd.DataFrame,
    target: str,
    characteristics: Sequence[Characteristic],
    policy: CardPolicy,
    *,
    name: str,
    version: int,
    window: tuple[date, date],
) -> Card:
    """A card on all rows, calibrated and measured on the same rows held out fold by fold."""
    bad = went_bad(frame, target, policy.least_of_each_class)
    _declared(frame, target, characteristics, window)
    lines, left_out = fit_lines(frame, bad, characteristics, policy)
    held_out = _held_out(frame, bad, characteristics, policy)
    usable = ~np.isnan(held_out)
    if not bad[usable].any() or bad[usable].all():
        raise BadSample("no row that was held out could be scored: the codes hardly ever repeat")
    scale = scale_of(policy)
    calibration = calibrate(scale, held_out[usable], bad[usable], policy.population_bad_rate)
    at_sample = calibrate(scale, held_out[usable], bad[usable], None)
    fitted = scores(lines, frame, calibration).score
    return Card(
        name=name,
        version=version,
        sample=Sample(start=window[0], end=window[1], goods=int((~bad).sum()), bads=int(bad.sum())),
        policy=policy,
        lines=lines,
        calibration=calibration,
        left_out=left_out,
        measures={
            "fitted": measure(fitted, bad, at_sample),
            "held_out": measure(held_out[usable], bad[usable], at_sample)
            | {"without_score": float((~usable).sum())},
        },
    )


def fit_lines(
    frame: pd.DataFrame, bad: Flags, characteristics: Sequence[Characteristic], policy: CardPolicy
) -> tuple[tuple[Line, ...], dict[str, str]]:
    """Lines of a card, and why the other characteristics are left out."""
    binned = [fit_bins(frame, bad, one, policy) for one in characteristics]
    columns = np.column_stack([one.weights[one.place(frame)] for one in binned])
    kept, reasons = screen(binned, columns, policy)
    if not kept:
        raise BadSample(f"no characteristic is left: {_sentence(reasons)}")
    found = fit_logistic(columns[:, kept], ~bad, policy.penalty, at_least_nought=True)
    right = found.weights > 0
    reasons |= {
        binned[at].characteristic.name: WRONG_SIGN
        for at, fine in zip(kept, right, strict=True)
        if not fine
    }
    if not right.any():
        raise BadSample(f"no characteristic is left: {_sentence(reasons)}")
    # A weight of nought leaves the others as they are without it.
    chosen = [binned[at] for at, fine in zip(kept, right, strict=True) if fine]
    return _lines(chosen, found.intercept, found.weights[right], found.errors[right], policy), (
        reasons
    )


def scale_of(policy: CardPolicy) -> Scale:
    """The scale that a policy asks for."""
    return Scale.of(policy.base_score, policy.base_odds, policy.points_to_double)


def measure(score: Floats, bad: Flags, calibration: Calibration) -> dict[str, float]:
    """AUC with its interval, Gini, KS, and Brier's score of PDs at the sample's own bad rate."""
    ranking = auc(-score, bad)
    low, high = ranking.interval(LEVEL)
    return {
        "auc": ranking.value,
        "auc_low": low,
        "auc_high": high,
        "gini": ranking.gini,
        "ks": ks(-score, bad),
        "brier": brier(calibration.pd(score), bad),
    }


def folds(bad: Flags, n: int, seed: int) -> Iterator[Integers]:
    """Positions of rows that are held out, n times; goods and bads spread evenly."""
    order = np.random.default_rng(seed).permutation(len(bad))
    of = np.empty(len(bad), np.int64)
    # Bads first, then goods, dealt out in turn.
    of[order[np.argsort(~bad[order], kind="stable")]] = np.arange(len(bad)) % n
    for fold in range(n):
        yield np.flatnonzero(of == fold)


def _held_out(
    frame: pd.DataFrame, bad: Flags, characteristics: Sequence[Characteristic], policy: CardPolicy
) -> Floats:
    score = np.full(len(bad), np.nan)
    as_is = Calibration(intercept=0.0, slope=1.0, source="scale")
    for out in folds(bad, policy.folds, policy.seed):
        rest = np.setdiff1d(np.arange(len(bad)), out)
        lines, _ = fit_lines(frame.iloc[rest], bad[rest], characteristics, policy)
        score[out] = scores(lines, frame.iloc[out], as_is).score
    return score


def _lines(
    binned: Sequence[Binned], intercept: float, weights: Floats, errors: Floats, policy: CardPolicy
) -> tuple[Line, ...]:
    points = scale_of(policy).points(intercept, weights.tolist(), [one.weights for one in binned])
    return tuple(
        Line(binned=one, weight=float(weight), error=float(error), points=its)
        for one, weight, error, its in zip(binned, weights, errors, points, strict=True)
    )


def _declared(
    frame: pd.DataFrame,
    target: str,
    characteristics: Sequence[Characteristic],
    window: tuple[date, date],
) -> None:
    # To the engine, names that differ by case are one.
    names = [one.name.lower() for one in characteristics]
    if not names:
        raise BadSample("a card needs characteristics to choose from")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadSample(f"declared more than once: {', '.join(twice)}")
    if target.lower() in names:
        raise BadSample(f"{target} is what the card shall foresee, and cannot be asked for")
    if not window[0] < window[1]:
        raise BadSample(f"the window from {window[0]} to before {window[1]} holds no day")
    require(frame, characteristics)


def _sentence(reasons: dict[str, str]) -> str:
    return "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
