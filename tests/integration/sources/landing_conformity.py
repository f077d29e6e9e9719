"""Does a landing folder keep the contract? Asked in SQL, straight from the contract's YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import yaml

CONTRACT = Path(__file__).resolve().parents[3] / "orchestration" / "landing" / "contract"
TYPES = {
    "string": "varchar",
    "date": "date",
    "integer": "bigint",
    "money": "decimal(18, 2)",
    "rate": "decimal(18, 6)",
    "boolean": "boolean",
}


def load_landing(con: duckdb.DuckDBPyConnection, landing: Path) -> dict[str, dict[str, Any]]:
    """One table of texts per delivered table, with loaded_on; returns their contracts."""
    contracts = {}
    for folder in sorted(landing.iterdir()):
        contract = yaml.safe_load((CONTRACT / f"{folder.name}.yml").read_text(encoding="utf-8"))
        for path in folder.glob("*/*.csv"):
            with path.open(encoding="utf-8") as file:
                header = file.readline().rstrip("\n").split(",")
            assert header == list(contract["columns"]), path
        con.execute(
            f"create table {folder.name} as"
            " select * exclude (filename), filename.split('/')[-2]::date as loaded_on"
            " from read_csv(?, all_varchar = true, header = true, filename = true, delim = ',',"
            " quote = '\"', auto_detect = false, columns = ?)",
            [
                f"{folder}/*/*.csv",
                dict.fromkeys(contract["columns"], "varchar"),
            ],
        )
        contracts[folder.name] = contract
    return contracts


def violations(con: duckdb.DuckDBPyConnection, contracts: dict[str, Any]) -> dict[str, int]:
    """Rows that break a rule of the contract, by rule; empty if all is well."""
    found = {}
    for table, contract in contracts.items():
        for rule, condition in _row_rules(contract).items():
            found[f"{table}: {rule}"] = _count(con, f"from {table} where {condition}")
        key = ", ".join(contract["key"])
        found[f"{table}: key"] = _count(
            con, f"from (from {table} select {key} group by {key} having count(*) > 1)"
        )
        for name, column in contract["columns"].items():
            if other := column.get("references"):
                target = contracts[other]["key"][0]
                found[f"{table}: {name} known on its day"] = _count(
                    con,
                    f"from {table} where {name} is not null and not exists (from {other}"
                    f" where {other}.{target} = {table}.{name}"
                    f" and {other}.loaded_on <= {table}.loaded_on)",
                )
    return {rule: rows for rule, rows in found.items() if rows}


def _row_rules(contract: dict[str, Any]) -> dict[str, str]:
    rules = {"happened": f"{contract['happened']}::date > loaded_on"}
    for name, column in contract["columns"].items():
        type_ = TYPES[column["type"]]
        rules[f"{name} type"] = f"{name} is not null and try_cast({name} as {type_}) is null"
        if column["type"] == "money":
            rules[f"{name} cents"] = f"not regexp_full_match({name}, '-?\\d+(\\.\\d{{1,2}})?')"
        if not column.get("nullable", False):
            rules[f"{name} null"] = f"{name} is null"
        if codes := column.get("codes"):
            listed = ", ".join(f"'{code}'" for code in codes)
            rules[f"{name} codes"] = f"{name} not in ({listed})"
        for bound, sign in (("min", "<"), ("max", ">")):
            if bound in column:
                rules[f"{name} {bound}"] = f"{name}::{type_} {sign} '{column[bound]}'::{type_}"
        if pattern := column.get("pattern"):
            rules[f"{name} pattern"] = f"not regexp_full_match({name}, '{pattern}')"
        if longest := column.get("max_length"):
            rules[f"{name} length"] = f"length({name}) > {longest}"
        if earlier := column.get("not_before"):
            rules[f"{name} order"] = f"{name}::date < {earlier}::date"
    return rules


def _count(con: duckdb.DuckDBPyConnection, source: str) -> int:
    row = con.execute(f"select count(*) {source}").fetchone()
    assert row is not None
    return int(row[0])
