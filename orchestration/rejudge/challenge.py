"""Past months under other policy files, judged by the project's models in a scratch warehouse."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import duckdb

from orchestration.dbt.project import DbtProject
from orchestration.policy.rows import FILES
from orchestration.policy.validate import validate_policies
from orchestration.rejudge.judgements import Judgement, carried, judgements, needed
from orchestration.rejudge.scratch import (
    CannotAsk,
    copy_as_judged,
    copying,
    judged_days,
    require_judged,
    scratch_home,
)
from orchestration.settings import Settings
from orchestration.state import ONE_DAY, Window
from orchestration.warehouse import open_warehouse

_SHOWN = 20


@contextmanager
def challenge(
    settings: Settings, policy: Path, first: date, last: date
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Judgement]]]:
    """A scratch warehouse with both verdicts: as judged, and in marts those under `policy`.

    `policy` is a policy file of the repository's name, or a folder of such files; the others stay
    as they are. The months of `first` to `last` are judged; what customers held before is what was
    held, as if the policy had come on the first of these months. The warehouse is only read.

    Raises CannotAsk for files that are none, and for days that are not judged yet.
    """
    with scratch_home(settings) as scratch:
        project = DbtProject(scratch)
        challenger = _policy_files(project.policy_dir(), policy, scratch.home / "policy")
        days = judged_days(settings)
        require_judged(first, last, days)
        window = _window(first, last, days)
        marts, inputs = needed(project.manifest_json)
        judged = judgements(project.manifest_json)
        with copying(settings, scratch) as con:
            _copy(con, window, inputs, sorted({one.table for one in judged}))
            _copy_earlier(con, window, carried(project.manifest_json, marts))
            _load(con, challenger, [name for schema, name in inputs if schema == "policy"])
        project.judge(marts, window, days[0])
        with open_warehouse(scratch, read_only=True) as con:
            yield con, judged


def _policy_files(shipped: Path, given: Path, folder: Path) -> Path:
    """The policies with the given files in place of those in force; they must be valid."""
    paths = sorted(given.glob("*.csv")) if given.is_dir() else [given]
    if not paths or not all(path.is_file() for path in paths):
        raise CannotAsk(f"{given} is neither a policy file nor a folder of them")
    unknown = [path.name for path in paths if path.name not in FILES]
    if unknown:
        raise CannotAsk(
            f"{unknown[0]} is no policy file; name it as the one it replaces: {', '.join(FILES)}"
        )
    shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("*.yml"))
    for path in paths:
        shutil.copyfile(path, folder / path.name)
    problems = validate_policies(folder)
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems[:_SHOWN])
        raise CannotAsk(f"{len(problems)} problem(s) with this policy:\n{listed}")
    return folder


def _window(first: date, last: date, days: tuple[date, date]) -> Window:
    """Whole months, the last one up to the latest day judged."""
    next_month = (last.replace(day=1) + timedelta(days=32)).replace(day=1)
    return Window(max(first.replace(day=1), days[0]), min(next_month, days[1] + ONE_DAY))


def _copy(
    con: duckdb.DuckDBPyConnection,
    window: Window,
    inputs: Sequence[tuple[str, str]],
    judged: Sequence[str],
) -> None:
    """What the models read, the verdicts to compare with, and the state before the window."""
    start = window.start.replace(day=1)
    for schema, name in inputs:
        con.execute(f"create table {schema}.{name} as from home.{schema}.{name}")
    copy_as_judged(con, judged, start, window.end)
    for name in judged:
        con.execute(
            f"create table marts.{name} as from home.marts.{name} where month < ? "
            "and month >= cast(? as date) - interval 1 month",
            [start, start],
        )


def _copy_earlier(con: duckdb.DuckDBPyConnection, window: Window, kept: Sequence[str]) -> None:
    """Totals up to the window, as they were booked: those of later months go on from them."""
    for name in kept:
        con.execute(
            f"create table marts.{name} as from home.marts.{name} where month < ?",
            [window.start.replace(day=1)],
        )


def _load(con: duckdb.DuckDBPyConnection, policies: Path, tables: Sequence[str]) -> None:
    """The challenger's rows, typed as the tables they replace."""
    for name in tables:
        con.execute(f"delete from policy.{name}")
        con.execute(
            f"insert into policy.{name} by name select * from "
            "read_csv(?, all_varchar = true, header = true, delim = ',', quote = '\"')",
            [str(policies / f"{name}.csv")],
        )
