"""An empty workbook to fill in: headers, lists to choose from, notes on what belongs in a column.

What the notes say is what the reader expects, from the same declarations; the workbook reads back
as one without records.
"""

from __future__ import annotations

from typing import IO

from kipp.domain.checks import Form
from kipp.io.columns import Column, column_letter, widest
from kipp.io.finding import expected_of, words_of
from kipp.io.workbook import new_workbook, sheet_title
from kipp.messages.catalogue import text
from kipp.messages.sentences import expectation, line

__all__ = ["write_template"]

_ROWS = 5_000
"""So many rows get the lists to choose from."""
_SHORT = 255
"""So many letters a list may have that stands in the rule of a cell itself."""
_WIDTH = 14
_HEADER = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#DDEBF7"}
_NEEDED = {**_HEADER, "bg_color": "#FCE4D6"}


def write_template(stream: IO[bytes], kind: type, lang: str = "id") -> None:
    """An empty workbook for records of *kind*, its headers and notes in *lang*.

    Columns that have to be filled in are coloured; a second sheet holds the words to choose from.

    Raises:
        InvalidType: records of *kind* are not read from files.
        InvalidType, UnknownName: no such language.
        MissingExtra: the extra ``xlsx`` is not installed.
    """
    text("outcome.note", lang)
    book = new_workbook(stream)
    sheet = book.add_worksheet(sheet_title(kind, lang))
    words = book.add_worksheet(line("template.words", lang))
    plain, needed = book.add_format(_HEADER), book.add_format(_NEEDED)
    as_text = book.add_format({"num_format": "@"})
    as_day = book.add_format({"num_format": "yyyy-mm-dd"})
    for position, column in enumerate(widest(kind)):
        name = column.name(lang)
        sheet.write_string(0, position, name, needed if column.required else plain)
        sheet.write_comment(0, position, _note(column, lang), {"x_scale": 2, "y_scale": 2})
        formats = {Form.DAY: as_day, Form.TEXT: as_text, Form.EVERY: as_text}
        sheet.set_column(position, position, max(_WIDTH, len(name)), formats.get(column.bare.form))
        choices = _choices(column)
        if choices:
            letter = column_letter(position)
            words.write_column(0, position, [f"# {name}", *choices])
            listed = f"='{words.get_name()}'!${letter}$2:${letter}${len(choices) + 1}"
            short = len(",".join(choices)) <= _SHORT and not any("," in each for each in choices)
            rule = {"validate": "list", "source": choices if short else listed}
            sheet.data_validation(1, position, _ROWS, position, rule)
    sheet.freeze_panes(1, 0)
    book.close()


def _choices(column: Column) -> list[str]:
    """The words that may stand in a cell of *column*, where they are few."""
    match column.bare.form:
        case Form.WORD:
            return list(words_of(column.bare))
        case Form.FLAG:
            return ["ya", "tidak"]
        case _:
            return []


def _note(column: Column, lang: str) -> str:
    """What belongs in *column*: what is expected, and how several values are written."""
    key, more = expected_of(column.kind)
    form = column.bare.form
    is_flag = form is Form.FLAG
    parts = [line("template.flag", lang) if is_flag else expectation(key, more, lang)]
    if column.is_agency:
        parts.append(line("template.agency", lang))
    if form is Form.DAY:
        parts.append(line("template.day", lang))
    if form is Form.EVERY:
        inner = column.bare.parts[0].form
        code = {Form.RECORD: "template.json", Form.ROW: "template.pairs"}.get(inner)
        parts.append(line(code or "template.list", lang))
    if form is Form.TABLE:
        parts.append(line("template.pairs", lang))
    parts.append(line("template.needed" if column.required else "template.optional", lang))
    return "\n".join(f"{part[:1].upper()}{part[1:]}." for part in parts)
