"""Rows of a table as records: which row holds the headers, what each column means, cell by cell.

Indonesian spreadsheets have titles above the headers, rows of numbers or units below them, and
columns for remarks.  They are passed over; rows and columns keep the numbers and letters that a
spreadsheet shows.  Formats give rows (:mod:`kipp.io.csv_table`, :mod:`kipp.io.workbook`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice, pairwise
from typing import Any, TypeAlias

import attrs

from kipp.domain.checks import Form
from kipp.domain.fault import Cure, Fault, Origin, Severity, to_pointer
from kipp.io.cells import Read, is_blank, reader
from kipp.io.columns import (
    MISSING,
    Column,
    Heading,
    column_letter,
    columns_of,
    heading,
    is_unit,
    nearest,
)
from kipp.io.document import Path
from kipp.io.options import Reading
from kipp.io.raw import Raw
from kipp.io.unread import Cell, Partly, Unread

__all__ = ["Row", "fitting", "headers_fit", "needed_headers", "records"]

_LOOKED_AT = 20
"""So many rows are looked at for the headers."""


@attrs.frozen
class Row:
    """A row of a table: its *number* (from 1), its *cells*, its *line* where a text has lines.

    *faults* are what reading the row itself found.
    """

    number: int
    cells: Sequence[Cell]
    line: int | None = None
    faults: tuple[Fault, ...] = ()


def fitting(row: Row, kind: type) -> int:
    """How many cells of *row* are headers of *kind*."""
    return sum(1 for each in _headings(row, kind) if each.column is not None)


def headers_fit(rows: Iterable[Row], kind: type) -> int:
    """How many headers of *kind* the best of the first *rows* has."""
    return max((fitting(row, kind) for row in islice(rows, _LOOKED_AT)), default=0)


def records(
    rows: Iterable[Row],
    kind: type,
    *,
    file: str,
    sheet: str | None = None,
    reading: Reading,
    from_1904: bool | None = None,
) -> Iterator[Raw]:
    """The records of *kind* in *rows*, one a row; blank rows are passed over.

    What is wrong with the headers comes first; a table without headers is one fault.
    """
    table = _Table(kind=kind, file=file, sheet=sheet, tiers=reading.tiers)
    first, rest = _split(rows, kind, reading.header_row)
    if first is None:
        yield table.without_headers(rest)
        return
    if sheet is None:
        table = attrs.evolve(table, width=_width(first))
    columns, faults = table.columns(first, reading, from_1904)
    if faults:
        yield table.only(faults, first)
    for row in _without_units(rest):
        if row.faults or not all(map(is_blank, row.cells)):
            yield table.record(row, columns)


def _width(row: Row) -> int:
    """How many columns *row* reaches."""
    return max((at for at, cell in enumerate(row.cells, 1) if not is_blank(cell)), default=0)


# Headers


def _headings(row: Row, kind: type) -> list[Heading]:
    return [
        heading(str(cell), position, kind)
        for position, cell in enumerate(row.cells)
        if isinstance(cell, str) and cell.strip()
    ]


def _split(
    rows: Iterable[Row], kind: type, declared: int | None
) -> tuple[Row | None, Iterable[Row]]:
    """The row of the headers, if there is one, and the rows after it (or all)."""
    every = iter(rows)
    if declared is not None:
        found = next((row for row in every if row.number >= declared), None)
        return (found, every) if found and fitting(found, kind) else (None, every)
    seen = list(islice(every, _LOOKED_AT))
    best = max(range(len(seen)), key=lambda at: (fitting(seen[at], kind), -at), default=None)
    if best is None or not fitting(seen[best], kind):
        return None, seen
    return seen[best], chain(seen[best + 1 :], every)


def _without_units(rows: Iterable[Row]) -> Iterator[Row]:
    """*rows* without those right after the headers that only number or explain the columns."""
    every = iter(rows)
    for row in every:
        filled = [cell for cell in row.cells if not is_blank(cell)]
        if row.faults or (filled and not _explains(filled)):
            yield row
            break
    yield from every


def _explains(filled: Sequence[Cell]) -> bool:
    numbers = [_number(cell) for cell in filled]
    counted = numbers == list(range(1, len(filled) + 1))
    explained = all(isinstance(cell, str) and is_unit(cell) for cell in filled)
    # One cell alone may be the only one of a record.
    return len(filled) > 1 and (counted or explained)


def _number(cell: Cell) -> int | None:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    text = text.strip().removeprefix("(").removesuffix(")").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000") else None


# Records


_Known: TypeAlias = defaultdict[type, dict[Any, Any]]
"""What came of a cell that was read before, by the type of the cell."""


@attrs.frozen
class _Column:
    """A column that is read: what its header means, where, and how a cell of it is read.

    *is_apart*: its cells go to an item of a list or to a pair, whose place each row decides.
    *keeps_spaces*: a text of spaces only is one, where a text need not be filled.
    """

    heading: Heading
    column: Column
    read: Read
    position: int
    letter: str
    blank: Any
    is_apart: bool
    keeps_spaces: bool
    known: _Known
    way: tuple[str, ...] | None
    name: str

    def put(self, data: dict[str | int, Any], value: Any) -> bool:
        """Put *value* in its place, where the *way* there leads through no list."""
        inside: Any = data
        for step in self.way or ():
            if step not in inside:
                inside[step] = {}
            inside = inside[step]
        if self.name in inside:
            return False
        inside[self.name] = value
        return True


def _column(header: Heading, column: Column, reading: Reading, from_1904: bool | None) -> _Column:
    told = column
    if header.key is not None:
        # A column of its own for one pair holds only what the key stands for.
        _, worth = (column.bare.parts[0] if column.bare.form is Form.EVERY else column.bare).parts
        told = attrs.evolve(column, kind=worth)
    known: _Known = defaultdict(dict)
    is_apart = column.is_part or header.key is not None
    *way, last = column.path
    names = tuple(step for step in way if isinstance(step, str))
    return _Column(
        header,
        column,
        _remembering(reader(told, reading, from_1904=from_1904), known),
        header.position,
        header.letter,
        column.blank if column.required else MISSING,
        is_apart,
        column.bare.form is Form.TEXT and "filled" not in column.bare.limits,
        known,
        None if is_apart or len(names) < len(way) else names,
        str(last),
    )


def _remembering(read: Read, known: _Known) -> Read:
    """*read*, but what came of a cell is *known* the next time: most columns hold few that differ.

    True, 1 and 1.0 are one key and not one cell, so each type of cell has its own.
    """

    def remembered(cell: Cell) -> Any:
        found = read(cell)
        kept = known[type(cell)]
        if len(kept) < _REMEMBERED and isinstance(found, (str, int, list)):
            kept[cell] = found
        return found

    return remembered


_REMEMBERED = 2_000


class _Filling:
    """A record while the cells of its row are put into it.

    The items of a list that have columns of their own come in the order of their columns; blank
    ones are left out.
    """

    def __init__(self) -> None:
        self.data: dict[str | int, Any] = {}
        self._items: dict[tuple[Path, int], int] = {}
        self._apart: set[Path] = set()

    def put(self, column: _Column, value: Any) -> Path | None:
        """Put *value* in its place, and say where; none where something else stands there."""
        if not column.is_apart and len(column.column.path) == 1:
            return self._whole(self.data, (), column.column.path[0], value)
        *way, last = column.column.path
        inside: Any = self.data
        path: Path = ()
        for step, after in pairwise((*way, last)):
            at = step
            if step == 0:
                item = self._item(inside, path, column.heading.number)
                if item is None:
                    return None
                at = item
            elif step not in inside and after == 0:
                inside[step] = []
                self._apart.add((*path, step))
            elif step not in inside:
                inside[step] = {}
            inside, path = inside[at], (*path, at)
        if column.heading.key is not None:
            return self._pair(inside, (*path, last), column, value)
        return self._whole(inside, path, last, value)

    @staticmethod
    def _whole(
        inside: dict[str | int, Any], path: Path, name: str | int, value: Any
    ) -> Path | None:
        if name in inside:
            return None
        inside[name] = value
        return (*path, name)

    def _item(self, items: list[Any], path: Path, number: int) -> int | None:
        """The position of the item of that *number*; none in a list that stands in one cell."""
        known = self._items.get((path, number))
        if known is None:
            if path not in self._apart:
                return None
            known = self._items[path, number] = len(items)
            items.append({})
        return known

    def _pair(self, inside: Any, path: Path, column: _Column, value: Any) -> Path | None:
        key, name = column.heading.key, path[-1]
        if name in inside and path not in self._apart:
            return None
        self._apart.add(path)
        if column.column.bare.form is Form.TABLE:
            inside.setdefault(name, {})[key] = value
            return (*path, str(key))
        pairs = inside.setdefault(name, [])
        pairs.append([key, value])
        return (*path, len(pairs) - 1, 1)


@attrs.frozen(kw_only=True)
class _Table:
    """A table of records of one *kind*; *width* is how many columns its headers reach."""

    kind: type
    file: str
    sheet: str | None
    width: int = 0
    tiers: Callable[[str, int], Mapping[str, Any] | None] | None = None

    def at(self, row: Row, column: str | None = None) -> Origin:
        """The place of a cell, or of the row."""
        return Origin(
            file=self.file, sheet=self.sheet, row=row.number, column=column, line=row.line
        )

    def only(self, faults: Iterable[Fault], row: Row) -> Raw:
        """No record: what is wrong with the table."""
        origin = self.at(row)
        whole = tuple(attrs.evolve(each, pointer="") for each in faults)
        return Raw(data=None, origin=origin, place=lambda _: origin, faults=whole, is_record=False)

    def without_headers(self, rest: Iterable[Row]) -> Raw:
        """A table none of whose first rows has a header of the kind."""
        row = next(iter(rest), Row(1, ()))
        fault = Fault(
            code="HEADERS_MISSING",
            severity=Severity.BLOCKS,
            origin=self.at(row),
            values=(("name", self.sheet or self.file), ("needed", needed_headers(self.kind))),
            cure=Cure(code="ADD_HEADERS"),
        )
        return self.only((fault,), row)

    def columns(
        self, row: Row, reading: Reading, from_1904: bool | None
    ) -> tuple[list[_Column], tuple[Fault, ...]]:
        """The columns that *row* heads, and what is wrong with the headers."""
        found: dict[tuple[Any, ...], _Column] = {}
        faults: list[Fault] = []
        for each in _headings(row, self.kind):
            if each.column is None:
                faults += () if each.is_comment else (self._unknown(each, row),)
            elif each.target in found:
                faults.append(self._twice(each, found[each.target].heading, row))
            else:
                found[each.target] = _column(each, each.column, reading, from_1904)
        return list(found.values()), tuple(faults)

    def _unknown(self, header: Heading, row: Row) -> Fault:
        likely = nearest(header.text, self.kind)
        cure = Cure(code="RENAME_HEADER" if likely else "MARK_COMMENT")
        fault = self._fault("HEADER_UNKNOWN", row, header.letter, header.text, cure)
        return attrs.evolve(
            fault,
            severity=Severity.NEEDS_PERSON,
            values=(*fault.values, *((("nearest", likely),) if likely else ())),
        )

    def _twice(self, header: Heading, first: Heading, row: Row) -> Fault:
        cure = Cure(code="KEEP_ONE_COLUMN")
        fault = self._fault("HEADER_TWICE", row, header.letter, header.text, cure)
        return attrs.evolve(
            fault,
            values=(*fault.values, ("first", first.letter)),
            others=(self.at(row, first.letter),),
        )

    def _fault(
        self, code: str, row: Row, letter: str, value: Cell, cure: Cure, name: str = ""
    ) -> Fault:
        """The fault of a cell that goes to no field of the record."""
        return Fault(
            code=code,
            severity=Severity.BLOCKS,
            # No field is called so: what is wrong here hides nothing of the record.
            pointer=to_pointer((f"({letter})",)),
            origin=self.at(row, letter),
            values=(("name", name or str(value)), ("value", value)),
            cure=cure,
        )

    def record(self, row: Row, columns: Sequence[_Column]) -> Raw:
        """The record of *row*."""
        filling = _Filling()
        found = [*row.faults]
        apart: dict[Path, _Column] = {}
        cells, count = row.cells, len(row.cells)
        data = filling.data
        for column in columns:
            position = column.position
            cell = cells[position] if position < count else None
            value = column.known[type(cell)].get(cell)
            if value is None:
                if cell is None or cell == "" or (is_blank(cell) and not column.keeps_spaces):
                    if column.blank is not MISSING:
                        filling.put(column, column.blank)
                    continue
                value = column.read(cell)
            is_whole = not isinstance(value, (Unread, Partly))
            given = [*value] if type(value) is list else value if is_whole else _plain(value)
            if column.way is None:
                path = filling.put(column, given)
            else:
                path = column.column.path if column.put(data, given) else None
            if path is None:
                name = column.heading.text
                cure = Cure(code="KEEP_ONE_COLUMN")
                found.append(self._fault("CELLS_CONTRADICT", row, column.letter, cell, cure, name))
                continue
            if column.is_apart:
                apart[path] = column
            if not is_whole:
                found += self._unread(value, column.heading, path, row)
        if self.width and count > self.width:
            found += self._beyond(row)
        if self.tiers is not None:
            _complete(filling.data, self.tiers)
        return Raw(
            data=filling.data,
            origin=self.at(row),
            place=partial(self._place, row, columns, apart),
            header=partial(_header, columns, apart),
            is_cell=partial(_is_cell, columns, apart),
            faults=tuple(found),
        )

    def _place(
        self, row: Row, columns: Sequence[_Column], apart: Mapping[Path, _Column], path: Path
    ) -> Origin:
        column = _column_of(path, columns, apart)
        return self.at(row, None if column is None else column.letter)

    def _unread(
        self, value: Unread | Partly, header: Heading, path: Path, row: Row
    ) -> Iterator[Fault]:
        faults = value.faults if isinstance(value, Partly) else (value,)
        origin = self.at(row, header.letter)
        return (each.fault(header.text, path, origin) for each in faults)

    def _beyond(self, row: Row) -> Iterator[Fault]:
        """Cells to the right of every header: something there was not put into quotes."""
        for position, cell in enumerate(row.cells[self.width :], self.width):
            if not is_blank(cell):
                letter = column_letter(position)
                cure = Cure(code="QUOTE_SEPARATOR")
                yield self._fault("CELL_BEYOND", row, letter, cell, cure, letter)


def _complete(
    data: dict[str | int, Any], tiers: Callable[[str, int], Mapping[str, Any] | None]
) -> None:
    """Put in the tier of a record that names it by its key only, as published tables do."""
    key, year = data.get("tier_key"), data.get("year")
    if "tier" not in data and isinstance(key, str) and type(year) is int:
        found = tiers(key, year)
        if found is not None:
            data["tier"] = found


def needed_headers(kind: type, lang: str = "id") -> tuple[str, ...]:
    """The headers without which no record of *kind* is whole."""
    return tuple(each.name(lang) for each in columns_of(kind) if each.required)


def _plain(value: Any) -> Any:
    """What stands in the record: the value, the part that was read, or the cell as written."""
    if isinstance(value, Unread):
        return dict(value.values)["value"]
    return value.data if isinstance(value, Partly) else value


def _column_of(
    path: Path, columns: Sequence[_Column], apart: Mapping[Path, _Column]
) -> _Column | None:
    """The column of a part, or of what is around it."""
    known = {each.column.path: each for each in reversed(columns)} | dict(apart)
    return next(
        (known[path[:upto]] for upto in range(len(path), 0, -1) if path[:upto] in known), None
    )


def _is_cell(columns: Sequence[_Column], apart: Mapping[Path, _Column], path: Path) -> bool:
    """Whether the part at *path* is all that its cell holds, not an item or a field inside it."""
    return path in apart or any(each.column.path == path for each in columns)


def _header(columns: Sequence[_Column], apart: Mapping[Path, _Column], path: Path) -> str | None:
    column = _column_of(path, columns, apart)
    return None if column is None else column.heading.text
