"""Tiny made-up banks in the published format."""

from __future__ import annotations

import csv
from pathlib import Path

from orchestration.sources.berka.layout import SOURCES

TOWN = '1;"Town";"prague";9;0;0;0;1;1;100.0;9;0.1;0.2;9;9;9'
SMALLEST = {
    "district": [TOWN],
    "account": ['1;1;"POPLATEK MESICNE";930101'],
    "client": ['1;"706213";1'],
    "disp": ['1;1;1;"OWNER"'],
    "trans": ['1;1;930101;"PRIJEM";"VKLAD";900.00;900.00;"";;'],
}


def write_bank(folder: Path, **files: list[str]) -> Path:
    """The smallest bank (one client, one account, one deposit), with some files replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        header = ";".join(f'"{field.name}"' for field in source.fields)
        rows = files.get(source.name, SMALLEST.get(source.name, []))
        text = "\r\n".join([header, *rows]) + "\r\n"
        (folder / f"{source.name}.asc").write_bytes(text.encode("latin-1"))
    return folder


def landed(home: Path, table: str) -> list[dict[str, str]]:
    """All rows delivered for a table, each with its day as loaded_on."""
    rows = []
    for path in sorted((home / "landing" / table).glob("*/berka.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            rows += [row | {"loaded_on": path.parent.name} for row in csv.DictReader(file)]
    return rows


def district(number: int, name: str, region: str, urban: str) -> str:
    """A district with the columns that are read, and the published "?" in one that is not."""
    return f'{number};"{name}";"{region}";9;0;0;0;1;1;{urban};9;?;0.2;9;?;9'


def trans(
    number: int,
    day: str,
    amount: str,
    balance: str,
    type_: str = "PRIJEM",
    operation: str = "VKLAD",
    k_symbol: str = "",
    bank: str = "",
    account: int = 1,
) -> str:
    """A row of trans.asc."""
    quoted_bank = f'"{bank}"' if bank else ""
    return (
        f'{number};{account};{day};"{type_}";"{operation}";{amount};{balance};'
        f'"{k_symbol}";{quoted_bank};'
    )
