"""Days and moments as people write them in cells, brought to ``YYYY-MM-DD`` and RFC 3339.

``29 Mei 2026``, ``29-05-2026``, ``May 29, 2026``, the date cells and serial numbers of workbooks.
What has two readings is given back with both; a year of two digits has a hundred.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import attrs

from kipp.domain.dates import Date
from kipp.domain.fault import Severity
from kipp.io.unread import Cell, Unread, unread

__all__ = ["Days", "words"]

_Day = dt.date
_SHORT_YEAR = 2
_LAST_MONTH = 12
_LONGEST = 64
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_FIGURES = re.compile(r"(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[\s.-]*([^\W\d_]{3,})\.?,?[\s-]*(\d{4}|\d{2})")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,})\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(\d{4}|\d{2})")
_MONTH = re.compile(r"([^\W\d_]{3,})\.?[\s-]+(\d{4})|(\d{4})-(\d{2})|(\d{1,2})/(\d{4})")
_YEAR = re.compile(r"\d{4}", re.ASCII)
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})", re.ASCII)
_DIGITS = re.compile(r"\d{1,7}(?:[.,]0+)?", re.ASCII)
_WEEKDAY = re.compile(r"([^\W\d_]+(?:'[^\W\d_]+)?)\s*,\s*(.*)", re.DOTALL)
_CLOCK = re.compile(
    r"(.*?\d)(?:T|,?\s+(?:pukul\s+|jam\s+)?)(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,6}))?)?"
    r"\s*([A-Za-z]+|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE | re.DOTALL,
)
_OFFSET = re.compile(r"([+-]\d{2}):?(\d{2})")
_MIDNIGHT = dt.time()

_EPOCH = dt.date(1899, 12, 30)
"""Day 0 of a workbook, for every day from March 1900 on; workbooks count a 29 February 1900."""
_EPOCH_1904 = dt.date(1904, 1, 1)
_FIRST_SERIAL = 61
_LAST_SERIAL = 2_958_465
_LEAST_SERIAL = 10_000
"""Below this (the year 1927) a number in a column of days is rather a year."""


@cache
def words(section: str) -> Mapping[str, Any]:
    """The words of a *section* of ``words.toml``, folded, with what they stand for."""
    declared = tomllib.loads(files("kipp.io").joinpath("words.toml").read_text(encoding="utf-8"))
    found = declared[section]
    if section == "zones":
        return {name.casefold(): offset for name, offset in found.items()}
    return {word.casefold(): meaning for meaning, each in found.items() for word in each}


@attrs.frozen(kw_only=True)
class Days:
    """How days are read: *order* and *zone* as declared (:class:`kipp.io.options.Reading`).

    *from_1904* is what the workbook says of its serial numbers; none outside of workbooks, where
    such a number has two readings.
    """

    order: str | None = None
    zone: str | None = None
    from_1904: bool | None = None

    def day(self, cell: Cell) -> str | Unread:
        """The day in *cell*, as ``YYYY-MM-DD``."""
        found = self._day(cell)
        return found if isinstance(found, Unread) else found.isoformat()

    def day_or_range(self, cell: Cell) -> str | dict[str, str] | Unread:
        """A day; or the first and last day of a range, a month or a year."""
        text = _text(cell)
        if isinstance(cell, float) and cell.is_integer() and dt.MINYEAR <= cell < _LEAST_SERIAL:
            text = str(int(cell))
        span = _span(text)
        return self.day(cell) if span is None else span

    def moment(self, cell: Cell) -> str | Unread:
        """The moment in *cell*, in RFC 3339 with its offset."""
        if isinstance(cell, dt.datetime):
            return self._zoned(cell, _rounded(cell), None)
        text = _text(cell)
        match = _CLOCK.fullmatch(text)
        if match is None:
            found = self._day(cell)
            if isinstance(found, Unread):
                return found
            return unread("TIME_MISSING", cell, cure="WRITE_MOMENT")
        day = self._day(match[1])
        if isinstance(day, Unread):
            return attrs.evolve(day, values=(("value", text), *day.values[1:]))
        try:
            clock = _clock(match)
        except ValueError:
            return unread("DATE_IMPOSSIBLE", text, cure="WRITE_MOMENT")
        return self._zoned(text, dt.datetime.combine(day, clock), match[6])

    def _zoned(self, cell: Cell, moment: dt.datetime, named: str | None) -> str | Unread:
        offset = _offset(named) if named else self.zone
        if offset is None:
            code = "ZONE_UNKNOWN" if named else "ZONE_MISSING"
            return unread(code, _shown(cell), cure="WRITE_MOMENT")
        return moment.replace(tzinfo=None).isoformat() + offset

    def _day(self, cell: Cell) -> _Day | Unread:
        if isinstance(cell, dt.datetime):
            if cell.time() != _MIDNIGHT:
                return unread("TIME_IN_DAY", _shown(cell), cure="WRITE_DAY")
            return cell.date()
        if isinstance(cell, dt.date):
            return cell
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return self._serial(cell)
        if not isinstance(cell, str):
            return unread("DATE_UNREADABLE", _shown(cell), cure="WRITE_DAY")
        text = _text(cell)
        return self._written(text) if text else unread("DATE_UNREADABLE", cell, cure="WRITE_DAY")

    def _written(self, text: str) -> _Day | Unread:
        weekday, rest = _weekday(text)
        readings = list(_readings(rest, self.order))
        valid = sorted({day for day in map(_valid, readings) if day is not None})
        if any(len(year) == _SHORT_YEAR for year, _, _ in readings):
            return unread("YEAR_TWO_DIGITS", text, cure="WRITE_DAY")
        if len(valid) > 1:
            return _ambiguous(text, *valid)
        if not readings:
            return self._no_day(text)
        if not valid or weekday not in (None, valid[0].isoweekday()):
            return unread("DATE_IMPOSSIBLE", text, cure="WRITE_DAY")
        return valid[0]

    def _no_day(self, text: str) -> _Day | Unread:
        clock = _CLOCK.fullmatch(text)
        if clock is not None:
            day = self._written(clock[1])
            if not isinstance(day, Unread):
                midnight = clock[6] is None and not any(
                    int(part) for part in clock.group(2, 3, 4, 5) if part
                )
                return day if midnight else unread("TIME_IN_DAY", text, cure="WRITE_DAY")
        if _span(text) is not None:
            return unread("DAY_INCOMPLETE", text, cure="WRITE_DAY")
        if _DIGITS.fullmatch(text):
            return self._serial(float(text.replace(",", ".")), text)
        return unread("DATE_UNREADABLE", text, cure="WRITE_DAY")

    def _serial(self, number: float, text: str | None = None) -> _Day | Unread:
        written = text or _shown(number)
        if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
            return unread("DATE_UNREADABLE", written, cure="WRITE_DAY")
        if number != int(number):
            return unread("TIME_IN_DAY", written, cure="WRITE_DAY")
        days = dt.timedelta(days=int(number))
        readings = {False: _EPOCH + days, True: _EPOCH_1904 + days}
        if number < _LEAST_SERIAL:
            first = readings[bool(self.from_1904)]
            return unread(
                "DATE_AMBIGUOUS",
                written,
                severity=Severity.NEEDS_PERSON,
                cure="WRITE_DAY",
                first=str(int(number)),
                second=_date(first),
            )
        if self.from_1904 is None:
            return _ambiguous(written, *readings.values())
        return readings[self.from_1904]


def _ambiguous(value: Cell, first: _Day, second: _Day) -> Unread:
    return unread(
        "DATE_AMBIGUOUS",
        value,
        severity=Severity.NEEDS_PERSON,
        cure="WRITE_DAY",
        first=_date(first),
        second=_date(second),
    )


def _date(day: _Day) -> Date:
    return Date(day.year, day.month, day.day)


def _readings(text: str, order: str | None) -> Iterator[tuple[str, str, str]]:
    """Every (year, month, day) that *text* may mean, in figures."""
    if match := _ISO.fullmatch(text):
        yield match[1], match[3], match[4]
    elif match := _FIGURES.fullmatch(text):
        first, second, year = match[1], match[3], match[4]
        if order != "mm/dd/yyyy":
            yield year, second, first
        if order != "dd/mm/yyyy":
            yield year, first, second
    elif match := _NAMED.fullmatch(text):
        yield from _with_month(match[3], match[2], match[1])
    elif match := _NAMED_FIRST.fullmatch(text):
        yield from _with_month(match[3], match[1], match[2])


def _with_month(year: str, month: str, day: str) -> Iterator[tuple[str, str, str]]:
    number = words("months").get(month.casefold())
    if number is not None:
        yield year, number, day


def _valid(reading: tuple[str, str, str]) -> _Day | None:
    try:
        return dt.date(*map(int, reading))
    except ValueError:
        return None


def _weekday(text: str) -> tuple[int | None, str]:
    """The day of the week that stands before a day, and the rest."""
    match = _WEEKDAY.fullmatch(text)
    number = words("weekdays").get(match[1].casefold()) if match else None
    return (int(number), match[2].strip()) if match and number else (None, text)


def _span(text: str) -> dict[str, str] | None:
    """The first and last day of a range, a month or a year as it is written; or none."""
    match = _RANGE.fullmatch(text)
    if match is not None:
        return {"first": match[1], "last": match[2]}
    if _YEAR.fullmatch(text) and int(text) >= dt.MINYEAR:
        return {"first": f"{text}-01-01", "last": f"{text}-12-31"}
    match = _MONTH.fullmatch(text)
    if match is None:
        return None
    number = words("months").get(match[1].casefold()) if match[1] else match[4] or match[5]
    year = match[2] or match[3] or match[6]
    if number is None or not 1 <= int(number) <= _LAST_MONTH or int(year) < dt.MINYEAR:
        return None
    _, last = calendar.monthrange(int(year), int(number))
    month = f"{year}-{int(number):02}"
    return {"first": f"{month}-01", "last": f"{month}-{last}"}


def _clock(match: re.Match[str]) -> dt.time:
    hour, minute, second, fraction = match.group(2, 3, 4, 5)
    micro = int((fraction or "").ljust(6, "0"))
    return dt.time(int(hour), int(minute), int(second or 0), micro)


def _offset(named: str) -> str | None:
    match = _OFFSET.fullmatch(named)
    if match is not None:
        return f"{match[1]}:{match[2]}"
    found: str | None = words("zones").get(named.casefold())
    return found


def _rounded(moment: dt.datetime) -> dt.datetime:
    """To the millisecond, which is as far as workbooks keep it."""
    micro = dt.timedelta(microseconds=moment.microsecond)
    thousands = round(moment.microsecond, -3)
    return moment - micro + dt.timedelta(microseconds=thousands)


def _text(cell: Cell) -> str:
    """The text of *cell*, or nothing: also where it is longer than any day or moment."""
    return cell.strip() if isinstance(cell, str) and len(cell) <= _LONGEST else ""


def _shown(cell: Cell) -> Cell:
    """*cell* as a person reads it: a moment as text, a whole number without its point."""
    if isinstance(cell, (dt.datetime, dt.time, dt.timedelta)):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell
