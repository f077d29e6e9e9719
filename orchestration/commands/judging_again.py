"""Past months judged again: under another policy, or with what is known today."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.options import MONTHS, Home, can_be_written
from orchestration.settings import load_settings
from orchestration.terminal import console, progress


def what_if(
    policy: Annotated[Path, typer.Argument(help="A changed policy file, or a folder of them.")],
    first: Annotated[
        datetime,
        typer.Option("--from", formats=MONTHS, help="First month judged again, as 2024-01."),
    ],
    last: Annotated[
        datetime, typer.Option("--to", formats=MONTHS, help="Last month judged again, as 2024-03.")
    ],
    home: Home = None,
    customers: Annotated[
        Path | None,
        typer.Option(callback=can_be_written, help="Write every customer who moves to this file."),
    ] = None,
) -> None:
    """Judge past months under another policy: who would move, where to, with how much."""
    from orchestration.rejudge.challenge import challenge
    from orchestration.rejudge.compare import compare, judged_alike, write_moves
    from orchestration.reports.moves import show_moves

    settings = load_settings(home=home)
    with progress("judging again"):
        asked = challenge(settings, policy, first.date(), last.date())
        with asked as (con, judged):
            moves = compare(con, judged)
            compared = judged_alike(con)
            written = write_moves(con, customers) if customers else 0
    show_moves(moves, compared, console)
    if customers:
        console.print(f"{written:,} moves written to {customers}", highlight=False)


def restate(
    month: Annotated[
        datetime, typer.Option("--month", formats=MONTHS, help="The month, as 2024-03.")
    ],
    home: Home = None,
    customers: Annotated[
        Path | None,
        typer.Option(
            callback=can_be_written, help="Write everybody judged otherwise to this file."
        ),
    ] = None,
    late_rows: Annotated[
        Path | None,
        typer.Option(
            callback=can_be_written,
            help="Write the late rows of everybody judged otherwise, with file and line, here.",
        ),
    ] = None,
) -> None:
    """Judge a past month with what is known today: whose verdict differs, by which late rows."""
    from orchestration.rejudge.compare import (
        compare,
        judged_alike,
        late_rows_of_movers,
        write_late_rows,
        write_moves,
    )
    from orchestration.rejudge.restate import restate as judge_again
    from orchestration.reports.moves import show_late_rows, show_moves

    settings = load_settings(home=home)
    with progress("judging again"), judge_again(settings, month.date()) as (con, judged):
        moves = compare(con, judged)
        compared = judged_alike(con)
        late = late_rows_of_movers(con)
        written = write_moves(con, customers) if customers else 0
        listed = write_late_rows(con, late_rows) if late_rows else 0
    show_moves(moves, compared, console)
    if moves:
        show_late_rows(late, console)
    if customers:
        console.print(f"{written:,} moves written to {customers}", highlight=False)
    if late_rows:
        console.print(f"{listed:,} late rows written to {late_rows}", highlight=False)
