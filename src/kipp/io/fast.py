"""Lines of JSON read by msgspec straight into kipp's values, where nothing can be wrong with them.

Needs the extra ``fast``.  What is not surely right is left to the reader that explains
(:mod:`kipp.io.shape`), so that values and faults are the same with the extra and without it.  The
constructors check what the fields hold; here it is only asked what they cannot see: a key that
nobody knows or that stands twice, and a number that other programs do not read exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeAlias

import attrs

from kipp.domain.checks import Form, Kind
from kipp.domain.dates import Date, DateTime
from kipp.domain.fault import Origin
from kipp.io.raw import Raw
from kipp.io.simple import SIMPLE
from kipp.io.typed import kind_for

__all__ = ["Take", "accepted", "taking"]

Take: TypeAlias = Callable[[bytes], Any]
"""The value that a line holds; none where it is not surely right."""

_LONG_NUMBER = re.compile(rb"[0-9]{16}")
_GAPS = (b'" ', b'"\t', b'"\r', b'"\n')
"""Blank space after a quote may part a key from its colon."""


@cache
def taking(kind: type) -> Take | None:
    """How lines of records of *kind* are read fast; none where they are not.

    That is so without the extra, and for kinds whose fields msgspec has no type for.
    """
    try:
        import msgspec
    except ImportError:
        return None
    try:
        decoder: Any = msgspec.json.Decoder(kind, dec_hook=_simple)
        count = _counting(kind)
    except (TypeError, _Uncounted):
        return None
    decode = decoder.decode

    def take(line: bytes) -> Any:
        if _LONG_NUMBER.search(line) or any(gap in line for gap in _GAPS):
            return None
        try:
            value = decode(line)
        except Exception:  # whatever it is, the reader that explains says it
            return None
        # Each key has a quote before its colon: as many as there are fields that say something.
        return value if line.count(b'":') == count(value) else None

    return take


def accepted(text: bytes, value: Any, origin: Origin) -> Raw:
    """The record of *text*, whose *value* is there already; its places are found when asked for."""
    from kipp.io.json_stream import placed

    return Raw(data=None, origin=origin, place=partial(placed, text, origin), value=value)


def _simple(kind: type, text: Any) -> Any:
    """A day or a moment, by the reader of those."""
    read = _READERS.get(kind)
    if read is None:
        raise TypeError(kind)
    return read(text)


def _strictly(form: Form, kind: type) -> Callable[[Any], Any]:
    from kipp.io.finding import ROOT, Report

    read = SIMPLE[form](kind_for(kind))

    def strictly(text: Any) -> Any:
        report = Report()
        value = read(text, None, ROOT, report)
        if report.troubles:
            raise ValueError(text)
        return value

    return strictly


_READERS: dict[type, Callable[[Any], Any]] = {
    Date: _strictly(Form.DAY, Date),
    DateTime: _strictly(Form.MOMENT, DateTime),
}


# How many keys a value needs


class _Uncounted(Exception):
    """A kind whose keys are not counted here."""


_Count: TypeAlias = Callable[[Any], int]


def _counting(cls: type) -> _Count:
    """Counts the keys of the shortest text of a value: a field at its default has none.

    One expression for each type, made of its fields: asking them in a loop takes four times as
    long, which is more than reading the line does.
    """
    terms: list[str] = []
    known: dict[str, Any] = {}
    for field in attrs.fields(attrs.resolve_types(cls)):
        if isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]  # it is a class
            raise _Uncounted
        name = f"value.{field.name}"
        inner = _inner(kind_for(field.type))
        if field.default is attrs.NOTHING:
            terms.append("1")
        elif field.default is None or type(field.default) is bool:
            terms.append(f"({name} is not {field.default})")
        else:
            known[f"default_{field.name}"] = field.default
            terms.append(f"({name} != default_{field.name})")
        if inner is not None:
            known[f"in_{field.name}"] = inner
            terms.append(f"(in_{field.name}({name}) if {name} else 0)")
    made: _Count = eval(f"lambda value: {' + '.join(terms)}", known)  # as said above
    return made


def _inner(kind: Kind) -> _Count | None:
    """Counts the keys inside a value of *kind*; none where it has no keys."""
    match kind.form:
        case Form.MAYBE:
            return _inner(kind.parts[0])
        case Form.RECORD:
            return _counting(kind.classes[0])
        case Form.EVERY:
            each = _inner(kind.parts[0])
            return None if each is None else _every(each)
        case Form.ROW if any(_inner(part) for part in kind.parts):
            raise _Uncounted
        case Form.TABLE | Form.EITHER | Form.OTHER:
            raise _Uncounted
        case _:
            return None


def _every(each: _Count) -> _Count:
    return lambda values: sum(map(each, values))
