"""A copy of a table in which every faulty cell is marked, with what is wrong beside it.

The copy of a workbook keeps its sheets, values and formats as far as openpyxl knows them; of a CSV
file a workbook is made.  The comments are the sentences of the report, without the place.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from typing import IO, Any

from kipp.domain.errors import InvalidValue, MissingExtra
from kipp.domain.fault import Fault, Origin, Severity
from kipp.io.container import check_container
from kipp.io.files import format_of, opened
from kipp.io.limits import LIMITS, Limits
from kipp.io.options import READING, Reading
from kipp.messages.report import cure_text, told

__all__ = ["annotate"]

_COLOURS = {
    Severity.BLOCKS: "FFFFC7CE",
    Severity.NEEDS_PERSON: "FFFFEB9C",
    Severity.NOTE: "FFDDEBF7",
}
_LONGEST = 30_000
_AUTHOR = "kipp"
_HELD = 32_767
"""So many letters a cell of a workbook holds."""
_COLUMNS = 16_384
"""So many columns a workbook has."""
_FORMULA = ("=", "+", "-", "@")


def annotate(
    path: str | os.PathLike[str],
    faults: Iterable[Fault],
    target: IO[bytes],
    *,
    kind: type | None = None,
    lang: str = "id",
    limits: Limits = LIMITS,
    reading: Reading = READING,
) -> int:
    """Write the table *path* to *target* as a workbook, the cells of *faults* marked and commented.

    *kind* is the type of the records, by which the separator of a CSV file is found.  Faults of a
    whole row stand at its first cell, those of other files nowhere.  Gives how many
    cells are marked.

    Raises:
        InvalidValue: *path* is no table, or no file that can be read.
        MissingExtra: the extra ``xlsx`` is not installed.
    """
    name = os.fspath(path)
    form = format_of(path).name
    if form not in ("csv", "xlsx"):
        raise InvalidValue("path", name, "a table (.csv or .xlsx)")
    with opened(path) as stream:
        if form == "xlsx":
            check_container(stream, name, limits)
            book = _openpyxl().load_workbook(stream)
        else:
            book = _of_csv(stream, kind, limits, reading)
    by_cell: dict[tuple[str | None, str], list[Fault]] = {}
    for fault in faults:
        for origin in _places(fault, name):
            by_cell.setdefault((origin.sheet, _cell(origin)), []).append(fault)
    for (sheet, cell), found in by_cell.items():
        made = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
        _mark(_anchor(made, cell), found, lang)
    book.save(target)
    return len(by_cell)


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("an annotated workbook", "openpyxl", "xlsx") from None
    return openpyxl


def _places(fault: Fault, file: str) -> list[Origin]:
    return [each for each in (fault.origin,) if each.file == file and each.row is not None]


def _cell(origin: Origin) -> str:
    return f"{origin.column or 'A'}{origin.row}"


def _anchor(sheet: Any, cell: str) -> Any:
    """The cell itself, or the first of the merged cells it is one of."""
    for merged in sheet.merged_cells.ranges:
        if cell in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet[cell]


def _mark(cell: Any, faults: list[Fault], lang: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    gravest = min((fault.severity for fault in faults), key=list(Severity).index)
    colour = _COLOURS[gravest]
    cell.fill = PatternFill(start_color=colour, end_color=colour, fill_type="solid")
    said = dict.fromkeys(_said(fault, lang) for fault in faults)
    before = [cell.comment.text] if cell.comment else []
    cell.comment = Comment("\n".join([*before, *said])[:_LONGEST], _AUTHOR)


def _said(fault: Fault, lang: str) -> str:
    parts = (f"{fault.code}: {told(fault, lang)}", cure_text(fault, lang))
    return "; ".join(filter(None, parts))


def _of_csv(stream: IO[bytes], kind: type | None, limits: Limits, reading: Reading) -> Any:
    """The cells of a CSV file as texts of a workbook: nothing in them is calculated."""
    from kipp.io.csv_table import dialect_of, written_rows

    content = stream.read()
    encoding, separator = dialect_of(content, reading, kind)
    text = io.StringIO(content.decode(encoding, "replace").removeprefix("\ufeff"), newline="")
    book = _openpyxl().Workbook()
    sheet = book.active
    for number, (as_it_is, row) in enumerate(written_rows(text, limits, separator), 1):
        cells = [as_it_is.rstrip("\r\n")[:_LONGEST]] if row is None else row
        for position, value in enumerate(cells[:_COLUMNS], 1):
            cell = sheet.cell(number, position)
            cell.value = _unheld(value)[:_HELD]
            if value.startswith(_FORMULA):
                cell.data_type = "s"
    return book


def _unheld(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))
