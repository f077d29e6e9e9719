"""Data to fit scorecards on: two public sets, and one made up to any size."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from orchestration.credit.columns import Flags
from orchestration.credit.policy import Feature, Policy, read_policy

GERMAN = Path("german_credit", "germancredit.csv")
BERKA = Path("berka", "loan.asc")
GERMAN_POLICY = Path(__file__).with_name("scorecard_german.toml")
BERKA_POLICY = Path(__file__).with_name("scorecard_berka.toml")

# What is known of a borrower on the day before the loan. Permanent orders have no date and may
# be of later: they stay out. Flows are incomplete in some copies, balances are not.
_LOANS = """
    with
    loan as (
        select loan_id, account_id, amount::double as amount, duration::double as months,
            payments::double as instalment, status in ('B', 'D') as bad,
            strptime('19' || date, '%Y%m%d')::date as granted_on
        from read_csv('{folder}/loan.asc', delim = ';', all_varchar = true)
    ),
    account as (
        select account_id, district_id, frequency,
            strptime('19' || date, '%Y%m%d')::date as opened_on
        from read_csv('{folder}/account.asc', delim = ';', all_varchar = true)
    ),
    booked as (
        select account_id, balance::double as balance, k_symbol,
            strptime('19' || date, '%Y%m%d')::date as booked_on
        from read_csv('{folder}/trans.asc*', delim = ';', all_varchar = true)
    ),
    district as (
        select a1 as district_id, a11::double as salary, a13::double as unemployment
        from read_csv('{folder}/district.asc', delim = ';', all_varchar = true)
    ),
    before as (
        select loan_id, avg(balance) as mean_balance, min(balance) as least_balance,
            stddev_samp(balance) as spread_of_balance, count(*)::double as bookings,
            count(*) filter (k_symbol = 'SANKC. UROK')::double as penalties
        from loan inner join booked using (account_id)
        where booked_on < granted_on and booked_on >= granted_on - interval 180 day
        group by loan_id
    )
    select loan.*, mean_balance, least_balance, spread_of_balance, bookings, penalties, frequency,
        salary, unemployment, (granted_on - opened_on)::double as days_known,
        instalment / nullif(mean_balance, 0) as instalment_to_balance
    from loan
    inner join account using (account_id)
    inner join district using (district_id)
    left join before using (loan_id)
    order by loan_id::integer
"""


def german_credit(data: Path) -> tuple[pd.DataFrame, Flags]:
    """German credit with its codes as text, and who turned out bad."""
    frame = pd.read_csv(data / GERMAN, keep_default_na=False)
    return frame, (frame["creditability"] == "bad").to_numpy(np.bool_)


def berka_loans(data: Path) -> tuple[pd.DataFrame, Flags]:
    """Berka's loans as known before the grant, and who did not pay."""
    frame = duckdb.sql(_LOANS.format(folder=data / BERKA.parent)).df()
    return frame, frame["bad"].to_numpy(np.bool_)


def made_up(rows: int, seed: int) -> tuple[pd.DataFrame, Flags, Policy]:
    """Seven numbers and three codes, of which some are missing and some are no measure."""
    random = np.random.default_rng(seed)
    frame, logit = {}, np.full(rows, -2.2)
    for at in range(7):
        drawn = random.normal(size=rows)
        logit += (at - 3) / 6 * drawn
        drawn = np.round(np.exp(drawn) * 1000, 2) if at % 2 else np.round(drawn, 4)
        drawn[random.random(rows) < 0.03] = np.nan
        if at < 3:
            drawn[random.random(rows) < 0.02] = -9999
        frame[f"number_{at}"] = drawn
    for at in range(3):
        codes = random.integers(0, 5 + 5 * at, rows)
        logit += np.sin(codes) * 0.4
        frame[f"code_{at}"] = np.array([f"c{code:02}" for code in range(20)], dtype=object)[codes]
    bad = random.random(rows) < 1 / (1 + np.exp(-logit))
    features = tuple(
        Feature(
            name=name,
            kind="numeric" if name.startswith("number") else "categorical",
            special={"not asked": (-9999.0,)}
            if name in ("number_0", "number_1", "number_2")
            else {},
        )
        for name in frame
    )
    policy = read_policy(GERMAN_POLICY).model_copy(update={"features": features})
    return pd.DataFrame(frame), bad, policy
