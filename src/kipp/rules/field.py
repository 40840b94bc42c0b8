"""The proposals of one cycle, counted once, so that rules about many stay quick.

Rules that compare proposals (the cap, titles used twice) read a :class:`Field`; building it walks
over the proposals once, asking it is immediate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from kipp.domain.agency import AgencyKey
from kipp.domain.citation import Cited, NotOpen, Settled
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue
from kipp.domain.proposal import Proposal
from kipp.rules.decision import Outcome, Reason, settle
from kipp.rules.rulebook import Rulebook

__all__ = [
    "Field",
    "field_of",
    "group_of",
    "held_reason",
    "not_offered",
    "offered_reason",
    "plain",
    "settle_held",
]


def plain(text: str) -> str:
    """*text* as titles and names are compared: no case, every run of blanks one blank."""
    return " ".join(text.casefold().split())


@attrs.frozen(kw_only=True)
class Field:
    """The proposals entered in one cycle, by id, with their counts; build it with :func:`field_of`.

    *entered* counts by agency and group, *titles* by agency and plain title, *innovations* by
    agency and id of the innovation; withdrawn proposals are kept but not counted.
    """

    cycle: int | None
    proposals: Mapping[str, Proposal]
    entered: Mapping[tuple[AgencyKey, Group | None], int] = attrs.field(eq=False, repr=False)
    titles: Mapping[tuple[AgencyKey, str], int] = attrs.field(eq=False, repr=False)
    innovations: Mapping[tuple[AgencyKey, str], int] = attrs.field(eq=False, repr=False)

    def count(self, agency: AgencyKey, group: Group | None) -> int:
        """How many proposals *agency* entered in *group* (none: group not recorded)."""
        return self.entered.get((agency, group), 0)

    def bearing(self, agency: AgencyKey, title: str) -> int:
        """How many proposals of *agency* bear *title*, case and blanks aside."""
        return self.titles.get((agency, plain(title)), 0)

    def entering(self, agency: AgencyKey, innovation: str) -> int:
        """How many proposals *agency* entered about the innovation of that id."""
        return self.innovations.get((agency, innovation), 0)

    def holding(self, proposal: Proposal) -> Field:
        """This field with *proposal* in it, in place of another of the same id."""
        if self.proposals.get(proposal.id) == proposal:
            return self
        return field_of({**self.proposals, proposal.id: proposal}.values(), self.cycle)


def field_of(proposals: Iterable[Proposal] | Field, cycle: int | None) -> Field:
    """The field of *cycle*: proposals of other cycles are left out, equal ones counted once.

    Raises:
        InvalidValue: two different proposals bear one id.
    """
    if isinstance(proposals, Field):
        return proposals if proposals.cycle == cycle else field_of((), cycle)
    kept: dict[str, Proposal] = {}
    for proposal in proposals:
        if proposal.cycle == cycle and kept.setdefault(proposal.id, proposal) != proposal:
            raise InvalidValue("Proposal.id", proposal.id, "one proposal per id")
    return _counted(kept, cycle)


def _counted(kept: dict[str, Proposal], cycle: int | None) -> Field:
    standing = [proposal for proposal in kept.values() if not proposal.withdrawn]
    return Field(
        cycle=cycle,
        proposals=MappingProxyType(kept),
        entered=Counter((each.agency, each.group) for each in standing),
        titles=Counter((each.agency, plain(each.title)) for each in standing),
        innovations=Counter((each.agency, each.innovation.id) for each in standing),
    )


def group_of(book: Rulebook, recorded: Group | None) -> Group | None:
    """The group a proposal stands in: as recorded, or the only one where the cycle had one pool."""
    if recorded is not None:
        return recorded
    possible = [
        group for group in Group if offered_reason(book, group).outcome is not Outcome.NOT_MET
    ]
    return possible[0] if len(possible) == 1 else None


def offered_reason(book: Rulebook, group: Group) -> Reason:
    """What ``groups.<group>.offered`` says."""
    return settle(book.term(f"groups.{group.key}.offered"), lambda flag: _offered(flag, group))


def _offered(flag: Settled[bool], group: Group) -> Reason:
    if isinstance(flag, NotOpen) or (isinstance(flag, Cited) and not flag.value):
        return not_offered(group)
    return Reason(Outcome.MET, "GROUP_OFFERED", (("group", group),))


def not_offered(group: Group) -> Reason:
    """NOT_MET because the cycle has no such group."""
    return Reason(Outcome.NOT_MET, "GROUP_NOT_OFFERED", (("group", group),))


def held_reason(book: Rulebook) -> Reason:
    """What ``held`` says of the contest."""
    return settle(book.term("held"), _held)


def _held(held: Settled[bool]) -> Reason:
    if isinstance(held, Cited) and held.value:
        return Reason(Outcome.MET, "KIPP_HELD")
    return Reason(Outcome.NOT_MET, "NO_KIPP_HELD")


def settle_held(book: Rulebook, path: str, judge: Callable[[Settled[Any]], Reason]) -> Reason:
    """As :func:`~kipp.rules.decision.settle` on *path*; a contest not held refuses everything."""
    held = held_reason(book)
    return held if held.outcome is Outcome.NOT_MET else settle(book.term(path), judge)
