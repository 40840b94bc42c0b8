"""Exact scores: weighted marks of several assessors, compared without rounding.

Indonesian: *nilai*.  A sheet's score is the sum of mark × weight over the sum of the weights, so
it lies on the scale of the marks; how the scores of several assessors become one is a named
:class:`Combine`.  Inside, all scores of one group in one stage are whole points over one common
unit, so that comparing them is comparing integers.  Criteria, weights, scale, quorum and the way
of combining are data (``groups.<group>.criteria``, ``marks.*``, ``evaluation.*``, ``panel.*``).
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import accumulate
from math import gcd, lcm
from typing import TypeAlias

import attrs

from kipp.domain.assessment import Assessor, Criterion, Mark, ScoreSheet
from kipp.domain.errors import Faults, InvalidValue, KippError

__all__ = ["Combine", "Scale", "Scheme", "Scores", "join", "score"]


class Combine(enum.StrEnum):
    """How the scores of several assessors become one, each counted by the assessor's weight.

    The mean; the median, the middle of the two middle ones where half the weight lies on either
    side; the trimmed mean, which leaves out a stated weight of the highest and of the lowest.
    """

    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED = "trimmed mean"


@attrs.frozen(kw_only=True)
class Scale:
    """The marks that may be given: multiples of *quantum* from *lowest* to *highest*.

    Raises:
        InvalidValue: a quantum of 0 or less, or a highest mark not above the lowest.
    """

    lowest: Fraction
    highest: Fraction
    quantum: Fraction

    def __attrs_post_init__(self) -> None:
        if self.quantum <= 0:
            raise InvalidValue("marks.quantum", self.quantum, "a step above 0")
        if self.highest <= self.lowest:
            raise InvalidValue("marks.highest", self.highest, f"a mark above {self.lowest}")

    def __str__(self) -> str:
        return f"{self.lowest} to {self.highest}, a multiple of {self.quantum}"


@attrs.frozen(kw_only=True)
class Scheme:
    """What scores of one pool are made by.

    A proposal marked by fewer assessors than *quorum* has no score.  *trim* is the weight of
    assessors left out at either end of a trimmed mean.

    Raises:
        InvalidValue: weights that are all 0, a trim that can leave nobody.
    """

    criteria: tuple[Criterion, ...]
    scale: Scale
    quorum: int
    combine: Combine = Combine.MEAN
    trim: Fraction = Fraction(0)

    def __attrs_post_init__(self) -> None:
        if not any(each.weight for each in self.criteria):
            raise InvalidValue("criteria", self.criteria, "a weight above 0")
        if self.combine is Combine.TRIMMED and not 0 < self.trim + self.trim < self.quorum:
            expected = f"above 0 and less than half of the quorum of {self.quorum}"
            raise InvalidValue("trim", self.trim, expected)


@attrs.frozen(kw_only=True)
class Scores:
    """Scores of one pool: whole *points* by proposal, each worth one *unit*.

    A proposal that too few assessors marked is not there.
    """

    points: Mapping[str, int]
    unit: Fraction
    # Equal scores share a fraction, and stages ask for the same again: one is dear to make.
    _values: dict[int, Fraction] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    def value(self, proposal: str) -> Fraction | None:
        """The exact score of *proposal* on the scale of the marks; none where it has none."""
        points = self.points.get(proposal)
        if points is None:
            return None
        found = self._values.get(points)
        if found is None:
            numerator = points * self.unit.numerator
            found = self._values[points] = Fraction(numerator, self.unit.denominator)
        return found


def score(
    sheets: Iterable[ScoreSheet],
    scheme: Scheme,
    assessors: Mapping[str, Assessor] | None = None,
) -> Scores:
    """The scores of the proposals marked on *sheets*, exactly.

    A sheet that leaves a criterion of weight above 0 unmarked does not count; a proposal whose
    sheets count for less than the quorum has no score.  Assessors not listed weigh 1.

    Raises:
        Faults: every mark off the scale or under an unknown criterion, all at once.
    """
    weigh = _Weigher(scheme.criteria, scheme.scale)
    parts, one = _parts(assessors or {}, scheme.trim)
    weighed = _weighed(sheets, weigh, parts, one)
    # A proposal nobody marked never has a score, whatever the quorum.
    joined = _JOIN[scheme.combine](weighed, max(scheme.quorum * one, 1), int(scheme.trim * one))
    if weigh.faults:
        raise Faults(weigh.faults)
    common = lcm(*{divisor for _, divisor in joined.values()})
    points = {key: total * (common // divisor) for key, (total, divisor) in joined.items()}
    return Scores(points=points, unit=scheme.scale.quantum / (weigh.total * common))


_Weighed: TypeAlias = tuple[str, int, int]
"""A proposal, the weighted steps of one sheet, the parts its assessor counts for."""
_Joined: TypeAlias = dict[str, tuple[int, int]]
"""By proposal: weighted steps, and what to divide them by."""


def _weighed(
    sheets: Iterable[ScoreSheet], weigh: _Weigher, parts: Mapping[str, int], one: int
) -> Iterator[_Weighed]:
    # The innermost loop of a selection: sheets come by the ten thousand.
    worth, every = weigh.worth, len(weigh.worth)
    for sheet in sheets:
        marks, total = sheet.marks, 0
        try:
            for key, mark in marks:
                total += worth[key][mark]
        except KeyError:
            total = weigh.looked_up(sheet)
        if len(marks) == every or weigh.complete(sheet):
            yield sheet.proposal, total, parts.get(sheet.assessor, one)


def _mean(weighed: Iterable[_Weighed], least: int, _trim: int) -> _Joined:
    sums: defaultdict[str, int] = defaultdict(int)
    heads: defaultdict[str, int] = defaultdict(int)
    for proposal, total, share in weighed:
        sums[proposal] += total * share
        heads[proposal] += share
    return {key: (sums[key], head) for key, head in heads.items() if head >= least}


def _median(weighed: Iterable[_Weighed], least: int, _trim: int) -> _Joined:
    return {key: _middle(given) for key, given in _gathered(weighed, least)}


def _middle(given: list[tuple[int, int]]) -> tuple[int, int]:
    """The lower and the upper middle one added up, and how many these are."""
    reached = list(accumulate(share for _, share in given))
    whole = reached[-1]
    lower = next(i for i, upto in enumerate(reached) if upto + upto >= whole)
    upper = next(i for i, upto in enumerate(reached) if upto + upto > whole)
    middle = given[lower][0], given[upper][0]
    return sum(middle), len(middle)


def _trimmed(weighed: Iterable[_Weighed], least: int, trim: int) -> _Joined:
    return {key: _inner(given, trim) for key, given in _gathered(weighed, least)}


def _inner(given: list[tuple[int, int]], trim: int) -> tuple[int, int]:
    """What is left after *trim* parts are taken off either end."""
    last = sum(share for _, share in given) - trim
    total = reached = 0
    for steps, share in given:
        kept = min(reached + share, last) - max(reached, trim)
        total += steps * max(kept, 0)
        reached += share
    return total, last - trim


def join(given: Collection[tuple[int, int]], how: Combine, trim: int = 0) -> tuple[int, int] | None:
    """What several assessors gave as one: steps, and what to divide them by.

    *given* are steps and the parts (above 0) each counts for; none where nobody is left, in a
    trimmed mean once *trim* parts are taken off either end.
    """
    parts = sum(share for _, share in given)
    if how is Combine.TRIMMED:
        return _inner(sorted(given), trim) if parts > trim + trim else None
    if not parts:
        return None
    if how is Combine.MEDIAN:
        return _middle(sorted(given))
    return sum(steps * share for steps, share in given), parts


def _gathered(
    weighed: Iterable[_Weighed], least: int
) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """By proposal what each assessor gave, lowest first, where enough did."""
    given: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for proposal, total, share in weighed:
        given[proposal].append((total, share))
    for proposal, each in given.items():
        if sum(share for _, share in each) >= least:
            yield proposal, sorted(each)


_Join: TypeAlias = Callable[[Iterable[_Weighed], int, int], _Joined]
_JOIN: Mapping[Combine, _Join] = {
    Combine.MEAN: _mean,
    Combine.MEDIAN: _median,
    Combine.TRIMMED: _trimmed,
}


def _parts(assessors: Mapping[str, Assessor], trim: Fraction) -> tuple[dict[str, int], int]:
    """Weights of assessors in whole parts, and how many parts an assessor of weight 1 has."""
    one = lcm(trim.denominator, *(each.weight.denominator for each in assessors.values()))
    return {key: int(each.weight * one) for key, each in assessors.items()}, one


class _Weigher:
    """Adds up sheets in whole steps × whole weights, and collects what is wrong with them."""

    def __init__(self, criteria: tuple[Criterion, ...], scale: Scale) -> None:
        whole = lcm(*(each.weight.denominator for each in criteria))
        parts = {each.key: int(each.weight * whole) for each in criteria}
        shared = gcd(*parts.values())
        self.weights = {key: part // shared for key, part in parts.items()}
        self.total = sum(self.weights.values())
        self.needed = sum(1 for weight in self.weights.values() if weight)
        self.scale = scale
        self.faults: list[KippError] = []
        # What a mark under a criterion is worth, filled as marks are met: few differ.
        self.worth: dict[str, dict[Mark, int]] = {key: {} for key in self.weights}

    def looked_up(self, sheet: ScoreSheet) -> int:
        """The weighted steps of the marks on *sheet*, some of which were not met before."""
        return sum([self._look(sheet, key, mark) for key, mark in sheet.marks])

    def complete(self, sheet: ScoreSheet) -> bool:
        """Whether *sheet* marks every criterion that weighs."""
        return sum(1 for key, _ in sheet.marks if self.weights.get(key)) == self.needed

    def _look(self, sheet: ScoreSheet, key: str, mark: Mark) -> int:
        """What *mark* is worth under *key*; nothing, and a fault, where it cannot be."""
        known = self.worth.get(key, {}).get(mark)
        if known is not None:
            return known
        wrong = list(self._wrong(sheet, key, mark))
        self.faults += wrong
        if wrong:
            return 0
        steps = Fraction(mark) / self.scale.quantum
        return self.worth[key].setdefault(mark, self.weights[key] * steps.numerator)

    def _wrong(self, sheet: ScoreSheet, key: str, mark: Mark) -> Iterator[KippError]:
        name = f"marks.{key}"
        if key not in self.weights:
            known = ", ".join(self.weights)
            yield InvalidValue(name, mark, f"a criterion among {known}", sheet.where)
        scale = self.scale
        whole = (Fraction(mark) / scale.quantum).denominator == 1
        if not whole or not scale.lowest <= mark <= scale.highest:
            yield InvalidValue(name, mark, f"a mark from {scale}", sheet.where)
