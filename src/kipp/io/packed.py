"""Files packed with gzip, unpacked as a stream: what is whole is given, what is broken is told.

A file may hold several packed parts, one after the other.  Where one is cut short or damaged the
stream simply ends, and :attr:`Unpacked.broken` holds the code of the fault: the records before it
are good.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import IO, Any

from kipp.domain.fault import Cure, Fault, Origin, Severity
from kipp.io.limits import Limits
from kipp.io.raw import Raw

__all__ = ["Unpacked", "broken_end", "is_broken", "unpacked"]

_GZIP = 16 + zlib.MAX_WBITS
_BLOCK = 64 * 1024
_AT_EASE = 16 * _BLOCK
"""So many bytes may be unpacked, however small they were packed."""


class _Broken(Exception):
    """The packed text ends here, for the reason *code*."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def unpacked(packed: IO[bytes], limits: Limits, *, whole_lines: bool = False) -> IO[bytes]:
    """The bytes that *packed* holds, as a stream; see :class:`Unpacked`."""
    return io.BufferedReader(Unpacked(packed, limits, whole_lines=whole_lines))


def is_broken(stream: object) -> bool:
    """Whether *stream* was unpacked and ended before its end."""
    return getattr(_raw(stream), "broken", None) is not None


def broken_end(stream: object, file: str) -> Iterator[Raw]:
    """What broke *stream* off, as the fault of a record that nobody can read; or nothing."""
    raw = _raw(stream)
    if isinstance(raw, Unpacked) and raw.broken is not None:
        origin = Origin(file=file, line=raw.line, offset=raw.offset)
        fault = Fault(
            code=raw.broken,
            severity=Severity.BLOCKS,
            origin=origin,
            values=(("name", file), ("ratio", raw.limits.ratio)),
            cure=Cure(code="GET_FILE_AGAIN"),
        )
        yield Raw(data=None, origin=origin, place=lambda _: origin, faults=(fault,))


def _raw(stream: object) -> object:
    return getattr(stream, "raw", stream)


class Unpacked(io.RawIOBase):
    """The bytes that *packed* holds; *offset* counts those given, *line* is the one they end in.

    With *whole_lines* a line that breaks off is not given: half a cell could be read as a whole.
    """

    def __init__(self, packed: IO[bytes], limits: Limits, *, whole_lines: bool = False) -> None:
        super().__init__()
        made = _parts(packed, limits.ratio)
        self.limits = limits
        self.broken: str | None = None
        self.offset = 0
        self.line = 1
        self._blocks = self._whole(made) if whole_lines else made
        self._ready = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill *buffer* with what comes next; 0 at the end."""
        while not self._ready:
            try:
                self._ready = next(self._blocks)
            except StopIteration:
                return 0
            except _Broken as end:
                self.broken = end.code
                return 0
        given = self._ready[: len(buffer)]
        buffer[: len(given)] = given
        self._ready = self._ready[len(given) :]
        self.offset += len(given)
        self.line += given.count(b"\n")
        return len(given)

    def _whole(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        held = b""
        for block in blocks:
            held += block
            cut = held.rfind(b"\n") + 1
            if len(held) - cut > self.limits.record_bytes:
                cut = len(held)
            yield held[:cut]
            held = held[cut:]
        yield held


def _parts(packed: IO[bytes], ratio: int) -> Iterator[bytes]:
    """What each part holds, block by block.

    Raises:
        _Broken: here the text ends before its end.
    """
    read = made = parts = 0

    def more() -> bytes:
        nonlocal read
        block = packed.read(_BLOCK)
        read += len(block)
        return block

    rest = more()
    while rest:
        part = zlib.decompressobj(_GZIP)
        while not part.eof:
            if not rest and not (rest := more()):
                yield part.flush()
                raise _Broken("GZIP_CUT_SHORT")
            try:
                block = part.decompress(rest, _BLOCK)
            except zlib.error:
                raise _Broken("GZIP_BROKEN" if parts or made else "NOT_GZIP") from None
            rest = part.unconsumed_tail
            made += len(block)
            if made > max(_AT_EASE, read * ratio):
                raise _Broken("PACKED_TOO_TIGHT")
            yield block
        parts += 1
        # Between parts, and after the last one, zeros may fill up a block.
        rest = part.unused_data.lstrip(b"\0")
        while not rest and (rest := more()):
            rest = rest.lstrip(b"\0")
    if not parts:
        raise _Broken("NOT_GZIP")
