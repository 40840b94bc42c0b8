"""Lines of JSON read by msgspec, where nothing can be wrong with them.

Needs the extra ``fast``.  What is not surely right is left to the reader that explains
(:mod:`kipp.io.shape`), so that values and faults are the same with the extra and without it.  A
line that is right is first only read (:mod:`kipp.io.mirror`): its record is made when somebody
asks for it, and whoever only checks does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from kipp.domain.errors import KippError
from kipp.domain.fault import Fault, Origin
from kipp.io.mirror import Unmirrored, mirror
from kipp.io.raw import Place, Raw

__all__ = ["Line", "Take", "made", "read_cells", "taking"]

Take: TypeAlias = Callable[[bytes], Any]
"""What msgspec read of a line, and none where the line is not surely right."""

_TEXTS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


@cache
def taking(kind: type) -> Take | None:
    """How lines of records of *kind* are read fast; none where they are not.

    That is so without the extra, and for kinds whose fields msgspec has no type for.  What is taken
    has the fields and properties of the record, with plain days and moments.
    """
    try:
        import msgspec
    except ImportError:
        return None
    try:
        mirrored = mirror(kind)
    except Unmirrored:
        return None
    decode = msgspec.json.Decoder(mirrored.type).decode
    keys, colons, make, sure = mirrored.keys, mirrored.colons, mirrored.made, mirrored.sure

    def take(line: bytes) -> Any:
        try:
            read = decode(line)
        except Exception:  # whatever it is, the reader that explains says it
            return None
        # A key stands again, or for nothing, where there are more colons than fields that say
        # something; those inside texts are only told apart where the quick count does not fit.
        if line.count(b":") != colons(read) and _TEXTS.sub(b"", line).count(b":") != keys(read):
            return None
        if not sure:
            try:
                make(read)
            except KippError:
                return None
        return read

    return take


def read_cells(raw: Raw, kind: type) -> Any:
    """What msgspec reads of a row of a table, written as a line; none where it is not surely right.

    The cells were read already, so that none holds what JSON has no text for.
    """
    take = None if raw.header is None or raw.faults else taking(kind)
    if take is None:
        return None
    encode = _encoding()
    try:
        line = encode(raw.data)
    except (TypeError, ValueError, OverflowError):  # the reader that explains says it
        return None
    return take(line)


def made(read: Any, kind: type) -> Any:
    """The record of *kind* that was *read*."""
    return mirror(kind).made(read)


@cache
def _encoding() -> Callable[[Any], bytes]:
    import msgspec

    encode: Callable[[Any], bytes] = msgspec.json.Encoder().encode
    return encode


class Line:
    """A line that was taken: the record *read* of a *text*, which *stands* in a file.

    It stands at a line and an offset.  It has all that a :class:`~kipp.io.raw.Raw` has, made when
    somebody asks for it: most lines are only checked.
    """

    __slots__ = ("_stands", "read")

    def __init__(self, read: Any, kind: type, text: bytes, stands: tuple[str, int, int]) -> None:
        self.read = read
        self._stands = (kind, text, stands)

    @property
    def data(self) -> None:
        """Nothing: the value is there."""

    @property
    def value(self) -> Any:
        """The record."""
        return made(self.read, self._stands[0])

    @property
    def origin(self) -> Origin:
        """Where the line begins."""
        file, line, offset = self._stands[2]
        return Origin(file=file, line=line, offset=offset)

    @property
    def place(self) -> Place:
        """Finds where a part stands."""
        return self._place

    def _place(self, path: tuple[str | int, ...]) -> Origin:
        from kipp.io.json_stream import placed

        return placed(self._stands[1], self.origin, None, path)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """None."""
        return ()

    @property
    def header(self) -> None:
        """None: this is no table."""

    @property
    def is_cell(self) -> None:
        """None: this is no table."""

    @property
    def is_record(self) -> bool:
        """True."""
        return True
