"""Exact scores: weighted marks of several assessors, compared without rounding.

Indonesian: *nilai*.  A sheet's score is the sum of mark × weight over the sum of the weights, so
it lies on the scale of the marks; a proposal's score is the mean over its assessors.  Inside, all
scores of one group in one stage are whole points over one common unit, so that comparing them is
comparing integers.  Criteria, weights, scale and quorum are data (``groups.<group>.criteria``,
``marks.*``, ``evaluation.evaluators``, ``panel.assessors``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import gcd, lcm

import attrs

from kipp.domain.assessment import Assessor, Criterion, Mark, ScoreSheet
from kipp.domain.errors import Faults, InvalidValue, KippError

__all__ = ["Scale", "Scores", "score"]


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
class Scores:
    """Scores of one pool: whole *points* by proposal, each worth one *unit*.

    A proposal that too few assessors marked is not there.
    """

    points: Mapping[str, int]
    unit: Fraction
    # Stages ask for the same value again; a fraction is dear to make.
    _values: dict[str, Fraction] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    def value(self, proposal: str) -> Fraction | None:
        """The exact score of *proposal* on the scale of the marks; none where it has none."""
        found = self._values.get(proposal)
        if found is None and proposal in self.points:
            numerator = self.points[proposal] * self.unit.numerator
            found = self._values[proposal] = Fraction(numerator, self.unit.denominator)
        return found


def score(
    sheets: Iterable[ScoreSheet],
    *,
    criteria: tuple[Criterion, ...],
    scale: Scale,
    quorum: int,
    assessors: Mapping[str, Assessor] | None = None,
) -> Scores:
    """The mean of the weighted scores of each proposal, exactly.

    A sheet that leaves a criterion of weight above 0 unmarked does not count; a proposal whose
    sheets count for fewer than *quorum* assessors has no score.  Assessors not listed weigh 1.

    Raises:
        Faults: every mark off the scale or under an unknown criterion, all at once.
        InvalidValue: weights that are all 0.
    """
    weigh = _Weigher(criteria, scale)
    parts, one = _parts(assessors or {})
    sums: defaultdict[str, int] = defaultdict(int)
    heads: defaultdict[str, int] = defaultdict(int)
    for sheet in sheets:
        total = weigh(sheet)
        if total is not None:
            share = parts.get(sheet.assessor, one)
            sums[sheet.proposal] += total * share
            heads[sheet.proposal] += share
    if weigh.faults:
        raise Faults(weigh.faults)
    # A proposal nobody marked never has a score, whatever the quorum.
    least = max(quorum * one, 1)
    full = {proposal: head for proposal, head in heads.items() if head >= least}
    common = lcm(*set(full.values()))
    points = {proposal: sums[proposal] * (common // head) for proposal, head in full.items()}
    return Scores(points=points, unit=scale.quantum / (weigh.total * common))


def _parts(assessors: Mapping[str, Assessor]) -> tuple[dict[str, int], int]:
    """Weights of assessors in whole parts, and how many parts an assessor of weight 1 has."""
    one = lcm(*(each.weight.denominator for each in assessors.values()))
    return {key: int(each.weight * one) for key, each in assessors.items()}, one


class _Weigher:
    """Adds up sheets in whole steps × whole weights, and collects what is wrong with them."""

    def __init__(self, criteria: tuple[Criterion, ...], scale: Scale) -> None:
        if not any(each.weight for each in criteria):
            raise InvalidValue("criteria", criteria, "a weight above 0")
        whole = lcm(*(each.weight.denominator for each in criteria))
        parts = {each.key: int(each.weight * whole) for each in criteria}
        shared = gcd(*parts.values())
        self.weights = {key: part // shared for key, part in parts.items()}
        self.total = sum(self.weights.values())
        self.needed = sum(1 for weight in self.weights.values() if weight)
        self.scale = scale
        self.faults: list[KippError] = []
        # What each pair of criterion and mark is worth, filled as pairs are met: few differ.
        self.worth: dict[tuple[str, Mark], int] = {}

    def __call__(self, sheet: ScoreSheet) -> int | None:
        """The weighted steps of *sheet*; none where a needed mark is missing."""
        marks = sheet.marks
        try:
            total = sum(map(self.worth.__getitem__, marks))
        except KeyError:
            total = sum([self.worth.get(pair) or self._look(sheet, pair) for pair in marks])
        if len(marks) == len(self.weights):
            return total
        marked = sum(1 for key, _ in marks if self.weights.get(key))
        return total if marked == self.needed else None

    def _look(self, sheet: ScoreSheet, pair: tuple[str, Mark]) -> int:
        """What *pair* is worth; nothing, and a fault, where it cannot be."""
        key, mark = pair
        wrong = list(self._wrong(sheet, key, mark))
        self.faults += wrong
        if wrong:
            return 0
        steps = Fraction(mark) / self.scale.quantum
        return self.worth.setdefault(pair, self.weights[key] * steps.numerator)

    def _wrong(self, sheet: ScoreSheet, key: str, mark: Mark) -> Iterator[KippError]:
        name = f"marks.{key}"
        if key not in self.weights:
            known = ", ".join(self.weights)
            yield InvalidValue(name, mark, f"a criterion among {known}", sheet.where)
        scale = self.scale
        whole = (Fraction(mark) / scale.quantum).denominator == 1
        if not whole or not scale.lowest <= mark <= scale.highest:
            yield InvalidValue(name, mark, f"a mark from {scale}", sheet.where)
