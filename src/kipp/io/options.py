"""How a file is to be read where the file itself does not say: declared by whoever knows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from kipp.domain.checks import NAME, NUMBER, TEXT, Kind, bounded, held, maybe, narrowed, of, require
from kipp.rules.resolution import Resolution

__all__ = ["READING", "Reading"]

_FORMATS = ("1.234,5", "1,234.5")
_NUMBERS = Kind(f"one of {' and '.join(_FORMATS)}", lambda value: value in _FORMATS)
_ENCODINGS = ("utf-8", "cp1252")
_ENCODING = Kind(f"one of {' and '.join(_ENCODINGS)}", lambda value: value in _ENCODINGS)
_SEPARATORS = (",", ";", "\t")
_SEPARATOR = Kind("a comma, a semicolon or a tab", lambda value: value in _SEPARATORS)


_ORDERS = ("dd/mm/yyyy", "mm/dd/yyyy")
_ORDER = Kind(f"one of {' and '.join(_ORDERS)}", lambda value: value in _ORDERS)
_OFFSET = re.compile(r"[+-](?:0[0-9]|1[0-4]):[0-5][0-9]", re.ASCII)
_ZONE = narrowed(
    TEXT,
    "an offset such as +07:00",
    lambda value: _OFFSET.fullmatch(value) is not None,
)
_FUNCTION = Kind("a function", callable)
_READING = {
    "numbers": maybe(_NUMBERS),
    "separator": maybe(_SEPARATOR),
    "encoding": maybe(_ENCODING),
    "sheet": maybe(NAME),
    "header_row": maybe(NUMBER),
    "dates": maybe(_ORDER),
    "zone": maybe(_ZONE),
    "quantum": maybe(bounded(of(Fraction), "a quantum above 0", above=0)),
    "resolve": maybe(_FUNCTION),
    "tiers": maybe(_FUNCTION),
}


@attrs.frozen(kw_only=True, field_transformer=held(_READING))
class Reading:
    """What is declared about a table; ``None`` says that nobody declared it.

    *numbers* is how numbers are written (``1.234,5`` or ``1,234.5``); without it a number that
    can be read in two ways is a fault with both.  *separator* and *encoding* are those of a CSV
    file, found out where not declared.  *sheet* names the sheet of a workbook (else the only one
    whose headers fit), *header_row* the row of its headers, from 1 (else found out).

    *dates* is the order in which days are written in figures (``dd/mm/yyyy`` or ``mm/dd/yyyy``):
    without it ``05/06/2026`` is a fault with both readings.  *zone* is the offset of moments that
    state none (``+07:00``), *quantum* the smallest step of marks that a workbook holds as binary
    numbers.  *resolve* says which agency a text names (``partial(named, registry, on=2021)``),
    *tiers* gives the tier, as plain data, for its key and year where a table holds only the key.

    Raises:
        InvalidType: a value that is none of these.
        InvalidValue: a blank name of a sheet, a row below 1.
    """

    numbers: str | None = None
    separator: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    dates: str | None = None
    zone: str | None = None
    quantum: Fraction | None = None
    resolve: Callable[[str], Resolution] | None = None
    tiers: Callable[[str, int], Mapping[str, Any] | None] | None = None

    def __attrs_post_init__(self) -> None:
        require(self)


READING = Reading()
"""Nothing declared."""
