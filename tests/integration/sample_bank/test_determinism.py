"""Same arguments, same bytes; whatever the threads. Another format, same rows."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import messy_arguments

from orchestration.landing.contract import load_contract
from orchestration.sample_bank import Summary, generate


def prints(folder: Path) -> dict[str, str]:
    """Relative path -> digest of every file of a landing folder."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_arguments_give_the_same_bytes_on_any_threads(
    messy: Summary, tmp_path: Path
) -> None:
    arguments: dict[str, Any] = messy_arguments()
    arguments["volumes"] = arguments["volumes"].model_copy(update={"threads": 1})
    again = generate(tmp_path, **arguments)
    assert prints(again.landing) == prints(messy.landing)


def test_another_seed_gives_another_bank(tmp_path: Path) -> None:
    one = generate(tmp_path / "one", 50, date(2024, 1, 1), 1, 1)
    two = generate(tmp_path / "two", 50, date(2024, 1, 1), 1, 2)
    assert prints(one.landing) != prints(two.landing)


@pytest.mark.parametrize("defect_share", [0.0, 0.03])
def test_formats_hold_the_same_good_rows(tmp_path: Path, defect_share: float) -> None:
    banks = {
        file_format: generate(
            tmp_path / file_format, 150, date(2024, 1, 1), 2, 3, 0.05, defect_share,
            file_format,  # type: ignore[arg-type]
        )
        for file_format in ("csv.gz", "parquet")
    }  # fmt: skip
    counts = [
        duckdb.execute(
            f"select table_name, sum(accepted), sum(duplicate), sum(superseded)"
            f" from '{bank.truth}/files.parquet' group by all order by all"
        ).fetchall()
        for bank in banks.values()
    ]
    assert [row[0] for row in counts[0]] == [row[0] for row in counts[1]]
    if not defect_share:
        assert counts[0] == counts[1]
        for name, table in load_contract().tables.items():
            if name not in banks["parquet"].rows:
                continue
            columns = ", ".join(f"{c}::{s.duckdb_type}" for c, s in table.columns.items())
            text = f"read_csv('{banks['csv.gz'].landing}/{name}/*/*', all_varchar = true)"
            typed = f"read_parquet('{banks['parquet'].landing}/{name}/*/*')"
            differing = duckdb.execute(
                f"select count(*) from ((select {columns} from {text} except all"
                f" select {columns} from {typed}) union all (select {columns} from {typed}"
                f" except all select {columns} from {text}))"
            ).fetchall()
            assert differing == [(0,)], name
