"""How a file is to be read where the file itself does not say: declared by whoever knows it."""

from __future__ import annotations

import attrs

from kipp.domain.checks import NAME, NUMBER, Kind, maybe, require

__all__ = ["READING", "Reading"]

_FORMATS = ("1.234,5", "1,234.5")
_NUMBERS = Kind(f"one of {' and '.join(_FORMATS)}", lambda value: value in _FORMATS)
_ENCODINGS = ("utf-8", "cp1252")
_ENCODING = Kind(f"one of {' and '.join(_ENCODINGS)}", lambda value: value in _ENCODINGS)
_SEPARATORS = (",", ";", "\t")
_SEPARATOR = Kind("a comma, a semicolon or a tab", lambda value: value in _SEPARATORS)


@attrs.frozen(kw_only=True)
class Reading:
    """What is declared about a table; ``None`` says that nobody declared it.

    *numbers* is how numbers are written (``1.234,5`` or ``1,234.5``); without it a number that
    can be read in two ways is a fault with both.  *separator* and *encoding* are those of a CSV
    file, found out where not declared.  *sheet* names the sheet of a workbook (else the first),
    *header_row* the row of its headers, from 1 (else found out).

    Raises:
        InvalidType: a value that is none of these.
        InvalidValue: a blank name of a sheet, a row below 1.
    """

    numbers: str | None = None
    separator: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header_row: int | None = None

    def __attrs_post_init__(self) -> None:
        require(self, _READING)


_READING = {
    "numbers": maybe(_NUMBERS),
    "separator": maybe(_SEPARATOR),
    "encoding": maybe(_ENCODING),
    "sheet": maybe(NAME),
    "header_row": maybe(NUMBER),
}

READING = Reading()
"""Nothing declared."""
