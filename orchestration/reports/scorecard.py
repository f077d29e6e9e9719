"""What people are shown of scorecards: points, measures, evidence, decisions and pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from rich.console import Console
from rich.table import Table

from orchestration.cards.compare import Comparison
from orchestration.cards.decisions import Decision, in_force
from orchestration.cards.promotion import Finding, by_grade
from orchestration.cards.registry import Registry
from orchestration.credit.card import Card, Origin, Row, Sample
from orchestration.credit.screening import KEPT
from orchestration.reports.chart import as_markdown
from orchestration.reports.scorecard_charts import charts
from orchestration.reports.tables import table

# A bar of so many signs is the most points that a bin of the card has.
_BAR = 24
# What a value that no row of the sample had is given.
_OTHER = {"no_score": "no score", "neutral": "average points", "worst": "the lowest points"}
_MEASURED = ("from", "to before", "good", "bad", "AUC", "95 %", "KS", "Brier", "PD", "rate")


def print_card(card: Card, console: Console) -> None:
    """Prints where a card comes from, its points, how well it ranks, and what is not on it."""
    console.print(f"Card {card.version}", style="bold", highlight=False)
    for line in _origin(card):
        console.print(line, highlight=False)
    console.print(points_table(card))
    console.print(_characteristics(card))
    print_measures(card, console)
    left = [[one.name, one.verdict] for one in card.candidates if one.verdict != KEPT]
    if left:
        console.print(table("Not on the card", ["feature", "why"], left))


def points_table(card: Card) -> Table:
    """Points of every bin, with a bar as long as they are many."""
    most = max(feature.best for feature in card.features)
    rows = [
        [
            feature.name if at == 0 else "",
            row.label,
            row.goods,
            row.bads,
            _share(row.bads / (row.goods + row.bads)),
            f"{row.evidence:+.2f}",
            row.points,
            _bar(row, most),
        ]
        for feature in card.features
        for at, row in enumerate(feature.seen)
    ]
    return table(
        "Points",
        ["feature", "answer", "good", "bad", "bad rate", "evidence", "points", ""],
        rows,
        caption=f"evidence above 0 speaks for good; others: {_OTHER[card.policy.unseen]}",
        right=("bad rate", "evidence", "points"),
    )


def _characteristics(card: Card) -> Table:
    """How much each tells by itself, what the regression makes of it, and its points."""
    columns = ["feature", "information value", "coefficient", "error", "fewest points", "most"]
    rows = [
        [
            one.name,
            f"{one.information_value:.2f}",
            f"{one.coefficient:.2f}",
            f"{one.error:.2f}",
            min(row.points for row in one.seen if row.points is not None),
            one.best,
        ]
        for one in sorted(card.features, key=lambda one: -one.information_value)
    ]
    return table("Characteristics", columns, rows, right=columns[1:])


def print_measures(card: Card, console: Console) -> None:
    """Prints how well a card ranks and promises on the rows it has met."""
    samples = [("learned from", card.learned), ("the same, held out", card.held_out)]
    if card.tested is not None:
        samples.append(("later", card.tested))
    console.print(
        table(
            "Measures",
            [
                "rows",
                "from",
                "to before",
                "good",
                "bad",
                "AUC",
                "95 %",
                "KS",
                "Brier",
                "PD",
                "rate",
            ],
            [[name, *_measures(one)] for name, one in samples],
            caption="PD: mean of what is promised; rate: share that turned out bad",
            right=_MEASURED[4:],
        )
    )
    if card.tested is not None:
        console.print(_grades(card, card.tested))


def print_evidence(findings: Sequence[Finding], console: Console) -> None:
    """Prints what a card must show before it may decide, and whether it does."""
    console.print(
        table(
            "Evidence of later rows",
            ["measure", "found", "at least", "at most", ""],
            [
                [
                    one.name,
                    f"{one.value:g}",
                    "" if one.least is None else f"{one.least:g}",
                    "" if one.most is None else f"{one.most:g}",
                    "" if one.holds else "fails",
                ]
                for one in findings
            ],
            right=("found", "at least", "at most"),
        )
    )


def print_registry(
    registry: Registry, day: date, beyond: Mapping[str, str], console: Console
) -> None:
    """Prints the cards of a home and what was decided about them.

    `beyond`: card -> what is beyond the bounds of policy.
    """
    if not registry.cards:
        console.print("No card yet: fit one by `tenure scorecard fit`")
        return
    champions = in_force(registry.decisions, day).values()
    console.print(
        table(
            "Cards",
            ["card", "kind", "known on", "features", "AUC, later rows", f"on {day}",
             "beyond its bound"],
            [
                [
                    card.version,
                    card.origin.kind if card.origin else "",
                    card.origin.as_of if card.origin else "",
                    len(card.features),
                    "" if card.tested is None else _auc(card.tested),
                    "champion" if card.version in champions else "",
                    beyond.get(card.version, ""),
                ]
                for card in registry.cards.values()
            ],
            right=("AUC, later rows",),
        )
    )  # fmt: skip
    console.print(
        table(
            "Decisions",
            ["card", "state", "from", "decided on", "by", "reason"],
            [_decided(one) for one in registry.decisions],
        )
    )


def print_comparison(one: Card, other: Card, found: Comparison, console: Console) -> None:
    """Prints two cards on the same rows, and whether they differ."""
    console.print(
        table(
            "On the same later rows",
            [
                "card",
                "from",
                "to before",
                "good",
                "bad",
                "AUC",
                "95 %",
                "KS",
                "Brier",
                "PD",
                "rate",
            ],
            [
                [card.version, *_measures(of)]
                for card, of in ((one, found.one), (other, found.other))
            ],
            right=_MEASURED[4:],
        )
    )
    better = one if found.difference > 0 else other
    verdict = f"{better.version} ranks better" if found.is_told else "no difference beyond chance"
    console.print(
        f"AUC of the first less that of the second: {found.difference:+.4f} "
        f"({found.lower:+.4f} to {found.upper:+.4f}): {verdict}",
        highlight=False,
    )
    if found.unscored:
        console.print(f"{found.unscored:,} rows beside these lack a score", highlight=False)


def shown_in_markdown(card: Card, findings: Sequence[Finding]) -> dict[str, str]:
    """A card for a page or a dialog: points, evidence and the picture."""
    points = ["| feature | answer | good | bad | points |", "|---|---|---:|---:|---:|"]
    points += [
        f"| {feature.name} | {row.label} | {row.goods} | {row.bads} | {row.points} |"
        for feature in card.features
        for row in feature.seen
    ]
    told = ["| measure | found | holds |", "|---|---:|---|"]
    told += [f"| {one.name} | {one.value:g} | {'yes' if one.holds else 'no'} |" for one in findings]
    return {
        "points": "\n".join(points),
        "evidence": "\n".join(told),
        "chart": as_markdown(charts(card), f"Chart of {card.version}"),
    }


def _origin(card: Card) -> list[str]:
    if card.origin is None:
        return []
    origin = card.origin
    return [
        f"{origin.kind}, by what was known on {origin.as_of}",
        f"{_rows(card.learned)} taught" + (f", {_rows(card.tested)} test" if card.tested else ""),
        f"{_drawn(origin)}: {origin.goods:,} good, {origin.bads:,} bad; left out "
        f"{origin.indeterminate:,} indeterminate, {origin.excluded:,} excluded",
        *_scale(card),
    ]


def _rows(sample: Sample) -> str:
    return f"{sample.rows:,} rows ({sample.bads:,} bad)"


def _drawn(origin: Origin) -> str:
    apart = origin.months_apart
    taught = f", one in {apart} to teach," if apart else ""
    whose = "all customers" if origin.share == 1 else f"{origin.share:.1%} of customers"
    return f"drawn from the months{taught} of {whose}"


def _scale(card: Card) -> list[str]:
    """What points meant when they were learned, and what they came to mean on rows held out."""
    scaling, curve = card.policy.scaling, card.curve
    odds = math.exp(curve.intercept + curve.slope * scaling.base_score)
    return [
        f"as learned, {scaling.base_score:g} points are odds of {scaling.base_odds:g} good to 1 "
        f"bad, and {scaling.points_to_double:g} more double them",
        f"as calibrated, which PDs and classes follow, they are odds of {odds:.1f} to 1, and "
        f"{math.log(2) / curve.slope:.1f} more double them: PD = 1 / (1 + "
        f"exp({curve.intercept:.6g} + {curve.slope:.6g} x score))",
    ]


def _bar(row: Row, most: int) -> str:
    return "█" * round(_BAR * max(row.points or 0, 0) / most) if most else ""


def _measures(sample: Sample) -> list[object]:
    return [
        sample.start,
        sample.end,
        sample.rows - sample.bads,
        sample.bads,
        f"{sample.auc:.3f}",
        f"{sample.auc_lower:.3f} to {sample.auc_upper:.3f}",
        f"{sample.ks:.3f}",
        f"{sample.brier:.4f}",
        _share(sample.mean_pd),
        _share(sample.bads / sample.rows),
    ]


def _grades(card: Card, sample: Sample) -> Table:
    return table(
        "Classes on later rows",
        ["class", "from score", "good", "bad", "PD", "rate"],
        [
            [
                one.grade,
                next(step.from_score for step in card.steps if step.grade == one.grade),
                one.goods,
                one.bads,
                _share(one.pd),
                _share(one.bad_rate),
            ]
            for one in by_grade(card, sample)
        ],
        right=("from score", "PD", "rate"),
    )


def _decided(one: Decision) -> list[object]:
    return [one.card, one.state, one.valid_from, one.decided_on, one.decided_by, one.reason]


def _auc(sample: Sample) -> str:
    return f"{sample.auc:.3f} ({sample.auc_lower:.3f} to {sample.auc_upper:.3f})"


def _share(share: float) -> str:
    return f"{share:.2%}"
