"""A reader process: opens, asks, and closes until told to stop; prints what it saw as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

from orchestration.publish.reader import open_published
from tests.integration.publish.toy import CONSISTENT


def read_until_stopped(home: Path, by_pointer: bool) -> dict[str, object]:
    """Every open must give one whole version, no older than the one before, and stay on it."""
    published = home / "published"
    states: list[int] = []
    faults: list[str] = []
    while not (home / "stop").exists():
        try:
            with (
                open_published(published)
                if by_pointer
                else duckdb.connect(str(published / "tenure.duckdb"), read_only=True) as con
            ):
                answers = {con.execute(CONSISTENT).fetchall()[0] for _ in range(3)}
        except duckdb.Error as error:
            faults.append(str(error))
            continue
        ((whole, state),) = answers if len(answers) == 1 else ((False, -1),)
        if not whole or (states and state < states[-1]):
            faults.append(f"mixed or older: {answers} after {states[-1:]}")
        states.append(state)
    return {"opens": len(states), "distinct": len(set(states)), "faults": faults}


if __name__ == "__main__":
    print(json.dumps(read_until_stopped(Path(sys.argv[1]), sys.argv[2] == "pointer")))
