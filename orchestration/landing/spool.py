"""CSV files to one spool of clean lines that DuckDB reads in one query, many files at a time.

The spool holds the data lines of a batch, header lines left out, files with the same header
after each other; each file keeps the range of lines it fills. It costs one write of the
uncompressed bytes, and buys parallel reading of gzip, one query for thousands of small files,
exact line numbers, and no dependence on any reader's idea of a damaged line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from orchestration.landing.contract import TableContract
from orchestration.landing.csvbytes import (
    Blocks,
    HashedFile,
    check_length,
    read_chunks,
    read_header,
)
from orchestration.landing.errors import FileChangedError, RefusedFileError
from orchestration.landing.folder import Delivery
from orchestration.landing.header import Header, match_header
from orchestration.landing.textlines import BAD, LineCleaner, record_pattern


@dataclass(frozen=True)
class SpooledFile:
    """The range of spool lines [first, first + lines) that one file fills."""

    file_ix: int
    first: int
    lines: int


@dataclass(frozen=True)
class Spooled:
    """What was seen of a file: its header, its size, and whether its last line has no line end."""

    header: Header
    size: int
    ends_open: bool


@dataclass
class Spool:
    """Lines of files that share one header."""

    path: Path
    header: Header
    handle: BinaryIO
    lines: int = 0
    rewrote: bool = False
    files: list[SpooledFile] = field(default_factory=list)


class SpoolSet:
    """The spools of one batch of one table, one per distinct header."""

    def __init__(self, table: TableContract, folder: Path) -> None:
        self._table = table
        self._folder = folder
        self.spools: dict[tuple[str, ...], Spool] = {}

    def add(self, delivery: Delivery, sha256: str, file_ix: int) -> Spooled:
        """Append a file's lines. A refused file leaves nothing behind."""
        hashed = HashedFile(delivery.path)
        try:
            blocks = Blocks(read_chunks(hashed, delivery.name.lower().endswith(".gz")))
            header = match_header(read_header(blocks), self._table)
            spool = self._spool(header)
            filled, size = self._append(spool, blocks, file_ix)
        finally:
            hashed.close()
        if hashed.hexdigest() != sha256:
            # Its lines stay in the spool but belong to no file.
            raise FileChangedError(delivery.file_id)
        if filled.lines:
            spool.files.append(filled)
        return Spooled(header, size, bool(blocks.tail.strip()))

    def close(self) -> None:
        """Finish writing."""
        for spool in self.spools.values():
            spool.handle.close()

    def _spool(self, header: Header) -> Spool:
        if header.names not in self.spools:
            path = self._folder / f"{self._table.name}-{len(self.spools)}.lines"
            self.spools[header.names] = Spool(path, header, path.open("wb"))
        return self.spools[header.names]

    def _append(self, spool: Spool, blocks: Blocks, file_ix: int) -> tuple[SpooledFile, int]:
        start = spool.handle.tell()
        cleaner = LineCleaner(len(spool.header.names))
        lines = 0
        last = b""
        try:
            for block in blocks:
                clean = cleaner.clean(block, blocks.final)
                check_length(clean)
                lines += clean.count(b"\n")
                last = clean if clean.strip() else last
                spool.handle.write(clean)
            if blocks.tail.strip():
                _check_end(last, len(spool.header.names))
            if cleaner.encoding.is_foreign:
                raise RefusedFileError(
                    f"{cleaner.encoding.bad_lines} of its lines are not UTF-8 and no line with "
                    "letters beyond ASCII is; deliver the file in UTF-8"
                )
        except BaseException:
            spool.handle.seek(start)
            spool.handle.truncate()
            raise
        filled = SpooledFile(file_ix, spool.lines, lines)
        spool.lines += lines
        spool.rewrote |= cleaner.rewrote
        return filled, spool.handle.tell() - start


def _check_end(last: bytes, columns: int) -> None:
    """A last line without a line end is whole only if it holds all its values."""
    line = last.rstrip(b"\n").rpartition(b"\n")[2] + b"\n"
    record = record_pattern(columns).match(line)
    if record is None or record.end() != len(line) - 1 or line.endswith(BAD.encode() + b"\n"):
        raise RefusedFileError(
            "its last line is cut off: it has no line end and not all its values; "
            "the file is half written, deliver it again, whole"
        )
