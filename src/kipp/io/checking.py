"""A raw record made a value, or all that is wrong with it.

What is checked here is the shape: fields, types, ranges, vocabulary, as the types declare them.
Whether an agency exists and what a cycle asks is checked after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import attrs

from kipp.domain.fault import Fault, Severity
from kipp.io.fast import made, read_cells
from kipp.io.raw import Raw

__all__ = ["Checked", "checked"]

T = TypeVar("T")


@attrs.frozen
class Checked(Generic[T]):
    """The *value*, or none and the *faults*; faults of severity ``NOTE`` leave a value.

    Where there is none, *rest* is what is sound of it (:func:`kipp.io.shape.parts_of`).
    """

    value: T | None
    faults: tuple[Fault, ...] = ()
    rest: Any = None


def checked(raw: Raw, kind: type[T]) -> Checked[T]:
    """The value of *kind* that *raw* holds, or every fault of its shape, in the record's order.

    What reading the file found of a part stands first, and that part is not looked at again.

    Raises:
        InvalidType: values of *kind* are not read.
    """
    if raw.value is not None:
        return Checked(raw.value, raw.faults)
    from kipp.io.shape import read

    cells = read_cells(raw, kind)
    if cells is not None:
        return Checked(made(cells, kind))
    blocked = [each.pointer for each in raw.faults if each.severity is not Severity.NOTE]
    reading = read(_without(raw.data, blocked) if blocked else raw.data, kind)
    if reading.is_sound:
        return Checked(reading.value, raw.faults)
    found = (each.fault(raw.place) for each in reading.found)
    return Checked(None, (*raw.faults, *found), reading.rest)


def _without(data: Any, pointers: Iterable[str]) -> Any:
    """*data* with the parts at *pointers* marked as not to be looked at."""
    for pointer in pointers:
        steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")]
        data = _marked(data, steps[1:])
    return data


def _marked(data: Any, steps: list[str]) -> Any:
    from kipp.io.finding import UNREAD

    if not steps:
        return UNREAD
    step, *rest = steps
    if type(data) is dict:
        return {**data, step: _marked(data.get(step), rest)}
    if type(data) is list and step in map(str, range(len(data))):
        return [
            _marked(item, rest) if step == str(index) else item for index, item in enumerate(data)
        ]
    return UNREAD
