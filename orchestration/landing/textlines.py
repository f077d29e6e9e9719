"""Bytes of a delivered CSV file to clean lines: the rules of the dialect that bytes decide.

A block of whole lines goes in, a block of whole lines comes out, and line n of a file stays
line n: a record that spans several lines moves onto its first line and leaves empty lines
behind. What cannot stay as it is becomes a mark, a Unicode noncharacter that no text contains.
All work is done by the C code of bytes, re and numpy; no loop runs over ordinary lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

BAD = "\ufdd0"  # bytes that are not UTF-8, NUL or the reader's own separator
BREAK = "\ufdd1"  # a line break inside a quoted value
RETURN = "\ufdd2"  # a carriage return that ends no line
SEPARATOR = b"\x1f"  # the line reader's delimiter: must not occur in a line
# A quote left open swallows lines until it closes; past this it counts as damage.
MAX_RECORD = 64 * 1024

_BAD, _BREAK, _RETURN = (mark.encode() for mark in (BAD, BREAK, RETURN))
_NONCHARACTER = re.compile(rb"\xef\xb7[\x90-\xaf]")
_UNDECODED = re.compile("[\udc80-\udcff]+")
_UNDECODED_LINE = re.compile("^.*[\udc80-\udcff].*$", re.MULTILINE)
_GOOD_LINE = re.compile(
    "^[^\udc80-\udcff\n]*[\x80-\ud7ff\ue000-\U0010ffff][^\udc80-\udcff\n]*$", re.M
)
_FIELD = rb'(?:"(?:[^"]++|"")*+"|[^",\n]*+)'


@dataclass
class Encoding:
    """What was seen of a file's encoding so far."""

    bad_lines: int = 0
    good_line: bool = False

    @property
    def is_foreign(self) -> bool:
        """Several lines are not UTF-8, and not one line with such letters is."""
        return self.bad_lines > 1 and not self.good_line


class LineCleaner:
    """Cleans the blocks of one file, in order."""

    def __init__(self, columns: int) -> None:
        self.encoding = Encoding()
        self.rewrote = False
        self._record = record_pattern(columns)
        self._rest = b""

    def clean(self, block: bytes, final: bool) -> bytes:
        """Clean lines, each ending in a newline; `block` ends at a line's end unless final."""
        if final and block and not block.endswith(b"\n"):
            block = block.removesuffix(b"\r") + b"\n"
        block = self._mark(block)
        if self._rest:
            block, self._rest = self._rest + block, b""
        return self._join(block, final) if b'"' in block else block

    def _mark(self, block: bytes) -> bytes:
        marked = block
        if not block.isascii():
            marked = _NONCHARACTER.sub(_BAD, block) if b"\xef\xb7" in block else block
            marked = self._mark_undecodable(marked)
        for unusable in (b"\0", SEPARATOR):
            if unusable in block:
                marked = marked.replace(unusable, _BAD)
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n")
            marked = marked.replace(b"\r\n", b"\n").replace(b"\r", _RETURN)
        self.rewrote |= marked != block
        return marked

    def _mark_undecodable(self, block: bytes) -> bytes:
        try:
            block.decode("utf-8")
        except UnicodeDecodeError:
            text = block.decode("utf-8", errors="surrogateescape")
            self.encoding.bad_lines += sum(1 for _ in _UNDECODED_LINE.finditer(text))
            self.encoding.good_line |= _GOOD_LINE.search(text) is not None
            return _UNDECODED.sub(BAD, text).encode("utf-8")
        self.encoding.good_line = True
        return block

    def _join(self, block: bytes, final: bool) -> bytes:
        """Put records that span lines onto one line each, with empty lines after them."""
        parts: list[bytes] = []
        done = 0
        for start in _odd_lines(block):
            if start < done:
                continue
            end = min(len(block), start + MAX_RECORD)
            record = self._record.match(block, start, end)
            if record is None or record.end() == len(block):
                if end == len(block) and not final:
                    self._rest = block[start:]
                    parts.append(block[done:start])
                    return b"".join(parts)
                continue
            lines = record.group()
            parts += (block[done:start], lines.replace(b"\n", _BREAK), b"\n" * lines.count(b"\n"))
            done = record.end()
            self.rewrote = True
        return b"".join((*parts, block[done:])) if parts else block


def record_pattern(columns: int) -> re.Pattern[bytes]:
    """A whole record of so many values, up to but without its newline."""
    return re.compile(_FIELD + rb"(?:," + _FIELD + rb"){%d}(?=\n)" % (columns - 1))


def _odd_lines(block: bytes) -> list[int]:
    """Where the lines start that hold an odd number of quotes: only they open a long record."""
    content = np.frombuffer(block, dtype=np.uint8)
    breaks = np.flatnonzero(content == 10)
    quotes = np.searchsorted(np.flatnonzero(content == 34), breaks)
    odd = np.flatnonzero(np.diff(quotes, prepend=0) & 1)
    starts = np.concatenate(([0], breaks[:-1] + 1))
    return [int(start) for start in starts[odd]]
