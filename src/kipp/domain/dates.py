"""Days and periods, exactly.

Dates come in through one door (``YYYY-MM-DD``); lengths of time are :class:`Period`, whose
months and years are counted on the calendar, so that a year before 29 February is 28 February.
A date known only to the month or the year is a :class:`DateRange`, both ends included.
"""

from __future__ import annotations

import datetime as dt
import operator
import re

import attrs
from pendulum import Date, DateTime

from kipp.domain.checks import COUNT, DAY, Agreement, held, require
from kipp.domain.errors import InvalidType, InvalidValue

__all__ = [
    "Date",
    "DateRange",
    "DateTime",
    "Period",
    "day",
    "earliest",
    "latest",
    "parse_day",
    "parse_period",
]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?", re.ASCII)


def parse_day(text: str, *, name: str = "date", where: str = "") -> Date:
    """Read ``YYYY-MM-DD``; nothing else is a date here.

    Raises:
        InvalidType: *text* is not a string.
        InvalidValue: another form, or no day of the calendar.
    """
    if not isinstance(text, str):
        raise InvalidType(name, text, "a date written YYYY-MM-DD", where)
    if not _DAY.fullmatch(text):
        raise InvalidValue(name, text, "a date written YYYY-MM-DD", where)
    try:
        return Date.fromisoformat(text)
    except ValueError:
        raise InvalidValue(name, text, "a day of the calendar", where) from None


def day(value: object, *, name: str = "date", where: str = "") -> Date:
    """A plain or pendulum date (never a moment) or ``YYYY-MM-DD`` text as a pendulum date."""
    if isinstance(value, str):
        return parse_day(value, name=name, where=where)
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise InvalidType(name, value, "a date (not a moment)", where)
    return value if type(value) is Date else Date(value.year, value.month, value.day)


_PERIOD_FIELDS = {"years": COUNT, "months": COUNT, "days": COUNT}


@attrs.frozen(field_transformer=held(_PERIOD_FIELDS))
class Period:
    """A length of time in years, months and days; written ``P2Y``, ``P20M``, ``P5D``.

    Raises:
        InvalidType: a number that is not whole.
        InvalidValue: a number below 0.
    """

    years: int = 0
    months: int = 0
    days: int = 0

    def __attrs_post_init__(self) -> None:
        require(self)

    def before(self, day: Date) -> Date:
        """The day this long before *day*; 29 February goes to 28 February.

        Raises:
            InvalidValue: that day lies before the first of the calendar.
        """
        try:
            return day.subtract(years=self.years, months=self.months, days=self.days)
        except (OverflowError, ValueError):
            expected = f"a period that stays in the calendar before {day}"
            raise InvalidValue("Period", str(self), expected) from None

    def __str__(self) -> str:
        parts = ((self.years, "Y"), (self.months, "M"), (self.days, "D"))
        return "P" + ("".join(f"{count}{unit}" for count, unit in parts if count) or "0D")


def parse_period(text: str, *, name: str = "period", where: str = "") -> Period:
    """Read an ISO 8601 duration of years, months and days.

    Raises:
        InvalidType: *text* is not a string.
        InvalidValue: another form.
    """
    if not isinstance(text, str):
        raise InvalidType(name, text, "a period such as P1Y", where)
    match = _PERIOD.fullmatch(text)
    if match is None or not any(match.groups()):
        raise InvalidValue(name, text, "a period such as P1Y", where)
    try:
        return Period(*(int(part or 0) for part in match.groups()))
    except ValueError:  # more digits than Python makes a number of
        raise InvalidValue(name, text, "a period of fewer digits", where) from None


_RANGE_FIELDS = {"first": DAY, "last": DAY}
_IN_ORDER = Agreement(
    code="LAST_BEFORE_FIRST",
    key="not-before",
    at=("last",),
    beside=("first",),
    holds=operator.ge,
    expected="a day not before {}".format,
)


@attrs.frozen(field_transformer=held(_RANGE_FIELDS, _IN_ORDER))
class DateRange:
    """Some day from *first* to *last*, both included: a date known to the month or the year.

    Raises:
        InvalidType: an end that is no pendulum date.
        InvalidValue: a last day before the first.
    """

    first: Date
    last: Date

    def __attrs_post_init__(self) -> None:
        require(self)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and self.first <= day <= self.last


def earliest(bound: Date | DateRange) -> Date:
    """The day itself, or the first day it may be."""
    return bound.first if isinstance(bound, DateRange) else bound


def latest(bound: Date | DateRange) -> Date:
    """The day itself, or the last day it may be."""
    return bound.last if isinstance(bound, DateRange) else bound
