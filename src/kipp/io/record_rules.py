"""What the register and the rulebooks say about one record that is no proposal.

An agency is known and stood in the year the record is about; a tier is one that its cycle had; a
mark is one that its cycle gives.  The answers are those of the rules; this module says which rule
to ask of which record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial
from typing import TypeAlias

import attrs

from kipp.domain.agency import Agency, AgencyKey
from kipp.domain.assessment import OVERALL, Criterion, Mark, ScoreSheet
from kipp.domain.award import KIPP, AwardHistory, Tier
from kipp.domain.citation import Cited, Settled
from kipp.domain.cycle import Group, Stage
from kipp.domain.hub import HubCandidate
from kipp.domain.incentive import FiscalRecord
from kipp.domain.innovation import Innovation, ReplicaSource
from kipp.domain.proposal import Proposal
from kipp.domain.record import AwardRow, HubRow
from kipp.domain.registry import USER_PREFIX, Registry
from kipp.io.document import Path
from kipp.io.findings import Finding, of_the_law
from kipp.io.remembered import MOST, Accepted
from kipp.rules.agency import doubts, refusal, unregistered, year_days
from kipp.rules.decision import Outcome, Reason, settle
from kipp.rules.field import held_reason, offered_reason
from kipp.rules.history import tier_refusal
from kipp.rules.hub import CRITERIA, hub_candidate
from kipp.rules.incentive import receives
from kipp.rules.policy import MARKED
from kipp.rules.resolution import Unresolved, resolve
from kipp.rules.rulebook import Rulebook
from kipp.rules.scoring import Scale

__all__ = ["Books", "RecordRules"]

Books: TypeAlias = Callable[[int], Rulebook | None]
"""The rulebook of a year, or none where there is none."""


class RecordRules:
    """What can be said about one record alone; nothing where it is fit.

    *book* is the cycle of the run; *cycles* and *incentives* give the rulebooks of other years:
    without them nothing is asked of those years.  *hubs* is the rulebook of the hubs.
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
        self._book = book
        self._registry = registry
        self._cycles = cycles
        self._incentives = incentives
        self._hubs = hubs
        self._stood: dict[tuple[AgencyKey, int], tuple[Reason, ...]] = {}
        self._marked = Accepted(most)
        self._most = most

    # --- Records ------------------------------------------------------------------------------

    def proposal(self, proposal: Proposal, path: Path) -> Iterator[Finding]:
        """Its agency stood in the year of its cycle; what it replicates is known."""
        innovation = (*path, "innovation")
        yield from self._agency(proposal.agency, proposal.cycle, (*innovation, "agency"))
        for number, source in enumerate(proposal.innovation.replica_of or ()):
            yield from self.source(source, (*innovation, "replica_of", number))

    def innovation(self, innovation: Innovation) -> Iterator[Finding]:
        """Its agency stood in the year of the cycle; what it replicates is known."""
        year = None if self._book is None else self._book.year
        yield from self._agency(innovation.agency, year, ("agency",))
        for number, source in enumerate(innovation.replica_of or ()):
            yield from self.source(source, ("replica_of", number))

    def agency(self, agency: Agency) -> Iterator[Finding]:
        """It is one of the register, of the same kind; those of a user have keys of their own."""
        known = self._registry.by_key.get(agency.key)
        if known is None:
            if not agency.key.startswith(USER_PREFIX):
                yield Finding(unregistered(agency.key), ("key",), agency.key)
        elif known.kind is not agency.kind:
            values = (("agency", agency.key), ("registered", known.kind))
            reason = Reason(Outcome.UNKNOWN, "AGENCY_OF_OTHER_KIND", values)
            yield Finding(reason, ("kind",), agency.kind)

    def score_sheet(self, sheet: ScoreSheet) -> Iterator[Finding]:
        """Its stage is one with marks, its criteria and marks are those of the cycle."""
        if sheet.stage not in MARKED:
            reason = Reason(Outcome.NOT_MET, "STAGE_WITHOUT_MARKS", (("stages", MARKED),))
            yield Finding(reason, ("stage",), sheet.stage)
        elif self._book is not None:
            for criterion, mark in sheet.marks:
                if (sheet.stage, criterion, mark) not in self._marked:
                    yield from self._under(self._book, sheet.stage, criterion, mark)

    def award_row(self, row: AwardRow) -> Iterator[Finding]:
        """Its agency is named as in its year, its tier is one of that year."""
        year = row.year if dt.MINYEAR <= row.year <= dt.MAXYEAR else None
        found = resolve(self._registry, row.agency_name, year)
        if isinstance(found, Unresolved):
            yield Finding(found.finding, ("agency_name",), row.agency_name)
        if row.tier.year != row.year:
            reason = Reason(Outcome.NOT_MET, "TIER_OF_OTHER_YEAR", (("year", row.year),))
            yield Finding(reason, ("tier", "year"), row.tier.year)
        yield from self._tier(row.tier, ("tier",))

    def award_history(self, history: AwardHistory) -> Iterator[Finding]:
        """Its awards."""
        return self.awards(history, ())

    def fiscal_record(self, record: FiscalRecord) -> Iterator[Finding]:
        """Its agency stood in the fiscal year, and is of a kind that receives the incentive."""
        year = record.fiscal_year
        home = None if self._incentives is None else self._incentives(year)
        if self._incentives is None or not dt.MINYEAR <= year <= dt.MAXYEAR:
            yield from self._agency(record.agency, year, ("agency",))
        elif home is None:
            yield from self._agency(record.agency, year, ("agency",))
            yield _unknown_year("FISCAL_YEAR_NOT_KNOWN", ("fiscal_year",), year)
        else:
            agency = self._registry.by_key.get(record.agency, record.agency)
            yield from _open(receives(home, agency, year), ("agency",), record.agency)

    def hub_row(self, row: HubRow) -> Iterator[Finding]:
        """Its agency stood in its year, and is a local government or none as the row says."""
        if row.agency is None:
            return
        yield from self._agency(row.agency, row.year, ("agency",))
        known = self._registry.by_key.get(row.agency)
        if known is not None and known.is_local_government is not row.local:
            values = (("agency", row.agency), ("registered", known.kind))
            reason = Reason(Outcome.UNKNOWN, "HUB_OF_OTHER_LEVEL", values)
            yield Finding(reason, ("local",), row.local)

    def hub_candidate(self, candidate: HubCandidate) -> Iterator[Finding]:
        """Its agency stood in the year of the cycle; it meets the criteria of that year."""
        year = None if self._book is None else self._book.year
        yield from self._agency(candidate.agency, year, ("agency",))
        if self._hubs is None or year is None:
            return
        for reason in hub_candidate(self._hubs, candidate, year).reasons:
            yield from _candidate(reason, candidate)

    # --- Parts of records ---------------------------------------------------------------------

    def source(self, source: ReplicaSource, path: Path) -> Iterator[Finding]:
        """What is replicated: of a known agency, in tiers that there were."""
        if source.agency is not None:
            yield from self._agency(source.agency, None, (*path, "agency"))
        for number, tier in enumerate(source.tiers or ()):
            yield from self._tier(tier, (*path, "tiers", number))

    def awards(self, history: AwardHistory, path: Path) -> Iterator[Finding]:
        """Awards: of agencies that stood in their year, in tiers that there were."""
        for number, award in enumerate(history.awards):
            place = (*path, "awards", number)
            yield from self._agency(award.agency, award.tier.year, (*place, "agency"))
            yield from self._tier(award.tier, (*place, "tier"))

    def _agency(self, key: AgencyKey, year: int | None, path: Path) -> Iterator[Finding]:
        return _open(self._standing(key, year), path, key)

    def _standing(self, key: AgencyKey, year: int | None) -> tuple[Reason, ...]:
        """Whether the register holds an agency with *key*, and it stood in *year*, if any."""
        agency = self._registry.by_key.get(key)
        if agency is None:
            return (unregistered(key),)
        if year is None or not dt.MINYEAR <= year <= dt.MAXYEAR:
            return ()
        found = self._stood.get((key, year))
        if found is None:
            if len(self._stood) >= self._most:
                self._stood.clear()
            days = year_days(year)
            refused = refusal(agency, *days)
            found = doubts(agency, *days) if refused is None else (refused,)
            self._stood[key, year] = found
        return found

    def _tier(self, tier: Tier, path: Path) -> Iterator[Finding]:
        """Whether there was such a tier of KIPP; those of others are theirs to say."""
        if tier.organiser != KIPP or self._cycles is None:
            return
        book = self._cycles(tier.year)
        if book is None:
            yield _unknown_year("CYCLE_NOT_KNOWN", (*path, "year"), tier.year)
            return
        held = held_reason(book)
        if held.outcome is Outcome.NOT_MET:
            reason = attrs.evolve(held, values=(("cycle", tier.year),))
            yield Finding(reason, (*path, "year"), tier.year)
            return
        refused = tier_refusal(book, tier)
        if refused is not None:
            yield from _open((refused,), path, tier.label)

    def _under(
        self, book: Rulebook, stage: Stage, criterion: str, mark: Mark
    ) -> tuple[Finding, ...]:
        """What is wrong with a mark; where it is nothing, that is remembered."""
        known = self._criterion(book, stage, criterion)
        found = (*known, *self._mark(book, criterion, mark))
        if all(each.law for each in found):
            self._marked.remember((stage, criterion, mark))
        return found

    def _criterion(self, book: Rulebook, stage: Stage, key: str) -> Iterator[Finding]:
        """Whether a group of the cycle is marked under the criterion in *stage*."""
        path = ("marks", key)
        if stage is not Stage.EVALUATION:
            if key != OVERALL:
                values = (("criterion", key), ("criteria", (OVERALL,)))
                yield Finding(Reason(Outcome.NOT_MET, "CRITERION_NOT_OF_CYCLE", values), path, key)
            return
        reasons = [
            settle(
                book.term(f"groups.{group.key}.criteria"), lambda stated: _marked_under(stated, key)
            )
            for group in Group
            if offered_reason(book, group).outcome is not Outcome.NOT_MET
        ]
        if all(reason.outcome is not Outcome.MET for reason in reasons):
            worst = [each for each in reasons if each.outcome is Outcome.UNKNOWN] or reasons[:1]
            yield from _open(worst, path, key)

    def _mark(self, book: Rulebook, key: str, mark: Mark) -> Iterator[Finding]:
        """Whether *mark* lies on the scale of the cycle."""
        quantum, lowest, highest = (book.term(path) for path in _SCALE)

        def by_step(step: Settled[Fraction]) -> Reason:
            return settle(
                lowest, lambda least: settle(highest, partial(_on_scale, mark, step, least))
            )

        reason = settle(quantum, by_step)
        return _open((reason,), ("marks", key), mark)


_SCALE = ("marks.quantum", "marks.lowest", "marks.highest")


def _on_scale(mark: Mark, *bounds: Settled[Fraction]) -> Reason:
    stated = [bound.value for bound in bounds if isinstance(bound, Cited)]
    if len(stated) < len(bounds):
        return Reason(Outcome.MET, "MARK_ON_SCALE")
    quantum, lowest, highest = stated
    scale = Scale(quantum=quantum, lowest=lowest, highest=highest)
    values = (("mark", mark), ("lowest", lowest), ("highest", highest), ("step", quantum))
    if mark in scale:
        return Reason(Outcome.MET, "MARK_ON_SCALE", values)
    return Reason(Outcome.NOT_MET, "MARK_OFF_SCALE", values)


def _marked_under(stated: Settled[tuple[Criterion, ...]], key: str) -> Reason:
    known = tuple(each.key for each in stated.value) if isinstance(stated, Cited) else ()
    values = (("criterion", key), ("criteria", known))
    if key in known:
        return Reason(Outcome.MET, "CRITERION_OF_CYCLE", values)
    return Reason(Outcome.NOT_MET, "CRITERION_NOT_OF_CYCLE", values)


def _open(reasons: Iterable[Reason], path: Path, value: object) -> Iterator[Finding]:
    """Those of *reasons* that are not met, or not known."""
    for reason in reasons:
        if reason.outcome in (Outcome.NOT_MET, Outcome.UNKNOWN):
            # What is not known of the year of a tier is not what is not known of the run's cycle.
            law = of_the_law(reason) and "tier" not in dict(reason.values)
            yield Finding(reason, () if law else path, value, law=law)


def _unknown_year(code: str, path: Path, year: int) -> Finding:
    return Finding(Reason(Outcome.UNKNOWN, code, (("year", year),)), path, year)


def _candidate(reason: Reason, candidate: HubCandidate) -> Iterator[Finding]:
    fact = dict(reason.values).get("fact")
    missing = (name for name, (_, code) in CRITERIA.items() if code == reason.code)
    name = next(missing, str(fact))
    return _open((reason,), (name,), getattr(candidate, name, None))
