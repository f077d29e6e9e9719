"""Per table of facts and marts: its key and what the reference expects in it."""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.warehouse.expected_lifecycle import LIFECYCLE
from tests.integration.warehouse.reading import Warehouse, differences
from tests.reference import (
    concentration,
    customers,
    marts,
    rating,
    segments,
    value,
    value_matrix,
)
from tests.reference.bank import ReferenceBank
from tests.reference.marts import Table
from tests.reference.months import blank
from tests.reference.purchases import purchase_histories
from tests.reference.star import star_points


def account_months(reference: ReferenceBank) -> Table:
    """Balances by account and month."""
    found: Table = {}
    for period in reference.periods:
        for account in reference.balances.known(period.judged_on):
            row = reference.balances.month(account, period)
            assert row is not None
            found[account, period.month] = vars(row)
    return found


def customer_months(reference: ReferenceBank) -> Table:
    """The monthly fact."""
    return {
        (customer, month): fact
        for month, facts in reference.facts.items()
        for customer, fact in facts.items()
    }


def _today(reference: ReferenceBank) -> Table:
    return marts.today(reference.verdicts, reference.periods[-1])


def _watch_lists(reference: ReferenceBank) -> Table:
    return marts.watch_lists(reference.policies, _today(reference), reference.periods[-1])


def _distribution(reference: ReferenceBank) -> Table:
    return marts.distribution(reference.policies, reference.verdicts, reference.periods)


Expectation = Callable[[ReferenceBank], Table]
FACTS: dict[str, tuple[tuple[str, ...], Expectation]] = {
    "facts.int_account_balance_month": (("account_key", "month"), account_months),
    "facts.int_loan_month": (("loan_key", "month"), lambda reference: reference.loans),
    "facts.fct_customer_month": (("customer_key", "month"), customer_months),
    "facts.fct_customer_trail": (("customer_key", "month"), lambda reference: reference.trails),
    "facts.int_company_ratio_month": (("customer_key", "month"), rating.ratio_months),
    "facts.fct_purchase_history": (("customer_key", "month"), purchase_histories),
}
MARTS: dict[str, tuple[tuple[str, ...], Expectation]] = {
    "marts.star_month": (("customer_key", "month"), lambda reference: reference.stars),
    "marts.star_points": (
        ("customer_key", "month", "dimension"),
        lambda reference: star_points(reference.stars),
    ),
    "marts.int_value_so_far": (("customer_key", "month"), value_matrix.so_far),
    "marts.value_matrix_month": (
        ("customer_key", "month"),
        lambda reference: reference.value_cells,
    ),
    "marts.rating_month": (("customer_key", "month"), lambda reference: reference.ratings[0]),
    "marts.rating_points": (
        ("customer_key", "month", "block", "criterion"),
        lambda reference: reference.ratings[1],
    ),
    "marts.rating_distribution": (
        ("month", "rating"),
        lambda reference: rating.distribution(reference.ratings[0], reference.facts),
    ),
    "marts.tier_month": (
        ("scheme_code", "customer_key", "month"),
        lambda reference: reference.verdicts,
    ),
    "marts.tier_today": (("scheme_code", "customer_key"), _today),
    "marts.tier_watch_list": (("list_code", "scheme_code", "customer_key"), _watch_lists),
    "marts.tier_distribution": (("scheme_code", "month", "tier_rank"), _distribution),
    "marts.tier_migration": (
        ("scheme_code", "month", "from_tier", "to_tier"),
        lambda reference: marts.migration(reference.verdicts, reference.periods),
    ),
    "marts.tier_changes": (
        ("scheme_code", "customer_key", "month"),
        lambda reference: marts.changes(reference.verdicts, reference.periods),
    ),
    "marts.tier_history": (
        ("scheme_code", "customer_key", "valid_from"),
        lambda reference: marts.history(reference.verdicts, reference.periods),
    ),
    "marts.tier_restatement": (
        ("scheme_code", "customer_key", "month"),
        lambda reference: reference.restated(),
    ),
    "marts.segment_month": (
        ("customer_key", "month"),
        lambda reference: reference.segments,
    ),
    "marts.segment_distribution": (
        ("month", "scheme", "segment"),
        lambda reference: segments.distribution(reference, reference.segments),
    ),
    "marts.segment_penetration": (
        ("month", "income_band"),
        lambda reference: segments.penetration(reference, reference.segments),
    ),
    **LIFECYCLE,
    "marts.customer_month": (("customer_key", "month"), lambda reference: reference.customers),
    "marts.verdict_change": (("family", "customer_key", "month"), customers.changes),
    "marts.verdict_movement": (
        ("family", "month", "from_verdict", "to_verdict"),
        customers.movement,
    ),
    "marts.contribution_month": (
        ("customer_key", "month"),
        lambda reference: reference.contributions,
    ),
    "marts.contribution_component": (("customer_key", "month", "component"), value.components),
    "marts.contribution_total": (
        ("month", "dimension", "member", "component", "side"),
        value.totals,
    ),
    "marts.clv_history": (("customer_key", "month", "horizon"), value.history),
    "marts.clv_by_verdict": (
        ("month", "family", "verdict", "horizon", "horizon_months"),
        value.by_verdict,
    ),
    "marts.contribution_whale": (("month", "horizon", "step"), concentration.whales),
    "marts.contribution_concentration": (("month", "horizon"), concentration.concentrations),
    "marts.contribution_pareto": (("month", "dimension", "member"), concentration.pareto),
    "marts.tier_cost_return": (
        ("scheme_code", "month", "tier", "horizon"),
        concentration.tier_returns,
    ),
    "marts.customer_cross": (("month", *customers.CROSSED), customers.cross),
}


def table_differences(
    name: str, warehouse: Warehouse, reference: ReferenceBank
) -> tuple[list[str], Table]:
    """How a table differs from the reference, and what the reference expected."""
    key, expectation = (FACTS | MARTS)[name]
    expected = dict(expectation(reference))
    found = warehouse.table(name, *key)
    if name == "facts.fct_customer_month":
        # Who appears only with what was taken back in the same month stands there with nothing.
        for place in found.keys() - expected.keys():
            calendar = {column: found[place][column] for column in ("judged_on", "is_closed")}
            expected[place] = blank() | calendar
    return differences(found, expected), expected
