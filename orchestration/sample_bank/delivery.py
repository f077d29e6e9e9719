"""Delivery: which row comes in which file of which day, and what should become of it.

A month's rows of a table are brought into one order - day, file, place in the file - so that each
file is a contiguous slice of it (files.py writes them).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from orchestration.landing.contract import TableContract
from orchestration.sample_bank import defects, files
from orchestration.sample_bank.bank import Bank, day
from orchestration.sample_bank.options import Month

# A row re-sent with other values: what changes. Money and dates stay as they were, so the known
# truth does not depend on whether the correction has arrived.
CORRECTIONS = {
    "customers": "phone = '100' || lpad((n % 100000000)::varchar, 8, '0')",
    "accounts": "branch_id = 'BR9' || lpad((n % 1000)::varchar, 3, '0')",
    "transactions": "rail = case when rail = 'own' then 'third_party' else 'own' end",
    "external_assets": "amount = amount + 1000",
    "leads": "owner = 'S' || (n % 1000)::varchar",
    "opportunities": "expected_sales = expected_sales + 1000",
    "qualitative_assessments": "assessor = 'RC' || (n % 100)::varchar",
    "channel_logins": "logins = logins + 1",
    "loans": "purpose = case when purpose = 'other' then 'investment' else 'other' end",
}

LATE_TABLES = ("transactions", "account_balances")


@dataclass
class Written:
    """Running totals of what was delivered."""

    files: int = 0
    late_rows: int = 0
    defect_rows: int = 0
    rows: dict[str, int] = field(default_factory=dict)


def prepare(bank: Bank) -> None:
    """Tables that record what each file holds."""
    bank.run(
        """
        create table file_truth (
            table_name varchar, loaded_on date, file_name varchar, status varchar,
            rows_read bigint, accepted bigint, duplicate bigint, superseded bigint,
            quarantined bigint)
        """
    )
    bank.run(
        """
        create table late_truth (
            table_name varchar, row_key varchar, happened_on date, loaded_on date, days_late int)
        """
    )
    defects.prepare(bank)


def deliver(bank: Bank, month: Month, landing: Path, written: Written) -> None:
    """Write every file of the month."""
    suffix = bank.request.file_format
    for name, table in bank.contract.tables.items():
        if not _stage(bank, month, name, table):
            continue
        bank.run(
            "create or replace table counted as"
            " select loaded_on, file_no, fate, count(*) as n from batch group by all"
        )
        bad = defects.plant(bank, month, name, table)
        bank.run(
            f"""
            create or replace table file_rows as
            select '{name}' as table_name, loaded_on, file_no, 'loaded' as status,
                sum(n)::bigint as rows_read,
                coalesce(sum(n) filter (fate = 'accepted'), 0)::bigint as accepted,
                coalesce(sum(n) filter (fate = 'duplicate'), 0)::bigint as duplicate,
                coalesce(sum(n) filter (fate = 'superseded'), 0)::bigint as superseded,
                coalesce(sum(n) filter (fate = 'quarantined'), 0)::bigint as quarantined,
            from (
                from counted
                union all by name
                select loaded_on, file_no, fate, count(*) as n from bad group by all
            ) group by loaded_on, file_no order by loaded_on, file_no
            """
        )
        bank.run(
            f"insert into file_truth by name select * exclude (file_no),"
            f" '{name}_' || file_no || '.{suffix}' as file_name from file_rows"
        )
        write = files.write_parquet if suffix == "parquet" else files.write_text
        write(bank, table, landing, bad)
        counts = bank.run("select count(*), sum(rows_read) from file_rows").fetchall()[0]
        written.files += int(counts[0])
        written.rows[name] = written.rows.get(name, 0) + int(counts[1])


def _stage(bank: Bank, month: Month, name: str, table: TableContract) -> bool:
    """Move the month's rows from pending into `batch`, with re-sends and file numbers.

    Says whether there are any.
    """
    key, last = ", ".join(table.key), day(month.end)
    due = bank.run(f"select count(*) from pending_{name} where loaded_on <= {last}").fetchall()
    if due == [(0,)]:
        return False
    if bank.request.defect_share:
        _resend(bank, month, name, table)
    bank.run(
        f"""
        create or replace table batch as
        select *, case
            when sent = 2 then 2
            when u('{name} files', loaded_on - date '2000-01-01', 0) < {bank.volumes.two_file_share}
                and uh('{name} file', hash({key})) < 0.3 then 2
            else 1 end as file_no,
        from pending_{name} where loaded_on <= {last}
        order by loaded_on, file_no, sent, {key}
        """
    )
    bank.run(f"create or replace table later as from pending_{name} where loaded_on > {last}")
    bank.open_pending(name)
    bank.run(f"insert into pending_{name} by name from later")
    if bank.request.late_share and name in LATE_TABLES:
        bank.run(
            f"""
            insert into late_truth
            select '{name}', concat_ws('|', {key}), {table.happened}, loaded_on,
                loaded_on - {table.happened}
            from batch where sent = 0 and loaded_on > {table.happened}
                and {table.happened} >= {day(bank.request.start)}
            """
        )
    return True


def _resend(bank: Bank, month: Month, name: str, table: TableContract) -> None:
    """Queue some of the month's rows again, unchanged or corrected, and note what that means.

    A row sent again on its own day comes in the day's second file.
    """
    columns, key = ", ".join(table.columns), ", ".join(table.key)
    last, end = day(month.end), day(bank.end)
    share, volumes = bank.request.defect_share, bank.volumes
    duplicates = share * volumes.duplicate_factor
    corrections = share * volumes.correction_factor if name in CORRECTIONS else 0
    bank.run(
        f"""
        create or replace table resent as
        with drawn as (
            select *, hash({key}) as h, uh('{name} again', hash({key})) as again,
                case when uh('{name} when', hash({key})) < 0.25 then 0
                    else 1 + floor(20 * uh('{name} lag', hash({key})))::int end as lag,
            from pending_{name} where loaded_on <= {last} and sent = 0 and fate = 'accepted'
        )

        select *, again < {duplicates} as unchanged, (h % 1000000000)::bigint as n
        from drawn
        where again < {duplicates + corrections} and loaded_on + lag <= {end}
        """
    )
    changed = CORRECTIONS.get(name, "")
    column, _, value = changed.partition(" = ")
    replaced = f"replace (case when unchanged then {column} else {value} end as {column})"
    bank.run(
        f"""
        insert into pending_{name} by name
        select {columns}, loaded_on + lag as loaded_on,
            case when lag = 0 then 2 else 1 end as sent,
            case when unchanged and lag > 0 then 'duplicate' else 'accepted' end as fate,
        from (select * {replaced if corrections else ""} from resent)
        """
    )
    bank.run(
        f"""
        update pending_{name} as p
        set fate = case when r.unchanged then 'duplicate' else 'superseded' end
        from resent as r
        where {" and ".join(f"p.{c} = r.{c}" for c in table.key)}
            and p.sent = 0 and p.loaded_on = r.loaded_on
            and (r.lag = 0 or not r.unchanged)
        """
    )
