"""The way in for Python readers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publish.versions import DATABASE, PublishError

# Between resolving the pointer and opening the file, retention may take the version away, but
# only if a newer one is current by then: a second look finds it.
_ATTEMPTS = 5


def open_published(
    published_dir: Path, config: Mapping[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """Open the current version, read-only; the connection stays on it, a new one gets the newest.

    The pointer is resolved to the version's own path first: DuckDB shares one handle per path
    within a process, so opening the stable path while an older connection is open would give
    the older version.
    """
    path = published_dir / DATABASE
    for _ in range(_ATTEMPTS):
        try:
            path = (published_dir / "current").resolve(strict=True) / DATABASE
            return duckdb.connect(str(path), read_only=True, config=dict(config or {}))
        except (FileNotFoundError, duckdb.IOException):
            if path.exists():
                raise
    raise PublishError(f"nothing is published in {published_dir} yet; run `tenure publish`")
