"""How the corporate rating did: tables and a picture of what became of companies after a grade.

A cohort is everybody who was rated and not in default at a month's end; what is asked is who
defaulted in the months after it. Rates are of borrowers: who owed no loan could not default.
`schema` is where the tables stand: none in the published version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import numpy as np
from rich.console import Console

from orchestration.credit.columns import Floats, Integers
from orchestration.credit.validation import calibration, migration
from orchestration.credit.validation.concentration import concentration
from orchestration.credit.validation.overrides import overrides
from orchestration.credit.validation.ranking import ranking
from orchestration.credit.validation.rates import Rates, default_rates, inversions
from orchestration.policy.files import parameter_on
from orchestration.reports.chart import as_markdown
from orchestration.reports.default_rates import default_rates_chart
from orchestration.reports.shown import Shown, rows_of
from orchestration.reports.tables import table

# What readers of intervals expect.
LEVEL = 0.95
# Of a p-value, to a thousandth at its edge of 5%; the same seed tells the same every time.
_DRAWS, _SEED = 20_000, 1
# A year of cohorts; more would not be read.
_COHORTS = 12
_MONTHS_A_YEAR = 12
DEFAULT = "default"
_KNOCKED_OUT = "knockout"
_GROUPS = ("the model's", "better by override", "worse by override")
MEANINGS = (
    "borrowers: those who owed a loan then or since; others cannot default, and are in no rate",
    "from, to: 95% intervals; of a rate by Clopper and Pearson, of AR by DeLong, or as wide as can "
    "be below ten defaults",
    "PD: what the master scale foretold when the grades were given",
    "binomial, Jeffreys: p-values; below 5% the PD was too low for what happened",
    "too high: p-value of the other side; below 5% the PD was too high for what happened",
    "all: both sides of all grades' defaults together, each company with its own grade's PD",
    "AR: accuracy ratio; 100% ranks without error, 0% tells nothing",
    "both sides: p-value of defaults against expected, whether too many or too few",
    "Hosmer-Lemeshow: p-value of grades that miss to either side, drawn; below 5% by more than "
    "chance. Where all miss to one side, `both sides` tells it sooner",
    "alike: so many grades, filled alike, would be as concentrated",
    "no longer rated: share of all of the line; the shares beside it are of the others",
    "years held: by all companies, borrowers or not, as the matrices are",
    "p of overrides: whether grades that were overridden default as often as the others",
    "out of order: neighbouring grades of which the better one defaulted more often",
    "tests take defaults to be independent, which they are not in one year's economy",
)

_RATES = """
    select month, cohort, default_months, grade, companies, borrowers, defaulted,
        cast(expected_rate as double) as pd
    from {schema}rating_default_rate where judged_on <= $day order by month, grade_rank desc
"""
_MOVES = """
    select month, cohort, from_state, to_state, companies
    from {schema}rating_migration where judged_on <= $day and followed_months = $months
"""
_OVERRIDES = """
    select changed_by, model_grade, grade, borrowers, defaulted
    from {schema}rating_override where judged_on <= $day and month = $month
"""
_FIRST = """
    select min(month), max(judged_on) from rating_month
    where grade is not null and judged_on <= $day
"""
_CLOSES = "select last_day($first::date + to_months($months::integer))"

Connection: TypeAlias = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Cohort:
    """What became of those who were rated at a month's end; arrays by grade, best first.

    `borrowers`: of the companies, those who owed a loan then or in the months after.
    """

    month: date
    cohort: date
    months: int
    scale: Sequence[str]
    companies: Integers
    borrowers: Integers
    defaults: Integers
    pd: Floats

    @property
    def rates(self) -> Rates:
        """Observed, with intervals."""
        return default_rates(self.borrowers, self.defaults, LEVEL)


def cohorts(con: Connection, day: date, schema: str) -> list[Cohort]:
    """Oldest first."""
    found: dict[date, list[dict[str, Any]]] = {}
    for row in rows_of(con, _RATES, schema, day=day):
        found.setdefault(row["month"], []).append(row)
    return [
        Cohort(
            month,
            rows[0]["cohort"],
            rows[0]["default_months"],
            [row["grade"] for row in rows],
            np.array([row["companies"] for row in rows], np.int64),
            np.array([row["borrowers"] for row in rows], np.int64),
            np.array([row["defaulted"] for row in rows], np.int64),
            np.array([row["pd"] for row in rows], np.float64),
        )
        for month, rows in found.items()
    ]


def newest_rates(con: Connection, day: date = date.max, schema: str = "") -> Shown:
    """Of the newest cohort, grade by grade, against the master scale."""
    columns = ["grade", "companies", "borrowers", "in default", "rate", "from", "to", "PD",
               "binomial", "Jeffreys", "too high"]  # fmt: skip
    found = cohorts(con, day, schema)
    if not found:
        return Shown("Default rates", columns, [], names=1)
    one = found[-1]
    counted = one.borrowers, one.defaults, one.pd
    tests = (calibration.binomial, calibration.jeffreys, calibration.binomial_high)
    p_values = np.column_stack([test(*counted) for test in tests])
    title = f"Default rates of {one.cohort:%Y-%m} in the {one.months} months after"
    rows = [
        [
            grade,
            f"{one.companies[at]:,}",
            *_rated(one.rates, at),
            _share(one.pd[at], 2),
            *map(_p, p_values[at]),
        ]
        for at, grade in enumerate(one.scale)
    ]  # fmt: skip
    return Shown(title, columns, [*rows, _all(one)], names=1)


def _rated(rates: Rates, at: int) -> list[str]:
    """Borrowers, defaults, and their rate with its interval."""
    shares = map(_share, (rates.rate[at], rates.low[at], rates.high[at]))
    return [f"{rates.companies[at]:,}", f"{rates.defaults[at]:,}", *shares]


def _all(one: Cohort) -> list[str]:
    """All grades as one, with the mean of their borrowers' PDs."""
    rates = default_rates(one.borrowers.sum(keepdims=True), one.defaults.sum(keepdims=True), LEVEL)
    tails = calibration.total(one.borrowers, one.defaults, one.pd)
    told = ["", "", "", ""]
    if tails is not None:
        mean = np.average(one.pd, weights=one.borrowers)
        told = [_share(mean, 2), _p(tails.as_many), "", _p(tails.as_few)]
    return ["all", f"{one.companies.sum():,}", *_rated(rates, 0), *told]


def newest_cohorts(con: Connection, day: date = date.max, schema: str = "") -> Shown:
    """The newest cohorts, one line each."""
    return Shown(
        "Cohorts, the newest last",
        ["cohort", "companies", "borrowers", "in default", "expected", "both sides", "AR", "from",
         "to", "Hosmer-Lemeshow", "alike", "out of order"],
        [_line(one) for one in cohorts(con, day, schema)[-_COHORTS:]],
        names=1,
    )  # fmt: skip


def _line(one: Cohort) -> list[str]:
    ranked = ranking(one.borrowers, one.defaults, LEVEL)
    spread = concentration(one.companies)
    tails = calibration.total(one.borrowers, one.defaults, one.pd)
    fits = calibration.hosmer_lemeshow_drawn(one.borrowers, one.defaults, one.pd, _DRAWS, _SEED)
    return [
        f"{one.cohort:%Y-%m}",
        f"{one.companies.sum():,}",
        f"{one.borrowers.sum():,}",
        f"{one.defaults.sum():,}",
        f"{(one.borrowers * one.pd).sum():,.1f}",
        _p(tails.p_value if tails else None),
        *(_share(part) for part in (ranked.accuracy_ratio if ranked else (None,) * 3)),
        _p(fits),
        f"{spread.effective:.1f}" if spread else "",
        f"{len(inversions(one.borrowers, one.defaults))}",
    ]


def newest_migration(con: Connection, day: date = date.max, schema: str = "") -> Shown:
    """Where the newest cohort stands now; the shares are of those still rated, or in default."""
    found = cohorts(con, day, schema)
    if not found:
        return Shown("Migration", ["from"], [], names=1)
    one = found[-1]
    rows = [
        row for row in rows_of(con, _MOVES, schema, day=day, months=one.months)
        if row["month"] == one.month
    ]  # fmt: skip
    counts = _counted(rows, one.scale)
    moves, gone = counts[:-1, :-1], counts[:-1, -1]
    shares = migration.cohorts(moves, gone)
    title = f"Migration from {one.cohort:%Y-%m} in {one.months} months"
    return Shown(
        title,
        ["from", "companies", *one.scale, DEFAULT, "no longer rated"],
        [
            [state, f"{moves[at].sum() + gone[at]:,}", *map(_share, shares.matrix[at]),
             _share(shares.withdrawn[at])]
            for at, state in enumerate([*one.scale, DEFAULT])
        ],
        names=1,
    )  # fmt: skip


def by_duration(con: Connection, day: date = date.max, schema: str = "") -> Shown:
    """Chances of a year, by how long grades were held: every month of the history counts.

    A move is taken to happen in the middle of its month: half of that was held of either grade.
    Default is where a history ends here.
    """
    found = cohorts(con, day, schema)
    if not found:
        return Shown("Chances of a year", ["from"], [], names=1)
    scale = found[-1].scale
    moves = _counted(rows_of(con, _MOVES, schema, day=day, months=1), scale)
    held = (moves.sum(axis=0) + moves.sum(axis=1)) / 2
    years = held[:-1] / _MONTHS_A_YEAR
    moves = moves[:-1, :-1]
    np.fill_diagonal(moves, 0)
    moves[-1] = 0
    year = migration.over(migration.generator(migration.Stays(moves, years)), 1)
    return Shown(
        "Chances of a year, by how long grades were held",
        ["from", "years held", *scale, DEFAULT],
        [
            [grade, f"{years[at]:,.1f}", *map(_share, year[at])]
            if years[at] else [grade, "0.0", *[""] * (len(scale) + 1)]
            for at, grade in enumerate(scale)
        ],
        names=1,
    )  # fmt: skip


def _counted(rows: Sequence[dict[str, Any]], scale: Sequence[str]) -> Integers:
    """Companies by the state before and the state after: grades, default, and last all others.

    Others are not rated, or have a grade that the scale no longer has.
    """
    states = [*scale, DEFAULT]
    place = {state: at for at, state in enumerate(states)}
    moves = np.zeros((len(states) + 1, len(states) + 1), np.int64)
    for row in rows:
        start, end = (place.get(row[of], len(states)) for of in ("from_state", "to_state"))
        moves[start, end] += row["companies"]
    return moves


def newest_overrides(con: Connection, day: date = date.max, schema: str = "") -> Shown:
    """Of the newest cohort, grades that people changed against those that they left.

    What was knocked out stands beside: a rule took these grades, and nobody's judgement.
    """
    columns = ["grades", "borrowers", "share", "notches", "in default", "rate", "from", "to"]
    found = cohorts(con, day, schema)
    if not found:
        return Shown("Overrides", columns, [], names=1)
    one = found[-1]
    rows = rows_of(con, _OVERRIDES, schema, day=day, month=one.month)
    told = overrides(*_by_grades([row for row in rows if row["changed_by"] != _KNOCKED_OUT],
                                 one.scale), LEVEL)  # fmt: skip
    out = [row for row in rows if row["changed_by"] == _KNOCKED_OUT]
    knocked = default_rates(
        np.array([sum(row["borrowers"] for row in out)], np.int64),
        np.array([sum(row["defaulted"] for row in out)], np.int64),
        LEVEL,
    )
    rated = told.rated + int(knocked.companies[0])
    p_value = f", p = {told.p_value:.3f}" if told.p_value is not None else ""
    notches = ("", _number(told.notches_up), _number(told.notches_down))
    groups = [
        *((name, told.rates, at, notches[at]) for at, name in enumerate(_GROUPS)),
        ("knocked out", knocked, 0, ""),
    ]
    return Shown(
        f"Overrides of {one.cohort:%Y-%m}{p_value}",
        columns,
        [
            [name, f"{rates.companies[at]:,}", _share(rates.companies[at] / rated), moved,
             *_rated(rates, at)[1:]]
            for name, rates, at, moved in groups
        ],
        names=1,
    )  # fmt: skip


def _by_grades(rows: Sequence[dict[str, Any]], scale: Sequence[str]) -> tuple[Integers, Integers]:
    """Borrowers and defaults from each grade of the model to each final one."""
    place = {grade: at for at, grade in enumerate(scale)}
    counts = np.zeros((2, len(scale), len(scale)), np.int64)
    for row in rows:
        where = place[row["model_grade"]], place[row["grade"]]
        counts[0][where] += row["borrowers"]
        counts[1][where] += row["defaulted"]
    return counts[0], counts[1]


def rates_picture(con: Connection, day: date = date.max, schema: str = "") -> str:
    """The newest cohort's default rates by grade, with their intervals and the PDs."""
    one = cohorts(con, day, schema)[-1]
    title = f"Default rates of {one.cohort:%Y-%m} in the {one.months} months after"
    return default_rates_chart(title, one.scale, {title: one.rates}, {title: one.pd})


Make: TypeAlias = Callable[..., Shown]
# What there is to see of each table: tables, and of one of them a picture.
TESTS: dict[str, Sequence[Make]] = {
    "rating_default_rate": (newest_rates, newest_cohorts),
    "rating_migration": (newest_migration, by_duration),
    "rating_override": (newest_overrides,),
}
PICTURED = "rating_default_rate"


def shown_in_markdown(con: Connection, name: str, schema: str = "") -> dict[str, str]:
    """What there is to see of a table, by its title; nothing before the first cohort is told."""
    tables = [make(con, schema=schema) for make in TESTS[name]]
    if not tables[0].rows:
        return {}
    texts = {one.title.lower(): one.markdown() for one in tables}
    if name == PICTURED:
        texts["chart"] = as_markdown(rates_picture(con, schema=schema), f"Chart of {name}")
    return texts


def print_rating(con: Connection, day: date, policy_dir: Path, console: Console) -> None:
    """Prints how the rating did, of cohorts whose time was over by a day.

    `policy_dir` says when the first one will be, where there is none.
    """
    shown = [make(con, day) for makes in TESTS.values() for make in makes]
    if not shown[0].rows:
        console.print("No cohort is told yet: grades have not had the time to prove themselves.")
        first = _first_cohort(con, day, policy_dir)
        if first is not None:
            console.print(first, highlight=False)
        return
    for one in shown:
        console.print(table(one.title, one.columns, one.rows, right=one.columns[one.names :]))
    for line in MEANINGS:
        console.print(f"  {line}", highlight=False)


def _first_cohort(con: Connection, day: date, policy_dir: Path) -> str | None:
    """When it closes; nothing where no company is rated."""
    first, judged_on = con.execute(_FIRST, {"day": day}).fetchall()[0]
    months = parameter_on(policy_dir, "rating_default_months", judged_on) if first else None
    if months is None:
        return None
    closes = con.execute(_CLOSES, {"first": first, "months": months}).fetchall()[0][0]
    return f"The first one, of those rated in {first:%Y-%m}, closes on {closes}."


def _share(share: float | None, digits: int = 1) -> str:
    return "" if share is None or np.isnan(share) else f"{share:.{digits}%}"


def _p(p_value: float | None) -> str:
    return "" if p_value is None or np.isnan(p_value) else f"{p_value:.3f}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
