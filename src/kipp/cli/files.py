"""Files named on the command line: read whole, written whole."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kipp.domain.errors import InvalidValue

__all__ = ["apart", "bytes_by_name", "bytes_of", "text_of", "write_text", "write_whole"]


def text_of(file: str) -> tuple[str, str]:
    """The text of a file, or of the standard input for ``-``, and what errors call it."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig"), "stdin" if file == "-" else file
    except (OSError, UnicodeDecodeError):
        raise InvalidValue("FILE", file, "a readable file in UTF-8") from None


def bytes_by_name(files: Iterable[str]) -> dict[str, bytes]:
    """The bytes of each file by its own name, as a certificate lists them."""
    found: dict[str, bytes] = {}
    for file in files:
        name = Path(file).name
        if name in found:
            raise InvalidValue("FILES", file, "files of different names")
        found[name] = bytes_of(file)
    return found


def bytes_of(file: str) -> bytes:
    """The bytes of a file.

    Raises:
        InvalidValue: it cannot be read.
    """
    try:
        return Path(file).read_bytes()
    except OSError:
        raise InvalidValue("FILES", file, "a readable file") from None


def apart(option: str, file: str | None, others: Iterable[str]) -> None:
    """Refuse to write a *file* that is read as well.

    Raises:
        InvalidValue: it is one of *others*.
    """
    if file is not None and Path(file).resolve() in {Path(each).resolve() for each in others}:
        raise InvalidValue(option, file, "a file that is not read as well")


def write_whole(file: str, content: bytes) -> None:
    """Write so that whoever looks finds the old file or the whole new one."""
    with _written(file) as stream:
        stream.write(content)


def write_text(file: str, pieces: Iterable[str]) -> None:
    """As :func:`write_whole`, of a text that comes in pieces."""
    with _written(file) as stream:
        for piece in pieces:
            stream.write(piece.encode())


@contextmanager
def _written(file: str) -> Iterator[IO[bytes]]:
    from kipp.io.atomic import replacing

    place = Path(file).resolve()
    try:
        if place.exists() and not place.is_file():
            with place.open("wb") as device:  # a device or a pipe takes it as it is
                yield device
            return
        with replacing(place) as stream:
            yield stream
    except (OSError, InvalidValue):
        raise InvalidValue("--output", file, "a file that can be written") from None
