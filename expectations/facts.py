"""Facts: balances, customers' months and staging say the same, in total and per account.

Months that the window builds are read, never the history before them: a month's closing balance
is recomputed from the month's own arrivals and the closing of the month before, which its own gate
has held.
"""

from __future__ import annotations

import duckdb

from expectations import carried
from expectations.check import Check, Probe
from expectations.window import first_month, in_months, in_window, literal, month_before, months
from orchestration.settings import Settings
from orchestration.state import Window

# Bookings and balances of one bank agree but for value dates and corrections; beyond one account
# month in a hundred the transaction extract is incomplete. Balances stay right, so it only warns.
UNTIED_SHARE = 0.01
# The same in money: differences against the turnover of the accounts compared.
UNTIED_TURNOVER = 0.01

# Flows of the customer month, the staging model they come from, its date, and the sum.
FLOWS = (
    ("transactions", "stg_transactions", "booked_on", "version_sign"),
    ("inflow - outflow", "stg_transactions", "booked_on", "amount * version_sign"),
    ("income", "stg_income_items", "booked_on", "amount * version_sign"),
    ("cost", "stg_cost_items", "booked_on", "amount * version_sign"),
    ("logins", "stg_channel_logins", "login_on", "logins * version_sign"),
    (
        "complaints",
        "stg_interactions",
        "happened_on",
        "case when kind = 'complaint' then version_sign else 0 end",
    ),
    (
        "own_transactions",
        "stg_transactions",
        "booked_on",
        "case when channel <> 'system' then version_sign else 0 end",
    ),
    (
        "survey_score",
        "stg_interactions",
        "happened_on",
        "case when kind = 'survey' then coalesce(score, 0) * version_sign else 0 end",
    ),
    # Leads of people whose number is not known are nobody's.
    (
        "leads",
        "stg_leads",
        "created_on",
        "case when customer_key is not null then version_sign else 0 end",
    ),
)
ITEMS = (
    "spread_deposit", "spread_loan", "fee", "card", "agency", "intermediary",
    "service", "acquisition", "maintenance", "points", "referral",
)  # fmt: skip
FLOW_NAMES = {"inflow - outflow": "net_flow"}


def probes(con: duckdb.DuckDBPyConnection, window: Window, settings: Settings) -> list[Probe]:
    """The facts gate."""
    return [
        _closing(window),
        _movement(window),
        _customer_months(con, window),
        *(_flow(window, *flow) for flow in FLOWS),
        _items(window),
        _uses(window),
        *carried.probes(window),
        _ledger(window, settings),
    ]


def _items(window: Window) -> Probe:
    """Control totals: items of income and cost by component, as staged and as told."""
    parts = " union all ".join(
        f"select month, '{name}' as component, {name} as amount from facts.int_customer_items"
        for name in ITEMS
    )
    staged = " union all ".join(
        f"select {_month('known_on')} as month, component, amount * version_sign as amount "
        f"from staging.{model} where {in_months('known_on', window)}"
        for model in ("stg_income_items", "stg_cost_items")
    )
    ctes = {
        "told": f"select month, component, sum(amount) as told from ({parts}) "
        f"where {in_months('month', window)} group by all",
        "extracts": f"select month, component, sum(amount) as staged from ({staged}) group by all",
        "differing": "select month, component, coalesce(staged, 0) as staged, "
        "coalesce(told, 0) as told from told full outer join extracts using (month, component) "
        "where coalesce(staged, 0) <> coalesce(told, 0)",
    }
    check = Check(
        "items_tie",
        "int_customer_items",
        "error",
        "components and months",
        "What customers brought and cost is, by component, what the extracts of income and cost "
        "items add up to in the month that learned of them.",
        value="count(*)",
        sample="select * from differing order by month, component",
    )
    return Probe("differing", (check,), ctes)


def _uses(window: Window) -> Probe:
    """Transactions and logins of known owners, counted once whatever their kind and channel."""
    ctes = {
        "owned": "select account_key, min(greatest(known_on, effective_on)) as since "
        f"from staging.stg_accounts group by all having since < {literal(window.end)}",
        "staged": f"select {_month('t.known_on')} as month, sum(version_sign) as uses "
        "from staging.stg_transactions as t inner join owned as o "
        f"on o.account_key = t.account_key and {_month('o.since')} <= {_month('t.known_on')} "
        f"where {in_months('t.known_on', window)} group by all "
        f"union all select {_month('known_on')}, sum(logins * version_sign) "
        f"from staging.stg_channel_logins where {in_months('known_on', window)} group by all",
        "counted": "select month, sum(uses) as counted from facts.int_channel_use "
        f"where {in_months('month', window)} group by all",
        "expected": "select month, sum(uses) as expected from staged group by all",
        "differing": "select month, coalesce(expected, 0) as expected, "
        "coalesce(counted, 0) as counted from expected full outer join counted using (month) "
        "where coalesce(expected, 0) <> coalesce(counted, 0)",
    }
    check = Check(
        "uses_add_up",
        "int_channel_use",
        "error",
        "months",
        "Uses of channels are the transactions and logins that the month learned of.",
        value="count(*)",
        sample="select * from differing order by month",
    )
    return Probe("differing", (check,), ctes)


def _month(column: str) -> str:
    return f"cast(date_trunc('month', {column}) as date)"


def _known_in_its_month(happened: str, window: Window) -> str:
    """Events of the window's months known by their month's end: later ones are not in the facts."""
    known = in_months("known_on", window)
    return f"{known} and date_trunc('month', {happened}) = date_trunc('month', known_on)"


def _closing(window: Window) -> Probe:
    """For accounts and months with arrivals: the newest balance known by the month's end.

    A late balance is behind one that came before, so the newest may be of an earlier month of the
    window, or the one held when it began. Months without arrivals carry over, which the total of
    all accounts shows (closing_moves_by_changes).
    """
    ctes = {
        "touched": "select distinct account_key from staging.stg_account_balances "
        f"where {in_window('known_on', window)}",
        "learned": f"select account_key, {_month('known_on')} as month, "
        "max(struct_pack(balance_on, known_on, closing_balance)) as newest "
        "from staging.stg_account_balances semi join touched using (account_key) "
        f"where {in_months('known_on', window)} group by all",
        "held": "select account_key, month, struct_pack(balance_on := latest_balance_on, "
        "known_on := month, closing_balance := closing_balance) as newest "
        "from facts.int_account_balance_month semi join touched using (account_key) "
        f"where month = {literal(month_before(window))}",
        "seen": "select account_key, month, max(newest) over "
        "(partition by account_key order by month) as newest "
        "from (select * from learned union all select * from held)",
        "expected": "select account_key, month, newest.closing_balance as latest_known "
        f"from seen where month >= {literal(first_month(window))}",
        "differing": "select account_key, month, latest_known, closing_balance from expected "
        "left join facts.int_account_balance_month using (account_key, month) "
        "where closing_balance is distinct from latest_known",
    }
    check = Check(
        "closing_is_latest_known",
        "int_account_balance_month",
        "error",
        "account months",
        "An account's closing balance is the newest balance known by the end of the month.",
        value="count(*)",
        sample="select * from differing order by month, account_key",
    )
    return Probe("differing", (check,), ctes)


def _movement(window: Window) -> Probe:
    ctes = {
        "months": months(window),
        "closings": "select month, sum(closing_balance) as closing, count(*) as accounts "
        "from facts.int_account_balance_month "
        f"where month >= {literal(month_before(window))} and month < {literal(window.end)} "
        "group by month",
        "changes": f"select {_month('known_on')} as month, "
        "sum(change_amount) as changed from facts.int_balance_changes "
        f"where {in_months('known_on', window)} group by all",
        "moved": "select months.month, coalesce(before.closing, 0) as opening, "
        "coalesce(changes.changed, 0) as changed, coalesce(closings.closing, 0) as closing, "
        "coalesce(before.accounts, 0) as accounts_before, "
        "coalesce(closings.accounts, 0) as accounts "
        "from months left join closings using (month) left join changes using (month) "
        "left join closings as before on before.month = cast(months.month - interval 1 month "
        "as date)",
    }
    checks = (
        Check(
            "closing_moves_by_changes",
            "int_balance_changes",
            "error",
            "reporting currency",
            "The sum of all closing balances moves by the sum of the changes that became known "
            "in the month, to the cent.",
            value="coalesce(max(abs(closing - opening - changed)), 0)",
            failing="count(*) filter (closing <> opening + changed)",
            sample="select * from moved where closing <> opening + changed order by month",
        ),
        Check(
            "accounts_kept",
            "int_account_balance_month",
            "error",
            "accounts",
            "An account with a balance keeps it month after month; none may drop out.",
            value="coalesce(max(greatest(accounts_before - accounts, 0)), 0)",
            sample="select month, accounts_before, accounts from moved "
            "where accounts < accounts_before order by month",
        ),
    )
    return Probe("moved", checks, ctes)


def _customer_months(con: duckdb.DuckDBPyConnection, window: Window) -> Probe:
    names = [
        row[0].removesuffix("_balance_days")
        for row in con.execute(
            "select column_name from duckdb_columns() where schema_name = 'facts' "
            "and database_name = current_database() "
            "and table_name = 'fct_customer_month' and column_name like '%\\_balance\\_days' "
            "escape '\\' and column_name <> 'weighted_balance_days' order by column_index"
        ).fetchall()
    ] or ["unknown"]
    closing = " + ".join(f"{name}_closing" for name in names)
    days = " + ".join(f"{name}_balance_days" for name in names)
    ctes = {
        "customers": f"select month, customer_key, {closing} as closing, {days} as balance_days "
        f"from facts.fct_customer_month where {in_months('month', window)}",
        "by_customer": "select month, sum(closing) as closing, sum(balance_days) as balance_days, "
        "sum(abs(closing)) as gross, count(*) - count(distinct customer_key) as repeated, "
        "sum(case when customer_key = 0 then abs(closing) else 0 end) as unassigned "
        "from customers group by month",
        "by_account": "select month, sum(closing_balance) as closing, "
        "sum(balance_days) as balance_days from facts.int_account_balance_month "
        f"where {in_months('month', window)} group by month",
        "paired": "select month, c.closing, c.balance_days, c.repeated, c.gross, c.unassigned, "
        "a.closing as account_closing, a.balance_days as account_balance_days "
        "from by_customer as c full outer join by_account as a using (month)",
    }
    return Probe("paired", (_fan_out(), *_totals(), _unassigned()), ctes)


def _fan_out() -> Check:
    return Check(
        "one_row_per_customer",
        "fct_customer_month",
        "error",
        "rows",
        "One row per customer and month: a second one counts everything of the customer twice.",
        value="coalesce(sum(repeated), 0)",
        sample="select month, customer_key, count(*) as rows from customers "
        "group by month, customer_key having count(*) > 1 order by month, customer_key",
    )


def _totals() -> list[Check]:
    return [
        Check(
            f"{name}_equal_accounts",
            "fct_customer_month",
            "error",
            unit,
            "What customers hold adds up to what accounts hold, to the cent: else a join lost or "
            "multiplied accounts on the way.",
            value=f"coalesce(max(abs(coalesce({name}, 0) - coalesce(account_{name}, 0))), 0)",
            failing=f"count(*) filter (coalesce({name}, 0) <> coalesce(account_{name}, 0))",
            sample=f"select month, {name}, account_{name} from paired "
            f"where {name} is distinct from account_{name} order by month",
        )
        for name, unit in (
            ("closing", "reporting currency"),
            ("balance_days", "reporting currency x days"),
        )
    ]


def _unassigned() -> Check:
    return Check(
        "unassigned_balances",
        "fct_customer_month",
        "warn",
        "share of all balances",
        "Balances on accounts without a known customer count for nobody until the account's "
        "master data comes.",
        value="coalesce(max(case when gross > 0 then unassigned / gross else 0 end), 0)",
        failing="count(*) filter (unassigned > 0)",
        sample="select month, unassigned, gross from paired where unassigned > 0 order by month",
    )


def _flow(window: Window, flow: str, model: str, happened: str, amount: str) -> Probe:
    name = FLOW_NAMES.get(flow, flow)
    ctes = {
        "built": f"select month, sum({flow}) as total from facts.fct_customer_month "
        f"where {in_months('month', window)} group by month",
        "staged": f"select {_month(happened)} as month, sum({amount}) as total "
        f"from staging.{model} where {_known_in_its_month(happened, window)} group by all",
        "paired": "select month, coalesce(built.total, 0) as total, "
        "coalesce(staged.total, 0) as staged_total "
        "from built full outer join staged using (month)",
    }
    check = Check(
        f"{name}_equal_staging",
        "fct_customer_month",
        "error",
        "reporting currency" if "amount" in amount else "events",
        "Summed over all customers, the month's flow is the staged one, known by its end.",
        value="coalesce(max(abs(total - staged_total)), 0)",
        failing="count(*) filter (total <> staged_total)",
        sample="select * from paired where total <> staged_total order by month",
    )
    return Probe("paired", (check,), ctes)


def _ledger(window: Window, settings: Settings) -> Probe:
    """Demand accounts with bookings in the window: bookings of the month against the balance.

    An account's first month is left out: its first balance is a stock, not a movement. Banks that
    round amounts and balances separately differ by small change, which the settings tolerate.
    """
    ctes = {
        "touched": "select distinct account_key from staging.stg_transactions "
        f"where {in_window('known_on', window)}",
        "booked": f"select account_key, {_month('booked_on')} as month, "
        "sum(amount * version_sign) as booked, sum(abs(amount) * version_sign) as turnover "
        "from staging.stg_transactions semi join touched using (account_key) "
        f"where {_known_in_its_month('booked_on', window)} group by all",
        "balances": "select account_key, month, closing_balance, opening_balance "
        "from facts.int_account_balance_month semi join touched using (account_key) "
        f"where month >= {literal(month_before(window))} and month < {literal(window.end)}",
        "demand": "select account_key, month from facts.int_accounts_in_force "
        "semi join touched using (account_key) where product_class = 'demand'",
        "compared": "select booked.account_key, booked.month, booked.booked, booked.turnover, "
        "b.closing_balance - b.opening_balance as moved, "
        "abs(booked.booked - (b.closing_balance - b.opening_balance)) as difference "
        "from booked inner join balances as b using (account_key, month) "
        "inner join demand using (account_key, month) "
        "semi join (select account_key, cast(month + interval 1 month as date) as month "
        "from balances) as before using (account_key, month)",
    }
    apart = f"difference > {settings.ledger_tolerance}"
    sample = (
        "select account_key, month, booked, moved, difference from compared "
        f"where {apart} order by difference desc, account_key, month"
    )
    checks = (
        Check(
            "ledger_ties",
            "int_customer_transactions",
            "warn",
            "share of account months",
            "A month's bookings on a demand account are its balance's movement. More than "
            f"{UNTIED_SHARE:.0%} of account months apart: the transaction extract is incomplete, "
            "and flows (not balances) are too low.",
            value=f"coalesce(count(*) filter ({apart}) / nullif(count(*), 0), 0)",
            high=UNTIED_SHARE,
            failing=f"count(*) filter ({apart})",
            sample=sample,
        ),
        Check(
            "ledger_difference",
            "int_customer_transactions",
            "warn",
            "share of turnover",
            "The same in money: what bookings and balances differ by, against the turnover.",
            value="coalesce(sum(difference) / nullif(sum(turnover), 0), 0)",
            high=UNTIED_TURNOVER,
            failing=f"count(*) filter ({apart})",
            sample=sample,
        ),
    )
    return Probe("compared", checks, ctes)
