"""Peer figures as published: channel use by age and gender, penetration, substitution."""

from __future__ import annotations

from orchestration.sample_bank.bank import Bank, day

# source, year, measure, band, published on, value (shares of 1 unless the measure says otherwise)
FIGURES = (
    ("CFCA", 2012, "net_bank_users_by_age", "25-34", "2012-12-18", 0.454),
    ("CFCA", 2012, "net_bank_users_by_age", "44+", "2012-12-18", 0.125),
    ("CFCA", 2012, "net_bank_opened_actively", "all", "2012-12-18", 0.75),
    ("CFCA", 2012, "net_bank_opened_on_recommendation", "all", "2012-12-18", 0.26),
    ("CFCA", 2012, "mobile_bank_user_share", "all", "2012-12-18", 0.089),
    ("CFCA", 2011, "mobile_bank_user_share", "all", "2011-12-15", 0.063),
    ("regional savings bank", 2013, "channel_substitution_rate_incl_atm", "all", "2013-09-30",
     0.4004),
    ("regional savings bank", 2013, "activated_share_of_customers", "all", "2013-09-30", 0.089),
    ("regional savings bank", 2013, "share_of_activated", "net", "2013-09-30", 0.69),
    ("regional savings bank", 2013, "share_of_activated", "mobile", "2013-09-30", 0.34),
    ("regional savings bank", 2013, "share_of_activated", "several", "2013-09-30", 0.30),
    ("regional savings bank", 2013, "customers_by_age", "18-40", "2013-09-30", 0.1992),
    ("regional savings bank", 2013, "customers_by_age", "40-60", "2013-09-30", 0.4146),
    ("regional savings bank", 2013, "assets_by_age", "18-40", "2013-09-30", 0.065),
    ("regional savings bank", 2013, "assets_by_age", "40-60", "2013-09-30", 0.4323),
    ("regional savings bank", 2013, "net_bank_users_by_age", "18-25", "2013-09-30", 0.3382),
    ("regional savings bank", 2013, "net_bank_users_by_age", "40-50", "2013-09-30", 0.18),
    ("regional savings bank", 2013, "mobile_bank_users_by_age", "18-25", "2013-09-30", 0.3758),
    ("regional savings bank", 2013, "phone_bank_users_by_age", "18-25", "2013-09-30", 0.2782),
    ("regional savings bank", 2013, "phone_bank_users_by_age", "40-50", "2013-09-30", 0.219),
    ("regional savings bank", 2013, "e_bank_users_by_gender", "male", "2013-09-30", 0.542),
    ("regional savings bank", 2013, "e_bank_users_by_gender", "female", "2013-09-30", 0.458),
    ("regional savings bank", 2012, "agency_share_of_demand_accounts", "all", "2013-03-31",
     0.4274),
    ("regional savings bank", 2012, "agency_share_of_demand_balance", "all", "2013-03-31",
     0.4956),
    ("regional savings bank", 2013, "corporate_net_bank_share_of_accounts", "all", "2013-09-30",
     0.0793),
)  # fmt: skip


def emit_peers(bank: Bank) -> None:
    """Deliver every figure published by then on the first day, later ones when they appear."""
    rows = ", ".join(
        f"('{source}', {year}, '{measure}', '{band}', date '{published}', {value})"
        for source, year, measure, band, published, value in FIGURES
    )
    bank.emit(
        "peer_benchmarks",
        f"""
        select source, year, measure, band, published_on, value::decimal(18, 6) as value,
            greatest(published_on, {day(bank.request.start)}) as loaded_on
        from (values {rows}) as p (source, year, measure, band, published_on, value)
        """,
    )
