"""A card from data and a policy: what is learned, calibrated on rows held out, and tested."""

from __future__ import annotations

import numpy as np
import pandas as pd

from orchestration.credit.assess import Window, drift, sample, tested
from orchestration.credit.calibration import calibrate
from orchestration.credit.card import Candidate, Card, reach
from orchestration.credit.columns import Flags, Integers
from orchestration.credit.errors import BadSample
from orchestration.credit.held_out import held_out_scores
from orchestration.credit.learn import learn
from orchestration.credit.master_scale import scale
from orchestration.credit.policy import Policy
from orchestration.credit.scaling import points
from orchestration.credit.split import Windows, later_half


def fit_by_time(
    frame: pd.DataFrame,
    bad: pd.Series,
    days: pd.Series,
    windows: Windows,
    policy: Policy,
    customers: pd.Series | None = None,
) -> Card:
    """A card learned from the rows before the split and tested on those from it on.

    `customers`: whose row each is, where somebody may have several.
    """
    before, after = windows.parts(days)
    whose = None if customers is None else customers[before]
    window = (windows.start, windows.split)
    taught = _outcomes(bad[before])
    card = _learn(frame[before], taught, policy, window, whose, later_half(days[before]))
    window = (windows.split, windows.end)
    return card.model_copy(
        update={
            "tested": tested(card, frame[after], _outcomes(bad[after]), window),
            "drift": drift(card, frame[before], frame[after]),
        }
    )


def fit(
    frame: pd.DataFrame, bad: pd.Series, policy: Policy, customers: pd.Series | None = None
) -> Card:
    """A card learned from all rows, which nothing later has tested."""
    return _learn(frame, _outcomes(bad), policy, (None, None), customers)


def _outcomes(bad: pd.Series) -> Flags:
    if bad.isna().any():
        raise BadSample(f"{int(bad.isna().sum())} rows have no outcome: leave them out")
    if not bad.isin([0, 1]).all():
        raise BadSample("outcomes are true (bad) or false (good)")
    return bad.to_numpy(np.bool_)


def _learn(
    frame: pd.DataFrame,
    bad: Flags,
    policy: Policy,
    window: Window,
    customers: pd.Series | None,
    later: Flags | None = None,
) -> Card:
    _enough(bad, policy)
    found = learn(frame, bad, policy, later)
    apart = held_out_scores(frame, bad, policy, customers, later)
    has = ~np.isnan(apart)
    held_out: Integers = apart[has].astype(np.int64)
    curve = calibrate(held_out, bad[has])
    if policy.long_run_rate is not None:
        curve = curve.moved(found.scores, policy.long_run_rate)
    steps = scale(curve, policy.grades, *reach(found.features))
    scaling = points(policy.scaling)
    return Card(
        format=1,
        policy=policy,
        candidates=tuple(
            Candidate(
                name=one.name,
                information_value=found.values.get(one.name),
                verdict=found.verdicts[one.name],
            )
            for one in policy.features
        ),
        intercept=found.intercept,
        factor=scaling.factor,
        offset=scaling.offset,
        features=found.features,
        curve=curve,
        steps=steps,
        learned=sample(found.scores, bad, window, curve, steps),
        held_out=sample(held_out, bad[has], window, curve, steps, int((~has).sum())),
        tested=None,
        drift=None,
    )


def _enough(bad: Flags, policy: Policy) -> None:
    """Refuses samples from which nothing can be learned, one class only among them."""
    have = {"rows": len(bad), "good rows": int((~bad).sum()), "bad rows": int(bad.sum())}
    least = (policy.min_rows, policy.min_goods, policy.min_bads)
    for (what, count), needed in zip(have.items(), least, strict=True):
        if count < needed:
            raise BadSample(f"{count} {what} to learn from; the policy asks for {needed}")
