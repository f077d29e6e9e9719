"""What a cut-off would do: who would be accepted, and how many of them turn out bad."""

from __future__ import annotations

from collections.abc import Iterable

from orchestration.credit.card import CutOff
from orchestration.credit.columns import Flags, Integers
from orchestration.credit.features import rounded


def cut_off(scores: Integers, bad: Flags, lowest: int) -> CutOff:
    """What accepting scores of at least `lowest` does to these rows."""
    taken = scores >= lowest
    return CutOff(
        score=lowest,
        accepted=rounded(float(taken.mean())),
        bad_rate=rounded(float(bad[taken].mean())) if taken.any() else None,
        goods_lost=rounded(1 - float(taken[~bad].mean())),
        bads_kept_out=rounded(1 - float(taken[bad].mean())),
    )


def cut_offs(scores: Integers, bad: Flags, cuts: Iterable[int]) -> tuple[CutOff, ...]:
    """The same for several, in their order."""
    return tuple(cut_off(scores, bad, lowest) for lowest in cuts)
