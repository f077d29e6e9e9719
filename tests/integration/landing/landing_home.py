"""A home with a landing folder, an in-memory warehouse, and short ways to deliver and look."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.contract import Contract, load_contract
from orchestration.landing.load import LoadReport, load_landing, pending
from orchestration.settings import load_settings

FAR = date(2030, 1, 1)
BALANCES = "account_id,balance_on,closing_balance\n"


class LandingHome:
    """Deliver files, load them, look at what came out."""

    def __init__(self, path: Path, tables: tuple[str, ...] = ("account_balances",)) -> None:
        whole = load_contract()
        self.contract = Contract(tables={name: whole.tables[name] for name in tables})
        self.settings = load_settings(home=path)
        self.con = duckdb.connect()
        self.con.execute("set threads = 2")

    def put(
        self, day: str, content: str | bytes, name: str = "a.csv", table: str = "account_balances"
    ) -> Path:
        folder = self.settings.landing_dir / table / day
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def balances(self, day: str, *rows: str, name: str = "a.csv") -> Path:
        """Deliver balances given as 'A1,2025-01-01,10.00'."""
        return self.put(day, BALANCES + "".join(f"{row}\n" for row in rows), name)

    def load(self, through: date = FAR, contract: Contract | None = None) -> LoadReport:
        return load_landing(self.con, self.settings, contract or self.contract, through)

    def pending(self, through: date = FAR) -> list[str]:
        found = pending(self.settings, self.contract, self.con, through)
        return [delivery.file_id for delivery in found]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.con.execute(sql).fetchall()

    def fates(self) -> list[tuple[Any, ...]]:
        """(day, account, balance, fate on its day, replaced on) of all balances, readable."""
        return self.rows(
            "select loaded_on::varchar, account_id, closing_balance::varchar, row_status, "
            "superseded_on::varchar from raw.account_balances order by loaded_on, file_id, line_no"
        )

    def ledger(self) -> dict[str, tuple[Any, ...]]:
        """file -> (status, rows_read, accepted, duplicate, superseded, quarantined)."""
        found = self.rows(
            "select loaded_on || '/' || file_name, status, rows_read, accepted, duplicate, "
            "superseded, quarantined from control.load_ledger order by file_id"
        )
        return {row[0]: row[1:] for row in found}
