"""The dbt project as tests look at it: built once on a tiny bank, read from its artefacts."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from orchestration.forward.store import create_fits
from orchestration.landing.contract import load_contract
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.scoring.monitor import create_monitor
from orchestration.scoring.store import create_scores
from orchestration.warehouse import SCHEMAS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "dbt_project"
MODELS = sorted((SOURCE / "models").rglob("*.sql"))
NAMES = [path.stem for path in MODELS]
# Four months, the last of them running.
FIRST_DAY, END = "2024-01-01", "2024-04-11"


@dataclass(frozen=True)
class Project:
    """A dbt project with its own target folder, working on a warehouse of its own."""

    source: Path
    target: Path
    warehouse: Path

    def dbt(self, *command: str) -> Any:
        """Runs a dbt command in this process; its result's `results` are the nodes."""
        return self._invoke(self._parsed, *command)

    @cached_property
    def _parsed(self) -> Any:
        return self._invoke(None, "parse")

    def _invoke(self, manifest: Any, *command: str) -> Any:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.adapters.factory import reset_adapters
        from dbt.cli.main import dbtRunner

        variables = {
            "window_start": FIRST_DAY,
            "window_end": END,
            "first_day": FIRST_DAY,
            "key_salt": "test",
        }
        folders = {"project": self.source, "profiles": self.source}
        flags = [f"--{name}-dir={path}" for name, path in folders.items()]
        flags += [f"--target-path={self.target}", f"--log-path={self.target}"]
        try:
            result = dbtRunner(manifest=manifest).invoke(
                ["--quiet", *command, *flags, "--vars", json.dumps(variables)]
            )
        finally:
            DuckDBConnectionManager.close_all_connections()
            reset_adapters()
        assert result.exception is None, result.exception
        return result.result

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What dbt read from the project."""
        content: dict[str, Any] = json.loads((self.target / "manifest.json").read_text())
        return content

    @cached_property
    def models(self) -> dict[str, dict[str, Any]]:
        """The manifest's models by name."""
        nodes = self.manifest["nodes"].values()
        return {node["name"]: node for node in nodes if node["resource_type"] == "model"}

    @cached_property
    def columns(self) -> dict[str, dict[str, str]]:
        """Per model the columns that were built, with their types."""
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            rows = con.execute(
                "select table_name, column_name, lower(data_type) from duckdb_columns() "
                "where list_contains("
                "['vault', 'staging', 'facts', 'marts', 'forward'], schema_name) "
                "order by table_name, column_index"
            ).fetchall()
        found: dict[str, dict[str, str]] = {}
        for table, column, data_type in rows:
            found.setdefault(table, {})[column] = data_type
        return found

    def compiled(self, name: str) -> str:
        """A model's SQL as it was sent to the engine, without comments."""
        # Unit tests leave what they put in place of a model in folders named as their YAML files.
        found = (self.target / "compiled").rglob(f"{name}.sql")
        (path,) = (path for path in found if path.parent.suffix != ".yml")
        return re.sub(r"--[^\n]*", "", path.read_text())


def parents(project: Project, name: str, kinds: Sequence[str] = ("model",)) -> list[str]:
    """Names of the nodes of these kinds that a model selects from."""
    found = project.models[name]["depends_on"]["nodes"]
    return [node.split(".")[-1] for node in found if node.split(".")[0] in kinds]


def spark_variant(project: Project, folder: Path) -> Project:
    """The project as dbt-spark would render it.

    dbt prefers a macro named after its adapter to the default one; so in a copy whose
    `spark__` macros are named `duckdb__`, DuckDB's adapter renders Spark's SQL.
    """
    copy = folder / "dbt_project"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("target", "logs"))
    for path in (copy / "macros").rglob("*.sql"):
        path.write_text(path.read_text().replace("macro spark__", "macro duckdb__"))
    return Project(copy, folder / "target", project.warehouse)


def create_bank(warehouse: Path) -> None:
    """Raw tables with a bank of thirty: enough that every model and data test has rows."""
    with duckdb.connect(str(warehouse)) as con:
        for schema in SCHEMAS:
            con.execute(f"create schema {schema}")
        create_raw_tables(con, load_contract())
        create_fits(con)
        create_scores(con)
        create_monitor(con)
        for table, query in BANK.items():
            con.execute(
                f"insert into raw.{table} by name select *, 'file' as file_id, "
                f"row_number() over () as line_no, 'accepted' as row_status from ({query})"
            )


BANK = {
    "products": "select unnest(['D', 'T', 'W']) as product_id, date '2024-01-01' as effective_on, "
    "'name' as product_name, unnest(['demand', 'time_deposit', 'wealth']) as product_class, "
    "0.5 as asset_weight, 0.01 as ftp_spread, date '2024-01-01' as loaded_on",
    "customers": "select 'C' || i as customer_id, date '2024-01-01' as effective_on, "
    "'retail' as customer_type, 'name' as name, date '2020-01-01' as opened_on, "
    "date '2024-01-01' as loaded_on from range(30) as t(i)",
    # One account in ten is known only in March, though it was opened long before.
    "accounts": "select 'A' || i as account_id, date '2024-01-01' as effective_on, "
    "'C' || i % 30 as customer_id, ['D', 'T', 'W'][1 + i % 3] as product_id, "
    "'CNY' as currency, date '2020-01-01' as opened_on, 'active' as status, "
    "case when i % 10 = 7 then date '2024-03-05' else date '2024-01-01' end as loaded_on "
    "from range(60) as t(i)",
    # Every ninth balance comes twenty days late.
    "account_balances": "select 'A' || i as account_id, date '2024-01-01' + d as balance_on, "
    "((i * 7919 + d * 104729) % 1000000)::decimal(18, 2) as closing_balance, "
    "date '2024-01-01' + d + case when (i + d) % 9 = 0 then 20 else 0 end as loaded_on "
    "from range(60) as t(i), unnest([0, 3, 11, 30, 44, 59, 70, 80]) as u(d)",
    "transactions": "select 'T' || i || '-' || d as transaction_id, 'A' || i as account_id, "
    "date '2024-01-01' + d as booked_on, (i - 20.5)::decimal(18, 2) as amount, "
    "['cash', 'salary', 'other'][1 + d % 3] as kind, ['atm', 'mobile'][1 + i % 2] as channel, "
    "date '2024-01-01' + d as loaded_on, case when d = 5 then date '2024-01-09' end "
    "as superseded_on from range(60) as t(i), unnest([5, 40, 75, 95]) as u(d)",
    # Every third lead is nobody's yet; the others belong to customers and to people who are none.
    "leads": "select 'D' || i as lead_id, case when i % 3 <> 0 then 'C' || i end as customer_id, "
    "(date '2024-01-01' + i::integer) as created_on, 'guide' as source_method, "
    "'fund' as interest, (date '2024-01-01' + (i + i % 2 * 25)::integer) as loaded_on "
    "from range(60) as t(i)",
    "loans": "select 'L' || i as loan_id, date '2024-01-01' as effective_on, "
    "'A' || i as account_id, 'C' || i % 30 as customer_id, date '2023-05-01' as granted_on, "
    "1000 as amount, 12 as term_months, 'running' as status, date '2024-01-01' as loaded_on "
    "from range(10) as t(i)",
    "loan_performance": "select 'L' || i as loan_id, month_end, i * 10 as days_past_due, "
    "900 - i as outstanding, i = 9 as in_default, (month_end + i::integer) as loaded_on from "
    "range(10) as t(i), unnest([date '2024-01-31', date '2024-02-29']) as u(month_end)",
    "external_assets": "select 'C' || i as customer_id, 'survey' as source, "
    "date '2024-01-01' + i::integer as observed_on, 5000 as amount, "
    "date '2024-01-31' + i::integer as loaded_on from range(20) as t(i)",
}
