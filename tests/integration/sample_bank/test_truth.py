"""The truth beside the deliveries is what the deliveries say, worked out another way."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.landing.contract import load_contract
from orchestration.sample_bank import Summary

pytestmark = pytest.mark.slow

TABLES = load_contract().tables

# Day by day: for each account and day of the month, the last balance known at the month end.
DAILY = """
with months as (
    select distinct month, month_end from '{truth}/customer_months/*.parquet'
),
classes as (
    select distinct a.account_id, a.customer_id, p.product_class
    from good_accounts as a
    inner join good_products as p using (product_id)
),
days as (
    select month_end, unnest(generate_series(month, month_end, interval 1 day))::date as day
    from months
),
stated as (
    select d.month_end, d.day, b.account_id, max_by(b.closing_balance, b.balance_on) as balance
    from days as d
    inner join good_account_balances as b
        on b.balance_on <= d.day and b.loaded_on <= d.month_end
    group by all
),
averaged as (
    select month_end, customer_id,
        coalesce(sum(balance) filter (product_class in ('demand', 'time_deposit')), 0)
            as deposits,
        coalesce(sum(balance) filter (product_class in
            ('demand', 'time_deposit', 'wealth', 'fund', 'insurance', 'bond')), 0) as assets,
        extract(day from month_end) as n,
    from stated
    inner join classes using (account_id)
    group by all
)
"""


@pytest.mark.parametrize("bank", ["spotless", "messy"])
def test_tiers_follow_from_the_delivered_balances(
    bank: str, request: pytest.FixtureRequest
) -> None:
    summary: Summary = request.getfixturevalue(bank)
    rows: duckdb.DuckDBPyConnection = request.getfixturevalue(f"{bank}_rows")
    wrong, customers, tiers = rows.execute(
        DAILY.format(truth=summary.truth)
        + f"""
        select
            count(*) filter (
                deposit_tier <> case
                    when coalesce(deposits, 0) >= 1000000 * n then 'diamond'
                    when coalesce(deposits, 0) >= 200000 * n then 'platinum'
                    when coalesce(deposits, 0) >= 50000 * n then 'gold'
                    else 'ordinary' end
                or asset_band <> case
                    when coalesce(assets, 0) > 8000000 * n then 'stable'
                    when coalesce(assets, 0) >= 6000000 * n then 'volatile'
                    when coalesce(assets, 0) >= 5000000 * n then 'borderline'
                    else 'none' end
                or abs(deposit_adb - coalesce(deposits, 0) / coalesce(n, 1)) > 0.0051
                or abs(asset_adb - coalesce(assets, 0) / coalesce(n, 1)) > 0.0051
            ),
            count(*), count(distinct deposit_tier)
        from '{summary.truth}/customer_months/*.parquet'
        left join averaged using (month_end, customer_id)
        """
    ).fetchall()[0]
    assert customers > 700
    assert tiers == 4
    assert wrong == 0


def test_late_rows_are_as_many_as_asked_for(
    messy: Summary, messy_rows: duckdb.DuckDBPyConnection
) -> None:
    planted, total, longest = messy_rows.execute(
        f"""
        select (select count(*) from '{messy.truth}/late_rows.parquet'),
            (select count(distinct transaction_id) from good_transactions
                where booked_on > '2024-01-01')
                + (select count(distinct (account_id, balance_on)) from good_account_balances
                where balance_on > '2024-01-01'),
            (select max(days_late) from '{messy.truth}/late_rows.parquet')
        """
    ).fetchall()[0]
    # Rows that would arrive after the bank's last day are not delivered: somewhat fewer.
    assert 0.05 < planted / total < 0.11
    assert longest <= 40


@pytest.mark.parametrize("name", TABLES)
def test_the_files_ledger_follows_from_the_rule(
    messy: Summary, messy_rows: duckdb.DuckDBPyConnection, name: str
) -> None:
    """Last delivery of a key wins within a day; against the day before it repeats or replaces."""
    table = TABLES[name]
    key, columns = ", ".join(table.key), ", ".join(table.columns)
    messy_rows.execute(
        f"""
        create or replace temp table expected as
        with content as (
            select *, hash({columns}) as content,
                row_number() over (
                    partition by {key}, loaded_on order by file_name desc, line_no desc) as place
            from good_{name}
        ),
        within as (
            select *, first(content) over (
                partition by {key}, loaded_on order by place) as winning
            from content
        ),
        across as (
            select *, lag(content) over (partition by {key} order by loaded_on) as before
            from within where place = 1
        ),
        kept as (
            select *, lead(loaded_on) over (partition by {key} order by loaded_on) as replaced_on
            from across where before is distinct from content
        )

        select loaded_on, file_name, case when replaced_on is null then 'accepted'
            else 'superseded' end as fate from kept
        union all by name
        select loaded_on, file_name, 'duplicate' as fate from across where before = content
        union all by name
        select loaded_on, file_name, case when content = winning then 'duplicate'
            else 'superseded' end as fate from within where place > 1
        union all by name
        select loaded_on, file_name, expected as fate
        from '{messy.truth}/defects.parquet' where table_name = '{name}'
        """
    )
    wrong = messy_rows.execute(
        f"""
        select * from (
            select loaded_on, file_name, count(*) as rows_read,
                count(*) filter (fate = 'accepted') as accepted,
                count(*) filter (fate = 'duplicate') as duplicate,
                count(*) filter (fate = 'superseded') as superseded,
                count(*) filter (fate = 'quarantined') as quarantined,
            from expected group by loaded_on, file_name
        ) as e
        full join (
            select * from '{messy.truth}/files.parquet'
            where table_name = '{name}' and status <> 'refused'
        ) as t using (loaded_on, file_name, rows_read, accepted, duplicate, superseded,
            quarantined)
        where (e.loaded_on is null or t.loaded_on is null)
            -- A repeat of an earlier file is settled by its bytes, see the test below.
            and loaded_on not in (
                select loaded_on from '{messy.truth}/files.parquet'
                where table_name = '{name}' and status = 'identical')
        """
    ).fetchall()
    assert wrong == []


def test_every_kind_of_defect_is_planted(messy: Summary) -> None:
    kinds = duckdb.execute(
        f"select list(distinct kind) from '{messy.truth}/defects.parquet'"
    ).fetchall()[0][0]
    assert set(kinds) == {
        "wrong_type", "missing_value", "unknown_code", "out_of_range", "too_many_decimals",
        "too_long", "bad_pattern", "future_date", "date_order", "malformed_row", "orphan",
    }  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_orphans_point_at_nobody_and_keep_the_contract(
    messy: Summary, messy_rows: duckdb.DuckDBPyConnection, name: str
) -> None:
    references = [c for c, rule in TABLES[name].columns.items() if rule.references]
    if not references:
        return
    strays = messy_rows.execute(
        f"""
        select count(*) filter (not starts_with({references[0]}, 'ORPHAN-'))
        from {name}
        inner join '{messy.truth}/defects.parquet' as d
            using (loaded_on, file_name, line_no)
        where d.table_name = '{name}' and d.kind = 'orphan'
        """
    ).fetchall()[0][0]
    assert strays == 0


def test_refused_files_are_delivered_and_named(messy: Summary) -> None:
    refused = duckdb.execute(
        f"select table_name, loaded_on, file_name from '{messy.truth}/files.parquet'"
        " where status = 'refused'"
    ).fetchall()
    assert len(refused) == 2
    assert all((messy.landing / t / str(d) / f).exists() for t, d, f in refused)


def test_files_named_identical_have_the_bytes_of_the_one_before(messy: Summary) -> None:
    before: tuple[str, bytes] | None = None
    for table, loaded_on, name, status in duckdb.execute(
        f"select table_name, loaded_on, file_name, status from '{messy.truth}/files.parquet'"
        " order by table_name, loaded_on, file_name"
    ).fetchall():
        content = (table, (messy.landing / table / str(loaded_on) / name).read_bytes())
        assert (content == before) == (status == "identical"), (table, loaded_on, name)
        before = content
