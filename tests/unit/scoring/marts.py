"""Characteristics of made-up customers, with what lies on bounds and what no card knows."""

from __future__ import annotations

from datetime import date

import duckdb

MONTHS = 6
FIRST = date(2024, 1, 1)
CUSTOMERS = 400


def features() -> duckdb.DuckDBPyConnection:
    """A warehouse with six months of characteristics; every third customer has a loan."""
    con = duckdb.connect()
    con.execute("create schema marts")
    con.execute(
        f"""
        create table marts.credit_feature_month as
        select
            k as customer_key, (date '{FIRST}' + to_months(m::integer))::date as month,
            case k % 3 when 0 then 'behavioural' when 1 then 'application' else 'none' end
                as population,
            [null, 0, 19999.99, 20000, 90000.50, 90000.51, 1e9][(1 + hash(k, m) % 7)::bigint]
                ::decimal(28, 2) as assets_short,
            [11, 12, 13, 14, null, 600][(1 + hash(k, m, 1) % 6)::bigint]::integer as tenure_months,
            ['urban', 'rural', null][(1 + hash(k, m, 2) % 3)::bigint] as area
        from range({CUSTOMERS}) as c(k), range({MONTHS}) as t(m)
        """
    )
    return con
