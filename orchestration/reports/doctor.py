"""Is this installation able to run, and what would stop it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.metadata import version

from rich.console import Console

from orchestration.cards.registry import read_registry
from orchestration.landing.contract import load_contract
from orchestration.landing.folder import list_landing
from orchestration.pipeline import Bank
from orchestration.publish.reader import open_published
from orchestration.publish.versions import current_name
from orchestration.reports.scorecard_watch import published_alarms
from orchestration.reports.tables import table
from orchestration.settings import LATEST, Settings
from orchestration.state import BUILDING
from orchestration.warehouse import open_warehouse
from orchestration.writer_lock import WriterBusy, writer_lock

_SPARE_BYTES = 2 * 1024**3
# Whether it holds; None is for something that a person should look at, and that stops no run.
Result = tuple[bool | None, str]
Finding = tuple[str, bool | None, str]
_WORDS = {True: "ok", None: "look", False: "ACT"}


def doctor(settings: Settings, console: Console) -> bool:
    """Prints a finding per check; True when nothing stands in the way of a run.

    Looking makes no home: where there is none, what needs one is not looked at.
    """
    checks = _CHECKS if settings.home.is_dir() else _WITHOUT_HOME
    findings = [_look(name, check, settings) for name, check in checks.items()]
    console.print(
        table(
            f"Home {settings.home}",
            ["check", "result", "what was found"],
            [(name, _WORDS[ok], text) for name, ok, text in findings],
        )
    )
    return all(ok is not False for _, ok, _ in findings)


def _look(name: str, check: Callable[[Settings], Result], settings: Settings) -> Finding:
    try:
        return name, *check(settings)
    except Exception as error:  # a check that breaks is a finding, and the others still count
        return name, False, f"{type(error).__name__}: {error}"


def _versions(settings: Settings) -> tuple[bool, str]:
    names = ("dagster", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations")
    return True, ", ".join(f"{name} {version(name)}" for name in names)


def _landing(settings: Settings) -> tuple[bool, str]:
    if not settings.landing_dir.is_dir():
        return False, f"{settings.landing_dir} does not exist: deliver extracts there"
    listing = list_landing(settings.landing_dir, load_contract(), settings.first_day, LATEST)
    delivered = sum(bool(files) for files in listing.deliveries.values())
    strays = (
        f"; {len(listing.strays)} left alone, first {listing.strays[0]}" if listing.strays else ""
    )
    return True, f"{delivered} table(s) delivered{strays}"


def _policies(settings: Settings) -> tuple[bool, str]:
    problems = Bank(settings).policy_problems()
    if problems:
        return False, f"{len(problems)} problem(s), first: {problems[0]}"
    return True, "valid"


def _cards(settings: Settings) -> Result:
    registry = read_registry(settings.cards_dir)
    kept = f"{len(registry.cards)} kept, {len(registry.decisions)} decision(s)"
    beyond = [f"; {card} is beyond its bound: {what} (`tenure scorecard monitor`)"
              for card, what in published_alarms(settings).items()]  # fmt: skip
    return None if beyond else True, kept + "".join(beyond)


def _dbt(settings: Settings) -> tuple[bool, str]:
    nodes = Bank(settings).dbt.manifest_json["nodes"].values()
    return True, f"parses, {sum(node['resource_type'] == 'model' for node in nodes)} models"


def _disk(settings: Settings) -> tuple[bool, str]:
    free = shutil.disk_usage(settings.home).free
    return free > _SPARE_BYTES, f"{free / 1024**3:.0f} GiB free"


def _writer(settings: Settings) -> tuple[bool, str]:
    try:
        with writer_lock(settings.lock_path, 0):
            return True, "nobody is writing"
    except WriterBusy as busy:
        return True, str(busy)


def _interrupted(settings: Settings) -> tuple[bool, str]:
    if not settings.warehouse_path.exists():
        return True, "no warehouse yet"
    with open_warehouse(settings, read_only=True) as con:
        marks = con.execute(
            "select mark from control.marks where ends_with(mark, ?)", [BUILDING]
        ).fetchall()
    if marks:
        names = ", ".join(mark.removesuffix(BUILDING) for (mark,) in marks)
        return True, f"{names}: interrupted, the next run repairs it"
    return True, "every layer is whole"


def _published(settings: Settings) -> tuple[bool, str]:
    name = current_name(settings.published_dir)
    if name is None:
        return True, "nothing published yet"
    with open_published(settings.published_dir) as con:
        con.execute("select count(*) from tier_today").fetchone()
    return True, f"{name} opens"


_Checks = dict[str, Callable[[Settings], Result]]
_WITHOUT_HOME: _Checks = {"versions": _versions, "landing": _landing, "policies": _policies}
_CHECKS: _Checks = {
    **_WITHOUT_HOME,
    "scorecards": _cards,
    "dbt project": _dbt,
    "disk": _disk,
    "writer": _writer,
    "interrupted builds": _interrupted,
    "published": _published,
}
