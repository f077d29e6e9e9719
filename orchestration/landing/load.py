"""Loading: everything that is new or changed in landing, up to a day, into raw.

What comes out is a function of what landing holds (and of files that were loaded and have gone
since; a refused file that has gone is forgotten), never of the order or number of calls. A call
that was killed is repaired by the next.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from orchestration.landing import ledger
from orchestration.landing.batch import Batch, Original, same_bytes
from orchestration.landing.contract import Contract, TableContract
from orchestration.landing.errors import FileChangedError
from orchestration.landing.folder import Delivery, LandingError, list_landing
from orchestration.landing.ledger import Entry
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.settings import Settings

Progress = Callable[[str], None]
COUNTS = ("rows_read", "accepted", "duplicate", "superseded", "quarantined")


@dataclass
class TableReport:
    """What one call did for one table; the counts are those of the files it touched."""

    files: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))


@dataclass(frozen=True)
class RefusedFile:
    """A file that was refused in this call."""

    file_id: str
    reason: str


@dataclass
class LoadReport:
    """What a call of load_landing did."""

    first_changed: date | None = None
    tables: dict[str, TableReport] = field(default_factory=dict)
    refused: list[RefusedFile] = field(default_factory=list)
    # Files that were refused before and have gone from landing since.
    withdrawn: list[str] = field(default_factory=list)
    unknown_columns: dict[str, list[str]] = field(default_factory=dict)
    # Names under landing that are no delivery, and files left for later as they are in motion.
    strays: list[str] = field(default_factory=list)

    @property
    def files(self) -> int:
        """Files recorded by this call."""
        return sum(sum(table.files.values()) for table in self.tables.values())

    def changed(self, days: set[date]) -> None:
        """Take in days whose content this call changed."""
        first = self.first_changed
        self.first_changed = min([*days, *([first] if first else [])], default=None)


def load_landing(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    contract: Contract,
    through: date,
    progress: Progress | None = None,
) -> LoadReport:
    """Load all that is pending with loaded_on <= through. The caller holds the writer lock."""
    say = progress or (lambda message: None)
    create_raw_tables(con, contract)
    _require_landing(con, settings.landing_dir)
    listing = list_landing(settings.landing_dir, contract, settings.first_day, through)
    report = LoadReport(strays=listing.strays)
    workplace = settings.home / "landing_spool"
    shutil.rmtree(workplace, ignore_errors=True)
    try:
        with _file_order(con):
            for table in contract.tables.values():
                load = _TableLoad(con, table, workplace, report, say)
                load.run(listing.deliveries[table.name], through)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    return report


def _require_landing(con: duckdb.DuckDBPyConnection, landing: Path) -> None:
    """A folder that has been loaded from and is not there is not mounted, rather than emptied."""
    loaded = con.execute("select 1 from control.load_ledger limit 1").fetchone()
    if loaded and not landing.is_dir():
        raise LandingError(
            f"{landing} is not there, though files were loaded from it: mount it, or make it again "
            "if it shall be empty"
        )


class _TableLoad:
    """One table's files, walked in order of delivery."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        table: TableContract,
        workplace: Path,
        report: LoadReport,
        say: Progress,
    ) -> None:
        self._con, self._table, self._workplace = con, table, workplace
        self._report, self._say = report, say
        self._entries = {entry.file_id: entry for entry in ledger.read_entries(con, table.name)}
        # The file before, and what it loaded; None if it was refused.
        self._before: tuple[str, Original | None] = ("", None)
        self._touched: list[tuple[str, int, int]] = []
        self._batch: Batch | None = None

    def run(self, deliveries: list[Delivery], through: date) -> None:
        present = {delivery.file_id: delivery for delivery in deliveries}
        self._withdraw(present.keys(), through)
        # A file id sorts like (day, name) within its table.
        for file_id in sorted(present.keys() | self._entries.keys()):
            delivery, entry = present.get(file_id), self._entries.get(file_id)
            try:
                self._judge(delivery, entry)
            except FileChangedError:
                self._report.strays.append(
                    f"{file_id}: changed or went while it was read, left for later"
                )
            if self._batch is not None and self._batch.is_full:
                self._commit()
        self._commit()
        ledger.restat(self._con, self._touched)

    def _withdraw(self, present: Set[str], through: date) -> None:
        """Forget refused files that have gone: nothing of them is missing any more.

        One that had replaced a file whose rows were loaded is missed until it is delivered again.
        """
        gone = [
            entry
            for file_id, entry in sorted(self._entries.items())
            if entry.status == "refused"
            and not entry.rows_lost
            and entry.loaded_on <= through
            and file_id not in present
        ]
        if not gone:
            return
        ledger.withdraw(self._con, gone)
        for entry in gone:
            del self._entries[entry.file_id]
            self._report.withdrawn.append(entry.file_id)
        self._report.changed({entry.loaded_on for entry in gone})
        self._say(f"{self._table.name}: {len(gone):,} refused files have gone")

    def _judge(self, delivery: Delivery | None, entry: Entry | None) -> None:
        sha256 = _content(delivery, entry)
        if sha256 is None:
            return
        same = entry is not None and entry.sha256 == sha256
        file = delivery or entry
        assert file is not None
        original = self._original(sha256)
        if same and entry is not None:
            if sha256 and delivery is not None and _moved(delivery, entry):
                self._touched.append((file.file_id, file.size, file.modified_ns))
            if entry.status == "refused" and original is None:
                self._before = (sha256, None)
                return
            # A file that has gone cannot be read again, so it keeps what it loaded.
            if entry.status == "loaded" and (original is None or delivery is None):
                repeatable = Original(entry.file_id, entry.rows_read)
                self._before = (sha256, original or (None if entry.quarantined else repeatable))
                return
            if (
                entry.status == "identical"
                and original is not None
                and (entry.reason == same_bytes(entry.file_id, original))
            ):
                return
        if original is not None:
            self._open().identical(file, sha256, entry, original)
        elif delivery is not None:
            loads = self._open().load(delivery, sha256, entry)
            self._before = (sha256, Original(delivery.file_id, -1) if loads else None)

    def _original(self, sha256: str) -> Original | None:
        """The file before, if it has these bytes, committed, so that its rows are counted.

        A file that had rows quarantined is no original: a day later, or under another contract, the
        same bytes may be good.

        Bytes of longer ago are no repeat: what came between may have replaced their rows, and
        the last delivery of a key counts.
        """
        if self._before[0] != sha256:
            return None
        original = self._before[1]
        if original is not None and original.rows_read < 0:
            self._commit()
        return self._before[1]

    def _open(self) -> Batch:
        if self._batch is None:
            self._batch = Batch(self._con, self._table, self._workplace)
        return self._batch

    def _commit(self) -> None:
        if self._batch is None or not self._batch.records:
            return
        batch, self._batch = self._batch, None
        self._report.changed(batch.commit())
        self._count(list(batch.records))

    def _count(self, file_ids: list[str]) -> None:
        """Add a committed batch to the report, as the ledger has it."""
        report = self._report.tables.setdefault(self._table.name, TableReport())
        rows = self._con.execute(
            f"select file_id, status, reason, unknown_columns, sha256, {', '.join(COUNTS)} "
            "from control.load_ledger where list_contains(?, file_id) order by file_id",
            [file_ids],
        ).fetchall()
        for file_id, status, reason, unknown, sha256, *counts in rows:
            report.files[status] = report.files.get(status, 0) + 1
            for name, count in zip(COUNTS, counts, strict=True):
                report.rows[name] += count
            if status == "refused":
                self._report.refused.append(RefusedFile(file_id, reason))
            if (original := self._before[1]) and original.file_id == file_id:
                quarantined = dict(zip(COUNTS, counts, strict=True))["quarantined"]
                whole = status == "loaded" and not quarantined
                kept = Original(file_id, counts[0]) if whole else None
                self._before = (sha256, kept)
            if unknown:
                self._report.unknown_columns[file_id] = unknown
        self._say(
            f"{self._table.name}: {sum(report.files.values()):,} files, "
            f"{report.rows['rows_read']:,} rows"
        )


def pending(
    settings: Settings, contract: Contract, con: duckdb.DuckDBPyConnection, through: date
) -> list[Delivery]:
    """Files that load_landing would read: new ones and ones whose content changed.

    Costs a stat per file; a file is read only if its size or time differs from the ledger's.
    Writes nothing: a refused file that has gone is forgotten by the next load.
    """
    known = con.execute(
        "select 1 from duckdb_tables() where schema_name = 'control' "
        "and table_name = 'load_ledger' and database_name = current_database()"
    ).fetchall()
    found = []
    for table, deliveries in list_landing(
        settings.landing_dir, contract, settings.first_day, through
    ).deliveries.items():
        entries = {e.file_id: e for e in ledger.read_entries(con, table)} if known else {}
        for delivery in deliveries:
            entry = entries.get(delivery.file_id)
            if entry is None or _content(delivery, entry) != entry.sha256:
                found.append(delivery)
    return found


def _moved(delivery: Delivery, entry: Entry) -> bool:
    return (delivery.size, delivery.modified_ns) != (entry.size, entry.modified_ns)


def _content(delivery: Delivery | None, entry: Entry | None) -> str | None:
    """The hash of a file's bytes, from the ledger if the file was not touched since.

    Empty for a file that does not open, null for one that has gone without being recorded.
    """
    if entry is not None and (delivery is None or not _moved(delivery, entry)):
        return entry.sha256
    if delivery is None:
        return None
    try:
        with delivery.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return entry.sha256 if entry is not None else None
    except OSError:
        return ""


@contextmanager
def _file_order(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Line numbers are positions, so DuckDB must keep the order of what it reads."""
    rows = con.execute("select current_setting('preserve_insertion_order')").fetchall()
    con.execute("set preserve_insertion_order = true")
    try:
        yield
    finally:
        con.execute(f"set preserve_insertion_order = {str(rows[0][0]).lower()}")
