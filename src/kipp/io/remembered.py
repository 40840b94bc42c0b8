"""Answers remembered: which facts were accepted before, so that a rule need not be asked again.

Only acceptance is remembered, never a refusal, and only so much: what is full is emptied and
filled anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from typing import Any, TypeAlias

import attrs

from kipp.domain.dates import Date, DateTime

__all__ = ["MOST", "Accepted", "Between", "Steps", "days", "farthest", "moments"]

MOST = 10_000
"""How many answers of one kind are remembered, unless the caller says otherwise."""


class Accepted(set[Hashable]):
    """The facts that were accepted, at most *most* of them."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__()
        self._most = most

    def remember(self, facts: Hashable) -> None:
        """Keep *facts*; what is full is emptied first."""
        if len(self) >= self._most:
            self.clear()
        self.add(facts)


@attrs.frozen
class Steps:
    """A kind of ordered fact as whole numbers, looked at from the *first* number to the *last*.

    *plain* is a fact as the standard library has it: what others are compared with.  *margin* is by
    how many days what lies between two facts may seem to lie outside, as its own clock shows it.
    """

    number: Callable[[Any], int]
    fact: Callable[[int], Any]
    plain: Callable[[int], Any]
    first: int
    last: int
    margin: int


def days(last: dt.date) -> Steps:
    """Days, from the first of the calendar to *last*."""
    return Steps(
        number=Date.toordinal,
        fact=Date.fromordinal,
        plain=dt.date.fromordinal,
        first=dt.date.min.toordinal(),
        last=last.toordinal(),
        margin=0,
    )


def moments(first: dt.datetime, last: dt.datetime) -> Steps:
    """Moments by the minute, from *first* to *last*."""
    return Steps(
        number=_minute,
        fact=_moment,
        plain=_plain,
        first=_minute(first),
        last=_minute(last),
        # A clock is less than a day away from any other, so their days are at most one apart.
        margin=2,
    )


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MINUTE = dt.timedelta(minutes=1)


def _minute(moment: dt.datetime) -> int:
    """The minute of *moment*; pendulum subtracts too, but makes more than a difference of it."""
    return dt.datetime.__sub__(_EPOCH, moment) // -_MINUTE


def _plain(minute: int) -> dt.datetime:
    return _EPOCH + minute * _MINUTE


def _moment(minute: int) -> DateTime:
    return DateTime.instance(_plain(minute))


_Stretch: TypeAlias = tuple[int, int, Any, Any]
"""The days on which everything lies inside for certain, first and last; the first and last fact."""


class Between:
    """Ordered facts that were accepted, as stretches, each for the *other* facts it rests on.

    It rests on this, which a rule has to keep: where two facts have the same answer, so has every
    fact between them.  Then a fact asked about tells, with some twenty others, how far its answer
    holds, and nothing between is asked about again.
    """

    def __init__(self, steps: Steps, most: int = MOST) -> None:
        self._steps = steps
        self._stretches: dict[Hashable, _Stretch] = {}
        self._unrecorded = Accepted(most)
        self._most = most

    def __contains__(self, facts: tuple[Hashable, Any]) -> bool:
        other, fact = facts
        if fact is None:
            return other in self._unrecorded
        stretch = self._stretches.get(other)
        if stretch is None:
            return False
        begins, ends, first, last = stretch
        # Comparing days is many times quicker than comparing moments of two clocks.
        return begins <= fact.toordinal() <= ends or bool(first <= fact <= last)

    def remember(self, facts: tuple[Hashable, Any], same: Callable[[Any], bool]) -> None:
        """Keep *facts* and those around it; *same*: whether a fact has the same answer."""
        other, fact = facts
        if fact is None:
            self._unrecorded.remember(other)
            return
        steps = self._steps
        number = steps.number(fact)

        def alike(number: int) -> bool:
            return same(steps.fact(number))

        if not steps.first <= number <= steps.last or not alike(number):
            return
        ends = (farthest(alike, number, bound) for bound in (steps.first, steps.last))
        first, last = map(steps.plain, ends)
        if len(self._stretches) >= self._most:
            self._stretches.clear()
        begins, ends = first.toordinal() + steps.margin, last.toordinal() - steps.margin
        self._stretches[other] = begins, ends, first, last


def farthest(holds: Callable[[int], bool], here: int, there: int) -> int:
    """The last number from *here*, where it holds, towards *there* up to which it holds.

    >>> farthest(lambda number: number <= 17, 3, 100)
    17
    >>> farthest(lambda number: number >= 17, 20, 0)
    17
    """
    if holds(there):
        return there
    while abs(there - here) > 1:
        middle = (here + there) // 2
        if holds(middle):
            here = middle
        else:
            there = middle
    return here
