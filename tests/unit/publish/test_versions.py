"""Names, the pointer, rollback and debris."""

import fcntl
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from orchestration.publish import versions
from orchestration.publish.versions import (
    PublishError,
    VersionRecord,
    current_name,
    list_versions,
    next_name,
    point_at,
    publishing,
    read_record,
    rollback,
    version_dir,
    version_names,
    write_record,
)

FIRST, SECOND = "2024-03-31T0001", "2024-03-30T0002"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Two versions; the second, of an earlier day, is current."""
    for name in (FIRST, SECOND):
        folder = version_dir(tmp_path, name)
        folder.mkdir(parents=True)
        (folder / "tenure.duckdb").write_text(name)
        write_record(
            folder,
            VersionRecord(
                version=name,
                as_of=date.fromisoformat(name[:10]),
                published_at=datetime(2024, 4, 1, tzinfo=UTC),
                content_hash="",
                provenance={},
                tables=(),
                method="full",
                layout=1,
                engine="",
                bytes=0,
                free_share=0.0,
            ),
        )
    point_at(tmp_path, SECOND)
    return tmp_path


def test_the_counter_never_restarts_and_outgrows_its_digits() -> None:
    assert next_name(date(2024, 3, 31), []) == "2024-03-31T0001"
    assert next_name(date(2024, 3, 1), [FIRST, SECOND]) == "2024-03-01T0003"
    assert next_name(date(2024, 3, 1), ["2024-01-01T9999"]) == "2024-03-01T10000"


def test_versions_are_listed_in_order_of_publication_not_of_day(published: Path) -> None:
    (published / "versions" / "stray").mkdir()
    assert version_names(published) == [FIRST, SECOND]
    assert [(r.version, current) for r, current in list_versions(published)] == [
        (FIRST, False),
        (SECOND, True),
    ]


def test_all_stable_paths_turn_with_one_pointer(published: Path) -> None:
    point_at(published, FIRST)
    assert current_name(published) == FIRST
    assert (published / "tenure.duckdb").read_text() == FIRST
    assert json.loads((published / "current.json").read_text())["version"] == FIRST


def test_the_pointer_is_never_absent_while_it_turns(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    replace = os.replace

    def watched(source: Path, target: Path) -> None:
        seen.append((published / "tenure.duckdb").read_text())
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    point_at(published, FIRST)
    assert seen == [SECOND]


def test_a_version_ages_from_when_it_was_replaced(published: Path) -> None:
    os.utime(version_dir(published, SECOND), (0, 0))
    point_at(published, FIRST)
    assert version_dir(published, SECOND).stat().st_mtime > 1e9


def test_rollback_returns_the_record(published: Path) -> None:
    assert rollback(published, FIRST) == read_record(published, FIRST)
    assert current_name(published) == FIRST


def test_rollback_to_an_unknown_version_names_the_kept_ones(published: Path) -> None:
    with pytest.raises(PublishError, match=f"kept versions: {FIRST}, {SECOND}"):
        rollback(published, "2024-03-31T0009")
    assert current_name(published) == SECOND


def test_rollback_to_a_damaged_version_is_refused(published: Path) -> None:
    (version_dir(published, FIRST) / "version.json").write_text("{")
    with pytest.raises(PublishError, match=f"the record of version {FIRST} cannot be read"):
        rollback(published, FIRST)
    assert current_name(published) == SECOND


def test_debris_is_cleared_and_nothing_else(published: Path) -> None:
    (published / ".building-2024-04-01T0003" / "parquet").mkdir(parents=True)
    (published / ".retired-2024-01-01T0001").mkdir()
    (published / ".pointer-current").symlink_to("versions/nowhere")
    (published / ".note").touch()
    before = set(os.listdir(published / "versions"))
    with publishing(published):
        assert sorted(os.listdir(published)) == [
            ".lock",
            ".note",
            "current",
            "current.json",
            "tenure.duckdb",
            "versions",
        ]
    assert set(os.listdir(published / "versions")) == before


def test_two_publishers_do_not_meet(published: Path) -> None:
    with (published / ".lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(PublishError, match="by another process"), publishing(published):
            pass


def test_no_pointer_means_no_version(tmp_path: Path) -> None:
    assert current_name(tmp_path) is None
    assert list_versions(tmp_path) == []
    with pytest.raises(PublishError, match="is not the name of a version"):
        versions.sequence_of("latest")
