"""docs/backtest.md: its tables and pictures are those that the command makes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.backtest import shown
from orchestration.policy.forward_rows import MODELS, POPULATIONS
from orchestration.reports.backtest import BASELINE, MEANINGS, TESTS
from orchestration.sample_bank.generate import generate
from orchestration.sample_bank.options import Volumes
from tests.support.home import Home
from tests.unit.docs.pages import ROOT, page, section, table

PAGE = page("docs/backtest.md")
START, MONTHS, LAST = date(2024, 1, 1), 9, date(2024, 9, 30)
TITLES = (
    "Newest test of each model",
    "Average over all origins",
    "A head of each tenth, the lowest expectations first",
)


def test_every_model_is_on_the_page() -> None:
    for title in TITLES:
        _, rows = table(section(PAGE, title))
        assert {row[1] for row in rows} == set(MODELS), title
        assert {row[0] for row in rows} == set(POPULATIONS), title


def test_columns_mean_on_the_page_what_they_mean_in_the_terminal() -> None:
    _, rows = table(PAGE[PAGE.index("| column |") :])
    named = {name for line in MEANINGS for name in line.partition(":")[0].split(", ")}
    assert {name for name, _ in rows} == named | {"without sign"}


def test_pictures_show_every_model() -> None:
    for name in TESTS:
        assert f"]({name}.svg)" in PAGE
        root = ElementTree.parse(ROOT / "docs" / f"{name}.svg").getroot()
        assert set(MODELS) <= {text.text for text in root.iter() if text.text}


@pytest.mark.slow
def test_the_command_makes_them(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", first_day=START, threads=2)
    volumes = Volumes(threads=1, memory_limit="1GB")
    generate(home.settings.home, 150, START, MONTHS, 5, file_format="parquet", volumes=volumes)
    home.run(START, LAST)
    tables, pictures = shown(home.settings.home)
    assert tuple(tables) == TITLES
    for title in TITLES:
        columns, rows = table(tables[title])
        assert columns == table(section(PAGE, title))[0], title
        assert BASELINE in {row[1] for row in rows}, title
    assert set(pictures) == set(TESTS)
    assert all("<text" in picture for picture in pictures.values())
