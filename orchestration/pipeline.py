"""The steps of a run, without Dagster: load, build a layer, gate it, publish.

Each step reads what it has to do from the marks (state.py), does it, and leaves its own mark last.
A step that is killed leaves no mark and is done again; a layer whose gate (gatekeeper.py) did not
pass for the rows it was built from stops every later step, also when that step is run on its own.
"""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import duckdb

from orchestration.cards.registry import Registry, read_registry
from orchestration.dbt.project import DbtProject, NodeOutcome, NodesFailed
from orchestration.errors import StepFailed
from orchestration.forward.fit import TOO_FEW
from orchestration.forward.step import Fitted, fit_window
from orchestration.forward.step import code_version as forward_code
from orchestration.gatekeeper import is_open
from orchestration.landing.contract import Contract, load_contract
from orchestration.landing.load import LoadReport, load_landing
from orchestration.policy.fingerprint import policy_fingerprint
from orchestration.policy.problem import PolicyProblem
from orchestration.policy.validate import validate_policies
from orchestration.portions import portions, together
from orchestration.publish.publisher import PublishedVersion, publish
from orchestration.publish.tables import published_tables
from orchestration.publish.versions import current_name
from orchestration.scoring.monitor import monitor_window
from orchestration.scoring.step import code_version as scoring_code
from orchestration.scoring.step import decided_by_day, score_window
from orchestration.scoring.store import require_kept
from orchestration.settings import Settings
from orchestration.state import (
    ONE_DAY,
    Mark,
    Window,
    begin,
    dated_basis,
    drop_marks,
    finish,
    first_changed_since,
    first_day_known,
    first_otherwise,
    is_building,
    next_window,
    raw_version,
    read_mark,
    write_mark,
    writing,
)
from orchestration.wording import few

log = logging.getLogger("tenure")

UPSTREAM = {
    "staging": "raw", "facts": "staging", "marts": "facts", "fits": "marts", "forward": "fits",
}  # fmt: skip
LAST = "forward"
# Layers with rows of customers times months, whose long windows are built in portions.
IN_PORTIONS = ("marts", "forward")
# Its basis is the name of the version that later changes are counted from.
VERSION = ".version"


@dataclass(frozen=True)
class LayerBuild:
    """What a layer's step did."""

    window: Window
    nodes: list[NodeOutcome]
    seconds: float


class Bank:
    """One home: its settings, contract and dbt project, and the steps over them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.dbt = DbtProject(settings)

    @cached_property
    def contract(self) -> Contract:
        """The landing contract."""
        return load_contract()

    # -- policy ---------------------------------------------------------------------------------

    def policy_problems(self) -> list[PolicyProblem]:
        """What is wrong with the policy files as they stand."""
        return validate_policies(self.dbt.policy_dir())

    def require_valid_policy(self) -> None:
        """Refuses to build anything under contradictory policies, or cards that were changed."""
        self._registry()
        problems = self.policy_problems()
        if problems:
            listed = "\n".join(f"  {problem}" for problem in problems[:20])
            raise StepFailed(f"{len(problems)} problem(s) in the policy files:\n{listed}")

    def build_policy(self) -> LayerBuild | None:
        """Loads the policy seeds where they differ from the loaded ones."""
        self.require_valid_policy()
        started = time.monotonic()
        basis = policy_fingerprint(self.dbt.policy_dir())
        window = Window(self.settings.first_day, self.settings.first_day + ONE_DAY)
        with writing(self.settings) as con:
            mark = read_mark(con, "policy")
            if mark is not None and mark.basis == basis and not is_building(con, "policy"):
                return None
            begin(con, "policy")
        nodes = self.dbt.build("policy", self._variables(window, self.settings.first_day))
        _require_success("policy", nodes)
        with writing(self.settings) as con:
            finish(con, "policy", Mark(0, self.settings.first_day, basis))
        return LayerBuild(window, nodes, time.monotonic() - started)

    # -- raw ------------------------------------------------------------------------------------

    def load_raw(self, requested: Window) -> LoadReport:
        """Loads every delivery up to the requested day, or the frontier where that is later."""
        self.require_valid_policy()
        with writing(self.settings) as con:
            mark = read_mark(con, "raw")
            through = max(requested.as_of, mark.through) if mark else requested.as_of
            report = load_landing(con, self.settings, self.contract, through)
            write_mark(con, "raw", Mark(raw_version(con, through), through, ""))
        loaded = report.files - len(report.refused)
        refused = f", {len(report.refused)} refused" if report.refused else ""
        log.info("raw: %s file(s) loaded%s, through %s", loaded, refused, through)
        if report.strays:
            log.warning("raw: left alone: %s", few(report.strays))
        return report

    # -- layers ---------------------------------------------------------------------------------

    def build_layer(self, layer: str, requested: Window) -> LayerBuild:
        """Builds a dbt layer for its window; requires that the layer before passed its gate."""
        started = time.monotonic()
        basis = self.basis(layer)
        with writing(self.settings) as con:
            source, window, first_day = self._due(con, layer, requested)
            limit = self.settings.customer_months_at_once
            parts = portions(con, window, limit) if layer in IN_PORTIONS else [window]
            begin(con, layer)
        built = []
        for part in parts:
            log.info("%s: building %s to %s", layer, part.start, part.as_of)
            built.append(self.dbt.build(layer, self._variables(part, first_day)))
            _require_success(layer, built[-1])
        nodes = together(built)
        with writing(self.settings) as con:
            finish(con, layer, Mark(source.version, window.as_of, basis))
        return LayerBuild(window, nodes, time.monotonic() - started)

    def fit_models(self, requested: Window) -> tuple[Window, list[Fitted]]:
        """Fits the models of forward value for the window's closed months, and scores customers."""
        with writing(self.settings) as con:
            source, window, _ = self._due(con, "fits", requested)
            registry = self._registry()
            require_kept(con, registry)
            begin(con, "fits")
            found = fit_window(con, window)
            scored = score_window(con, registry, window)
            monitor_window(con, registry, window)
            finish(con, "fits", Mark(source.version, window.as_of, self.basis("fits")))
        lacking = sum(one.fit.status == TOO_FEW for one in found)
        refused = [
            f"{one.fit.model} of {one.month:%Y-%m}"
            for one in found
            if not one.fit.is_good and one.fit.status != TOO_FEW
        ]
        said = f", {lacking} with too little to learn from yet" if lacking else ""
        said += f", {len(refused)} refused: {few(refused)}" if refused else ""
        log.info("fits: %s fit(s) of %s to %s%s", len(found), window.start, window.as_of, said)
        for one in scored:
            log.info("fits: %s score(s) by %s", one.customers, one.card.version)
        return window, found

    def _due(
        self, con: duckdb.DuckDBPyConnection, layer: str, requested: Window
    ) -> tuple[Mark, Window, date]:
        """What a layer is to be built from now, for which days, and the bank's first day."""
        source = self._passed_upstream(con, layer, requested)
        if layer in ("marts", "fits", "forward"):
            self._require_loaded_policy(con, requested)
        mark = read_mark(con, layer)
        first_day = first_day_known(con, self.settings.first_day)
        # It ends where the layer before ends, so that both speak of the same day.
        reach = Window(requested.start, max(requested.end, source.through + ONE_DAY))
        changed = first_changed_since(con, mark)
        return source, next_window(mark, reach, first_day, changed, self.basis(layer)), first_day

    def basis(self, layer: str) -> str:
        """Fingerprint of what a layer depends on apart from rows: code, salt, policy and cards."""
        parts = [self.settings.key_salt]
        decided: dict[date, str] = {}
        for name in UPSTREAM:
            if name == "fits":
                parts += [forward_code(), scoring_code()]
                decided = decided_by_day(self._registry())
            else:
                parts.append(self.dbt.fingerprints[name])
            if name == "marts":
                parts.append(policy_fingerprint(self.dbt.policy_dir()))
            if name == layer:
                break
        return dated_basis(hashlib.sha256("|".join(parts).encode()).hexdigest()[:16], decided)

    # -- what a step needs -----------------------------------------------------------------------

    def _passed_upstream(
        self, con: duckdb.DuckDBPyConnection, layer: str, requested: Window
    ) -> Mark:
        before = UPSTREAM[layer]
        built = read_mark(con, before)
        if built is None or built.through < requested.as_of:
            state = f"built through {built.through}" if built else "never built"
            raise StepFailed(
                f"{layer} for {requested.as_of} needs {before}, which is {state}: "
                f"run `tenure run --date {requested.as_of}`"
            )
        if before == "raw" and raw_version(con, built.through) > built.version:
            raise StepFailed("raw was loaded again and is not gated yet: run its gate first")
        if not is_open(con, before):
            raise StepFailed(
                f"the gate of {before} has not passed for {built.through}: see `tenure status`, "
                f"mend the cause and run again, or accept it with "
                f"`tenure accept {before} {built.through} --reason ...`"
            )
        changed = first_otherwise(built.basis, self.basis(before)) if before == "fits" else None
        if changed is not None and changed <= built.through:
            raise StepFailed(
                "code, policy or decisions about scorecards have changed since scores were made: "
                f"run `tenure run --date {requested.as_of}`, or the fits first"
            )
        return built

    def _require_loaded_policy(self, con: duckdb.DuckDBPyConnection, requested: Window) -> None:
        """The marts' mark names the policy files, so the tables must be loaded from these."""
        mark = read_mark(con, "policy")
        files = policy_fingerprint(self.dbt.policy_dir())
        if mark is None or mark.basis != files or not is_open(con, "policy"):
            raise StepFailed(
                "the policy files have changed since they were loaded and gated: "
                f"run `tenure run --date {requested.as_of}`, or the policy assets first"
            )

    # -- publishing -----------------------------------------------------------------------------

    def publish(self) -> PublishedVersion:
        """Publishes the marts whose gate has passed, as a new version where they differ."""
        with writing(self.settings) as con:
            built = read_mark(con, LAST)
            if built is None or not is_open(con, LAST):
                raise StepFailed(f"the gate of {LAST} has not passed: nothing is published")
            published = read_mark(con, "published")
            newest = read_mark(con, "published" + VERSION)
            first_day = first_day_known(con, self.settings.first_day)
            window = next_window(
                published,
                Window(built.through, built.through + ONE_DAY),
                first_day,
                first_changed_since(con, published),
                built.basis,
            )
            whole = window.start <= first_day
        seen = current_name(self.settings.published_dir)
        version = publish(
            self.settings.warehouse_path,
            self.settings.published_dir,
            published_tables(self.dbt.manifest_json),
            built.through,
            {
                "raw_version": built.version,
                "policy_hash": policy_fingerprint(self.dbt.policy_dir()),
                "code_version": self.dbt.fingerprints[LAST],
            },
            keep_versions=self.settings.keep_versions,
            keep_hours=self.settings.keep_hours,
            changed_since=None if whole else window.start.replace(day=1),
            changed_after=newest.basis if newest else None,
        )
        with writing(self.settings) as con:
            write_mark(con, "published", built)
            named = Mark(built.version, built.through, version.record.version)
            write_mark(con, "published" + VERSION, named)
        log.info("published: %s", version.told(seen))
        return version

    # -- helpers --------------------------------------------------------------------------------

    def _registry(self) -> Registry:
        """The home's scorecards as they stand: a command may have decided since the last step."""
        return read_registry(self.settings.cards_dir)

    def forget(self) -> None:
        """Drops every mark, so that the next run rebuilds all layers from raw."""
        with writing(self.settings) as con:
            drop_marks(con)

    def _variables(self, window: Window, first_day: object) -> dict[str, str]:
        return {
            "window_start": str(window.start),
            "window_end": str(window.end),
            "first_day": str(first_day),
            "key_salt": self.settings.key_salt,
        }


def _require_success(layer: str, nodes: list[NodeOutcome]) -> None:
    if not all(node.ok for node in nodes):
        raise NodesFailed(layer, nodes)
