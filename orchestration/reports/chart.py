"""Small line charts as SVG: drawn by hand, because a plotting library weighs more than a bank."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

Point = tuple[float, float]

_WIDTH, _HEIGHT = 300, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 12, 26, 38
# Names of the legend in a row, and the room that each has.
_LEGEND, _NAMES, _NAME_WIDTH = 26, 4, 130
# Wider, and the dialog in which Dagster shows a picture would cut it off.
_ACROSS = 2
_TICKS = 5
# Okabe and Ito's colours, which the colour-blind can tell apart; lines differ by their dashes, too.
_LOOKS = (
    ("#0072b2", ""), ("#d55e00", "6 3"), ("#009e73", "2 2"), ("#cc79a7", "8 2 2 2"),
    ("#e69f00", "4 4"), ("#56b4e9", "1 3"), ("#000000", "10 4"),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """Points in the order in which they are joined; lines of one name look alike in all panels.

    `joined`: so many points at a time, 1 for marks by themselves and 2 for bars; else all of them.
    """

    name: str
    points: Sequence[Point]
    joined: int | None = None


@dataclass(frozen=True)
class Panel:
    """One pair of axes.

    `y_zero`: the line of no error is drawn. `is_agreement`: y is to be x, so both axes have one
    scale, on which amounts of any size can be told apart. `every_x`: x counts names, and each of
    them is written. `guides`: thin lines to hold the others against, which no legend names.
    """

    title: str
    x_title: str
    lines: Sequence[Line]
    x_label: Callable[[float], str] = "{:,.0f}".format
    y_label: Callable[[float], str] = "{:,.0f}".format
    y_zero: bool = False
    is_agreement: bool = False
    every_x: bool = False
    guides: Sequence[Sequence[Point]] = ()


def svg(title: str, panels: Sequence[Panel]) -> str:
    """Panels in rows above one legend; the same panels always give the same bytes."""
    joined = {line.name: line.joined for panel in panels for line in panel.lines}
    names = list(joined)
    rows = math.ceil(len(panels) / _ACROSS)
    width, height = _WIDTH * _ACROSS, _HEIGHT * rows + _LEGEND * math.ceil(len(names) / _NAMES)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="11" '
        f'role="img" aria-label={quoteattr(title)}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *(_marker(position) for position in range(min(len(names), len(_LOOKS)))),
    ]
    for position, panel in enumerate(panels):
        row, column = divmod(position, _ACROSS)
        parts.append(f'<g transform="translate({column * _WIDTH} {row * _HEIGHT})">')
        parts += _panel(panel, names)
        parts.append("</g>")
    parts += _legend(joined, _HEIGHT * rows)
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def as_markdown(picture: str, title: str) -> str:
    """A picture that stands in the text itself, as an image that Markdown shows."""
    data = base64.b64encode(picture.encode()).decode()
    return f"![{title}](data:image/svg+xml;base64,{data})"


def short(amount: float) -> str:
    """An amount with k for thousands and m for millions."""
    for unit, sign in ((1e6, "m"), (1e3, "k")):
        if abs(amount) >= unit:
            return f"{amount / unit:,.0f}{sign}"
    return f"{amount:,.0f}"


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from at most `low` to at least `high`, about as many as fit."""
    span = (high - low) or abs(high) or 1.0
    power = 10 ** math.floor(math.log10(span / _TICKS))
    step = next(power * by for by in (1, 2, 5, 10) if power * by * _TICKS >= span)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [step * count for count in range(first, max(last, first + 1) + 1)]


def powers(low: float, high: float) -> list[float]:
    """Nought and powers of ten, from at most `low` to at least `high`."""
    top = [10.0**power for power in range(2, 16)]
    below = [-tick for tick in _up_to(top, -low)][::-1]
    return [*below, 0.0, *_up_to(top, high)]


def _up_to(found: Sequence[float], value: float) -> list[float]:
    """Those below a value, and the next; none for a value below nought."""
    if value <= 0:
        return []
    return [tick for tick in found if tick < value] + [tick for tick in found if tick >= value][:1]


@dataclass(frozen=True)
class _Axes:
    """Where a point of a panel stands in the picture."""

    x_ticks: Sequence[float]
    y_ticks: Sequence[float]
    x_ends: tuple[float, float]
    scale: Callable[[float], float]

    @classmethod
    def of(cls, panel: Panel) -> _Axes:
        points = [point for line in panel.lines for point in line.points]
        points += [point for guide in panel.guides for point in guide]
        xs, ys = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
        if panel.is_agreement:
            marks = powers(min(xs + ys), max(xs + ys))
            return cls(marks, marks, (marks[0], marks[-1]), _squeezed)
        if panel.y_zero:
            ys = [*ys, 0.0]
        whole = [tick for tick in ticks(min(xs), max(xs)) if tick == int(tick)]
        if panel.every_x:
            whole = [float(at) for at in range(int(min(xs)), int(max(xs)) + 1)]
        return cls(
            [tick for tick in whole if min(xs) <= tick <= max(xs)],
            ticks(min(ys), max(ys)),
            (min(xs), max(xs)),
            float,
        )

    def place(self, point: Point) -> Point:
        x = _share(*map(self.scale, (point[0], *self.x_ends)))
        y = _share(*map(self.scale, (point[1], self.y_ticks[0], self.y_ticks[-1])))
        return (
            _LEFT + x * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - y * (_HEIGHT - _TOP - _BOTTOM),
        )


def _squeezed(amount: float) -> float:
    """Amounts of both signs by their powers of ten, those near nought side by side."""
    return math.copysign(math.log10(1 + abs(amount) / 10), amount)


def _panel(panel: Panel, names: Sequence[str]) -> Iterator[str]:
    axes = _Axes.of(panel)
    right, low = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    yield f'<text x="{_LEFT}" y="16" font-weight="bold">{escape(panel.title)}</text>'
    for tick in axes.y_ticks:
        _, y = axes.place((axes.x_ends[0], tick))
        colour = "#555" if panel.y_zero and tick == 0 else "#ddd"
        yield f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="{colour}"/>'
        label = escape(panel.y_label(tick))
        yield f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
    for tick in axes.x_ticks:
        x, _ = axes.place((tick, 0.0))
        label = escape(panel.x_label(tick))
        yield f'<text x="{x:.1f}" y="{low + 14}" text-anchor="middle">{label}</text>'
    middle = (_LEFT + right) / 2
    yield f'<text x="{middle}" y="{low + 30}" text-anchor="middle">{escape(panel.x_title)}</text>'
    if panel.is_agreement:
        ends = [axes.place((end, end)) for end in axes.x_ends]
        yield _guide(ends)
    for guide in panel.guides:
        yield _guide([axes.place(point) for point in guide])
    for line in panel.lines:
        look = names.index(line.name) % len(_LOOKS)
        yield _line(line.name, look, [axes.place(point) for point in line.points], line.joined)


def _share(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 0.5


def _line(name: str, look: int, places: Sequence[Point], joined: int | None) -> str:
    colour, dashes = _LOOKS[look]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    marks = " ".join(f'marker-{where}="url(#m{look})"' for where in ("start", "mid", "end"))
    return (
        f'<path d="{_path(places, joined)}" fill="none" stroke="{colour}" '
        f'stroke-width="1.5"{dashed} '
        f"{marks}><title>{escape(name)}</title></path>"
    )


def _guide(places: Sequence[Point]) -> str:
    return f'<path d="{_path(places)}" fill="none" stroke="#555"/>'


def _path(places: Sequence[Point], joined: int | None = None) -> str:
    written = [f"{x:.1f} {y:.1f}" for x, y in places]
    by = joined or len(written) or 1
    parts = ["L".join(written[at : at + by]) for at in range(0, len(written) or 1, by)]
    return "".join(f"M{part}" for part in parts)


def _marker(look: int) -> str:
    return (
        f'<marker id="m{look}" markerWidth="5" markerHeight="5" refX="2.5" refY="2.5" '
        f'markerUnits="userSpaceOnUse"><circle cx="2.5" cy="2.5" r="2" fill="{_LOOKS[look][0]}"/>'
        "</marker>"
    )


def _legend(joined: Mapping[str, int | None], top: int) -> Iterator[str]:
    for position, name in enumerate(joined):
        row, column = divmod(position, _NAMES)
        x, y = _LEFT + column * _NAME_WIDTH, top + 12 + row * _LEGEND
        yield _line(name, position % len(_LOOKS), [(x, y), (x + 26, y)], joined[name])
        yield f'<text x="{x + 32}" y="{y + 4}">{escape(name)}</text>'
