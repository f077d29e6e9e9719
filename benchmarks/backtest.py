"""How expectations of forward value do in a sample bank: tables and pictures of docs/backtest.md.

    python -m benchmarks.backtest --home HOME --pictures docs

prints the tables for a home that `tenure run` judged, and draws the pictures into a folder. They
are the ones that Dagster shows of the two tables of tests.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import duckdb
import typer

from orchestration.reports.backtest import TESTS


def shown(home: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Tables in Markdown by their title, and pictures by the name of the table that they are of."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        tables = [make(con, schema="forward") for makes, _ in TESTS.values() for make in makes]
        pictures = {name: draw(con, schema="forward") for name, (_, draw) in TESTS.items()}
    return {table.title: table.markdown() for table in tables}, pictures


def main(
    home: Annotated[Path, typer.Option(help="A home with a sample bank, judged.")],
    pictures: Annotated[
        Path | None, typer.Option(help="Folder to draw the pictures into.", file_okay=False)
    ] = None,
) -> None:
    """Print the tables of docs/backtest.md, and draw its pictures."""
    tables, drawn = shown(home)
    for title, text in tables.items():
        typer.echo(f"{title}\n\n{text}\n")
    if pictures is not None:
        for name, picture in drawn.items():
            (pictures / f"{name}.svg").write_text(picture, "utf-8")


if __name__ == "__main__":
    typer.run(main)
