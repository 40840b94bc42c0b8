"""From a document to a value, or to every fault with its line and place."""

from __future__ import annotations

from typing import Any

from kipp.domain.errors import Faults
from kipp.io.document import Path, lines, pointer, where
from kipp.io.shape import read

__all__ = ["structured"]


def structured(document: Any, kind: Any, text: str, source: str, before: int) -> Any:
    """The value of *kind* that *document*, read from *text*, holds.

    Raises:
        Faults: everything wrong with it, each with line and place, in the order of the text.
        InvalidType: values of *kind* are not read.
    """
    reading = read(document, kind)
    if reading.is_sound:
        return reading.value
    stands = lines(text)
    placed = [(_line(each.path, stands), each) for each in reading.found]
    placed.sort(key=lambda each: each[0])
    raise Faults(
        [each.exception(where(source, before + line, pointer(each.path))) for line, each in placed]
    )


def _line(path: Path, stands: dict[Path, int]) -> int:
    """The line of *path*, or of the nearest part around it that stands in the text."""
    while path not in stands:
        path = path[:-1]
    return stands[path]
