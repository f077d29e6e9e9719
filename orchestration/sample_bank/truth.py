"""The known truth, written beside the landing folder and never into it.

customer_months/<YYYY-MM>.parquet: planted tier (average daily balance of the month, as known at
its end), stage and cause of decline per customer. The other files are one per subject.
"""

from __future__ import annotations

from pathlib import Path

from orchestration.sample_bank.bank import Bank, day
from orchestration.sample_bank.delivery import Written
from orchestration.sample_bank.options import Month


def open_known(bank: Bank) -> None:
    """Prepare the balance rows that month-end averages are taken from."""
    bank.run("create table known (aid bigint, balance_on date, cents bigint, loaded_on date)")


def write_month(bank: Bank, month: Month, folder: Path) -> None:
    """Average daily balances and the customer's planted state at the end of the month.

    A balance holds until the account's next row; days before its first row count as nought; rows
    that arrive after the month end are not known yet.
    """
    first, last = day(month.first), day(month.end)
    bank.run(
        "insert into known select aid, balance_on, cents, loaded_on from delivered_movements"
        " where aid % 10 <= 6"
    )
    bank.run(
        f"""
        create or replace table averages as
        with seen as (
            select * from known where loaded_on <= {last} and balance_on <= {last}
        ),
        -- A row of the first itself replaces the balance carried into the month.
        ordered as (
            select aid, balance_on, cents,
                coalesce(lead(balance_on) over (
                    partition by aid order by balance_on, carried desc), {last} + 1) as until
            from (
                select *, 0 as carried from seen where balance_on >= {first}
                union all by name
                select aid, {first} as balance_on, max_by(cents, balance_on) as cents,
                    1 as carried
                from seen where balance_on < {first} group by aid
            )
        )

        select
            aid // 10 as cid,
            sum(case when aid % 10 in (1, 2) then cents::hugeint * (until - balance_on) else 0
                end)::hugeint as deposit_days,
            sum(cents::hugeint * (until - balance_on))::hugeint as asset_days,
        from ordered
        group by aid // 10
        """
    )
    _compact(bank, month)
    folder.mkdir(parents=True, exist_ok=True)
    gold, platinum, diamond = bank.volumes.deposit_bounds
    borderline, qualified, stable = bank.volumes.asset_bounds
    cents = 100 * month.days
    bank.run(
        f"""
        copy (
            select
                customer_no(p.cid) as customer_id,
                {first} as month,
                {last} as month_end,
                p.customer_type,
                ((coalesce(a.deposit_days, 0) + {month.days} // 2) // {month.days})::bigint
                    * 0.01::decimal(3, 2) as deposit_adb,
                case
                    when a.deposit_days >= {diamond}::hugeint * {cents} then 'diamond'
                    when a.deposit_days >= {platinum}::hugeint * {cents} then 'platinum'
                    when a.deposit_days >= {gold}::hugeint * {cents} then 'gold'
                    else 'ordinary'
                end as deposit_tier,
                ((coalesce(a.asset_days, 0) + {month.days} // 2) // {month.days})::bigint
                    * 0.01::decimal(3, 2) as asset_adb,
                case
                    when a.asset_days > {stable}::hugeint * {cents} then 'stable'
                    when a.asset_days >= {qualified}::hugeint * {cents} then 'volatile'
                    when a.asset_days >= {borderline}::hugeint * {cents} then 'borderline'
                    else 'none'
                end as asset_band,
                s.stage,
                case when s.stage in ('declining', 'terminated') then p.cause end
                    as decline_cause,
            from plan as s
            inner join people as p using (cid)
            left join averages as a using (cid)
            order by p.cid
        ) to '{folder}/{month.label}.parquet' (format parquet)
        """
    )


def _compact(bank: Bank, month: Month) -> None:
    """Keep, of rows too old to be overtaken by a late one, only the last of each account."""
    horizon = f"{day(month.end)} - {bank.volumes.late_days + 1}"
    bank.run(
        f"""
        create or replace table known as
        select * from known where balance_on > {horizon}
        union all
        select aid, max(balance_on), max_by(cents, balance_on), max(loaded_on)
        from known where balance_on <= {horizon} group by aid
        """
    )


def write_subjects(bank: Bank, folder: Path, written: Written) -> None:
    """The truth that is not monthly."""
    subjects = {
        "late_rows": "select * from late_truth order by all",
        "defects": "select * from defect_truth order by all",
        "files": "select * from file_truth order by all",
        "campaigns": "select * from campaign_truth order by all",
        "campaign_members": "select * from campaign_members order by campaign_id, customer_id",
        "customers": """
            select customer_no(cid) as customer_id, customer_type, opened_on, account_on,
                end_on as ended_on, decline_m is not null and decline_m >= 0 as declines, cause,
                case when decline_m is not null
                    then ({start} + to_months(decline_m::int))::date end as decline_month,
                pd
            from people order by cid""",
        "loans": """
            select loan_no(aid) as loan_id, customer_no(cid) as customer_id, granted_on,
                pd, hazard as monthly_hazard,
                case when default_m <= {last_m}
                    then ({start} + to_months(default_m + 1))::date - 1 end as default_month_end
            from loan_plan order by aid""",
    }
    values = {"start": day(bank.request.start), "last_m": bank.request.months - 1}
    for name, select in subjects.items():
        bank.run(f"copy ({select.format(**values)}) to '{folder}/{name}.parquet' (format parquet)")
    counts = bank.run(
        "select (select count(*) from late_truth), (select count(*) from defect_truth)"
    ).fetchall()[0]
    written.late_rows, written.defect_rows = int(counts[0]), int(counts[1])
