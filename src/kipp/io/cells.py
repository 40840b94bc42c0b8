"""Cells of a table brought to the plain data of a record, and back.

Each form of value has one way to be written and several in which it is read.  A list stands in
one cell, its items separated by ``;`` and quoted where they hold one (``"a;b"; c``); pairs are
``key: value``; an empty list is ``[]``; a list of records is JSON.  What has two readings is not
read: the fault names both.
"""

from __future__ import annotations

import datetime as dt
import difflib
import enum
import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias

import attrs

from kipp.domain.checks import Form, Kind
from kipp.domain.errors import InvalidValue, KippError
from kipp.domain.fault import Severity
from kipp.io.cell_days import Days, words
from kipp.io.cell_numbers import Numbers
from kipp.io.columns import Column, fold
from kipp.io.document import LARGEST, parse
from kipp.io.options import Reading
from kipp.io.unread import Cell, Partly, Unread, unread
from kipp.rules.resolution import Resolved

__all__ = ["HELD", "NO_ITEMS", "Agencies", "Read", "cell_of", "is_blank", "reader", "words_of"]

Read: TypeAlias = Callable[[Cell], Any]
"""From a cell that is not blank to plain data, :class:`Unread` or :class:`Partly`."""

NO_ITEMS = "[]"
"""How a list without items is written; a blank cell says that nothing is recorded."""

_ERRORS = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA")
)
_MOST_REMEMBERED = 10_000
_SURROGATE = re.compile("[\ud800-\udfff]")
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^";\r\n][^;\r\n]*)?)(;|\r\n|\r|\n|$)')
_PAIR = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^"].*?))\s*:([^:]*)', re.DOTALL)
_NEEDS_QUOTES = re.compile(r'[";\r\n]|^\s|\s$|^$|^\[\]$')


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands in *cell*."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


# Reading


@attrs.define
class Agencies:
    """What agency each text names, by the function somebody declared; answers are remembered."""

    resolve: Callable[[str], Any]
    _known: dict[str, Any] = attrs.field(factory=dict)

    def key(self, text: str) -> Any:
        """The key of the one agency that *text* names; else why there is none."""
        found = self._known.get(text)
        if found is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            found = self._known[text] = self._resolved(text)
        return found

    def _resolved(self, text: str) -> Any:
        answer = self.resolve(text)
        if isinstance(answer, Resolved):
            return answer.agency.key
        return unread(
            answer.reason.code,
            text,
            severity=Severity.NEEDS_PERSON,
            cure="NAME_AGENCY",
            on=answer.on,
            candidates=answer.candidates,
            readings=answer.readings,
        )


def reader(column: Column, reading: Reading, *, from_1904: bool | None = None) -> Read:
    """How the cells of *column* are read; *from_1904* is what a workbook says of its days."""
    readers = _Readers(
        Days(order=reading.dates, zone=reading.zone, from_1904=from_1904),
        Numbers(written=reading.numbers, quantum=reading.quantum),
        Agencies(reading.resolve).key if reading.resolve and column.is_agency else None,
    )
    read = readers.of(column.bare)

    def checked(cell: Cell) -> Any:
        return unread("CELL_ERROR", cell, cure="CALCULATE_AGAIN") if cell in _ERRORS else read(cell)

    return checked


@attrs.frozen
class _Readers:
    days: Days
    numbers: Numbers
    agency: Callable[[str], Any] | None

    def of(self, kind: Kind) -> Read:
        """How a cell of *kind* is read."""
        match kind.form:
            case Form.TEXT:
                return self._text
            case Form.FLAG:
                return _truth
            case Form.WHOLE:
                return self.numbers.whole
            case Form.EXACT:
                return self.numbers.mark
            case Form.DAY:
                return self.days.day
            case Form.MOMENT:
                return self.days.moment
            case Form.WORD:
                return lambda cell: _word(cell, kind.classes[0])
            case Form.EVERY | Form.TABLE:
                return self._several(kind)
            case Form.EITHER:
                is_day = any(part.form is Form.DAY for part in kind.parts)
                return self.days.day_or_range if is_day else self.numbers.mark
            case Form.MAYBE:
                return self.of(kind.parts[0])
            case _:
                return _document

    def _several(self, kind: Kind) -> Read:
        if kind.form is Form.TABLE:
            return self._table(*kind.parts)
        (part,) = kind.parts
        if part.form is Form.RECORD:
            return _document
        if part.form is Form.ROW:
            return self._pairs(*part.parts)
        return self._items(part)

    def _text(self, cell: Cell) -> Any:
        text = _as_text(cell)
        return self.agency(text.strip()) if self.agency and isinstance(text, str) else text

    def _items(self, part: Kind) -> Read:
        read = self.of(part)
        by_comma = part.form is Form.WHOLE

        def items(cell: Cell) -> Any:
            if not isinstance(cell, str):
                return _gathered([read(cell)])
            found = _split(cell, by_comma=by_comma)
            return found if isinstance(found, Unread) else _gathered(map(read, found), found)

        return items

    def _pairs(self, *parts: Kind) -> Read:
        reads = [self.of(part) for part in parts]

        def pairs(cell: Cell) -> Any:
            found = _split_pairs(cell)
            if isinstance(found, Unread):
                return found
            rows = ((read(text) for read, text in zip(reads, row, strict=True)) for row in found)
            return _gathered((_gathered(row, told) for row, told in zip(rows, found, strict=True)))

        return pairs

    def _table(self, key: Kind, value: Kind) -> Read:
        pairs = self._pairs(key, value)
        alone = self.of(value)

        def table(cell: Cell) -> Any:
            if not isinstance(cell, str) or (":" not in cell and cell.strip() != NO_ITEMS):
                return _overall(alone(cell))
            return _by_key(pairs(cell), cell)

        return table


def _overall(found: Any) -> Any:
    """One number for the whole: it has the key that says so."""
    from kipp.domain.assessment import OVERALL

    if isinstance(found, Unread):
        return Partly({}, (attrs.evolve(found, inside=(OVERALL,)),))
    return {OVERALL: found}


def _by_key(found: Any, cell: str) -> Any:
    """Pairs as an object, each key once."""
    if isinstance(found, Unread):
        return found
    rows = found.data if isinstance(found, Partly) else found
    keys = [str(key) for key, _ in rows]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        return unread("PAIR_TWICE", cell, cure="KEEP_ONE_KEY", key=twice)
    data = dict(zip(keys, (value for _, value in rows), strict=True))
    if not isinstance(found, Partly):
        return data
    # A pair's own place is its key: the fault of the value stands there.
    faults = (attrs.evolve(each, inside=(keys[int(each.inside[0])],)) for each in found.faults)
    return Partly(data, tuple(faults))


def _gathered(found: Any, told: Sequence[Any] = ()) -> Any:
    """The values *found*, or those that were read with the faults of the rest, as *told*."""
    data: list[Any] = []
    faults: list[Unread] = []
    for index, value in enumerate(found):
        match value:
            case Unread():
                faults.append(attrs.evolve(value, inside=(index, *value.inside)))
                data.append(told[index] if index < len(told) else dict(value.values)["value"])
            case Partly():
                faults += (
                    attrs.evolve(each, inside=(index, *each.inside)) for each in value.faults
                )
                data.append(value.data)
            case _:
                data.append(value)
    return Partly(data, tuple(faults)) if faults else data


def _as_text(cell: Cell) -> Any:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        # From 2**53 on a binary number no longer holds all the digits somebody typed.
        return (
            str(int(cell))
            if abs(cell) <= LARGEST
            else unread("DIGITS_LOST", cell, cure="WRITE_AS_TEXT")
        )
    if type(cell) is int:
        return str(cell)
    return unread("NOT_TEXT", str(cell), cure="WRITE_AS_TEXT")


def _truth(cell: Cell) -> Any:
    if isinstance(cell, bool):
        return cell
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    meaning = words("truths").get(" ".join(text.casefold().split()))
    if meaning is None:
        return unread("TRUTH_UNREADABLE", cell, cure="WRITE_TRUTH")
    return meaning == "yes"


def _word(cell: Cell, kind: type[enum.Enum]) -> Any:
    known = words_of(kind)
    found = known.get(fold(cell)) if isinstance(cell, str) else None
    if found is not None:
        return found
    alike = difflib.get_close_matches(fold(str(cell)), known, n=1)
    return unread(
        "WORD_UNKNOWN",
        cell,
        cure="WRITE_WORD" if alike else None,
        known=tuple(str(member.value) for member in kind),
        nearest=known[alike[0]] if alike else None,
    )


@cache
def words_of(kind: type[enum.Enum]) -> dict[str, str]:
    """The words of a closed type: official terms and English names, folded, with the term."""
    found = {fold(member.name): str(member.value) for member in kind}
    return found | {fold(str(member.value)): str(member.value) for member in kind}


def _document(cell: Cell) -> Any:
    """JSON, as records in a list are written."""
    try:
        return parse(cell)
    except KippError as error:
        return unread(
            "CELL_NO_JSON", cell, cure="WRITE_JSON", expected=getattr(error, "expected", "JSON")
        )


def _split(cell: str, *, by_comma: bool = False) -> list[str] | Unread:
    """The items of a list: separated by ``;`` or line breaks, quoted where they hold one."""
    text = cell.strip()
    if text == NO_ITEMS:
        return []
    if by_comma:
        text = text.replace(",", ";")
    found = []
    at = 0
    while True:
        match = _ITEM.match(text, at)
        if match is None:
            return unread("LIST_UNREADABLE", cell, cure="WRITE_LIST")
        quoted, plain, end = match.groups()
        if quoted is not None:
            found.append(quoted.replace('""', '"'))
        elif plain is not None and plain.strip():
            found.append(plain.strip())
        if not end:
            return found
        at = match.end()


def _split_pairs(cell: Cell) -> list[tuple[str, str]] | Unread:
    if not isinstance(cell, str):
        return unread("PAIRS_UNREADABLE", cell, cure="WRITE_PAIRS")
    found = []
    for item in _raw_items(cell):
        match = _PAIR.fullmatch(item) if item is not None else None
        if match is None:
            return unread("PAIRS_UNREADABLE", cell, cure="WRITE_PAIRS")
        quoted, plain, value = match.groups()
        key = plain if quoted is None else quoted.replace('""', '"')
        found.append((key, value.strip()))
    return found


_RAW_ITEM = re.compile(r'((?:"(?:[^"]|"")*"|[^";\r\n])*)(;|\r\n|\r|\n|$)')


def _raw_items(cell: str) -> Iterator[str | None]:
    """The items of a list of pairs as written, quotes and all; none for what is no item."""
    text = cell.strip()
    at = 0
    while text != NO_ITEMS:
        match = _RAW_ITEM.match(text, at)
        if match is None:
            yield None
            return
        if match[1].strip():
            yield match[1].strip()
        if not match[2]:
            return
        at = match.end()


# Writing


def cell_of(value: Any, kind: Kind) -> Cell:
    """The cell for the plain *value* of *kind*: a text, a whole number, a truth, a day, or none.

    Reading it back gives *value*.

    Raises:
        InvalidValue: a text that a spreadsheet has for an error (``#REF!``).
    """
    match kind.form:
        case Form.MAYBE:
            return cell_of(value, kind.parts[0])
        case Form.DAY:
            return dt.date.fromisoformat(value)
        case Form.EITHER if isinstance(value, dict):
            return f"{value['first']}/{value['last']}"
        case Form.EITHER if any(part.form is Form.DAY for part in kind.parts):
            return dt.date.fromisoformat(value)
        case Form.TABLE:
            return _joined(value.items())
        case Form.EVERY if kind.parts[0].form is Form.ROW:
            return _joined(value)
        case Form.EVERY if kind.parts[0].form is Form.RECORD:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case Form.EVERY:
            return "; ".join(_quoted(_item(each)) for each in value) or NO_ITEMS
        case _ if value in _ERRORS:
            raise InvalidValue(HELD, value, "a text that no spreadsheet has for an error")
        case _:
            return value


HELD = "cell"
"""The name of what a cell cannot hold."""


def _joined(pairs: Any) -> str:
    items = (f"{_key(str(key))}: {_item(value)}" for key, value in pairs)
    return "; ".join(items) or NO_ITEMS


def _item(value: Any) -> str:
    return {True: "ya", False: "tidak"}[value] if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    escaped = text.replace('"', '""')
    return f'"{escaped}"' if _NEEDS_QUOTES.search(text) else text


def _key(text: str) -> str:
    return _quoted(text) if ":" not in text else '"' + text.replace('"', '""') + '"'
