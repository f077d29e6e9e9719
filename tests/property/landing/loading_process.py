"""A process that loads a home's landing folder, to be killed: `python loading_process.py HOME`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import duckdb

from orchestration.landing.contract import load_contract
from orchestration.landing.load import load_landing
from orchestration.settings import load_settings


def main() -> None:
    """Load everything; say when loading begins and when it is done."""
    settings = load_settings(home=Path(sys.argv[1]))
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute("set threads = 1")
        print("loading", flush=True)
        load_landing(con, settings, load_contract(), date(2030, 1, 1))
        print("done", flush=True)


if __name__ == "__main__":
    main()
