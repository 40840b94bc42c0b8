"""The kinds of values that types stand for: what the metadata of a field says, else its annotation.

Records of the domain declare what each field holds (:func:`kipp.domain.checks.held`); answers of
the rules have annotations alone.  Here both become the same: a kind that can be read and described.
"""

from __future__ import annotations

import datetime as dt
import enum
import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from types import MappingProxyType, ModuleType, NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import attrs

import kipp.domain
import kipp.rules
from kipp.domain.checks import (
    DAY,
    EXACT,
    FLAG,
    MOMENT,
    TEXT,
    WHOLE,
    Form,
    Kind,
    either,
    every,
    kinds_of,
    maybe,
    of,
    row,
    table,
)
from kipp.domain.dates import Date, DateTime, Period
from kipp.domain.errors import InvalidType
from kipp.rules.decision import Classification, Decision, Judgement
from kipp.rules.scoring import Scores

__all__ = [
    "ANYTHING",
    "DERIVED",
    "NOTHING",
    "derived",
    "is_open",
    "json_type",
    "kind_for",
    "record_fields",
    "vocabulary",
]

ANYTHING = Kind("a value of any kind", lambda _: True, key="anything")
"""A value whose type has to be written with it, where JSON alone does not tell."""

NOTHING = Kind("null", lambda value: value is None, classes=(NoneType,), key="nothing")

_MOMENT = attrs.evolve(
    MOMENT, accepts=lambda value: type(value) is DateTime, base=None, expected="a moment"
)
_SIMPLE: Mapping[Any, Kind] = MappingProxyType(
    {
        str: TEXT,
        int: WHOLE,
        bool: FLAG,
        NoneType: NOTHING,
        Fraction: EXACT,
        Date: DAY,
        DateTime: _MOMENT,
        object: ANYTHING,
        Any: ANYTHING,
    }
)
_TEXTS = (Form.TEXT, Form.DAY, Form.MOMENT, Form.WORD, Form.EXACT)
_JSON_TYPES = {Form.WHOLE: int, Form.FLAG: bool, Form.EVERY: list, Form.ROW: list}


def kind_for(type: Any) -> Kind:  # noqa: A002  # reads best
    """The kind of the values of *type*.

    Raises:
        InvalidType: values of this type are not read.
    """
    try:
        return _kind(type)
    except (AttributeError, NameError, TypeError):
        raise _unreadable(type) from None


@cache
def _kind(type: Any) -> Kind:  # noqa: A002  # reads best
    origin, args = get_origin(type), get_args(type)
    if type in _SIMPLE:
        return _SIMPLE[type]
    if isinstance(type, TypeVar):
        return ANYTHING
    if hasattr(type, "__supertype__"):
        return _kind(type.__supertype__)
    if origin in (Union, UnionType):
        return _union(args)
    if origin is tuple and args[-1] is not Ellipsis:
        return row(f"a list of {len(args)}", *map(_kind, args))
    if origin in (tuple, Sequence):
        return every(_kind(args[0]))
    if origin is Mapping:
        return table("an object", *map(_kind, args))
    plain = origin or type
    if issubclass(plain, enum.Enum) or plain is Scores:
        return of(plain)
    if attrs.has(plain):
        record_fields(plain)
        return of(plain)
    raise _unreadable(type)


def _unreadable(type: Any) -> InvalidType:  # noqa: A002  # reads best
    expected = "a type of kipp such as Proposal, or a tuple of one (tuple[Proposal, ...])"
    return InvalidType("type", type, expected)


def _union(members: tuple[Any, ...]) -> Kind:
    kept = [member for member in members if member is not NoneType]
    if dt.date in kept:
        return ANYTHING
    kinds = [_kind(member) for member in kept]
    found = kinds[0] if len(kinds) == 1 else either(*kinds)
    if is_open(found):
        return ANYTHING
    return found if len(kept) == len(members) else maybe(found)


def is_open(kind: Kind) -> bool:
    """Whether JSON alone does not tell what a value of *kind* is: then it is written beside it."""
    if kind.form is Form.EITHER:
        types = [json_type(part) for part in kind.parts]
        return len(set(types)) < len(types) or any(map(is_open, kind.parts))
    if kind.form in (Form.RECORD, Form.WORD):
        return len(kind.classes) > 1
    return kind is ANYTHING


def json_type(kind: Kind) -> type:
    """What a value of *kind* is in JSON, as Python reads it."""
    if kind.form in _TEXTS or Period in kind.classes:
        return str
    if kind is NOTHING:
        return NoneType
    if kind.form is Form.MAYBE:
        return json_type(kind.parts[0])
    return _JSON_TYPES.get(kind.form, dict)


@cache
def record_fields(cls: type) -> Mapping[str, tuple[Kind, attrs.Attribute[Any]]]:
    """Each field of a class of records that is read, with its kind, in order.

    Raises:
        InvalidType: a field whose values are not read.
    """
    attrs.resolve_types(cls)
    declared = kinds_of(cls)
    return MappingProxyType(
        {
            field.name: (declared.get(field.name) or kind_for(field.type), field)
            for field in attrs.fields(cls)
            if field.init
        }
    )


DERIVED: Mapping[type, tuple[str, ...]] = MappingProxyType(
    {
        Decision: ("outcome", "evidence"),
        Judgement: ("outcome", "evidence"),
        Classification: ("evidence",),
    }
)
"""Facts that follow from an answer: written for readers without kipp, and checked when read."""


def derived(value: Any) -> dict[str, Any]:
    """The facts that follow from an answer, as they are written."""
    found = {name: getattr(value, name) for name in DERIVED[type(value)]}
    return {name: each and each.value for name, each in found.items()}


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(info.name)


@cache
def vocabulary() -> Mapping[str, type]:
    """Every type that may stand where values of several kinds may, by the name it is written by."""
    found: dict[str, type] = {each.__name__: each for each in (Fraction, Date, DateTime)}
    for module in (*_modules(kipp.domain), *_modules(kipp.rules)):
        for name in module.__all__:
            value = getattr(module, name)
            if isinstance(value, type) and (attrs.has(value) or issubclass(value, enum.Enum)):
                found[name] = value
    return found
