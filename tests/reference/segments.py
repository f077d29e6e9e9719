"""Segments: one customer and one scheme after the other, from the rules in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from tests.reference.balances import NOUGHT, to_cents
from tests.reference.days import ONE_DAY, Period, add_months
from tests.reference.months import blank
from tests.reference.policies import Policies
from tests.reference.trails import ASSETS, DEPOSITS

if TYPE_CHECKING:
    from tests.reference.bank import ReferenceBank

Measures = dict[str, Any]
Table = dict[tuple[Any, ...], dict[str, Any]]
ONE = Decimal(1)


def whole_months(first: date, end: date) -> int:
    """How often the same day of a later month has begun; no 31st there is the 1st after it."""
    count = 0
    while _months_later(first, count + 1) <= end:
        count += 1
    return count


def _months_later(day: date, count: int) -> date:
    month = add_months(day.replace(day=1), count)
    try:
        return month.replace(day=day.day)
    except ValueError:
        return add_months(month, 1)


def ratio(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Six decimals, half away from nought; none of nothing."""
    if whole == 0:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001"), ROUND_HALF_UP)


class Terms:
    """The numbers and choices in force on a day."""

    def __init__(self, policies: Policies, day: date) -> None:
        self.policies, self.day = policies, day

    def number(self, name: str) -> Decimal:
        """A number of policy."""
        [row] = self.policies.on("parameter", self.day, parameter=f"segment_{name}")
        value: Decimal = row["value"]
        return value

    def count(self, name: str) -> int:
        """A number without decimals."""
        return int(self.number(name))

    def choice(self, name: str) -> str:
        """A choice of policy."""
        [row] = self.policies.on("switch", self.day, switch=f"segment_{name}")
        return str(row["choice"])

    def band(self, scheme: str, value: Decimal | int) -> tuple[str, Decimal | None, Decimal | None]:
        """The band that begins nearest below a value, its bound, and where the next one begins."""
        bands = self.policies.on("segment_band", self.day, scheme=scheme)
        begun = [row for row in bands if row["lower_bound"] is None or row["lower_bound"] <= value]
        later = [row["lower_bound"] for row in bands if row not in begun]
        band = max(begun, key=lambda row: (row["lower_bound"] is not None, row["lower_bound"] or 0))
        return band["band"], band["lower_bound"], min(later, default=None)

    def group(self, income_band: str, is_insured: bool) -> str:
        """The strategic group of an income band."""
        [row] = self.policies.on(
            "segment_group", self.day, income_band=income_band, is_insured=is_insured
        )
        return str(row["strategic_group"])

    def version(self) -> str:
        """The newest day on which something began that is in force."""
        rows = [
            row
            for file, column in (("parameter", "parameter"), ("switch", "switch"))
            for row in self.policies.on(file, self.day)
            if row[column].startswith("segment_")
        ]
        rows += self.policies.on("segment_band", self.day)
        rows += self.policies.on("segment_group", self.day)
        return f"segment@{max(row['valid_from'] for row in rows)}"


def segments(reference: ReferenceBank) -> Table:
    """(customer, month): what segment_month says."""
    found: Table = {}
    for period in reference.periods:
        terms = Terms(reference.policies, period.judged_on)
        everybody = {
            customer: _measured(reference, terms, period, customer, trail)
            for (customer, month), trail in reference.trails.items()
            if month == period.month and _is_judged(reference, period, customer, trail)
        }
        _value_everybody(terms, everybody)
        for customer, measures in everybody.items():
            found[customer, period.month] = _judged(terms, period, measures)
    return found


def _fact(reference: ReferenceBank, month: date, customer: str) -> Mapping[str, Any]:
    return reference.facts.get(month, {}).get(customer) or blank()


def _is_judged(
    reference: ReferenceBank, period: Period, customer: str, trail: Mapping[str, Any]
) -> bool:
    since = _fact(reference, period.month, customer)["relationship_opened_on"]
    begun = (since, trail["first_account_on"], trail["first_lead_on"])
    return any(day is not None and day <= period.judged_on for day in begun)


def _measured(
    reference: ReferenceBank,
    terms: Terms,
    period: Period,
    customer: str,
    trail: Mapping[str, Any],
) -> Measures:
    fact = _fact(reference, period.month, customer)

    def learned(months: str, *flows: str) -> Decimal:
        """Adds up what each month of a window learned, its own and late."""
        total = NOUGHT
        for back in range(terms.count(months)):
            row = _fact(reference, add_months(period.month, -back), customer)
            total += sum((row[flow] + row[f"late_{flow}"] for flow in flows), NOUGHT)
        return total

    assets = sum((fact[f"{name}_balance_days"] for name in ASSETS), NOUGHT)
    held = sum((max(fact[f"{name}_balance_days"], NOUGHT) for name in ASSETS), NOUGHT)
    deposits = sum((max(fact[f"{name}_balance_days"], NOUGHT) for name in DEPOSITS), NOUGHT)
    first, last = trail["first_account_on"], trail["last_own_transaction_on"]
    end = period.judged_on + ONE_DAY
    premium = -learned("premium_months", "insurance_amount")
    income, cost = learned("value_months", "income"), learned("value_months", "cost")
    surveys, score = learned("survey_months", "surveys"), learned("survey_months", "survey_score")
    is_person = fact["customer_type"] == "retail"
    return {
        "customer_type": fact["customer_type"] or "unknown",
        "region": fact["region"] or "unknown",
        "area": fact["area"] or "unknown",
        "months_known": trail["months_known"],
        "first_account_on": first,
        "tenure_months": None if first is None else whole_months(first, end),
        "accounts_open": fact["accounts_open"],
        "classes_held": fact["classes_held"],
        "last_own_transaction_on": last,
        "silent_months": None if last is None else whole_months(last + ONE_DAY, end),
        "own_transactions": learned("behaviour_months", "own_transactions"),
        "average_assets": to_cents(assets / len(period.days)),
        "deposit_share": ratio(deposits, held),
        "surveys": surveys,
        "survey_average": ratio(score, surveys) if surveys > 0 else None,
        "complaints": learned("survey_months", "complaints"),
        "age_years": fact["age_years"] if is_person else None,
        "household_income": fact["household_income"] if is_person else None,
        "is_insured": fact["insurance_accounts_open"] > 0 or premium > 0,
        "insurance_premium": premium,
        "margin": income - cost,
        "income": income,
        "turnover": learned("value_months", "inflow", "outflow"),
        "ever": {name: trail[f"total_{name}"] != 0 for name in ("income", "cost", "turnover")}
        | {"assets": trail["total_asset_balance_days"] != 0},
    }


def _value_everybody(terms: Terms, everybody: Mapping[str, Measures]) -> None:
    """What depends on the others: which measures are delivered, and how everybody stands."""
    ever = {
        name: any(one["ever"][name] for one in everybody.values())
        for name in ("income", "cost", "turnover", "assets")
    }
    value = {
        "margin": ["margin"],
        "assets": ["assets"],
        "margin_else_assets": ["margin", "assets"],
    }[terms.choice("value_measure")]
    abc = {
        "income": ["income"],
        "turnover": ["turnover"],
        "income_else_turnover": ["income", "turnover"],
    }[terms.choice("abc_measure")]
    ever["margin"] = ever["income"] or ever["cost"]
    value_measure = next((name for name in value if ever[name]), "none")
    abc_measure = next((name for name in abc if ever[name]), "none")
    for one in everybody.values():
        one["assets"] = one["average_assets"]
        one["value_measure"], one["value_amount"] = value_measure, one.get(value_measure)
        one["abc_measure"], one["abc_amount"] = abc_measure, one.get(abc_measure)
    by_peers: dict[str, list[Measures]] = defaultdict(list)
    for one in everybody.values():
        alone = terms.choice("peers") == "customer_type"
        by_peers[one["customer_type"] if alone else "everybody"].append(one)
    for peers in by_peers.values():
        _stand(terms, peers)


def _stand(terms: Terms, peers: Sequence[Measures]) -> None:
    values = [one["value_amount"] for one in peers if one["value_amount"] is not None]
    amounts = [one["abc_amount"] for one in peers if one["abc_amount"] is not None]
    cut = best_share_cut(values, terms.number("value_share"))
    for one in peers:
        by_amount = terms.choice("value_cut") == "amount"
        one["value_cut"] = terms.number("value_amount") if by_amount else cut
        one["abc_share"] = abc_share(one["abc_amount"], amounts, terms.choice("abc"))


def best_share_cut(values: Sequence[Decimal], share: Decimal) -> Decimal | None:
    """The lowest gain in the smallest group of the best that makes up the share; ties together."""
    cut = None
    for value in sorted({value for value in values if value > 0}, reverse=True):
        if sum(other > value for other in values) >= share * len(values):
            break
        cut = value
    return cut


def abc_share(amount: Decimal | None, everyone: Iterable[Decimal], reading: str) -> Decimal | None:
    """The share of the total that those above bring, or that the customer does."""
    if amount is None:
        return None
    gains = [max(other, NOUGHT) for other in everyone]
    above = sum((other for other in gains if other > amount), NOUGHT)
    return ratio(max(amount, NOUGHT) if reading == "literal" else above, sum(gains, NOUGHT))


def abc_class(
    amount: Decimal | None, share: Decimal | None, a: Decimal, b: Decimal, reading: str
) -> str:
    """A, B or C; nobody who brings nothing is above C."""
    if amount is None:
        return "not_measured"
    if amount <= 0 or share is None:
        return "c"
    if reading == "literal":
        return "a" if share >= a else "b" if share >= b else "c"
    return "a" if share < a else "b" if share < b else "c"


def _judged(terms: Terms, period: Period, one: Measures) -> dict[str, Any]:
    literal = "literal_" if terms.choice("abc") == "literal" else ""
    bounds = {
        "lost_months": terms.count("lost_months"),
        "behaviour_months": terms.count("behaviour_months"),
        "frequent_count": terms.count("frequent_count"),
        "new_months": terms.count("new_months"),
        "value_months": terms.count("value_months"),
        "loyal_months": terms.count("loyal_months"),
        "loyal_classes": terms.count("loyal_classes"),
        "deposit_heavy_share": terms.number("deposit_heavy"),
        "intermediary_heavy_share": terms.number("intermediary_heavy"),
        "abc_bound_a": terms.number(f"abc_{literal}a"),
        "abc_bound_b": terms.number(f"abc_{literal}b"),
        "abc_reading": terms.choice("abc"),
        "survey_months": terms.count("survey_months"),
        "satisfaction_bound_a": terms.number("satisfaction_a"),
        "satisfaction_bound_b": terms.number("satisfaction_b"),
        "complaint_bound": terms.count("complaint_count"),
        "premium_months": terms.count("premium_months"),
        "policy_version": terms.version(),
    }
    share = one["deposit_share"]
    kept = {key: value for key, value in one.items() if key not in _ASIDE}
    row = kept | bounds | {"intermediary_share": None if share is None else ONE - share}
    row |= {"judged_on": period.judged_on, "is_closed": period.is_closed}
    row |= _banded(terms, one)
    row["behaviour"] = _behaviour(row)
    row["novelty"] = _novelty(row)
    row["value_loyalty"] = _value_loyalty(row)
    row["preference"] = _preference(row)
    row["satisfaction"] = _satisfaction(row)
    row["abc"] = abc_class(
        row["abc_amount"],
        row["abc_share"],
        row["abc_bound_a"],
        row["abc_bound_b"],
        row["abc_reading"],
    )
    return row


_ASIDE = ("margin", "income", "turnover", "assets", "ever")


def _behaviour(row: Measures) -> str:
    if row["first_account_on"] is None or row["last_own_transaction_on"] is None:
        return "potential"
    if row["accounts_open"] == 0 or row["silent_months"] >= row["lost_months"]:
        return "lost"
    return "frequent" if row["own_transactions"] >= row["frequent_count"] else "ordinary"


def _novelty(row: Measures) -> str:
    if row["first_account_on"] is None:
        return "potential"
    if row["accounts_open"] == 0:
        return "former"
    return "new" if row["tenure_months"] < row["new_months"] else "existing"


def _value_loyalty(row: Measures) -> str:
    if row["value_amount"] is None:
        return "not_measured"
    cut, tenure = row["value_cut"], row["tenure_months"]
    valuable = cut is not None and row["value_amount"] >= cut
    loyal = (
        tenure is not None
        and tenure >= row["loyal_months"]
        and row["classes_held"] >= row["loyal_classes"]
    )
    return {
        (True, True): "vip",
        (False, True): "loyal",
        (True, False): "potential",
        (False, False): "ordinary",
    }[valuable, loyal]


def _preference(row: Measures) -> str:
    if row["deposit_share"] is None:
        return "none"
    if row["deposit_share"] >= row["deposit_heavy_share"]:
        return "deposit_heavy"
    heavy = row["intermediary_share"] >= row["intermediary_heavy_share"]
    return "intermediary_heavy" if heavy else "balanced"


def _satisfaction(row: Measures) -> str:
    if row["survey_average"] is None:
        return "not_measured"
    place = sum(row["survey_average"] < row[f"satisfaction_bound_{name}"] for name in "ab")
    place += row["complaints"] >= row["complaint_bound"]
    return "abc"[min(place, 2)]


def _banded(terms: Terms, one: Measures) -> dict[str, Any]:
    """Bands of age and income, and the strategic group."""
    row: dict[str, Any] = {}
    missing = "unknown" if one["customer_type"] in ("retail", "unknown") else "not_a_person"
    for scheme, prefix, measure in (
        ("age_band", "age", "age_years"),
        ("income_band", "income", "household_income"),
    ):
        band = (missing, None, None) if one[measure] is None else terms.band(scheme, one[measure])
        row |= dict(
            zip((scheme, f"{prefix}_lower_bound", f"{prefix}_next_bound"), band, strict=True)
        )
    income = row["income_band"]
    known = one["household_income"] is not None
    row["strategic_group"] = terms.group(income, one["is_insured"]) if known else missing
    return row


SCHEMES: dict[str, tuple[str, ...]] = {
    "behaviour": ("frequent", "ordinary", "potential", "lost"),
    "value_loyalty": ("vip", "loyal", "potential", "ordinary", "not_measured"),
    "preference": ("deposit_heavy", "balanced", "intermediary_heavy", "none"),
    "abc": ("a", "b", "c", "not_measured"),
    "satisfaction": ("a", "b", "c", "not_measured"),
    "age_band": ("unknown", "not_a_person"),
    "novelty": ("new", "existing", "potential", "former"),
    "customer_type": ("retail", "corporate", "government", "unknown"),
    "region": ("unknown",),
    "area": ("urban", "rural", "unknown"),
    "income_band": ("unknown", "not_a_person"),
    "strategic_group": (
        "value", "main_force", "nurture", "maintain", "unknown", "not_a_person",
    ),
}  # fmt: skip


def distribution(reference: ReferenceBank, verdicts: Table) -> Table:
    """(month, scheme, segment): who is in it and what they have."""
    found: Table = {}
    for period in reference.periods:
        rows = [row for (_, month), row in verdicts.items() if month == period.month]
        for scheme, always in SCHEMES.items():
            bands = reference.policies.on("segment_band", period.judged_on, scheme=scheme)
            codes = {*always, *(row["band"] for row in bands), *(row[scheme] for row in rows)}
            for code in codes if rows else ():
                inside = [row for row in rows if row[scheme] == code]
                found[period.month, scheme, code] = _counted(period, rows, inside)
    return found


def _counted(
    period: Period, rows: Sequence[Measures], inside: Sequence[Measures]
) -> dict[str, Any]:
    assets = sum((row["average_assets"] for row in inside), NOUGHT)
    total = sum((row["average_assets"] for row in rows), NOUGHT)
    return {
        "judged_on": period.judged_on,
        "is_closed": period.is_closed,
        "customers": len(inside),
        "customer_share": ratio(len(inside), len(rows)),
        "assets": assets,
        "asset_share": ratio(assets, total),
        "asset_index": index(assets, total, len(inside), len(rows)),
    }


def index(part: Decimal, whole: Decimal, customers: int, everybody: int) -> Decimal | None:
    """Share of something over share of customers."""
    return ratio(part * everybody, whole * customers)


def penetration(reference: ReferenceBank, verdicts: Table) -> Table:
    """(month, income band): who is insured there and what they pay."""
    found: Table = {}
    for period in reference.periods:
        rows = [row for (_, month), row in verdicts.items() if month == period.month]
        total = sum((row["insurance_premium"] for row in rows), NOUGHT)
        bands = reference.policies.on("segment_band", period.judged_on, scheme="income_band")
        for band in [*(row["band"] for row in bands), "unknown", "not_a_person"] if rows else ():
            inside = [row for row in rows if row["income_band"] == band]
            premium = sum((row["insurance_premium"] for row in inside), NOUGHT)
            insured = sum(row["is_insured"] for row in inside)
            found[period.month, band] = {
                "judged_on": period.judged_on,
                "is_closed": period.is_closed,
                "customers": len(inside),
                "customer_share": ratio(len(inside), len(rows)),
                "insured_customers": insured,
                "penetration": ratio(insured, len(inside)),
                "premium_months": rows[0]["premium_months"],
                "premium": premium,
                "premium_share": ratio(premium, total),
                "concentration_index": index(premium, total, len(inside), len(rows)),
                "premium_per_head": to_cents(premium / len(inside)) if inside else None,
            }
    return found
