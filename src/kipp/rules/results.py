"""What a selection says of each proposal at each stage."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import attrs

from kipp.domain.citation import Term
from kipp.domain.cycle import Group, Stage
from kipp.domain.selection import Standing
from kipp.rules.cuts import Cut
from kipp.rules.decision import Reason
from kipp.rules.ties import Settlement, Tie

__all__ = ["Result", "StageRecord", "Stop", "in_order"]


# Made by the ten thousand: without slots and by position one costs two fifths of what it costs
# with slots and by name.
@attrs.frozen(slots=False)
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
    results: tuple[Result, ...]
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


def in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """*results* by group; within a group they keep their order; those of no group come last."""
    return tuple(sorted(results, key=lambda result: _GROUPS[result.group]))
