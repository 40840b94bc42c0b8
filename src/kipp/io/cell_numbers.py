"""Numbers as people write them in cells, brought to whole numbers and exact fractions.

Every number of a workbook is binary: 3.0 is 3, and 3.5 is no whole number.  In a text, ``.`` and
``,`` mean thousands or decimals by the format that somebody declared; without one a text is read
only where it holds no thousands and has a single reading.
"""

from __future__ import annotations

import re
from fractions import Fraction

import attrs

from kipp.domain.assessment import exact
from kipp.domain.errors import KippError
from kipp.domain.fault import Severity
from kipp.io.document import LARGEST
from kipp.io.unread import Cell, Unread, unread

__all__ = ["Numbers"]

_LONGEST = 400
_GROUPED = {
    ".": re.compile(r"([+-]?[1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d+))?", re.ASCII),
    ",": re.compile(r"([+-]?[1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d+))?", re.ASCII),
}
"""With thousands, by the sign that separates them."""
_PLAIN = {
    ".": re.compile(r"([+-]?\d+)(?:,(\d+))?", re.ASCII),
    ",": re.compile(r"([+-]?\d+)(?:\.(\d+))?", re.ASCII),
}
"""Without thousands, by the sign that would separate them."""
_DECLARED = {"1.234,5": ".", "1,234.5": ","}
_QUOTIENT = re.compile(r"([+-]?\d+)\s*/\s*(\d+)", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)


@attrs.frozen(kw_only=True)
class Numbers:
    """How numbers are read: *written* and *quantum* as :class:`kipp.io.options.Reading` says."""

    written: str | None = None
    quantum: Fraction | None = None

    def whole(self, cell: Cell) -> int | Unread:
        """The whole number in *cell*."""
        if isinstance(cell, float) and cell.is_integer():
            number = int(cell)
            return (
                number
                if abs(number) <= LARGEST
                else unread("DIGITS_LOST", cell, cure="WRITE_AS_TEXT")
            )
        if isinstance(cell, float):
            return unread("NOT_WHOLE", cell, cure="WRITE_WHOLE")
        if type(cell) is int:
            return cell
        found = self._written(cell)
        if isinstance(found, Unread):
            return found
        if found.denominator > 1:
            return unread("NOT_WHOLE", cell, cure="WRITE_WHOLE")
        return int(found)

    def mark(self, cell: Cell) -> int | str | Unread:
        """The exact number in *cell*: whole, or ``p/q``."""
        if isinstance(cell, float) and not cell.is_integer():
            return self._stepped(cell)
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return self.whole(cell)
        text = cell.strip() if isinstance(cell, str) and len(cell) <= _LONGEST else ""
        quotient = _QUOTIENT.fullmatch(text)
        if quotient is not None and int(quotient[2]):
            return _plain(Fraction(int(quotient[1]), int(quotient[2])))
        found = self._written(cell)
        return found if isinstance(found, Unread) else _plain(found)

    def _stepped(self, number: float) -> int | str | Unread:
        """A binary number, which stands for an exact one only on a declared scale."""
        if self.quantum is None:
            return unread(
                "NUMBER_INEXACT", number, severity=Severity.NEEDS_PERSON, cure="DECLARE_QUANTUM"
            )
        try:
            return _plain(Fraction(exact(number, quantum=self.quantum)))
        except KippError:
            return unread("NOT_A_STEP", number, cure="WRITE_STEP", quantum=str(self.quantum))

    def _written(self, cell: Cell) -> Fraction | Unread:
        if not isinstance(cell, str) or len(cell) > _LONGEST:
            return unread("NUMBER_UNREADABLE", cell, cure="WRITE_WHOLE")
        text = cell.strip()
        if _INTEGER.fullmatch(text):
            return Fraction(int(text))
        sign = _DECLARED.get(self.written or "")
        grouped = {each: _read(_GROUPED[each], text) for each in _GROUPED if sign in (None, each)}
        plain = {each: _read(_PLAIN[each], text) for each in _PLAIN if sign in (None, each)}
        found = {each for each in (*grouped.values(), *plain.values()) if each is not None}
        if not found:
            return unread("NUMBER_UNREADABLE", cell, cure="WRITE_WHOLE")
        if len(found) == 1 and (sign or not any(each is not None for each in grouped.values())):
            return found.pop()
        readings = tuple(_decimal(each) for each in sorted(found, reverse=True))
        code = "NUMBER_AMBIGUOUS" if len(readings) > 1 else "NUMBER_UNDECLARED"
        return unread(
            code,
            text,
            severity=Severity.NEEDS_PERSON,
            cure="DECLARE_NUMBERS",
            readings=readings,
        )


def _read(pattern: re.Pattern[str], text: str) -> Fraction | None:
    match = pattern.fullmatch(text)
    if match is None:
        return None
    whole = re.sub(r"[.,]", "", match[1])
    return Fraction(f"{whole}.{match[2] or 0}")


def _plain(number: Fraction) -> int | str:
    small = number.denominator == 1 and abs(number) <= LARGEST
    return int(number) if small else str(number)


def _decimal(number: Fraction) -> str:
    """*number*, which has an end, in plain figures with a decimal comma."""
    digits = 0
    while (number * 10**digits).denominator > 1:
        digits += 1
    scaled = abs(int(number * 10**digits))
    whole, part = divmod(scaled, 10**digits)
    sign = "-" if number < 0 else ""
    return f"{sign}{whole},{part:0{digits}}" if digits else f"{sign}{whole}"
