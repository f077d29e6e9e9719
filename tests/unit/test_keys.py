"""Surrogate keys: Python's, DuckDB's and the models' are one."""

from __future__ import annotations

import duckdb

from orchestration.keys import surrogate_key, surrogate_key_sql


def test_a_key_in_sql_is_the_key_in_python() -> None:
    numbers = ["C1", "", "0007", "客户一", "a:b"]
    con = duckdb.connect()
    con.execute("create table numbers (number varchar)")
    con.executemany("insert into numbers values (?)", [[number] for number in numbers])
    for entity in ("customer", "account", "loan"):
        found = con.execute(
            f"select {surrogate_key_sql(entity, 'number')} from numbers", {"salt": "s"}
        ).fetchall()
        assert [key for (key,) in found] == [surrogate_key(entity, n, "s") for n in numbers]
