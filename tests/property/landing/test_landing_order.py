"""Whatever the order of deliveries, corrections, calls and kills: the folder's content decides."""

from __future__ import annotations

import contextlib
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.landing.contract import Contract, load_contract
from orchestration.landing.ledger import create_control_schema
from orchestration.landing.load import load_landing, pending
from orchestration.settings import load_settings
from tests.property.landing.killed import KilledError, MortalConnection
from tests.property.landing.reference import (
    Fate,
    Files,
    Row,
    expected_ledger,
    expected_rows,
)

DAYS = [f"2025-01-0{n}" for n in range(1, 6)]
NAMES = ["a.csv", "b.csv", "c.csv"]
HEADER = "account_id,balance_on,closing_balance\n"
TABLE = "account_balances"

rows = st.tuples(st.sampled_from("ABC"), st.sampled_from(["1.00", "2.00", "3.00", ""]))
contents = st.one_of(st.none(), st.lists(rows, max_size=4), st.lists(rows, max_size=4))
puts = st.tuples(st.just("put"), st.sampled_from(DAYS), st.sampled_from(NAMES), contents)
copies = st.tuples(
    st.just("copy"), st.sampled_from(DAYS), st.sampled_from(NAMES), st.integers(0, 99)
)
loads = st.tuples(st.just("load"), st.sampled_from(DAYS))
kills = st.tuples(st.just("kill"), st.sampled_from(DAYS), st.integers(0, 60))
touches = st.tuples(st.just("touch"), st.integers(0, 99))
withdrawals = st.tuples(st.just("withdraw"), st.integers(0, 99))
actions = st.one_of(puts, puts, copies, loads, kills, touches, withdrawals)
histories = st.lists(actions, max_size=14)


class Bank:
    """A landing folder and a warehouse, and beside them what the reference knows."""

    def __init__(self, home: Path) -> None:
        self.contract = Contract(tables={TABLE: load_contract().tables[TABLE]})
        self.settings = load_settings(home=home)
        self.con = duckdb.connect()
        self.con.execute("set threads = 1")
        self.files: Files = {}
        # Days of refused files that have gone: still known, with or without other files.
        self.emptied: set[str] = set()
        self._clock = 1_700_000_000_000_000_000

    def do(self, action: tuple[Any, ...]) -> None:
        kind, *arguments = action
        getattr(self, f"_{kind}")(*arguments)

    def load(self, through: str, con: Any = None) -> None:
        """Load, and hold the report to its word about the first day that changed."""
        before = self._as_known()
        report = load_landing(
            con or self.con, self.settings, self.contract, date.fromisoformat(through)
        )
        after = self._as_known()
        changed = [day for day in DAYS if before.get(day, set()) != after[day]]
        if changed:
            assert report.first_changed is not None
            assert report.first_changed.isoformat() <= changed[0]

    def _put(self, day: str, name: str, content: list[Row] | None) -> None:
        path = self.settings.landing_dir / TABLE / day / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "damaged\n"
        if content is not None:
            text = HEADER + "".join(f"{key},2025-01-01,{value}\n" for key, value in content)
        path.write_text(text)
        self._stamp(path)
        self.files[day, name] = content

    def _copy(self, day: str, name: str, which: int) -> None:
        if self.files:
            places = sorted(self.files)
            self._put(day, name, self.files[places[which % len(places)]])

    def _load(self, day: str) -> None:
        self.load(day)

    def _kill(self, day: str, statements: int) -> None:
        with contextlib.suppress(KilledError):
            self.load(day, MortalConnection(self.con, statements))

    def _touch(self, which: int) -> None:
        if self.files:
            places = sorted(self.files)
            day, name = places[which % len(places)]
            self._stamp(self.settings.landing_dir / TABLE / day / name)

    def _withdraw(self, which: int) -> None:
        """A damaged file is taken away, unless what it replaced is still loaded: that stays."""
        damaged = sorted(place for place, content in self.files.items() if content is None)
        if not damaged:
            return
        day, name = damaged[which % len(damaged)]
        known = self.ledger().get((day, name))
        if known is None or known[0] == "refused":
            (self.settings.landing_dir / TABLE / day / name).unlink()
            del self.files[day, name]
            if known is not None:
                self.emptied.add(day)

    def _stamp(self, path: Path) -> None:
        self._clock += 1_000_000_000
        os.utime(path, ns=(self._clock, self._clock))

    def fates(self) -> set[Fate]:
        found = self.con.execute(
            f"select loaded_on::varchar, split_part(file_id, '/', 3), line_no, account_id, "
            f"closing_balance::varchar, row_status, superseded_on::varchar from raw.{TABLE}"
        ).fetchall()
        return {Fate(d, n, line, (key, value), s, o) for d, n, line, key, value, s, o in found}

    def ledger(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        create_control_schema(self.con)
        found = self.con.execute(
            "select loaded_on::varchar, file_name, status, rows_read, accepted, duplicate, "
            "superseded, quarantined from control.load_ledger"
        ).fetchall()
        assert len({row[:2] for row in found}) == len(found)
        return {(row[0], row[1]): row[2:] for row in found}

    def _as_known(self) -> dict[str, set[Any]]:
        """What was known on each day: rows delivered by then, with fates as of then."""
        try:
            fates = self.fates()
        except duckdb.CatalogException:
            return {}
        return {
            day: {
                (f.day, f.name, f.line, f.row, f.status, (f.superseded_on or "9") <= day)
                for f in fates
                if f.day <= day
            }
            for day in DAYS
        }


def _check(history: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        bank = Bank(Path(home))
        for action in history:
            bank.do(action)
        bank.load(DAYS[-1])
        assert bank.fates() == expected_rows(bank.files)
        assert bank.ledger() == expected_ledger(bank.files)
        _check_control(bank)
        versions = bank.con.execute("from control.day_versions order by all").fetchall()
        again = load_landing(bank.con, bank.settings, bank.contract, date(2030, 1, 1))
        assert (again.first_changed, again.files) == (None, 0)
        assert not pending(bank.settings, bank.contract, bank.con, date(2030, 1, 1))
        assert bank.con.execute("from control.day_versions order by all").fetchall() == versions
        assert not (bank.settings.home / "landing_spool").exists()
        bank.con.close()


def _check_control(bank: Bank) -> None:
    """Every delivered day has one version; quarantine holds the current files' bad rows."""
    days = bank.con.execute("select loaded_on::varchar from control.day_versions").fetchall()
    assert sorted(days) == sorted((day,) for day in {day for day, _ in bank.files} | bank.emptied)
    bad = bank.con.execute(
        "select file_id, count(*) from control.quarantine group by all order by all"
    ).fetchall()
    assert bad == [
        (f"{TABLE}/{day}/{name}", counts[5])
        for (day, name), counts in sorted(expected_ledger(bank.files).items())
        if counts[5]
    ]


_COMMON = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.large_base_example],
}


@pytest.mark.slow
@settings(max_examples=20, **_COMMON)
@given(histories)
def test_any_history_ends_as_one_load_of_everything(history: list[tuple[Any, ...]]) -> None:
    _check(history)


@pytest.mark.slow
@settings(max_examples=100, **_COMMON)
@given(st.lists(actions, min_size=8, max_size=30))
def test_any_long_history_ends_as_one_load_of_everything(history: list[tuple[Any, ...]]) -> None:
    _check(history)
