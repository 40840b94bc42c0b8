"""The sheets behind a cut (*lembar penilaian*), in whole steps, so that they can be counted anew.

A score says nothing of who gave it.  What would change if somebody had not marked, or had marked
otherwise, is asked of the sheets that counted: each in whole steps of the scale × whole weights,
for the whole parts its assessor counts for.  The points are those of the scores the cut was made
by, on a unit fine enough for every count that is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor, lcm
from operator import mul
from typing import NamedTuple, TypeAlias

from kipp.domain.assessment import Assessor, Mark, ScoreSheet
from kipp.domain.errors import InvalidValue
from kipp.rules.cuts import Cut
from kipp.rules.line import line_of
from kipp.rules.scoring import Combine, join

__all__ = ["Counted", "Division", "Joined", "Tally", "points_of"]

Joined: TypeAlias = tuple[int, int]
"""Weighted steps, and what to divide them by."""


class Counted(NamedTuple):
    """A sheet that counted: its assessor, the parts they count for, what it adds up to, its marks.

    *total* is in steps × weights, *steps* in steps by criterion (0 where one that weighs nothing
    is not marked).
    """

    assessor: str
    parts: int
    total: int
    steps: tuple[int, ...]


class Tally:
    """The counted sheets of the candidates of *cut* that have a score.

    Raises:
        InvalidValue: *sheets* and *assessors* do not give the scores the cut was made by, or two
            are of the same assessor.
    """

    def __init__(
        self, cut: Cut, sheets: Iterable[ScoreSheet], assessors: Iterable[Assessor]
    ) -> None:
        scheme = cut.scheme
        listed = {each.key: each.weight for each in assessors}
        divisors = (each.denominator for each in (scheme.trim, *listed.values()))
        self._one = lcm(*divisors)
        self._parts = {key: int(weight * self._one) for key, weight in listed.items()}
        self._trim = int(scheme.trim * self._one)
        self.how = scheme.combine
        self.criteria = tuple(each.key for each in scheme.criteria)
        self.whole = lcm(*(each.weight.denominator for each in scheme.criteria))
        self.weights = tuple(int(each.weight * self.whole) for each in scheme.criteria)
        self.quantum = scheme.scale.quantum
        self.least = ceil(scheme.scale.lowest / self.quantum)
        self.most = floor(scheme.scale.highest / self.quantum)
        self.unit = self.quantum / sum(self.weights)
        self._ratio = cut.scores.unit / self.unit
        self.unmarked: set[str] = set()
        self._steps: dict[Mark, int] = {}
        self.sheets = self._counted(cut, sheets)
        self.joined = {key: self._again(key, self.sheets[key], cut) for key in cut.order}

    @property
    def additive(self) -> bool:
        """Whether a score is a sum of marks, each counted the same wherever it lies."""
        return self.how is Combine.MEAN

    @property
    def assessors(self) -> tuple[str, ...]:
        """Who gave a sheet that counted, by key."""
        return tuple(sorted({each.assessor for given in self.sheets.values() for each in given}))

    def parts(self, assessor: str) -> int:
        """For how many parts the marks of *assessor* count."""
        return self._parts.get(assessor, self._one)

    def join(self, given: Sequence[tuple[int, int]]) -> Joined | None:
        """One score of what assessors gave (total and parts); none where nobody is left."""
        return join(given, self.how, self._trim)

    def without(self, proposal: str) -> Iterable[tuple[str, Joined | None]]:
        """Each assessor of *proposal*, and what the others gave it."""
        given = self.sheets[proposal]
        if self.additive:
            total, parts = self.joined[proposal]
            for each in given:
                left = parts - each.parts
                yield each.assessor, (total - each.total * each.parts, left) if left else None
            return
        for number, each in enumerate(given):
            others = (*given[:number], *given[number + 1 :])
            yield each.assessor, self.join([(other.total, other.parts) for other in others])

    def _counted(self, cut: Cut, sheets: Iterable[ScoreSheet]) -> Mapping[str, list[Counted]]:
        there = frozenset(cut.order)
        counted: defaultdict[str, list[Counted]] = defaultdict(list)
        for sheet in sheets:
            if sheet.stage is cut.by and sheet.proposal in there:
                found = self._count(sheet)
                if found is not None:
                    counted[sheet.proposal].append(found)
        for given in counted.values():
            given.sort()
        return counted

    def _count(self, sheet: ScoreSheet) -> Counted | None:
        """The sheet in whole steps; none where it leaves a criterion that weighs unmarked."""
        marks = dict(sheet.marks)
        if len(marks) < len(self.criteria):
            missing = [key for key in self.criteria if key not in marks]
            if any(self.weights[self.criteria.index(key)] for key in missing):
                return None
            self.unmarked.update(missing)
            marks |= dict.fromkeys(missing, 0)
        steps = tuple([self._whole(marks[key]) for key in self.criteria])
        total = sum(map(mul, self.weights, steps))
        return Counted(sheet.assessor, self.parts(sheet.assessor), total, steps)

    def _whole(self, mark: Mark) -> int:
        found = self._steps.get(mark)
        if found is None:
            found = self._steps[mark] = int(mark / self.quantum)
        return found

    def _again(self, proposal: str, given: Sequence[Counted], cut: Cut) -> Joined:
        """The score of *proposal* once more, from the sheets *given*."""
        found = self.join([(each.total, each.parts) for each in given])
        points = cut.scores.points[proposal] * self._ratio.numerator
        once = len({each.assessor for each in given}) == len(given)
        if found is None or not once or found[0] * self._ratio.denominator != points * found[1]:
            expected = f"the sheets that {proposal} was scored by, each once"
            raise InvalidValue("sheets", [each.assessor for each in given], expected)
        return found


def points_of(joined: Joined, common: int) -> int:
    """*joined* in whole points, *common* of which make one weighted step."""
    total, divisor = joined
    return total * (common // divisor)


class Division:
    """A cut, the sheets it was made of, and how its line divides the candidates.

    *level* are equals at the line of whom only some fit, parted or not; the first *seated* of the
    *order* are in.  Where it is not *exact*, the line is that of the whole list.

    Raises:
        InvalidValue: as :class:`Tally`.
    """

    def __init__(
        self, cut: Cut, sheets: Iterable[ScoreSheet], assessors: Iterable[Assessor]
    ) -> None:
        tally = Tally(cut, sheets, assessors)
        self.cut = cut
        self.tally = tally
        self.order = cut.order
        self.exact = not cut.demands and not cut.open
        self.places = len(self.order) if cut.places is None else cut.places
        points = cut.scores.points
        at, tied = line_of([points[key] for key in self.order], self.places)
        self.level = tuple(key for key in self.order if tied and points[key] == at)
        above = sum(1 for key in self.order if points[key] > at or (points[key] == at and not tied))
        # Only where places went to the highest scores is who took one a matter of scores.
        self.seated = len(cut.selected) if self.exact else above

    @property
    def ins(self) -> tuple[str, ...]:
        """Who is in."""
        return self.order[: self.seated]

    @property
    def outs(self) -> tuple[str, ...]:
        """Who is out, or tied."""
        return self.order[self.seated :]

    @property
    def filled(self) -> bool:
        """Whether as many are in as there are places for."""
        return self.seated == min(self.places, len(self.order))
