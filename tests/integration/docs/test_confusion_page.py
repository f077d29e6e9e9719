"""docs/confusion.md: its method works on a smaller bank, and stays above the floors it states."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from benchmarks.confusion import CAUSES, FOUND_CAUSES, STAGES, confusions
from orchestration.sample_bank.generate import generate
from orchestration.sample_bank.options import Volumes
from tests.support.home import Home
from tests.unit.docs.pages import page, section, table

PAGE = page("docs/confusion.md")
START, MONTHS, LAST = date(2024, 1, 1), 14, date(2025, 2, 28)
# Of so short a history the months from here on are looked at.
FROM = date(2024, 8, 1)


def floors() -> dict[str, float]:
    """The page's own."""
    _, rows = table(PAGE[PAGE.index("| share |") :])
    return {name: int(share.removesuffix("%")) / 100 for name, share in rows}


def test_tables_are_those_printed() -> None:
    for name, planted, judged in (
        ("Stages", STAGES, STAGES),
        ("Causes of decline", tuple(CAUSES), FOUND_CAUSES),
    ):
        header, rows = table(section(PAGE, name))
        assert header[1:-1] == list(judged)
        assert [row[0] for row in rows] == list(planted)


@pytest.mark.slow
def test_planted_stages_and_causes_are_found(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", first_day=START, threads=2)
    volumes = Volumes(threads=1, memory_limit="1GB", decline_per_year=0.2)
    generate(home.settings.home, 300, START, MONTHS, 5, file_format="parquet", volumes=volumes)
    home.run(START, LAST)
    stages, causes = confusions(home.settings.home, FROM)
    held = floors()
    assert stages.agreement >= held["stages judged as planted"], stages.markdown()
    assert stages.recall("declining") >= held["planted `declining` found"], stages.markdown()
    assert causes.agreement >= held["causes judged as planted"], causes.markdown()
    assert stages.recall("prospect") == 1
    assert sum(causes.counts.values()) > 100
