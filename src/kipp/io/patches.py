"""Patches: RFC 6902 on plain data, with the pointers of RFC 6901.

The operations are those that cures use: add, remove, replace and test.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from typing import Any

from kipp.domain.errors import InvalidType, InvalidValue, UnknownName
from kipp.domain.fault import Operation
from kipp.io.document import Path

__all__ = ["from_pointer", "operations", "patched"]

_POSITION = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_BROKEN_ESCAPE = re.compile(r"~(?![01])")
_AFTER_LAST = "-"
_OPERATIONS = ("add", "remove", "replace", "test")


def from_pointer(pointer: str) -> Path:
    """The steps of a JSON pointer (RFC 6901); digits are read as positions.

    >>> from_pointer("/innovation/replica_of/0/a~1b")
    ('innovation', 'replica_of', 0, 'a/b')

    Raises:
        InvalidType: no text.
        InvalidValue: neither empty nor begun by a slash, or a tilde that escapes nothing.
    """
    return tuple(
        int(step) if _POSITION.fullmatch(step) else step for step in _steps(pointer, "pointer")
    )


def _steps(pointer: object, name: str) -> list[str]:
    if not isinstance(pointer, str):
        raise InvalidType(name, pointer, "a JSON pointer")
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise InvalidValue(name, pointer, "a JSON pointer: empty, or begun by a slash")
    if _BROKEN_ESCAPE.search(pointer):
        raise InvalidValue(name, pointer, "a JSON pointer, a tilde in it written ~0")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]


def operations(patch: object) -> tuple[Operation, ...]:
    """The operations of a patch that is plain data, as a JSON reader gives it.

    Members that no operation has are passed over, as the standard says.

    Raises:
        InvalidType: no list of objects, a path that is no text, a value that is missing.
        InvalidValue: a path that is no pointer.
        UnknownName: an operation that is none of these.
    """
    if not isinstance(patch, list):
        raise InvalidType("patch", patch, "a list of operations")
    return tuple(_operation(each, f"/{number}") for number, each in enumerate(patch))


def _operation(data: object, where: str) -> Operation:
    if not isinstance(data, dict):
        raise InvalidType("patch", data, "an object", where)
    op, path = data.get("op"), data.get("path", "no path")
    if op not in _OPERATIONS:
        raise UnknownName("op", op, f"one of {', '.join(_OPERATIONS)}", where)
    _steps(path, "path")
    if op != "remove" and "value" not in data:
        raise InvalidType("value", None, f"a value to {op}", where)
    return Operation(op=op, path=path, value=data.get("value"))


def patched(document: Any, operations: Iterable[Operation]) -> Any:
    """*document* after all *operations*; *document* itself stays as it is.

    Raises:
        InvalidType: a path that is no text.
        InvalidValue: a path that is no pointer; a position outside a list; a value tested that is
            another one; the removal of the whole document.
        UnknownName: a path to nothing.
    """
    found = copy.deepcopy(document)
    for operation in operations:
        found = _applied(found, operation)
    return found


def _applied(document: Any, operation: Operation) -> Any:
    steps = _steps(operation.path, "Operation.path")
    value = copy.deepcopy(operation.value)
    match operation.op:
        case "test":
            there = _at(document, steps, operation)
            if not _same(there, value):
                raise InvalidValue("Operation.value", there, f"{value!r}", operation.path)
            return document
        case _:
            return _changed(document, steps, operation, value)


def _changed(document: Any, steps: list[str], operation: Operation, value: Any) -> Any:
    if not steps:
        if operation.op == "remove":
            raise InvalidValue("Operation.path", "", "a part of the document")
        return value
    *way, last = steps
    holder = _at(document, way, operation)
    if operation.op != "add":
        _at(holder, [last], operation)
    match holder:
        case dict():
            if operation.op == "remove":
                del holder[last]
            else:
                holder[last] = value
        case list():
            _change_list(holder, last, operation, value)
        case _:
            raise _nothing(operation)
    return document


def _change_list(holder: list[Any], last: str, operation: Operation, value: Any) -> None:
    if operation.op == "add":
        at = len(holder) if last == _AFTER_LAST else _position(last, len(holder), operation)
        holder.insert(at, value)
        return
    at = _position(last, len(holder) - 1, operation)
    if operation.op == "remove":
        del holder[at]
    else:
        holder[at] = value


def _at(document: Any, steps: list[str], operation: Operation) -> Any:
    for step in steps:
        match document:
            case dict() if step in document:
                document = document[step]
            case list():
                document = document[_position(step, len(document) - 1, operation)]
            case _:
                raise _nothing(operation)
    return document


def _position(step: str, last: int, operation: Operation) -> int:
    if not _POSITION.fullmatch(step) or not int(step) <= last:
        raise InvalidValue("Operation.path", operation.path, f"a position from 0 to {last}")
    return int(step)


def _nothing(operation: Operation) -> UnknownName:
    return UnknownName("Operation.path", operation.path, "the path of something that is there")


def _same(one: Any, other: Any) -> bool:
    """Whether two values are equal as JSON: a truth is no number, 1 and 1.0 are one."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)
