"""Which versions go: old ones, superseded long enough ago, that nobody is known to have open.

Whether a version is open is known on Linux only, and only as far as the system tells: file
handles of processes this user may look into, and the file locks (which DuckDB readers hold) of
all processes on this machine and in this container. Readers elsewhere are protected by age alone;
on other systems every reader is.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.publish.versions import (
    DATABASE,
    current_name,
    remove,
    version_dir,
    version_names,
)


@dataclass(frozen=True)
class Kept:
    """A version on disk and when it was last current."""

    version: str
    left_at: datetime


def versions_to_remove(
    versions: Sequence[Kept],
    current: str | None,
    open_versions: Collection[str],
    now: datetime,
    *,
    keep_versions: int,
    keep_hours: float,
) -> list[str]:
    """The versions to remove, given all of them, oldest publication first. Pure."""
    newest = {kept.version for kept in versions[-keep_versions:]} if keep_versions else set()
    limit = now - timedelta(hours=keep_hours)
    return [
        kept.version
        for kept in versions
        if kept.version not in newest
        and kept.version != current
        and kept.version not in open_versions
        and kept.left_at <= limit
    ]


def retire(
    published_dir: Path, now: datetime, *, keep_versions: int, keep_hours: float
) -> list[str]:
    """Remove what may go. A version leaves versions/ by a rename, so none is ever half there."""
    names = version_names(published_dir)
    folders = {name: version_dir(published_dir, name) for name in names}
    leaving = versions_to_remove(
        [Kept(name, _left_at(folder)) for name, folder in folders.items()],
        current_name(published_dir),
        open_versions(folders),
        now,
        keep_versions=keep_versions,
        keep_hours=keep_hours,
    )
    for name in leaving:
        hidden = published_dir / f".retired-{name}"
        os.rename(folders[name], hidden)
        remove(hidden)
    return leaving


def _left_at(folder: Path) -> datetime:
    """When the version stopped being current: the swap stamps the folder (see point_at)."""
    return datetime.fromtimestamp(folder.stat().st_mtime, UTC)


def open_versions(folders: dict[str, Path]) -> set[str]:
    """Versions of which some live process is known to have a file open."""
    roots = {f"{os.path.realpath(folder)}{os.sep}": name for name, folder in folders.items()}
    found = {
        name for path in _open_paths() for root, name in roots.items() if path.startswith(root)
    }
    locked = _locked_inodes()
    for name, folder in folders.items():
        database = folder / DATABASE
        if database.exists() and database.stat().st_ino in locked:
            found.add(name)
    return found


def _open_paths() -> Iterator[str]:
    """Paths behind all file handles that may be looked at. A process may end meanwhile."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            handles = os.listdir(process / "fd")
        except OSError:
            continue
        for handle in handles:
            try:
                yield os.readlink(process / "fd" / handle)
            except OSError:
                continue


def _locked_inodes() -> set[int]:
    """Inodes with a file lock. Inodes of other devices may coincide: that keeps, never removes."""
    try:
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except OSError:
        return set()
    places = (field for line in lines for field in line.split() if field.count(":") == 2)
    return {int(place.rsplit(":", 1)[1]) for place in places}
