"""The one converter between kipp's values and plain data, strict in both directions.

Nothing is coerced: a whole number is a whole number (no text, no ``true``, no ``1.0``), a date is
``YYYY-MM-DD``, a moment has its offset, a fraction is ``"p/q"``, a closed word is one of its
values, and a key nobody knows is a fault.  A field at its default is left out when writing.

Where a field may hold values of several kinds, a value that JSON does not know by itself is
written as ``{"type": "Date", "value": "2021-03-17"}``.
"""

from __future__ import annotations

import datetime as dt
import enum
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, partial
from itertools import repeat
from types import ModuleType, NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import attrs
import pendulum
from cattrs import (
    Converter,
    IterableValidationError,
    IterableValidationNote,
    StructureHandlerNotFoundError,
)
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

import kipp.domain
import kipp.rules
from kipp.domain.assessment import Mark, ScoreSheet
from kipp.domain.cycle import Stage
from kipp.domain.dates import Date, DateTime, Period, parse_day, parse_period
from kipp.domain.errors import InvalidType, InvalidValue, KippError, UnknownName
from kipp.domain.proposal import Proposal
from kipp.io.document import LARGEST, Repeated
from kipp.io.submission import Submission
from kipp.rules.decision import Classification, Decision, Judgement
from kipp.rules.rulebook import Rulebook
from kipp.rules.scoring import Scores
from kipp.rules.terms import read as read_term
from kipp.rules.terms import spec

__all__ = ["HERE", "check_readable", "converter", "plain", "vocabulary"]

HERE = "value"
"""The name of a fault whose place is filled in by the caller."""

_FRACTION = re.compile(r"(-?(?:0|[1-9][0-9]*))(?:/([1-9][0-9]*))?", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_SCALARS = (str, int, bool, NoneType)
_Hook = Callable[[Any, Any], Any]


# Reading the simple types


def _exactly(kind: type, expected: str) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise InvalidType(HERE, value, expected)
        return value

    return check


_text_only = _exactly(str, "a text")
_whole_only = _exactly(int, "a whole number")
_truth = _exactly(bool, "true or false")
_nothing = _exactly(NoneType, "null")


def _text(value: Any) -> str:
    text: str = _text_only(value)
    if not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text):
        raise InvalidValue(HERE, text, "a text without half of a surrogate pair")
    return text


def _whole(value: Any) -> int:
    number: int = _whole_only(value)
    if abs(number) > LARGEST:
        raise InvalidValue(HERE, number, f"a whole number up to {LARGEST}")
    return number


def _fraction(value: Any) -> Fraction:
    expected = 'an exact number written "p/q" or "p"'
    if type(value) is not str:
        raise InvalidType(HERE, value, expected)
    if not _FRACTION.fullmatch(value):
        raise InvalidValue(HERE, value, expected)
    try:
        return Fraction(value)
    except ValueError:  # more digits than Python makes a number of
        raise InvalidValue(HERE, value, "an exact number of fewer digits") from None


def _moment(value: Any) -> DateTime:
    expected = "a moment written YYYY-MM-DDThh:mm:ss with Z or an offset such as +07:00"
    if type(value) is not str:
        raise InvalidType(HERE, value, expected)
    if not _MOMENT.fullmatch(value) or value.endswith("-00:00"):
        raise InvalidValue(HERE, value, expected)
    try:
        return pendulum.instance(dt.datetime.fromisoformat(value))
    except ValueError:
        raise InvalidValue(HERE, value, "a moment of the calendar") from None


_READ: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    int: _whole,
    bool: _truth,
    NoneType: _nothing,
    Fraction: _fraction,
    Date: lambda value: parse_day(value, name=HERE),
    DateTime: _moment,
    Period: lambda value: parse_period(value, name=HERE),
}


# Writing the simple types


def _moment_text(value: Any) -> str:
    if type(value) is not DateTime or value.utcoffset() is None:
        raise InvalidType(HERE, value, "a pendulum moment with its offset")
    return value.isoformat()


def _as_text(kind: type, expected: str) -> Callable[[Any], str]:
    check = _exactly(kind, expected)
    return lambda value: str(check(value))


_WRITE: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    int: _whole,
    bool: _truth,
    NoneType: _nothing,
    Fraction: _as_text(Fraction, "a Fraction"),
    Date: _as_text(Date, "a pendulum date"),
    DateTime: _moment_text,
    Period: _as_text(Period, "a Period"),
}


# Values of several kinds


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


def _write_any(made: Converter, value: Any) -> Any:
    kind = type(value)
    if kind in _SCALARS:
        return _WRITE[kind](value)
    if kind is tuple:
        return [_write_any(made, item) for item in value]
    if vocabulary().get(kind.__name__) is not kind:
        raise InvalidType(HERE, value, "a value that kipp can write")
    return {"type": kind.__name__, "value": made.unstructure(value, kind)}


def _read_any(made: Converter, value: Any) -> Any:
    if type(value) in _SCALARS:
        return _READ[type(value)](value)
    if type(value) is list:
        return _items(value, repeat(partial(_read_any, made)), tuple[Any, ...])
    if type(value) is not dict or set(value) != {"type", "value"}:
        raise InvalidType(
            HERE, value, "a text, a whole number, true, false, null, a list or a type"
        )
    name = value["type"]
    kind = vocabulary().get(name) if type(name) is str else None
    if kind is None:
        raise UnknownName("type", name, "a type of kipp")
    return made.structure(value["value"], kind)


def _items(values: list[Any], reads: Iterable[Callable[[Any], Any]], kind: Any) -> tuple[Any, ...]:
    """Read each item with its reader; every fault is kept with its position."""
    found: list[Any] = []
    errors: list[Exception] = []
    for index, (value, read) in enumerate(zip(values, reads, strict=False)):
        try:
            found.append(read(value))
        except Exception as error:
            error.__notes__ = [IterableValidationNote("", index, kind)]
            errors.append(error)
    if errors:
        raise IterableValidationError("", errors, kind)
    return tuple(found)


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


def _read_union(made: Converter, kind: Any) -> _Hook:
    members = {_shape(member): member for member in get_args(kind)}
    said = " or ".join(_name(member) for member in get_args(kind))

    def read(value: Any, _: Any) -> Any:
        member = members.get(type(value).__name__)
        if member is not None:
            return made.structure(value, member)
        kept = [each for shape, each in members.items() if shape != "NoneType"]
        if len(kept) == 1:
            return made.structure(value, kept[0])
        raise InvalidType(HERE, value, said)

    return read


def _name(kind: Any) -> str:
    return {NoneType: "null", int: "a whole number", str: "a text"}.get(kind) or kind.__name__


def _write_union(made: Converter, kind: Any) -> Callable[[Any], Any]:
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


def _read_tuple(made: Converter, kind: Any) -> _Hook:
    args = get_args(kind)
    if args[-1] is Ellipsis:
        each = _reader(made, args[0])
        return lambda value, _: _items(_array(value), repeat(each), kind)
    readers = [_reader(made, arg) for arg in args]

    def read(value: Any, _: Any) -> tuple[Any, ...]:
        if len(_array(value)) != len(args):
            raise InvalidValue(HERE, value, f"a list of {len(args)}")
        return _items(value, readers, kind)

    return read


def _reader(made: Converter, kind: Any) -> Callable[[Any], Any]:
    hook = made.get_structure_hook(kind)
    return lambda value: hook(value, kind)


def _write_tuple(made: Converter, kind: Any) -> Callable[[Any], Any]:
    args = get_args(kind)
    check = _exactly(tuple, "a tuple")
    if args[-1] is Ellipsis:
        return lambda value: [made.unstructure(item, args[0]) for item in check(value)]

    def write(value: Any) -> list[Any]:
        if len(check(value)) != len(args):
            raise InvalidValue(HERE, value, f"a tuple of {len(args)}")
        return [made.unstructure(item, arg) for item, arg in zip(value, args, strict=True)]

    return write


def _read_sequence(made: Converter, kind: Any) -> _Hook:
    return _read_tuple(made, _as_tuple(kind))


def _write_sequence(made: Converter, kind: Any) -> Callable[[Any], Any]:
    """Values that may be made only when they are read, as a list."""
    write = _write_tuple(made, _as_tuple(kind))
    return lambda value: write(tuple(value))


def _as_tuple(kind: Any) -> Any:
    return tuple[(*get_args(kind), ...)]  # type: ignore[misc]  # built at run time


def _array(value: Any) -> list[Any]:
    found: list[Any] = _exactly(list, "a list")(value)
    return found


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, Repeated):
        raise InvalidValue(HERE, value.keys, "an object in which each key stands once")
    found: dict[str, Any] = _exactly(dict, "an object")(value)
    return found


def _read_mapping(made: Converter, kind: Any) -> _Hook:
    key, item = (_reader(made, part) for part in get_args(kind))

    def read(value: Any, _: Any) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        errors: list[Exception] = []
        for name, part in _object(value).items():
            try:
                found[key(name)] = item(part)
            except Exception as error:
                error.__notes__ = [IterableValidationNote("", name, kind)]
                errors.append(error)
        if errors:
            raise IterableValidationError("", errors, kind)
        return found

    return read


def _write_mapping(made: Converter, kind: Any) -> Callable[[Any], Any]:
    key, item = get_args(kind)
    return lambda value: {
        made.unstructure(each, key): made.unstructure(value[each], item) for each in value
    }


@cache
def _words(kind: Any) -> Mapping[str, enum.Enum]:
    return {member.value: member for member in kind}


def _word(value: Any, kind: Any) -> enum.Enum:
    words = _words(kind)
    expected = f"one of {', '.join(words)}"
    if type(value) is not str:
        raise InvalidType(HERE, value, expected)
    if value not in words:
        raise InvalidValue(HERE, value, expected)
    return words[value]


def _read_str(value: Any, kind: Any) -> Any:
    """A text; cattrs also asks the hook of ``str`` for every enum of texts."""
    return _text(value) if kind is str else _word(value, kind)


def _write_str(value: Any) -> str:
    return str(value.value) if isinstance(value, enum.Enum) else _text(value)


def _read_int(value: Any, kind: Any) -> Any:
    """A whole number; cattrs also asks the hook of ``int`` for ``bool``."""
    return _truth(value) if kind is bool else _whole(value)


# Records


def _read_record(made: Converter, kind: Any) -> _Hook:
    plain = get_origin(kind) or kind
    attrs.resolve_types(plain)
    # What stands in a generic record may be of any kind, whatever the annotation narrows it to.
    anything = (Any,) * len(getattr(plain, "__parameters__", ()))
    build = make_dict_structure_fn(plain[anything] if anything else plain, made)
    return lambda value, kind: build(_object(value), kind)


def _write_record(made: Converter, kind: Any) -> Callable[[Any], Any]:
    plain = get_origin(kind) or kind
    attrs.resolve_types(plain)
    hook = override(unstruct_hook=_write_open(made, plain))
    opened: dict[str, Any] = {
        field.name: hook for field in attrs.fields(plain) if _is_single_open(field.type)
    }
    write = make_dict_unstructure_fn(plain, made, _cattrs_omit_if_default=True, **opened)
    check = _exactly(plain, f"a {plain.__name__}")
    return lambda value: write(check(value))


# Derived facts of an answer are written for readers without kipp, and checked when read.
_DERIVED: Mapping[type, tuple[str, ...]] = {
    Decision: ("outcome", "evidence"),
    Judgement: ("outcome", "evidence"),
    Classification: ("evidence",),
}


def _is_answer(kind: Any) -> bool:
    return (get_origin(kind) or kind) in _DERIVED


def _read_answer(made: Converter, kind: Any) -> _Hook:
    build = _read_record(made, kind)
    names = _DERIVED[get_origin(kind) or kind]

    def read(value: Any, kind: Any) -> Any:
        stated = {name: value[name] for name in names if name in _object(value)}
        found = build({name: part for name, part in value.items() if name not in stated}, kind)
        for name, part in stated.items():
            derived = getattr(found, name)
            if part != (None if derived is None else derived.value):
                raise InvalidValue(name, part, f"{derived}, which follows from the reasons")
        return found

    return read


def _write_answer(made: Converter, kind: Any) -> Callable[[Any], Any]:
    write = _write_record(made, kind)
    names = _DERIVED[get_origin(kind) or kind]

    def written(value: Any) -> dict[str, Any]:
        derived = {name: getattr(value, name) for name in names}
        plain = {name: part and part.value for name, part in derived.items()}
        return {**write(value), **plain}

    return written


def _read_rulebook(made: Converter) -> _Hook:
    build = _read_record(made, Rulebook)

    def read(value: Any, kind: Any) -> Rulebook:
        book: Rulebook = build(value, kind)
        for path in book:
            declared = spec(book.kind, path)
            for reading in _stated(book[path]):
                read_term(declared, reading)
        return book

    return read


def _stated(value: Any) -> Iterator[Any]:
    for reading in getattr(value, "alternatives", (value,)):
        if hasattr(reading, "value"):
            yield reading.value


def _read_submission(made: Converter) -> _Hook:
    build = _read_record(made, Submission)

    def read(value: Any, kind: Any) -> Submission:
        if "proposal" not in _object(value):
            return Submission(proposal=made.structure(value, Proposal))
        found: Submission = build(value, kind)
        return found

    return read


@attrs.frozen(kw_only=True)
class _Sheet:
    """A score sheet as it is written: each criterion names its mark."""

    proposal: str
    stage: Stage
    assessor: str
    marks: Mapping[str, Mark]


def _read_sheet(made: Converter) -> _Hook:
    """A score sheet of whole marks at once, for there are many; any other by its fields."""
    build = _read_record(made, _Sheet)

    def read(value: Any, kind: Any) -> ScoreSheet:
        found = _plain_sheet(value)
        if found is None:
            sheet = build(value, kind)
            found = ScoreSheet(**{name: getattr(sheet, name) for name in _SHEET_KEYS})
        return found

    return read


def _plain_sheet(value: Any) -> ScoreSheet | None:
    if type(value) is not dict or value.keys() != _SHEET_NAMES:
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


_SHEET_KEYS = ("proposal", "stage", "assessor", "marks")
_SHEET_NAMES = frozenset(_SHEET_KEYS)
_STAGES = {stage.value: stage for stage in Stage}


def _write_scores(value: Scores) -> dict[str, str]:
    return {proposal: str(value.value(proposal)) for proposal in value.points}


def _read_scores(value: Any, _: Any) -> Scores:
    exact = {_text(key): _fraction(part) for key, part in _object(value).items()}
    unit = Fraction(1, max((each.denominator for each in exact.values()), default=1))
    for each in exact.values():
        unit = Fraction(1, unit.denominator * (each / unit).denominator)
    return Scores(points={key: int(each / unit) for key, each in exact.items()}, unit=unit)


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


def check_readable(kind: Any) -> None:
    """Refuse a *kind* that no record is read as.

    Raises:
        InvalidType: it is no type of kipp.
    """
    expected = "a type of kipp such as Proposal, or a tuple of one (tuple[Proposal, ...])"
    if not isinstance(kind, type) and get_origin(kind) is None and not _is_newtype(kind):
        raise InvalidType("type", kind, expected)
    try:
        converter().get_structure_hook(kind)
    except StructureHandlerNotFoundError:
        raise InvalidType("type", kind, expected) from None


@cache
def converter() -> Converter:
    """The converter, made once."""
    made = Converter(forbid_extra_keys=True, detailed_validation=True)
    # Later entries are asked first; the factories get the converter to ask it for other hooks.
    _both(made, attrs.has, _read_record, _write_record)
    _both(made, _is_mapping, _read_mapping, _write_mapping)
    _both(made, _is_tuple, _read_tuple, _write_tuple)
    _both(made, _is_sequence, _read_sequence, _write_sequence)
    _both(made, _is_newtype, _read_newtype, _write_newtype)
    _both(made, _is_union, _read_union, _write_union)
    _both(made, _is_open, _read_open, _write_open)
    _both(made, _is_answer, _read_answer, _write_answer)
    made.register_structure_hook(str, _read_str)
    made.register_unstructure_hook(str, _write_str)
    made.register_structure_hook(int, _read_int)
    for kind, read in _READ.items():
        _one(made, kind, _ignoring_type(read), _WRITE[kind])
    _one(made, Scores, _read_scores, _write_scores)
    _one(made, ScoreSheet, _read_sheet(made), _write_sheet)
    made.register_structure_hook_func(lambda kind: kind is Rulebook, _read_rulebook(made))
    made.register_structure_hook_func(lambda kind: kind is Submission, _read_submission(made))
    return made


def _both(
    made: Converter,
    fits: Callable[[Any], bool],
    read: Callable[[Converter, Any], _Hook],
    write: Callable[[Converter, Any], Callable[[Any], Any]],
) -> None:
    made.register_structure_hook_factory(fits, lambda kind: read(made, kind))
    made.register_unstructure_hook_factory(fits, lambda kind: write(made, kind))


def _one(made: Converter, kind: Any, read: _Hook, write: Callable[[Any], Any]) -> None:
    made.register_structure_hook_func(lambda each: each is kind, read)
    made.register_unstructure_hook_func(lambda each: each is kind, write)


def _ignoring_type(read: Callable[[Any], Any]) -> _Hook:
    return lambda value, _: read(value)


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _is_sequence(kind: Any) -> bool:
    return get_origin(kind) is Sequence


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) is Mapping


def _is_newtype(kind: Any) -> bool:
    return hasattr(kind, "__supertype__")


def _read_newtype(made: Converter, kind: Any) -> _Hook:
    hook = made.get_structure_hook(kind.__supertype__)
    return lambda value, _: hook(value, kind.__supertype__)


def _write_newtype(made: Converter, kind: Any) -> Callable[[Any], Any]:
    hook: Callable[[Any], Any] = made.get_unstructure_hook(kind.__supertype__)
    return hook


def _read_open(made: Converter, _: Any) -> _Hook:
    return lambda value, _: _read_any(made, value)


def _write_open(made: Converter, _: Any) -> Callable[[Any], Any]:
    return lambda value: _write_any(made, value)
