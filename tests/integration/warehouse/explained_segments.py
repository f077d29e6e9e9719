"""Segments judged again from nothing but the rows that explain them, and the policy files."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from tests.integration.warehouse.reading import Warehouse
from tests.reference.policies import Policies
from tests.reference.segments import SCHEMES

EXPLAINED = (
    "select * from marts.verdict_explanation where family in ("
    + ", ".join(f"'{scheme}'" for scheme in SCHEMES)
    + ")"
)


def explained(warehouse: Warehouse, policies: Policies) -> list[Any]:
    """Verdicts that do not follow from the rows that explain them."""
    rows: dict[tuple[str, date, str], list[dict[str, Any]]] = defaultdict(list)
    for row in warehouse.rows(EXPLAINED):
        rows[row["customer_key"], row["month"], row["family"]].append(row)
    judged = warehouse.con.execute("select count(*) from marts.segment_month").fetchone()
    assert judged is not None
    assert len(rows) == judged[0] * len(SCHEMES)
    wrong = []
    for (customer, month, family), reasons in rows.items():
        measures = {row["measure"]: row for row in reasons}
        assert len(measures) == len(reasons), f"{family} names a measure twice"
        for row in reasons:
            known = row["value"] is not None and row["bound"] is not None
            assert row["distance"] == (row["value"] - row["bound"] if known else None)
            assert row["reason"].endswith("."), row
        derived = Explained(measures, policies, reasons[0]["judged_on"]).verdict(family)
        if derived not in (reasons[0]["verdict"], AS_DELIVERED):
            wrong.append((customer, month, family, derived, reasons))
    return wrong[:3]


# Master data have no measure but themselves.
AS_DELIVERED = "as delivered"


class Explained:
    """Judges again, from nothing but the rows of an explanation and the policy files."""

    def __init__(self, measures: dict[str, Any], policies: Policies, day: date) -> None:
        self.measures, self.policies, self.day = measures, policies, day

    def reaches(self, start: str) -> bool | None:
        """Whether the measure that begins so reaches its bound; None where nothing is known."""
        [row] = [row for name, row in self.measures.items() if name.startswith(start)]
        return None if row["distance"] is None else row["distance"] >= 0

    def verdict(self, family: str) -> str:
        """The verdict of a scheme."""
        judge = getattr(self, f"_{family}", None)
        return str(judge()) if judge else AS_DELIVERED

    def _behaviour(self) -> str:
        silent = self.reaches("silent_months")
        if not self.reaches("had_account") or silent is None:
            return "potential"
        if silent or not self.reaches("accounts_open"):
            return "lost"
        return "frequent" if self.reaches("own_transactions") else "ordinary"

    def _novelty(self) -> str:
        if not self.reaches("had_account"):
            return "potential"
        if not self.reaches("accounts_open"):
            return "former"
        return "existing" if self.reaches("tenure_months") else "new"

    def _value_loyalty(self) -> str:
        if "value_none" in self.measures:
            return "not_measured"
        loyal = self.reaches("tenure_months") and self.reaches("classes_held")
        if self.reaches("value_"):
            return "vip" if loyal else "potential"
        return "loyal" if loyal else "ordinary"

    def _preference(self) -> str:
        heavy = self.reaches("deposit_share"), self.reaches("intermediary_share")
        if heavy[0] is None:
            return "none"
        return "deposit_heavy" if heavy[0] else "intermediary_heavy" if heavy[1] else "balanced"

    def _abc(self) -> str:
        if "abc_none" in self.measures:
            return "not_measured"
        [amount] = [row for name, row in self.measures.items() if name.startswith("abc_")]
        if amount["value"] <= 0:
            return "c"
        literal = "own_share_a" in self.measures
        for name in "ab":
            if self.reaches(f"{'own_share' if literal else 'share_above'}_{name}") == literal:
                return name
        return "c"

    def _satisfaction(self) -> str:
        if self.reaches("survey_average_a") is None:
            return "not_measured"
        place = sum(not self.reaches(f"survey_average_{name}") for name in "ab")
        return "abc"[min(place + bool(self.reaches("complaints")), 2)]

    def _age_band(self) -> str:
        return self._band("age_band", "age_years")

    def _income_band(self) -> str:
        return self._band("income_band", "household_income")

    def _strategic_group(self) -> str:
        band = self._band("income_band", "household_income")
        if band in ("unknown", "not_a_person"):
            return band
        [row] = self.policies.on(
            "segment_group", self.day, income_band=band, is_insured=self.reaches("is_insured")
        )
        return str(row["strategic_group"])

    def _band(self, scheme: str, measure: str) -> str:
        row, following = self.measures[f"{measure}_lower"], self.measures[f"{measure}_next"]
        if row["value"] is None:
            return "not_a_person" if row["reason"] == "Not a person." else "unknown"
        for one, other in ((row, 1), (following, -1)):
            assert one["distance"] is None or one["distance"] * other + (other < 0) * -EPSILON >= 0
        [band] = self.policies.on("segment_band", self.day, scheme=scheme, lower_bound=row["bound"])
        return str(band["band"])


# An upper end is not reached: below it by at least the smallest amount.
EPSILON = Decimal("0.000001")
