"""How a file fails as a whole."""

from __future__ import annotations


class RefusedFileError(Exception):
    """The file is refused as a whole; the message is one sentence: what is wrong, what to do."""


class FileChangedError(Exception):
    """The file changed while it was read: somebody is still writing it; a later load takes it."""
