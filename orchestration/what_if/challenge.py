"""Past months under other policy files, judged by the project's models in a scratch warehouse."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from orchestration.dbt.project import DbtProject
from orchestration.errors import TenureError
from orchestration.policy.rows import FILES
from orchestration.policy.validate import validate_policies
from orchestration.settings import Settings
from orchestration.state import ONE_DAY, Window, first_day_known, read_mark
from orchestration.warehouse import open_warehouse, require_warehouse
from orchestration.what_if.judgements import Judgement, judgements, needed
from orchestration.writer_lock import writer_lock

CHAMPION = "champion"
_SHOWN = 20
_SCRATCH = "what-if-"


class CannotChallenge(TenureError):
    """The question cannot be asked so; the message says why."""


@contextmanager
def challenge(
    settings: Settings, policy: Path, first: date, last: date
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Judgement]]]:
    """A scratch warehouse with both verdicts: schema champion as judged, marts under `policy`.

    `policy` is a policy file of the repository's name, or a folder of such files; the others stay
    as they are. The months of `first` to `last` are judged; what customers held before is the
    champion's, as if the policy had come on the first of these months. The warehouse is only read.

    Raises CannotChallenge for files that are none, and for days that are not judged yet.
    """
    require_warehouse(settings)
    _sweep(settings.home)
    with TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()}-", dir=settings.home) as folder:
        scratch = settings.model_copy(update={"home": Path(folder)})
        project = DbtProject(scratch)
        challenger = _policy_files(project.policy_dir(), policy, Path(folder) / "policy")
        marts, inputs = needed(project.manifest_json)
        judged = judgements(project.manifest_json)
        tables = sorted({one.table for one in judged})
        with writer_lock(settings.lock_path, settings.writer_wait_seconds):
            window, first_day = _window(settings, first, last)
            _copy(settings, scratch, window, inputs, tables)
        _load(scratch, challenger, [name for schema, name in inputs if schema == "policy"])
        project.judge(marts, window, first_day)
        with open_warehouse(scratch, read_only=True) as con:
            yield con, judged


def _sweep(home: Path) -> None:
    """Removes what killed questions have left behind."""
    for path in home.glob(f"{_SCRATCH}*"):
        asker = path.name.removeprefix(_SCRATCH).partition("-")[0]
        try:
            os.kill(int(asker), 0)
        except (ProcessLookupError, ValueError):
            shutil.rmtree(path, ignore_errors=True)
        except PermissionError:
            continue  # Somebody else's, and alive.


def _policy_files(shipped: Path, given: Path, folder: Path) -> Path:
    """The policies with the given files in place of those in force; they must be valid."""
    paths = sorted(given.glob("*.csv")) if given.is_dir() else [given]
    if not paths or not all(path.is_file() for path in paths):
        raise CannotChallenge(f"{given} is neither a policy file nor a folder of them")
    unknown = [path.name for path in paths if path.name not in FILES]
    if unknown:
        raise CannotChallenge(
            f"{unknown[0]} is no policy file; name it as the one it replaces: {', '.join(FILES)}"
        )
    shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("*.yml"))
    for path in paths:
        shutil.copyfile(path, folder / path.name)
    problems = validate_policies(folder)
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems[:_SHOWN])
        raise CannotChallenge(f"{len(problems)} problem(s) with this policy:\n{listed}")
    return folder


def _window(settings: Settings, first: date, last: date) -> tuple[Window, date]:
    """Whole months, the last one up to the latest day judged; and the bank's first day."""
    with open_warehouse(settings, read_only=True) as con:
        built = read_mark(con, "marts")
        first_day = first_day_known(con, settings.first_day)
    if built is None:
        raise CannotChallenge("nothing is judged yet: run `tenure run --date <day>` first")
    if first > last:
        raise CannotChallenge(f"--from {first} lies after --to {last}")
    if last > built.through or first < first_day.replace(day=1):
        raise CannotChallenge(
            f"months are judged from {first_day} to {built.through}: ask for days among these"
        )
    next_month = (last.replace(day=1) + timedelta(days=32)).replace(day=1)
    start = max(first.replace(day=1), first_day)
    return Window(start, min(next_month, built.through + ONE_DAY)), first_day


def _copy(
    settings: Settings,
    scratch: Settings,
    window: Window,
    inputs: Sequence[tuple[str, str]],
    judged: Sequence[str],
) -> None:
    """What the models read, the verdicts to compare with, and the state before the window."""
    start = window.start.replace(day=1)
    path = str(settings.warehouse_path).replace("'", "''")
    with open_warehouse(scratch) as con:
        con.execute(f"create schema {CHAMPION}")
        con.execute(f"attach '{path}' as judged (read_only)")
        for schema, name in inputs:
            con.execute(f"create table {schema}.{name} as from judged.{schema}.{name}")
        for name in judged:
            con.execute(
                f"create table {CHAMPION}.{name} as from judged.marts.{name} "
                "where month >= ? and month < ?",
                [start, window.end],
            )
            con.execute(
                f"create table marts.{name} as from judged.marts.{name} where month < ? "
                "and month >= cast(? as date) - interval 1 month",
                [start, start],
            )
        con.execute("detach judged")


def _load(scratch: Settings, policies: Path, tables: Sequence[str]) -> None:
    """The challenger's rows, typed as the tables they replace."""
    with open_warehouse(scratch) as con:
        for name in tables:
            con.execute(f"delete from policy.{name}")
            con.execute(
                f"insert into policy.{name} by name select * from "
                "read_csv(?, all_varchar = true, header = true, delim = ',', quote = '\"')",
                [str(policies / f"{name}.csv")],
            )
