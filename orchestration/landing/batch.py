"""A batch: some files of one table, read together and committed in one transaction."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from orchestration.landing import ledger
from orchestration.landing.contract import TableContract
from orchestration.landing.errors import FileChangedError, RefusedFileError
from orchestration.landing.folder import Delivery, is_csv, is_parquet, modified_ns
from orchestration.landing.ledger import Entry, Record
from orchestration.landing.parquet import ParquetGroup, ParquetSet, unreadable
from orchestration.landing.resolve import remove_files, resolve
from orchestration.landing.spool import Spooled, SpoolSet
from orchestration.landing.stage import (
    StagedFile,
    create_stage,
    quarantine_sql,
    stage_parquet,
    stage_spool,
)
from orchestration.landing.temptable import drop_temp_tables

# Bounds what one batch keeps in memory or spills; a larger single file is its own batch.
MAX_BYTES = 256 << 20
MAX_FILES = 4000


@dataclass(frozen=True)
class Original:
    """The file before a repeat of its bytes."""

    file_id: str
    rows_read: int


@dataclass
class Batch:
    """Collects files, then commits them; refused files are found on the way."""

    con: duckdb.DuckDBPyConnection
    table: TableContract
    folder: Path
    records: dict[str, Record] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._spools = SpoolSet(self.table, self.folder)
        self._parquet = ParquetSet(self.con, self.table)
        self._staged: list[StagedFile] = []
        self._remove: list[str] = []
        # Rows that files of the batch had loaded before.
        self._before: dict[str, int] = {}
        self._bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether the batch should be committed before more is added."""
        return self._bytes >= MAX_BYTES or len(self.records) >= MAX_FILES

    def load(self, delivery: Delivery, sha256: str, entry: Entry | None) -> bool:
        """Read a file; False if it is refused. Raises FileChangedError if it is in motion."""
        file_ix = len(self._staged)
        try:
            if is_csv(delivery.name):
                read = self._spools.add(delivery, sha256, file_ix)
            elif is_parquet(delivery.name):
                read = Spooled(*self._parquet.add(delivery.path), ends_open=False)
                _check_unmoved(delivery)
            else:
                raise RefusedFileError(
                    "its name ends in none of .csv, .csv.gz and .parquet; "
                    "deliver it in one of these forms"
                )
        except RefusedFileError as error:
            self.refuse(delivery, sha256, entry, str(error))
            return False
        except FileNotFoundError as error:
            raise FileChangedError(delivery.file_id) from error
        except OSError as error:
            # No modification time: the file is tried again by every load until it opens.
            self.refuse(delivery, "", entry, f"it cannot be opened ({error.strerror})")
            return False
        self._staged.append(StagedFile(file_ix, delivery))
        self._bytes += read.size
        self._put(delivery, sha256, entry, "loaded", read=read)
        return True

    def refuse(self, file: Delivery | Entry, sha256: str, entry: Entry | None, reason: str) -> None:
        """Record a file as refused; what it loaded before goes, which it says."""
        lost = _loaded_before(entry)
        said = _refusal(file.file_id, reason, lost)
        self._put(file, sha256, entry, "refused", reason=said, lost=lost)

    def identical(
        self, file: Delivery | Entry, sha256: str, entry: Entry | None, original: Original
    ) -> None:
        """Record a file as byte-identical to the one before; what it loaded before goes."""
        reason = same_bytes(file.file_id, original)
        self._put(file, sha256, entry, "identical", reason=reason, rows=original.rows_read)

    def commit(self) -> set[date]:
        """Write rows, ledger and versions in one transaction; the days that changed."""
        self._stage()
        self.con.begin()
        try:
            days = self._write()
            self.con.commit()
        except BaseException:
            self.con.rollback()
            raise
        finally:
            shutil.rmtree(self.folder)
        drop_temp_tables(self.con)
        return days

    def _put(
        self,
        file: Delivery | Entry,
        sha256: str,
        entry: Entry | None,
        status: str,
        reason: str | None = None,
        rows: int = 0,
        read: Spooled | None = None,
        lost: int = 0,
    ) -> None:
        self.records[file.file_id] = Record(
            file_id=file.file_id,
            table=file.table,
            loaded_on=file.loaded_on,
            name=file.name,
            sha256=sha256,
            size=file.size,
            modified_ns=file.modified_ns if sha256 else 0,
            status=status,
            reason=reason,
            identical_rows=rows,
            rows_lost=lost,
            ends_open=read is not None and read.ends_open,
            unknown_columns=read.header.unknown if read is not None else (),
        )
        self._before[file.file_id] = _loaded_before(entry)
        if entry is not None and entry.status == "loaded":
            self._remove.append(file.file_id)

    def _stage(self) -> None:
        """Read the files outside the transaction: a damaged one must not undo the others."""
        create_stage(self.con, self.table, self._staged)
        self._spools.close()
        for spool in self._spools.spools.values():
            if spool.files:
                stage_spool(self.con, self.table, spool)
        for group in self._parquet.groups.values():
            try:
                stage_parquet(self.con, self.table, group)
            except duckdb.Error:
                self._stage_one_by_one(group)

    def _stage_one_by_one(self, group: ParquetGroup) -> None:
        """Some file of the group cannot be read: keep the others."""
        files = {str(staged.delivery.path): staged.delivery for staged in self._staged}
        for path in group.paths:
            try:
                stage_parquet(self.con, self.table, replace(group, paths=[path]))
            except duckdb.Error as error:
                file = files[path]
                lost = self._before.get(file.file_id, 0)
                self.records[file.file_id] = replace(
                    self.records[file.file_id],
                    status="refused",
                    reason=_refusal(file.file_id, str(unreadable(self.table, error)), lost),
                    rows_lost=lost,
                    unknown_columns=(),
                )

    def _write(self) -> set[date]:
        con, records = self.con, list(self.records.values())
        version = ledger.next_version(con)
        known = ledger.known_days(con)
        remove_files(con, self.table, self._remove)
        ledger.forget(con, list(self.records))
        resolve(con, self.table, min(record.loaded_on for record in records))
        ledger.write_quarantine(con, quarantine_sql(self.table))
        ledger.write_records(con, records, version)
        days = ledger.amended_days(con) | {
            record.loaded_on
            for record in records
            if record.status != "identical"
            or record.loaded_on not in known
            or record.file_id in self._remove
        }
        ledger.mark_days(con, days, version)
        return days


def _refusal(file_id: str, reason: str, lost: int) -> str:
    """Why a file is refused, and what went with the one that it replaced."""
    gone = (
        f"; the {lost:,} row(s) loaded of it before are gone: deliver it whole under the same "
        "name, with a header alone if it shall be empty"
    )
    return f"{file_id}: {reason}{gone if lost else ''}."


def _loaded_before(entry: Entry | None) -> int:
    """Rows of a file that the present one replaces, also if another unreadable one came between."""
    if entry is None:
        return 0
    return entry.rows_read if entry.status == "loaded" else entry.rows_lost


def same_bytes(file_id: str, original: Original) -> str:
    """Why a file loads nothing."""
    return f"{file_id}: byte for byte the same as {original.file_id}, already loaded."


def _check_unmoved(delivery: Delivery) -> None:
    stat = delivery.path.stat()
    if (stat.st_size, modified_ns(stat)) != (delivery.size, delivery.modified_ns):
        raise FileChangedError(delivery.file_id)
