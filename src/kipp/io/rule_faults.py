"""What the register and the rulebooks have against a record, as faults.

The record has the right shape; here the rules are asked.  A requirement that is not met blocks, one
that nobody can settle needs a person.  Answers are remembered, so that a fit proposal costs a few
look-ups; they are the same as without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kipp.domain.agency import Agency, AgencyKey
from kipp.domain.assessment import ScoreSheet
from kipp.domain.award import AwardHistory
from kipp.domain.citation import cited
from kipp.domain.errors import InvalidType
from kipp.domain.fault import Cure, Fault, Operation, Origin, Severity, to_pointer
from kipp.domain.hub import HubCandidate
from kipp.domain.incentive import FiscalRecord
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.domain.record import AwardRow, HubRow
from kipp.domain.registry import Registry
from kipp.io.document import Path
from kipp.io.entries import entry_of
from kipp.io.findings import Finding
from kipp.io.kinds import KINDS, kind_of
from kipp.io.proposal_rules import Look, ProposalRules
from kipp.io.raw import Place
from kipp.io.record_rules import Books, RecordRules
from kipp.io.remembered import MOST
from kipp.io.submission import Submission
from kipp.rules.decision import Outcome, RuleId
from kipp.rules.resolution import Resolved, Unresolvable, resolve
from kipp.rules.rulebook import Rulebook, cycle_book

__all__ = ["RuleChecks"]

_NOWHERE = Origin()


class RuleChecks:
    """The register and the rulebooks, asked about one record after the other.

    *book* is the rulebook of the cycle that proposals are entered in; without it only the register
    is asked.  *cycles* and *incentives* give the rulebooks of other years, for awards and fiscal
    records; *hubs* is the rulebook of the hubs.  *most* bounds how many answers of one kind are
    remembered.

    Two records that are alike get faults that are alike, in whatever order they come.  What depends
    on the cycle and not on a record is kept for :meth:`cycle_faults`.

    Raises:
        InvalidType: *book* is not the rulebook of a cycle.
    """

    def __init__(
        self,
        book: Rulebook | None,
        registry: Registry,
        *,
        cycles: Books | None = None,
        incentives: Books | None = None,
        hubs: Rulebook | None = None,
        most: int = MOST,
    ) -> None:
        self._book = None if book is None else cycle_book("book", book)
        self._registry = registry
        records = RecordRules(
            book, registry, cycles=cycles, incentives=incentives, hubs=hubs, most=most
        )
        self._records = records
        self._proposals = None if book is None else ProposalRules(book, registry, records, most)
        self._law: dict[object, Fault] = {}
        self._by_type: dict[type, Callable[[Any], Iterable[Finding]]] = {
            Proposal: self._proposal,
            Submission: self._submission,
            Innovation: records.innovation,
            Agency: records.agency,
            ScoreSheet: records.score_sheet,
            AwardRow: records.award_row,
            AwardHistory: records.award_history,
            FiscalRecord: records.fiscal_record,
            HubRow: records.hub_row,
            HubCandidate: records.hub_candidate,
        }

    @property
    def asked(self) -> tuple[RuleId, ...]:
        """The rules that are asked of a proposal, each at least in some group."""
        return () if self._proposals is None else self._proposals.asked

    def __call__(
        self, record: Any, place: Place | None = None, *, alone: bool = False
    ) -> tuple[Fault, ...]:
        """Every fault of *record*, in the order of the rules; *place* tells where its parts stand.

        *alone*: the record is a submission that was written as a proposal without a history, so
        that nothing in it stands under ``/proposal``.

        Raises:
            InvalidType: *record* is of no kind that is read from files.
        """
        ask = self._by_type.get(type(record))
        if ask is None:
            expected = f"one of {', '.join(kind.type.__name__ for kind in KINDS.values())}"
            raise InvalidType("record", record, expected)
        found = ask(record)
        return self._faults(found, record, place, alone=alone) if found else ()

    def surely_fit(self, read: Any) -> bool:
        """Whether nothing is surely against a proposal of which only this much was *read*.

        *read* has the fields and properties of a proposal (:mod:`kipp.io.mirror`); it is only asked
        what is remembered, so that false means: make the proposal, and ask about it.
        """
        return self._proposals is not None and self._proposals.surely_fit(read)

    @property
    def looks(self) -> tuple[Look, ...]:
        """What is read of a proposal; none without a cycle.

        For those who hold many proposals by columns: the facts of each look once, instead of each
        proposal.
        """
        return () if self._proposals is None else self._proposals.looks

    def accepts(self, look: Look, proposal: Proposal) -> bool:
        """Whether what is read in *look* is nothing against *proposal*.

        A proposal that every look accepts has no fault.
        """
        found = () if self._proposals is None else self._proposals.answer(look, proposal)
        return not self._faults(found, proposal, None, alone=False)

    def cycle_faults(self) -> tuple[Fault, ...]:
        """What the records up to now met that depends on the cycle alone, each once.

        The law that nobody found, a contest not held, facts that this kind of record cannot hold;
        in the order of code and path, whatever the order of the records.
        """
        return tuple(sorted(self._law.values(), key=_place_of_law))

    def _faults(
        self, found: Iterable[Finding], record: Any, place: Place | None, *, alone: bool
    ) -> tuple[Fault, ...]:
        name = _name(record)
        faults = []
        for finding in found:
            if not finding.law:
                path = _standing_alone(finding.path) if alone else finding.path
                origin = _NOWHERE if place is None else place(path)
                faults.append(self._fault(finding, path, origin, name))
            elif finding.said not in self._law:
                self._law[finding.said] = self._fault(finding)
        return tuple(faults)

    def _proposal(self, proposal: Proposal) -> Iterable[Finding]:
        if self._proposals is None:
            return list(self._records.proposal(proposal, ()))
        return self._proposals(proposal, None, holds_history=False)

    def _submission(self, submission: Submission) -> Iterable[Finding]:
        proposal, history = submission.proposal, submission.history
        if self._proposals is None:
            awards = () if history is None else self._records.awards(history, ("history",))
            return [*self._records.proposal(proposal, ("proposal",)), *awards]
        return self._proposals(proposal, history, holds_history=True)

    def _fault(
        self,
        finding: Finding,
        path: Path = (),
        origin: Origin = _NOWHERE,
        record: str | None = None,
    ) -> Fault:
        reason = finding.reason
        written = () if finding.law else (("name", _field(path)), ("value", finding.value))
        cure, known = self._cure(finding, path)
        return Fault(
            code=reason.code,
            severity=_SEVERITY[reason.outcome],
            pointer=to_pointer(path),
            origin=origin,
            values=(*written, *reason.values, *known),
            citations=reason.citations,
            cure=cure,
            record=record,
        )

    def _cure(self, finding: Finding, path: Path) -> tuple[Cure, tuple[tuple[str, object], ...]]:
        """What to do, and what its sentence names beside the values of the reason."""
        code = finding.reason.code
        if finding.law:
            return Cure(code="HAND_IN_HISTORY" if code == _UNRECORDED else _ASK), ()
        if code == "AGENCY_NOT_REGISTERED":
            return self._cure_of_agency(finding, path)
        if code == "CATEGORY_NOT_OFFERED" and self._book is not None:
            offered = tuple(name for names in cited(self._book[_CATEGORIES]) for name in names)
            return Cure(code="CHOOSE_CATEGORY"), (("offered", offered),)
        return Cure(code=_CURES.get(code, "CORRECT_OR_LEAVE_OUT")), ()

    def _cure_of_agency(
        self, finding: Finding, path: Path
    ) -> tuple[Cure, tuple[tuple[str, object], ...]]:
        """The key, where the text is the name of exactly one agency that surely bore it."""
        year = None if self._book is None else self._book.year
        named = resolve(self._registry, str(finding.value), year)
        if not isinstance(named, Resolved) or not named.sure:
            return Cure(code=_FIND_KEY), ()
        key: AgencyKey = named.agency.key
        patch = (Operation(op="replace", path=to_pointer(path), value=key),)
        return Cure(code="WRITE_AGENCY_KEY", patch=patch), (("key", key),)


_SEVERITY: Mapping[Outcome | None, Severity] = {
    Outcome.NOT_MET: Severity.BLOCKS,
    Outcome.UNKNOWN: Severity.NEEDS_PERSON,
}
_CATEGORIES = "categories.names"
_UNRECORDED = "FACT_NOT_RECORDED"
_ASK = "ASK_ORGANISER"
_FIND_KEY = "FIND_AGENCY_KEY"
_CURES = {
    _UNRECORDED: "FILL_IN",
    "NO_SOURCE_NAMED": "FILL_IN",
    "DOCUMENT_MISSING": "ADD_DOCUMENTS",
    **dict.fromkeys(("VALUE_NOT_FOUND", "VALUE_DISPUTED", "OPENING_DAY_UNCLEAR"), _ASK),
    **dict.fromkeys((each.code for each in Unresolvable), "WRITE_OFFICIAL_NAME"),
    **dict.fromkeys(("AGENCY_NOT_YET_FOUNDED", "AGENCY_NO_LONGER_EXISTS"), _FIND_KEY),
}
"""What to do about a fault by its code; about another one: correct it, or leave the record out."""


def _standing_alone(path: Path) -> Path:
    """The path in a proposal, of one in a submission."""
    return path[1:] if path[:1] == ("proposal",) else path


def _field(path: Path) -> str:
    """The last field on the way to the part, by the name it has in the record."""
    names = [step for step in path if isinstance(step, str)]
    return names[-1] if names else ""


def _name(record: Any) -> str | None:
    """What a person knows *record* by: its identity, or the field its kind is known by."""
    field = kind_of(type(record)).record
    return entry_of(record).record or (None if field is None else getattr(record, field))


def _place_of_law(fault: Fault) -> tuple[str, str]:
    return fault.code, repr(fault.values)
