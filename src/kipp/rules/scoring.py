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
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import accumulate
from math import gcd, lcm

import attrs

from kipp.domain.assessment import Assessor, Criterion, Mark, ScoreSheet
from kipp.domain.errors import Faults, InvalidValue, KippError

__all__ = ["Combine", "Scale", "Scheme", "Scores", "join", "score", "score_each"]


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

    def __contains__(self, mark: Mark) -> bool:
        whole = (Fraction(mark) / self.quantum).denominator == 1
        return whole and self.lowest <= mark <= self.highest

    def __str__(self) -> str:
        return f"{self.lowest} to {self.highest}, a multiple of {self.quantum}"


@attrs.frozen(kw_only=True)
class Scheme:
    """What scores of one pool are made by.

    A proposal whose assessors weigh less than *quorum* together has no score.  *trim* is the weight
    of assessors left out at either end of a trimmed mean.

    Raises:
        InvalidValue: weights that are all 0, a criterion twice, a trim that can leave nobody.
    """

    criteria: tuple[Criterion, ...]
    scale: Scale
    quorum: int
    combine: Combine = Combine.MEAN
    trim: Fraction = Fraction(0)

    def __attrs_post_init__(self) -> None:
        if not any(each.weight for each in self.criteria):
            raise InvalidValue("criteria", self.criteria, "a weight above 0")
        if len({each.key for each in self.criteria}) < len(self.criteria):
            raise InvalidValue("criteria", self.criteria, "each criterion once")
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

    def below(self, proposal: str, mark: Fraction) -> bool:
        """Whether *proposal* has a score, and one below *mark*."""
        value = self.value(proposal)
        return value is not None and value < mark


def score(
    sheets: Iterable[ScoreSheet],
    scheme: Scheme,
    assessors: Mapping[str, Assessor] | None = None,
) -> Scores:
    """The scores of the proposals marked on *sheets*, exactly; as :func:`score_each`."""
    pools: defaultdict[str, list[ScoreSheet]] = defaultdict(list)
    for sheet in sheets:
        pools[sheet.proposal].append(sheet)
    return score_each(pools, scheme, assessors)


def score_each(
    pools: Mapping[str, Iterable[ScoreSheet]],
    scheme: Scheme,
    assessors: Mapping[str, Assessor] | None = None,
) -> Scores:
    """The scores of the proposals, whose sheets stand in *pools* by proposal, exactly.

    A sheet that leaves a criterion of weight above 0 unmarked does not count; a proposal whose
    sheets count for less than the quorum has no score.  Assessors not listed weigh 1.

    Raises:
        Faults: every mark off the scale or under an unknown criterion, all at once.
    """
    weigh = _Weigher(scheme.criteria, scheme.scale)
    parts, one = _parts(assessors or {}, scheme.trim)
    # A proposal nobody marked never has a score, whatever the quorum.
    least, trim = max(scheme.quorum * one, 1), int(scheme.trim * one)
    # The mean of assessors who weigh the same, which is nearly every selection, needs no shares.
    alike = scheme.combine is Combine.MEAN and not parts
    joined: dict[str, tuple[int, int]] = {}
    for proposal, sheets in pools.items():
        steps, shares = weigh.given(sheets, parts, one)
        if sum(shares) < least:
            continue
        if alike:
            joined[proposal] = sum(steps), len(steps)
        else:
            joined[proposal] = _join(zip(steps, shares, strict=True), scheme.combine, trim)
    if weigh.faults:
        raise Faults(weigh.faults)
    common = lcm(*{divisor for _, divisor in joined.values()})
    points = {key: total * (common // divisor) for key, (total, divisor) in joined.items()}
    return Scores(points=points, unit=scheme.scale.quantum / (weigh.total * common))


def _middle(given: list[tuple[int, int]]) -> tuple[int, int]:
    """The lower and the upper middle one added up, and how many these are."""
    reached = list(accumulate(share for _, share in given))
    whole = reached[-1]
    lower = next(i for i, upto in enumerate(reached) if upto + upto >= whole)
    upper = next(i for i, upto in enumerate(reached) if upto + upto > whole)
    middle = given[lower][0], given[upper][0]
    return sum(middle), len(middle)


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
    left = sum(share for _, share in given) - trim - trim
    return _join(given, how, trim) if left > 0 else None


def _join(given: Iterable[tuple[int, int]], how: Combine, trim: int) -> tuple[int, int]:
    lowest_first = sorted(given)
    if how is Combine.MEDIAN:
        return _middle(lowest_first)
    return _inner(lowest_first, trim if how is Combine.TRIMMED else 0)


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

    def given(
        self, sheets: Iterable[ScoreSheet], parts: Mapping[str, int], one: int
    ) -> tuple[list[int], list[int]]:
        """The weighted steps of each sheet that counts, and the parts its assessor counts for."""
        # The innermost loop of a selection: sheets come by the ten thousand.
        worth, every = self.worth, len(self.worth)
        steps: list[int] = []
        shares: list[int] = []
        for sheet in sheets:
            marks, total = sheet.marks, 0
            try:
                for key, mark in marks:
                    total += worth[key][mark]
            except KeyError:
                total = sum([self._look(sheet, key, mark) for key, mark in marks])
            if len(marks) == every or self._complete(marks):
                steps.append(total)
                shares.append(parts.get(sheet.assessor, one) if parts else one)
        return steps, shares

    def _complete(self, marks: Collection[tuple[str, Mark]]) -> bool:
        """Whether every criterion that weighs is marked."""
        return sum(1 for key, _ in marks if self.weights.get(key)) == self.needed

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
        if mark not in self.scale:
            yield InvalidValue(name, mark, f"a mark from {self.scale}", sheet.where)
