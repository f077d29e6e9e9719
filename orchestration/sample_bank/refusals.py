"""Files that must be refused as a whole: extra deliveries without a column the contract names."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.sample_bank.bank import Bank, day

TABLE = "transactions"
MISSING = "amount"


def plant_refusals(bank: Bank, landing: Path) -> int:
    """Add the files asked for, one a day, on days drawn among those with transactions."""
    count = bank.request.refused_files
    days = bank.run(
        f"""
        select loaded_on from (
            select distinct loaded_on from file_truth where table_name = '{TABLE}'
        )
        order by u('refused', loaded_on - date '2000-01-01', 0) limit {count}
        """
    ).fetchall()
    suffix = bank.request.file_format
    columns = [name for name in bank.contract.tables[TABLE].columns if name != MISSING]
    for (loaded_on,) in days:
        path = landing / TABLE / str(loaded_on) / f"{TABLE}_9.{suffix}"
        text = (",".join(columns) + "\n").encode()
        if suffix == "parquet":
            pq.write_table(pa.table({name: pa.array([], pa.string()) for name in columns}), path)
        elif suffix == "csv.gz":
            path.write_bytes(gzip.compress(text, mtime=0))
        else:
            path.write_bytes(text)
        bank.run(
            f"insert into file_truth values"
            f" ('{TABLE}', {day(loaded_on)}, '{path.name}', 'refused', 0, 0, 0, 0, 0)"
        )
    return len(days)
