"""What the reader of records finds wrong, collected on the way and told as faults or errors."""

from __future__ import annotations

import datetime as dt
import enum
import math
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import attrs

from kipp.domain.checks import Form, Kind
from kipp.domain.dates import Period
from kipp.domain.errors import InvalidType, InvalidValue, KippError, UnknownName
from kipp.domain.fault import Cure, Fault, Operation, Severity, to_pointer
from kipp.io.document import LongNumber, Path
from kipp.io.raw import Place
from kipp.messages.sentences import expectation, line

__all__ = [
    "ROOT",
    "UNREAD",
    "UNSOUND",
    "Finding",
    "Reader",
    "Report",
    "Step",
    "Unsound",
    "Where",
    "expected_of",
    "words_of",
]

Step: TypeAlias = str | int
Where: TypeAlias = "tuple[Where, Step] | None"
"""The path to a part, as the part around it and the last step: cheap to make on the way."""

ROOT: Final = ""
"""The step to the whole, which stands nowhere."""

_NOTHING_MORE: Mapping[str, Any] = MappingProxyType({})


class _Unread(enum.Enum):
    UNREAD = "unread"


UNREAD: Final = _Unread.UNREAD
"""Stands for a part that has a fault already: it is not looked at again."""


class Unsound:
    """A part of which nothing is known; seen from outside, neither is any part of it."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())


UNSOUND: Final = Unsound()


@attrs.frozen
class _Usual:
    """What a code says unless it is said otherwise: the expectation (else the kind's), the cure."""

    cure: str
    expected: str = ""
    raised: str = ""
    error: type[InvalidType | InvalidValue | UnknownName] = InvalidValue


_FITTING = _Usual("WRITE_EXPECTED")
_USUAL: Mapping[str, _Usual] = MappingProxyType(
    {
        "FIELD_MISSING": _Usual("FILL_FIELD", raised="needed"),
        "FIELD_UNKNOWN": _Usual("REMOVE_FIELD", "field", error=UnknownName),
        "KEY_TWICE": _Usual("KEEP_ONE_KEY", "once"),
        "BLANK": _Usual("FILL_FIELD"),
        "HALF_SURROGATE": _Usual("WRITE_TEXT_AGAIN", "whole-text"),
        "NUMBER_TOO_LARGE": _Usual("WRITE_EXPECTED", "largest"),
        "TOO_MANY_DIGITS": _Usual("WRITE_EXPECTED", "fewer-digits"),
        "NO_SUCH_DAY": _Usual("CHECK_DAY", "calendar-day"),
        "MOMENT_WITHOUT_OFFSET": _Usual("ADD_OFFSET", "moment"),
        "NO_SUCH_MOMENT": _Usual("CHECK_DAY", "calendar-moment"),
        "NO_ZONE_DAY": _Usual("WRITE_EXPECTED", "calendar-zone"),
        "WRONG_LENGTH": _Usual("WRITE_EXPECTED", raised="items"),
        "ITEM_REPEATED": _Usual("REMOVE_REPEATED"),
        "TYPE_UNKNOWN": _Usual("WRITE_EXPECTED", "type", error=UnknownName),
        "DERIVED_DIFFERS": _Usual("WRITE_VALUE", "derived"),
    }
)


@attrs.frozen(kw_only=True)
class Finding:
    """Something wrong at *path*, with the stable *code* of its sentence.

    *expected* is the key of what should stand there (``expects.<expected>``), filled with *more*;
    *raised* the key that an exception uses, *said* and *named* its words and its name where only
    a class knows them.  *cure* is the code of what to do, with a *patch* where that is certain.
    """

    path: Path
    code: str
    value: Any
    expected: str
    more: Mapping[str, Any] = _NOTHING_MORE
    error: type[InvalidType | InvalidValue | UnknownName] = InvalidValue
    raised: str = ""
    said: str = ""
    named: str = ""
    cure: str = ""
    patch: tuple[Operation, ...] = ()

    @property
    def name(self) -> str:
        """The field, as the record calls it."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")

    def fault(self, place: Place) -> Fault:
        """The finding as a fault that stands where *place* says."""
        return Fault(
            code=self.code,
            severity=Severity.BLOCKS,
            pointer=to_pointer(self.path),
            origin=place(self.path),
            values=(
                ("name", self.name),
                ("value", _written(self.value)),
                ("expected", self.expected or self.said),
                *self.more.items(),
            ),
            cure=Cure(code=self.cure, patch=self.patch) if self.patch else _cure(self.cure),
        )

    def exception(self, where: str) -> KippError:
        """The finding as an error that names where it stands."""
        expected = self.said or expectation(self.raised or self.expected, self.more, "en")
        name = self.named or self.name or "document"
        return self.error(name, self.value, expected, where, self._raised_cure())

    def _raised_cure(self) -> str:
        """What to do, where that is certain, or the names that are known."""
        if "known" in self.more:
            return line("expects.known", "en", known=self.more["known"])
        if self.cure != "WRITE_VALUE" or not self.patch:
            return ""
        return line("cure.WRITE_VALUE", "en", right=self.more["right"])


@cache
def _cure(code: str) -> Cure:
    return Cure(code=code)


def _written(value: Any) -> Any:
    """*value* as it was written, as plain data that every writer of JSON can write."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, LongNumber):
        return value.digits
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


class Report:
    """What is found on the way; *troubles* also counts the parts that were not looked at."""

    __slots__ = ("found", "troubles")

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.troubles = 0

    def add(
        self,
        where: Where,
        step: Step,
        code: str,
        value: Any,
        kind: Kind | None = None,
        *,
        more: Mapping[str, Any] = _NOTHING_MORE,
        right: Any = None,
        renamed: str | None = None,
        **about: Any,
    ) -> Unsound:
        """Add what is wrong with *value*; what its *code* and its *kind* do not say, *about* does.

        *right* is the value, *renamed* the name that certainly was meant.
        """
        path = _path((where, step))
        usual = _USUAL.get(code, _FITTING)
        expected, limits = ("", _NOTHING_MORE) if kind is None else expected_of(kind)
        if right is not None:
            more = {**more, "right": right}
        said = {
            "expected": usual.expected or expected,
            "raised": usual.raised,
            "error": usual.error,
            "cure": usual.cure if right is None else "WRITE_VALUE",
            "more": {**limits, **more},
            "patch": _patch(path, value, right, renamed),
        }
        self.found.append(Finding(path=path, code=code, value=value, **(said | about)))
        return self.skip()

    def skip(self) -> Unsound:
        """Pass over a part that has its fault already."""
        self.troubles += 1
        return UNSOUND


Reader: TypeAlias = Callable[[Any, Where, Step, Report], Any]
"""Makes a value of a part and where it stands; what is wrong goes to the report."""


def _path(where: Where) -> Path:
    steps: list[Step] = []
    while where is not None:
        where, step = where
        steps.append(step)
    return tuple(reversed(steps[:-1]))


def _patch(path: Path, value: Any, right: Any, renamed: str | None) -> tuple[Operation, ...]:
    if right is not None:
        return (Operation(op="replace", path=to_pointer(path), value=right),)
    if renamed is not None:
        there = to_pointer((*path[:-1], renamed))
        removed = Operation(op="remove", path=to_pointer(path))
        return removed, Operation(op="add", path=there, value=value)
    return ()


def words_of(kind: Kind) -> tuple[str, ...]:
    """The words of a closed type that *kind* takes, as records write them."""
    fitting = kind.limits.get("words")
    words = (word for cls in kind.classes if issubclass(cls, enum.Enum) for word in cls)
    return tuple(word.value for word in fitting or words)


@cache
def expected_of(kind: Kind) -> tuple[str, Mapping[str, Any]]:
    """The key of what *kind* expects of a record, and what its sentence is filled with."""
    if kind.form is Form.MAYBE:
        return expected_of(kind.parts[0])
    if kind.form is Form.EITHER:
        parts = [expected_of(part) for part in kind.parts]
        more = {name: value for _, part in parts for name, value in part.items()}
        return "|".join(key for key, _ in parts), more
    if kind.form is Form.ROW:
        return kind.key, {"items": len(kind.parts)}
    if kind.form is Form.WORD:
        return kind.key, {"words": words_of(kind)}
    if Period in kind.classes:
        return "period", _NOTHING_MORE
    return kind.key, {name: each for name, each in kind.limits.items() if name != "filled"}
