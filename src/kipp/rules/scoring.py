"""Exact scores: weighted marks of several assessors, compared without rounding.

Indonesian: *nilai*.  A sheet's score is the sum of mark × weight over the sum of the weights, so
it lies on the scale of the marks; a proposal's score is the mean over its assessors.  Inside, all
scores of one group in one stage are whole points over one common unit, so that comparing them is
comparing integers.  Criteria, weights, scale and quorum are data (``groups.<group>.criteria``,
``marks.*``, ``evaluation.evaluators``, ``panel.assessors``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import lcm

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

    def value(self, proposal: str) -> Fraction | None:
        """The exact score of *proposal* on the scale of the marks; none where it has none."""
        found = self.points.get(proposal)
        return None if found is None else found * self.unit


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
    shares = _shares(assessors or {})
    sums: dict[str, int] = {}
    heads: dict[str, int] = {}
    for sheet in sheets:
        total = weigh(sheet)
        if total is not None:
            share = shares.of(sheet.assessor)
            sums[sheet.proposal] = sums.get(sheet.proposal, 0) + total * share
            heads[sheet.proposal] = heads.get(sheet.proposal, 0) + share
    if weigh.faults:
        raise Faults(weigh.faults)
    # A proposal nobody marked never has a score, whatever the quorum.
    least = max(quorum * shares.one, 1)
    full = {proposal: head for proposal, head in heads.items() if head >= least}
    common = lcm(*set(full.values()))
    points = {proposal: sums[proposal] * (common // head) for proposal, head in full.items()}
    return Scores(points=points, unit=scale.quantum / (weigh.total * common))


@attrs.frozen
class _Shares:
    """Weights of assessors as whole parts, *one* being the weight of an assessor of weight 1."""

    parts: Mapping[str, int]
    one: int

    def of(self, assessor: str) -> int:
        return self.parts.get(assessor, self.one)


def _shares(assessors: Mapping[str, Assessor]) -> _Shares:
    one = lcm(*(each.weight.denominator for each in assessors.values()))
    return _Shares({key: int(each.weight * one) for key, each in assessors.items()}, one)


class _Weigher:
    """Adds up sheets in whole steps × whole weights, and collects what is wrong with them."""

    def __init__(self, criteria: tuple[Criterion, ...], scale: Scale) -> None:
        parts = lcm(*(each.weight.denominator for each in criteria))
        self.weights = {each.key: int(each.weight * parts) for each in criteria}
        self.total = sum(self.weights.values())
        if not self.total:
            raise InvalidValue("criteria", criteria, "a weight above 0")
        self.needed = sum(1 for weight in self.weights.values() if weight)
        self.scale = scale
        self.steps: dict[Mark, int] = {}
        self.faults: list[KippError] = []

    def __call__(self, sheet: ScoreSheet) -> int | None:
        """The weighted steps of *sheet*; none where a needed mark is missing."""
        total = marked = 0
        weights, steps = self.weights, self.steps
        for key, mark in sheet.marks:
            weight = weights.get(key)
            step = steps.get(mark)
            if weight is None or step is None:
                step = self._look(sheet, key, mark)
            if weight:
                total += weight * step
                marked += 1
        return total if marked == self.needed else None

    def _look(self, sheet: ScoreSheet, key: str, mark: Mark) -> int:
        """The step of a mark met for the first time; a fault for what cannot be."""
        self.faults.extend(self._wrong(sheet, key, mark))
        step = Fraction(mark) / self.scale.quantum
        if step.denominator == 1 and self.scale.lowest <= mark <= self.scale.highest:
            self.steps[mark] = step.numerator
        return step.numerator

    def _wrong(self, sheet: ScoreSheet, key: str, mark: Mark) -> Iterator[KippError]:
        name = f"marks.{key}"
        if key not in self.weights:
            yield InvalidValue(
                name, mark, f"a criterion among {', '.join(self.weights)}", sheet.where
            )
        scale = self.scale
        whole = (Fraction(mark) / scale.quantum).denominator == 1
        if not whole or not scale.lowest <= mark <= scale.highest:
            yield InvalidValue(name, mark, f"a mark from {scale}", sheet.where)
