"""Same arguments, same bytes; whatever the threads. Another format, same rows."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration.landing.contract import load_contract
from orchestration.sample_bank import Summary, generate

pytestmark = pytest.mark.slow

TABLES = load_contract().tables


def prints(folder: Path) -> dict[str, str]:
    """Relative path -> digest of every file of a landing folder."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_arguments_give_the_same_bytes_on_any_threads(
    messy: Summary, messy_arguments: dict[str, Any], tmp_path: Path
) -> None:
    alone = messy_arguments["volumes"].model_copy(update={"threads": 1})
    again = generate(tmp_path, **messy_arguments | {"volumes": alone})
    assert prints(again.landing) == prints(messy.landing)


def test_another_seed_gives_another_bank(tmp_path: Path) -> None:
    one = generate(tmp_path / "one", 50, date(2024, 1, 1), 1, 1)
    two = generate(tmp_path / "two", 50, date(2024, 1, 1), 1, 2)
    assert prints(one.landing) != prints(two.landing)


def test_formats_hold_the_same_rows(tmp_path: Path) -> None:
    packed = generate(
        tmp_path / "text", 150, date(2024, 1, 1), 1, 3, late_share=0.1, file_format="csv.gz"
    )
    typed = generate(
        tmp_path / "typed", 150, date(2024, 1, 1), 1, 3, late_share=0.1, file_format="parquet"
    )
    assert packed.rows == typed.rows
    for name in packed.rows:
        columns = ", ".join(
            f"{column}::{rule.duckdb_type}" for column, rule in TABLES[name].columns.items()
        )
        left = f"select {columns} from read_csv('{packed.landing}/{name}/*/*', all_varchar = true)"
        right = f"select {columns} from read_parquet('{typed.landing}/{name}/*/*')"
        differing = duckdb.execute(
            f"select count(*) from (({left} except all {right}) union all"
            f" ({right} except all {left}))"
        ).fetchall()
        assert differing == [(0,)], name


def test_bad_rows_of_a_parquet_file_stand_where_the_truth_says(tmp_path: Path) -> None:
    bank = generate(tmp_path, 150, date(2024, 1, 1), 1, 3, defect_share=0.06, file_format="parquet")
    planted = duckdb.execute(
        f"select loaded_on, file_name, line_no, column_name, kind"
        f" from '{bank.truth}/defects.parquet' where table_name = 'transactions'"
    ).fetchall()
    assert {kind for *_, kind in planted} >= {"orphan", "missing_value"}
    for loaded_on, file_name, line_no, column, kind in planted:
        file = pq.read_table(bank.landing / "transactions" / str(loaded_on) / file_name)
        row = file.slice(line_no - 1, 1).to_pylist()[0]
        assert (row["transaction_id"] or "BAD-").startswith(("BAD-", "9999"))
        assert (row[column] is None) == (kind == "missing_value")
