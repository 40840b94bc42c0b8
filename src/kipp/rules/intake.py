"""What a selection starts from: proposals, score sheets, assessors and exits, checked together.

Every fault is reported at once, and nothing is selected from a faulty input.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

import attrs

from kipp.domain.assessment import Assessor, ScoreSheet
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import Faults, InvalidValue, KippError
from kipp.domain.proposal import Proposal
from kipp.domain.selection import Exit, Standing, TieDecision
from kipp.rules.composition import Traits
from kipp.rules.decision import Decision, Judgement, Outcome
from kipp.rules.desk import Desk, Pools
from kipp.rules.policy import MARKED
from kipp.rules.rulebook import Rulebook

__all__ = ["Intake", "Verdict", "intake"]

Verdict: TypeAlias = Judgement | Decision | Outcome
"""What administrative screening says of a proposal."""


@attrs.frozen(kw_only=True)
class Intake:
    """The checked input of a run: *proposals* by group and id, *known* by id, sheets at the *desk*.

    *decisions* are those people took about ties, *traits* what the demands of composition ask of
    each proposal, *visited* whom the field verification went to, none where nothing is recorded.
    """

    book: Rulebook
    proposals: tuple[Proposal, ...]
    known: Mapping[str, Proposal]
    desk: Desk
    exits: Mapping[tuple[str, Stage], Exit]
    screened: Mapping[str, Verdict] | Callable[[Proposal], Verdict]
    decisions: tuple[TieDecision, ...] = ()
    traits: Traits = attrs.field(factory=dict)
    visited: frozenset[str] | None = None

    def exits_at(self, stage: Stage) -> dict[str, Exit]:
        """Who leaves at *stage*, by id."""
        return {key: leaving for (key, at), leaving in self.exits.items() if at is stage}

    def verdict(self, proposal: str) -> Verdict | None:
        """What screening found of *proposal*; none where nothing is recorded."""
        if callable(self.screened):
            return self.screened(self.known[proposal])
        return self.screened.get(proposal)


def intake(
    book: Rulebook,
    proposals: Iterable[Proposal],
    sheets: Iterable[ScoreSheet],
    screened: Mapping[str, Verdict] | Callable[[Proposal], Verdict],
    assessors: Iterable[Assessor] | None,
    exits: Iterable[Exit],
    decisions: Iterable[TieDecision] = (),
    traits: Traits | None = None,
    visited: Iterable[str] | None = None,
) -> Intake:
    """Check the input of a run and arrange it, so that the order it came in is forgotten.

    Raises:
        Faults: a proposal twice or of another cycle; a sheet twice, of an unknown proposal or
            assessor, at a stage without marks, by an assessor bound to the agency; an assessor
            twice; an exit of an unknown proposal, or a second one; a decision about, a visit to, or
            a verdict or attribute of an unknown proposal.
    """
    faults: list[KippError] = []
    known = _entered(book, proposals, faults)
    listed = _listed(assessors, faults)
    leaving = _exits(known, exits, faults)
    pools = _pooled(known, sheets, listed, faults)
    decided = tuple(decisions)
    chosen = (key for each in decided for key in each.chosen)
    faults += _unknown("TieDecision.chosen", chosen, known)
    for name, named in (("screened", screened), ("traits", traits)):
        if isinstance(named, Mapping):
            faults += _unknown(name, sorted(named), known)
    visits = Counter(visited or ())
    faults += _unknown("visited", sorted(visits), known)
    twice = sorted(key for key, times in visits.items() if times > 1)
    faults += (InvalidValue("visited", key, "each finalist once") for key in twice)
    if faults:
        raise Faults(faults)
    return Intake(
        book=book,
        proposals=tuple(sorted(known.values(), key=_place)),
        known=known,
        desk=Desk(known.values(), pools, listed or {}),
        exits=leaving,
        screened=screened,
        decisions=decided,
        traits=traits or {},
        visited=None if visited is None else frozenset(visits),
    )


def _unknown(name: str, keys: Iterable[str], known: Mapping[str, Proposal]) -> Iterator[KippError]:
    """Those of *keys* that are no entered proposal's."""
    return (InvalidValue(name, key, "an entered proposal") for key in keys if key not in known)


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
) -> Pools:
    """The sheets by stage and proposal."""
    pools: dict[Stage, dict[str, list[ScoreSheet]]] = {stage: {} for stage in MARKED}
    for sheet in sheets:
        if sheet.proposal in known and sheet.stage in pools:
            pools[sheet.stage].setdefault(sheet.proposal, []).append(sheet)
        else:
            faults.append(_misplaced(sheet))
    for pool in pools.values():
        for key, given in pool.items():
            if len({sheet.assessor for sheet in given}) < len(given):
                faults += _twice(given)
            if assessors is not None:
                faults += _unfit(known[key], given, assessors)
    return pools


def _misplaced(sheet: ScoreSheet) -> KippError:
    """Its proposal is not entered, or its stage has no marks."""
    if sheet.stage in MARKED:
        return InvalidValue("ScoreSheet.proposal", sheet.proposal, "an entered one", sheet.where)
    known = ", ".join(MARKED)
    return InvalidValue("ScoreSheet.stage", str(sheet.stage), f"one of {known}", sheet.where)


def _twice(given: list[ScoreSheet]) -> Iterator[KippError]:
    """An assessor hands in one sheet for a proposal and stage."""
    seen: set[str] = set()
    for sheet in given:
        if sheet.assessor in seen:
            yield InvalidValue(_ASSESSOR, sheet.assessor, "one sheet each", sheet.where)
        seen.add(sheet.assessor)


def _unfit(
    proposal: Proposal, given: list[ScoreSheet], assessors: Mapping[str, Assessor]
) -> Iterator[KippError]:
    """Who marks is listed, and bound to nobody whom the mark is for."""
    for sheet in given:
        assessor = assessors.get(sheet.assessor)
        if assessor is None:
            yield InvalidValue(_ASSESSOR, sheet.assessor, "a listed one", sheet.where)
        elif assessor.bound_to(proposal.agency):
            expected = f"nobody bound to {proposal.agency}"
            yield InvalidValue(_ASSESSOR, sheet.assessor, expected, sheet.where)


_ASSESSOR = "ScoreSheet.assessor"
