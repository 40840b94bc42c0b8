"""A record without its faulty parts, so that one fault does not hide what else is wrong with it.

A faulty field that may be left out is left out; one that must be there gets something that stands
for it.  What a rule then says of such a field is not said: nobody knows what belongs there.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, get_type_hints

import attrs

from kipp.domain.fault import Fault
from kipp.io.document import Path
from kipp.io.patches import from_pointer
from kipp.io.submission import Submission

__all__ = ["about_others", "mended"]

_ANY_TEXT = "-"


def mended(data: object, faults: Iterable[Fault], kind: type, year: int | None) -> object | None:
    """*data* without what *faults* are about; none where nothing is left to judge.

    A list with a faulty item is left out as a whole.  *year* stands for a year that must be there.
    """
    if not isinstance(data, dict):
        return None
    left = copy.deepcopy(data)
    for path in {_field(from_pointer(fault.pointer)) for fault in faults}:
        if not path or not _taken_out(left, path, _kind_at(kind, data, path[:-1]), year):
            return None
    return left


def about_others(found: Iterable[Fault], faults: Iterable[Fault]) -> Iterator[Fault]:
    """Those *found* that are about other parts than *faults* are."""
    faulty = [_field(from_pointer(fault.pointer)) for fault in faults]
    for each in found:
        path = from_pointer(each.pointer)
        if not any(_overlap(path, other) for other in faulty):
            yield each


def _overlap(one: Path, other: Path) -> bool:
    return all(a == b for a, b in zip(one, other, strict=False))


def _field(path: Path) -> Path:
    """The field that *path* lies in: up to the first position in a list."""
    positions = (at for at, step in enumerate(path) if isinstance(step, int))
    return path[: next(positions, len(path))]


def _taken_out(data: Any, path: Path, owner: type | None, year: int | None) -> bool:
    *way, name = path
    for step in way:
        if not isinstance(data, dict) or step not in data:
            return False
        data = data[step]
    if not isinstance(data, dict):
        return False
    data.pop(name, None)
    hints = {} if owner is None else _hints(owner)
    if owner is None or name not in _needed(owner):
        return True
    stand_in = _STAND_INS.get(getattr(hints[name], "__supertype__", hints[name]))
    if stand_in is None:
        return False
    data[name] = year or 1 if stand_in is int else _ANY_TEXT
    return True


_STAND_INS: dict[Any, type] = {str: str, int: int}


def _needed(owner: type) -> set[str]:
    return {each.name for each in attrs.fields(owner) if each.default is attrs.NOTHING}


@cache
def _hints(owner: type) -> dict[str, Any]:
    return get_type_hints(owner)


def _kind_at(kind: type, data: dict[str, Any], way: Path) -> type | None:
    """The type of the object that *way* leads to; none where it is no type of records."""
    found: Any = kind
    if kind is Submission and "proposal" not in data:
        found = _hints(Submission)["proposal"]
    for step in way:
        found = _hints(found).get(str(step))
        if found is None or not attrs.has(found):
            return None
    return found  # type: ignore[no-any-return]  # a class by then
