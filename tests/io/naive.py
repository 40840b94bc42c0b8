"""A reader of records written a second time, from the annotations alone: what it takes is right.

It knows nothing of kinds, of places or of what is wrong; it only says whether plain data is a
value of a type, by making that value, or raises whatever comes.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Mapping
from fractions import Fraction
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs
import pendulum

from kipp.domain.dates import Date, DateTime
from kipp.domain.errors import KippError
from kipp.domain.proposal import Proposal
from kipp.io.submission import Submission

MARK = re.compile(r"-?(0|[1-9]\d*)(/[1-9]\d*)?", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:[0-5]\d)", re.ASCII)


class Refused(Exception):
    """The data is no value of the type."""


def takes(data: Any, kind: Any) -> bool:
    """Whether *data* is a value of *kind*."""
    try:
        made(data, kind)
    except (KippError, Refused, ValueError):
        return False
    return True


def made(data: Any, kind: Any) -> Any:
    """The value of *kind* that *data* holds."""
    kind = getattr(kind, "__supertype__", kind)
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return one_of(data, args)
    if origin is tuple and args[-1] is Ellipsis:
        return tuple(made(item, args[0]) for item in given(data, list))
    if origin is tuple:
        return tuple(made(*pair) for pair in zip(given(data, list), args, strict=True))
    if origin is Mapping:
        return {made(key, args[0]): made(item, args[1]) for key, item in given(data, dict).items()}
    if issubclass(kind, enum.Enum):
        return kind(given(data, str))
    if attrs.has(kind):
        return record(given(data, dict), kind)
    return simple(data, kind)


def given(data: Any, kind: type) -> Any:
    if type(data) is not kind:
        raise Refused
    return data


def one_of(data: Any, kinds: tuple[Any, ...]) -> Any:
    for kind in kinds:
        if kind is type(None):
            if data is None:
                return None
        elif takes(data, kind):
            return made(data, kind)
    raise Refused


def record(data: dict[str, Any], kind: Any) -> Any:
    if kind is Submission and "proposal" not in data:
        return Submission(proposal=made(data, Proposal))
    attrs.resolve_types(kind)
    types = {field.name: field.type for field in attrs.fields(kind)}
    if kind.__name__ == "ScoreSheet":
        types["marks"] = Mapping[str, int | Fraction]
    needed = {field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING}
    if not needed <= data.keys() <= types.keys():
        raise Refused
    return kind(**{name: made(item, types[name]) for name, item in data.items()})


def simple(data: Any, kind: type) -> Any:
    if kind is str:
        given(data, str).encode()
        return data
    if kind is int:
        if abs(given(data, int)) >= 2**53:
            raise Refused
        return data
    if kind is bool:
        return given(data, bool)
    given(data, str)
    if kind is Fraction and MARK.fullmatch(data):
        return Fraction(data)
    if kind is Date and re.fullmatch(r"\d{4}-\d\d-\d\d", data, re.ASCII):
        return Date.fromisoformat(data)
    if kind is DateTime and MOMENT.fullmatch(data) and not data.endswith("-00:00"):
        return pendulum.instance(dt.datetime.fromisoformat(data))
    raise Refused
