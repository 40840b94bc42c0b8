"""The one converter of kipp's values into plain data, strict: what it cannot write it refuses.

A date is written ``YYYY-MM-DD``, a moment with its offset, a fraction ``"p/q"``, a closed word as
its value; a field at its default is left out.  Where a field may hold values of several kinds, a
value that JSON does not know by itself is written as ``{"type": "Date", "value": "2021-03-17"}``.
What is written reads back equal (:mod:`kipp.io.shape`).
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from kipp.domain.assessment import ScoreSheet
from kipp.domain.dates import Date, DateTime, Period
from kipp.domain.errors import InvalidType, InvalidValue
from kipp.io.document import LARGEST
from kipp.io.typed import DERIVED, derived, vocabulary
from kipp.rules.scoring import Scores

__all__ = ["HERE", "converter", "plain"]

HERE = "value"
"""The name of a fault whose place is filled in by the caller."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_SCALARS = (str, int, bool, NoneType)
_Write = Callable[[Any], Any]


# Simple types


def _exactly(kind: type, expected: str) -> _Write:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise InvalidType(HERE, value, expected)
        return value

    return check


_text_only = _exactly(str, "a text")
_whole_only = _exactly(int, "a whole number")


def _text(value: Any) -> str:
    text: str = _text_only(value)
    if not text.isascii() and _SURROGATE.search(text):
        raise InvalidValue(HERE, text, "a text without half of a surrogate pair")
    return text


def _whole(value: Any) -> int:
    number: int = _whole_only(value)
    if abs(number) > LARGEST:
        raise InvalidValue(HERE, number, f"a whole number up to {LARGEST}")
    return number


def _moment_text(value: Any) -> str:
    if type(value) is not DateTime or value.utcoffset() is None:
        raise InvalidType(HERE, value, "a pendulum moment with its offset")
    return value.isoformat()


def _as_text(kind: type, expected: str) -> Callable[[Any], str]:
    check = _exactly(kind, expected)
    return lambda value: str(check(value))


_WRITE: dict[Any, _Write] = {
    str: _text,
    int: _whole,
    bool: _exactly(bool, "true or false"),
    NoneType: _exactly(NoneType, "null"),
    Fraction: _as_text(Fraction, "a Fraction"),
    Date: _as_text(Date, "a pendulum date"),
    DateTime: _moment_text,
    Period: _as_text(Period, "a Period"),
}


# Values of several kinds


def _write_any(made: Converter, value: Any) -> Any:
    kind = type(value)
    if kind in _SCALARS:
        return _WRITE[kind](value)
    if kind is tuple:
        return [_write_any(made, item) for item in value]
    if vocabulary().get(kind.__name__) is not kind:
        raise InvalidType(HERE, value, "a value that kipp can write")
    return {"type": kind.__name__, "value": made.unstructure(value, kind)}


# Which hook for which type


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType)


def _is_open(kind: Any) -> bool:
    """Whether values of several kinds may stand there, that JSON alone does not tell apart."""
    if _is_single_open(kind):
        return True
    if not _is_union(kind):
        return False
    shapes = [_shape(member) for member in get_args(kind)]
    return dt.date in get_args(kind) or len(set(shapes)) < len(shapes)


def _is_single_open(kind: Any) -> bool:
    return kind in (object, Any) or isinstance(kind, TypeVar)


def _shape(kind: Any) -> str:
    """What a value of *kind* is in JSON."""
    kind = getattr(kind, "__supertype__", kind)
    if kind in (int, bool, NoneType):
        return str(kind.__name__)
    if kind in _WRITE or (isinstance(kind, type) and issubclass(kind, enum.Enum)):
        return "str"
    return "list" if get_origin(kind) is tuple else "dict"


def _name(kind: Any) -> str:
    return {NoneType: "null", int: "a whole number", str: "a text"}.get(kind) or kind.__name__


def _write_union(made: Converter, kind: Any) -> _Write:
    members = {getattr(m, "__supertype__", m): m for m in get_args(kind)}

    def write(value: Any) -> Any:
        if value is None and NoneType in members:
            return None
        if type(value) is int and Fraction in members and abs(value) > LARGEST:
            return str(value)
        kept = [member for member in members.values() if member is not NoneType]
        chosen = kept[0] if len(kept) == 1 else members.get(type(value))
        if chosen is None:
            raise InvalidType(HERE, value, " or ".join(_name(each) for each in members))
        return made.unstructure(value, chosen)

    return write


def _write_tuple(made: Converter, kind: Any) -> _Write:
    args = get_args(kind)
    check = _exactly(tuple, "a tuple")
    if args[-1] is Ellipsis:
        return lambda value: [made.unstructure(item, args[0]) for item in check(value)]

    def write(value: Any) -> list[Any]:
        if len(check(value)) != len(args):
            raise InvalidValue(HERE, value, f"a tuple of {len(args)}")
        return [made.unstructure(item, arg) for item, arg in zip(value, args, strict=True)]

    return write


def _write_sequence(made: Converter, kind: Any) -> _Write:
    """Values that may be made only when they are read, as a list."""
    write = _write_tuple(made, _as_tuple(kind))
    return lambda value: write(tuple(value))


def _as_tuple(kind: Any) -> Any:
    return tuple[(*get_args(kind), ...)]  # type: ignore[misc]  # built at run time


def _write_mapping(made: Converter, kind: Any) -> _Write:
    key, item = get_args(kind)
    return lambda value: {
        made.unstructure(each, key): made.unstructure(value[each], item) for each in value
    }


def _write_str(value: Any) -> str:
    return str(value.value) if isinstance(value, enum.Enum) else _text(value)


# Records


def _write_record(made: Converter, kind: Any) -> _Write:
    plain = get_origin(kind) or kind
    attrs.resolve_types(plain)
    hook = override(unstruct_hook=lambda value: _write_any(made, value))
    opened: dict[str, Any] = {
        field.name: hook for field in attrs.fields(plain) if _is_single_open(field.type)
    }
    write = make_dict_unstructure_fn(plain, made, _cattrs_omit_if_default=True, **opened)
    check = _exactly(plain, f"a {plain.__name__}")
    return lambda value: write(check(value))


def _is_answer(kind: Any) -> bool:
    return (get_origin(kind) or kind) in DERIVED


def _write_answer(made: Converter, kind: Any) -> _Write:
    write = _write_record(made, kind)
    return lambda value: {**write(value), **derived(value)}


def _write_sheet(value: ScoreSheet) -> dict[str, Any]:
    return {
        "proposal": _text(value.proposal),
        "stage": value.stage.value,
        "assessor": _text(value.assessor),
        "marks": {
            _text(key): mark if type(mark) is int and abs(mark) <= LARGEST else str(mark)
            for key, mark in value.marks
        },
    }


def _write_scores(value: Scores) -> dict[str, str]:
    return {proposal: str(value.value(proposal)) for proposal in value.points}


def plain(value: Any) -> Any:
    """*value* as plain data: a record, an answer, a simple value, or a list of them.

    Raises:
        InvalidType, InvalidValue: something in it that kipp does not write.
    """
    kind = type(value)
    if kind in (tuple, list):
        return [plain(item) for item in value]
    if not (kind in _WRITE or attrs.has(kind) or issubclass(kind, enum.Enum)):
        raise InvalidType(HERE, value, "a value that kipp can write")
    return converter().unstructure(value)


@cache
def converter() -> Converter:
    """The converter, made once."""
    made = Converter()
    # Later entries are asked first; the factories get the converter to ask it for other hooks.
    _every(made, attrs.has, _write_record)
    _every(made, lambda kind: get_origin(kind) is Mapping, _write_mapping)
    _every(made, lambda kind: get_origin(kind) is tuple, _write_tuple)
    _every(made, lambda kind: get_origin(kind) is Sequence, _write_sequence)
    _every(made, lambda kind: hasattr(kind, "__supertype__"), _write_newtype)
    _every(made, _is_union, _write_union)
    _every(made, _is_open, _write_open)
    _every(made, _is_answer, _write_answer)
    made.register_unstructure_hook(str, _write_str)
    for kind, write in _WRITE.items():
        _one(made, kind, write)
    _one(made, Scores, _write_scores)
    _one(made, ScoreSheet, _write_sheet)
    return made


def _every(
    made: Converter, fits: Callable[[Any], bool], write: Callable[[Converter, Any], _Write]
) -> None:
    made.register_unstructure_hook_factory(fits, lambda kind: write(made, kind))


def _one(made: Converter, kind: Any, write: _Write) -> None:
    made.register_unstructure_hook_func(lambda each: each is kind, write)


def _write_newtype(made: Converter, kind: Any) -> _Write:
    hook: _Write = made.get_unstructure_hook(kind.__supertype__)
    return hook


def _write_open(made: Converter, _: Any) -> _Write:
    return lambda value: _write_any(made, value)
