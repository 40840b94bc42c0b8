"""Workbooks (.xlsx): records in a sheet, read by python-calamine, written by xlsxwriter.

The container is looked into before (:mod:`kipp.io.container`).  The sheet is the one that was
named, or the only one whose headers fit the kind of record.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

from kipp.domain.errors import InvalidValue, MissingExtra, UnknownName
from kipp.io.columns import Column, widest
from kipp.io.container import check_container
from kipp.io.csv_table import rows_of
from kipp.io.limits import Limits
from kipp.io.options import Reading
from kipp.io.raw import Raw
from kipp.io.table import Row, headers_fit, records
from kipp.io.titles import record_title

__all__ = ["new_workbook", "read_xlsx", "sheet_title", "write_xlsx"]

_FROM_1904 = (b'date1904="1"', b'date1904="true"')


def read_xlsx(
    stream: IO[bytes], kind: type, *, file: str, limits: Limits, reading: Reading
) -> Iterator[Raw]:
    """The records of *kind* in a workbook, one after the other.

    Raises:
        InvalidValue: no whole workbook, or one beyond *limits*; no sheet, or several, that fit.
        UnknownName: no sheet of the name that was declared.
        MissingExtra: the extra ``xlsx`` is not installed.
    """
    check_container(stream, file, limits)
    from_1904 = _from_1904(stream)
    book = _opened(stream, file)
    name = _sheet_name(book, kind, file, reading)
    rows = _rows(book, name, file)
    return records(rows, kind, file=file, sheet=name, reading=reading, from_1904=from_1904)


def _opened(stream: IO[bytes], file: str) -> Any:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        raise MissingExtra("reading a workbook", "python-calamine", "xlsx") from None
    return _guarded(file, lambda: CalamineWorkbook.from_filelike(stream))


def _guarded(file: str, work: Any) -> Any:
    """What *work* gives; whatever goes wrong inside the library is the workbook's fault."""
    try:
        return work()
    except (KeyboardInterrupt, MemoryError, SystemExit):
        raise
    except BaseException as error:
        # The library ends in panics, which are no Exceptions, where it meets what it cannot read.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        said = str(error).partition("\n")[0]
        cure = "open it in a spreadsheet program and save it again as .xlsx"
        raise InvalidValue("workbook", said, "a workbook that can be read", file, cure) from None


def _from_1904(stream: IO[bytes]) -> bool:
    """Whether the serial numbers of days count from 1904."""
    with zipfile.ZipFile(stream) as container:
        names = [each for each in container.namelist() if each.lower() == "xl/workbook.xml"]
        text = container.read(names[0]) if names else b""
    stream.seek(0)
    return any(mark in text for mark in _FROM_1904)


def _sheet_name(book: Any, kind: type, file: str, reading: Reading) -> str:
    names: list[str] = book.sheet_names
    if reading.sheet is not None:
        if reading.sheet not in names:
            raise UnknownName("sheet", reading.sheet, f"one of {', '.join(names)}", file)
        return reading.sheet
    if len(names) == 1:
        return names[0]
    fit = {name: headers_fit(islice(_rows(book, name, file), _LOOKED_AT), kind) for name in names}
    best = max(fit.values(), default=0)
    fitting = [name for name, found in fit.items() if found == best]
    if len(fitting) > 1 and best:
        expected = f"one sheet that fits, not {len(fitting)} ({', '.join(fitting)})"
        raise InvalidValue("sheet", None, expected, file, "name the sheet")
    if not fitting:
        raise InvalidValue("workbook", None, "a sheet", file)
    return fitting[0]


_LOOKED_AT = 20


def _rows(book: Any, name: str, file: str) -> Iterator[Row]:
    """The rows of a sheet, numbered as a spreadsheet numbers them."""
    sheet = _guarded(file, lambda: book.get_sheet_by_name(name))
    if sheet.start is None:
        return
    # Rows come from the top, but their cells only from the first column that is used.
    before = [None] * sheet.start[1]
    cells = iter(sheet.iter_rows())
    number = 0
    while (row := _guarded(file, lambda: next(cells, None))) is not None:
        number += 1
        yield Row(number, [*before, *row] if before else row)


# Writing

_LONGEST = 32_767
"""So many letters a cell may hold."""
_UNHELD = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_DAY_FORMAT = "yyyy-mm-dd"


def write_xlsx(stream: IO[bytes], values: Iterable[Any], kind: type) -> None:
    """A sheet with Indonesian headers, one value a row; texts are texts and never calculated.

    Raises:
        InvalidType, InvalidValue: a value that is no record of *kind*, or that a cell cannot hold.
        MissingExtra: the extra ``xlsx`` is not installed.
    """
    book = new_workbook(stream)
    sheet = book.add_worksheet(sheet_title(kind))
    days = book.add_format({"num_format": _DAY_FORMAT})
    columns = widest(kind)
    for position, column in enumerate(columns):
        sheet.write_string(0, position, column.name("id"))
    for number, cells in enumerate(rows_of(values, kind), 1):
        for position, cell in enumerate(cells):
            match cell:
                case None:
                    pass
                case bool():
                    sheet.write_boolean(number, position, cell)
                case int():
                    sheet.write_number(number, position, cell)
                case dt.date():
                    # Before March 1900 days have no number that all programs agree on.
                    if cell < _FIRST_DAY:
                        sheet.write_string(number, position, cell.isoformat())
                    else:
                        sheet.write_datetime(number, position, cell, days)
                case _:
                    sheet.write_string(number, position, _held(cell, columns[position]))
    book.close()


def new_workbook(stream: IO[bytes]) -> Any:
    """An empty workbook that is written to *stream* when it is closed.

    Raises:
        MissingExtra: the extra ``xlsx`` is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("writing a workbook", "xlsxwriter", "xlsx") from None
    return xlsxwriter.Workbook(stream, {"in_memory": True})


def sheet_title(kind: type, lang: str = "id") -> str:
    """The name of the sheet for records of *kind*."""
    return record_title(kind, lang)[:_TITLE]


_TITLE = 31
"""So many letters the name of a sheet may have."""
_FIRST_DAY = dt.date(1900, 3, 1)


def _held(text: str, column: Column) -> str:
    wrong = _UNHELD.search(text)
    if wrong is not None or len(text) > _LONGEST:
        expected = f"a text that a cell of a workbook can hold (no control characters, {_LONGEST})"
        raise InvalidValue(column.dotted, text, expected)
    return text
