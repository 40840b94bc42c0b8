"""What a field may hold, checked where a value is made.

A table of kinds per class, one line per field, and one :func:`require` at the end of
construction: a wrong value raises with its class and field, itself and what was expected.
Nothing is converted: a date is a pendulum date, a closed word is a member of its type.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from pendulum import Date, DateTime

from kipp.domain.errors import InvalidType, InvalidValue

__all__ = [
    "COUNT",
    "DAY",
    "FLAG",
    "MOMENT",
    "NAME",
    "NUMBER",
    "TEXT",
    "WHOLE",
    "Kind",
    "either",
    "every",
    "maybe",
    "narrowed",
    "of",
    "require",
    "row",
]


def _no_cure(_value: object) -> str:
    return ""


@attrs.frozen
class Kind:
    """What is *expected*, in words, and whether a value is that.

    *base* is the kind that this one narrows: a value that is not even of the base has the wrong
    type.  *cure* says how to make a right value of a wrong one, where that is known.
    """

    expected: str
    accepts: Callable[[object], bool]
    base: Kind | None = None
    cure: Callable[[object], str] = _no_cure

    def fault(self, name: str, value: object) -> InvalidType | InvalidValue:
        """The error for *value*, which is not accepted, in the field *name*."""
        if self.base is None:
            return InvalidType(name, value, self.expected, cure=self.cure(value))
        if not self.base.accepts(value):
            return self.base.fault(name, value)
        return InvalidValue(name, value, self.expected, cure=self.cure(value))


def narrowed(base: Kind, expected: str, check: Callable[..., bool], cure: str = "") -> Kind:
    """Those of *base* for which *check* holds too."""
    accepts = base.accepts
    return Kind(expected, lambda value: accepts(value) and check(value), base, lambda _: cure)


def of(*classes: type) -> Kind:
    """A value of one of *classes*."""

    def cure(value: object) -> str:
        words = [cls for cls in classes if issubclass(cls, enum.Enum)]
        known = (cls for cls in words if value in [member.value for member in cls])
        return next((f"write {cls.__name__}({value!r})" for cls in known), "")

    expected = " or ".join(_with_article(cls.__name__) for cls in classes)
    return Kind(expected, lambda value: isinstance(value, classes), cure=cure)


def _with_article(name: str) -> str:
    return f"an {name}" if name.startswith(tuple("AEIOU")) else f"a {name}"


def maybe(kind: Kind) -> Kind:
    """That, or none for *not recorded*."""
    accepts = kind.accepts
    return Kind(
        f"{kind.expected}, or none",
        lambda value: value is None or accepts(value),
        kind.base and maybe(kind.base),
        kind.cure,
    )


def either(*kinds: Kind) -> Kind:
    """One of several kinds, none of which narrows another."""
    return Kind(
        " or ".join(kind.expected for kind in kinds),
        lambda value: any(kind.accepts(value) for kind in kinds),
        cure=lambda value: next(filter(None, (kind.cure(value) for kind in kinds)), ""),
    )


def every(kind: Kind) -> Kind:
    """A tuple whose items are each that."""
    accepts = kind.accepts

    def cure(value: object) -> str:
        items = value if isinstance(value, tuple) else ()
        return next((kind.cure(item) for item in items if not accepts(item)), "")

    return Kind(
        f"a tuple, each item {kind.expected}",
        lambda value: isinstance(value, tuple) and all(map(accepts, value)),
        kind.base and every(kind.base),
        cure,
    )


def row(expected: str, *kinds: Kind) -> Kind:
    """A tuple with one item of each kind, in order; *expected* says that in words."""

    def accepts(value: object) -> bool:
        return (
            isinstance(value, tuple)
            and len(value) == len(kinds)
            and all(kind.accepts(item) for kind, item in zip(kinds, value, strict=True))
        )

    bases = [kind.base or kind for kind in kinds]
    narrows = any(kind.base for kind in kinds)
    return Kind(expected, accepts, row(expected, *bases) if narrows else None)


def require(instance: object, kinds: Mapping[str, Kind]) -> None:
    """Refuse the first field of *instance* that is not of its kind.

    Raises:
        InvalidType: another type, with the field's name, the value and what was expected.
        InvalidValue: the right type, but nothing the field may hold.
    """
    for name, kind in kinds.items():
        value = getattr(instance, name)
        if not kind.accepts(value):
            raise kind.fault(f"{type(instance).__name__}.{name}", value)


def _date_cure(value: object) -> str:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return f"write pendulum.date({value.year}, {value.month}, {value.day})"
    return "read a text with kipp.domain.dates.parse_day" if isinstance(value, str) else ""


def _moment_cure(value: object) -> str:
    aware = isinstance(value, dt.datetime) and value.tzinfo is not None
    return "make one of it with pendulum.instance" if aware else ""


def _is_text(value: object) -> bool:
    return type(value) is str or (isinstance(value, str) and not isinstance(value, enum.Enum))


def _is_filled(value: Any) -> bool:
    return _is_text(value) and bool(value.strip())


TEXT = Kind("a text", _is_text)
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
DAY = Kind("a pendulum date (not a moment)", lambda value: type(value) is Date, cure=_date_cure)
NAME = Kind("a text that is not blank", _is_filled, TEXT)
"""An id, a key, a title: something must stand there."""

WHOLE = Kind("a whole number", lambda value: type(value) is int)
COUNT = narrowed(WHOLE, "a whole number from 0", lambda value: value >= 0)
"""How many there are."""

NUMBER = narrowed(WHOLE, "a whole number from 1", lambda value: value >= 1)
"""A year, the size of a tier."""

MOMENT = narrowed(
    narrowed(
        Kind("a pendulum moment", lambda value: type(value) is DateTime, cure=_moment_cure),
        "a moment with its offset",
        lambda value: value.tzinfo is not None,
    ),
    "a moment that every time zone has a day for, so not of the calendar's first or last year",
    lambda value: dt.MINYEAR < value.year < dt.MAXYEAR,
)
