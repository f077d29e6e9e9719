"""Staging: every accepted row is there once, under a key that is unique and known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from expectations.check import Check, Probe
from expectations.companies import company_probes
from expectations.window import in_window, literal
from orchestration.landing.contract import Contract, load_contract
from orchestration.settings import Settings
from orchestration.state import Window

# One event in five without its master row: late master data (accounts opened that day, a customer
# file that comes a day later) stays in the low per cents; a share like this means that the master
# extract was not delivered at all, and every total by customer would be wrong.
UNKNOWN_ERROR_SHARE = 0.2
# On days with fewer rows a single new account would make such a share.
UNKNOWN_ENOUGH_ROWS = 100
# The bank's own numbers of persons and their contracts: surrogate keys stand for them from here on.
ENTITIES = ("customer", "account", "loan")
NATURAL_KEYS = tuple(f"{entity}_id" for entity in ENTITIES)


@dataclass(frozen=True)
class Staged:
    """A staging model over a raw table. An additive one also carries rows that take back."""

    table: str
    columns: frozenset[str]

    @property
    def model(self) -> str:
        """The model's name."""
        return f"stg_{self.table}"

    @property
    def is_additive(self) -> bool:
        """Whether a superseded row is taken back by a row of sign -1."""
        return "version_sign" in self.columns


@dataclass(frozen=True)
class Reference:
    """Rows of `model` whose `key` should be found in `parent`.

    `has_share`: a large share of them without is an error. Not where one company alone has so many
    rows that it would make one.
    """

    model: str
    key: str
    parent: str
    parent_key: str
    has_share: bool = True

    @property
    def name(self) -> str:
        """The check's name."""
        return f"unknown_{self.parent.removeprefix('stg_').removesuffix('s')}"


REFERENCES = (
    Reference("stg_account_balances", "account_key", "stg_accounts", "account_key"),
    Reference("stg_transactions", "account_key", "stg_accounts", "account_key"),
    Reference("stg_accounts", "customer_key", "stg_customers", "customer_key"),
    Reference("stg_accounts", "product_id", "stg_products", "product_id"),
    Reference("stg_loans", "account_key", "stg_accounts", "account_key"),
    Reference("stg_loans", "customer_key", "stg_customers", "customer_key"),
    Reference("stg_loan_performance", "loan_key", "stg_loans", "loan_key"),
    Reference("stg_external_assets", "customer_key", "stg_customers", "customer_key"),
    *(
        Reference(f"stg_{table}", "customer_key", "stg_customers", "customer_key", has_share=False)
        for table in ("financial_statements", "qualitative_assessments", "rating_decisions")
    ),
)


def probes(con: duckdb.DuckDBPyConnection, window: Window, settings: Settings) -> list[Probe]:
    """The staging gate. Models are found in the catalogue, so a new one is gated at once."""
    del settings
    contract = load_contract()
    staged = _staged(con, contract)
    return [
        *(probe for model in staged for probe in _complete(window, model)),
        *(_events(window, model, contract) for model in staged if _is_dated(model, contract)),
        *(_keys(window, f"{entity}_identity", entity) for entity in ENTITIES),
        *(probe for reference in REFERENCES for probe in _known(window, reference)),
        *company_probes(window),
        _personal(contract),
    ]


def _staged(con: duckdb.DuckDBPyConnection, contract: Contract) -> list[Staged]:
    found = con.execute(
        "select table_name, list(column_name) from duckdb_columns() "
        "where database_name = current_database() and schema_name = 'staging' "
        "and table_name like 'stg_%' group by table_name"
    ).fetchall()
    columns = {name.removeprefix("stg_"): frozenset(names) for name, names in found}
    return [Staged(name, columns[name]) for name in sorted(contract.tables) if name in columns]


def _complete(window: Window, staged: Staged) -> list[Probe]:
    """Counts on both sides; the queries read the window's days only, but for superseded rows,
    which are found by the day they were superseded."""
    model = f"staging.{staged.model}"
    counts = {
        "arrived": f"select count(*) as rows from raw.{staged.table} "
        f"where row_status = 'accepted' and {in_window('loaded_on', window)}",
        "staged": f"select count(*) as rows from {model} where {in_window('known_on', window)}"
        + (" and version_sign = 1" if staged.is_additive else ""),
    }
    checks = [
        Check(
            "rows_equal_raw",
            staged.model,
            "error",
            "rows",
            "A staging model is its raw table's accepted rows, one to one: more means a fan-out, "
            "fewer a filter that drops rows without a word.",
            value="abs(arrived.rows - staged.rows)",
            sample="select arrived.rows as accepted_in_raw, staged.rows as staged "
            "from arrived cross join staged",
        )
    ]
    found = [Probe("arrived cross join staged", tuple(checks), counts)]
    if staged.is_additive:
        found.append(_taken_back(window, staged))
    return found


def _taken_back(window: Window, staged: Staged) -> Probe:
    counts = {
        "replaced": f"select count(*) as rows from raw.{staged.table} "
        f"where {in_window('superseded_on', window)} and row_status = 'accepted'",
        "taken_back": f"select count(*) as rows from staging.{staged.model} "
        f"where {in_window('known_on', window)} and version_sign = -1",
    }
    check = Check(
        "corrections_equal_raw",
        staged.model,
        "error",
        "rows",
        "A row that a later delivery replaced must be taken back once, or sums count both.",
        value="abs(replaced.rows - taken_back.rows)",
        sample="select replaced.rows as superseded_in_raw, taken_back.rows as taken_back "
        "from replaced cross join taken_back",
    )
    return Probe("replaced cross join taken_back", (check,), counts)


def _is_dated(staged: Staged, contract: Contract) -> bool:
    table = contract.tables[staged.table]
    return not table.planned and table.happened in staged.columns


def _events(window: Window, staged: Staged, contract: Contract) -> Probe:
    happened = contract.tables[staged.table].happened
    check = Check(
        "events_after_known",
        staged.model,
        "error",
        "rows",
        "Nothing is known before it happens: such a row would change the past of the day it "
        "claims, and belongs in quarantine.",
        value=f"count(*) filter ({happened} > known_on)",
        sample=f"select known_on, {happened}, count(*) as rows from window_rows "
        f"where {happened} > known_on group by known_on, {happened} order by known_on, {happened}",
    )
    rows = (
        f"select {happened}, known_on from staging.{staged.model} "
        f"where {in_window('known_on', window)}"
    )
    return Probe("window_rows", (check,), {"window_rows": rows})


def _keys(window: Window, table: str, entity: str) -> Probe:
    key = f"{entity}_key"
    arrived = f"select {key} from vault.{table} where {in_window('known_on', window)}"
    shared = (
        f"select {key}, count(distinct {entity}_id) as numbers from vault.{table} "
        f"where {key} in (select {key} from arrived) group by {key} "
        f"having min({entity}_id) <> max({entity}_id)"
    )
    checks = (
        Check(
            "key_collisions",
            table,
            "error",
            "keys",
            "A surrogate key is a hash: two bank numbers under one key would merge two "
            f"{entity}s. Choose another key_salt and rebuild.",
            value="(select count(*) from shared)",
            sample=f"select {key}, numbers from shared order by {key}",
        ),
        Check(
            "reserved_key",
            table,
            "error",
            "rows",
            "Key 0 stands for rows that belong to nobody yet.",
            value=f"count(*) filter ({key} = 0)",
        ),
    )
    return Probe("arrived", checks, {"arrived": arrived, "shared": shared})


def _known(window: Window, reference: Reference) -> list[Probe]:
    key, parent_key = reference.key, reference.parent_key
    arrived = (
        f"select {key} as wanted, count(*) as rows from staging.{reference.model} "
        f"where {in_window('known_on', window)} group by {key}"
    )
    unknown = (
        "select wanted, rows from arrived anti join (select "
        f"{parent_key} as wanted from staging.{reference.parent} "
        f"where known_on < {literal(window.end)}) as parents using (wanted)"
    )
    totals = (
        "select coalesce((select sum(rows) from unknown), 0) as unknown_rows, "
        "coalesce((select sum(rows) from arrived), 0) as all_rows"
    )
    sample = f"select wanted as {key}, rows from unknown order by rows desc, wanted"
    name = reference.name
    late = Check(
        name,
        reference.model,
        "warn",
        "rows",
        f"Rows of the window whose {reference.parent} row is not known by its end. Late "
        "master data is normal; until it comes, they count for nobody.",
        value="unknown_rows",
        sample=sample,
    )
    share = Check(
        f"{name}_share",
        reference.model,
        "error",
        "share of the window's rows",
        f"Above {UNKNOWN_ERROR_SHARE:.0%} (of at least {UNKNOWN_ENOUGH_ROWS} rows) master "
        "data is not late but missing as a whole.",
        value=f"case when all_rows >= {UNKNOWN_ENOUGH_ROWS} "
        "then unknown_rows / all_rows else 0 end",
        high=UNKNOWN_ERROR_SHARE,
        failing="unknown_rows",
        sample=sample,
    )
    checks = (late, share) if reference.has_share else (late,)
    return [Probe("totals", checks, {"arrived": arrived, "unknown": unknown, "totals": totals})]


def _personal(contract: Contract) -> Probe:
    columns: Sequence[str] = sorted(
        {
            name
            for table in contract.tables.values()
            for name, column in table.columns.items()
            if column.pii
        }
        | set(NATURAL_KEYS)
    )
    listed = ", ".join(f"'{name}'" for name in columns)
    astray = (
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where database_name = current_database() "
        f"and schema_name in ('staging', 'facts', 'marts') and column_name in ({listed})"
    )
    check = Check(
        "personal_columns",
        "customer_identity",
        "error",
        "columns",
        "Personal data and the bank's own numbers of persons and contracts stay in raw and in the "
        "vault.",
        value="count(*)",
        sample="select * from astray order by all",
    )
    return Probe("astray", (check,), {"astray": astray})
