"""Nothing that was delivered of a table with personal columns is repeated to people.

A name stands in every place where a damaged delivery can put it, and is looked for in everything
that is recorded, reported and shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from expectations.docs import build_docs
from expectations.gate import run_gate
from expectations.results import record
from orchestration.landing.contract import load_contract
from orchestration.landing.load import LoadReport
from orchestration.state import Window
from tests.integration.landing.corpus_case import GOOD, header, line, parquet
from tests.integration.landing.landing_home import FAR, LandingHome

NAME = "Qiu Yue-Ming"
FIRST = date(2025, 1, 1)
TABLE = "customers"
HEADER = header(TABLE)
VALUES = list((GOOD[TABLE] | {"name": NAME}).values())
SHIFTED = [*VALUES[1:], VALUES[0]]
MOVED = [VALUES[0], *VALUES[-1:], *VALUES[1:-1]]
ROW = ",".join(VALUES) + "\n"
# Text that is not UTF-8 in a Parquet file: the reader quotes it.
DAMAGED = pa.Array.from_buffers(
    pa.string(),
    1,
    [
        None,
        pa.array([0, len(NAME) + 1], pa.int32()).buffers()[1],
        pa.py_buffer(NAME.encode() + b"\xff"),
    ],
)
QUARANTINED = {
    "shifted left": HEADER + ",".join(SHIFTED) + "\n",
    "shifted right": HEADER + ",".join(MOVED) + "\n",
    "too few values": HEADER + f"C1,{NAME}\n",
    "not closed": HEADER + f'C1,"{NAME},2\n' + ROW,
    "not UTF-8": HEADER.encode() + b"C1,\xff" + NAME.encode() + b"\n" + ROW.encode(),
} | {
    f"in {column}": HEADER + line(TABLE, **{column: NAME})
    for column, described in load_contract().tables[TABLE].columns.items()
    if described.type != "string" or described.codes
}
REFUSED = {
    "no header": ROW,
    "no header, twice the name": ",".join([*GOOD[TABLE], NAME, NAME]) + "\n",
    "no header but for a column": f"customer_id,{NAME}\n",
    "quotes in the first line": f'"{NAME}"x,C1\n',
    "cut off": HEADER + NAME,
    "no text at all": HEADER.encode() + f"{NAME}\xe9\n".encode("latin-1") * 2,
    "not packed": ROW,
    "not Parquet": ROW,
    "damaged text": parquet({k: [v] for k, v in GOOD[TABLE].items()} | {"name": DAMAGED}),
}
ENDINGS = {"not packed": "csv.gz", "not Parquet": "parquet", "damaged text": "parquet"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LandingHome]:
    home = LandingHome(tmp_path_factory.mktemp("private"), (TABLE, "accounts"))
    for at, (name, content) in enumerate((QUARANTINED | REFUSED).items()):
        day = FIRST + timedelta(days=at)
        home.put(str(day), content, f"a.{ENDINGS.get(name, 'csv')}", TABLE)
    rows = {column: [value] for column, value in zip(GOOD[TABLE], SHIFTED, strict=True)}
    home.put(str(FIRST), parquet(rows), "b.parquet", TABLE)
    home.put(str(FIRST), HEADER.rstrip("\n") + "," + ROW, "glued.csv", TABLE)
    home.put(str(FIRST), ROW, "astray.csv", "accounts")
    yield home
    home.con.close()


@pytest.fixture(scope="module")
def report(home: LandingHome) -> LoadReport:
    return home.load()


def _problems(home: LandingHome, name: str) -> list[tuple[str, str | None, str | None, str]]:
    day = FIRST + timedelta(days=list(QUARANTINED).index(name))
    return home.rows(
        "select reason_code, column_name, value, reason from control.quarantine "
        f"where loaded_on = date '{day}' and file_name = 'a.csv' order by all"
    )


def test_every_delivery_fares_as_meant(home: LandingHome, report: LoadReport) -> None:
    assert len(report.refused) == len(REFUSED) + 1
    assert not [name for name in QUARANTINED if not _problems(home, name)]
    shifted = "select count(*) from control.quarantine where file_name = 'b.parquet'"
    assert home.rows(shifted)[0][0] > 3


def test_a_hidden_value_keeps_its_place_and_shape(home: LandingHome, report: LoadReport) -> None:
    day = FIRST + timedelta(days=list(QUARANTINED).index("in birth_date"))
    shape = "<personal: length 12, letters and spaces and signs>"
    assert _problems(home, "in birth_date") == [
        (
            "wrong_type",
            "birth_date",
            shape,
            f"line 2 of customers/{day}/a.csv: birth_date '{shape}' is no date; "
            "deliver an existing day as YYYY-MM-DD",
        )
    ]
    ((code, column, value, _),) = _problems(home, "too few values")
    assert (code, column) == ("malformed_row", None)
    assert value == "<personal: length 15, letters and digits and spaces and signs>"


def test_an_empty_value_has_no_shape(home: LandingHome, report: LoadReport) -> None:
    home.put("2026-01-01", HEADER + line(TABLE, opened_on=""), "empty.csv", TABLE)
    home.load()
    assert home.rows("select value from control.quarantine where file_name = 'empty.csv'") == [
        (None,)
    ]


def test_nothing_recorded_or_reported_repeats_it(home: LandingHome, report: LoadReport) -> None:
    tables = home.rows("select table_name from duckdb_tables() where schema_name = 'control'")
    told = [str(report), str(report.unknown_columns)]
    told += [str(home.rows(f"from control.{name}")) for (name,) in tables]
    assert len(told) > 4
    _check(told)


def test_neither_gate_nor_pages_repeat_it(home: LandingHome, report: LoadReport) -> None:
    window = Window(FIRST, FAR)
    outcomes = run_gate(home.con, "raw", window, home.settings)
    failed = {(outcome.table, outcome.check) for outcome in outcomes if outcome.samples}
    assert failed >= {(TABLE, "refused_files"), (TABLE, "quarantined_rows")}
    assert (TABLE, "unknown_columns") in failed
    record(home.con, outcomes, window, 1, "test")
    build_docs(home.settings, home.con)
    pages = [path.read_text() for path in Path(home.settings.docs_dir).rglob("*.html")]
    assert "refused_files" in "".join(pages)
    _check([str(outcomes), *pages])


def _check(texts: list[str]) -> None:
    assert not [text for text in texts if "qiu" in text.lower()]


def test_names_of_new_columns_are_shown(home: LandingHome, report: LoadReport) -> None:
    home.put("2026-02-01", HEADER.rstrip("\n") + ",e_mail,\n", "new.csv", TABLE)
    assert home.load().unknown_columns == {f"{TABLE}/2026-02-01/new.csv": ["e_mail", "(unnamed)"]}
