"""Marts: every customer judged once, every verdict in its bounds, every matrix balanced."""

from __future__ import annotations

import duckdb

from expectations.check import Check, Probe
from expectations.concentration import concentration_probes
from expectations.credit import credit_probes
from expectations.customers import customer_probes
from expectations.lifecycle import lifecycle_probes
from expectations.rating import rating_probes
from expectations.rating_backtest import rating_backtest_probes
from expectations.segments import segment_probes
from expectations.star import star_probes
from expectations.value import value_probes
from expectations.value_matrix import value_matrix_probes
from expectations.window import in_months, literal, month_before
from orchestration.settings import Settings
from orchestration.state import Window

# Population stability index: below 0.1 a distribution is taken as unchanged, above 0.25 as another
# one. Tiers move slowly by design (a month's average, months of grace), so 0.1 is worth a look.
DRIFT = 0.1
# With fewer customers, single ones move the index.
DRIFT_ENOUGH_CUSTOMERS = 500
# Keeps the index finite for a tier nobody was in.
DRIFT_FLOOR = 0.0001
# Shares are rounded to six decimals; ten tiers can be off by half of that each.
SHARE_ROUNDING = 0.000005


def probes(con: duckdb.DuckDBPyConnection, window: Window, settings: Settings) -> list[Probe]:
    """The marts gate: rows of the months that the window builds, and the current lists."""
    del con, settings
    return [
        _population(window),
        _unique(window),
        _verdicts(window),
        _distribution(window),
        _migration(window),
        _drift(window),
        _watch_list(),
        *star_probes(window),
        *value_matrix_probes(window),
        *rating_probes(window),
        *segment_probes(window),
        *lifecycle_probes(window),
        *customer_probes(window),
        *value_probes(window),
        *concentration_probes(window),
        *rating_backtest_probes(window),
        *credit_probes(window),
    ]


def _with_month_before(column: str, window: Window) -> str:
    return f"({column} >= {literal(month_before(window))} and {column} < {literal(window.end)})"


def _in_force(policy: str, day: str) -> str:
    return f"{policy}.valid_from <= {day} and coalesce({policy}.valid_to > {day}, true)"


def _population(window: Window) -> Probe:
    """Both sides as a count and an order-free checksum of their keys: equal sums of hashes mean
    equal sets, without joining millions of verdicts."""
    count = "count(*) as customers, sum(hash(customer_key)) as keys"
    ctes = {
        "facts_of": "select customer_key, month, judged_on, customer_type "
        f"from facts.fct_customer_month where {in_months('month', window)} and in_population",
        "by_type": f"select month, judged_on, customer_type, {count} from facts_of group by all",
        "schemes": "select distinct s.scheme_code, s.customer_type, b.month from "
        "policy.policy_tier_scheme as s inner join (select distinct month, judged_on from "
        f"by_type) as b on {_in_force('s', 'b.judged_on')}",
        "expected": "select s.scheme_code, s.month, sum(b.customers) as customers, "
        "sum(b.keys) as keys from schemes as s inner join by_type as b on s.month = b.month "
        "and (s.customer_type = 'all' or s.customer_type = b.customer_type) group by all",
        "verdicts": "select scheme_code, month, customer_key from marts.tier_month "
        f"where {in_months('month', window)}",
        "judged": f"select scheme_code, month, {count} from verdicts group by all",
        "paired": "select scheme_code, month, coalesce(e.customers, 0) as expected, "
        "coalesce(j.customers, 0) as judged, e.keys is not distinct from j.keys as same_keys "
        "from expected as e full outer join judged as j using (scheme_code, month)",
        "astray": "select scheme_code, month, customer_key, count(*) as verdicts, "
        "bool_or(f.customer_key is not null) as in_population from verdicts left join facts_of "
        "as f using (customer_key, month) group by all "
        "having count(*) > 1 or not bool_or(f.customer_key is not null) "
        "union all select s.scheme_code, s.month, f.customer_key, 0, true from schemes as s "
        "inner join facts_of as f on s.month = f.month and (s.customer_type = 'all' "
        "or s.customer_type = f.customer_type) anti join verdicts as v on s.scheme_code = "
        "v.scheme_code and s.month = v.month and f.customer_key = v.customer_key",
    }
    checks = (
        Check(
            "population_judged_once",
            "tier_month",
            "error",
            "wrong scheme months",
            "Per scheme and month, those judged are exactly the customers of its type who are in "
            "the population: nobody left out, nobody else let in.",
            value="count(*) filter (expected <> judged or not same_keys)",
            failing="coalesce(sum(greatest(abs(expected - judged), "
            "case when same_keys then 0 else 1 end)), 0)",
            sample="select * from astray order by scheme_code, month, customer_key",
        ),
    )
    return Probe("paired", checks, ctes)


def _verdicts(window: Window) -> Probe:
    """One pass over the window's verdicts, each beside the bounds of its two tiers.

    The table stands in the query itself: a `with` clause read twice would be copied first.
    """
    ctes = {
        "days": "select distinct scheme_code, month, judged_on from marts.tier_month "
        f"where {in_months('month', window)}",
        "bounds": "select days.scheme_code, days.month, b.tier_rank, b.tier_code, b.lower_bound, "
        "lead(b.lower_bound) over ranks as next_bound, lead(b.tier_code) over ranks as next_tier "
        "from days inner join policy.policy_tier_bound as b on days.scheme_code = b.scheme_code "
        f"and {_in_force('b', 'days.judged_on')} "
        "window ranks as (partition by days.scheme_code, days.month order by b.tier_rank)",
        "checked": "select v.scheme_code, v.month, v.customer_key, v.measure_amount, "
        "v.measured_tier, v.tier, v.measured_rank, v.tier_rank, v.held_bound, v.margin, "
        "v.next_bound, v.gap_to_next, "
        "coalesce(v.measured_tier = m.tier_code "
        "and coalesce(v.measure_amount >= m.lower_bound, true) "
        "and coalesce(v.measure_amount < m.next_bound, true), false) as in_bounds, "
        "coalesce(v.tier_rank >= v.measured_rank, false) as not_below, "
        "coalesce(v.tier = h.tier_code, false) "
        "and v.held_bound is not distinct from h.lower_bound "
        "and v.next_bound is not distinct from h.next_bound "
        "and v.next_tier is not distinct from h.next_tier as held_in_policy, "
        "v.margin is not distinct from v.measure_amount - v.held_bound "
        "and v.gap_to_next is not distinct from v.next_bound - v.measure_amount as re_adds "
        "from marts.tier_month as v "
        "left join bounds as m on v.scheme_code = m.scheme_code and v.month = m.month "
        "and v.measured_rank = m.tier_rank "
        "left join bounds as h on v.scheme_code = h.scheme_code and v.month = h.month "
        f"and v.tier_rank = h.tier_rank where {in_months('v.month', window)}",
    }
    key = "scheme_code, month, customer_key"

    def every(name: str, reason: str, holds: str, columns: str) -> Check:
        return Check(
            name,
            "tier_month",
            "error",
            "wrong verdicts",
            reason,
            value=f"count(*) filter (not {holds})",
            sample=f"select {key}, {columns} from checked where not {holds} order by {key}",
        )

    checks = (
        every(
            "measured_in_bounds",
            "The measured tier is the one whose bounds hold the measure (lower bound inclusive) "
            "under the policy of the day judged: more is never graded lower.",
            "in_bounds",
            "measured_tier, measure_amount",
        ),
        every(
            "held_not_below_measured",
            "Up at once, down only after the grace: a held tier is never below the measured one.",
            "not_below",
            "tier, measured_tier, measure_amount",
        ),
        every(
            "held_in_policy",
            "The held tier and the bounds stated with it are those of the policy in force.",
            "held_in_policy",
            "tier, held_bound, next_bound",
        ),
        every(
            "explanation_re_adds",
            "A verdict explains itself: measure = bound + margin, and next bound = measure + gap.",
            "re_adds",
            "measure_amount, held_bound, margin, next_bound, gap_to_next",
        ),
    )
    return Probe("checked", checks, ctes)


def _unique(window: Window) -> Probe:
    key = "scheme_code, month, customer_key"
    check = Check(
        "one_verdict",
        "tier_month",
        "error",
        "surplus verdicts",
        "One verdict per scheme, customer and month.",
        value=f"count(*) - count(distinct hash({key}))",
        sample=f"select {key}, count(*) as verdicts from verdicts group by {key} "
        f"having count(*) > 1 order by {key}",
    )
    verdicts = f"select {key} from marts.tier_month where {in_months('month', window)}"
    return Probe("verdicts", (check,), {"verdicts": verdicts})


def _distribution(window: Window) -> Probe:
    ctes = {
        "judged": "select scheme_code, month, tier_rank, count(*) as customers, "
        f"sum(measure_amount) as assets from marts.tier_month where {in_months('month', window)} "
        "group by all",
        "shown": "select scheme_code, month, tier_rank, customers, assets, customer_share "
        f"from marts.tier_distribution where {in_months('month', window)}",
        "paired": "select scheme_code, month, tier_rank, coalesce(j.customers, 0) as judged, "
        "coalesce(s.customers, 0) as shown, coalesce(j.assets, 0) as judged_assets, "
        "coalesce(s.assets, 0) as shown_assets "
        "from judged as j full outer join shown as s using (scheme_code, month, tier_rank)",
        "shares": "select scheme_code, month, sum(customer_share) as share from shown group by all",
    }
    differs = "judged <> shown or judged_assets <> shown_assets"
    off = f"abs(share - 1) > {SHARE_ROUNDING:f}"
    checks = (
        Check(
            "distribution_adds_up",
            "tier_distribution",
            "error",
            "wrong tiers",
            "Customers and assets per tier are those of the verdicts, and so add up to the "
            "population.",
            value=f"count(*) filter ({differs})",
            sample=f"select * from paired where {differs} order by scheme_code, month, tier_rank",
        ),
        Check(
            "shares_add_to_one",
            "tier_distribution",
            "error",
            "wrong scheme months",
            "The tiers' shares of a population add to 1, but for the sixth decimal.",
            value=f"(select count(*) from shares where {off})",
            sample=f"select * from shares where {off} order by scheme_code, month",
        ),
    )
    return Probe("paired", checks, ctes)


def _migration(window: Window) -> Probe:
    ctes = {
        "counts": "select scheme_code, month, tier_rank, customers from marts.tier_distribution "
        f"where is_closed and {_with_month_before('month', window)}",
        "moves": f"select * from marts.tier_migration where {in_months('month', window)}",
        "closed": f"select distinct month from counts where {in_months('month', window)}",
        "flows": "select scheme_code, month, from_rank as tier_rank, sum(customers) as outflow, "
        "0 as inflow from moves where from_rank > 0 group by all union all "
        "select scheme_code, month, to_rank, 0, sum(customers) from moves where to_rank > 0 "
        "group by all",
        "stocks": "select scheme_code, month, tier_rank, 0 as opening, customers as closing "
        f"from counts where {in_months('month', window)} union all "
        "select scheme_code, cast(month + interval 1 month as date) as month, tier_rank, "
        "customers, 0 from counts semi join closed "
        "on closed.month = cast(counts.month + interval 1 month as date)",
        # A matrix counts stayers on both sides: its rows add to the opening, its columns to the
        # closing; opening + in - out = closing then holds for movers alone.
        "tiers": "select scheme_code, month, tier_rank, sum(opening) as opening, "
        "sum(outflow) as outflow, sum(inflow) as inflow, sum(closing) as closing from ("
        "select scheme_code, month, tier_rank, opening, 0 as outflow, 0 as inflow, closing "
        "from stocks union all "
        "select scheme_code, month, tier_rank, 0, outflow, inflow, 0 from flows) group by all",
    }
    unbalanced = "opening <> outflow or closing <> inflow"
    check = Check(
        "matrix_balances",
        "tier_migration",
        "error",
        "unbalanced tiers",
        "Per scheme, month and tier: those who held it before are the row's sum, those who hold "
        "it after the column's: opening + in - out = closing.",
        value=f"count(*) filter ({unbalanced})",
        sample=f"select * from tiers where {unbalanced} order by scheme_code, month, tier_rank",
    )
    return Probe("tiers", (check,), ctes)


def _drift(window: Window) -> Probe:
    share = f"greatest(customer_share, {DRIFT_FLOOR})"
    ctes = {
        "shares": f"select scheme_code, month, tier_rank, {share} as share, customers, "
        "sum(customers) over (partition by scheme_code, month) as population "
        f"from marts.tier_distribution where {_with_month_before('month', window)}",
        "drifts": "select now.scheme_code, now.month, "
        "sum((now.share - earlier.share) * ln(now.share / earlier.share)) as stability_index, "
        "min(least(now.population, earlier.population)) as customers "
        "from shares as now inner join shares as earlier on now.scheme_code = earlier.scheme_code "
        "and now.tier_rank = earlier.tier_rank "
        "and now.month = cast(earlier.month + interval 1 month as date) "
        f"where {in_months('now.month', window)} group by all "
        f"having min(least(now.population, earlier.population)) >= {DRIFT_ENOUGH_CUSTOMERS}",
    }
    check = Check(
        "distribution_drift",
        "tier_distribution",
        "warn",
        "population stability index",
        f"Above {DRIFT:g} a population is no longer distributed as the month before: a policy "
        "change, a lost extract, or a market that moved. Somebody should know which.",
        value="coalesce(max(stability_index), 0)",
        high=DRIFT,
        failing=f"count(*) filter (stability_index > {DRIFT})",
        sample="select scheme_code, month, round(stability_index, 4) as stability_index, "
        f"customers from drifts where stability_index > {DRIFT} order by scheme_code, month",
    )
    return Probe("drifts", (check,), ctes)


def _watch_list() -> Probe:
    ctes = {
        "stale": "select w.list_code, w.scheme_code, w.customer_key, w.judged_on, w.tier "
        "from marts.tier_watch_list as w anti join marts.tier_today as t "
        "on w.scheme_code = t.scheme_code and w.customer_key = t.customer_key "
        "and w.judged_on = t.judged_on and w.tier = t.held_tier "
        "and w.measure_amount = t.measure_amount",
    }
    check = Check(
        "watch_list_is_current",
        "tier_watch_list",
        "error",
        "outdated rows",
        "A relationship manager acts on the verdict of today: every listed customer is there "
        "with today's tier and measure.",
        value="count(*)",
        sample="select * from stale order by list_code, scheme_code, customer_key",
    )
    return Probe("stale", (check,), ctes)
