"""The Arrow schema of a kind of record, derived from its fields, and records as Arrow rows.

A record is a struct, a tuple a list, a list of pairs and a table a map, a day ``date32``, a whole
number ``int64``.  A closed word, a moment and an exact number are texts, as in JSON: an Arrow
timestamp has one zone for a whole column, so the offset of each moment would be lost, and no Arrow
number holds every fraction.  Where one of several kinds may stand (a day or a range of days), a
struct has a field for each, of which one is filled.  Every column may hold null.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import attrs

from kipp.domain.assessment import Mark, ScoreSheet
from kipp.domain.dates import Date, DateTime, Period
from kipp.domain.errors import InvalidType, MissingExtra
from kipp.io.converter import HERE, converter

__all__ = ["ArrowForm", "Column", "arrow_schema", "column_of", "pyarrow", "to_batch"]


@cache
def pyarrow() -> Any:
    """The package pyarrow, with its functions on columns.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.compute
    except ImportError:
        raise MissingExtra("reading and writing Arrow and Parquet", "pyarrow", "arrow") from None
    return pa


class ArrowForm(enum.Enum):
    """What a column holds."""

    TEXT = "text"
    WORD = "word"
    FLAG = "flag"
    WHOLE = "whole"
    DAY = "day"
    MOMENT = "moment"
    EXACT = "exact"
    RECORD = "record"
    """A struct, a field for each field of the class."""
    CHOICE = "choice"
    """A struct with a field for each kind that may stand there, of which one is filled."""
    LIST = "list"
    PAIRS = "pairs"
    """A map that is read as a list of pairs."""
    TABLE = "table"
    """A map that is read as an object."""


@attrs.frozen(kw_only=True, eq=False)
class Column:
    """A column of records of *kind*: its *form*, its Arrow *type*, how a value is written.

    *parts* are the columns inside it by name: those of a struct; ``item`` of a list; ``key`` and
    ``value`` of a map.  *nullable* says whether null is a value here; *defaults* whether the
    field may be left out.
    """

    form: ArrowForm
    kind: Any
    type: Any
    write: Callable[[Any], Any]
    parts: Mapping[str, Column] = {}
    nullable: bool = False
    defaults: bool = False


def arrow_schema(kind: type) -> Any:
    """The ``pyarrow.Schema`` in which records of *kind* are written.

    Raises:
        InvalidType: *kind* is no class of records.
        MissingExtra: the extra ``arrow`` is not installed.
    """
    return pyarrow().schema(_fields(column_of(kind)))


def to_batch(values: list[Any], kind: type) -> Any:
    """The *values*, records of *kind*, as one ``pyarrow.RecordBatch``.

    Raises:
        InvalidType, InvalidValue: something that kipp does not write.
        MissingExtra: the extra ``arrow`` is not installed.
    """
    arrow, write = pyarrow(), column_of(kind).write
    return arrow.RecordBatch.from_pylist(
        [write(value) for value in values], schema=arrow_schema(kind)
    )


@cache
def column_of(kind: Any) -> Column:
    """The column of records of *kind*; its parts are the columns of a file of them.

    Raises:
        InvalidType: *kind* is no class of records.
        MissingExtra: the extra ``arrow`` is not installed.
    """
    if not (isinstance(kind, type) and attrs.has(kind)):
        raise InvalidType("kind", kind, "a class of records such as Proposal")
    return _record(kind)


def _column(kind: Any) -> Column:
    kind = getattr(kind, "__supertype__", kind)
    if kind in _SIMPLE:
        return _simple(kind, _SIMPLE[kind])
    if kind == Mark:
        return _simple(Fraction, ArrowForm.EXACT, str)
    if get_origin(kind) in (Union, UnionType):
        return _union(kind)
    if get_origin(kind) is tuple:
        return _tuple(kind)
    if issubclass(kind, enum.Enum):
        return _simple(kind, ArrowForm.WORD)
    return _record(kind)


_SIMPLE = {
    str: ArrowForm.TEXT,
    bool: ArrowForm.FLAG,
    int: ArrowForm.WHOLE,
    Date: ArrowForm.DAY,
    DateTime: ArrowForm.MOMENT,
    Fraction: ArrowForm.EXACT,
    Period: ArrowForm.TEXT,
}


def _simple(kind: Any, form: ArrowForm, write: Callable[[Any], Any] | None = None) -> Column:
    arrow = pyarrow()
    types = {
        ArrowForm.FLAG: arrow.bool_(),
        ArrowForm.WHOLE: arrow.int64(),
        ArrowForm.DAY: arrow.date32(),
    }
    return Column(
        form=form,
        kind=kind,
        type=types.get(form, arrow.string()),
        write=write or (_day if kind is Date else converter().get_unstructure_hook(kind)),
    )


def _day(value: Any) -> Date:
    if type(value) is not Date:
        raise InvalidType(HERE, value, "a pendulum date")
    return value


def _union(kind: Any) -> Column:
    members = get_args(kind)
    kept = [member for member in members if member is not NoneType]
    column = _column(kept[0]) if len(kept) == 1 else _choice(kept)
    if len(kept) == len(members):
        return column
    write = column.write
    return attrs.evolve(
        column, nullable=True, write=lambda value: None if value is None else write(value)
    )


def _choice(kinds: list[Any]) -> Column:
    parts = {kind.__name__: _column(kind) for kind in kinds}

    def write(value: Any) -> dict[str, Any]:
        name = type(value).__name__
        if name not in parts:
            raise InvalidType(HERE, value, " or ".join(parts))
        return {name: parts[name].write(value)}

    return _struct(ArrowForm.CHOICE, kinds, parts, write)


def _tuple(kind: Any) -> Column:
    item, _ = get_args(kind)
    if get_origin(item) is tuple:
        key, value = map(_column, get_args(item))
        return _map(ArrowForm.PAIRS, kind, key, value)
    part = _column(item)
    write = part.write
    return Column(
        form=ArrowForm.LIST,
        kind=kind,
        type=pyarrow().list_(part.type),
        write=lambda values: [write(value) for value in values],
        parts={"item": part},
    )


def _map(form: ArrowForm, kind: Any, key: Column, value: Column) -> Column:
    return Column(
        form=form,
        kind=kind,
        type=pyarrow().map_(key.type, value.type),
        write=lambda pairs: [(key.write(left), value.write(right)) for left, right in pairs],
        parts={"key": key, "value": value},
    )


def _record(kind: Any) -> Column:
    attrs.resolve_types(kind)
    parts = {field.name: _field(kind, field) for field in attrs.fields(kind)}

    def write(value: Any) -> dict[str, Any]:
        if type(value) is not kind:
            raise InvalidType(HERE, value, f"a {kind.__name__}")
        return {name: part.write(getattr(value, name)) for name, part in parts.items()}

    return _struct(ArrowForm.RECORD, kind, parts, write)


def _field(kind: Any, field: attrs.Attribute[Any]) -> Column:
    if kind is ScoreSheet and field.name == "marks":
        return _map(ArrowForm.TABLE, Mapping[str, Mark], _column(str), _column(Mark))
    defaults = field.default is not attrs.NOTHING
    return attrs.evolve(_column(field.type), defaults=defaults)


def _struct(
    form: ArrowForm, kind: Any, parts: Mapping[str, Column], write: Callable[[Any], Any]
) -> Column:
    column = Column(form=form, kind=kind, type=None, write=write, parts=parts)
    return attrs.evolve(column, type=pyarrow().struct(_fields(column)))


def _fields(column: Column) -> list[Any]:
    return [pyarrow().field(name, part.type) for name, part in column.parts.items()]
