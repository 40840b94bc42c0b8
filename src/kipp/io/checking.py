"""A raw record made a value, or all that is wrong with it.

What is checked here is the shape: fields, types, ranges, vocabulary, as the types declare them.
Whether an agency exists and what a cycle asks is checked after it.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

from kipp.domain.errors import InvalidType, InvalidValue, UnknownName
from kipp.domain.fault import Fault, Severity, to_pointer
from kipp.io.document import Path
from kipp.io.raw import Raw

__all__ = ["Checked", "checked"]

T = TypeVar("T")
_ShapeError = InvalidType | InvalidValue | UnknownName


@attrs.frozen
class Checked(Generic[T]):
    """The *value*, or none and the *faults*; faults of severity ``NOTE`` leave a value."""

    value: T | None
    faults: tuple[Fault, ...] = ()


def checked(raw: Raw, kind: type[T]) -> Checked[T]:
    """The value of *kind* that *raw* holds, or every fault of its shape, in the record's order."""
    from kipp.io.converter import converter
    from kipp.io.reading import shape_errors

    try:
        return Checked(converter().structure(raw.data, kind))
    except Exception as error:
        found = list(shape_errors(error, raw.data))
    seen = {each.pointer for each in raw.faults}
    faults = (_fault(raw, path, error) for path, error in found if to_pointer(path) not in seen)
    return Checked(None, (*raw.faults, *faults))


def _fault(raw: Raw, path: Path, error: _ShapeError) -> Fault:
    return Fault(
        code="WRONG_TYPE" if isinstance(error, TypeError) else "WRONG_VALUE",
        severity=Severity.BLOCKS,
        pointer=to_pointer(path),
        origin=raw.place(path),
        values=(("name", error.name), ("value", error.value), ("expected", error.expected)),
    )
