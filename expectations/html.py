"""Small pieces of HTML. Everything that is not marked as markup is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: Any) -> Markup:
    """A value for a page."""
    if isinstance(value, Markup):
        return value
    return Markup("" if value is None else escape(str(value)))


def element(name: str, *content: Any, **attributes: str) -> Markup:
    """`<name attributes>content</name>`; `class_` is written as class."""
    given = "".join(
        f' {key.rstrip("_")}="{escape(value, quote=True)}"' for key, value in attributes.items()
    )
    return Markup(f"<{name}{given}>{join(content)}</{name}>")


def join(parts: Iterable[Any]) -> Markup:
    """Pieces one after the other."""
    return Markup("".join(text(part) for part in parts))


def table(caption: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Markup:
    """A table; the first cell of a row is its header, cells may be ready `td` elements."""
    body = join(_row(row) for row in rows)
    titles = join(element("th", title, scope="col") for title in head)
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", element("tr", titles)),
            element("tbody", body),
        ),
        class_="wide",
    )


def _row(cells: Sequence[Any]) -> Markup:
    first, *others = cells
    return element(
        "tr",
        element("th", first, scope="row"),
        *(cell if _is_cell(cell) else element("td", cell) for cell in others),
    )


def _is_cell(cell: Any) -> bool:
    return isinstance(cell, Markup) and cell.startswith("<td")


def page(title: str, root: str, *content: Any) -> str:
    """A whole page; `root` is the way back to the folder of the index."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{text(title)}</title><link rel="stylesheet" href="{text(root)}style.css"></head>'
        f'<body><a class="skip" href="#main">To the content</a><header><a href="{text(root)}'
        'index.html">Tenure · Data Docs</a></header>'
        f'<main id="main">{join(content)}</main></body></html>\n'
    )


STYLE = """\
:root {
  --ink: #1c2430; --quiet: #5a6675; --line: #d9dfe6; --paper: #ffffff; --ground: #f4f6f8;
  --good: #14663a; --good-ground: #e2f4e9; --warn: #7a4a00; --warn-ground: #fdf0d5;
  --bad: #9b1c1c; --bad-ground: #fde8e8; --link: #17539b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6eaf0; --quiet: #a3afbd; --line: #364150; --paper: #1b222c; --ground: #12171e;
    --good: #8fdcae; --good-ground: #163524; --warn: #f3cd83; --warn-ground: #3c2d0e;
    --bad: #ffb0b0; --bad-ground: #45191b; --link: #8fbdf5;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif;
}
header { background: var(--paper); border-bottom: 1px solid var(--line); padding: .8rem 1.5rem; }
header a { color: var(--ink); font-weight: 600; text-decoration: none; }
main { max-width: 78rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
h4 { font-size: .95rem; margin: .9rem 0 0; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem; }
p { margin: .4rem 0; max-width: 60rem; }
.quiet { color: var(--quiet); }
.note { color: var(--quiet); font-size: .86rem; white-space: nowrap; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; background: var(--paper); font-size: .92rem; }
caption { text-align: left; color: var(--quiet); padding: .4rem 0; }
th, td {
  text-align: left; vertical-align: top; padding: .5rem .7rem; border: 1px solid var(--line);
}
thead th { background: var(--ground); font-weight: 600; }
tbody th { font-weight: 500; white-space: nowrap; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.badge {
  display: inline-block; border-radius: .3rem; padding: .05rem .5rem; font-size: .86rem;
  font-weight: 600; white-space: nowrap; text-decoration: none;
}
a.badge:hover { text-decoration: underline; }
.passed { background: var(--good-ground); color: var(--good); }
.warned, .warning, .waived, .accepted { background: var(--warn-ground); color: var(--warn); }
.failed, .error, .broken { background: var(--bad-ground); color: var(--bad); }
.card {
  background: var(--paper); border: 1px solid var(--line); border-left: .35rem solid var(--line);
  border-radius: .3rem; padding: .9rem 1.1rem; margin: 0 0 1rem;
}
.card.failed, .card.broken, .card.warned { background: var(--paper); color: inherit; }
.card.failed, .card.broken { border-left-color: var(--bad); }
.card.warned { border-left-color: var(--warn); }
.card .top { display: flex; flex-wrap: wrap; gap: .6rem; align-items: baseline; }
.card table { font-size: .85rem; }
dl { display: flex; flex-wrap: wrap; gap: .3rem 2rem; margin: .5rem 0; }
dl > div { display: flex; flex-direction: column; }
dt { color: var(--quiet); font-size: .82rem; }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
dl.why { flex-direction: column; }
dl.why dd { max-width: 60rem; }
summary { cursor: pointer; padding: .3rem 0; }
code { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; }
@media print { body, main { background: none; } .card { break-inside: avoid; } }
"""
