"""One proposal judged by everything its cycle asks.

Indonesian: *pemeriksaan persyaratan*.  The rules that every contest has (held, who may enter,
group, age, earlier awards, cap, one innovation once, still entered) are always asked; the others
where the rulebook of the cycle says something about them, be it only that the value was not found.
What fails at screening (careless answers, a title used twice) is asked where a source lists it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import attrs

from kipp.domain.agency import Agency
from kipp.domain.award import AwardHistory
from kipp.domain.citation import NotOpen, cited
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue
from kipp.domain.proposal import Proposal
from kipp.rules import cap, eligibility, replication, screening
from kipp.rules.decision import Classification, Decision, Judgement, Outcome, RuleId
from kipp.rules.field import Field, field_of, group_of
from kipp.rules.rulebook import Rulebook

__all__ = ["ASKED", "Asks", "Case", "Decide", "judge"]


@attrs.frozen(kw_only=True)
class Case:
    """What the rules are told about one proposal; *group* as far as it is known."""

    book: Rulebook
    proposal: Proposal
    history: AwardHistory | None
    field: Field
    agency: Agency | None
    group: Group | None


def judge(
    book: Rulebook,
    proposal: Proposal,
    *,
    history: AwardHistory | None,
    others: Iterable[Proposal] | Field = (),
    agency: Agency | None = None,
) -> Judgement:
    """Judge *proposal* by every requirement of the cycle of *book*.

    *history* is what the innovation reached before; none where nobody recorded it, so that an
    innovation never awarded has an empty one.  *others* are the proposals of the cycle that the
    cap and the titles are counted over, this one among them or not; judging many, build them
    once with :func:`kipp.rules.field.field_of`.  *agency* is the proposal's agency where it is
    registered.

    A cycle that was not held answers ``NOT_MET`` and asks nothing else.  A proposal withdrawn or
    disqualified is judged like another, and ``still-entered`` is not met.

    Raises:
        InvalidValue: the proposal is of another cycle, *agency* is not its agency, two proposals
            bear one id, or the moment of submission has no zone.
    """
    if proposal.cycle != book.year:
        raise InvalidValue(
            "proposal.cycle", proposal.cycle, f"{book.year}, the cycle of the rulebook", proposal.id
        )
    if agency is not None and agency.key != proposal.agency:
        raise InvalidValue("agency", agency.key, f"the agency {proposal.agency}", proposal.id)
    case = Case(
        book=book,
        proposal=proposal,
        history=history,
        field=_with(others, proposal, book.year),
        agency=agency,
        group=group_of(book, proposal.group),
    )
    return _judged(case)


def _with(others: Iterable[Proposal] | Field, proposal: Proposal, cycle: int | None) -> Field:
    if not isinstance(others, Field):
        others = field_of((each for each in others if each.id != proposal.id), cycle)
    return others.holding(proposal)


def _judged(case: Case) -> Judgement:
    held = eligibility.cycle_held(case.book, case.proposal)
    stops = held.outcome is Outcome.NOT_MET
    asked = {rule: not stops and asks(case.book, case.group) for rule, (asks, _) in ASKED.items()}
    asked[eligibility.HELD] = "held" in case.book.terms
    decisions = tuple(decide(case) for rule, (_, decide) in ASKED.items() if asked[rule])
    return Judgement(
        subject=case.proposal.id,
        cycle=case.proposal.cycle,
        decisions=decisions,
        not_asked=tuple(rule for rule in ASKED if not asked[rule]),
        classifications=() if stops else (_router(case),),
    )


def _router(case: Case) -> Classification[Any]:
    return replication.group_router(case.book, case.proposal.innovation, history=case.history)


Asks: TypeAlias = Callable[[Rulebook, Group | None], bool]
"""Whether the cycle of a rulebook asks a rule of a proposal in a group, as far as that is known."""

Decide: TypeAlias = Callable[[Case], Decision]
"""The answer of one rule about one proposal."""


def _core(_book: Rulebook, _group: Group | None) -> bool:
    """What every contest asks."""
    return True


def _stated(path: str) -> Asks:
    return lambda book, _: path in book.terms


def _listed(reason: str) -> Asks:
    """Asked where a source lists it among the reasons for failing; no list is no rule."""
    return lambda book, _: any(
        reason in reasons for reasons in cited(book["screening.fail_reasons"])
    )


def _by_invitation(book: Rulebook, group: Group | None) -> bool:
    if group is None:
        return False
    path = f"groups.{group.key}.by_invitation"
    return path in book.terms and not isinstance(book[path], NotOpen)


def _as_replica(_book: Rulebook, group: Group | None) -> bool:
    return group is Group.REPLICATION


ASKED: Mapping[RuleId, tuple[Asks, Decide]] = {
    eligibility.HELD: (_stated("held"), lambda c: eligibility.cycle_held(c.book, c.proposal)),
    eligibility.PARTICIPANT: (
        _core,
        lambda c: eligibility.participant(c.book, c.proposal, agency=c.agency),
    ),
    eligibility.GROUP: (_core, lambda c: eligibility.group_offered(c.book, c.proposal)),
    eligibility.INVITATION: (_by_invitation, lambda c: eligibility.invitation(c.book, c.proposal)),
    eligibility.AGE: (_core, lambda c: eligibility.minimum_age(c.book, c.proposal)),
    eligibility.AWARDS: (
        _core,
        lambda c: eligibility.earlier_awards(c.book, c.proposal, history=c.history),
    ),
    replication.ENTRY: (
        _as_replica,
        lambda c: replication.replication_entry(
            c.book, c.proposal, history=c.history, others=c.field
        ),
    ),
    eligibility.CATEGORY: (
        _stated("categories.names"),
        lambda c: eligibility.category_offered(c.book, c.proposal),
    ),
    eligibility.SDG: (
        _stated("sdg_minimum"),
        lambda c: eligibility.sdg_link(c.book, c.proposal),
    ),
    cap.RULE_ID: (
        _core,
        lambda c: cap.proposal_cap(
            c.book, c.proposal.agency, c.field, groups=Group if c.group is None else (c.group,)
        ),
    ),
    screening.DEADLINE: (
        _stated("schedule.registration_closes"),
        lambda c: screening.submitted_in_time(c.book, c.proposal),
    ),
    screening.DOCUMENTS: (
        _stated("documents.required"),
        lambda c: screening.documents_complete(c.book, c.proposal),
    ),
    screening.WORDS: (_stated("summary.words"), lambda c: screening.word_limit(c.book, c.proposal)),
    screening.VIDEO: (
        _stated("video.minutes"),
        lambda c: screening.video_length(c.book, c.proposal),
    ),
    screening.CARELESS: (
        _listed(screening.CARELESS_REASON),
        lambda c: screening.careful_answers(c.book, c.proposal),
    ),
    screening.TITLE: (
        _listed(screening.TITLE_REASON),
        lambda c: screening.title_once(c.book, c.proposal, others=c.field),
    ),
    screening.INNOVATION: (
        _core,
        lambda c: screening.innovation_once(c.book, c.proposal, others=c.field),
    ),
    screening.ENTERED: (_core, lambda c: screening.still_entered(c.proposal)),
}
"""Every rule that judging asks, in the order of the answers: whether it is asked, and how."""
