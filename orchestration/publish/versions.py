"""Versions on disk: their names, their records, the pointer that makes one of them current.

    published/versions/<version>/tenure.duckdb, parquet/<table>/*.parquet, version.json (views
                                 have no Parquet files: the DuckDB file answers them)
    published/current         -> versions/<version>       the one thing that is ever swapped
    published/tenure.duckdb   -> current/tenure.duckdb    a stable path for tools
    published/current.json    -> current/version.json     a stable path for pollers

All three pointers turn at the same instant because two of them go through the third. A version
is written under a hidden name and renamed when it is whole and on disk, so a folder in versions/
is always complete; everything hidden is debris of a publish that was killed.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orchestration.errors import TenureError

DATABASE = "tenure.duckdb"
PARQUET = "parquet"
RECORD = "version.json"
DEBRIS = (".building-", ".retired-", ".pointer-")
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{4,})")


class PublishError(TenureError):
    """Publishing, rolling back or reading a published version is not possible; says why."""


@dataclass(frozen=True)
class TableRecord:
    """One published table or view as its version's record describes it; a view has no counts."""

    name: str
    kind: str
    month_column: str | None
    rows: int | None
    months: int | None
    content_hash: str


@dataclass(frozen=True)
class VersionRecord:
    """A version's record: what readers and the next publish need to know without opening it."""

    version: str
    as_of: date
    published_at: datetime
    content_hash: str
    provenance: dict[str, Any]
    tables: tuple[TableRecord, ...]
    method: str
    layout: int
    engine: str
    bytes: int
    free_share: float

    @property
    def sequence(self) -> int:
        """Position in the order of publication, which an as-of date alone does not give."""
        return sequence_of(self.version)


def sequence_of(version: str) -> int:
    """The counter in a version's name; it never restarts, so no name is ever used twice."""
    match = _NAME.fullmatch(version)
    if match is None:
        raise PublishError(f"{version!r} is not the name of a version, such as 2024-03-31T0001")
    return int(match.group(2))


def next_name(as_of: date, taken: list[str]) -> str:
    """The name of a version published now, given all names that exist."""
    last = max((sequence_of(name) for name in taken), default=0)
    return f"{as_of.isoformat()}T{last + 1:04d}"


def version_dir(published_dir: Path, version: str) -> Path:
    """The folder of a version."""
    return published_dir / "versions" / version


def version_names(published_dir: Path) -> list[str]:
    """All versions that exist, oldest publication first."""
    folder = published_dir / "versions"
    names = os.listdir(folder) if folder.is_dir() else []
    return sorted((name for name in names if _NAME.fullmatch(name)), key=sequence_of)


def current_name(published_dir: Path) -> str | None:
    """The version that readers get now; None before the first publish."""
    try:
        name = Path(os.readlink(published_dir / "current")).name
    except FileNotFoundError:
        return None
    return name if version_dir(published_dir, name).is_dir() else None


def read_record(published_dir: Path, version: str) -> VersionRecord:
    """A version's record."""
    path = version_dir(published_dir, version) / RECORD
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        values["as_of"] = date.fromisoformat(values["as_of"])
        values["published_at"] = datetime.fromisoformat(values["published_at"])
        values["tables"] = tuple(TableRecord(**table) for table in values["tables"])
        return VersionRecord(**values)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PublishError(
            f"the record of version {version} cannot be read ({error}); publish again in full"
        ) from error


def write_record(folder: Path, record: VersionRecord) -> None:
    """Write the record into a version that is being built."""
    write_json(folder / RECORD, asdict(record))


def write_json(path: Path, value: Any) -> None:
    """Write and force to disk; for files nobody reads before their folder is renamed."""
    with path.open("w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, default=lambda moment: moment.isoformat())
        file.flush()
        os.fsync(file.fileno())


def list_versions(published_dir: Path) -> list[tuple[VersionRecord, bool]]:
    """Every version, oldest publication first, and whether it is the current one."""
    current = current_name(published_dir)
    return [
        (read_record(published_dir, name), name == current) for name in version_names(published_dir)
    ]


def rollback(published_dir: Path, version: str) -> VersionRecord:
    """Make an older kept version current. The next publish goes forward again."""
    with publishing(published_dir):
        kept = version_names(published_dir)
        if version not in kept:
            known = ", ".join(kept) or "none"
            raise PublishError(f"there is no version {version!r} here; kept versions: {known}")
        record = read_record(published_dir, version)
        point_at(published_dir, version)
        return record


def point_at(published_dir: Path, version: str) -> None:
    """Make a version current: one rename, so a reader sees the old or the new, never neither."""
    replaced = current_name(published_dir)
    if replaced is not None and replaced != version:
        # Retention counts from the moment a version stopped being handed out. Stamped before
        # the swap: a kill in between errs on the side of keeping.
        os.utime(version_dir(published_dir, replaced))
    _swap_link(published_dir / "current", Path("versions") / version)
    for name, target in ((DATABASE, DATABASE), ("current.json", RECORD)):
        _swap_link(published_dir / name, Path("current") / target)
    sync_folder(published_dir)


def _swap_link(link: Path, target: Path) -> None:
    if link.is_symlink() and Path(os.readlink(link)) == target:
        return
    fresh = link.with_name(f".pointer-{link.name}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    os.replace(fresh, link)


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to disk; without it a rename may be lost with the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Force a file's content to disk."""
    sync_folder(path)


@contextmanager
def publishing(published_dir: Path) -> Iterator[None]:
    """Hold the folder alone (the system lets go when the process dies) and clear debris."""
    (published_dir / "versions").mkdir(parents=True, exist_ok=True)
    with (published_dir / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PublishError(
                f"{published_dir} is being published to by another process; wait for it to end"
            ) from error
        for entry in os.listdir(published_dir):
            if entry.startswith(DEBRIS):
                remove(published_dir / entry)
        yield


def remove(path: Path) -> None:
    """Remove a hidden file, link or folder of the publisher's own."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
