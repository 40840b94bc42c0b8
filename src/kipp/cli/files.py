"""Files named on the command line: read whole, written whole."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kipp.domain.errors import InvalidValue

if TYPE_CHECKING:
    pass

__all__ = ["bytes_by_name", "bytes_of", "text_of", "write_whole"]


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


def write_whole(file: str, content: bytes) -> None:
    """Write beside it, then rename: whoever looks finds the old file or the whole new one."""
    place = Path(file).resolve()
    try:
        if place.exists() and not place.is_file():
            place.write_bytes(content)  # a device or a pipe takes it as it is
            return
        partial = place.with_name(f"{place.name}.partial")
        partial.write_bytes(content)
        partial.replace(place)
    except OSError:
        raise InvalidValue("--output", file, "a file that can be written") from None
