"""The corporate rating, one company and month after the other, in fractions."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.reference.days import Period, add_months
from tests.reference.deliveries import Deliveries, Row
from tests.reference.marts import Table
from tests.reference.months import Fact, blank
from tests.reference.policies import Policies, PolicyRow

if TYPE_CHECKING:
    from tests.reference.bank import ReferenceBank

QUANTITATIVE = ("solvency", "result", "operation", "growth")
QUALITATIVE = ("market", "management", "business", "standing", "prospects")
LEVELS = ("excellent", "good", "average", "low", "poor")
MEASURED, WORST, BEST, MISSING, STALE = "measured", "worst", "best", "missing", "stale"
# Beyond this a ratio is told as this.
WIDEST = Fraction("999999999999.99")
Ratio = tuple[str, Fraction | None]
# Points of both parts, and in all.
Points = tuple[Fraction, Fraction, Fraction]
# Items of the newest year, of the year before it, and of three years before.
Years = tuple[Row, Row | None, Row | None]


def rounded(value: Fraction, digits: int) -> Decimal:
    """Half away from nought."""
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-digits)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    first = add_months(day.replace(day=1), months)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


# -- ratios ---------------------------------------------------------------------------------------


def _fraction(row: Row | None, item: str) -> Fraction | None:
    value = row[item] if row else None
    return None if value is None else Fraction(value)


def _by(above: Fraction | None, below: Fraction | None, worst: str = "", best: str = "") -> Ratio:
    """above / below; `worst` and `best` name the cases that mean so."""
    if above is None or below is None:
        return MISSING, None
    cases = {
        "below<=0": below <= 0,
        "below=0": below == 0,
        "below<=0 above<0": below <= 0 and above < 0,
        "below=0 above<0": below == 0 and above < 0,
    }
    if worst and cases[worst]:
        return WORST, None
    if best and cases[best]:
        return BEST, None
    return (MEASURED, above / below) if below > 0 else (MISSING, None)


def _average(now: Row, before: Row | None, item: str) -> Fraction | None:
    closing, opening = _fraction(now, item), _fraction(before, item)
    if closing is None:
        return None
    return (closing + (closing if opening is None else opening)) / 2


def _grown(now: Row, before: Row | None, item: str) -> Ratio:
    closing, opening = _fraction(now, item), _fraction(before, item)
    if closing is None or opening is None:
        return MISSING, None
    return _by(closing - opening, opening)


def _less(now: Row, more: str, less: str) -> Fraction | None:
    one, other = _fraction(now, more), _fraction(now, less)
    return None if one is None or other is None else one - other


def _capital(now: Row) -> Fraction | None:
    debt, equity = _fraction(now, "interest_bearing_debt"), _fraction(now, "equity")
    return None if debt is None or equity is None else debt + equity


def _profit_growth(now: Row, then: Row | None) -> Ratio:
    profit, base = _fraction(now, "net_profit"), _fraction(then, "net_profit")
    if profit is None or base is None or base <= 0:
        return MISSING, None
    if profit <= 0:
        return WORST, None
    # The root to six decimals: the largest r with (r - 1/2)^3 not above the quotient in millionths.
    quotient, low, high = profit / base * 10**18, 0, 10**18
    while high - low > 1:
        middle = (low + high) // 2
        if Fraction(2 * middle - 1, 2) ** 3 <= quotient:
            low = middle
        else:
            high = middle
    return MEASURED, Fraction(low, 10**6) - 1


RATIOS: dict[str, Callable[[Row, Row | None, Row | None], Ratio]] = {
    "debt_ratio": lambda n, b, t: _by(
        _fraction(n, "total_liabilities"), _fraction(n, "total_assets")
    ),
    "current_ratio": lambda n, b, t: _by(
        _fraction(n, "current_assets"), _fraction(n, "current_liabilities"), best="below=0"
    ),
    "debt_to_ebit": lambda n, b, t: _by(
        _fraction(n, "interest_bearing_debt"), _fraction(n, "ebit"), worst="below<=0"
    ),
    "capitalisation": lambda n, b, t: _by(
        _fraction(n, "interest_bearing_debt"), _capital(n), worst="below<=0"
    ),
    "interest_cover": lambda n, b, t: _by(
        _fraction(n, "ebit"), _fraction(n, "interest_expense"), "below<=0 above<0", "below<=0"
    ),
    "quick_ratio": lambda n, b, t: _by(
        _less(n, "current_assets", "inventory"), _fraction(n, "current_liabilities"), best="below=0"
    ),
    "cash_flow_to_debt": lambda n, b, t: _by(
        _fraction(n, "net_operating_cash_flow"), _fraction(n, "interest_bearing_debt"),
        "below=0 above<0", "below=0",
    ),
    "return_on_equity": lambda n, b, t: _by(
        _fraction(n, "net_profit"), _average(n, b, "equity"), worst="below<=0"
    ),
    "sales_margin": lambda n, b, t: _by(
        _fraction(n, "net_profit"), _fraction(n, "sales"), worst="below<=0"
    ),
    "return_on_assets": lambda n, b, t: _by(_fraction(n, "ebit"), _average(n, b, "total_assets")),
    "cost_to_sales": lambda n, b, t: _by(
        _fraction(n, "total_cost"), _fraction(n, "sales"), worst="below<=0"
    ),
    "profit_to_cost": lambda n, b, t: _by(
        _less(n, "ebit", "interest_expense"), _fraction(n, "total_cost")
    ),
    "cash_inflow_to_sales": lambda n, b, t: _by(
        _fraction(n, "operating_cash_inflow"), _fraction(n, "sales"), worst="below<=0"
    ),
    "asset_turnover": lambda n, b, t: _by(_fraction(n, "sales"), _average(n, b, "total_assets")),
    "current_asset_turnover": lambda n, b, t: _by(
        _fraction(n, "sales"), _average(n, b, "current_assets")
    ),
    "inventory_turnover": lambda n, b, t: _by(
        _fraction(n, "cost_of_sales"), _average(n, b, "inventory"), best="below=0"
    ),
    "receivables_turnover": lambda n, b, t: _by(
        _fraction(n, "sales"), _average(n, b, "receivables"), best="below=0"
    ),
    "sales_growth": lambda n, b, t: _grown(n, b, "sales"),
    "capital_accumulation": lambda n, b, t: _grown(n, b, "equity"),
    "profit_growth": lambda n, b, t: _profit_growth(n, t),
    "asset_growth": lambda n, b, t: _grown(n, b, "total_assets"),
}  # fmt: skip


def statements(deliveries: Deliveries, day: date) -> dict[str, Years]:
    """Per company the newest year known on a day, the year before it, and three years before."""
    found: dict[str, dict[int, Row]] = {}
    for row in deliveries.known("financial_statements", day):
        if row["year_end"] <= day:
            years = found.setdefault(row["customer_id"], {})
            place = row["year_end"].year * 12 + row["year_end"].month
            other = years.get(place)
            if other is None or other["year_end"] < row["year_end"]:
                years[place] = row
    return {
        company: (
            years[max(years)], years.get(max(years) - 12), years.get(max(years) - 36),
        )
        for company, years in found.items()
    }  # fmt: skip


def _within(value: Fraction) -> Fraction:
    return max(-WIDEST, min(WIDEST, value))


def ratios_of(years: Years) -> dict[str, Ratio]:
    """Every ratio, to six decimals."""
    found = {}
    for name, ratio in RATIOS.items():
        state, value = ratio(*years)
        found[name] = (state, None if value is None else _within(Fraction(rounded(value, 6))))
    return found


def ratio_months(bank: ReferenceBank) -> Table:
    """(company, month): what int_company_ratio_month says."""
    found: Table = {}
    for period in bank.periods:
        for company, years in statements(bank.deliveries, period.judged_on).items():
            newest, before, _ = years
            row: dict[str, Any] = {
                "judged_on": period.judged_on,
                "is_closed": period.is_closed,
                "year_end": newest["year_end"],
                "known_on": newest["loaded_on"],
                "is_audited": newest["audited"],
                "equity": newest["equity"],
                "net_profit": newest["net_profit"],
                "net_profit_before": before["net_profit"] if before else None,
            }
            for name, (state, value) in ratios_of(years).items():
                row[f"{name}_state"] = state
                row[name] = None if value is None else rounded(value, 6)
            found[company, period.month] = row
    return found


# -- points ---------------------------------------------------------------------------------------


@dataclass
class Criterion:
    """A row of the card."""

    part: str
    block: str
    criterion: str
    applies_to: str | None
    state: str
    value: Fraction | None
    weight: Fraction
    points: Fraction | None
    assessed_on: date | None = None


@dataclass
class Card:
    """All rows of a company's card, and what they add up to."""

    rows: list[Criterion] = field(default_factory=list)
    weights: Mapping[str, Fraction] = field(default_factory=dict)

    def points(self, **where: str) -> Fraction:
        """Points of the rows of a part or block."""
        return sum((r.points or Fraction(0) for r in self._rows(where)), Fraction(0))

    def missing(self, part: str) -> Fraction:
        """Share of a part's weight that is missing."""
        rows = [row for row in self._rows({"part": part}) if row.state != "scaled"]
        asked = sum((row.weight for row in rows), Fraction(0))
        gone = sum((row.weight for row in rows if row.state in (MISSING, STALE)), Fraction(0))
        return gone / asked

    @property
    def total(self) -> Fraction:
        """Both parts by their weights."""
        return sum(
            (self.points(part=part) * weight for part, weight in self.weights.items()), Fraction(0)
        )

    def _rows(self, where: Mapping[str, str]) -> Iterable[Criterion]:
        for row in self.rows:
            if all(getattr(row, name) == value for name, value in where.items()):
                yield row


class Terms:
    """The policy in force on a day."""

    def __init__(self, policies: Policies, day: date) -> None:
        self.policies, self.day = policies, day
        named = {
            name: [row for row in policies.on(name, day) if row[name].startswith("rating_")]
            for name in ("parameter", "switch")
        }
        self.number = {
            row["parameter"].removeprefix("rating_"): Fraction(row["value"])
            for row in named["parameter"]
        }
        self.choice = {
            row["switch"].removeprefix("rating_"): row["choice"] for row in named["switch"]
        }
        files = (
            "block", "indicator", "benchmark", "industry", "item", "grade", "master_scale",
            "knockout",
        )  # fmt: skip
        rows = [row for found in named.values() for row in found]
        rows += [row for name in files for row in self.rows(name)]
        self.version = f"rating@{max(row['valid_from'] for row in rows)}"

    def rows(self, name: str) -> list[PolicyRow]:
        """Rows of a file in force."""
        return self.policies.on(f"rating_{name}", self.day)

    def count(self, name: str) -> int:
        """A number that is whole."""
        return int(self.number[name])

    @property
    def grades(self) -> list[tuple[str, Fraction | None, int]]:
        """Grades in force as BBB is cut, the worst first: name, bound, rank."""
        cut = "split" if self.choice["bbb_split"] == "on" else "unsplit"
        rows = [row for row in self.rows("grade") if row["applies"] in ("always", cut)]
        return [
            (row["grade"], None if row["lower_bound"] is None else Fraction(row["lower_bound"]),
             row["grade_rank"])
            for row in sorted(rows, key=lambda row: row["grade_rank"])
        ]  # fmt: skip

    def notch(self, total: Fraction) -> int:
        """Place of the grade that holds so many points: the first match from the top."""
        for place in reversed(range(len(self.grades))):
            bound = self.grades[place][1]
            if bound is None or total >= bound:
                return place
        raise AssertionError("no grade is open below")

    def notch_of(self, grade: str) -> int:
        """Place of the grade in force that holds a named grade's bound."""
        bounds = [row["lower_bound"] for row in self.rows("grade") if row["grade"] == grade]
        known = [Fraction(bound) for bound in bounds if bound is not None]
        return self.notch(max(known)) if known else 0


def coefficient(terms: Terms, value: Fraction, levels: Mapping[str, Fraction]) -> Fraction:
    """What a value is worth between levels, the higher the better."""
    at = [(levels[name], terms.number[f"{name}_coefficient"]) for name in LEVELS]
    if value >= at[0][0]:
        return at[0][1]
    for (above, more), (level, less) in pairwise(at):
        if value >= level:
            return less + (more - less) * (value - level) / (above - level)
    return Fraction(0)


def indicator_rows(
    terms: Terms, ratios: Mapping[str, Ratio], benchmark: str
) -> Iterable[Criterion]:
    """Indicators of the set that counts, block by block."""
    given = {
        row["indicator"]: row for row in terms.rows("benchmark") if row["benchmark"] == benchmark
    }
    for block in QUANTITATIVE:
        sets: dict[str, list[PolicyRow]] = {"base": [], "alternative": []}
        for row in terms.rows("indicator"):
            if row["block"] == block:
                sets[row["indicator_set"]].append(row)
        gaps = {
            name: sum(ratios.get(row["indicator"], (MISSING, None))[0] == MISSING for row in rows)
            for name, rows in sets.items()
        }
        chosen = terms.choice["set"]
        if chosen == "base_else_alternative":
            chosen = "alternative" if gaps["base"] and not gaps["alternative"] else "base"
        for row in sets[chosen]:
            state, value = ratios.get(row["indicator"], (MISSING, None))
            weight, points = Fraction(row["weight"]), None
            sign = -1 if row["better"] == "less" else 1
            if state == MEASURED:
                assert value is not None
                levels = {name: sign * Fraction(given[row["indicator"]][name]) for name in LEVELS}
                points = Fraction(rounded(weight * coefficient(terms, sign * value, levels), 4))
            elif state in (WORST, BEST):
                points = weight * terms.number["excellent_coefficient"] if state == BEST else 0
                points = Fraction(points)
            yield Criterion(
                "quantitative", block, row["indicator"], chosen, state, value, weight, points
            )


def item_rows(terms: Terms, sheet: Mapping[str, Row], trade: str, day: date) -> Iterable[Criterion]:
    """Items that a company of its trade is asked."""
    for row in terms.rows("item"):
        if row["trade"] not in ("all", trade):
            continue
        weight, given = Fraction(row["points"]), sheet.get(row["item"])
        state, points = MISSING, None
        if given:
            ends = months_after(given["assessed_on"], terms.count("assessment_months"))
            state = MEASURED if ends > day else STALE
        if given and state == MEASURED:
            points = min(Fraction(rounded(Fraction(given["points"]), 4)), weight)
        yield Criterion(
            "qualitative", row["block"], row["item"], row["trade"], state,
            Fraction(given["points"]) if given else None, weight, points,
            given["assessed_on"] if given else None,
        )  # fmt: skip


def make_card(
    terms: Terms,
    ratios: Mapping[str, Ratio],
    sheet: Mapping[str, Row],
    benchmark: str,
    trade: str,
    day: date,
) -> Card:
    """The card, with a row per block for what scaling adds."""
    weights = {part: terms.number[f"{part}_weight"] for part in ("quantitative", "qualitative")}
    card = Card(weights=weights)
    card.rows += indicator_rows(terms, ratios, benchmark)
    card.rows += item_rows(terms, sheet, trade, day)
    for block in terms.rows("block"):
        rows = [row for row in card.rows if row.block == block["block"]]
        weight = sum((row.weight for row in rows), Fraction(0))
        target = weight
        if block["part"] == "qualitative" and terms.choice["reading"] != "items_literal":
            column = "corrected" if terms.choice["reading"] == "corrected" else "declared"
            target = Fraction(block[column])
        basis = weight
        if terms.choice["missing"] == "reweigh":
            basis = sum((row.weight for row in rows if row.points is not None), Fraction(0))
        added = sum((row.points or Fraction(0) for row in rows), Fraction(0))
        if basis > 0 and basis != target:
            points = Fraction(rounded(added * target / basis, 4)) - added
            card.rows.append(
                Criterion(
                    block["part"], block["block"], "scaling", None, "scaled", None,
                    target - weight, points,
                )
            )  # fmt: skip
    return card


# -- ratings --------------------------------------------------------------------------------------


def rating_months(bank: ReferenceBank) -> tuple[Table, Table]:
    """(company, month): what rating_month says; (company, month, block, criterion): the card."""
    found: Table = {}
    cards: Table = {}
    points: dict[tuple[str, date], Points | None] = {}
    for period in bank.periods:
        terms = Terms(bank.policies, period.judged_on)
        known = statements(bank.deliveries, period.judged_on)
        sheets = _sheets(bank.deliveries, period.judged_on)
        decisions = _decisions(bank.deliveries, period.judged_on)
        for company, month in bank.stars:
            fact = bank.facts[month].get(company) or blank()
            if month != period.month or fact["customer_type"] != "corporate":
                continue
            one = _Company(
                terms, period, fact, known.get(company), sheets.get(company, {}),
                decisions.get(company, {}),
            )  # fmt: skip
            past = points.get((company, add_months(month, -terms.count("outlook_months"))))
            before = found.get((company, add_months(month, -1)))
            found[company, month] = one.rated(past, before)
            points[company, month] = one.points
            for row in one.card.rows:
                cards[company, month, row.block, row.criterion] = one.told(row)
    return found, cards


def distribution(ratings: Table, facts: Mapping[date, Mapping[str, Row]]) -> Table:
    """(month, rating): companies, those who owe and are not in default, and what they may lose."""
    found: Table = {}
    everybody = Counter(month for _, month in ratings)
    for (company, month), row in ratings.items():
        cell = found.setdefault(
            (month, row["rating"]),
            {"companies": 0, "overrides": 0, "borrowers": 0,
             "expected_defaults": Decimal(0) if row["grade"] else None,
             "grade_rank": row["grade_rank"], "judged_on": row["judged_on"],
             "is_closed": row["is_closed"]},
        )  # fmt: skip
        cell["companies"] += 1
        cell["overrides"] += row["is_override"]
        fact = facts[month].get(company) or blank()
        if fact["loans_owed"] and not fact["loans_in_default"]:
            cell["borrowers"] += 1
            if row["grade"]:
                cell["expected_defaults"] += row["default_probability"]
    for (month, _), cell in found.items():
        cell["company_share"] = rounded(Fraction(cell["companies"], everybody[month]), 6)
    return found


def _sheets(deliveries: Deliveries, day: date) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = {}
    for row in deliveries.known("qualitative_assessments", day):
        if row["assessed_on"] <= day:
            sheet = found.setdefault(row["customer_id"], {})
            other = sheet.get(row["item"])
            if other is None or other["assessed_on"] < row["assessed_on"]:
                sheet[row["item"]] = row
    return found


def _decisions(deliveries: Deliveries, day: date) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = {}
    for row in deliveries.known("rating_decisions", day):
        if row["decided_on"] <= day:
            kinds = found.setdefault(row["customer_id"], {})
            other = kinds.get(row["kind"])
            if other is None or other["decided_on"] < row["decided_on"]:
                kinds[row["kind"]] = row
    return found


class _Company:
    """A company on the day judged."""

    def __init__(
        self,
        terms: Terms,
        period: Period,
        fact: Fact,
        years: Years | None,
        sheet: Mapping[str, Row],
        decisions: Mapping[str, Row],
    ) -> None:
        self.terms, self.period, self.fact, self.years = terms, period, fact, years
        self.day = period.judged_on
        asked = {row["item"]: row["trade"] for row in terms.rows("item")}
        self.sheet = {item: row for item, row in sheet.items() if item in asked}
        self.decisions = {
            kind: (row, ends)
            for kind, row in decisions.items()
            if (ends := self._ends(kind, row)) is None or ends > self.day
        }
        industries = {row["industry"]: row for row in terms.rows("industry")}
        self.industry = industries.get(fact["industry"], industries["other"])
        self.trade = self.industry["trade"]
        if self.trade == "as_assessed":
            newest: dict[str, date] = {}
            for item, row in self.sheet.items():
                day = newest.get(asked[item], date.min)
                newest[asked[item]] = max(row["assessed_on"], day)
            is_trading = newest.get("trading", date.min) > newest.get("producer", date.min)
            self.trade = "trading" if is_trading else "producer"
        ratios = ratios_of(years) if years else {}
        self.card = make_card(
            terms, ratios, self.sheet, self.industry["benchmark"], self.trade, self.day
        )

    def _ends(self, kind: str, row: Row) -> date | None:
        if row["expires_on"] is not None or kind == "withdrawal":
            ends: date | None = row["expires_on"]
            return ends
        return months_after(row["decided_on"], self.terms.count("decision_months"))

    @property
    def points(self) -> Points | None:
        """Points of both parts and in all, where there is a total."""
        if not (self.years and self.sheet):
            return None
        both = [self.card.points(part=part) for part in ("quantitative", "qualitative")]
        return both[0], both[1], self.card.total

    @property
    def assessed_on(self) -> date | None:
        return max((row["assessed_on"] for row in self.sheet.values()), default=None)

    @property
    def evidence_on(self) -> date | None:
        days = [row["loaded_on"] for row in self.sheet.values()]
        days += [self.years[0]["loaded_on"]] if self.years else []
        return max(days, default=None)

    def _limits(self) -> dict[str, date]:
        """Days from which what there is, is too old."""
        assert self.years
        assert self.assessed_on
        assert self.evidence_on
        months = self.terms.count
        return {
            "stale_statement": months_after(self.years[0]["year_end"], months("statement_months")),
            "stale_sheet": months_after(self.assessed_on, months("assessment_months")),
            "not_reviewed": months_after(self.evidence_on, months("validity_months")),
        }

    def _reason(self) -> str | None:
        closed_on = self.fact["relationship_closed_on"]
        if closed_on is not None and closed_on <= self.day:
            return "relationship_ended"
        if "withdrawal" in self.decisions:
            return "decided"
        if not self.years:
            return "no_statement"
        if not self.sheet:
            return "no_sheet"
        for reason, day in self._limits().items():
            if day <= self.day:
                return reason
        for part, reason in (
            ("quantitative", "incomplete_statement"), ("qualitative", "incomplete_sheet"),
        ):  # fmt: skip
            if self.card.missing(part) > self.terms.number["most_missing_share"]:
                return reason
        return None

    def _knocked_out(self) -> tuple[int, str] | None:
        newest, before = (self.years[0], self.years[1]) if self.years else (None, None)

        def below(row: Row | None, item: str) -> bool:
            return row is not None and row[item] is not None and row[item] < 0

        equity = newest["equity"] if newest else None
        holds = {
            "loan_in_default": self.fact["loans_in_default"] > 0,
            "past_due": self.fact["days_past_due"] >= self.terms.number["past_due_days"],
            "equity_gone": equity is not None and equity <= 0,
            "two_losses": below(newest, "net_profit") and below(before, "net_profit"),
            "unaudited": newest is not None and not newest["audited"],
        }
        found = [
            (self.terms.notch_of(row["best_grade"]), row["condition"])
            for row in self.terms.rows("knockout")
            if holds[row["condition"]]
        ]
        return min(found, default=None)

    def rated(self, past: Points | None, before: Mapping[str, Any] | None) -> dict[str, Any]:
        """What rating_month says."""
        terms, reason, grades = self.terms, self._reason(), self.terms.grades
        total = self.card.total if self.points else None
        model = terms.notch(total) if total is not None else None
        override, override_ends = self.decisions.get("override", (None, None))
        wanted = terms.notch_of(override["grade"]) if override and override["grade"] else None
        knocked = self._knocked_out()
        place, cut, changed_by = None, False, None
        if reason is None:
            assert model is not None
            place = model
            if wanted is not None:
                lowest = model - terms.count("override_down")
                place = min(max(wanted, lowest), model + terms.count("override_up"))
                cut = place != wanted
            changed_by = "override" if place != model else "nothing"
            if knocked and knocked[0] < place:
                place = knocked[0]
                changed_by = (
                    "knockout" if place < model else "override" if place > model else "nothing"
                )
        grade, _, rank = grades[place] if place is not None else (None, None, None)
        scale = {row["grade"]: row["default_probability"] for row in terms.rows("master_scale")}
        told = {
            "judged_on": self.day,
            "is_closed": self.period.is_closed,
            "grade": grade,
            "grade_rank": rank,
            "default_probability": scale[grade] if grade else None,
            "status": _status(reason),
            "rating": grade or _status(reason),
            "unrated_reason": reason,
            "evidence_on": self.evidence_on if self.points else None,
            "knockout": knocked[1] if knocked else None,
            "knockout_grade": grades[knocked[0]][0] if knocked else None,
            "is_override": reason is None and wanted is not None,
            "is_override_bounded": cut,
            "changed_by": changed_by,
            "override_grade": override["grade"] if override else None,
            "override_reason": override["reason"] if override else None,
            "override_approver": override["approver"] if override else None,
            "override_decided_on": override["decided_on"] if override else None,
            "override_ends_on": override_ends,
            "valid_to": min(self._limits().values()) if reason is None else None,
            "industry": self.fact["industry"],
            "rated_as": self.industry["industry"],
            "benchmark": self.industry["benchmark"],
            "trade": self.trade,
            "year_end": self.years[0]["year_end"] if self.years else None,
            "is_audited": self.years[0]["audited"] if self.years else None,
            "assessed_on": self.assessed_on,
            "reading": terms.choice["reading"],
            "set_choice": terms.choice["set"],
            "missing_choice": terms.choice["missing"],
            "bbb_split": terms.choice["bbb_split"],
            "outlook_points": rounded(terms.number["outlook_points"], 6),
            "policy_version": terms.version,
        }
        told |= self._pointed(total, model, past)
        told |= self._outlook(past) if reason is None else _no_outlook()
        return told | _moved(told, before)

    def _pointed(
        self, total: Fraction | None, model: int | None, past: Points | None
    ) -> dict[str, Any]:
        grades, card = self.terms.grades, self.card
        name, bound, rank = grades[model] if model is not None else (None, None, None)
        above = grades[model + 1] if model is not None and model + 1 < len(grades) else None
        then = past[2] if past else None

        def six(value: Fraction | None) -> Decimal | None:
            return None if value is None else rounded(value, 6)

        told: dict[str, Any] = {
            "model_grade": name,
            "model_rank": rank,
            "total_points": six(total),
            "model_bound": bound,
            "margin": six(total - bound) if total is not None and bound is not None else None,
            "next_grade": above[0] if above else None,
            "next_bound": above[1] if above else None,
            "gap_to_next": six(above[1] - total)
            if above and above[1] and total is not None
            else None,
            "points_before": six(then),
            "points_change": six(total - then) if total is not None and then is not None else None,
        }
        for part, blocks in (("quantitative", QUANTITATIVE), ("qualitative", QUALITATIVE)):
            told[f"{part}_points"] = card.points(part=part)
            told[f"{part}_weight"] = card.weights[part]
            told[f"{part}_missing"] = rounded(card.missing(part), 6)
            told |= {f"{block}_points": card.points(block=block) for block in blocks}
        for block in QUANTITATIVE:
            told[f"{block}_set"] = next(
                row.applies_to for row in card.rows if row.block == block and row.applies_to
            )
        return told

    def _outlook(self, past: Points | None) -> dict[str, Any]:
        decided = self.decisions.get("outlook", (None, None))[0]
        if decided and decided["outlook"]:
            return {"outlook": decided["outlook"], "outlook_source": "decision"}
        outlook, least = "stable", self.terms.number["outlook_points"]
        if past and self.points:
            weights = self.card.weights.values()
            moves = [
                (now - then) * weight
                for now, then, weight in zip(self.points[:2], past[:2], weights, strict=True)
            ]
            if max(moves) >= least and min(moves) <= -least:
                outlook = "developing"
            elif sum(moves) >= least:
                outlook = "positive"
            elif sum(moves) <= -least:
                outlook = "negative"
        return {"outlook": outlook, "outlook_source": "trend"}

    def told(self, row: Criterion) -> dict[str, Any]:
        """A row of the card."""
        return {
            "judged_on": self.day,
            "part": row.part,
            "applies_to": row.applies_to,
            "state": row.state,
            "value": None if row.value is None else rounded(row.value, 6),
            "weight": row.weight,
            "points": row.points,
            "weighted_points": (row.points or 0) * self.card.weights[row.part],
            "assessed_on": row.assessed_on,
            "policy_version": self.terms.version,
        }


def _status(reason: str | None) -> str:
    if reason is None:
        return "rated"
    if reason in ("relationship_ended", "decided"):
        return "withdrawn"
    return "expired" if reason in ("stale_statement", "stale_sheet", "not_reviewed") else "unrated"


def _no_outlook() -> dict[str, Any]:
    return {"outlook": None, "outlook_source": None}


def _moved(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """What became of the rating of the month before."""
    rank, old = now["grade_rank"], before["grade_rank"] if before else None
    if rank is None:
        action = "none" if old is None else "withdrawn"
    elif old is None:
        action = "new"
    elif rank != old:
        action = "up" if rank > old else "down"
    else:
        assert before is not None
        action = "affirmed" if now["evidence_on"] > before["evidence_on"] else "none"
    since = now["judged_on"] if action in ("new", "up", "down", "affirmed") else None
    if rank is not None and since is None:
        assert before is not None
        since = before["valid_from"]
    return {
        "action": action,
        "grade_before": before["grade"] if before else None,
        "rank_before": old,
        "valid_from": since,
    }
