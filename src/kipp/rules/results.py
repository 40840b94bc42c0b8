"""What a selection says of each proposal at each stage.

A run answers by the thousand, and most proposals of a stage share their answer: a step gives
:class:`Answers`, and the results are made of them when somebody reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

from kipp.domain.citation import Term
from kipp.domain.cycle import Group, Stage
from kipp.domain.selection import Standing
from kipp.rules.cuts import Cut
from kipp.rules.decision import Reason
from kipp.rules.scoring import Scores
from kipp.rules.ties import Settlement, Tie

__all__ = ["Answer", "Answers", "Result", "Results", "StageRecord", "Stop", "in_order"]


@attrs.frozen
class Result:
    """What became of one proposal at one stage, and why.

    *score* is exact, on the scale of the marks, where the stage looked at one; *rank* counts from
    1 within the group, equals share it; *tie* says who else is tied and how many seats are left.
    """

    proposal: str
    group: Group | None
    stage: Stage
    standing: Standing
    reasons: tuple[Reason, ...]
    score: Fraction | None = None
    rank: int | None = None
    tie: Tie | None = None

    @property
    def tied_with(self) -> tuple[str, ...]:
        """The others it is tied with."""
        tied = self.tie.proposals if self.tie else ()
        return tuple(other for other in tied if other != self.proposal)

    @property
    def code(self) -> str:
        """The code of the first reason."""
        return self.reasons[0].code


class Answer(NamedTuple):
    """What a stage says of a proposal; many proposals share one."""

    standing: Standing
    reasons: tuple[Reason, ...]
    tie: Tie | None = None


@attrs.frozen(kw_only=True)
class Answers:
    """The answers of one stage about proposals of one group: by id, in their order.

    *scores* and *ranks* are those the stage looked at; a proposal without one is not in them.
    """

    stage: Stage
    group: Group | None
    by_id: Mapping[str, Answer]
    scores: Scores | None = None
    ranks: Mapping[str, int] = attrs.field(factory=dict)

    def result(self, proposal: str) -> Result:
        """The result of *proposal*, which the stage answered."""
        standing, reasons, tie = self.by_id[proposal]
        score = None if self.scores is None else self.scores.value(proposal)
        rank = self.ranks.get(proposal)
        return Result(proposal, self.group, self.stage, standing, reasons, score, rank, tie)


class Results(Sequence[Result]):
    """Results that are made when somebody reads them, all at once; equal to a tuple of them."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Iterable[Result]]) -> None:
        self._make = make
        self._made: tuple[Result, ...] | None = None

    @classmethod
    def of(cls, answers: Iterable[Answers]) -> Results:
        """The results of *answers*, in their order."""
        given = tuple(answers)
        return cls(lambda: (each.result(key) for each in given for key in each.by_id))

    def _read(self) -> tuple[Result, ...]:
        if self._made is None:
            self._made = tuple(self._make())
        return self._made

    def __len__(self) -> int:
        return len(self._read())

    def __iter__(self) -> Iterator[Result]:
        return iter(self._read())

    def __getitem__(self, index: Any) -> Any:
        return self._read()[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Results, tuple)):
            return NotImplemented
        return self._read() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._read())

    def __repr__(self) -> str:
        return repr(self._read())

    def __reduce__(self) -> tuple[type, tuple[tuple[Result, ...]]]:
        return tuple, (self._read(),)


@attrs.frozen(kw_only=True)
class Stop:
    """Why a run went no further than *stage*."""

    stage: Stage
    reasons: tuple[Reason, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """The rulebook paths whose values are missing, each once."""
        named = (dict(reason.values).get("path") for reason in self.reasons)
        return tuple(dict.fromkeys(path for path in named if isinstance(path, str)))


@attrs.frozen(kw_only=True)
class StageRecord:
    """One stage of a run: a result for everybody who reached it, the cuts by group, what it read.

    Results are ordered by group, then as the cut ranks them, then by id.
    """

    stage: Stage
    results: Sequence[Result]
    cuts: tuple[Cut, ...] = ()
    terms: tuple[Term[Any], ...] = ()
    stop: Stop | None = None

    def with_standing(self, standing: Standing, group: Group | None = None) -> tuple[str, ...]:
        """The proposals of that *standing*, of one *group* or of all."""
        return tuple(
            result.proposal
            for result in self.results
            if result.standing is standing and group in (None, result.group)
        )

    @property
    def selected(self) -> tuple[str, ...]:
        """The proposals that go on."""
        return self.with_standing(Standing.SELECTED)

    @property
    def settlements(self) -> tuple[Settlement, ...]:
        """Every tie that the policy worked on, key by key."""
        return tuple(each for made in self.cuts for each in made.settlements)

    @property
    def ties(self) -> tuple[Tie, ...]:
        """Every tie left."""
        return tuple(tie for made in self.cuts for tie in made.ties)


_GROUPS: dict[Group | None, int] = {
    group: position for position, group in enumerate((*Group, None))
}


def in_order(answers: Iterable[Answers]) -> tuple[Answers, ...]:
    """*answers* by group, those of one group in their order; those of no group come last."""
    return tuple(sorted(answers, key=lambda each: _GROUPS[each.group]))
