"""The documentation as tests read it: pages, links, code, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def page(name: str) -> str:
    """The text of a page, by its path from the root."""
    return (ROOT / name).read_text("utf-8")


def label(path: Path) -> str:
    """A test id that reads like a path."""
    return str(path.relative_to(ROOT))


def prose(text: str) -> str:
    """A page without its code blocks."""
    return _FENCE.sub("", text)


def blocks(text: str, *languages: str) -> list[str]:
    """Code blocks in these languages."""
    return [code for language, code in _FENCE.findall(text) if language in languages]


def inline_code(text: str) -> list[str]:
    """What stands in backticks outside of code blocks, line breaks taken as blanks."""
    return [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose(text))]


def links(text: str) -> list[str]:
    """Targets of links that stay in the repository."""
    found = re.findall(r"\]\(([^)\s]+)\)", prose(text))
    return [target for target in found if not re.match(r"\w+://", target)]


def anchors(text: str) -> set[str]:
    """Anchors that headings get."""
    headings = re.findall(r"^#+ (.*)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one."""
    _, _, rest = text.partition(f"# {heading}\n")
    assert rest, f"no heading {heading!r}"
    return re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def table(text: str) -> tuple[list[str], list[list[str]]]:
    """The first table of a text: its header and its rows, backticks and blanks taken off."""
    lines = [line for line in _table_lines(text)]
    header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return header, rows


def _table_lines(text: str) -> Iterator[str]:
    started = False
    for line in text.splitlines():
        if line.startswith("|"):
            started = True
            yield line
        elif started:
            return


def names(cell: str) -> list[str]:
    """Names in backticks."""
    return re.findall(r"`([^`]+)`", cell)
