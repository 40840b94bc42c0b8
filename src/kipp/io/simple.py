"""Readers of simple values: texts, numbers, truths, days, moments, words of a closed list.

Each takes what is right with as few questions as it can; only what is wrong is looked at closely.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pendulum

from kipp.domain.checks import Form, Kind
from kipp.domain.dates import Date, DateTime, Period, parse_period
from kipp.domain.errors import InvalidType, InvalidValue
from kipp.io.document import LARGEST, LongNumber, Repeated
from kipp.io.finding import UNREAD, Reader, Report, Step, Unsound, Where, expected_of
from kipp.io.guess import right_number, right_word
from kipp.io.typed import NOTHING, json_type, kind_for

__all__ = ["SIMPLE", "is_sound_moment", "moment", "read_nothing", "read_period", "wrong"]

_SURROGATE = re.compile("[\ud800-\udfff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_FRACTION = re.compile(r"(-?(?:0|[1-9][0-9]*))(?:/([1-9][0-9]*))?", re.ASCII)
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_LOCAL = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}:[0-5][0-9](?:\.[0-9]{{1,6}})?")
_MOMENT = re.compile(rf"{_LOCAL.pattern}(?:Z|(?!-00:00)[+-]{_CLOCK})")
_MANY = 4096
"""So many days are remembered: they come again and again."""


def wrong(kind: Kind, value: Any, where: Where, step: Step, report: Report) -> Unsound:
    """A value of another type, or a text of another form."""
    if value is UNREAD:
        return report.skip()
    root = kind
    while root.base is not None:
        root = root.base
    is_type = isinstance(value, Repeated) or type(value) is not json_type(kind)
    about: dict[str, Any] = {
        "raised": expected_of(root)[0],
        "error": InvalidType if is_type or kind.form is Form.EITHER else InvalidValue,
    }
    if value is None:
        return report.add(where, step, "VALUE_IS_NULL", value, kind, cure="FILL_FIELD", **about)
    code = "NOT_A_PERIOD" if Period in kind.classes else _WRONG.get(kind.form, "WRONG_TYPE")
    return report.add(where, step, code, value, kind, right=right_number(kind.form, value), **about)


_WRONG: Mapping[Form, str] = {
    Form.TEXT: "NOT_A_TEXT",
    Form.FLAG: "NOT_TRUE_OR_FALSE",
    Form.WHOLE: "NOT_A_WHOLE_NUMBER",
    Form.EXACT: "NOT_AN_EXACT_NUMBER",
    Form.DAY: "NOT_A_DAY",
    Form.MOMENT: "NOT_A_MOMENT",
    Form.WORD: "NOT_A_WORD",
    Form.RECORD: "NOT_AN_OBJECT",
    Form.TABLE: "NOT_AN_OBJECT",
    Form.EVERY: "NOT_A_LIST",
    Form.ROW: "NOT_A_LIST",
}


def _text_reader(kind: Kind) -> Reader:
    filled = "filled" in kind.limits
    accepts = kind.accepts if kind.limits.keys() - {"filled"} else None

    def read_text(value: Any, where: Where, step: Step, report: Report) -> Any:
        if type(value) is not str:
            return wrong(kind, value, where, step, report)
        if not value.isascii() and _SURROGATE.search(value):
            return report.add(where, step, "HALF_SURROGATE", value)
        if filled and (not value or value.isspace()):
            return report.add(where, step, "BLANK", value, kind)
        if accepts and not accepts(value):
            return report.add(where, step, "NOT_ACCEPTED", value, kind)
        return value

    return read_text


def _whole_reader(kind: Kind) -> Reader:
    least = max(kind.limits.get("least", -LARGEST), -LARGEST)
    most = min(kind.limits.get("most", LARGEST), LARGEST)

    def read_whole(value: Any, where: Where, step: Step, report: Report) -> Any:
        if type(value) is int:
            if least <= value <= most:
                return value
            if abs(value) <= LARGEST:
                return report.add(where, step, "OUT_OF_RANGE", value, kind)
        elif type(value) is not LongNumber:
            return wrong(kind, value, where, step, report)
        return report.add(where, step, "NUMBER_TOO_LARGE", value, more={"largest": LARGEST})

    return read_whole


def _flag_reader(kind: Kind) -> Reader:
    def read_flag(value: Any, where: Where, step: Step, report: Report) -> Any:
        if value is True or value is False:
            return value
        return wrong(kind, value, where, step, report)

    return read_flag


def _word_reader(kind: Kind) -> Reader:
    every = (word for cls in kind.classes if issubclass(cls, enum.Enum) for word in cls)
    words = {word.value: word for word in kind.limits.get("words") or every}

    def read_word(value: Any, where: Where, step: Step, report: Report) -> Any:
        if type(value) is not str:
            return wrong(kind, value, where, step, report)
        if value in words:
            return words[value]
        right, likely = right_word(value, words)
        about: dict[str, Any] = {"cure": "CHOOSE_WORD"} if likely and not right else {}
        more = {"nearest": likely} if likely else {}
        return report.add(where, step, "NOT_A_WORD", value, kind, right=right, more=more, **about)

    return read_word


def _exact_reader(kind: Kind) -> Reader:
    accepts = kind.accepts if kind.limits else None

    def read_exact(value: Any, where: Where, step: Step, report: Report) -> Any:
        if type(value) is not str or not _FRACTION.fullmatch(value):
            return wrong(kind, value, where, step, report)
        try:
            found = Fraction(value)
        except ValueError:  # more digits than Python makes a number of
            return report.add(where, step, "TOO_MANY_DIGITS", value)
        if accepts and not accepts(found):
            return report.add(where, step, "OUT_OF_RANGE", value, kind)
        return found

    return read_exact


def _day_reader(kind: Kind) -> Reader:
    def read_day(value: Any, where: Where, step: Step, report: Report) -> Any:
        if type(value) is not str or not _DAY.fullmatch(value):
            return wrong(kind, value, where, step, report)
        try:
            return _day(value)
        except ValueError:
            return report.add(where, step, "NO_SUCH_DAY", value)

    return read_day


_day = lru_cache(_MANY)(Date.fromisoformat)


def _moment_reader(kind: Kind) -> Reader:
    def read_moment(value: Any, where: Where, step: Step, report: Report) -> Any:
        if type(value) is not str or not _MOMENT.fullmatch(value):
            if type(value) is str and _LOCAL.fullmatch(value):
                return report.add(where, step, "MOMENT_WITHOUT_OFFSET", value)
            return wrong(kind, value, where, step, report)
        try:
            found = moment(value)
        except ValueError:
            return report.add(where, step, "NO_SUCH_MOMENT", value)
        if not kind.accepts(found):
            return report.add(where, step, "NO_ZONE_DAY", value)
        return found

    return read_moment


def is_sound_moment(text: str) -> bool:
    """Whether *text* is a moment of a record: its form, and that every zone has a day for it."""
    if _MOMENT.fullmatch(text) is None:
        return False
    try:
        return dt.MINYEAR < dt.datetime.fromisoformat(text).year < dt.MAXYEAR
    except ValueError:
        return False


def moment(text: str) -> DateTime:
    """The moment of a *text* of that form.

    Raises:
        ValueError: there is no such day.
    """
    read = dt.datetime.fromisoformat(text)
    return DateTime(
        read.year,
        read.month,
        read.day,
        read.hour,
        read.minute,
        read.second,
        read.microsecond,
        tzinfo=_zone(read.tzinfo),
    )


@lru_cache(_MANY)
def _zone(zone: dt.tzinfo | None) -> dt.tzinfo | None:
    """The zone of an offset as pendulum has it, which takes far longer to make than a moment."""
    return pendulum.instance(dt.datetime.min.replace(tzinfo=zone)).tzinfo


def read_period(value: Any, where: Where, step: Step, report: Report) -> Any:
    """A length of time."""
    try:
        return parse_period(value)
    except (InvalidType, InvalidValue):
        return wrong(kind_for(Period), value, where, step, report)


def read_nothing(value: Any, where: Where, step: Step, report: Report) -> Any:
    """Null and nothing else."""
    return None if value is None else wrong(NOTHING, value, where, step, report)


SIMPLE: Mapping[Form, Callable[[Kind], Reader]] = {
    Form.TEXT: _text_reader,
    Form.FLAG: _flag_reader,
    Form.WHOLE: _whole_reader,
    Form.EXACT: _exact_reader,
    Form.DAY: _day_reader,
    Form.MOMENT: _moment_reader,
    Form.WORD: _word_reader,
}
"""How the reader of a simple kind is made."""
