"""How well stages and causes of decline are found in a sample bank, against its planted truth.

    python -m benchmarks.confusion --home HOME

prints the tables of docs/confusion.md for a home that `tenure generate` filled and `tenure run`
judged. Nothing that judges reads the truth; this looks at both when all is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import duckdb
import typer

STAGES = ("prospect", "developing", "growing", "mature", "declining", "terminated")
# What the sample bank plants, and the cause that ought to be found.
CAUSES = {
    "sudden_outflow": "sudden_outflow",
    "bank_side": "bank_side",
    "own_operation": "own_circumstances",
    "competitor": "competitor",
    "unprofitable": "negative_value",
}
FOUND_CAUSES = (*CAUSES.values(), "unknown")
# The longest windows of the shipped policies look back a year: before that they are not full.
MONTHS_BEFORE = 12

_PAIRED = """
    select judged.stage, judged.decline_cause, planted.stage, planted.decline_cause, count(*)
    from marts.lifecycle_month as judged
    inner join (select distinct customer_key, customer_id from vault.customer_identity) as known
        using (customer_key)
    inner join read_parquet(?) as planted using (customer_id, month)
    where judged.is_closed and judged.month >= ?
    group by all
"""


@dataclass(frozen=True)
class Confusion:
    """How many customer months are planted as one thing and judged as another."""

    planted: tuple[str, ...]
    judged: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    right: Mapping[str, str]

    def recall(self, planted: str) -> float:
        """The share of what is planted that is found; 1 where nothing is planted."""
        whole = sum(self.counts.get((planted, judged), 0) for judged in self.judged)
        return self.counts.get((planted, self.right[planted]), 0) / whole if whole else 1.0

    @property
    def agreement(self) -> float:
        """The share of all customer months judged as planted."""
        hits = sum(self.counts.get(pair, 0) for pair in self.right.items())
        return hits / sum(self.counts.values())

    def markdown(self) -> str:
        """The table, planted down and judged across."""
        lines = [
            "| planted \\ judged | " + " | ".join(self.judged) + " | found |",
            "|---" * (len(self.judged) + 2) + "|",
        ]
        for planted in self.planted:
            cells = [f"{self.counts.get((planted, judged), 0):,}" for judged in self.judged]
            lines.append(f"| {planted} | " + " | ".join(cells) + f" | {self.recall(planted):.0%} |")
        return "\n".join(lines)


def confusions(home: Path, first: date | None = None) -> tuple[Confusion, Confusion]:
    """Stage by planted stage, and of declining customers cause by planted cause."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        start = first or _first_month(con)
        truth = str(home / "truth" / "customer_months" / "*.parquet")
        rows = con.execute(_PAIRED, [truth, start]).fetchall()
    stages: dict[tuple[str, str], int] = {}
    causes: dict[tuple[str, str], int] = {}
    for stage, cause, planted_stage, planted_cause, count in rows:
        stages[planted_stage, stage] = stages.get((planted_stage, stage), 0) + count
        if stage == planted_stage == "declining":
            causes[planted_cause, cause] = causes.get((planted_cause, cause), 0) + count
    return (
        Confusion(STAGES, STAGES, stages, {stage: stage for stage in STAGES}),
        Confusion(tuple(CAUSES), FOUND_CAUSES, causes, CAUSES),
    )


def _first_month(con: duckdb.DuckDBPyConnection) -> date:
    row = con.execute(
        f"select cast(min(month) + to_months({MONTHS_BEFORE}) as date) from marts.lifecycle_month"
    ).fetchone()
    assert row is not None
    month: date = row[0]
    return month


def main(home: Annotated[Path, typer.Option(help="A home with a sample bank, judged.")]) -> None:
    """Print the tables of docs/confusion.md."""
    for name, confusion in zip(("Stages", "Causes of decline"), confusions(home), strict=True):
        typer.echo(f"{name}, customer months; {confusion.agreement:.0%} as planted\n")
        typer.echo(confusion.markdown() + "\n")


if __name__ == "__main__":
    typer.run(main)
