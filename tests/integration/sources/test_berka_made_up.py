"""A made-up bank with every kind of row keeps the contract, with or without the real files."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.sources.berka import import_berka
from orchestration.sources.berka.layout import SOURCES
from tests.integration.sources.landing_conformity import load_landing, violations

ROWS = {
    "district": ['1;"Town";"up, north";9;0;0;0;1;1;100.0;9;?;0.2;9;?;9'],
    "account": ['1;1;"POPLATEK MESICNE";930101', '2;1;"POPLATEK TYDNE";930105'],
    "client": ['1;"706213";1', '2;"450204";1', '3;"110820";1'],
    "disp": ['1;1;1;"OWNER"', '2;2;2;"OWNER"', '3;3;2;"DISPONENT"'],
    "loan": [
        '1;1;930110;1200;12;100.00;"A"',
        '2;2;930110;1200;12;100.00;"B"',
        '3;1;940110;1200;12;100.00;"C"',
        '4;2;940110;1200;24;50.00;"D"',
    ],
    "card": ['1;1;"gold";930110 00:00:00', '2;2;"junior";940110 00:00:00'],
    "order": ['1;1;"AB";"5";10.00;"SIPO"'],
    "trans": [
        '1;1;930101;"PRIJEM";"VKLAD";900.00;900.00;"";;',
        '2;2;930105;"PRIJEM";"PREVOD Z UCTU";500.00;500.00;"DUCHOD";"AB";"5"',
        '3;2;930105;"VYBER";"VYBER";100.00;400.00;"";;',
        '4;1;930131;"PRIJEM";"";4.10;904.10;"UROK";;',
        '5;1;930131;"VYDAJ";"VYBER";14.60;889.50;"SLUZBY";;',
        '6;1;940301;"VYDAJ";"PREVOD NA UCET";10.00;879.50;"SIPO";"AB";"5"',
        '7;2;940331;"VYDAJ";"VYBER KARTOU";100.00;300.00;"";;',
    ],
}


def test_deliveries_keep_the_contract(tmp_path: Path) -> None:
    for source in SOURCES:
        header = ";".join(f'"{field.name}"' for field in source.fields)
        text = "\r\n".join([header, *ROWS[source.name]]) + "\r\n"
        (tmp_path / f"{source.name}.asc").write_bytes(text.encode())
    summary = import_berka(tmp_path, tmp_path / "home")
    assert summary.tables == {
        "products": 4,
        "customers": 3,
        "accounts": 4,
        "account_roles": 3,
        "account_balances": 5,
        "transactions": 7,
        "loans": 6,
        "loan_performance": 2,
    }
    with duckdb.connect(":memory:") as con:
        contracts = load_landing(con, tmp_path / "home" / "landing")
        assert violations(con, contracts) == {}
        con.execute("update transactions set kind = 'gift' where transaction_id = '1'")
        con.execute("update accounts set loaded_on = '1993-03-01' where account_id = '2'")
        assert {"transactions: kind codes", "account_roles: account_id known on its day"} <= set(
            violations(con, contracts)
        ), "the check itself finds what is wrong"
