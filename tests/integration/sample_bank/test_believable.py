"""Money ties, tiers are populated, planted behaviour shows."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.sample_bank import Summary

pytestmark = pytest.mark.slow


def test_balances_tie_to_transactions_every_day(
    spotless_rows: duckdb.DuckDBPyConnection,
) -> None:
    accounts, untied = spotless_rows.execute(
        """
        with booked as (
            select account_id, booked_on, sum(sum(amount)) over (
                partition by account_id order by booked_on) as ledger
            from good_transactions group by account_id, booked_on
        )

        select count(distinct booked.account_id), count(*) filter (closing_balance is null)
            + count(*) filter (closing_balance <> ledger)
        from booked
        left join good_account_balances as b
            on b.account_id = booked.account_id and b.balance_on = booked.booked_on
        """
    ).fetchall()[0]
    assert accounts > 1500
    assert untied == 0


def test_current_accounts_move_by_transactions_only(
    spotless_rows: duckdb.DuckDBPyConnection,
) -> None:
    unexplained = spotless_rows.execute(
        """
        select count(*)
        from good_account_balances as b
        where account_id in (
                select account_id from good_accounts
                inner join good_products using (product_id) where product_class = 'demand')
            and not exists (
                select 1 from good_transactions as t
                where t.account_id = b.account_id and t.booked_on = b.balance_on)
        """
    ).fetchall()[0][0]
    assert unexplained == 0


def test_no_balance_is_negative(spotless_rows: duckdb.DuckDBPyConnection) -> None:
    assert spotless_rows.execute(
        "select min(closing_balance) >= 0 from good_account_balances"
    ).fetchall() == [(True,)]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("deposit_tier", {"ordinary", "gold", "platinum", "diamond"}),
        ("asset_band", {"none", "borderline", "volatile", "stable"}),
    ],
)
def test_every_tier_is_populated_every_month(
    spotless: Summary, column: str, values: set[str]
) -> None:
    found = duckdb.execute(
        f"select month_end, list(distinct {column}) from"
        f" '{spotless.truth}/customer_months/*.parquet' group by month_end"
    ).fetchall()
    assert len(found) == 6
    assert all(set(names) == values for _, names in found)


def test_every_stage_and_cause_is_planted(spotless: Summary) -> None:
    stages, causes = duckdb.execute(
        f"select list(distinct stage), list(distinct decline_cause)"
        " filter (decline_cause is not null)"
        f" from '{spotless.truth}/customer_months/*.parquet'"
    ).fetchall()[0]
    assert set(stages) == {
        "prospect", "developing", "growing", "mature", "declining", "terminated"
    }  # fmt: skip
    assert set(causes) == {
        "sudden_outflow", "competitor", "bank_side", "own_operation", "unprofitable"
    }  # fmt: skip


def test_volume_is_about_what_was_asked_for(
    spotless: Summary, spotless_rows: duckdb.DuckDBPyConnection
) -> None:
    customer_months = duckdb.execute(
        f"select count(*) from '{spotless.truth}/customer_months/*.parquet'"
    ).fetchall()[0][0]
    assert 0.8 < spotless.rows["transactions"] / customer_months < 1.6
    assert 1.3 < spotless.rows["accounts"] / 2000 < 1.7


def test_the_banks_fault_shows_in_complaints(
    spotless: Summary, spotless_rows: duckdb.DuckDBPyConnection
) -> None:
    share = dict(
        spotless_rows.execute(
            f"""
            select coalesce(cause, 'none'), avg((customer_id in (
                select customer_id from good_interactions where kind = 'complaint'))::int)
            from '{spotless.truth}/customers.parquet'
            where cause is null or declines
            group by all
            """
        ).fetchall()
    )
    assert share["bank_side"] > 0.7 > 0.1 > share["none"]


def test_defaults_follow_the_planted_probability(
    spotless: Summary, spotless_rows: duckdb.DuckDBPyConnection
) -> None:
    planted, observed = spotless_rows.execute(
        f"""
        select (select count(*) from '{spotless.truth}/loans.parquet'
                where default_month_end is not null),
            (select count(distinct loan_id) from good_loan_performance where in_default)
        """
    ).fetchall()[0]
    assert planted >= observed > 0


def test_contacts_are_the_planted_members(
    spotless: Summary, spotless_rows: duckdb.DuckDBPyConnection
) -> None:
    unplanned, uncontrolled, accepted = spotless_rows.execute(
        f"""
        select
            count(*) filter (m.arm is distinct from c.arm),
            count(*) filter (c.arm = 'control' and c.contacted_on is not null),
            count(*) filter (m.accepted)
        from good_campaign_contacts as c
        left join '{spotless.truth}/campaign_members.parquet' as m
            using (campaign_id, customer_id)
        """
    ).fetchall()[0]
    assert (unplanned, uncontrolled) == (0, 0)
    assert accepted > 0


def test_loans_that_run_are_observed_at_every_month_end(
    spotless_rows: duckdb.DuckDBPyConnection,
) -> None:
    ended, silent = spotless_rows.execute(
        """
        with stand as (
            select loan_id, arg_max(status, effective_on) as status
            from good_loans group by loan_id
        ),
        seen as (select loan_id, max(month_end) as last_seen from good_loan_performance group by 1)

        select
            (select count(*) from good_loans
             where status = 'repaid' and effective_on < loaded_on),
            count(*) filter (
                status = 'running'
                and last_seen is distinct from (select max(month_end) from good_loan_performance))
        from stand left join seen using (loan_id)
        """
    ).fetchall()[0]
    assert ended > 0
    assert silent == 0
