"""Lines of CSV: physical line numbers and records, against Python's own csv module."""

from __future__ import annotations

import csv
import io
import random

import pytest

from orchestration.landing import textlines
from orchestration.landing.textlines import BAD, BREAK, RETURN, LineCleaner


def _clean(text: bytes, columns: int = 2, cuts: tuple[int, ...] = ()) -> list[str]:
    """The clean lines of a text that arrives in blocks of so many lines."""
    cleaner = LineCleaner(columns)
    lines = text.splitlines(keepends=True) if cuts else [text]
    blocks = []
    for count in cuts:
        blocks.append(b"".join(lines[:count]))
        lines = lines[count:]
    blocks.append(b"".join(lines))
    clean = [cleaner.clean(block, at == len(blocks) - 1) for at, block in enumerate(blocks)]
    return b"".join(clean).decode().split("\n")[:-1]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (b"a,b\nc,d\n", ["a,b", "c,d"]),
        (b"a,b", ["a,b"]),
        (b"a,b\r\nc,d\r\n", ["a,b", "c,d"]),
        (b"a,b\r", ["a,b"]),
        (b"a,b\rc\n", [f"a,b{RETURN}c"]),
        (b'"a\nb",c\nd,e\n', [f'"a{BREAK}b",c', "", "d,e"]),
        (b'"a\n\nb",c\n', [f'"a{BREAK}{BREAK}b",c', "", ""]),
        (b'"a\nb"\nc,d\n', ['"a', 'b"', "c,d"]),
        (b'"a,b\nc,d\n', ['"a,b', "c,d"]),
        (b'a"x,b\nc,"d"\n', ['a"x,b', 'c,"d"']),
        (b'"a,b\nc,d\n"e\nf",g\n', ['"a,b', "c,d", f'"e{BREAK}f",g', ""]),
        (b"a\0,b\n", [f"a{BAD},b"]),
        (b"a\xff,b\n", [f"a{BAD},b"]),
        (b"a\xef\xb7\x91,b\n", [f"a{BAD},b"]),
    ],
)
def test_lines(text: bytes, lines: list[str]) -> None:
    assert _clean(text) == lines


def test_a_file_that_is_no_utf8_at_all_is_told_from_one_with_a_damaged_line() -> None:
    cleaner = LineCleaner(1)
    cleaner.clean("é\n".encode("latin-1"), final=False)
    assert not cleaner.encoding.is_foreign
    cleaner.clean("ü\n".encode("latin-1"), final=False)
    assert cleaner.encoding.is_foreign
    cleaner.clean("é\n".encode(), final=True)
    assert not cleaner.encoding.is_foreign


def test_good_and_damaged_lines_of_one_block_are_both_seen() -> None:
    cleaner = LineCleaner(1)
    cleaner.clean("a\né\n".encode() + b"\xff\xfe\n\xff\n", final=True)
    assert (cleaner.encoding.bad_lines, cleaner.encoding.good_line) == (2, True)


def test_an_open_quote_beyond_the_longest_record_is_damage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(textlines, "MAX_RECORD", 20)
    long = b'"' + b"x\n" * 12 + b'",b\n'
    assert _clean(long)[0] == '"x'
    assert _clean(b'"' + b"x\n" * 6 + b'",b\n')[0].startswith(f'"x{BREAK}x')


@pytest.mark.parametrize("seed", range(200))
def test_any_well_formed_text_in_any_blocks_keeps_its_records_and_line_numbers(seed: int) -> None:
    """Python's reader says on which line a record ends; the next one starts a line later."""
    chance = random.Random(seed)
    alphabet = ["a", "é", '"', ",", "\n", "客"]
    records = [
        ["".join(chance.choices(alphabet, k=chance.randrange(5))) for _ in range(3)]
        for _ in range(chance.randrange(1, 12))
    ]
    target = io.StringIO()
    csv.writer(target, lineterminator="\n", quoting=chance.choice((0, 1))).writerows(records)
    text = target.getvalue()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    starts, line = {}, 1
    for record in reader:
        starts[line] = record
        line = reader.line_num + 1
    cuts = tuple(chance.randrange(1, 5) for _ in range(chance.randrange(4)))
    found = {
        number: next(csv.reader([content.replace(BREAK, "\n")], strict=True))
        for number, content in enumerate(_clean(text.encode(), 3, cuts), start=1)
        if content
    }
    assert found == starts
