"""What a selection starts from: proposals, score sheets, assessors and exits, checked together.

Every fault is reported at once, and nothing is selected from a faulty input.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import attrs

from kipp.domain.assessment import Assessor, ScoreSheet
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import Faults, InvalidValue, KippError
from kipp.domain.proposal import Proposal
from kipp.domain.selection import Exit, Standing
from kipp.rules.decision import Decision, Judgement, Outcome
from kipp.rules.rulebook import Rulebook
from kipp.rules.stages import MARKED, Desk

__all__ = ["Intake", "Verdict", "intake"]

Verdict: TypeAlias = Judgement | Decision | Outcome
"""What administrative screening says of a proposal."""


@attrs.frozen(kw_only=True)
class Intake:
    """The checked input of a run: *proposals* by group and id, sheets at the *desk*, *exits*."""

    book: Rulebook
    proposals: tuple[Proposal, ...]
    desk: Desk
    exits: Mapping[tuple[str, Stage], Exit]
    screened: Mapping[str, Verdict] | Callable[[Proposal], Verdict]

    def exits_at(self, stage: Stage) -> dict[str, Exit]:
        """Who leaves at *stage*, by id."""
        return {key: leaving for (key, at), leaving in self.exits.items() if at is stage}

    def verdict(self, proposal: Proposal) -> Verdict | None:
        """What screening found of *proposal*; none where nothing is recorded."""
        if callable(self.screened):
            return self.screened(proposal)
        return self.screened.get(proposal.id)


def intake(
    book: Rulebook,
    proposals: Iterable[Proposal],
    sheets: Iterable[ScoreSheet],
    screened: Mapping[str, Verdict] | Callable[[Proposal], Verdict],
    assessors: Iterable[Assessor] | None,
    exits: Iterable[Exit],
) -> Intake:
    """Check the input of a run and arrange it, so that the order it came in is forgotten.

    Raises:
        Faults: a proposal twice or of another cycle; a sheet twice, of an unknown proposal or
            assessor, at a stage without marks, by an assessor bound to the agency; an assessor
            twice; an exit of an unknown proposal, or a second one.
    """
    faults: list[KippError] = []
    known = _entered(book, proposals, faults)
    listed = _listed(assessors, faults)
    leaving = _exits(known, exits, faults)
    pools = _pooled(known, sheets, listed, faults)
    if faults:
        raise Faults(faults)
    return Intake(
        book=book,
        proposals=tuple(sorted(known.values(), key=_place)),
        desk=Desk(pools, listed or {}),
        exits=leaving,
        screened=screened,
    )


_GROUPS: dict[Group | None, int] = {
    group: position for position, group in enumerate((*Group, None))
}


def _place(proposal: Proposal) -> tuple[int, str]:
    return _GROUPS[proposal.group], proposal.id


def _entered(
    book: Rulebook, proposals: Iterable[Proposal], faults: list[KippError]
) -> dict[str, Proposal]:
    known: dict[str, Proposal] = {}
    for each in proposals:
        if each.id in known:
            faults.append(InvalidValue("Proposal.id", each.id, "an id nobody else has"))
        if each.cycle != book.year:
            faults.append(InvalidValue("Proposal.cycle", each.cycle, f"{book.year}", each.id))
        known[each.id] = each
    return known


def _listed(
    assessors: Iterable[Assessor] | None, faults: list[KippError]
) -> dict[str, Assessor] | None:
    if assessors is None:
        return None
    found: dict[str, Assessor] = {}
    for each in assessors:
        if each.key in found:
            faults.append(InvalidValue("Assessor.key", each.key, "a key nobody else has"))
        found[each.key] = each
    return found


def _exits(
    known: Mapping[str, Proposal], exits: Iterable[Exit], faults: list[KippError]
) -> dict[tuple[str, Stage], Exit]:
    found = {
        (each.id, Stage.REGISTERED): Exit(
            proposal=each.id,
            stage=Stage.REGISTERED,
            standing=Standing.WITHDRAWN if each.withdrawn else Standing.DISQUALIFIED,
        )
        for each in known.values()
        if each.withdrawn or each.disqualified
    }
    seen: set[str] = set()
    for leaving in exits:
        if leaving.proposal not in known:
            faults.append(InvalidValue("Exit.proposal", leaving.proposal, "an entered proposal"))
        if leaving.proposal in seen:
            faults.append(InvalidValue("Exit.proposal", leaving.proposal, "one exit each"))
        seen.add(leaving.proposal)
        found[leaving.proposal, leaving.stage] = leaving
    return found


def _pooled(
    known: Mapping[str, Proposal],
    sheets: Iterable[ScoreSheet],
    assessors: Mapping[str, Assessor] | None,
    faults: list[KippError],
) -> dict[tuple[Stage, Group], list[ScoreSheet]]:
    """The sheets by stage and group; sheets of proposals whose group is unknown are left aside."""
    pools: defaultdict[tuple[Stage, Group], list[ScoreSheet]] = defaultdict(list)
    seen: set[tuple[str, Stage, str]] = set()
    twice = 0
    for count, sheet in enumerate(sheets):
        seen.add((sheet.proposal, sheet.stage, sheet.assessor))
        if len(seen) + twice <= count:
            twice += 1
            faults.append(_twice(sheet))
        proposal = known.get(sheet.proposal)
        wrong = _misplaced(sheet, proposal, assessors)
        if wrong is not None:
            faults.append(wrong)
        elif proposal is not None and proposal.group is not None:
            pools[sheet.stage, proposal.group].append(sheet)
    return dict(pools)


def _twice(sheet: ScoreSheet) -> KippError:
    return InvalidValue("ScoreSheet.assessor", sheet.assessor, "one sheet each", sheet.where)


def _misplaced(
    sheet: ScoreSheet, proposal: Proposal | None, assessors: Mapping[str, Assessor] | None
) -> KippError | None:
    if proposal is None:
        return InvalidValue("ScoreSheet.proposal", sheet.proposal, "an entered one", sheet.where)
    if sheet.stage not in MARKED:
        known = ", ".join(MARKED)
        return InvalidValue("ScoreSheet.stage", str(sheet.stage), f"one of {known}", sheet.where)
    if assessors is None:
        return None
    assessor = assessors.get(sheet.assessor)
    if assessor is None:
        return InvalidValue("ScoreSheet.assessor", sheet.assessor, "a listed one", sheet.where)
    if assessor.bound_to(proposal.agency):
        expected = f"nobody bound to {proposal.agency}"
        return InvalidValue("ScoreSheet.assessor", sheet.assessor, expected, sheet.where)
    return None
