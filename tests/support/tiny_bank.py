"""A tiny bank that misbehaves on purpose: late rows, corrections, repeats, several files a day.

It is deliberately unlike the sample bank: every row is drawn on its own, so that deliveries come in
orders no plausible bank would produce, and amounts sit on and beside the policy bounds.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from orchestration.landing.contract import load_contract

FIRST_DAY = date(2024, 1, 18)
DAYS = 105  # to the first days of May: four month ends, one of them of a leap February
CUSTOMERS = 18
APPETITES = range(1, 6)
_BOUNDS = (50_000, 200_000, 1_000_000, 5_000_000, 6_000_000, 8_000_000)
_PRODUCTS = {
    "DEMAND": ("demand", "1"),
    "TERM": ("time_deposit", "1"),
    "WEALTH": ("wealth", "0.8"),
    "FUND": ("fund", "0.5"),
    "LOAN": ("loan", "0"),
}
_KINDS = ("payment", "salary", "cash", "transfer", "fee", "insurance", "pension")
_FLOWS = {
    "income_items": ("spread_deposit", "fee", "card"),
    "cost_items": ("service", "maintenance", "points"),
}
_OF_COMPANIES = ("financial_statements", "qualitative_assessments", "rating_decisions")
_STATEMENT = [
    name
    for name, column in load_contract().tables["financial_statements"].columns.items()
    if column.type == "money"
]
_ITEMS = load_contract().tables["qualitative_assessments"].columns["item"].codes
_YEAR_ENDS = ("2020-12-31", "2022-12-31", "2022-12-31", "2023-12-31", "2024-03-31")
# What such an item is on every other day.
_OTHERWISE = {"fee": "agency", "card": "intermediary"}

Row = dict[str, str]
Landing = dict[str, str]  # "table/day/name.csv" -> content


def day(index: int) -> date:
    """The index-th day of the bank; negative before its first delivery."""
    return FIRST_DAY + timedelta(days=index)


LAST_DAY = day(DAYS - 1)


@dataclass
class TinyBank:
    """All deliveries of one bank, as the files that finally lie in its landing folder."""

    seed: int
    days: int = DAYS
    customers: int = CUSTOMERS
    # Of rows that come late; as many again are sent once more, and as many with other values.
    late_share: float = 0.2
    personal: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._rows: dict[tuple[str, int], list[Row]] = defaultdict(list)
        # A bank that delivers on about two days in three, and always on the first.
        self._open = [index == 0 or self._chance.random() < 0.65 for index in range(self.days)]
        self._products()
        for number in range(self.customers):
            self._customer(f"C{number:03}")
        # Drawn apart, so that rows of other tables are what they were without companies.
        self._apart = random.Random(f"companies {self.seed}")
        self._chance, others = self._apart, self._chance
        for number in range(self.customers):
            self._books(f"C{number:03}")
        self._chance = others

    def landing(self) -> Landing:
        """The files: a day's rows of a table in one or two of them."""
        contract = load_contract().tables
        files: Landing = {}
        for (table, index), rows in sorted(self._rows.items()):
            columns = list(contract[table].columns)
            chance = self._apart if table in _OF_COMPANIES else self._chance
            names = ["a.csv", "b.csv"] if chance.random() < 0.3 else ["a.csv"]
            for name, part in self._split(names, rows, chance):
                lines = [",".join(row.get(column, "") for column in columns) for row in part]
                files[f"{table}/{day(index)}/{name}"] = "\n".join([",".join(columns), *lines, ""])
        return files

    def _split(
        self, names: list[str], rows: list[Row], chance: random.Random
    ) -> Iterator[tuple[str, list[Row]]]:
        cut = chance.randint(0, len(rows)) if len(names) == 2 else len(rows)
        yield names[0], rows[:cut]
        if len(names) == 2:
            yield names[1], rows[cut:]

    # -- rows -----------------------------------------------------------------------------------

    def _deliver(self, table: str, happened: int, row: Row, other: Row | None = None) -> None:
        """Delivers a row on time or late; perhaps again, perhaps with other values."""
        late = self._chance.random() < self.late_share
        on = self._place(table, happened, row, self._chance.randint(2, 60) if late else 0)
        fate = self._chance.random() * 0.2 / self.late_share
        if fate < 0.06:
            self._place(table, on, row, self._chance.randint(0, 30))
        elif fate < 0.16 and other is not None:
            self._place(table, on, row | other, self._chance.choice([0, 0, 1, 7, 35]))
        elif fate < 0.20 and other is not None:
            # There and back again: the last delivery wins, though it says what the first one said.
            between = self._place(table, on, row | other, self._chance.randint(0, 10))
            self._place(table, between, row, self._chance.randint(0, 10))

    def _place(self, table: str, happened: int, row: Row, delay: int) -> int:
        on = max(happened, 0) + delay
        while on < self.days and not self._open[on]:
            on += 1
        if on < self.days:
            self._rows[table, on].append(row)
        return on

    def _products(self) -> None:
        for product, (kind, weight) in _PRODUCTS.items():
            row = {
                "product_id": product,
                "effective_on": "2020-01-01",
                "product_name": product.title(),
                "product_class": kind,
                "asset_weight": weight,
                "ftp_spread": "0.01",
            }
            self._place("products", -1, row, 0)
        changed = self._chance.randint(20, 80)
        self._deliver(
            "products",
            changed,
            row
            | {"product_id": "WEALTH", "product_class": "wealth", "asset_weight": "0.9"}
            | {"effective_on": str(day(changed))},
            {"asset_weight": "0.7"},
        )

    def _customer(self, number: str) -> None:
        chance = self._chance
        opened = (
            chance.randint(-400, -1) if chance.random() < 0.8 else chance.randint(0, self.days // 2)
        )
        row = {
            "customer_id": number,
            "effective_on": str(day(opened)),
            "customer_type": "corporate" if chance.random() < 0.1 else "retail",
            "name": f"Name-{number}-{self.seed}",
            "id_number": f"ID{number}{self.seed:06}",
            "phone": f"+86 555 {number}{self.seed}",
            "address": f"{number} Secret Lane {self.seed}",
            "birth_date": "1980-05-05",
            "region": chance.choice(["north", "south"]),
            "relationship_manager": f"RM{chance.randint(1, 3)}",
            "opened_on": str(day(opened)),
            "household_income": str(chance.randint(1, 9) * 10_000),
            "risk_appetite": f"R{appetite}"
            if (appetite := int(number[1:]) % 7) in APPETITES
            else "",
            "industry": ("wholesale", "energy", "", "unheard_of")[int(number[1:]) % 4],
        }
        self.personal |= {row[name] for name in ("name", "id_number", "phone", "address")}
        self._deliver("customers", opened, row, {"region": "west"})
        for _ in range(chance.choice([0, 0, 1, 2])):
            later = chance.randint(max(opened, 0) + 1, self.days)
            change = chance.choice(
                [
                    {"customer_type": "corporate"},
                    {"region": "east"},
                    {"closed_on": str(day(later))},
                    {"closed_on": str(day(later + chance.randint(1, 60)))},
                ]
            )
            self._deliver("customers", later, row | {"effective_on": str(day(later))} | change)
        for index in range(chance.choice([1, 1, 2, 3])):
            self._account(f"A{number[1:]}{index}", number, max(opened, -30))
        self._contacts(number, max(opened, 0))
        self._wishes(number, max(opened, 0))
        if chance.random() < 0.5:
            self._loan(number, f"A{number[1:]}0", max(opened, -70))

    def _account(self, account: str, customer: str, opened: int) -> None:
        chance = self._chance
        row = {
            "account_id": account,
            "effective_on": str(day(opened)),
            "customer_id": customer,
            "product_id": chance.choice(list(_PRODUCTS)),
            "currency": "CNY",
            "opened_on": str(day(opened)),
            "status": "active",
        }
        if chance.random() < 0.95:  # a few never come: their balances belong to nobody
            self._deliver("accounts", opened, row, {"product_id": "TERM"})
        if chance.random() < 0.4:
            later = chance.randint(max(opened, 0) + 1, self.days)
            change = chance.choice(
                [
                    {"customer_id": f"C{chance.randrange(self.customers):03}"},
                    {"product_id": chance.choice(list(_PRODUCTS))},
                    {"status": "closed", "closed_on": str(day(later))},
                    {"closed_on": str(day(later + chance.randint(1, 60)))},
                ]
            )
            self._deliver("accounts", later, row | {"effective_on": str(day(later))} | change)
        for _ in range(chance.randint(1, 9)):
            happened = chance.randint(opened, self.days - 1)
            self._deliver(
                "account_balances",
                happened,
                {
                    "account_id": account,
                    "balance_on": str(day(happened)),
                    "closing_balance": self._amount(),
                },
                {"closing_balance": self._amount()},
            )
        self._bookings(account, opened)

    def _bookings(self, account: str, opened: int) -> None:
        chance = self._chance
        for index in range(chance.randint(0, 8)):
            booked = chance.randint(max(opened, -10), self.days - 1)
            self._deliver(
                "transactions",
                booked,
                {
                    "transaction_id": f"T{account}{index}",
                    "account_id": account,
                    "booked_on": str(day(booked)),
                    "amount": str(Decimal(chance.randint(-99_999, 99_999)) / 100),
                    "kind": chance.choice(_KINDS),
                    "channel": chance.choice(["atm", "mobile", "counter", "system"]),
                    "rail": chance.choice(["own", "third_party", ""]),
                    "counterparty_bank": chance.choice(["", "", "B01"]),
                },
                {"amount": "12.34", "booked_on": str(day(max(booked - chance.randint(0, 40), 0)))}
                | chance.choice([{}, {"counterparty_bank": "B02"}, {"channel": "system"}]),
            )

    def _contacts(self, customer: str, opened: int) -> None:
        chance = self._chance
        for table, components in _FLOWS.items():
            for _ in range(chance.randint(0, 4)):
                happened = chance.randint(opened, self.days - 1)
                component = chance.choice(components)
                row = {
                    "customer_id": customer,
                    "booked_on": str(day(happened)),
                    "component": _OTHERWISE.get(component, component)
                    if happened % 2
                    else component,
                    "amount": str(Decimal(chance.randint(-500, 5_000)) / 100),
                }
                self._deliver(table, happened, row, {"amount": "0.01"})
        for index in range(chance.randint(0, 3)):
            happened = chance.randint(opened, self.days - 1)
            self._deliver(
                "channel_logins",
                happened,
                {
                    "customer_id": customer,
                    "channel": chance.choice(["net", "mobile"]),
                    "login_on": str(day(happened)),
                    "logins": str(chance.randint(1, 9)),
                },
                {"logins": "20"},
            )
            self._deliver(
                "interactions",
                happened,
                {
                    "interaction_id": f"I{customer}{index}",
                    "customer_id": customer,
                    "happened_on": str(day(happened)),
                    **chance.choice(
                        [
                            {"kind": "complaint"},
                            {"kind": "call", "score": "3"},
                            {"kind": "survey"},
                            {"kind": "survey", "score": str(chance.randint(0, 10))},
                        ]
                    ),
                },
                {"kind": "survey", "score": "7"},
            )

    def _wishes(self, customer: str, opened: int) -> None:
        """Leads, some of people who are no customers yet or nobody; and assets elsewhere."""
        chance = self._chance
        for index in range(chance.randint(0, 3)):
            happened = chance.randint(opened, self.days - 1)
            self._deliver(
                "leads",
                happened,
                {
                    "lead_id": f"L{customer}{index}",
                    "customer_id": chance.choice([customer, customer, f"P{customer}", ""]),
                    "created_on": str(day(happened)),
                    "source_method": chance.choice(["guide", "advertising"]),
                    "interest": chance.choice(["demand", "wealth", "loan", "bond", ""]),
                },
                {"interest": "fund", "created_on": str(day(max(happened - 20, 0)))},
            )
        for _ in range(chance.randint(0, 4)):
            observed = chance.randint(-20, self.days - 1) // 7 * 7
            self._deliver(
                "external_assets",
                observed,
                {
                    "customer_id": customer,
                    "observed_on": str(day(observed)),
                    "source": chance.choice(["survey", "bureau", "manager"]),
                    "amount": self._amount(),
                },
                {"amount": "1.00"},
            )

    def _loan(self, customer: str, account: str, granted: int) -> None:
        """A loan whose terms a few times never come, and its month ends."""
        chance = self._chance
        loan = f"N{account}"
        row = {
            "loan_id": loan,
            "effective_on": str(day(granted)),
            "account_id": account,
            "customer_id": customer,
            "granted_on": str(day(granted)),
            "amount": "90000",
            "term_months": "24",
            "status": "running",
        }
        if chance.random() < 0.9:
            self._deliver("loans", granted, row, {"term_months": "12"})
        if chance.random() < 0.5:
            later = chance.randint(max(granted, 0) + 1, self.days)
            status = chance.choice(["repaid", "written_off"])
            later_row = row | {"effective_on": str(day(later)), "status": status}
            self._deliver("loans", later, later_row, {"status": "running"})
        for index in range(granted, self.days - 1):
            if day(index + 1).day != 1 or chance.random() < 0.2:
                continue
            observation = {
                "loan_id": loan,
                "month_end": str(day(index)),
                "days_past_due": str(chance.choice([0, 0, 12, 95])),
                "outstanding": str(chance.randint(0, 90_000)),
                "in_default": chance.choice(["true", "false"]),
            }
            self._deliver("loan_performance", index, observation, {"outstanding": "1.50"})

    def _books(self, customer: str) -> None:
        """Statements, a sheet and decisions, as of a company; most customers never are one."""
        chance = self._chance
        for year_end in _YEAR_ENDS:
            happened = (date.fromisoformat(year_end) - day(0)).days
            row = {"customer_id": customer, "year_end": year_end, "audited": "true"}
            row |= {name: str(chance.choice([0, 1, 5, 9, 30]) * 1_000) for name in _STATEMENT}
            self._deliver("financial_statements", happened, row, {"net_profit": "-5.25"})
        for item in chance.sample(_ITEMS, 28):
            happened = chance.randint(-300, self.days - 1)
            row = {
                "customer_id": customer,
                "item": item,
                "assessed_on": str(day(happened)),
                "points": str(chance.choice([0, 1, 2, "0.5"])),
                "assessor": "RC1",
            }
            self._deliver("qualitative_assessments", happened, row, {"points": "1.2"})
        for _ in range(chance.randint(0, 3)):
            happened = chance.randint(0, self.days - 1)
            kind = chance.choice(["override", "override", "outlook", "withdrawal"])
            row = {
                "customer_id": customer,
                "decided_on": str(day(happened)),
                "kind": kind,
                "grade": chance.choice(["AA", "B", "BBB+"]) if kind == "override" else "",
                "outlook": "negative" if kind == "outlook" else "",
                "reason": "known",
                "approver": "CO1",
                "expires_on": chance.choice(["", str(day(happened + 20))]),
            }
            self._deliver("rating_decisions", happened, row, {"reason": "mistaken"})

    def _amount(self) -> str:
        """Around the bounds, on them, and a cent beside them."""
        bound = self._chance.choice(_BOUNDS)
        factor = self._chance.choice([Decimal(1), Decimal("0.3"), Decimal("1.4"), Decimal("0.97")])
        cents = self._chance.choice([Decimal(0), Decimal("-0.01"), Decimal("0.01"), Decimal("777")])
        return str((bound * factor + cents).quantize(Decimal("0.01")))
