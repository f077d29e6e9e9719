"""What the documentation points to exists: pages, headings, paths, commands, targets, settings."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
from click import Context, Group
from typer.main import get_command

from orchestration.cli import app
from orchestration.settings import Settings
from tests.unit.docs.pages import (
    PAGES,
    ROOT,
    anchors,
    blocks,
    inline_code,
    label,
    links,
    page,
)

every_page = pytest.mark.parametrize("path", PAGES, ids=label)
MAKEFILE = page("Makefile")
IN_REPOSITORY = re.compile(r"^(orchestration|expectations|dbt_project|tests|docs|benchmarks|\.ci)/")


@every_page
def test_links_lead_somewhere(path: Path) -> None:
    for link in links(path.read_text("utf-8")):
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), link
        assert target == ROOT or ROOT in target.parents, link
        if anchor:
            assert anchor in anchors(target.read_text("utf-8")), link


@every_page
def test_paths_in_backticks_exist(path: Path) -> None:
    named = [code for code in inline_code(path.read_text("utf-8")) if IN_REPOSITORY.match(code)]
    missing = [code for code in named if "<" not in code and not _exists(code)]
    assert not missing


def _exists(code: str) -> bool:
    return any(ROOT.glob(code.rstrip("/"))) if "*" in code else (ROOT / code).exists()


def commands(text: str) -> list[str]:
    """Every `tenure` command line of a page."""
    lines = [line for code in blocks(text, "bash", "sh", "") for line in code.splitlines()]
    found = [part for line in lines for part in re.split(r"\|\||&&|\|", line)]
    found += inline_code(text)
    return [line.strip() for line in found if line.strip().startswith("tenure ")]


@every_page
def test_commands_and_their_options_exist(path: Path) -> None:
    for line in commands(path.read_text("utf-8")):
        words = shlex.split(line)[1:]
        if words[0] not in ("COMMAND", "..."):
            _parse(words)


def _parse(words: list[str]) -> None:
    """Parses a command line; a command that is only named need not have its arguments."""
    command, context = get_command(app), Context(get_command(app))
    while isinstance(command, Group):
        found = command.get_command(context, words[0])
        assert found is not None, words
        command, words = found, words[1:]
    if words:
        command.make_context(command.name, words)


@every_page
def test_make_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    variables = set(re.findall(r"^([A-Z_]+)\b", MAKEFILE, re.MULTILINE))
    for code in inline_code(path.read_text("utf-8")):
        if code.startswith("make "):
            for word in code.split()[1:]:
                name, given, _ = word.partition("=")
                assert name in (variables if given else targets), code


def test_make_demo_runs_the_command_of_that_name() -> None:
    told = subprocess.run(
        ["make", "--dry-run", "--assume-old=.venv/.ready", "demo", "CUSTOMERS=500", "MONTHS=3"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    (line,) = [line for line in told.splitlines() if "/tenure " in line]
    words = shlex.split(line)
    assert "500" in words
    assert "var/demo" in words
    _parse(words[1:])


def test_sizes_of_the_demo_are_those_of_the_makefile() -> None:
    defaults = dict(re.findall(r"^([A-Z_]+) \?= (\S+)$", MAKEFILE, re.MULTILINE))
    readme = page("README.md")
    assert f"a bank of {int(defaults['CUSTOMERS']):,} customers" in readme
    assert {"6": "six months"}[defaults["MONTHS"]] in readme
    assert f"`{defaults['DEMO_HOME']}`" in readme


def test_tenure_toml_holds_every_setting() -> None:
    given = tomllib.loads(page("tenure.toml"))
    assert set(given) | {"home"} == set(Settings.model_fields)


@every_page
def test_settings_named_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    named = re.findall(r"settings? `(\w+)`(?:(?:,| and)\s+`(\w+)`)*", text)
    assert {name for group in named for name in group if name} <= set(Settings.model_fields)


def test_schedule_and_sensor_have_the_documented_names() -> None:
    for name, module in (("every_morning", "schedules"), ("new_deliveries", "sensors")):
        assert f'name="{name}"' in page(f"orchestration/{module}.py")
        assert f"`{name}`" in page("README.md")


def test_decisions_are_numbered_short_and_whole() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [path.name[:4] for path in records] == [f"{n:04}" for n in range(1, len(records) + 1)]
    for path in records:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {path.name[:4]} "), path.name
        parts = ("**Context.**", "**Decision.**", "**Consequence.**")
        places = [text.find(part) for part in parts]
        assert places == sorted(places), path.name
        assert places[0] > 0, path.name
        assert len(text.splitlines()) <= 35, path.name
