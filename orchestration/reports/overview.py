"""What came out of a run: the tiers, the people to look at, where to look further."""

from __future__ import annotations

import duckdb
from rich.console import Console

from orchestration.publish.reader import open_published
from orchestration.reports.tables import table
from orchestration.settings import Settings

_TIERS = """
    select scheme_code, tier_name, customers, assets, customer_share, growth_divergence
    from tier_distribution
    where month = (select max(month) from tier_distribution)
    order by scheme_code, tier_rank
"""
_WATCHED = """
    select list_code, scheme_code, customer_key, relationship_manager, tier, measure_amount, reason
    from tier_watch_list
    qualify row_number() over (
        partition by list_code order by reference_bound desc, distance, customer_key, scheme_code
    ) <= 4
    order by list_code, reference_bound desc, distance
"""
_COUNTS = """
    select scheme_code, list_code, count(*) from tier_watch_list group by all order by all
"""
_STORY = """
    select customer_key from tier_month where change in ('upgrade', 'downgrade') and is_closed
    order by month desc, measure_amount desc, customer_key limit 1
"""


def overview(settings: Settings, console: Console) -> int | None:
    """Prints the published result; returns the key of a customer with a story to explain."""
    with open_published(settings.published_dir) as con:
        as_of = con.execute("select max(as_of) from published_version").fetchone()
        console.print(f"\n[bold]Published as of {as_of[0] if as_of else '?'}[/]")
        console.print(
            table(
                "Tiers",
                ["scheme", "tier", "customers", "assets", "share", "growth divergence"],
                con.execute(_TIERS).fetchall(),
            )
        )
        console.print(
            table(
                "Watch lists (the first of each)",
                ["list", "scheme", "customer", "manager", "tier", "measure", "why"],
                con.execute(_WATCHED).fetchall(),
            )
        )
        console.print(
            table(
                "Watch lists, customers",
                ["scheme", "list", "customers"],
                con.execute(_COUNTS).fetchall(),
            )
        )
        return _story(con)


def _story(con: duckdb.DuckDBPyConnection) -> int | None:
    row = con.execute(_STORY).fetchone()
    return int(row[0]) if row else None
