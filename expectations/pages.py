"""Data Docs as pages: the list of days, and one page per gate run.

The pages are our own, rendered from control.gate_results. Great Expectations' Data Docs were tried:
without a network they lose style, scripts and logo (nine outside hosts), and for a suite over one
row of numbers they show neither what an aggregate counted nor the rows behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from expectations.check import SAMPLE_ROWS
from expectations.html import Markup, element, join, number, page, readable, table

LAYER_ORDER = ("policy", "raw", "staging", "facts", "marts")


@dataclass(frozen=True)
class GateRun:
    """One run of one gate, as a whole."""

    layer: str
    run_id: str
    window_start: date
    window_end: date
    version: int
    evaluated_at: datetime
    checks: int
    warnings: int
    failures: int
    broken: int
    waiver: str | None

    @property
    def through(self) -> date:
        """The last day judged."""
        return self.window_end - timedelta(days=1)

    @property
    def state(self) -> str:
        """passed, warned, failed, broken or waived."""
        if self.waiver and (self.broken or self.failures):
            return "waived"
        for name, count in (
            ("broken", self.broken),
            ("failed", self.failures),
            ("warned", self.warnings),
        ):
            if count:
                return name
        return "passed"

    @property
    def said(self) -> str:
        """The state in words."""
        return {
            "passed": "Passed",
            "warned": f"Passed, {_count(self.warnings, 'warning')}",
            "failed": f"Failed, {_count(self.failures, 'check')}",
            "broken": f"Broken, {_count(self.broken, 'check')}",
            "waived": f"Waived, {_count(self.failures + self.broken, 'check')}",
        }[self.state]

    @property
    def address(self) -> str:
        """The run's page, from the folder of the index."""
        return f"runs/{self.through}/{self.layer}-{self.evaluated_at:%Y%m%dT%H%M%S%f}.html"


def _count(number_of: int, noun: str) -> str:
    return f"{number_of} {noun}{'' if number_of == 1 else 's'}"


def days_page(title: str, runs: Iterable[GateRun], others: Mapping[str, str]) -> str:
    """Days down, layers across: the latest verdict of each. `others`: further lists by name."""
    latest: dict[date, dict[str, GateRun]] = {}
    for run in sorted(runs, key=lambda run: run.evaluated_at):
        latest.setdefault(run.through, {})[run.layer] = run
    rows = [
        [day.isoformat(), *(_badge(found.get(layer)) for layer in LAYER_ORDER)]
        for day, found in sorted(latest.items(), reverse=True)
    ]
    links = join(
        element("li", element("a", name, href=address)) for name, address in others.items()
    )
    listed = (
        table("Latest verdict of each gate, by the last day judged", ["Day", *LAYER_ORDER], rows)
        if rows
        else element("p", "No gate has been run yet.")
    )
    return page(
        title,
        "",
        element("h1", title),
        element(
            "p",
            "A layer is built only from layers whose gate passed. Errors and broken checks block, "
            "warnings inform, a waiver is a person's recorded decision to go on.",
            class_="quiet",
        ),
        listed,
        element("nav", element("h2", "By year"), element("ul", links), aria_label="Years")
        if others
        else "",
    )


def _badge(run: GateRun | None) -> Markup:
    if run is None:
        return element("span", "not run", class_="quiet")
    return element("a", run.said, href=run.address, class_=f"badge {run.state}")


def run_page(run: GateRun, checks: Sequence[Mapping[str, Any]]) -> str:
    """Everything about one gate run: what failed first, then all checks."""
    title = f"{run.layer.capitalize()} gate through {run.through}"
    urgency = ("broken", "failed", "warned")
    attention = [check for state in urgency for check in checks if _state(check) == state]
    return page(
        title,
        "../../",
        element("h1", title),
        element("p", element("span", run.said, class_=f"badge {run.state}")),
        element("p", f"Waived: {run.waiver}") if run.waiver else "",
        _facts(
            {
                "Days judged": f"{run.window_start} to {run.through}",
                "Raw version": run.version,
                "Evaluated (UTC)": f"{run.evaluated_at:%Y-%m-%d %H:%M:%S}",
                "Run": run.run_id,
                "Checks": run.checks,
            }
        ),
        join([element("h2", "To look at"), *map(_card, attention)]) if attention else "",
        element("h2", "All checks"),
        _all_checks(checks),
    )


def _facts(pairs: Mapping[str, Any]) -> Markup:
    return element(
        "dl",
        *(
            element("div", element("dt", name), element("dd", value))
            for name, value in pairs.items()
        ),
    )


def _state(check: Mapping[str, Any]) -> str:
    if check["broken"]:
        return "broken"
    if check["passed"]:
        return "passed"
    return "failed" if check["severity"] == "error" else "warned"


def _card(check: Mapping[str, Any]) -> Markup:
    state = _state(check)
    said = {"broken": "Broken", "failed": "Failed", "warned": "Warning"}[state]
    samples = check["samples"]
    shown = (
        table(
            f"{_count(len(samples), 'example')}, at most {SAMPLE_ROWS} are kept",
            list(samples[0]),
            ([value for value in sample.values()] for sample in samples),
        )
        if samples
        else ""
    )
    return element(
        "section",
        element(
            "div",
            element("span", said, class_=f"badge {state}"),
            element("h3", element("code", f"{check['table_name']}.{check['check_name']}")),
            class_="top",
        ),
        element("p", check["reason"]),
        element("p", f"The check could not be evaluated: {check['error']}")
        if check["error"]
        else "",
        _facts(
            {
                "Observed": f"{readable(check['observed'])} {check['unit']}",
                "Expected": check["expected"],
                "Failing": readable(check["failing_rows"]),
                "Severity": check["severity"],
            }
        ),
        shown,
        class_=f"card {state}",
    )


def _all_checks(checks: Sequence[Mapping[str, Any]]) -> Markup:
    words = {"broken": "Broken", "failed": "Failed", "warned": "Warning", "passed": "Passed"}
    rows = [
        [
            element("code", check["table_name"]),
            element("code", check["check_name"]),
            element("span", words[_state(check)], class_=f"badge {_state(check)}"),
            check["severity"],
            number(check["observed"]),
            check["expected"],
            check["unit"],
            number(check["failing_rows"]),
            check["reason"],
        ]
        for check in checks
    ]
    head = [
        "Table",
        "Check",
        "Verdict",
        "Severity",
        "Observed",
        "Expected",
        "Unit",
        "Failing",
        "Why",
    ]
    return table("Every check of this run, with its threshold's reason", head, rows)
