"""All figures of one bank through one day, and its past as today's knowledge has it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from tests.reference.balances import NOUGHT, Balances
from tests.reference.customers import customer_months
from tests.reference.days import Period, add_months, month_of, periods
from tests.reference.deliveries import Deliveries
from tests.reference.lifecycle import judge as judge_lifecycle
from tests.reference.loans import loan_months
from tests.reference.marts import Table
from tests.reference.months import CustomerMonths, Fact
from tests.reference.policies import Policies
from tests.reference.rating import rating_months
from tests.reference.segments import segments
from tests.reference.star import star_months
from tests.reference.tiers import Held, Measured, Step, fold, measured, verdict
from tests.reference.trails import Trails
from tests.reference.value import contributions
from tests.reference.value_matrix import value_matrix


class ReferenceBank:
    """Deliveries and policies, judged as of a day."""

    def __init__(
        self, deliveries: Deliveries, policies: Policies, first_day: date, as_of: date
    ) -> None:
        self.policies = policies
        self.as_of = as_of
        self.periods = periods(first_day, as_of)
        self.balances = Balances(deliveries)
        self.deliveries = deliveries
        self._months = CustomerMonths(deliveries)

    @cached_property
    def facts(self) -> dict[date, dict[str, Fact]]:
        """Per month and customer, as known on the day judged."""
        return {period.month: self._months.facts(period) for period in self.periods}

    @cached_property
    def trails(self) -> Table:
        """(customer, month): all that was known of a customer by then, added up."""
        walk = Trails(self.deliveries).walk(self.periods, self.facts)
        return {(customer, month): trail for customer, month, trail in walk}

    @cached_property
    def stars(self) -> Table:
        """(customer, month): what star_month says."""
        return star_months(self.policies, self.periods, self.facts, self.trails)

    @cached_property
    def value_cells(self) -> Table:
        """(customer, month): what value_matrix_month says."""
        return value_matrix(self)

    @cached_property
    def ratings(self) -> tuple[Table, Table]:
        """(company, month): what rating_month says; and, by criterion, the cards behind it."""
        return rating_months(self)

    @cached_property
    def lifecycle(self) -> Table:
        """(customer, month): what lifecycle_month says."""
        return judge_lifecycle(self.policies, self.periods, self.facts, self.trails)

    @cached_property
    def loans(self) -> Table:
        """(loan, month): the newest observation known by then."""
        return {
            (loan, period.month): vars(row)
            for period in self.periods
            for loan, row in loan_months(self.deliveries, period).items()
        }

    @cached_property
    def segments(self) -> Table:
        """(customer, month): the segment of each scheme and what led to it."""
        return segments(self)

    @cached_property
    def customers(self) -> Table:
        """(customer, month): every verdict side by side."""
        return customer_months(self)

    @cached_property
    def contributions(self) -> Table:
        """(customer, month): what each brought and cost."""
        return contributions(self)

    @cached_property
    def measured(self) -> dict[str, dict[date, dict[str, Measured]]]:
        """Per scheme and month, who measured what."""
        return self._measure(self.periods, self.facts)

    @cached_property
    def steps(self) -> dict[str, dict[tuple[str, date], Step]]:
        """Per scheme the fold of all months."""
        return {
            scheme: fold(self.policies, scheme, self._in_order(months))
            for scheme, months in self.measured.items()
        }

    @cached_property
    def verdicts(self) -> Table:
        """(scheme, customer, month): what tier_month says."""
        found: Table = {}
        for scheme, steps in self.steps.items():
            for (customer, month), step in steps.items():
                period = self._period(month)
                [terms] = self.policies.on("tier_scheme", period.judged_on, scheme_code=scheme)
                seen = self.measured[scheme][month][customer]
                found[scheme, customer, month] = verdict(self.policies, terms, period, seen, step)
        return found

    def restated(self) -> Table:
        """(scheme, customer, month) whose closed month reads otherwise with today's knowledge."""
        [horizon] = self.policies.on("parameter", self.as_of, parameter="restatement_months")
        first = add_months(month_of(self.as_of), -int(horizon["value"]))
        again = [p for p in self.periods if p.is_closed and p.month >= first]
        facts = {period.month: self._months.facts(period, self.as_of) for period in again}
        found: Table = {}
        # The fold goes on from what was held, as judged then, before the first of them.
        for scheme, months in self._measure(again, facts).items():
            state = self._state(scheme, again[0].month)
            steps = fold(self.policies, scheme, self._in_order(months), state)
            for (customer, month), step in steps.items():
                now = months[month][customer]
                row = self._compared(scheme, customer, month, now, step)
                if row is not None:
                    found[scheme, customer, month] = row
            found |= self._no_longer_judged(scheme, months)
        return found

    def _no_longer_judged(
        self, scheme: str, months: dict[date, dict[str, Measured]]
    ) -> Iterator[tuple[tuple[str, str, date], dict[str, Any]]]:
        """Verdicts on people who, as known today, were not to be judged in that month."""
        for (code, customer, month), then in self.verdicts.items():
            if code == scheme and month in months and customer not in months[month]:
                yield (
                    (scheme, customer, month),
                    {
                        "judged_on": then["judged_on"],
                        "restated_on": self.as_of,
                        "measure_then": then["measure_amount"],
                        "measure_now": None,
                        "measure_difference": -then["measure_amount"],
                        "tier_then": then["tier"],
                        "tier_now": None,
                        "tier_rank_then": then["tier_rank"],
                        "tier_rank_now": None,
                        "is_judged_differently": True,
                    },
                )

    def _compared(
        self, scheme: str, customer: str, month: date, now: Measured, step: Step
    ) -> dict[str, Any] | None:
        then = self.verdicts.get((scheme, customer, month))
        rank = step.after.rank
        if then and then["tier_rank"] == rank and then["measure_amount"] == now.amount:
            return None
        tier = self.policies.tier(scheme, rank, self._period(month).judged_on)
        assert tier is not None
        return {
            "judged_on": then["judged_on"] if then else None,
            "restated_on": self.as_of,
            "measure_then": then["measure_amount"] if then else None,
            "measure_now": now.amount,
            "measure_difference": now.amount - (then["measure_amount"] if then else NOUGHT),
            "tier_then": then["tier"] if then else None,
            "tier_now": tier["tier_code"],
            "tier_rank_then": then["tier_rank"] if then else None,
            "tier_rank_now": rank,
            "is_judged_differently": then is None or then["tier_rank"] != rank,
        }

    def _state(self, scheme: str, month: date) -> dict[str, Held]:
        before = add_months(month, -1)
        return {
            customer: step.after
            for (customer, judged), step in self.steps[scheme].items()
            if judged == before
        }

    def _measure(
        self, months: list[Period], facts: dict[date, dict[str, Fact]]
    ) -> dict[str, dict[date, dict[str, Measured]]]:
        found: dict[str, dict[date, dict[str, Measured]]] = {}
        for period in months:
            for scheme in self.policies.on("tier_scheme", period.judged_on):
                found.setdefault(scheme["scheme_code"], {})[period.month] = measured(
                    self.policies, scheme, facts[period.month], period
                )
        return found

    def _in_order(
        self, months: dict[date, dict[str, Measured]]
    ) -> list[tuple[Period, dict[str, Measured]]]:
        """All months from the first judged on; where a scheme pauses, nobody is judged."""
        first, last = min(months), max(months)
        return [
            (period, months.get(period.month, {}))
            for period in self.periods
            if first <= period.month <= last
        ]

    def _period(self, month: date) -> Period:
        return next(period for period in self.periods if period.month == month)
