"""Files larger than a block: line numbers stay exact whatever lies on a block's edge."""

from __future__ import annotations

import csv
import io
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.integration.landing.corpus_case import GOOD, header, packed
from tests.integration.landing.landing_home import LandingHome

pytestmark = pytest.mark.slow

TABLE = "customers"


@dataclass
class Messy:
    """A large file, and by construction what stands on which line."""

    text: str
    names: dict[int, str] = field(default_factory=dict)
    bad: dict[int, str] = field(default_factory=dict)


def _messy(seed: int, size: int) -> Messy:
    chance = random.Random(seed)
    parts = [header(TABLE)]
    messy = Messy("")
    line = 2
    length = 0
    while length < size:
        kind = chance.random()
        if kind < 0.05:
            part = "\n" * chance.randrange(1, 4)
        elif kind < 0.08:
            part = '"never closed,' + "x" * chance.randrange(200) + "\n"
            messy.bad[line] = "malformed_row"
        elif kind < 0.1:
            part = "a,b,c\n"
            messy.bad[line] = "malformed_row"
        else:
            name = _name(chance)
            values = GOOD[TABLE] | {"customer_id": f"C{line}", "name": name}
            if kind > 0.97:
                values["birth_date"] = "1.1.1980"
                messy.bad[line] = "wrong_type"
            else:
                messy.names[line] = name
            part = _record(values, chance)
        parts.append(part)
        line += part.count("\n")
        length += len(part)
    messy.text = "".join(parts)
    return messy


def _name(chance: random.Random) -> str:
    words = ["Wei", "O'Neil", 'the "Boss"', "a, b", "张伟", "line\nbreak", "\n", "x" * 300]
    return " ".join(chance.choices(words, k=chance.randrange(1, 5)))


def _record(values: dict[str, str], chance: random.Random) -> str:
    target = io.StringIO()
    quoting = csv.QUOTE_ALL if chance.random() < 0.3 else csv.QUOTE_MINIMAL
    csv.writer(target, lineterminator="\n", quoting=quoting).writerow(values.values())
    return target.getvalue()


@pytest.mark.parametrize("seed", range(4))
def test_lines_of_a_large_messy_file(tmp_path: Path, seed: int) -> None:
    messy = _messy(seed, 5_000_000)
    home = LandingHome(tmp_path, (TABLE,))
    content = messy.text.encode()
    home.put("2025-01-02", packed(content), "a.csv.gz", TABLE)
    home.load()
    assert home.rows("select status, reason from control.load_ledger") == [("loaded", None)]
    assert dict(home.rows(f"select line_no, name from raw.{TABLE}")) == messy.names
    bad = dict(home.rows("select line_no, reason_code from control.quarantine"))
    assert bad == messy.bad
    home.put("2025-01-03", content + b"\n", "b.csv", TABLE)
    home.load()
    rows = f"select line_no, name from raw.{TABLE} where loaded_on = '2025-01-03'"
    assert dict(home.rows(rows)) == messy.names
    home.con.close()


def test_many_corrected_keys_with_like_contents_cost_no_square(tmp_path: Path) -> None:
    """Rows that differ only in their keys must not be paired with each other."""
    home = LandingHome(tmp_path)
    for day in (2, 3, 4):
        home.balances(f"2025-01-0{day}", *(f"A{key},2025-01-01,{day}" for key in range(40_000)))
    clock = time.monotonic()
    home.load()
    assert time.monotonic() - clock < 30
    assert home.rows(
        "select superseded_on is null, count(*) from raw.account_balances group by all order by all"
    ) == [(False, 80_000), (True, 40_000)]
