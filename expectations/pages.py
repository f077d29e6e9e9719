"""Data Docs as pages: what stands, the lists of days, and one page per gate run.

The pages are our own, rendered from control.gate_results. Great Expectations' Data Docs were tried:
without a network they lose style, scripts and logo (nine outside hosts), and for a suite over one
row of numbers they show neither what an aggregate counted nor the rows behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from expectations.check import SAMPLE_ROWS
from expectations.findings import Finding
from expectations.html import Markup, element, join, page, table
from expectations.wording import expected, number, observed, why

LAYER_ORDER = ("raw", "staging", "facts", "marts", "fits", "forward")
# Decimals come as text, so that no digit is lost on the way through JSON.
_AMOUNT = re.compile(r"-?\d+\.\d+")
_SAID = {
    "broken": "Broken",
    "failed": "Failed",
    "error": "Failed",
    "accepted": "Accepted",
    "warned": "Warning",
    "warning": "Warning",
    "passed": "Passed",
}


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
    # Whether a later run of this gate judged all of these days.
    judged_again: bool

    @property
    def through(self) -> date:
        """The last day judged."""
        return self.window_end - timedelta(days=1)

    @property
    def days(self) -> str:
        """The days judged, in words."""
        if self.window_start == self.through:
            return f"{self.through}"
        return f"{self.window_start} to {self.through}"

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
        return run_address(self.layer, self.through, self.evaluated_at)


def run_address(layer: str, through: date, evaluated_at: datetime) -> str:
    """The page of a gate's run."""
    return f"runs/{through}/{layer}-{evaluated_at:%Y%m%dT%H%M%S%f}.html"


def _count(number_of: int, noun: str) -> str:
    return f"{number_of} {noun}{'' if number_of == 1 else 's'}"


def index_page(
    runs: Sequence[GateRun],
    policy: Sequence[GateRun],
    findings: list[Finding],
    others: Mapping[str, str],
) -> str:
    """What stands today, then the newest days. `policy`: the latest run of its gate, if any."""
    return page(
        "Gates",
        "",
        element("h1", "Gates"),
        element(
            "p",
            "A layer is built only from layers whose gate passed. Errors and broken checks block, "
            "warnings inform, a waiver is a person's recorded decision to go on.",
            class_="quiet",
        ),
        "" if runs or policy else element("p", "No gate has been run yet."),
        join(_policy_line(run) for run in policy),
        _found(findings) if runs or policy else "",
        _days(runs),
        _standing(findings),
        _years(others),
    )


def days_page(title: str, runs: Sequence[GateRun], others: Mapping[str, str]) -> str:
    """Days down, layers across. `others`: further lists by name."""
    return page(title, "", element("h1", title), _days(runs), _years(others))


def _policy_line(run: GateRun) -> Markup:
    return element(
        "p",
        "Policy files: ",
        element("a", run.said, href=run.address, class_=f"badge {run.state}"),
        f" as they stood on {run.evaluated_at:%Y-%m-%d %H:%M} (UTC)",
    )


def _found(findings: Sequence[Finding]) -> Markup:
    """Whether anything stands, and the way past the days to it."""
    if not findings:
        return element("p", "Nothing was found that stands.")
    stand = f"{_count(len(findings), 'finding')} to look at"
    return element("p", element("a", stand, href="#findings"))


def _standing(findings: Sequence[Finding]) -> Markup:
    """Findings whose days no later run of the gate has judged again."""
    if not findings:
        return Markup("")
    rows = [
        [
            element("span", _SAID[found.level], class_=f"badge {found.level}"),
            found.layer,
            _days_of(found),
            element("span", element("code", found.check), " of ", element("code", found.table)),
            observed(found.observed, found.unit),
            expected(found.expected, found.unit),
        ]
        for found in findings
    ]
    caption = "A finding stands until its gate has judged all of its days again"
    head = ["", "Gate", "Days", "Check", "Observed", "Expected"]
    sentences = why((found.check, found.reason) for found in findings)
    title = element("h2", "Findings", id="findings")
    return join([title, table(caption, head, rows), _why(sentences)])


def _days_of(found: Finding) -> Markup:
    address = run_address(found.layer, found.through, found.evaluated_at)
    more = element("span", f" and {found.older:,} before", class_="note") if found.older else ""
    return element("span", element("a", found.days, href=address), more)


def _why(sentences: Mapping[str, Sequence[str]]) -> Markup:
    """What each check is for, once."""
    said = (
        element("div", element("dt", element("code", check)), element("dd", " ".join(reasons)))
        for check, reasons in sentences.items()
    )
    return join([element("h2", "Why these checks matter"), element("dl", *said, class_="why")])


def _days(runs: Iterable[GateRun]) -> Markup:
    """Per day and layer the latest verdict, and those before it that speak of more days."""
    found: dict[date, dict[str, list[GateRun]]] = {}
    for run in sorted(runs, key=lambda run: run.evaluated_at, reverse=True):
        of_layer = found.setdefault(run.through, {}).setdefault(run.layer, [])
        if not of_layer or not run.judged_again:
            of_layer.append(run)
    rows = [
        [day.isoformat(), *(_badges(layers.get(layer, ())) for layer in LAYER_ORDER)]
        for day, layers in sorted(found.items(), reverse=True)
    ]
    if not rows:
        return Markup("")
    caption = "By the last day judged; a run of more days says from which on"
    return join([element("h2", "Days"), table(caption, ["Day", *LAYER_ORDER], rows)])


def _years(others: Mapping[str, str]) -> Markup:
    links = join(
        element("li", element("a", name, href=address)) for name, address in others.items()
    )
    if not others:
        return Markup("")
    return element("nav", element("h2", "By year"), element("ul", links), aria_label="Years")


def _badges(runs: Sequence[GateRun]) -> Markup:
    if not runs:
        return element("span", "not run", class_="quiet")
    return join(element("div", *_badge(run)) for run in runs)


def _badge(run: GateRun) -> Iterable[Markup]:
    yield element("a", run.said, href=run.address, class_=f"badge {run.state}")
    if run.window_start != run.through:
        yield element("span", f" from {run.window_start}", class_="note")
    if run.judged_again:
        yield element("span", " judged again since", class_="note")


def run_page(run: GateRun, checks: Sequence[Mapping[str, Any]]) -> str:
    """Everything about one gate run: what failed first, then all checks."""
    name = f"{run.layer.capitalize()} gate"
    title = name if run.layer == "policy" else f"{name}, {run.days}"
    days = {} if run.layer == "policy" else {"Days judged": run.days}
    urgency = ("broken", "failed", "warned")
    attention: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for check in sorted(
        (check for check in checks if _state(check) in urgency),
        key=lambda check: urgency.index(_state(check)),
    ):
        attention.setdefault((_state(check), check["check_name"]), []).append(check)
    return page(
        title,
        "../../",
        element("h1", title),
        element("p", element("span", run.said, class_=f"badge {run.state}")),
        element("p", f"Waived: {run.waiver}") if run.waiver else "",
        _facts(
            days
            | {
                "Raw version": run.version,
                "Evaluated (UTC)": f"{run.evaluated_at:%Y-%m-%d %H:%M:%S}",
                "Run": run.run_id,
                "Checks": run.checks,
            }
        ),
        join([element("h2", "To look at"), *map(_card, attention.values())]) if attention else "",
        element("h2", "All checks"),
        _all_checks(checks),
        _why(why((check["check_name"], check["reason"]) for check in checks)),
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


def _card(found: Sequence[Mapping[str, Any]]) -> Markup:
    """One check and every table it did not hold for."""
    name, state = found[0]["check_name"], _state(found[0])
    (sentences,) = why((name, check["reason"]) for check in found).values()
    return element(
        "section",
        element(
            "div",
            element("span", _SAID[state], class_=f"badge {state}"),
            element("h3", element("code", name)),
            class_="top",
        ),
        element("p", " ".join(sentences)),
        join(map(_of_table, found)),
        class_=f"card {state}",
    )


def _of_table(check: Mapping[str, Any]) -> Markup:
    error = f"The check could not be evaluated: {check['error']}"
    return join(
        [
            element("h4", "of ", element("code", check["table_name"])),
            element("p", error) if check["error"] else "",
            _facts(
                {
                    "Observed": observed(check["observed"], check["unit"]),
                    "Expected": expected(check["expected"], check["unit"]),
                    "Failing": number(check["failing_rows"]),
                    "Severity": check["severity"],
                }
            ),
            _samples(check["samples"]),
        ]
    )


def _samples(samples: Sequence[Mapping[str, Any]]) -> Markup:
    if not samples:
        return Markup("")
    return table(
        f"{_count(len(samples), 'example')}, at most {SAMPLE_ROWS} are kept",
        list(samples[0]),
        ([_sample(value) for value in sample.values()] for sample in samples),
    )


def _sample(value: Any) -> Any:
    """Amounts (text with decimals) and shares are grouped; keys and numbers of lines are not."""
    if isinstance(value, float) or (isinstance(value, str) and _AMOUNT.fullmatch(value)):
        return element("td", number(value), class_="number")
    return value


def _all_checks(checks: Sequence[Mapping[str, Any]]) -> Markup:
    rows = [
        [
            element("code", check["table_name"]),
            element("code", check["check_name"]),
            element("span", _SAID[_state(check)], class_=f"badge {_state(check)}"),
            check["severity"],
            element("td", observed(check["observed"], check["unit"]), class_="number"),
            expected(check["expected"], check["unit"]),
            element("td", number(check["failing_rows"]), class_="number"),
        ]
        for check in checks
    ]
    head = ["Table", "Check", "Verdict", "Severity", "Observed", "Expected", "Failing"]
    return table("Every check of this run", head, rows)
