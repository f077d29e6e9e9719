"""The bytes of one CSV delivery: unpacked, hashed and cut into blocks of whole lines.

What makes a file unreadable as text is found here; what a line holds is none of its business.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path

from orchestration.landing.errors import RefusedFileError

CHUNK = 1 << 20
# A line longer than this is no line of any extract.
MAX_LINE = 2_000_000
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class HashedFile(BufferedIOBase):
    """A file that hashes what is read from it, so that what was loaded is what was planned."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._sha256 = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        content = self._file.read(size)
        self._sha256.update(content)
        return content

    def hexdigest(self) -> str:
        return self._sha256.hexdigest()

    def close(self) -> None:
        self._file.close()


class Blocks(Iterator[bytes]):
    """Blocks of whole lines; `final` is true with the last one, `tail` its unended last line."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._next: bytes | None = next(chunks, None)
        self._rest = b""
        self._pushed: bytes | None = None
        self._old_mac: bool | None = None
        self.final = self._next is None
        self.tail = b""

    def push_back(self, block: bytes) -> None:
        """Hand out this block again."""
        self._pushed = block

    def __next__(self) -> bytes:
        if self._pushed is not None:
            block, self._pushed = self._pushed, None
            return block
        while self._next is not None:
            block = self._rest + self._translated(self._next)
            self._next = next(self._chunks, None)
            if self._next is None:
                self.final = True
                self.tail = block[block.rfind(b"\n") + 1 :]
                return block
            cut = block.rfind(b"\n") + 1
            block, self._rest = block[:cut], block[cut:]
            check_length(self._rest)
            if block:
                return block
        raise StopIteration

    def _translated(self, chunk: bytes) -> bytes:
        """Lines that end in a bare carriage return, where the first line does."""
        if self._old_mac is None:
            first = chunk.find(b"\r")
            self._old_mac = (
                first >= 0 and b"\n" not in chunk[: first + 2] and first + 1 < len(chunk)
            )
        return chunk.replace(b"\r", b"\n") if self._old_mac else chunk


def check_length(block: bytes) -> None:
    """Refuse a file with a line of absurd length; nearly always decided by the block's size."""
    if len(block) > MAX_LINE and max(map(len, block.split(b"\n"))) > MAX_LINE:
        raise RefusedFileError(
            f"a line is longer than {MAX_LINE:,} bytes, so this is no extract in CSV; "
            "check what was exported"
        )


def read_chunks(hashed: HashedFile, compressed: bool) -> Iterator[bytes]:
    """The file's text in chunks, unpacked, without its byte order mark."""
    source = gzip.GzipFile(fileobj=hashed, mode="rb") if compressed else hashed
    first = True
    while True:
        try:
            chunk = source.read(CHUNK)
        except EOFError as error:
            raise RefusedFileError("the gzip file is cut off; deliver it again, whole") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise RefusedFileError(
                f"it is not readable as gzip ({error}); deliver it again"
            ) from error
        if not chunk:
            return
        if first:
            _check_start(chunk)
            chunk = chunk.removeprefix(_BOM)
            first = False
        if chunk:
            yield chunk


def _check_start(chunk: bytes) -> None:
    head = chunk[:1024]
    if head.startswith(b"\x1f\x8b"):
        raise RefusedFileError("it is gzip inside; name it .csv.gz or unpack it")
    if head.startswith(b"PK\x03\x04"):
        raise RefusedFileError("it is a zip or Excel file inside; export it as CSV")
    if head.startswith(b"PAR1"):
        raise RefusedFileError("it is Parquet inside; name it .parquet")
    if not head.strip(b"\0"):
        raise RefusedFileError(
            "it starts with zero bytes, as a copy leaves behind that broke off; "
            "deliver it again, whole"
        )
    if head.startswith(_UTF16) or head.count(b"\0") * 5 > len(head):
        raise RefusedFileError("it looks like UTF-16; deliver the file in UTF-8")


def read_header(blocks: Blocks) -> list[str]:
    block = next(blocks, b"")
    if not block.strip():
        raise RefusedFileError(
            "the file is empty; deliver at least the header line, also on a day without rows"
        )
    line, newline, rest = block.partition(b"\n")
    if newline or not blocks.final:
        blocks.push_back(rest)
    if not newline:
        blocks.tail = b""
    try:
        # Tools that join files leave a byte order mark more.
        text = line.decode("utf-8").lstrip("\ufeff").removesuffix("\r")
        names = next(csv.reader([text], strict=True), [])
    except UnicodeDecodeError as error:
        raise RefusedFileError("its header line is not UTF-8; deliver the file in UTF-8") from error
    except csv.Error as error:
        raise RefusedFileError(
            f"its header line is not readable as CSV ({error}); the first line must name the "
            "columns, separated by commas"
        ) from error
    if not any(name.strip() for name in names):
        raise RefusedFileError("its first line is empty; the first line must name the columns")
    return names
