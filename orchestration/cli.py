"""The `tenure` command: which commands there are, and what becomes of an error."""

from __future__ import annotations

import typer

from orchestration.commands import (
    deciding,
    judging_again,
    looking,
    making,
    running,
    scorecards,
)
from orchestration.errors import TenureError
from orchestration.terminal import complain

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A bank's customer-value warehouse: from daily extracts to published, explained tiers.",
)
imports = typer.Typer(no_args_is_help=True, help="Turn public or vendor formats into deliveries.")
cards = typer.Typer(no_args_is_help=True, help="Fit, compare and promote scorecards.")

app.command()(making.generate)
imports.command("berka")(making.import_berka)
app.add_typer(imports, name="import")
app.command()(running.run)
app.command()(making.demo)
app.command()(looking.explain)
app.command()(looking.overview)
app.command()(looking.backtest)
app.command()(looking.rating)
app.command()(looking.balance)
app.command()(looking.status)
app.command()(looking.quarantine)
app.command()(deciding.publish)
app.command()(deciding.accept)
app.command("what-if")(judging_again.what_if)
app.command()(judging_again.restate)
cards.command()(scorecards.fit)
cards.command("list")(scorecards.list_cards)
cards.command()(scorecards.show)
cards.command()(scorecards.compare)
cards.command()(scorecards.monitor)
cards.command()(scorecards.promote)
cards.command()(scorecards.retire)
app.add_typer(cards, name="scorecard")
app.command()(looking.doctor)
app.command()(looking.ui)


def main() -> None:
    """Runs the command; an expected error is one sentence and a non-zero status."""
    try:
        app()
    except TenureError as error:
        complain(str(error))
    except Exception as error:
        if _is_busy(error):
            complain("a run is writing the warehouse just now; the published tables can be read")
        if _is_of_another_version(error):
            complain(
                f"{str(error).splitlines()[0].partition(': ')[2]} What is there was written by "
                "another version of Tenure: `tenure run` for the newest day brings it up to date"
            )
        if isinstance(error, OSError) and error.filename:
            complain(f"{error.filename}: {error.strerror}")
        raise


def _is_busy(error: Exception) -> bool:
    import duckdb

    return isinstance(error, duckdb.IOException) and "lock" in str(error)


def _is_of_another_version(error: Exception) -> bool:
    import duckdb

    table = isinstance(error, duckdb.CatalogException) and "does not exist" in str(error)
    column = isinstance(error, duckdb.BinderException) and "not found in FROM" in str(error)
    return table or column


if __name__ == "__main__":
    main()
