"""From plain data to values, and from the converter's errors to faults with their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)

from kipp.domain.errors import Faults, InvalidType, InvalidValue, KippError, UnknownName
from kipp.io.converter import HERE, converter
from kipp.io.document import Path, lines, pointer, where

__all__ = ["shape_errors", "structured"]

_Fault = InvalidType | InvalidValue | UnknownName


def structured(document: Any, kind: Any, text: str, source: str, before: int) -> Any:
    """The value of *kind* that *document*, read from *text*, holds.

    Raises:
        Faults: everything wrong with it, each with line and place, in the order of the text.
    """
    try:
        return converter().structure(document, kind)
    except Exception as error:
        found = list(_faults(error, (), document))
    stands = lines(text)
    placed = [(_line(path, stands), path, fault) for path, fault in found]
    placed.sort(key=lambda each: each[0])
    raise Faults(
        [
            _placed(fault, path, where(source, before + line, pointer(path)))
            for line, path, fault in placed
        ]
    ) from None


def shape_errors(error: BaseException, document: Any) -> Iterator[tuple[Path, _Fault]]:
    """What the converter's *error* about *document* comes to, each with its path."""
    return _faults(error, (), document)


def _line(path: Path, stands: dict[Path, int]) -> int:
    """The line of *path*, or of the nearest part around it that stands in the text."""
    while path not in stands:
        path = path[:-1]
    return stands[path]


def _placed(fault: _Fault, path: Path, place: str) -> KippError:
    last = next((step for step in reversed(path) if isinstance(step, str)), "document")
    name = last if fault.name == HERE else fault.name
    return type(fault)(name, fault.value, fault.expected, place, fault.cure)


def _faults(error: BaseException, path: Path, value: Any) -> Iterator[tuple[Path, _Fault]]:
    match error:
        case BaseValidationError():
            for inner in error.exceptions:
                step = _step(inner)
                yield from _faults(inner, (*path, *step), _inside(value, step))
        case ForbiddenExtraKeysError():
            yield from _unknown_keys(error, path, value)
        case Faults():
            for inner in error.faults:
                yield from _faults(inner, path, value)
        case InvalidType() | InvalidValue() | UnknownName():
            yield path, error
        case KeyError():
            yield path, InvalidValue(HERE, None, "a value: the field is needed")
        case _:
            raise error


def _step(error: BaseException) -> Path:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (note.name,)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


def _inside(value: Any, step: Path) -> Any:
    for each in step:
        try:
            value = value[each]
        except (LookupError, TypeError):
            return None
    return value


def _unknown_keys(
    error: ForbiddenExtraKeysError, path: Path, value: Any
) -> Iterator[tuple[Path, _Fault]]:
    known = ", ".join(field.name for field in attrs.fields(error.cl))
    for key in sorted(error.extra_fields):
        fault = UnknownName(
            key, value[key], f"a field of {error.cl.__name__}", cure=f"known are {known}"
        )
        yield (*path, key), fault
