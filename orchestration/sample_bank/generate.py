"""The one entry: plan the bank, then build and deliver it month by month."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

from pydantic import ValidationError

from orchestration.landing.contract import load_contract
from orchestration.sample_bank import (
    balances,
    campaigns,
    channels,
    companies,
    credit,
    delivery,
    money,
    peers,
    people,
    products,
    truth,
    value,
)
from orchestration.sample_bank.bank import Bank
from orchestration.sample_bank.identical import settle_identical
from orchestration.sample_bank.options import (
    FileFormat,
    Month,
    Request,
    SampleBankError,
    Summary,
    Volumes,
    check_start,
)
from orchestration.sample_bank.refusals import plant_refusals

Progress = Callable[[int, int, str], None]
_WORKPLACE = ".sample_bank_"


def generate(
    out_dir: Path,
    customers: int,
    start: date,
    months: int,
    seed: int,
    late_share: float = 0.0,
    defect_share: float = 0.0,
    file_format: FileFormat = "csv",
    progress: Progress | None = None,
    refused_files: int = 0,
    volumes: Volumes | None = None,
) -> Summary:
    """Write a bank's deliveries to out_dir/landing and its known truth to out_dir/truth.

    Both folders must be absent or empty, or left by a generation that was killed. `progress` is
    called with the months done, the months to do and the month's label.
    """
    began = time.monotonic()
    check_start(start, months, file_format)
    try:
        request = Request(
            customers=customers,
            start=start,
            months=months,
            seed=seed,
            late_share=late_share,
            defect_share=defect_share,
            file_format=file_format,
            refused_files=refused_files,
            volumes=volumes or Volumes(),
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise SampleBankError(f"{first['loc'][0]}: {first['msg'].lower()}") from error
    landing, known = out_dir / "landing", out_dir / "truth"
    with _workplace(out_dir, landing, known) as scratch:
        bank = Bank(request, load_contract(), scratch)
        try:
            written = _build(bank, landing, known, progress)
        finally:
            bank.con.close()
    return Summary(
        landing=landing,
        truth=known,
        first_day=request.start,
        last_day=bank.end,
        files=written.files,
        rows=written.rows,
        late_rows=written.late_rows,
        defect_rows=written.defect_rows,
        seconds=time.monotonic() - began,
    )


def is_unfinished(out_dir: Path) -> bool:
    """Whether a generation into the folder was killed: its workplace is still there."""
    return any(out_dir.glob(f"{_WORKPLACE}*"))


@contextmanager
def _workplace(out_dir: Path, *results: Path) -> Iterator[Path]:
    """A scratch folder that is there exactly as long as the results are not whole."""
    if is_unfinished(out_dir):
        for leftover in (*results, *out_dir.glob(f"{_WORKPLACE}*")):
            shutil.rmtree(leftover, ignore_errors=True)
    for folder in results:
        if folder.exists() and any(folder.iterdir()):
            raise SampleBankError(f"{folder} is not empty; give an empty folder or delete it first")
    out_dir.mkdir(parents=True, exist_ok=True)
    scratch = Path(mkdtemp(prefix=_WORKPLACE, dir=out_dir))
    try:
        for folder in results:
            folder.mkdir(exist_ok=True)
        yield scratch
    except BaseException:
        for folder in results:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(scratch)


def _build(bank: Bank, landing: Path, known: Path, progress: Progress | None) -> delivery.Written:
    people.plan_people(bank)
    products.plan_holdings(bank)
    channels.plan_channels(bank)
    credit.plan_loans(bank)
    money.open_state(bank)
    campaigns.plan_campaigns(bank)
    peers.emit_peers(bank)
    truth.open_known(bank)
    delivery.prepare(bank)
    written = delivery.Written()
    for month in bank.months:
        _month(bank, month)
        truth.write_month(bank, month, known / "customer_months")
        delivery.deliver(bank, month, landing, written)
        if progress is not None:
            progress(month.index + 1, len(bank.months), month.label)
    written.files += plant_refusals(bank, landing)
    settle_identical(bank, landing)
    truth.write_subjects(bank, known, written)
    return written


def _month(bank: Bank, month: Month) -> None:
    """Everything that happens in one month, queued for delivery."""
    people.emit_customers(bank, month)
    products.emit_products(bank, month)
    products.emit_accounts(bank, month)
    credit.service_loans(bank, month)
    money.move_money(bank, month)
    money.emit_transactions(bank, month)
    value.book_value(bank, month)
    balances.settle(bank, month)
    credit.emit_loans(bank, month)
    channels.emit_enrolments(bank, month)
    channels.emit_logins(bank, month)
    channels.emit_interactions(bank, month)
    companies.emit_statements(bank, month)
    companies.emit_assessments(bank, month)
    companies.emit_decisions(bank, month)
    companies.emit_opportunities(bank, month)
    campaigns.emit_campaign(bank, month)
    campaigns.emit_leads(bank, month)
    campaigns.emit_external_assets(bank, month)
