"""The dbt project, parsed once per process and invoked inside it.

A dbt subprocess per step would cost ten seconds of imports and parsing each time. dbt's runner is
not re-entrant and keeps the DuckDB file open after a call, so calls are locked and end with every
handle closed: the next opener may be a Python step or a reader.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import TenureError
from orchestration.settings import Settings
from orchestration.state import Window

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

# By place in the project, not by path: Dagster selects from the manifest, wherever it runs.
LAYER_SELECTORS = {
    "policy": "resource_type:seed",
    "staging": "fqn:tenure.staging",
    "facts": "fqn:tenure.intermediate",
    "marts": "fqn:tenure.marts",
    "forward": "fqn:tenure.forward",
}
_LOCK = threading.Lock()


class DbtError(TenureError):
    """dbt could not run, or a model or test failed."""


@dataclass(frozen=True)
class NodeOutcome:
    """What became of one model, seed or test."""

    unique_id: str
    name: str
    resource_type: str
    status: str
    seconds: float
    message: str
    failures: int | None
    sql: str

    @property
    def ok(self) -> bool:
        """True unless the node failed or was skipped because another one did."""
        return self.status in ("success", "pass", "warn", "no-op")


class NodesFailed(DbtError):
    """Models or tests failed; `nodes` says what became of each."""

    def __init__(self, layer: str, nodes: Sequence[NodeOutcome]) -> None:
        failed = [node for node in nodes if not node.ok and node.status != "skipped"]
        listed = "\n".join(f"  {node.name}: {node.message.strip()}" for node in failed[:10])
        super().__init__(f"{layer}: {len(failed)} model(s) or test(s) failed\n{listed}")
        self.nodes = list(nodes)


class DbtProject:
    """The project of one home: its own target folder, warehouse and variables."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.target_dir = settings.home / "dbt"

    @cached_property
    def manifest(self) -> Manifest:
        """The parsed project. Variables keep their defaults, so partial parsing stays valid."""
        result = self._invoke(["parse"], manifest=None)
        manifest: Manifest = result.result
        return manifest

    @cached_property
    def manifest_json(self) -> dict[str, Any]:
        """The manifest as dbt writes it for other tools: from memory, because another process may
        be writing the file.
        """
        content: dict[str, Any] = self.manifest.writable_manifest().to_dict(omit_none=False)
        return content

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """Per layer, what identifies the code that its tables come from: models and macros."""
        return {layer: self._fingerprint(layer) for layer in LAYER_SELECTORS}

    def _fingerprint(self, layer: str) -> str:
        models = [node["checksum"]["checksum"] for node in self._models(layer)]
        macros = [
            macro["macro_sql"]
            for macro in self.manifest_json["macros"].values()
            if macro["package_name"] == "tenure"
            and not macro["original_file_path"].startswith("macros/tests/")
        ]
        return hashlib.sha256("\n".join(sorted(models) + sorted(macros)).encode()).hexdigest()[:16]

    def _models(self, layer: str) -> list[dict[str, Any]]:
        place = LAYER_SELECTORS[layer].removeprefix("fqn:").split(".")
        return [
            node
            for node in self.manifest_json["nodes"].values()
            if node["resource_type"] == "model" and node["fqn"][: len(place)] == place
        ]

    def build(self, layer: str, variables: Mapping[str, str]) -> list[NodeOutcome]:
        """Builds and tests a layer's nodes; failures are outcomes, not exceptions.

        Raises DbtError where dbt itself could not run.
        """
        command = ["seed"] if layer == "policy" else ["build", "--exclude-resource-type=unit_test"]
        return self._run([*command, "--select", LAYER_SELECTORS[layer]], variables)

    def judge(self, models: Sequence[str], window: Window, first_day: date) -> None:
        """Builds some models for a window, without tests. Raises NodesFailed."""
        variables = {
            "window_start": str(window.start),
            "window_end": str(window.end),
            "first_day": str(first_day),
            "key_salt": self.settings.key_salt,
        }
        nodes = self._run(["run", "--select", *models], variables)
        if not all(node.ok for node in nodes):
            raise NodesFailed("what-if", nodes)

    def unit_test(self) -> list[NodeOutcome]:
        """Runs the unit tests of all models; their parents must exist."""
        return self._run(["test", "--select", "test_type:unit"], {})

    def _run(self, command: Sequence[str], variables: Mapping[str, str]) -> list[NodeOutcome]:
        # Nobody reads dbt's files of a run: the manifest is in memory and so are the results.
        arguments = [*command, "--no-write-json", "--vars", json.dumps(dict(variables))]
        result = self._invoke(arguments, manifest=self.manifest)
        return [_outcome(node) for node in result.result.results]

    def _invoke(self, command: Sequence[str], manifest: Manifest | None) -> Any:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.adapters.factory import reset_adapters
        from dbt.cli.main import dbtRunner

        project = str(self.settings.dbt_project_dir)
        flags = ["--project-dir", project, "--profiles-dir", project]
        flags += ["--target-path", str(self.target_dir), "--log-path", str(self.target_dir)]
        with _LOCK:
            os.environ.update(self._environment())
            try:
                result = dbtRunner(manifest=manifest).invoke(
                    # What fails is in the result: nothing is to be written for a screen.
                    ["--quiet", "--log-level", "none", *command, *flags]
                )
            finally:
                DuckDBConnectionManager.close_all_connections()
                reset_adapters()
        if result.exception is not None and not isinstance(result.exception, Exception):
            # Told to stop: dbt hands that back as if it had failed, while its threads go on a while
            # and miss the adapter that was taken from them.
            raise result.exception
        if result.exception is not None or result.result is None:
            raise DbtError(_not_run(command[0], result.exception)) from result.exception
        return result

    def _environment(self) -> dict[str, str]:
        self.settings.home.mkdir(parents=True, exist_ok=True)
        return {
            "TENURE_WAREHOUSE": str(self.settings.warehouse_path),
            "TENURE_ENGINE_THREADS": str(self.settings.threads),
            "TENURE_ENGINE_MEMORY": self.settings.memory_limit,
            "DO_NOT_TRACK": "1",
        }

    def policy_dir(self) -> Path:
        """The reviewed CSV files."""
        return self.settings.policy_dir


def _not_run(command: str, error: BaseException | None) -> str:
    """What dbt says; what was not meant for people, as a missing key, is named by its kind, too."""
    kind = f"{type(error).__name__}: " if isinstance(error, LookupError) else ""
    return f"dbt {command} could not run: {kind}{error}"


def _outcome(result: Any) -> NodeOutcome:
    node = result.node
    return NodeOutcome(
        unique_id=node.unique_id,
        name=node.name,
        resource_type=str(node.resource_type),
        status=str(result.status),
        seconds=result.execution_time,
        message=result.message or "",
        failures=result.failures,
        sql=getattr(node, "compiled_code", None) or "",
    )
