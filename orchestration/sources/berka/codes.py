"""What the bank's codes mean in the landing contract; docs/berka.md gives the reasons.

Total over the codes the bank published: a code that is not here makes its row a bad row.
"""

from __future__ import annotations

from dataclasses import dataclass

# Sign of the amount. VYBER as a type is a debit that was booked under the operation's name.
TYPES = {"PRIJEM": 1, "VYDAJ": -1, "VYBER": -1}


@dataclass(frozen=True)
class Meaning:
    """Kind, channel and rail; None leaves it to the operation, or empty if that has none."""

    kind: str | None
    channel: str | None
    rail: str | None


OPERATIONS = {
    "": Meaning("other", "system", "own"),
    "VKLAD": Meaning("cash", "counter", "own"),
    "VYBER": Meaning("cash", "counter", "own"),
    "VYBER KARTOU": Meaning("cash", "atm", None),
    "PREVOD Z UCTU": Meaning("transfer", "system", None),
    "PREVOD NA UCET": Meaning("transfer", "system", None),
}
# Where k_symbol says something, it wins over the operation: a fee is booked as VYBER, but
# nobody came to the counter for it.
K_SYMBOLS = {
    "": Meaning(None, None, None),
    "UROK": Meaning("interest", "system", "own"),
    "SANKC. UROK": Meaning("interest", "system", "own"),
    "SLUZBY": Meaning("fee", "system", "own"),
    "SIPO": Meaning("bill", None, None),
    "POJISTNE": Meaning("insurance", None, None),
    "UVER": Meaning("repayment", None, None),
    "DUCHOD": Meaning("pension", None, None),
}
# A district is urban when at least half of its inhabitants live in towns (A10, percent).
URBAN_FROM_PERCENT = 50
# "Client in debt" says that something is overdue, not since when: the least that can be true.
DAYS_PAST_DUE_IN_DEBT = 1
CURRENT_ACCOUNT = "current"
CARD_TYPES = ("junior", "classic", "gold")
