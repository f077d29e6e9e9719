"""dbt's unit tests, run as one test: they are no part of a build, as they look at no data."""

from __future__ import annotations

import pytest

from tests.architecture.project import Project

pytestmark = pytest.mark.slow


def test_unit_tests_of_the_models_pass(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENURE_WAREHOUSE", str(project.warehouse))
    outcome = project.dbt("test", "--select", "test_type:unit")
    failed = [node.message for node in outcome.results if node.status != "pass"]
    assert outcome.results
    assert not failed, "\n".join(failed)
