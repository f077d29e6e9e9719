"""A home for tests: its landing folder, and the steps of a run without Dagster."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from orchestration.dbt.project import LAYER_SELECTORS, DbtProject, NodeOutcome
from orchestration.gatekeeper import judge_layer
from orchestration.pipeline import Bank
from orchestration.settings import load_settings
from orchestration.state import ONE_DAY, Window
from tests.support.tiny_bank import FIRST_DAY, Landing

LAYERS = ("staging", "facts", "marts", "fits", "forward")
STEPS = ("policy", "raw", *LAYERS, "published")


class GateClosedError(AssertionError):
    """A gate stopped a run that a test expected to pass."""


@cache
def parsed_project() -> DbtProject:
    """The project parsed once per process; relations don't depend on the home."""
    scratch = Path(mkdtemp(prefix="tenure-parse-"))
    try:
        project = DbtProject(load_settings(home=scratch))
        _ = project.manifest_json
    finally:
        shutil.rmtree(scratch)
    return project


@contextmanager
def parsed_once() -> Iterator[None]:
    """Every home uses that project meanwhile, also those that the code under test opens."""
    project = parsed_project()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DbtProject, "manifest", project.manifest)
        patch.setattr(DbtProject, "manifest_json", project.manifest_json)
        yield


class ModelsAlone(DbtProject):
    """Builds without dbt's own tests: where whole tables are compared they say nothing more."""

    def build(self, layer: str, variables: Mapping[str, str]) -> list[NodeOutcome]:
        """Builds a layer's nodes."""
        command = "seed" if layer == "policy" else "run"
        return self._run([command, "--select", LAYER_SELECTORS[layer]], variables)


class Home:
    """One bank's home."""

    def __init__(
        self,
        path: Path,
        project: DbtProject | None = None,
        first_day: date = FIRST_DAY,
        dbt: type[DbtProject] = DbtProject,
        **settings: Any,
    ) -> None:
        path.mkdir(parents=True, exist_ok=True)
        own = {"first_day": str(first_day), "memory_limit": "1GB", "threads": 1} | settings
        # In the home's own file, so that whoever opens this home finds the same settings.
        lines = [f"{name} = {json.dumps(value)}\n" for name, value in own.items()]
        (path / "tenure.toml").write_text("".join(lines))
        self.settings = load_settings(home=path)
        self.bank = Bank(self.settings)
        self.bank.dbt = dbt(self.settings)
        # What a cached property would hold after parsing.
        shared = project or parsed_project()
        self.bank.dbt.__dict__["manifest"] = shared.manifest
        self.bank.dbt.__dict__["manifest_json"] = shared.manifest_json

    def land(self, files: Landing) -> None:
        """Puts files into landing, replacing those of the same name."""
        for name, content in files.items():
            path = self.settings.landing_dir / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def land_like(self, other: Home, through: date | None = None) -> None:
        """Copies the deliveries of another home, up to a day."""
        for path in sorted(other.settings.landing_dir.glob("*/*/*")):
            if through is None or date.fromisoformat(path.parent.name) <= through:
                self.land({str(path.relative_to(other.settings.landing_dir)): path.read_text()})

    def run(self, first: date, last: date, steps: Iterable[str] = STEPS) -> None:
        """The steps of a run of `first` to `last`; a gate that does not open is an error."""
        window = Window(first, last + ONE_DAY)
        for step in steps:
            if step == "policy":
                self.bank.build_policy()
                self._gate("policy", None)
            elif step == "raw":
                self.bank.load_raw(window)
                self._gate("raw", window)
            elif step == "published":
                self.bank.publish()
            elif step == "fits":
                self.bank.fit_models(window)
                self._gate(step, window)
            else:
                self.bank.build_layer(step, window)
                self._gate(step, window)

    def _gate(self, layer: str, window: Window | None) -> None:
        verdict = judge_layer(self.settings, layer, window, "test")
        if not verdict.is_open:
            blocking = [outcome for outcome in verdict.outcomes if outcome.blocks]
            raise GateClosedError(f"{layer} {verdict.window}: {blocking}")
