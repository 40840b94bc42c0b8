"""Msgspec types that mirror kipp's records, made of the kinds that their fields declare.

Msgspec checks types, ranges and closed words as it reads; what it cannot see is asked of what it
read, by one function for each class.  Nothing is demanded here that a kind does not say, so that
there is no second list of demands; where a kind says more than this knows, its value has to be made
(:attr:`Mirror.sure`), and the constructor decides.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from operator import attrgetter
from typing import Annotated, Any, TypeAlias

import attrs

from kipp.domain.checks import EACH, MOMENT, Form, Kind, agreements_of
from kipp.domain.dates import Date
from kipp.io.document import LARGEST
from kipp.io.simple import is_sound_moment, moment
from kipp.io.typed import record_fields

__all__ = ["WRONG", "Mirror", "Unmirrored", "mirror"]

WRONG = -(10**9)
"""What is counted where a value is wrong: no number of keys makes up for it."""

_KNOWN: Mapping[Form, frozenset[str]] = {
    Form.TEXT: frozenset({"filled"}),
    Form.WHOLE: frozenset({"least", "most", "above"}),
}
"""The limits that are looked at here, by the form they are of."""

_MADE_AS_READ = (Form.TEXT, Form.FLAG, Form.WHOLE, Form.WORD)

_Count: TypeAlias = Callable[[Any], int]
_Lines: TypeAlias = Iterator[str]


class Unmirrored(Exception):
    """A class with a field that msgspec has no type for."""


@attrs.frozen(kw_only=True)
class Mirror:
    """How the records of one class are read: *type* is what msgspec makes of a text.

    *keys* counts the keys of the shortest text of what was read, *colons* all colons but those of
    free texts; both come to less than nothing where something is wrong.  *made* makes the record of
    it.  *sure* says that nothing is left for the constructor to refuse.
    """

    type: Any
    keys: _Count
    colons: _Count
    made: Callable[[Any], Any]
    sure: bool


@cache
def mirror(cls: type) -> Mirror:
    """The mirror of a class of records.

    What is read has the names and properties of the record, lists as tuples and words as members of
    their types; a day is a ``datetime.date``, a moment a ``datetime.datetime``.

    Raises:
        Unmirrored: a field whose values are read otherwise.
    """
    fields = record_fields(cls)
    moments = [name for name, (kind, _) in fields.items() if _part(kind).form is Form.MOMENT]
    kinds = [kind for kind, _ in fields.values()]
    return Mirror(
        type=_struct(cls, moments),
        keys=_function(cls, moments, "keys"),
        colons=_function(cls, moments, "colons"),
        made=_maker(cls, moments),
        sure=all(map(_is_sure, kinds)),
    )


def _part(kind: Kind) -> Kind:
    return kind.parts[0] if kind.form is Form.MAYBE else kind


def _is_sure(kind: Kind) -> bool:
    """Whether what *kind* demands is all looked at here."""
    if kind is MOMENT:
        return True
    base = kind.base
    narrows = base is not None and base.parts == kind.parts and base.limits == kind.limits
    if narrows or set(kind.limits) - _KNOWN.get(kind.form, frozenset()):
        return False
    if kind.form is Form.RECORD:
        return mirror(kind.classes[0]).sure
    return all(map(_is_sure, kind.parts))


# What msgspec reads


def _text_name(name: str, moments: list[str]) -> str:
    return f"{name}_text" if name in moments else name


def _struct(cls: type, moments: list[str]) -> Any:
    import msgspec

    fields: list[Any] = []
    for name, (kind, field) in record_fields(cls).items():
        stands = (_text_name(name, moments), _type(kind))
        if isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]  # it is a class
            raise Unmirrored(name)
        fields.append(stands if field.default is attrs.NOTHING else (*stands, field.default))
    own = {name: value for name, value in vars(cls).items() if isinstance(value, property)}
    return msgspec.defstruct(
        f"{cls.__name__}AsRead",
        fields,
        namespace=own | {name: _moment_of(f"{name}_text") for name in moments},
        rename={f"{name}_text": name for name in moments},
        kw_only=True,
        frozen=True,
        gc=False,
        forbid_unknown_fields=True,
    )


def _moment_of(text: str) -> property:
    written = attrgetter(text)

    def moment_read(read: Any) -> dt.datetime | None:
        found = written(read)
        return None if found is None else _moment(found)

    return property(moment_read)


_moment = dt.datetime.fromisoformat


def _type(kind: Kind) -> Any:
    """The type that msgspec reads for *kind*."""
    import msgspec

    match kind.form:
        case Form.TEXT:
            return Annotated[str, msgspec.Meta(min_length=1 if "filled" in kind.limits else 0)]
        case Form.FLAG:
            return bool
        case Form.WHOLE:
            above = kind.limits.get("above", -LARGEST - 1) + 1
            least = max(kind.limits.get("least", -LARGEST), above)
            most = min(kind.limits.get("most", LARGEST), LARGEST)
            return Annotated[int, msgspec.Meta(ge=least, le=most)]
        case Form.WORD if len(kind.classes) == 1:
            return kind.classes[0]
        case Form.DAY:
            return dt.date
        case Form.MOMENT:
            return str
        case Form.RECORD if len(kind.classes) == 1 and attrs.has(kind.classes[0]):
            return mirror(kind.classes[0]).type
        case Form.MAYBE:
            return _type(kind.parts[0]) | None
        case Form.EVERY:
            return types.GenericAlias(tuple, (_type(kind.parts[0]), ...))
        case Form.ROW:
            parts: Any = tuple(map(_type, kind.parts))
            return types.GenericAlias(tuple, parts)
    raise Unmirrored(kind.expected)


# What is asked of it


def _function(cls: type, moments: list[str], counted: str) -> _Count:
    """Counts what was read of *cls*, and looks at what msgspec could not see.

    One function for each class, made of its fields: asking them in a loop takes four times as long,
    which is more than reading the text does.
    """
    known: dict[str, Any] = {"WRONG": WRONG, "is_moment": is_sound_moment}
    lines = ["def count(read):"]
    needed = [name for name, (_, field) in record_fields(cls).items() if _is_needed(field)]
    lines.append(f"    number = {len(needed)}")
    for name, (kind, field) in record_fields(cls).items():
        value = f"value_{name}"
        lines.append(f"    {value} = read.{_text_name(name, moments)}")
        inner = [*_asked(_part(kind), value, counted, known)]
        if name not in needed:
            lines.append(f"    if {value} {_differs(name, field.default, known)}:")
            inner = ["number += 1", *_unless_none(kind, field, value, inner)]
            lines += [f"        {line}" for line in inner]
        else:
            lines += [f"    {line}" for line in _unless_none(kind, field, value, inner)]
    lines += [f"    {line}" for line in _agreed(cls, known)]
    scope: dict[str, Any] = {}
    exec("\n".join([*lines, "    return number"]), known, scope)  # as said above
    found: _Count = scope["count"]
    return found


def _differs(name: str, default: object, known: dict[str, Any]) -> str:
    if default is None or isinstance(default, bool):
        return f"is not {default}"
    known[f"default_{name}"] = default
    return f"!= default_{name}"


def _agreed(cls: type, known: dict[str, Any]) -> _Lines:
    """The lines that look whether the fields agree; what was read has the names of the record."""
    for number, each in enumerate(agreements_of(cls)):
        if EACH in each.at:
            known[f"broken{number}"] = each.broken
            yield f"if any(True for _ in broken{number}(read)):"
        else:
            known[f"holds{number}"] = each.holds
            names = (".".join(each.at), *each.beside)
            yield f"if not holds{number}({', '.join(f'read.{name}' for name in names)}):"
        yield "    return WRONG"


def _is_needed(field: attrs.Attribute[Any]) -> bool:
    return field.default is attrs.NOTHING


def _unless_none(
    kind: Kind, field: attrs.Attribute[Any], value: str, inner: list[str]
) -> list[str]:
    if kind.form is not Form.MAYBE or field.default is None or not inner:
        return inner
    return [f"if {value} is not None:", *(f"    {line}" for line in inner)]


def _asked(kind: Kind, value: str, counted: str, known: dict[str, Any]) -> _Lines:
    """The lines that look at *value*, which is of *kind* and not none."""
    match kind.form:
        case Form.TEXT if "filled" in kind.limits:
            yield f"if {value}.isspace():"
            yield "    return WRONG"
        case Form.MOMENT:
            yield f"if not is_moment({value}):"
            yield "    return WRONG"
            if counted == "colons":
                yield f"number += {value}.count(':')"
        case Form.RECORD:
            name = f"of_{kind.classes[0].__name__}"
            known[name] = getattr(mirror(kind.classes[0]), counted)
            yield f"number += {name}({value})"
        case Form.MAYBE:
            inner = [*_asked(kind.parts[0], value, counted, known)]
            if inner:
                yield f"if {value} is not None:"
                yield from (f"    {line}" for line in inner)
        case Form.EVERY:
            each = f"each_{value}"
            inner = [*_asked(kind.parts[0], each, counted, known)]
            if inner:
                yield f"for {each} in {value}:"
                yield from (f"    {line}" for line in inner)
        case Form.ROW:
            for place, part in enumerate(kind.parts):
                inner = [*_asked(part, f"part_{place}", counted, known)]
                if inner:
                    yield f"part_{place} = {value}[{place}]"
                    yield from inner


# The record made of it


_Make: TypeAlias = Callable[[Any], Any]


def _maker(cls: type, moments: list[str]) -> _Make:
    """One call of the class, written out with its fields."""
    known: dict[str, Any] = {"cls": cls}
    given = []
    for name, (kind, _) in record_fields(cls).items():
        part = _part(kind)
        make = _make(part)
        value = f"read.{_text_name(name, moments)}"
        if make is not None:
            known[f"make_{name}"] = make
            made = f"make_{name}({value})"
            value = made if part is kind else f"{value} and {made}"
        given.append(f"{name}={value}")
    found: _Make = eval(f"lambda read: cls({', '.join(given)})", known)  # as said above
    return found


_SHARED = 4096
"""So many texts, days and lists of one field are remembered to be shared."""

_SHORT = 32


class _Shared(dict[Any, Any]):
    """Each value once, however many records hold it: most records repeat what others say."""

    def __missing__(self, value: Any) -> Any:
        if len(self) >= _SHARED:
            self.clear()
        return self.setdefault(value, value)


def _make(kind: Kind) -> _Make | None:
    """Makes the value of a field of what was read; none where that is the value."""
    match kind.form:
        case Form.TEXT:
            return _short(_Shared())
        case Form.DAY:
            return _day
        case Form.MOMENT:
            return moment
        case Form.RECORD:
            return mirror(kind.classes[0]).made
        case Form.MAYBE:
            part = _make(kind.parts[0])
            return part and _unless_missing(part)
        case Form.EVERY:
            part = _make(kind.parts[0])
            if kind.parts[0].form in _MADE_AS_READ or kind.parts[0].form is Form.ROW:
                return _list(part, _Shared())
            return part and _each(part)
        case Form.ROW:
            if not all(part.form in _MADE_AS_READ for part in kind.parts):
                raise Unmirrored(kind.expected)
            return _Shared().__getitem__
    return None


def _short(shared: _Shared) -> _Make:
    return lambda text: shared[text] if len(text) <= _SHORT else text


def _list(make: _Make | None, shared: _Shared) -> _Make:
    if make is None:
        return shared.__getitem__
    return lambda values: shared[tuple(map(make, values))]


def _unless_missing(make: _Make) -> _Make:
    return lambda value: None if value is None else make(value)


def _each(make: _Make) -> _Make:
    return lambda values: tuple(map(make, values))


@lru_cache(_SHARED)
def _day(day: dt.date) -> Date:
    return Date(day.year, day.month, day.day)
