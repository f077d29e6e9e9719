"""A toy bank through dbt: 600 customers, 75 days, late rows, and books that tie."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import duckdb

from orchestration.dbt.project import LAYER_SELECTORS
from orchestration.forward.step import fit_window
from orchestration.landing.contract import load_contract
from orchestration.landing.ledger import create_control_schema
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.scoring.monitor import monitor_window
from orchestration.scoring.step import score_window
from orchestration.settings import REPOSITORY
from orchestration.state import Window
from orchestration.warehouse import SCHEMAS
from tests.support.cards import registry_of, written_card

FIRST = date(2024, 1, 1)
END = date(2024, 3, 16)
EVERYTHING = Window(FIRST, END)
LAST_DAYS = Window(date(2024, 3, 14), END)
# From this day on a card is in force, of too few customers for their drift to be told.
CROWNED = date(2024, 2, 10)
CUSTOMERS = 600
DAYS = (END - FIRST).days
FORWARD = LAYER_SELECTORS["forward"]

# Demand accounts move by their transactions (i % 4 = 0: both are delivered three days late); wealth
# accounts have balances only. Every tenth account has a second version.
_TABLES = {
    "products": """
        select unnest(['D', 'W']) as product_id, date '2024-01-01' as effective_on,
            'product' as product_name, unnest(['demand', 'wealth']) as product_class,
            1 as asset_weight, 0.01 as ftp_spread, date '2024-01-01' as loaded_on
    """,
    "customers": """
        select 'C' || i as customer_id, date '2024-01-01' as effective_on,
            case when i % 10 = 0 then 'corporate' else 'retail' end as customer_type,
            'somebody' as name, date '2023-01-01' as opened_on, date '2024-01-01' as loaded_on
        from range({customers}) as c(i)
    """,
    "accounts": """
        select 'A' || i || product as account_id, effective_on, 'C' || i as customer_id,
            product as product_id, 'CNY' as currency, date '2023-01-01' as opened_on,
            'active' as status, effective_on as loaded_on
        from range({customers}) as c(i), (values ('D'), ('W')) as p(product),
            (values (date '2024-01-01'), (date '2024-02-10')) as v(effective_on)
        where (product = 'D' or i % 2 = 0) and (effective_on = date '2024-01-01' or i % 10 = 0)
    """,
    "transactions": """
        select 't' || i || '-' || d as transaction_id, 'A' || i || 'D' as account_id,
            date '2024-01-01' + d::integer as booked_on,
            (hash(i, d) % 2000)::integer - 900 as amount,
            'cash' as kind, 'atm' as channel,
            date '2024-01-01' + d::integer + case when i % 4 = 0 then 3 else 0 end as loaded_on
        from range({customers}) as c(i), range(1, {days}) as t(d)
        where hash(i, d, 1) % 15 = 0 and d + case when i % 4 = 0 then 3 else 0 end < {days}
    """,
    "account_balances": """
        select 'A' || i || 'D' as account_id, date '2024-01-01' as balance_on,
            (i % 7) * 40000 as closing_balance, date '2024-01-01' as loaded_on
        from range({customers}) as c(i)
        union all
        select account_id, booked_on, (substr(account_id, 2, len(account_id) - 2)::integer % 7)
            * 40000 + sum(amount) over (partition by account_id order by booked_on), loaded_on
        from raw.transactions
        union all
        select 'A' || i || 'W', date '2024-01-01' + d::integer,
            30000 + (hash(i, d, 2) % 400000)::integer,
            date '2024-01-01' + d::integer
                + case when hash(i, d, 3) % 40 = 0 then 20 else 0 end
        from range(0, {customers}, 2) as c(i), range({days} - 21) as t(d)
        where d = 0 or hash(i, d, 4) % 30 = 0
    """,
    "income_items": """
        select 'C' || i as customer_id, date '2024-01-31' as booked_on, 'fee' as component,
            12.34 as amount, date '2024-01-31' as loaded_on from range({customers}) as c(i)
    """,
    "cost_items": """
        select 'C' || i as customer_id, date '2024-03-14' as booked_on, 'service' as component,
            1.07 as amount, date '2024-03-15' as loaded_on from range({customers}) as c(i)
    """,
    "channel_logins": """
        select 'C' || i as customer_id, 'mobile' as channel, date '2024-03-14' as login_on,
            2 as logins, date '2024-03-14' as loaded_on from range({customers}) as c(i)
    """,
    "interactions": """
        select 'I' || i as interaction_id, 'C' || i as customer_id, 'complaint' as kind,
            date '2024-03-15' as happened_on, null as score, date '2024-03-15' as loaded_on
        from range(50) as c(i)
        union all
        select 'S' || i, 'C' || i, 'survey', date '2024-03-14', 6, date '2024-03-15'
        from range(20) as c(i)
    """,
    "leads": """
        select 'L' || i as lead_id, 'C' || i as customer_id, date '2024-03-15' as created_on,
            'advertising' as source_method, 'fund' as interest, date '2024-03-15' as loaded_on
        from range(40, 80) as c(i)
    """,
    "loans": """
        select 'L' || i as loan_id, date '2024-01-01' as effective_on,
            'A' || i || 'D' as account_id, 'C' || i as customer_id,
            date '2023-06-01' as granted_on, 5000 as amount, 24 as term_months, 'running' as status,
            date '2024-01-01' as loaded_on
        from range(100) as c(i)
    """,
    "loan_performance": """
        select 'L' || i as loan_id, month_end, i % 40 as days_past_due, 4000 as outstanding,
            i % 40 = 39 as in_default, loaded_on
        from range(100) as c(i), (values (date '2024-01-31', date '2024-02-02'),
            (date '2024-02-29', date '2024-03-15')) as m(month_end, loaded_on)
    """,
    # Companies of four years' standing or of one; every seventh shows nothing of its operation.
    "financial_statements": """
        select 'C' || i as customer_id, make_date(y::integer, 12, 31) as year_end,
            i % 3 = 0 as audited,
            1000000 as total_assets, if(i % 70 = 0, null, 500000) as current_assets,
            100000 as inventory, 90000 as receivables, 5000 * (60 + i % 90) as total_liabilities,
            250000 as current_liabilities, 200000 as interest_bearing_debt,
            1000000 - 5000 * (60 + i % 90) as equity, 1500000 + y * 9 as sales,
            1200000 as cost_of_sales, 1350000 as total_cost, 90000 + i * 99 as ebit,
            9000 as interest_expense, 60000 + i * 99 as net_profit,
            1450000 as operating_cash_inflow, 70000 as net_operating_cash_flow,
            date '2024-01-01' as loaded_on
        from range(0, {customers}, 10) as c(i), range(2020, 2024) as y(y)
        where i % 20 = 0 or y = 2023
    """,
    "qualitative_assessments": """
        select 'C' || i as customer_id, item, assessed_on, 1 as points, 'RC1' as assessor,
            assessed_on as loaded_on
        from range(0, {customers}, 10) as c(i),
            unnest(['strategy_execution', 'market_share', 'size', 'equipment', 'substitutability',
                'barriers', 'bargaining', 'financing', 'managers', 'staff', 'organisation',
                'decision', 'personnel', 'operation', 'finance', 'receivable_quality',
                'main_business', 'diversification', 'stock_quality', 'customer_concentration',
                'customer_stability', 'loan_quality', 'interest_payment', 'deposit_loan_ratio',
                'policy_support', 'shareholder_support', 'location']) as t(item),
            (values (date '2024-01-01'), (date '2024-03-14')) as a(assessed_on)
        where i % 200 <> 10 and (assessed_on = date '2024-01-01' or i % 30 = 0)
    """,
    "rating_decisions": """
        select 'C' || i as customer_id, date '2024-03-14' as decided_on, 'override' as kind,
            'AA' as grade, 'new owner' as reason, 'CO1' as approver, date '2024-03-14' as loaded_on
        from range(0, {customers}, 50) as c(i)
    """,
    "external_assets": """
        select 'C' || i as customer_id, date '2024-03-10' as observed_on, 'survey' as source,
            1000 as amount, date '2024-03-15' as loaded_on from range(50) as c(i)
    """,
}
# Three deliveries on the last day replace logins of the day before: taken back and sent anew.
_CORRECTION = """
    update raw.channel_logins set superseded_on = date '2024-03-15'
        where customer_id in ('C1', 'C2', 'C3');
    insert into raw.channel_logins by name select * replace (5 as logins,
        date '2024-03-15' as loaded_on, null as superseded_on)
    from raw.channel_logins where superseded_on is not null;
"""


def build_toy(folder: Path) -> Path:
    """Land the toy's rows and run every model over all of its days."""
    path = folder / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        for schema in SCHEMAS:
            con.execute(f"create schema if not exists {schema}")
        create_control_schema(con)
        create_raw_tables(con, load_contract())
        for table, query in _TABLES.items():
            rows = query.format(customers=CUSTOMERS, days=DAYS)
            con.execute(
                f"insert into raw.{table} by name select *, 'f' as file_id, 1 as line_no, "
                f"'accepted' as row_status from ({rows})"
            )
        con.execute(_CORRECTION)
    _run_dbt(path, folder / "target", "--exclude", FORWARD)
    with duckdb.connect(str(path)) as con:
        fit_window(con, EVERYTHING)
        cards = registry_of((written_card("behavioural", FIRST), CROWNED))
        score_window(con, cards, EVERYTHING)
        monitor_window(con, cards, EVERYTHING)
    _run_dbt(path, folder / "target", "--select", FORWARD)
    return path


def _run_dbt(warehouse: Path, target: Path, *selection: str) -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    project = str(REPOSITORY / "dbt_project")
    given = {
        "window_start": FIRST.isoformat(),
        "window_end": END.isoformat(),
        "first_day": FIRST.isoformat(),
        "key_salt": "toy",
    }
    os.environ["TENURE_WAREHOUSE"] = str(warehouse)
    result = dbtRunner().invoke(
        [
            *("--quiet", "build", "--resource-type", "seed", "--resource-type", "model"),
            *selection,
            *("--project-dir", project, "--profiles-dir", project),
            *("--target-path", str(target), "--log-path", str(target), "--vars", json.dumps(given)),
        ]
    )
    DuckDBConnectionManager.close_all_connections()
    failed = [
        node.message
        for node in getattr(result.result, "results", []) or []
        if node.status not in ("success", "pass")
    ]
    assert result.success, failed or result.exception
