"""Plain data as a value of a type, or everything that is wrong with its shape, in one pass.

There is one reader, made for each type of the kinds its fields hold (:mod:`kipp.io.typed`): what
it takes is a value, what it refuses it explains.  No fault hides another: each field and each item
is looked at, an object with faults is still looked at from outside, and what fields must agree on
is asked as far as those fields are sound.  A record without faults pays for none of this.

Nothing is coerced: a whole number is a whole number (no text, no ``true``, no ``1.0``), a date is
``YYYY-MM-DD``, a moment has its offset, a fraction is ``"p/q"``, a closed word is one of its
values, and a key nobody knows is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import repeat
from operator import call
from types import NoneType
from typing import Any

import attrs

from kipp.domain.assessment import ScoreSheet
from kipp.domain.checks import Form, Kind, agreements_of
from kipp.domain.cycle import Stage
from kipp.domain.dates import Period
from kipp.domain.errors import Faults, InvalidType, InvalidValue, KippError, UnknownName
from kipp.domain.proposal import Proposal
from kipp.io.document import LARGEST, LongNumber, Repeated
from kipp.io.finding import ROOT, UNREAD, UNSOUND, Finding, Reader, Report, Step, Unsound, Where
from kipp.io.guess import is_same, nearest
from kipp.io.simple import SIMPLE, read_nothing, read_period, wrong
from kipp.io.submission import Submission
from kipp.io.typed import (
    ANYTHING,
    DERIVED,
    NOTHING,
    derived,
    is_open,
    json_type,
    kind_for,
    record_fields,
    vocabulary,
)
from kipp.rules.rulebook import Rulebook
from kipp.rules.scoring import Scores
from kipp.rules.terms import read as read_term
from kipp.rules.terms import spec

__all__ = ["Reading", "parts_of", "read"]


@attrs.frozen
class Reading:
    """The *value*; or none, with what was *found* wrong in the order of the data.

    Nothing need be found where a part was left out that has its fault already.  *rest* is what is
    sound beside the faults, for :func:`parts_of`.
    """

    value: Any
    found: tuple[Finding, ...] = ()
    is_sound: bool = True
    rest: Any = None


def read(data: Any, type: Any) -> Reading:  # noqa: A002  # reads best
    """The value of *type* that *data* holds, or everything wrong with its shape.

    Raises:
        InvalidType: values of *type* are not read.
    """
    report = Report()
    value = _reader_of(type)(data, None, ROOT, report)
    if report.troubles:
        return Reading(None, tuple(report.found), is_sound=False, rest=value)
    return Reading(value)


@cache
def _reader_of(type: Any) -> Reader:  # noqa: A002  # reads best
    return _reader(kind_for(type))


def _reader(kind: Kind) -> Reader:
    if is_open(kind):
        return _open_reader(kind)
    if kind is NOTHING:
        return read_nothing
    if Period in kind.classes:
        return read_period
    return (SIMPLE.get(kind.form) or _MAKERS[kind.form])(kind)


def _maybe_reader(kind: Kind) -> Reader:
    inner = _reader(kind.parts[0])

    def read_maybe(value: Any, where: Where, step: Step, report: Report) -> Any:
        return None if value is None else inner(value, where, step, report)

    return read_maybe


def _either_reader(kind: Kind) -> Reader:
    readers = {json_type(part): _reader(part) for part in kind.parts}

    def read_either(value: Any, where: Where, step: Step, report: Report) -> Any:
        chosen = readers.get(LongNumber if type(value) is LongNumber else type(value))
        if chosen is None:
            return wrong(kind, value, where, step, report)
        return chosen(value, where, step, report)

    if int in readers:
        readers[LongNumber] = readers[int]
    return read_either


# Lists and tables


class _Holed(Unsound):
    """A list of which only some items are sound."""

    __slots__ = ("_items",)

    def __init__(self, items: list[Any]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)


def _every_reader(kind: Kind) -> Reader:
    each = _reader(kind.parts[0])
    items, distinct = kind.limits.get("items", 0), kind.limits.get("distinct")

    def read_every(value: Any, where: Where, step: Step, report: Report) -> Any:
        if type(value) is not list:
            return wrong(kind, value, where, step, report)
        here = (where, step)
        before = report.troubles
        found = [each(item, here, index, report) for index, item in enumerate(value)]
        if len(value) < items:
            report.add(where, step, "TOO_FEW_ITEMS", value, kind)
        if distinct:
            for index in _again(found, distinct):
                report.add(here, index, "ITEM_REPEATED", value[index], kind)
        return tuple(found) if report.troubles == before else _Holed(found)

    return read_every


def _again(items: list[Any], distinct: bool | str) -> Iterator[int]:
    """Where an item stands that stood before, whole or by its own first item."""
    seen = set()
    for index, item in enumerate(items):
        told = next(iter(item), UNSOUND) if distinct == "first" else item
        if isinstance(told, Unsound):
            continue
        if told in seen:
            yield index
        seen.add(told)


def _row_reader(kind: Kind) -> Reader:
    readers = [_reader(part) for part in kind.parts]
    places = range(len(readers))

    def read_row(value: Any, where: Where, step: Step, report: Report) -> Any:
        if type(value) is not list:
            return wrong(kind, value, where, step, report)
        if len(value) != len(readers):
            return report.add(where, step, "WRONG_LENGTH", value, kind)
        here = (where, step)
        before = report.troubles
        found = [*map(call, readers, value, repeat(here), places, repeat(report))]
        return tuple(found) if report.troubles == before else _Holed(found)

    return read_row


def _table_reader(kind: Kind) -> Reader:
    key, part = (_reader(each) for each in kind.parts)

    def read_table(value: Any, where: Where, step: Step, report: Report) -> Any:
        before = report.troubles
        if type(value) is not dict:
            value = _object(kind, value, where, step, report)
        here = (where, step)
        found = {
            key(name, here, name, report): part(each, here, name, report)
            for name, each in value.items()
        }
        return found if report.troubles == before else UNSOUND

    return read_table


def _object(kind: Kind, value: Any, where: Where, step: Step, report: Report) -> Mapping[str, Any]:
    """What an object holds in which keys stand twice, those not looked at; else nothing."""
    if not isinstance(value, Repeated):
        wrong(kind, value, where, step, report)
        return _NOT_AN_OBJECT
    for key in value.keys:
        report.add((where, step), key, "KEY_TWICE", value.last.get(key))
    return {**value.last, **dict.fromkeys(value.keys, UNREAD)}


_NOT_AN_OBJECT: Mapping[str, Any] = {}


# Records


class _Partial(Unsound):
    """A record of type *cls* of which only some fields are sound."""

    __slots__ = ("_cls", "_parts")

    def __init__(self, cls: type, parts: Mapping[str, Any]) -> None:
        self._cls = cls
        self._parts = parts

    def __getattr__(self, name: str) -> Any:
        return self._parts.get(name, UNSOUND)


def parts_of(value: object) -> tuple[type, Mapping[str, Any]] | None:
    """The type of a record and its fields as far as it has them; none for what is no record."""
    if isinstance(value, _Partial):
        return value._cls, value._parts  # noqa: SLF001  # seen from outside it has only its fields
    cls: Any = type(value)
    if not attrs.has(cls):
        return None
    return cls, {each.name: getattr(value, each.name) for each in attrs.fields(cls)}


def _record_reader(kind: Kind) -> Reader:
    (cls,) = kind.classes
    special = _SPECIAL.get(cls)
    return special(kind) if special else _fields_reader(kind)


def _fields_reader(kind: Kind) -> Reader:
    (cls,) = kind.classes
    fields = record_fields(cls)
    readers = {name: _reader(_unless_none(each)) for name, (each, _) in fields.items()}
    optional = {name for name, (each, _) in fields.items() if _unless_none(each) is not each}
    needed = {name for name, (_, field) in fields.items() if field.default is attrs.NOTHING}

    def read_record(value: Any, where: Where, step: Step, report: Report) -> Any:
        before = report.troubles
        if type(value) is not dict:
            value = _object(kind, value, where, step, report)
            if value is _NOT_AN_OBJECT:
                return UNSOUND
        here = (where, step)
        found: dict[str, Any] = {}
        for name, part in value.items():
            reader = readers.get(name)
            if reader is None:
                _unknown_field(cls, name, value, here, report)
            elif part is None and name in optional:
                found[name] = None
            else:
                found[name] = reader(part, here, name, report)
        if not needed <= value.keys():
            for name, (each, _) in fields.items():
                if name in needed and name not in value:
                    report.add(here, name, "FIELD_MISSING", None, each)
        if report.troubles > before:
            _disagreeing(cls, found, here, report)
            return _Partial(cls, found)
        try:
            return cls(**found)
        except KippError as error:
            _refused(cls, error, found, here, report)
            return _Partial(cls, found)

    return read_record


def _unless_none(kind: Kind) -> Kind:
    """What a field holds where it is not none: saves a step for each field of each record."""
    return kind.parts[0] if kind.form is Form.MAYBE and not is_open(kind) else kind


def _unknown_field(
    cls: type, name: str, value: Mapping[str, Any], here: Where, report: Report
) -> None:
    if value[name] is UNREAD:
        report.skip()
        return
    known = tuple(record_fields(cls))
    certain, likely = None, None
    if type(name) is str:
        certain, likely = nearest(name, (each for each in known if each not in value))
    if certain and sum(1 for each in value if is_same(each, name)) > 1:
        certain = False  # two keys that mean one field: which of them counts is a person's word
    more: dict[str, Any] = {"owner": cls.__name__, "known": known}
    about: dict[str, Any] = {}
    if likely:
        more["nearest"] = likely
        about = {"cure": "RENAME_FIELD", "renamed": likely if certain else None}
    report.add(here, name, "FIELD_UNKNOWN", value[name], more=more, **about)


def _refused(
    cls: type, error: KippError, found: Mapping[str, Any], here: Where, report: Report
) -> None:
    """What the class refuses though each field is sound: every disagreement, or what it says."""
    before = report.troubles
    _disagreeing(cls, found, here, report)
    if report.troubles == before:
        _said_by_class(error, here, report)


def _said_by_class(error: KippError, here: Where, report: Report) -> None:
    if isinstance(error, Faults):
        for each in error.faults:
            _said_by_class(each, here, report)
        return
    if not isinstance(error, InvalidType | InvalidValue | UnknownName):
        raise error
    outer, step = here or (None, ROOT)
    about: dict[str, Any] = {"said": error.expected, "named": error.name, "error": type(error)}
    report.add(outer, step, "NOT_ACCEPTED", error.value, **about)


def _disagreeing(cls: type, found: Mapping[str, Any], here: Where, report: Report) -> None:
    """What fields must agree on, as far as those of *found* are sound."""
    agreements = agreements_of(cls)
    if not agreements:
        return
    parts = _Partial(cls, {**_defaults(cls), **found})
    for each in agreements:
        beside = each.compared(parts)
        if any(isinstance(value, Unsound) for value in beside):
            continue
        for path, value in each.reached(parts):
            if isinstance(value, Unsound) or each.holds(value, *beside):
                continue
            at = here
            for step in path[:-1]:
                at = (at, step)
            report.add(
                at,
                path[-1],
                each.code,
                value,
                expected=each.key,
                more={**dict(zip(each.beside, beside, strict=True)), **each.more(*beside)},
                said=each.expected(*beside),
                named=f"{cls.__name__}.{each.at[0]}",
                cure=each.code,
            )


@cache
def _defaults(cls: type) -> Mapping[str, Any]:
    return {
        name: field.default
        for name, (_, field) in record_fields(cls).items()
        if field.default is not attrs.NOTHING
    }


# Values of several kinds


def _open_reader(kind: Kind) -> Reader:
    """A value that JSON knows by itself, or one with its type written beside it."""

    def read_open(value: Any, where: Where, step: Step, report: Report) -> Any:
        before = report.troubles
        found = _open(kind, value, where, step, report)
        if report.troubles > before:
            return UNSOUND
        if kind.accepts(found):
            return found
        about: dict[str, Any] = {"said": kind.expected, "error": InvalidType}
        return report.add(where, step, "WRONG_TYPE", value, **about)

    return read_open


def _open(kind: Kind, value: Any, where: Where, step: Step, report: Report) -> Any:
    simple = _PLAIN.get(type(value))
    if simple is not None:
        return _reader_of(simple)(value, where, step, report)
    if type(value) is list:
        return _reader_of(tuple[Any, ...])(value, where, step, report)
    if isinstance(value, Repeated):
        return _object(kind, value, where, step, report)
    if type(value) is not dict or value.keys() != {"type", "value"}:
        return wrong(ANYTHING, value, where, step, report)
    here = (where, step)
    reader = _named(value["type"])
    if reader is None:
        return report.add(here, "type", "TYPE_UNKNOWN", value["type"])
    return reader(value["value"], here, "value", report)


_PLAIN: Mapping[type, Any] = {
    str: str,
    int: int,
    LongNumber: int,
    bool: bool,
    NoneType: NoneType,
}


def _named(name: Any) -> Reader | None:
    """The reader of the type that is written *name*; none where there is no such type."""
    found = vocabulary().get(name) if type(name) is str else None
    try:
        return None if found is None else _reader_of(found)
    except InvalidType:
        return None


# Records that are written otherwise than by their fields


def _sheet_reader(kind: Kind) -> Reader:
    """A score sheet of whole marks at once, for there are many; any other by its fields."""
    by_fields = _fields_reader(kind)

    def read_sheet(value: Any, where: Where, step: Step, report: Report) -> Any:
        found = _plain_sheet(value)
        return by_fields(value, where, step, report) if found is None else found

    return read_sheet


def _plain_sheet(value: Any) -> ScoreSheet | None:
    if type(value) is not dict or value.keys() != _SHEET_KEYS:
        return None
    try:
        marks = value["marks"]
        names = "".join((value["proposal"], value["assessor"], *marks))
        if sum(map(abs, marks.values())) > LARGEST or not names.isascii():
            return None
        return ScoreSheet(
            proposal=value["proposal"],
            stage=_STAGES[value["stage"]],
            assessor=value["assessor"],
            marks=marks,
        )
    except (AttributeError, LookupError, TypeError, ValueError, KippError):
        return None


_SHEET_KEYS = frozenset({"proposal", "stage", "assessor", "marks"})
_STAGES = {stage.value: stage for stage in Stage}


def _submission_reader(kind: Kind) -> Reader:
    """A proposal with its history; a plain proposal is one without."""
    whole, alone = _fields_reader(kind), _reader_of(Proposal)

    def read_submission(value: Any, where: Where, step: Step, report: Report) -> Any:
        keys = value.last if isinstance(value, Repeated) else value
        if type(keys) is not dict or "proposal" in keys:
            return whole(value, where, step, report)
        found = alone(value, where, step, report)
        return found if isinstance(found, Unsound) else Submission(proposal=found)

    return read_submission


def _answer_reader(kind: Kind) -> Reader:
    """An answer; what follows from its reasons may be stated beside them, but not otherwise."""
    by_fields = _fields_reader(kind)
    (cls,) = kind.classes
    names = DERIVED[cls]

    def read_answer(value: Any, where: Where, step: Step, report: Report) -> Any:
        if type(value) is not dict:
            return by_fields(value, where, step, report)
        stated = {name: value[name] for name in names if name in value}
        rest = {name: part for name, part in value.items() if name not in stated}
        found = by_fields(rest, where, step, report)
        if isinstance(found, Unsound):
            return found
        follows = derived(found)
        for name, part in stated.items():
            if part != follows[name]:
                more = {"follows": follows[name]}
                report.add((where, step), name, "DERIVED_DIFFERS", part, more=more)
        return found

    return read_answer


def _rulebook_reader(kind: Kind) -> Reader:
    """A rulebook; each of its values is also what its path declares."""
    by_fields = _fields_reader(kind)

    def read_book(value: Any, where: Where, step: Step, report: Report) -> Any:
        found = by_fields(value, where, step, report)
        if isinstance(found, Unsound):
            return found
        for path in found:
            here = (((where, step), "terms"), path)
            for stated in _stated(found[path]):
                try:
                    read_term(spec(found.kind, path), stated)
                except KippError as error:
                    _said_by_class(error, here, report)
        return found

    return read_book


def _stated(value: Any) -> Iterator[Any]:
    for reading in getattr(value, "alternatives", (value,)):
        if hasattr(reading, "value"):
            yield reading.value


def _scores_reader(_: Kind) -> Reader:
    """Exact scores by proposal, over the one unit that they share."""
    table = _reader_of(Mapping[str, Fraction])

    def read_scores(value: Any, where: Where, step: Step, report: Report) -> Any:
        exact = table(value, where, step, report)
        if isinstance(exact, Unsound):
            return exact
        unit = Fraction(1, max((each.denominator for each in exact.values()), default=1))
        for each in exact.values():
            unit = Fraction(1, unit.denominator * (each / unit).denominator)
        return Scores(points={key: int(each / unit) for key, each in exact.items()}, unit=unit)

    return read_scores


_SPECIAL: Mapping[type, Callable[[Kind], Reader]] = {
    ScoreSheet: _sheet_reader,
    Submission: _submission_reader,
    Rulebook: _rulebook_reader,
    Scores: _scores_reader,
    **dict.fromkeys(DERIVED, _answer_reader),
}

_MAKERS: Mapping[Form, Callable[[Kind], Reader]] = {
    Form.RECORD: _record_reader,
    Form.MAYBE: _maybe_reader,
    Form.EITHER: _either_reader,
    Form.EVERY: _every_reader,
    Form.ROW: _row_reader,
    Form.TABLE: _table_reader,
}
