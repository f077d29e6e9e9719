"""The small policy on disk, for tests to break."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.policy.broken import SMALL


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A folder with every file of the small policy."""
    for name, content in SMALL.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path
