"""The recipes of docs/connect.md, run as they stand there."""

import re
from pathlib import Path

import pytest

from orchestration.publish.reader import open_published
from tests.integration.publish.toy import create_warehouse, publish_toy

PAGE = Path(__file__).parents[3] / "docs" / "connect.md"
BLOCKS = re.findall(r"^```(python|sql)\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.M)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("bank") / "var"
    home.mkdir()
    create_warehouse(home / "warehouse.duckdb")
    publish_toy(home)
    return home


def test_the_page_has_recipes() -> None:
    assert len(BLOCKS) >= 10


@pytest.mark.parametrize(("language", "code"), BLOCKS)
def test_a_recipe_runs(
    home: Path,
    language: str,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(home.parent)
    if language == "python":
        exec(compile(code, str(PAGE), "exec"), {})
        assert capsys.readouterr().out.strip()
    else:
        with open_published(home / "published") as con:
            assert con.execute(code).fetchall()
