"""Which rows of an Arrow batch surely have the right shape, found without making a single record.

Made of the kinds that the fields of the classes declare, never of a second list of demands: where
a kind or the type of a column is one that nobody here can look at, the answer is *not sure*, and
the row is read and explained like any other.  A mask is an Arrow array of true and false, or plain
true or false for all rows; at a null it says nothing.
"""

from __future__ import annotations

import datetime as dt
import enum
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any, TypeAlias

import attrs

from kipp.domain.checks import EACH, MOMENT, Agreement, Form, Kind, agreements_of
from kipp.domain.dates import Date
from kipp.io.arrow_rows import as_list, stored
from kipp.io.arrow_schema import pyarrow
from kipp.io.document import LARGEST
from kipp.io.typed import record_fields

__all__ = ["Mask", "surely_clean"]

Mask: TypeAlias = Any
"""A ``pyarrow.BooleanArray``, or one truth for all."""

_DESCRIBED: Mapping[Form, frozenset[str]] = {
    Form.TEXT: frozenset({"filled"}),
    Form.WHOLE: frozenset({"least", "most", "above"}),
    Form.WORD: frozenset({"words"}),
    Form.EVERY: frozenset({"items"}),
}
"""The limits that a mask knows, by the form they are of."""

_MOST = 1_000
"""So many combinations of values are asked whether they agree; more are not."""


def surely_clean(batch: Any, kind: type) -> Mask:
    """Which rows of the ``pyarrow.RecordBatch`` *batch* surely are records of *kind*.

    The batch has to be sound: its texts UTF-8, its offsets inside.

    Raises:
        MissingExtra: the extra ``arrow`` is not installed.
    """
    return _record(batch.schema.names, batch.columns, kind)


def _both(one: Mask, other: Mask) -> Mask:
    """Where both are true."""
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    return pyarrow().compute.and_(one, other)


def _either_one(one: Mask, other: Mask) -> Mask:
    """Where one of both is true."""
    if isinstance(one, bool):
        return True if one else other
    if isinstance(other, bool):
        return True if other else one
    return pyarrow().compute.or_(one, other)


def _valid(array: Any) -> Mask:
    """Where *array* is not null."""
    return array.is_valid() if array.null_count else True


def _null(array: Any) -> Mask:
    return array.is_null() if array.null_count else False


def _certain(mask: Mask) -> Mask:
    """*mask* with false where it says nothing."""
    return mask if isinstance(mask, bool) or not mask.null_count else mask.fill_null(False)


# Records


def _record(names: list[str], arrays: list[Any], kind: type) -> Mask:
    fields = record_fields(kind)
    if len(set(names)) < len(names):
        return False
    given = dict(zip(names, arrays, strict=True))
    clean: Mask = True
    for name, array in given.items():
        if name not in fields:
            clean = _both(clean, _null(array))
    for name, (held, field) in fields.items():
        optional = field.default is not attrs.NOTHING
        if name in given:
            clean = _both(clean, _value(given[name], held, optional=optional))
        elif not optional:
            return False
    for agreement in agreements_of(kind):
        clean = _both(clean, _agreed(given, agreement, fields))
    return clean


def _value(array: Any, kind: Kind, *, optional: bool = False) -> Mask:
    """Where *array* surely holds what *kind* accepts; null too, where it may or is *optional*."""
    array = stored(array, decode=False)
    if pyarrow().types.is_null(array.type):
        return optional or kind.form is Form.MAYBE
    part = kind.parts[0] if kind.form is Form.MAYBE else kind
    mask = _certain(_held(array, part))
    if optional or kind.form is Form.MAYBE:
        return _either_one(_null(array), mask)
    return _both(_valid(array), mask)


def _held(array: Any, kind: Kind) -> Mask:
    """Where *array*, not looking at nulls, surely holds what *kind* accepts."""
    if pyarrow().types.is_dictionary(array.type):
        return _of_dictionary(array, kind)
    look = _LOOKS.get(kind.form)
    if look is None or not _is_described(kind):
        return False
    return look(array, kind)


def _is_described(kind: Kind) -> bool:
    """Whether what *kind* demands is all said by its form, its parts and its limits."""
    base = kind.base
    narrows = base is not None and base.parts == kind.parts and base.limits == kind.limits
    known = _DESCRIBED.get(kind.form, frozenset())
    return kind is MOMENT or (not narrows and set(kind.limits) <= known)


def _of_dictionary(array: Any, kind: Kind) -> Mask:
    """The mask of each different value, where it stands."""
    mask = _value(array.dictionary, kind, optional=False)
    return mask if isinstance(mask, bool) else mask.take(array.indices)


# Texts, numbers, days, words


def _text(array: Any, kind: Kind) -> Mask:
    if not _is_text(array):
        return False
    return _filled(array) if kind.limits.get("filled") else True


def _is_text(array: Any) -> bool:
    types = pyarrow().types
    return bool(types.is_string(array.type) or types.is_large_string(array.type))


def _filled(array: Any) -> Mask:
    """Where some ASCII letter, digit or sign stands."""
    compute = pyarrow().compute
    ends = compute.min_max(array).as_py()
    if ends["min"] is None or (ends["min"] >= "!" and ends["max"] < "\x7f"):
        return True
    return compute.match_substring_regex(array, "[!-~]")


def _flag(array: Any, _: Kind) -> Mask:
    return bool(pyarrow().types.is_boolean(array.type))


def _whole(array: Any, kind: Kind) -> Mask:
    if not pyarrow().types.is_integer(array.type):
        return False
    limits = kind.limits
    least = max(limits.get("least", -LARGEST), limits.get("above", -LARGEST - 1) + 1)
    return _between(array, least, min(limits.get("most", LARGEST), LARGEST))


def _between(array: Any, least: Any, most: Any) -> Mask:
    """Where *array* lies between two values of Python, both included."""
    arrow = pyarrow()
    compute, kind = arrow.compute, array.type
    ends = compute.min_max(array)
    if not ends["min"].is_valid:
        return True
    if arrow.types.is_date(kind):
        # A day of Arrow may lie outside of Python's calendar: compare the numbers of days.
        array, kind = array.cast(arrow.int32()), arrow.int32()
        ends = compute.min_max(array)
    low, high = ends["min"], ends["max"]
    if arrow.types.is_integer(kind) and least <= low.as_py() and high.as_py() <= most:
        return True
    wide = array.cast(arrow.decimal128(_DIGITS)) if arrow.types.is_uint64(kind) else array
    return compute.and_(compute.greater_equal(wide, least), compute.less_equal(wide, most))


_DIGITS = 20


def _day(array: Any, _: Kind) -> Mask:
    if _is_text(array):
        return pyarrow().compute.match_substring_regex(array, f"^{_DAY}$")
    if not pyarrow().types.is_date32(array.type):
        return False
    epoch = Date(1970, 1, 1).toordinal()
    return _between(array, Date.min.toordinal() - epoch, Date.max.toordinal() - epoch)


_DAY = (
    "[1-8][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
"""A day of the calendar in its usual years; a 29 February is left to the reader."""
_MOMENT = (
    f"^{_DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{{1,6}})?"
    "(?:Z|[+](?:[01][0-9]|2[0-3]):[0-5][0-9]|-(?:0[1-9]|1[0-9]|2[0-3]):[0-5][0-9])$"
)


def _moment(array: Any, _: Kind) -> Mask:
    kind = array.type
    if pyarrow().types.is_timestamp(kind) and kind.tz and kind.unit != "ns":
        usual = (pyarrow().scalar(moment, kind) for moment in _USUAL_YEARS)
        return _between(array, *usual)
    if not _is_text(array):
        return False
    return pyarrow().compute.match_substring_regex(array, _MOMENT)


_USUAL_YEARS = (dt.datetime(1000, 1, 1, tzinfo=dt.UTC), dt.datetime(8999, 1, 1, tzinfo=dt.UTC))


def _word(array: Any, kind: Kind) -> Mask:
    if not _is_text(array) or len(kind.classes) > 1:
        return False
    arrow = pyarrow()
    words = arrow.array([member.value for member in _members(kind)], array.type)
    return arrow.compute.is_in(array, value_set=words)


def _members(kind: Kind) -> Iterable[enum.Enum]:
    """The words of a closed type that *kind* accepts."""
    members: Iterable[enum.Enum] = kind.limits.get("words", kind.classes[0])
    return members


def _exact(array: Any, _: Kind) -> Mask:
    if not _is_text(array):
        return False
    return pyarrow().compute.match_substring_regex(array, _FRACTION)


_FRACTION = "^-?(?:0|[1-9][0-9]{0,99})(?:/[1-9][0-9]{0,99})?$"


# Parts


def _struct(array: Any, kind: Kind) -> Mask:
    if not pyarrow().types.is_struct(array.type) or len(kind.classes) > 1:
        return False
    names = [field.name for field in array.type]
    arrays = [array.field(number) for number in range(array.type.num_fields)]
    return _record(names, arrays, kind.classes[0])


def _choice(array: Any, kind: Kind) -> Mask:
    """A struct with a field for each kind, of which exactly one is filled; or just one of them."""
    arrow = pyarrow()
    if not arrow.types.is_struct(array.type):
        masks = [_certain(_held(array, part)) for part in kind.parts]
        return _any(masks)
    named = {cls.__name__: part for part in kind.parts for cls in part.classes}
    names = [field.name for field in array.type]
    if len(set(names)) < len(names) or not set(names) <= set(named):
        return False
    clean: Mask = True
    filled = None
    for number, name in enumerate(names):
        field = array.field(number)
        clean = _both(clean, _value(field, named[name], optional=True))
        there = field.is_valid().cast(arrow.int8())
        filled = there if filled is None else arrow.compute.add(filled, there)
    return filled is not None and _both(clean, arrow.compute.equal(filled, 1))


def _any(masks: list[Mask]) -> Mask:
    found: Mask = False
    for mask in masks:
        found = _either_one(found, mask)
    return found


def _every(array: Any, kind: Kind) -> Mask:
    arrow = pyarrow()
    if arrow.types.is_map(array.type):
        array = as_list(array)
    if not (arrow.types.is_list(array.type) or arrow.types.is_large_list(array.type)):
        return False
    return _both(_items(array, kind.parts[0]), _long_enough(array, kind.limits.get("items", 0)))


def _long_enough(array: Any, least: int) -> Mask:
    compute = pyarrow().compute
    return compute.greater_equal(compute.list_value_length(array), least) if least else True


def _items(array: Any, part: Kind) -> Mask:
    """Where each item of the list surely is *part*."""
    compute = pyarrow().compute
    mask = _value(array.flatten(), part)
    if mask is True:
        return True
    if mask is False:
        return compute.equal(compute.list_value_length(array), 0)
    return _without(len(array), compute.list_parent_indices(array).filter(compute.invert(mask)))


def _row(array: Any, kind: Kind) -> Mask:
    """The entry of a map: a struct of key and value."""
    names = ["key", "value"]
    if not pyarrow().types.is_struct(array.type) or [each.name for each in array.type] != names:
        return False
    clean: Mask = True
    for number, part in enumerate(kind.parts):
        clean = _both(clean, _value(array.field(number), part))
    return clean


_LOOKS: Mapping[Form, Callable[[Any, Kind], Mask]] = {
    Form.TEXT: _text,
    Form.FLAG: _flag,
    Form.WHOLE: _whole,
    Form.EXACT: _exact,
    Form.DAY: _day,
    Form.MOMENT: _moment,
    Form.WORD: _word,
    Form.RECORD: _struct,
    Form.EITHER: _choice,
    Form.EVERY: _every,
    Form.ROW: _row,
}


# What fields must agree on


_Fields: TypeAlias = Mapping[str, tuple[Kind, "attrs.Attribute[Any]"]]


def _agreed(given: Mapping[str, Any], agreement: Agreement, fields: _Fields) -> Mask:
    """Where the fields surely agree; the agreement is asked once for each combination there is."""
    if EACH in agreement.at:
        return _each_agreed(given, agreement)
    columns = [
        _different(given.get(name), *fields[name]) for name in (*agreement.at, *agreement.beside)
    ]
    if any(column is None for column in columns):
        return False
    known = [column for column in columns if column is not None]
    if math.prod(len(column.values) for column in known) > _MOST:
        return False
    combinations = list(product(*(column.values for column in known)))
    good = [
        number
        for number, values in enumerate(combinations)
        if not any(value is _UNREAD for value in values) and agreement.holds(*values)
    ]
    return len(good) == len(combinations) or _numbered(known, good)


def _numbered(columns: list[_Different], numbers: list[int]) -> Mask:
    """Where the combination of the values of *columns* has one of *numbers*, in their order."""
    arrow = pyarrow()
    compute = arrow.compute
    code: Any = arrow.scalar(0, arrow.int64())
    for column in columns:
        size = arrow.scalar(len(column.values), arrow.int64())
        code = compute.add(compute.multiply(code, size), column.codes)
    mask = compute.is_in(code, value_set=arrow.array(numbers, arrow.int64()))
    return mask if isinstance(mask, arrow.Array) else bool(mask.as_py())


@attrs.frozen(eq=False)
class _Different:
    """The different *values* of a column, read; *codes* tells for each row which it has."""

    codes: Any
    values: list[Any]


_UNREAD = object()


def _different(array: Any, kind: Kind, field: attrs.Attribute[Any]) -> _Different | None:
    arrow = pyarrow()
    if array is None:
        return _Different(arrow.scalar(0, arrow.int64()), [field.default])
    try:
        encoded = stored(array).dictionary_encode(null_encoding="encode")
    except arrow.ArrowNotImplementedError:
        return None
    if len(encoded.dictionary) > _MOST:
        return None
    values = [_read(value, kind, field) for value in encoded.dictionary.to_pylist()]
    return _Different(encoded.indices.cast(arrow.int64()), values)


def _read(value: Any, kind: Kind, field: attrs.Attribute[Any]) -> Any:
    """The value of the field that *value* is, as far as that is plain."""
    if value is None:
        left_out = _UNREAD if field.default is attrs.NOTHING else field.default
        return None if kind.form is Form.MAYBE else left_out
    part = kind.parts[0] if kind.form is Form.MAYBE else kind
    if part.form is Form.WORD and len(part.classes) == 1:
        value = next((word for word in _members(part) if word.value == value), _UNREAD)
    return value if part.form in _PLAIN and part.accepts(value) else _UNREAD


_PLAIN = (Form.TEXT, Form.WHOLE, Form.FLAG, Form.WORD)


def _each_agreed(given: Mapping[str, Any], agreement: Agreement) -> Mask:
    """Where every item of a list surely agrees: where there is none, or all compare so."""
    arrow = pyarrow()
    compute = arrow.compute
    name, *way = agreement.at
    array = stored(given[name]) if name in given else None
    if array is None or arrow.types.is_null(array.type):
        return True
    if not (arrow.types.is_list(array.type) or arrow.types.is_large_list(array.type)):
        return False
    none = _certain(compute.equal(compute.list_value_length(array), 0))
    none = _either_one(_null(array), none)
    kernel = _KERNELS.get(agreement.holds)
    items = stored(array.flatten())
    beside = [stored(given[each]) for each in agreement.beside if each in given]
    shape = (len(way), len(agreement.beside), len(beside))
    if kernel is None or shape != (1 + 1, 1, 1) or not arrow.types.is_struct(items.type):
        return none
    number = items.type.get_field_index(way[-1])
    if number < 0 or items.field(number).type != beside[0].type or not _is_text(beside[0]):
        return none
    parents = compute.list_parent_indices(array)
    agrees = kernel(compute)(items.field(number), beside[0].take(parents)).fill_null(False)
    others = parents.filter(compute.invert(agrees))
    return _without(len(array), others)


_KERNELS: Mapping[Any, Callable[[Any], Any]] = {operator.eq: lambda compute: compute.equal}
"""Comparisons of texts that Arrow makes as Python does."""


def _without(rows: int, others: Any) -> Mask:
    """All of so many *rows* but those of the numbers *others*."""
    arrow = pyarrow()
    if not len(others):
        return True
    numbers = arrow.array(range(rows), others.type)
    return arrow.compute.invert(arrow.compute.is_in(numbers, value_set=others))
