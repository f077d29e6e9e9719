"""Charts: round ticks, one look per name, and text that is written as text."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from orchestration.reports.chart import Line, Panel, powers, short, svg, ticks

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-0.11, 0.13, [-0.15, -0.1, -0.05, 0, 0.05, 0.1, 0.15]),
        (24, 24, [20, 25]),
        (0, 0, [0, 0.2]),
    ],
)
def test_ticks_are_round_and_hold_everything(low: float, high: float, expected: list[int]) -> None:
    assert ticks(low, high) == pytest.approx(expected)


def test_powers_hold_everything() -> None:
    assert powers(-150, 20) == [-1000, -100, 0, 100]
    assert powers(5, 100) == [0, 100]
    assert powers(0, 0) == [0]


def test_large_amounts_are_short() -> None:
    assert [short(amount) for amount in (0, -100, 1000, 2_000_000)] == ["0", "-100", "1k", "2m"]


def test_a_name_looks_alike_in_all_panels_and_stands_in_the_legend_once() -> None:
    panels = [
        Panel("a & b", "x", [Line("<one>", [(0, 0), (1, 1)]), Line("two", [(0, 2)])]),
        Panel("c", "x", [Line("two", [(0, 2)])]),
    ]
    picture = svg('"quoted" & more', panels)
    root = ElementTree.fromstring(picture)
    colours: dict[str | None, set[str | None]] = {}
    for path in root.iter(f"{SVG}path"):
        for title in path:
            colours.setdefault(title.text, set()).add(path.get("stroke"))
    assert set(colours) == {"<one>", "two"}
    assert all(len(found) == 1 for found in colours.values())
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert texts.count("<one>") == texts.count("two") == 1
    assert svg('"quoted" & more', panels) == picture


@pytest.mark.parametrize(
    ("joined", "strokes"),
    [(None, ["M.L.L.L."]), (1, ["M.", "M.", "M.", "M."]), (2, ["M.L.", "M.L."])],
)
def test_points_are_joined_so_many_at_a_time(joined: int | None, strokes: list[str]) -> None:
    points = [(0, 0), (0, 2), (1, 1), (1, 3)]
    root = ElementTree.fromstring(svg("bars", [Panel("p", "x", [Line("bar", points, joined)])]))
    drawn, legend = [path.get("d", "") for path in root.iter(f"{SVG}path") if len(path)]
    assert re.sub(r"[\d. ]+", ".", drawn) == "".join(strokes)
    assert legend.count("L") == (joined != 1), "the legend shows how"


def test_panels_and_names_go_on_in_another_row() -> None:
    lines = [Line(f"model {number}", [(0, 0)]) for number in range(5)]
    root = ElementTree.fromstring(svg("many", [Panel(f"{n}", "x", lines) for n in range(3)]))
    groups = [group.get("transform") for group in root.iter(f"{SVG}g")]
    assert groups == ["translate(0 0)", "translate(300 0)", "translate(0 190)"]
    assert root.get("viewBox") == "0 0 600 432"


def test_a_guide_is_drawn_and_no_legend_names_it() -> None:
    panel = Panel("a", "x", [Line("one", [(0, 0), (4, 1)])], guides=[[(0, 9), (2, 9), (4, 9)]])
    root = ElementTree.fromstring(svg("guided", [panel]))
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    # The axis reaches it.
    assert "10" in texts
    assert texts.count("one") == 1
    guides = [
        path.get("d", "")
        for path in root.iter("{http://www.w3.org/2000/svg}path")
        if path.get("stroke") == "#555"
    ]
    assert [guide.count("L") for guide in guides] == [2]


def test_nothing_is_a_picture_too() -> None:
    ElementTree.fromstring(svg("nothing", []))
    ElementTree.fromstring(svg("nothing", [Panel("empty", "x", [])]))
    ElementTree.fromstring(svg("nothing", [Panel("empty", "x", [], is_agreement=True)]))
