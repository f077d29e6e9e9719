"""docs/first_delivery.md, run once as it stands, for all tests of the room."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.docs.pages import page

_RUN = re.compile(r"<!-- run -->\n```bash\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Story:
    """The page's home, the folder it was started in, and what it printed."""

    home: Path
    folder: Path
    output: str

    def said(self, name: str) -> str:
        """What a command of the page printed into a file."""
        return (self.home.parent / name).read_text("utf-8")


def environment(folder: Path) -> dict[str, str]:
    """As in a shell with the environment active; temporary files go to the folder."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TENURE_")}
    return kept | {"PATH": path, "TMPDIR": str(folder), "PYTHONWARNINGS": "ignore"}


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story")
    temporary = tmp_path_factory.mktemp("temporary")
    script = "set -euo pipefail\n" + "\n".join(_RUN.findall(page("docs/first_delivery.md")))
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment(temporary),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    (home,) = temporary.glob("*/first-bank")
    return Story(home, folder, done.stdout)
