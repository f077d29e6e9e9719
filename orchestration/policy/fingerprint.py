"""One value for the content of all policy files: changes exactly when a policy may have changed."""

from __future__ import annotations

import hashlib
from pathlib import Path


def policy_fingerprint(policy_dir: Path) -> str:
    """sha256 over the files' names and texts; line ends, a byte order mark and trailing blank
    lines do not count."""
    digest = hashlib.sha256()
    for path in sorted(policy_dir.glob("*.csv")):
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        content = content.replace(b"\r\n", b"\n").rstrip(b"\n")
        # Lengths keep one file's end from being read as the next one's start.
        for part in (path.name.encode(), content):
            digest.update(f"{len(part)}:".encode() + part)
    return digest.hexdigest()
