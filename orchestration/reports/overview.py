"""What came out of a run: the tiers, the people to look at, where to look further."""

from __future__ import annotations

import duckdb
from rich.console import Console

from orchestration.publish.reader import open_published
from orchestration.reports.credit import print_lending
from orchestration.reports.tables import amounts, percent, points, table
from orchestration.reports.value import print_returns
from orchestration.settings import Settings

# Of each scheme and list; two show that a list has an order.
_FIRST = 2

_TIERS = """
    select scheme_code, tier_name, customers, assets, customer_share, growth_divergence
    from tier_distribution
    where month = (select max(month) from tier_distribution)
    order by scheme_code, tier_rank
"""
_MEASURES = """
    select measure_code, string_agg(distinct scheme_code, ', ' order by scheme_code)
    from tier_month where month = (select max(month) from tier_month)
    group by measure_code order by measure_code
"""
# Everybody known, and why those without a verdict of the newest month have none. Who appears in
# items, accounts or leads alone is known, too, and has no row of its own.
_POPULATION = """
    with everybody as (
        select customer_key from customer_today union select customer_key from dim_customer
    ),
    known as (
        select
            customer_type, closed_on is not null as has_left,
            customer_key in (
                select customer_key from tier_month
                where month = (select max(month) from tier_month)
            ) as is_judged
        from everybody left join dim_customer using (customer_key)
    ),
    judged_types as (select distinct customer_type from known where is_judged),
    sorted as (
        select *, customer_type in (from judged_types) as of_judged_type from known
    )
    select count(*), count(*) filter (is_judged),
        count(*) filter (not is_judged and customer_type is not null and not of_judged_type),
        count(*) filter (not is_judged and of_judged_type and has_left),
        count(*) filter (not is_judged and of_judged_type and not has_left),
        count(*) filter (not is_judged and customer_type is null),
        (select string_agg(customer_type, ' and ' order by customer_type) from judged_types)
    from sorted
"""
_STAGES = """
    select stage, count(*), sum(assets), sum(income - cost) from customer_today
    group by stage order by list_position(
        ['prospect', 'developing', 'growing', 'mature', 'declining', 'terminated'], stage
    )
"""
_STARS = """
    select star_grade, count(*), sum(assets), sum(income - cost)
    from customer_today inner join star_month using (customer_key, month)
    group by star_grade, grade_rank order by grade_rank
"""
_CELLS = """
    select value_cell, count(*), sum(assets), sum(income - cost) from customer_today
    group by value_cell order by list_position(
        ['low_value', 'general', 'suboptimal', 'optimal'], value_cell
    )
"""
_WATCHED = f"""
    select scheme_code, list_code, customer_key, relationship_manager, tier, measure_amount, reason
    from tier_watch_list
    qualify row_number() over (
        partition by scheme_code, list_code order by reference_bound desc, distance, customer_key
    ) <= {_FIRST}
    order by scheme_code, list_code, reference_bound desc, distance, customer_key
"""
_COUNTS = """
    select scheme_code, list_code, count(*) from tier_watch_list group by all order by all
"""
# Best somebody below the top tier who keeps one by grace: then every distance there is is shown.
_STORY = """
    select customer_key from tier_month
    where is_closed and (change in ('upgrade', 'downgrade') or months_below > 0)
    order by month desc, next_tier is null, months_below = 0, measure_amount desc, customer_key
    limit 1
"""


def overview(settings: Settings, console: Console) -> int | None:
    """Prints the published result; returns the key of a customer with a story to explain."""
    with open_published(settings.published_dir) as con:
        as_of = con.execute("select max(as_of) from published_version").fetchone()
        console.print(f"\nPublished as of {as_of[0] if as_of else '?'}", style="bold")
        console.print(_population(con), highlight=False)
        _tiers(con, console)
        print_returns(con, console)
        _watch_lists(con, console)
        _families(con, console)
        print_lending(con, console)
        return _story(con)


def _population(con: duckdb.DuckDBPyConnection) -> str:
    row = con.execute(_POPULATION).fetchone()
    assert row is not None
    known, judged, other_type, left, others, unknown, types = row
    graded = f" (they grade {types})" if types else ""
    reasons = {
        f"of a type that no scheme grades{graded}": other_type,
        "who left": left,
        "not open yet": others,
        "whose own row was not delivered": unknown,
    }
    why = ", ".join(f"{count:,} {reason}" for reason, count in reasons.items() if count)
    customers = "customer has" if known == 1 else "customers have"
    return f"{judged:,} of {known:,} {customers} a tier" + (f"; without: {why}" if why else "")


def _tiers(con: duckdb.DuckDBPyConnection, console: Console) -> None:
    rows = [
        (scheme, tier, customers, assets, percent(share), points(divergence))
        for scheme, tier, customers, assets, share, divergence in con.execute(_TIERS).fetchall()
    ]
    if not rows:
        return
    numbers = ["share", "growth divergence"]
    columns = ["scheme", "tier", "customers", "assets", *numbers]
    console.print(table("Tiers", columns, rows, right=numbers))
    measures = con.execute(_MEASURES).fetchall()
    measured = "; ".join(f"{measure} in {schemes}" for measure, schemes in measures)
    for line in (
        "tier: after the newest judgement; from which day it counts is each scheme's policy, and "
        "`tenure explain` names the day",
        f"assets: the sum of what the scheme itself measures: {measured}",
        "share: of the scheme's customers",
        "growth divergence: growth of customers less growth of assets since the month before, in "
        "percentage points;",
        "  above 0 customers grow faster than their assets, below 0 the assets do",
    ):
        console.print(f"  {line}", highlight=False)


def _watch_lists(con: duckdb.DuckDBPyConnection, console: Console) -> None:
    counted = con.execute(_COUNTS).fetchall()
    if not counted:
        console.print("Nobody stands on a watch list.", highlight=False)
        return
    console.print(table("Watch lists, customers", ["scheme", "list", "customers"], counted))
    rows = [(*row, amounts(reason)) for *row, reason in con.execute(_WATCHED).fetchall()]
    columns = ["scheme", "list", "customer", "manager", "tier", "measure", "why"]
    console.print(table(f"The first {_FIRST} of each scheme and list", columns, rows))


def _families(con: duckdb.DuckDBPyConnection, console: Console) -> None:
    for title, column, query in (
        ("Lifecycle", "stage", _STAGES), ("Star grades", "grade", _STARS),
        ("Value matrix", "cell", _CELLS),
    ):  # fmt: skip
        columns = [column, "customers", "assets", "profit of the month"]
        console.print(table(title, columns, con.execute(query).fetchall()))
    for line in (
        "everybody known, leads and those who left too, who keep their grade until it is evaluated",
        "assets: closing balances of deposits and investments; tiers measure averages",
        "profit of the month: income less cost that the bank delivered, in the month so far",
    ):
        console.print(f"  {line}", highlight=False)


def _story(con: duckdb.DuckDBPyConnection) -> int | None:
    row = con.execute(_STORY).fetchone()
    return int(row[0]) if row else None
