"""Lifecycle policies drawn at random, and lives to judge by them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from orchestration.policy.lifecycle_rows import CAUSES, RELATIONSHIP_STAGES, STAGES, STRATEGIES
from orchestration.policy.parameters import NUMBERS, SWITCHES
from tests.integration.warehouse.landed import Deliverer
from tests.integration.warehouse.policied import PolicyLine
from tests.reference.days import add_months

START = date(2000, 1, 1)
# What each number is drawn from: short windows, so that lives of a year reach their ends.
DRAWN: dict[str, tuple[object, ...]] = {
    "silent_months": (1, 2, 3),
    "repeat_months": (1, 2, 4),
    "repeat_count": (0, 1, 2, 3),
    "profit_months": (1, 3, 12),
    "baseline_months": (2, 3, 5),
    "baseline_known_months": (1, 2),
    "fall_share": ("0", "0.1", "0.25", "0.5"),
    "fall_months": (1, 2, 3),
    "stable_share": ("0", "0.2", "0.5", "1"),
    "stable_months": (0, 1, 2),
    "wallet_share": ("0", "0.3", "0.5", "0.8"),
    "wallet_months": (1, 4, 12),
    "top_assets": (0, 40_000, 200_000),
    "outflow_share": ("0.05", "0.3", "0.6"),
    "evidence_months": (3, 4, 6),
    "competitor_share": ("0.1", "0.5", "2"),
    "complaints": (1, 2),
    "fee_share": ("0.0001", "0.01"),
    "unmet_interests": (1, 2),
    "income_months": (1, 2),
    "past_due_days": (1, 31),
}


def lifecycle_lines(chance: random.Random, days: list[date]) -> dict[str, list[PolicyLine]]:
    """All rows of the lifecycle's files, numbers and choices, which change on the same days."""
    cuts = [START, *sorted(chance.sample(days, chance.choice([0, 1, 2]))), None]
    lines: dict[str, list[PolicyLine]] = {
        "lifecycle_stage": [], "decline_cause": [], "parameter": [], "switch": [],
    }  # fmt: skip
    for first, end in pairwise(cuts):
        period = {"valid_from": first, "valid_to": end or ""}
        for name, rows in _period_lines(chance).items():
            lines[name] += [period | row for row in rows]
    return lines


def _period_lines(chance: random.Random) -> dict[str, list[dict[str, object]]]:
    causes = [*chance.sample(CAUSES[:-1], len(CAUSES) - 1), CAUSES[-1]]
    return {
        "lifecycle_stage": [
            {
                "stage": stage, "stage_name": stage, "strategy": f"do {chance.randrange(9)}",
                "relationship_stage": chance.choice(RELATIONSHIP_STAGES),
            }
            for stage in STAGES
        ],
        "decline_cause": [
            {
                "cause": cause, "cause_name": cause, "precedence": 2 * place,
                "strategy": chance.choice(STRATEGIES),
            }
            for place, cause in enumerate(causes, start=1)
        ],
        "parameter": [
            {
                "parameter": f"lifecycle_{name}", "value": chance.choice(values),
                "unit": NUMBERS[f"lifecycle_{name}"].unit,
            }
            for name, values in DRAWN.items()
        ],
        "switch": [
            {"switch": name, "choice": chance.choice(choices)}
            for name, choices in SWITCHES.items()
            if name.startswith("lifecycle_")
        ],
    }  # fmt: skip


def draw_lives(seed: int, first: date, last: date, customers: int) -> Deliverer:
    """Customers who come, deal, fall silent, leave with or without debts, and come back."""
    chance = random.Random(seed)
    bank = Deliverer()
    for name in ("demand", "time_deposit", "wealth", "loan", "card"):
        bank.product(first, name.upper(), name)
    for index in range(customers):
        Life(bank, chance, f"L{index:03}", first, last).live()
    return bank


class Life:
    """One customer's deliveries."""

    def __init__(
        self, bank: Deliverer, chance: random.Random, number: str, first: date, last: date
    ) -> None:
        self._bank, self._chance, self._number = bank, chance, number
        self._first, self._last = first, last

    def live(self) -> None:
        """Leads and a relationship, then accounts with all that happens in them."""
        chance = self._chance
        opened = self._first + timedelta(chance.randrange(120))
        if chance.random() < 0.3:
            self._lead(self._first + timedelta(chance.randrange(60)))
        if chance.random() < 0.9:
            self._bank.customer(self._number, opened)
        if chance.random() < 0.85:
            self._account("A", opened + timedelta(chance.choice([0, 0, 20])))
        if chance.random() < 0.4:
            self._account("B", opened + timedelta(chance.randrange(300)))
        for month in self._months():
            self._month(month)
        if chance.random() < 0.2:
            self._loan(opened)
        if chance.random() < 0.15:
            self._notice(opened)

    def _months(self) -> Iterator[date]:
        month = self._first
        while month <= self._last:
            yield month
            month = add_months(month, 1)

    def _deliver(self, table: str, on: date, **row: object) -> None:
        late = on + timedelta(self._chance.choice([0, 0, 0, 0, 5, 40]))
        if self._first <= on and late <= self._last:
            self._bank.deliver(table, late, **row)

    def _account(self, which: str, opened: date) -> None:
        """An account whose balance wanders, and that may be closed: emptied or not."""
        chance, account = self._chance, f"{which}-{self._number}"
        product = chance.choice(["DEMAND", "DEMAND", "TIME_DEPOSIT", "WEALTH", "CARD"])
        if opened > self._last:
            return
        self._bank.account(account, self._number, opened, product_id=product)
        ends = opened + timedelta(chance.randrange(60, 400)) if chance.random() < 0.6 else None
        amount, day = chance.choice([500, 20_000, 100_000, 400_000]), opened
        while day <= self._last and (ends is None or day < ends):
            self._deliver(
                "account_balances", day, account_id=account, balance_on=day, closing_balance=amount
            )
            amount = int(amount * chance.choice([0, 0.4, 0.7, 0.9, 1, 1, 1, 1.1, 1.5]))
            day += timedelta(chance.randrange(10, 60))
        if ends is not None and ends <= self._last:
            self._close(account, product, opened, ends)
        self._dealings(account, opened, min(ends or self._last, self._last))

    def _close(self, account: str, product: str, opened: date, ends: date) -> None:
        chance = self._chance
        if chance.random() < 0.8:
            self._bank.balance(account, ends, 0)
        known = ends - timedelta(chance.choice([0, 0, 45]))
        self._bank.account(
            account, self._number, opened, product_id=product, effective_on=max(known, opened),
            loaded_on=max(known, opened), closed_on=ends,
        )  # fmt: skip

    def _dealings(self, account: str, opened: date, ends: date) -> None:
        chance, index = self._chance, 0
        busy = chance.choice([0.0, 0.3, 1.0, 3.0])
        salary = chance.random() < 0.4
        stops = opened + timedelta(chance.randrange(60, 500))
        for month in self._months():
            for _ in range(int(busy + chance.random())):
                index += 1
                day = month + timedelta(chance.randrange(28))
                if opened <= day <= ends:
                    self._deliver("transactions", day, **self._booking(account, index, day))
            if salary and opened <= month <= min(ends, stops):
                index += 1
                self._deliver(
                    "transactions", month, transaction_id=f"{account}-{index}",
                    account_id=account, booked_on=month, amount=900, kind="salary",
                    channel="system",
                )  # fmt: skip

    def _booking(self, account: str, index: int, day: date) -> dict[str, object]:
        chance = self._chance
        kind = chance.choice(["payment", "transfer", "fee", "interest"])
        own = kind in ("payment", "transfer")
        return {
            "transaction_id": f"{account}-{index}", "account_id": account, "booked_on": day,
            "amount": chance.choice([-5, -800, -30_000, 700]) if own else -3, "kind": kind,
            "channel": "mobile" if own else "system",
            "counterparty_bank": "B02" if kind == "transfer" else "",
        }  # fmt: skip

    def _month(self, month: date) -> None:
        chance, number = self._chance, self._number
        day = month + timedelta(chance.randrange(28))
        if chance.random() < 0.3:
            self._deliver("income_items", day, customer_id=number, booked_on=day,
                          component="fee", amount=chance.choice([1, 40]))  # fmt: skip
        if chance.random() < 0.3:
            self._deliver("cost_items", day, customer_id=number, booked_on=day,
                          component="service", amount=chance.choice([1, 30]))  # fmt: skip
        if chance.random() < 0.08:
            self._deliver("interactions", day, interaction_id=f"{number}-{month}",
                          customer_id=number, kind="complaint", happened_on=day)  # fmt: skip
        if chance.random() < 0.2:
            self._deliver("external_assets", day, customer_id=number, observed_on=day,
                          source="survey", amount=chance.choice([0, 5_000, 90_000]))  # fmt: skip
        if chance.random() < 0.05:
            self._lead(day)

    def _lead(self, day: date) -> None:
        self._deliver(
            "leads", day, lead_id=f"{self._number}-{day}", customer_id=self._number,
            created_on=day, source_method="advertising",
            interest=self._chance.choice(["wealth", "card", ""]), owner="S1",
        )  # fmt: skip

    def _loan(self, opened: date) -> None:
        chance, number = self._chance, f"N-{self._number}"
        granted = opened + timedelta(20)
        if granted > self._last:
            return
        self._bank.deliver(
            "loans", granted, loan_id=number, effective_on=granted, account_id=f"A-{self._number}",
            customer_id=self._number, granted_on=granted, amount=1_000, term_months=12,
            instalment=90, purpose="consumption", collateral="none", status="running",
        )  # fmt: skip
        owed = 1_000
        for month in self._months():
            end = add_months(month, 1) - timedelta(1)
            if end > granted and owed >= 0:
                self._deliver(
                    "loan_performance", end, loan_id=number, month_end=end,
                    days_past_due=chance.choice([0, 0, 5, 40]), outstanding=owed,
                    in_default="true" if chance.random() < 0.1 else "false",
                )  # fmt: skip
                owed = max(0, owed - chance.choice([0, 100, 400]))

    def _notice(self, opened: date) -> None:
        """The relationship's end is known a while before it comes."""
        known = opened + timedelta(self._chance.randrange(60, 300))
        if known <= self._last:
            self._bank.customer(
                self._number, opened, effective_on=known, loaded_on=known,
                closed_on=known + timedelta(self._chance.randrange(5, 90)),
            )  # fmt: skip
