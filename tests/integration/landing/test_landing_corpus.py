"""More than two hundred broken inputs, loaded in one call: each is judged as if it were alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.integration.landing.corpus_case import GOOD, Case
from tests.integration.landing.corpus_files import line_cases, refused_cases
from tests.integration.landing.corpus_parquet import parquet_cases
from tests.integration.landing.corpus_values import value_cases
from tests.integration.landing.landing_home import LandingHome

CASES = [*value_cases(), *line_cases(), *refused_cases(), *parquet_cases()]
FIRST = date(2025, 1, 1)


def _day(case: Case) -> str:
    return (FIRST + timedelta(days=CASES.index(case))).isoformat()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LandingHome]:
    home = LandingHome(tmp_path_factory.mktemp("corpus"), tuple(GOOD))
    for case in CASES:
        home.put(_day(case), case.content, case.file, case.table)
    home.load()
    yield home
    home.con.close()


def test_the_corpus_is_large_and_its_names_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 200


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(loaded: LandingHome, case: Case) -> None:
    _check(loaded, case)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_alone(tmp_path: Path, case: Case) -> None:
    """What a file comes to must not depend on its neighbours in the batch."""
    home = LandingHome(tmp_path, (case.table,))
    home.put(_day(case), case.content, case.file, case.table)
    home.load()
    _check(home, case)
    home.con.close()


def _check(loaded: LandingHome, case: Case) -> None:
    file_id = f"{case.table}/{_day(case)}/{case.file}"
    ((status, reason, rows_read, quarantined),) = loaded.con.execute(
        "select status, reason, rows_read, quarantined from control.load_ledger where file_id = ?",
        [file_id],
    ).fetchall()
    problems = loaded.con.execute(
        "select line_no, column_name, reason_code from control.quarantine "
        "where file_id = ? order by line_no, column_name",
        [file_id],
    ).fetchall()
    if case.refused is not None:
        assert status == "refused"
        assert re.search(case.refused, reason), reason
        assert reason.startswith(f"{file_id}: ")
        assert "\n" not in reason
        assert (rows_read, problems) == (0, [])
    else:
        assert status == "loaded", reason
        assert problems == sorted(case.problems, key=lambda p: (p[0], p[1] or ""))
        assert (rows_read, quarantined) == (case.rows, len({p[0] for p in case.problems}))


def test_every_file_adds_up_and_agrees_with_raw(loaded: LandingHome) -> None:
    assert not loaded.rows(
        "from control.load_ledger "
        "where rows_read <> accepted + duplicate + superseded + quarantined"
    )
    for table in GOOD:
        assert not loaded.rows(
            f"""
            select file_id, accepted, duplicate, superseded from control.load_ledger
            where table_name = '{table}' and accepted + duplicate + superseded > 0
            except
            select file_id,
                count(*) filter (row_status = 'accepted' and superseded_on is null),
                count(*) filter (row_status = 'duplicate'),
                count(*) filter (row_status = 'superseded' or superseded_on is not null)
            from raw.{table} group by file_id
            """
        )


def test_every_reason_says_where_what_and_what_to_do(loaded: LandingHome) -> None:
    reasons = loaded.rows(
        "select reason, file_id, line_no, column_name, value from control.quarantine"
    )
    for reason, file_id, line_no, column, value in reasons:
        assert re.match(rf"(line|row) {line_no} of {re.escape(file_id)}: ", reason)
        assert "; " in reason
        if column is not None:
            assert column in reason
            assert (value or "") in reason
