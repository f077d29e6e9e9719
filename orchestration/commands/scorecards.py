"""Scorecards of a home: fitted, looked at, promoted and retired."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime
from getpass import getuser
from pathlib import Path
from typing import Annotated, Literal

import typer

from orchestration.commands.options import DAYS, Home, Refused, can_be_written, require_published
from orchestration.settings import Settings, load_settings
from orchestration.terminal import console

CardName = Annotated[
    str, typer.Argument(help="Its version or digest, or as much of either as no other has.")
]
KindName = Annotated[
    Literal["application", "behavioural"], typer.Argument(help="Of whom: see docs/scorecard.md.")
]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=DAYS, help="By what was known then; else as published."),
]
From = Annotated[datetime, typer.Option("--from", formats=DAYS, help="The first day of it.")]
By = Annotated[str, typer.Option("--by", help="Who decides it; you, unless said.")]
Why = Annotated[str, typer.Option(help="Kept with the decision for ever.")]
Terms = Annotated[
    Path | None, typer.Option(help="A file of terms; the repository's, unless given.")
]
Again = Annotated[
    bool,
    typer.Option("--rescore", help="Also for days that are published: their scores are made anew."),
]


def fit(
    kind: KindName, home: Home = None, as_of: AsOf = None, policy: Terms = None, by: By = ""
) -> None:
    """Fit a card to what was known on a day, and keep it as a candidate."""
    from orchestration.cards.develop import develop, keep
    from orchestration.cards.development import read_development, shipped
    from orchestration.cards.promotion import evidence
    from orchestration.reports.scorecard import print_card, print_evidence

    settings = load_settings(home=home)
    require_published(settings)
    terms = read_development(policy) if policy else shipped(kind)
    with console.status(f"fitting a card of kind {kind}"):
        card = develop(settings, kind, as_of.date() if as_of else None, terms)
    with _writing(settings):
        path = keep(settings, card, date.today(), by or getuser())
    print_card(card, console)
    print_evidence(evidence(card, terms.promotion), console)
    console.print(f"kept as candidate: {path}", highlight=False, soft_wrap=True)


def list_cards(home: Home = None) -> None:
    """List cards and decisions, and which card decides now."""
    from orchestration.cards.develop import published_through
    from orchestration.cards.registry import read_registry
    from orchestration.reports.scorecard import print_registry
    from orchestration.reports.scorecard_watch import published_alarms

    settings = load_settings(home=home)
    day = published_through(settings) or date.today()
    registry = read_registry(settings.cards_dir)
    print_registry(registry, day, published_alarms(settings), console)


def show(
    card: CardName,
    home: Home = None,
    csv: Annotated[
        Path | None, typer.Option(callback=can_be_written, help="Write the points to this file.")
    ] = None,
    svg: Annotated[
        Path | None, typer.Option(callback=can_be_written, help="Write the charts to this file.")
    ] = None,
) -> None:
    """Show a card: points, how it ranks, what it promises, evidence by the repository's bounds."""
    from orchestration.cards.development import shipped
    from orchestration.cards.promotion import evidence
    from orchestration.cards.registry import read_registry
    from orchestration.credit.card import table_text
    from orchestration.reports.scorecard import print_card, print_evidence
    from orchestration.reports.scorecard_charts import charts

    settings = load_settings(home=home)
    found = read_registry(settings.cards_dir).find(card)
    for path, text in ((csv, table_text), (svg, charts)):
        if path is not None:
            path.write_text(text(found), encoding="utf-8")
            console.print(f"written: {path}", highlight=False, soft_wrap=True)
    if csv is None and svg is None:
        assert found.origin is not None
        print_card(found, console)
        if found.tested is not None:
            print_evidence(evidence(found, shipped(found.origin.kind).promotion), console)


def promote(
    card: CardName,
    first: From,
    reason: Why,
    home: Home = None,
    by: By = "",
    despite: Annotated[
        str | None, typer.Option(help="Why it may decide although evidence fails; kept as well.")
    ] = None,
    policy: Terms = None,
    rescore: Again = False,
) -> None:
    """Make a card the champion of its kind from a day on, if its evidence is within the policy."""
    from orchestration.cards.development import read_development, shipped
    from orchestration.cards.promotion import evidence
    from orchestration.cards.promotion import promote as crown
    from orchestration.cards.registry import read_registry
    from orchestration.reports.scorecard import print_evidence

    settings = load_settings(home=home)
    found = read_registry(settings.cards_dir).find(card)
    assert found.origin is not None
    terms = read_development(policy) if policy else shipped(found.origin.kind)
    if terms.kind != found.origin.kind:
        raise Refused(f"{policy} has the terms of {terms.kind} cards, and {card} is another kind")
    _require_to_come(settings, first.date(), rescore)
    print_evidence(evidence(found, terms.promotion), console)
    with _writing(settings):
        # A run that was waited for may have published the day.
        _require_to_come(settings, first.date(), rescore)
        who = by or getuser()
        crown(
            settings.cards_dir, found, terms.promotion, first.date(), date.today(), who, reason,
            despite,
        )  # fmt: skip
    console.print(
        f"{found.version} decides from {first.date()} on, by {who}: {reason}", highlight=False
    )


def retire(
    card: CardName, first: From, reason: Why, home: Home = None, by: By = "", rescore: Again = False
) -> None:
    """End a champion: from the day on its kind has no card, until another is promoted."""
    from orchestration.cards.promotion import retire as end
    from orchestration.cards.registry import read_registry

    settings = load_settings(home=home)
    found = read_registry(settings.cards_dir).find(card)
    _require_to_come(settings, first.date(), rescore)
    with _writing(settings):
        _require_to_come(settings, first.date(), rescore)
        end(settings.cards_dir, found, first.date(), date.today(), by or getuser(), reason)
    console.print(f"{found.version} is retired from {first.date()} on: {reason}", highlight=False)


def compare(
    card: CardName,
    other: Annotated[str, typer.Argument(help="The card that it is held against.")],
    home: Home = None,
    as_of: AsOf = None,
) -> None:
    """Hold two cards of a kind against each other, on later rows that neither learned from."""
    from orchestration.cards.develop import compare_published
    from orchestration.cards.registry import read_registry
    from orchestration.reports.scorecard import print_comparison

    settings = load_settings(home=home)
    require_published(settings)
    registry = read_registry(settings.cards_dir)
    pair = registry.find(card), registry.find(other)
    found = compare_published(settings, *pair, as_of.date() if as_of else None)
    print_comparison(*pair, found, console)


def monitor(
    card: Annotated[
        str, typer.Argument(help="Its version, or the beginning of it; all cards, unless given.")
    ] = "",
    home: Home = None,
    svg: Annotated[
        Path | None,
        typer.Option(callback=can_be_written, help="Write the card's charts to this file."),
    ] = None,
) -> None:
    """Show how cards in use do: whom they score, how stable that is, and what came true."""
    from orchestration.publish.reader import open_published
    from orchestration.reports.scorecard_watch import print_watched, watched_cards, watched_chart

    settings = load_settings(home=home)
    require_published(settings)
    with open_published(settings.published_dir) as con:
        found = [one for one in watched_cards(con) if one.startswith(card)]
        if not found:
            raise Refused(
                f"nobody was scored by a card {card}".rstrip()
                + ": promote one with `tenure scorecard promote`, and run the days from then on"
            )
        if svg and len(found) > 1:
            raise Refused(f"a picture shows one card: give one of {', '.join(found)}")
        for one in found:
            print_watched(con, one, console)
        if svg:
            svg.write_text(watched_chart(con, found[0]), "utf-8")


def _writing(settings: Settings) -> AbstractContextManager[None]:
    from orchestration.writer_lock import writer_lock

    return writer_lock(settings.lock_path, settings.writer_wait_seconds)


def _require_to_come(settings: Settings, first: date, rescore: bool) -> None:
    """Refuses to change what readers were told, unless that is what is wanted."""
    from orchestration.cards.develop import told_through

    newest = told_through(settings)
    if not rescore and newest is not None and first <= newest:
        raise Refused(
            f"{newest} is published, so from {first} on scores would change that were told: give "
            "a later day, or say --rescore"
        )
