"""What is remembered: only what was accepted, only between, and only so much."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.dates import Date, DateTime
from kipp.io.remembered import Accepted, Between, days, farthest, moments

LAST = dt.date(2021, 12, 31)
FIRST_MOMENT = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
LAST_MOMENT = dt.datetime(2021, 12, 31, tzinfo=dt.UTC)


def test_no_more_is_kept_than_allowed() -> None:
    accepted = Accepted(3)
    for fact in range(10):
        accepted.remember(fact)
        assert fact in accepted
        assert len(accepted) <= 3


def test_stretches_are_no_more_than_allowed() -> None:
    starts = Between(days(LAST), most=2)
    for other in "abc":
        starts.remember((other, Date(2020, 1, 1)), lambda day: day.year == 2020)

    kept = [(other, Date(2020, 6, 1)) in starts for other in "abc"]
    assert kept == [False, False, True]


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000))
def test_the_farthest_is_the_last_of_an_unbroken_stretch(
    low: int, high: int, here: int, there: int
) -> None:
    """Against going step by step."""
    low, high = sorted((low, high))
    here = min(max(here, low), high)
    step = 1 if there >= here else -1
    walked = here
    while walked != there and low <= walked + step <= high:
        walked += step

    assert farthest(lambda number: low <= number <= high, here, there) == walked


def test_a_day_is_remembered_up_to_the_last_that_is_told_the_same() -> None:
    starts = Between(days(LAST))
    starts.remember(("a", Date(2019, 3, 1)), lambda day: day <= Date(2020, 2, 29))

    assert ("a", Date(1, 1, 1)) in starts
    assert ("a", Date(2020, 2, 29)) in starts
    assert ("a", Date(2020, 3, 1)) not in starts
    assert ("b", Date(2019, 3, 1)) not in starts


def test_a_fact_that_is_not_recorded_is_remembered_for_itself() -> None:
    starts = Between(days(LAST))
    starts.remember(("a", None), lambda _: False)

    assert ("a", None) in starts
    assert ("b", None) not in starts
    assert ("a", Date(2019, 3, 1)) not in starts


def test_what_lies_beyond_the_last_day_is_not_remembered() -> None:
    starts = Between(days(LAST))
    starts.remember(("a", Date(2022, 1, 1)), lambda _: True)

    assert ("a", Date(2022, 1, 1)) not in starts
    assert ("a", Date(2021, 1, 1)) not in starts


ZONES = st.integers(-1439, 1439).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
MINUTES = st.integers(-5000, 5000)


@given(MINUTES, MINUTES, MINUTES, ZONES)
def test_a_moment_is_remembered_on_every_clock(
    one: int, two: int, asked: int, zone: dt.timezone
) -> None:
    """Up to the minute, and never outside, however far the clock is from the others."""
    middle = dt.datetime(2021, 6, 1, tzinfo=dt.UTC)
    first, last = (middle + dt.timedelta(minutes=minute) for minute in sorted((one, two)))
    submissions = Between(moments(FIRST_MOMENT, LAST_MOMENT))
    submissions.remember(
        (None, DateTime.instance(first)), lambda moment: bool(first <= moment <= last)
    )
    moment = DateTime.instance((middle + dt.timedelta(minutes=asked)).astimezone(zone))

    assert ((None, moment) in submissions) is (first <= moment <= last)
