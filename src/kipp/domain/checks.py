"""What a field may hold, checked where a value is made.

A table of kinds per class, one line per field: a wrong value raises at construction with its
name, itself and what was expected.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping

import attrs

from kipp.domain.errors import InvalidType

__all__ = ["COUNT", "DAY", "FLAG", "MOMENT", "TEXT", "Kind", "every", "maybe", "of", "require"]


@attrs.frozen
class Kind:
    """What is *expected*, in words, and whether a value is that."""

    expected: str
    accepts: Callable[[object], bool]


TEXT = Kind("a text", lambda value: isinstance(value, str) and not isinstance(value, enum.Enum))
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
COUNT = Kind("a whole number", lambda value: type(value) is int)
DAY = Kind(
    "a date (not a moment)",
    lambda value: isinstance(value, dt.date) and not isinstance(value, dt.datetime),
)
MOMENT = Kind("a moment", lambda value: isinstance(value, dt.datetime))


def of(cls: type) -> Kind:
    """A value of *cls*."""
    return Kind(f"a {cls.__name__}", lambda value: isinstance(value, cls))


def maybe(kind: Kind) -> Kind:
    """That, or none for *not recorded*."""
    return Kind(f"{kind.expected}, or none", lambda value: value is None or kind.accepts(value))


def every(kind: Kind) -> Kind:
    """A tuple whose items are each that."""
    return Kind(
        f"a tuple, each item {kind.expected}",
        lambda value: isinstance(value, tuple) and all(map(kind.accepts, value)),
    )


def require(instance: object, kinds: Mapping[str, Kind]) -> None:
    """Refuse the first field of *instance* that is not of its kind.

    Raises:
        InvalidType: with the field's name, the value and what was expected.
    """
    for name, kind in kinds.items():
        value = getattr(instance, name)
        if not kind.accepts(value):
            raise InvalidType(f"{type(instance).__name__}.{name}", value, kind.expected)
