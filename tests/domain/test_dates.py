"""Days come in through one door; months and years are counted on the calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.dates import Date, DateRange, DateTime, Period, day, parse_day, parse_period
from kipp.domain.errors import InvalidType, InvalidValue


class TestDay:
    """``YYYY-MM-DD`` and nothing else."""

    @given(st.dates())
    def test_round_trip(self, plain: dt.date) -> None:
        read = parse_day(plain.isoformat())

        assert type(read) is Date
        assert read.isoformat() == plain.isoformat()

    @pytest.mark.parametrize(
        "text",
        [
            "now",
            "2026",
            "2026-W22",
            "2026-1-01",
            "2026-01-01T00:00",
            " 2026-01-01",
            "2026-01-01\n",
            "٢٠٢٦-01-01",
            "20260101",
            "",
        ],
    )
    def test_another_form(self, text: str) -> None:
        with pytest.raises(InvalidValue, match="expected a date written YYYY-MM-DD"):
            parse_day(text)

    @pytest.mark.parametrize("text", ["2023-02-29", "2023-13-01", "0000-01-01"])
    def test_no_day_of_the_calendar(self, text: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            parse_day(text, name="started", where="row 7")

        assert str(caught.value) == (
            f"started: expected a day of the calendar, got {text!r} @ row 7"
        )

    @pytest.mark.parametrize("value", [None, 20260101, b"2026-01-01"])
    def test_another_type(self, value: str) -> None:
        with pytest.raises(InvalidType, match="expected a date written YYYY-MM-DD"):
            parse_day(value)

    @given(st.dates())
    def test_a_plain_date_becomes_a_pendulum_date(self, plain: dt.date) -> None:
        read = day(plain)

        assert type(read) is Date
        assert (read.year, read.month, read.day) == (plain.year, plain.month, plain.day)
        assert day(read) is read
        assert day(plain.isoformat()) == read

    @pytest.mark.parametrize(
        "value", [dt.datetime(2026, 1, 1, tzinfo=dt.UTC), DateTime(2026, 1, 1), 5, None]
    )
    def test_a_moment_is_no_day(self, value: object) -> None:
        with pytest.raises(InvalidType, match=r"expected a date \(not a moment\)"):
            day(value)


class TestPeriod:
    """Years, months and days of ISO 8601."""

    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("P1Y", Period(years=1)),
            ("P20M", Period(months=20)),
            ("P5D", Period(days=5)),
            ("P1Y2M3D", Period(1, 2, 3)),
            ("P0D", Period()),
        ],
    )
    def test_reads(self, text: str, period: Period) -> None:
        assert parse_period(text) == period
        assert str(period) == text

    def test_more_digits_than_a_number_has(self) -> None:
        with pytest.raises(InvalidValue, match="age: expected a period of fewer digits"):
            parse_period(f"P{'9' * 5000}Y", name="age")

    @given(st.builds(Period, *[st.integers(0, 5000)] * 3))
    def test_round_trip(self, period: Period) -> None:
        assert parse_period(str(period)) == period

    @pytest.mark.parametrize("text", ["", "P", "1Y", "P1W", "P1.5Y", "PT1H", "P-1Y", "p1y", "P1Y "])
    def test_another_form(self, text: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            parse_period(text, name="age", where="a file")

        assert str(caught.value) == f"age: expected a period such as P1Y, got {text!r} @ a file"

    def test_another_type(self) -> None:
        number: object = 1
        with pytest.raises(InvalidType, match="expected a period such as P1Y, got 1"):
            parse_period(number)  # type: ignore[arg-type]  # the point of the test

    @pytest.mark.parametrize(
        ("period", "close", "latest"),
        [
            (Period(years=2), Date(2021, 5, 11), Date(2019, 5, 11)),
            (Period(years=1), Date(2020, 2, 29), Date(2019, 2, 28)),
            (Period(years=4), Date(2020, 2, 29), Date(2016, 2, 29)),
            (Period(months=1), Date(2021, 3, 31), Date(2021, 2, 28)),
            (Period(days=31), Date(2021, 3, 31), Date(2021, 2, 28)),
            (Period(), Date(2021, 3, 31), Date(2021, 3, 31)),
        ],
    )
    def test_before(self, period: Period, close: Date, latest: Date) -> None:
        """29 February goes to 28 February."""
        assert period.before(close) == latest

    @pytest.mark.parametrize(
        "period",
        [Period(years=9000), Period(years=2021), Period(months=200_000), Period(days=10**30)],
    )
    def test_before_the_calendar(self, period: Period) -> None:
        with pytest.raises(InvalidValue, match="expected a period that stays in the calendar be"):
            period.before(Date(2021, 5, 11))

    @given(st.builds(Period, *[st.integers(0, 10**6)] * 3), st.dates())
    def test_before_is_earlier_or_refused(self, period: Period, plain: dt.date) -> None:
        """Twelve months are a year at most; so much before year 1 is always refused."""
        close = day(plain)
        years = period.years + period.months // 12
        if years >= close.year:
            with pytest.raises(InvalidValue):
                period.before(close)
        elif years + period.days // 365 + 2 < close.year:
            assert period.before(close) <= close


class TestRange:
    """A day known to the month or the year: both ends included."""

    MONTH = DateRange(Date(2014, 12, 1), Date(2014, 12, 31))

    @pytest.mark.parametrize(
        ("asked", "inside"),
        [
            (Date(2014, 11, 30), False),
            (Date(2014, 12, 1), True),
            (Date(2014, 12, 31), True),
            (Date(2015, 1, 1), False),
            ("2014-12-15", False),
        ],
    )
    def test_ends(self, asked: object, inside: bool) -> None:
        assert (asked in self.MONTH) is inside

    def test_one_day_is_a_range(self) -> None:
        assert Date(2014, 12, 1) in DateRange(Date(2014, 12, 1), Date(2014, 12, 1))

    def test_the_wrong_way_round(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            DateRange(Date(2014, 12, 2), Date(2014, 12, 1))

        assert str(caught.value) == (
            "DateRange.last: expected a day not before 2014-12-02, got Date(2014, 12, 1)"
        )
