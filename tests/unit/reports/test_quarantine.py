"""The list of rows in quarantine: narrowed, cut, and written whole to a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.landing.ledger import create_control_schema
from orchestration.reports.quarantine import NoSuchTable, show_quarantine
from orchestration.settings import Settings, load_settings
from orchestration.warehouse import open_warehouse
from tests.unit.reports.home import said


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with three rows in quarantine."""
    found = load_settings(home=tmp_path)
    with open_warehouse(found) as con:
        create_control_schema(con)
        con.execute(
            """
            insert into control.quarantine
            select 'f', name, day, 'a.csv', line, 'currency', '?', 'form',
                'line ' || line || ' of ' || name || '/' || day || '/a.csv: currency is wrong'
            from (values
                ('accounts', date '2024-01-02', 7), ('accounts', date '2024-01-01', 3),
                ('products', date '2024-01-01', 2)
            ) as t(name, day, line)
            """
        )
    return found


def test_the_newest_come_first_and_the_rest_is_counted(settings: Settings) -> None:
    text = said(lambda console: show_quarantine(settings, None, None, 2, None, console))
    assert "accounts/2024-01-02/a.csv 7 currency ? currency is wrong accounts/2024-01-01" in text
    assert "and 1 more" in text
    assert "products" not in text


@pytest.mark.parametrize(
    ("name", "day", "lines"),
    [
        ("accounts", None, {"7", "3"}),
        (None, date(2024, 1, 1), {"3", "2"}),
        ("products", date(2024, 1, 2), set()),
    ],
)
def test_a_table_and_a_day_narrow_the_file(
    settings: Settings, tmp_path: Path, name: str | None, day: date | None, lines: set[str]
) -> None:
    path = tmp_path / "rows.csv"
    said(lambda console: show_quarantine(settings, name, day, 1, path, console))
    header, *rows = path.read_text().splitlines()
    assert header == "file,line,column,value,reason"
    assert {row.split(",")[1] for row in rows} == lines


def test_nothing_in_quarantine_is_said_to_be_nothing(settings: Settings) -> None:
    text = said(lambda c: show_quarantine(settings, "products", date(2024, 1, 2), 9, None, c))
    assert "Nothing of products delivered on 2024-01-02 is in quarantine." in text


def test_a_table_that_is_none_is_refused(settings: Settings) -> None:
    with pytest.raises(NoSuchTable, match="'account'"):
        said(lambda console: show_quarantine(settings, "account", None, 9, None, console))
