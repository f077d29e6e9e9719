"""The published files from end to end; skipped where they are not at hand.

They are looked for in $TENURE_SHARED_DATA/berka, then in ../shared/data/berka beside the
repository. The files may be the full set or one with gaps: counts are held against the files.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from orchestration.sources.berka import ImportSummary, import_berka
from orchestration.sources.berka.layout import TRANS
from orchestration.sources.berka.reading import bad_rows, read_source, start_reading
from tests.integration.sources.landing_conformity import load_landing, violations

REPOSITORY = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("TENURE_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
BERKA = SHARED / "berka"
COMPLETE_ROWS = 1_056_320
COPY_ROWS = 771_927
# Every row up to this day is in the copy with gaps.
COMPLETE_THROUGH = pd.Timestamp("1994-03-30")
ROUNDING = 0.10

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BERKA.is_dir(), reason=f"no Berka files in {BERKA}"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("berka") / "home"


@pytest.fixture(scope="module")
def summary(home: Path) -> ImportSummary:
    return import_berka(BERKA, home)


@pytest.fixture(scope="module")
def landed(
    home: Path, summary: ImportSummary
) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, dict[str, object]]]]:
    with duckdb.connect(":memory:") as con:
        yield con, load_landing(con, home / "landing")


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    """trans.asc by another reader than the importer's."""
    [path] = BERKA.glob("trans.asc*")
    frame = pd.read_csv(path, sep=";", dtype={"date": str, "bank": str, "account": str})
    frame["date"] = pd.to_datetime("19" + frame["date"])
    frame["signed"] = frame["amount"].where(frame["type"] == "PRIJEM", -frame["amount"])
    return frame


def test_every_row_is_accounted_for(summary: ImportSummary) -> None:
    rows = {file.file.split(".")[0]: file for file in summary.files}
    assert rows["trans"].rows_in in (COPY_ROWS, COMPLETE_ROWS)
    assert rows["trans"].rows_out == rows["trans"].rows_in
    assert (rows["account"].rows_out, rows["client"].rows_out) == (4_500, 5_369)
    assert (rows["disp"].rows_out, rows["loan"].rows_out) == (5_369, 682)
    assert rows["card"].rows_out == 892
    assert [(diff.rows, rows["order"].rows_out) for diff in rows["order"].differences] == [
        (6_471, 0)
    ]
    assert not summary.bad_rows
    assert summary.orphan_transactions == 0


def test_deliveries_keep_the_contract(
    landed: tuple[duckdb.DuckDBPyConnection, dict[str, dict[str, object]]],
    summary: ImportSummary,
) -> None:
    con, contracts = landed
    for table, rows in summary.tables.items():
        assert con.sql(f"select count(*) from {table}").fetchall() == [(rows,)]
    assert violations(con, contracts) == {}
    assert summary.tables["account_roles"] == 5_369
    assert summary.tables["loans"] == 682 + 203 + 31, "A and B have run out by the last day"
    assert summary.tables["loan_performance"] == 403 + 45


def test_almost_no_closing_balance_is_a_guess(summary: ImportSummary) -> None:
    found = summary.closing_rows
    assert found.by_chain / found.account_days > 0.99
    assert found.by_number / found.account_days < 0.0002


def test_ledger_ties_to_the_balances_while_it_is_complete(
    landed: tuple[duckdb.DuckDBPyConnection, dict[str, dict[str, object]]],
    published: pd.DataFrame,
) -> None:
    """Sums of the published amounts from the first day on, against what was delivered.

    Amounts and balances are rounded to tenths one by one where interest was booked, so they
    part by at most a tenth per interest row; nowhere else.
    """
    con, _ = landed
    window = published[published["date"] <= COMPLETE_THROUGH]
    window = window.assign(interest=window["k_symbol"].isin(["UROK", "SANKC. UROK"]).astype(int))
    days = window.groupby(["account_id", "date"])[["signed", "interest"]].sum().sort_index()
    cumulated = days.groupby(level="account_id").cumsum()
    balances = con.sql(
        "select account_id::bigint as account_id, balance_on::timestamp as date,"
        " closing_balance::double as balance from account_balances"
        f" where balance_on <= '{COMPLETE_THROUGH:%Y-%m-%d}'"
    ).df()
    delivered = balances.set_index(["account_id", "date"])["balance"]
    assert delivered.index.isin(cumulated.index).all()
    on_days = delivered.reindex(cumulated.index).groupby(level="account_id").ffill()
    gap = (on_days - cumulated["signed"]).abs()
    assert gap.notna().all()
    assert (gap <= ROUNDING * cumulated["interest"] + 1e-6).all()
    assert (gap[cumulated["interest"] == 0] < 1e-6).all()


def test_a_second_import_touches_nothing(home: Path, summary: ImportSummary) -> None:
    again = import_berka(BERKA, home)
    assert (again.files_written, again.files_unchanged) == (0, summary.files_written)


def test_lines_are_numbered_as_in_a_large_plain_file(tmp_path: Path) -> None:
    """A plain file is read in parallel; a row's line number must not suffer from it."""
    [path] = BERKA.glob("trans.asc*")
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = content.split(b"\r\n")
    broken = {2, 100_000, 400_001, len(lines) - 1}
    for number in broken:
        lines[number - 1] = b"broken"
    plain = tmp_path / "trans.asc"
    plain.write_bytes(b"\r\n".join(lines))
    with duckdb.connect(":memory:") as con:
        start_reading(con)
        read_source(con, TRANS, plain)
        assert {bad.line for bad in bad_rows(con)} == broken
