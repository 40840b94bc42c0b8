"""How far one weight can move before an outsider draws level with an insider, exactly.

When one weight moves by δ and the others stay, the score of every candidate moves along a line
S + δ·m, all over one denominator.  The least of the insiders' lines is concave, the greatest of
the outsiders' convex, so their gap is concave, and it is above or at 0 on one interval.  Its ends
are found by Newton's iteration (Dinkelbach's method for ratios): from a point where the gap is
below 0, go to where the two lines that make it meet, until the gap there is not below 0.  Each step
ends at a crossing of two of finitely many lines and comes nearer, so the iteration ends, exactly.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from operator import mul
from typing import TypeAlias

import attrs

from kipp.rules.tally import Division, Tally, points_of

__all__ = ["NoInterval", "WeightInterval", "weight_intervals"]


class NoInterval(enum.StrEnum):
    """Why the weight of a criterion has no interval."""

    NOT_ADDITIVE = "the scores are no sums of marks"
    TIED = "equals at the line are not all parted"
    UNMARKED = "a sheet that counts does not mark it, and would not count if it weighed"


@attrs.frozen(kw_only=True)
class WeightInterval:
    """The weights of a criterion, the others as they are, over which the selected stay the same.

    *highest* is none where there is no bound; an end that is not closed does not belong to it.
    Where the policy parted equals at the line, it is over these weights that nobody outside is
    ahead of anybody inside, and being level is again left to the policy.
    """

    weight: Fraction
    lowest: Fraction
    lowest_closed: bool
    highest: Fraction | None
    highest_closed: bool

    def __contains__(self, weight: Fraction) -> bool:
        above = weight > self.lowest or (self.lowest_closed and weight == self.lowest)
        if self.highest is None:
            return above
        return above and (weight < self.highest or (self.highest_closed and weight == self.highest))


def weight_intervals(field: Division) -> Mapping[str, WeightInterval | NoInterval]:
    """By criterion how far its weight alone can move, or why that cannot be said."""
    tally = field.tally
    # Places left free, or more taken than there are, is what the policy made of equals.
    unparted = bool(field.level) and not field.filled
    if unparted or not tally.additive:
        why = NoInterval.TIED if tally.additive else NoInterval.NOT_ADDITIVE
        return dict.fromkeys(tally.criteria, why)
    common = lcm(*{divisor for _, divisor in tally.joined.values()})
    heights = [points_of(tally.joined[key], common) for key in field.order]
    rises = [_rises(field.tally, key, common) for key in field.order]
    return {
        criterion: NoInterval.UNMARKED
        if criterion in tally.unmarked
        else _interval(
            field,
            number,
            [(height, rise[number]) for height, rise in zip(heights, rises, strict=True)],
        )
        for number, criterion in enumerate(tally.criteria)
    }


def _rises(tally: Tally, proposal: str, common: int) -> Sequence[int]:
    """By criterion what one more part of its weight adds to the points of *proposal*."""
    factor = common // tally.joined[proposal][1]
    sheets = tally.sheets[proposal]
    parts = [sheet.parts * factor for sheet in sheets]
    columns = zip(*(sheet.steps for sheet in sheets), strict=True)
    return [sum(map(mul, parts, column)) for column in columns]


def _interval(field: Division, position: int, slopes: Sequence[_Slope]) -> WeightInterval:
    """How far the weight of the criterion at *position* can move, the points moving by *slopes*."""
    tally = field.tally
    weight, whole = tally.weights[position], tally.whole
    inside, outside = slopes[: field.seated], slopes[field.seated :]
    if inside and outside:
        lower, upper = _end(inside, outside, -weight, 1), _end(inside, outside, 1, 0)
    else:
        lower, upper = _End(-weight, 1, 1), _End(1, 0, 1)
    # Equals at the line are left to the policy as they are, so that being level is no change.
    level = bool(field.level)
    lowest = weight + Fraction(lower.numerator, lower.denominator)
    weighs = bool(lowest) or sum(tally.weights) > weight
    highest = None
    if upper.denominator:
        highest = (weight + Fraction(upper.numerator, upper.denominator)) / whole
    return WeightInterval(
        weight=Fraction(weight, whole),
        lowest=lowest / whole,
        lowest_closed=weighs and (level or lower.gap > 0),
        highest=highest,
        highest_closed=highest is not None and level,
    )


_Slope: TypeAlias = tuple[int, int]
"""A line: its height at δ = 0, and by how much it rises."""


@attrs.frozen
class _End:
    """Where the interval ends: at δ = *numerator* / *denominator*, and how large the gap is there.

    A *denominator* of 0 means that it does not end; only the sign of the *gap* has a meaning.
    """

    numerator: int
    denominator: int
    gap: int


def _end(
    inside: Sequence[_Slope], outside: Sequence[_Slope], numerator: int, denominator: int
) -> _End:
    """The end of the interval on the side of the furthest δ that is asked for.

    That is *numerator* / *denominator*; 1 / 0 stands for a weight without bound.  Neither side is
    empty, and at δ = 0 no outsider is above an insider.
    """
    while True:

        def height(line: _Slope, to: int = numerator, by: int = denominator) -> int:
            return by * line[0] + to * line[1]

        low, high = min(inside, key=height), max(outside, key=height)
        gap = height(low) - height(high)
        if gap >= 0:
            return _End(numerator, denominator, gap)
        numerator, denominator = low[0] - high[0], high[1] - low[1]
        if denominator < 0:
            numerator, denominator = -numerator, -denominator
