"""Pictures of a scorecard: how it ranks, where good and bad part, what it promises."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from orchestration.cards.promotion import by_grade
from orchestration.credit.card import Card, Sample
from orchestration.reports.chart import Line, Panel, Point, svg

# What drawing lots would refuse, per cent: as many good ones as bad ones.
CHANCE: Sequence[Point] = ((0.0, 0.0), (100.0, 100.0))
# More marks would not be told apart in a small picture.
_MARKS = 25


def charts(card: Card) -> str:
    """ROC, distributions with their widest gap, and PDs against rates, as one picture."""
    return svg(
        f"Card {card.version}: ranking, distributions and PDs",
        [
            Panel(
                "ROC: bad ones refused",
                "good ones refused",
                [Line(name, _roc(of)) for name, of in _samples(card)],
                x_label="{:.0f} %".format,
                y_label="{:.0f} %".format,
                guides=[CHANCE],
            ),
            _gap(card),
            _promised(card),
            Panel(
                "Rows by score",
                "score",
                [Line(name, _spread(of)) for name, of in _samples(card)],
                y_label="{:.0f} %".format,
            ),
        ],
    )


def _samples(card: Card) -> list[tuple[str, Sample]]:
    later = [("later", card.tested)] if card.tested is not None else []
    return [("held out", card.held_out), *later]


def _refused(sample: Sample) -> list[tuple[int, float, float]]:
    """Per score the shares of good and bad ones up to it, per cent."""
    goods = list(accumulate(goods for _, goods, _ in sample.counts))
    bads = list(accumulate(bads for _, _, bads in sample.counts))
    return [
        (score, 100 * good / goods[-1], 100 * bad / bads[-1])
        for (score, _, _), good, bad in zip(sample.counts, goods, bads, strict=True)
    ]


def _roc(sample: Sample) -> list[Point]:
    return [(0.0, 0.0), *_thinned([(good, bad) for _, good, bad in _refused(sample)])]


def _gap(card: Card) -> Panel:
    name, sample = _samples(card)[-1]
    up_to = _refused(sample)
    return Panel(
        f"Up to a score, {name} rows: KS {sample.ks:.2f}",
        "score",
        [
            Line("good", _thinned([(score, good) for score, good, _ in up_to])),
            Line("bad", _thinned([(score, bad) for score, _, bad in up_to])),
        ],
        y_label="{:.0f} %".format,
    )


def _promised(card: Card) -> Panel:
    name, sample = _samples(card)[-1]
    grades = by_grade(card, sample)
    names = [one.grade for one in grades]
    return Panel(
        f"Classes, {name} rows: bad",
        "class",
        [
            Line("promised", [(at, 100 * one.pd) for at, one in enumerate(grades)]),
            Line("happened", [(at, 100 * one.bad_rate) for at, one in enumerate(grades)]),
        ],
        x_label=lambda at: names[int(at)],
        y_label="{:.0f} %".format,
        every_x=True,
    )


def _spread(sample: Sample) -> list[Point]:
    """Share of rows in equal steps of the score, per cent."""
    lowest, highest = sample.counts[0][0], sample.counts[-1][0]
    step = max(1, -(-(highest - lowest + 1) // _MARKS))
    shares: dict[int, float] = {}
    for score, goods, bads in sample.counts:
        at = lowest + (score - lowest) // step * step
        shares[at] = shares.get(at, 0.0) + 100 * (goods + bads) / sample.rows
    return list(shares.items())


def _thinned(points: Sequence[Point]) -> list[Point]:
    """So many of them, the last always."""
    step = max(1, len(points) // _MARKS)
    return [*points[:-1:step], points[-1]]
