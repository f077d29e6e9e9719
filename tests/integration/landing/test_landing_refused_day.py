"""A refused file holds its day for every table: nothing is published of half a delivery.

What can be loaded of the day is loaded, so that one mended file or one decision is all that is
missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest

from orchestration import cli
from tests.integration.landing.landing_home import BALANCES
from tests.support.home import Home
from tests.support.tiny_bank import FIRST_DAY


@pytest.mark.slow
def test_a_refused_file_holds_the_day_and_says_how_to_open_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    home = Home(tmp_path)
    home.land(
        {
            f"account_balances/{FIRST_DAY}/a.csv": "balance;account\nA;1.00\n",
            f"account_balances/{FIRST_DAY}/b.csv": BALANCES + f"A,{FIRST_DAY},1.00\n",
            f"channel_logins/{FIRST_DAY}/a.csv": "customer_id,channel,login_on,logins\n"
            f"C1,net,{FIRST_DAY},1\n",
            "channel_logins/2024-13-01/a.csv": "",
        }
    )
    monkeypatch.setattr(
        sys, "argv", ["tenure", "run", "--date", str(FIRST_DAY), "--home", str(tmp_path)]
    )
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert f"account_balances/{FIRST_DAY}/a.csv: no column of the contract" in said
    assert f"tenure accept raw {FIRST_DAY} --reason" in said
    assert "nothing was published" in said
    assert "raw: 2 file(s) loaded" in caplog.text
    assert "left alone: landing/channel_logins/2024-13-01: not a day" in caplog.text
    with duckdb.connect(str(home.settings.warehouse_path), read_only=True) as con:
        found = con.execute(
            "select table_name, file_name, status, accepted from control.load_ledger order by all"
        ).fetchall()
    assert found == [
        ("account_balances", "a.csv", "refused", 0),
        ("account_balances", "b.csv", "loaded", 1),
        ("channel_logins", "a.csv", "loaded", 1),
    ]
    assert not list(tmp_path.glob("published/versions/*"))
