"""How a file fails as a whole."""

from __future__ import annotations


class RefusedFileError(Exception):
    """The file is refused as a whole; the message is one sentence: what is wrong, what to do."""


class FileChangedError(Exception):
    """The file changed or went while it was read: a later load takes what is there then."""
