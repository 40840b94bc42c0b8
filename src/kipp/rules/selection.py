"""From all registered proposals to the winners, stage by stage.

Indonesian: *seleksi*; the stages are those of :class:`~kipp.domain.cycle.Stage`: registered,
administrative screening, evaluation by the Tim Evaluasi, nominations per group, finalists (Top 99,
Top 15), public objection, panel, winners (Top 45, Top 5).  Places, criteria, quorum, pass mark
and tie policy are data; what the law did not publish is an assumption of the caller, and a run
without it stops at the stage that needs it.  The order of input never changes an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from kipp.domain.assessment import Assessor, ScoreSheet
from kipp.domain.citation import Evidence, Term
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import InvalidType, InvalidValue
from kipp.domain.proposal import Proposal
from kipp.domain.selection import Exit, Standing, TieDecision
from kipp.rules.cascade import check_criteria
from kipp.rules.composition import Traits
from kipp.rules.decision import Outcome, Reason
from kipp.rules.intake import Intake, Verdict, intake
from kipp.rules.policy import Last
from kipp.rules.results import Result, StageRecord, Stop, in_order
from kipp.rules.rulebook import Rulebook
from kipp.rules.stages import Halt, Terms
from kipp.rules.steps import STEPS, Inside
from kipp.rules.terms import BookKind
from kipp.rules.ties import Settlement, Tie

__all__ = ["CODES", "Selection", "select"]

CODES = (
    "REGISTERED",
    "NO_KIPP_HELD",
    "SCREENING_PASSED",
    "SCREENING_FAILED",
    "SCREENING_UNKNOWN",
    "SCORED",
    "BELOW_PASS_MARK",
    "SELECTED",
    "NOT_SELECTED",
    "TIED_AT_CUT",
    "RIVALS_UNKNOWN",
    "DEMANDS_CONFLICT",
    "SHARES_TIED",
    "GROUP_NOT_OFFERED",
    "NO_OBJECTION",
    "HEARD",
    "VISITED",
    "NOT_VISITED",
    "VISITS_NOT_RECORDED",
    "NO_FIELD_VERIFICATION",
    "WITHDRAWN",
    "DISQUALIFIED",
    "FACT_NOT_RECORDED",
    "VALUE_NOT_FOUND",
    "VALUE_DISPUTED",
    "VALUE_TOO_WEAK",
)


@attrs.frozen(kw_only=True)
class Selection:
    """A run, whole or stopped: the stages it reached, and the last word on every proposal.

    *final* holds one result per proposal, by id: that of the stage it left at, the winners' one,
    or ``UNKNOWN`` with the reasons of the stop.  *stopped* is none for a whole run.  *accept* is
    the weakest class of source it rests on.
    """

    rulebook: str
    cycle: int
    accept: Evidence
    stages: tuple[StageRecord, ...]
    final: tuple[Result, ...]
    stopped: Stop | None = None

    def at(self, stage: Stage) -> StageRecord | None:
        """The record of *stage*; none where the run did not reach it."""
        return next((record for record in self.stages if record.stage is stage), None)

    def history(self, proposal: str) -> tuple[Result, ...]:
        """The results of *proposal*, one per stage it reached."""
        every = (result for record in self.stages for result in record.results)
        return tuple(result for result in every if result.proposal == proposal)

    def selected(self, stage: Stage, group: Group | None = None) -> tuple[str, ...]:
        """Who was selected at *stage*, of one *group* or of all; nobody if it was not reached."""
        record = self.at(stage)
        return record.with_standing(Standing.SELECTED, group) if record else ()

    @property
    def winners(self) -> tuple[str, ...]:
        """Who was selected at the last stage, in the order of groups and scores."""
        return self.selected(Stage.WINNERS)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Whose last word is ``UNKNOWN``: by a stop, or for want of a fact of their own."""
        return tuple(each.proposal for each in self.final if each.standing is Standing.UNKNOWN)

    @property
    def settlements(self) -> tuple[Settlement, ...]:
        """Every settlement of every stage, in order."""
        return tuple(each for record in self.stages for each in record.settlements)

    @property
    def ties(self) -> tuple[Tie, ...]:
        """Every tie left."""
        return tuple(each for record in self.stages for each in record.ties)

    @property
    def terms(self) -> tuple[Term[Any], ...]:
        """Every term the run read, each once, in the order of reading."""
        every = ((term.path, term) for record in self.stages for term in record.terms)
        return tuple(dict(every).values())

    @property
    def assumptions(self) -> tuple[Term[Any], ...]:
        """The terms of the run that the caller assumed."""
        return tuple(term for term in self.terms if term.evidence is Evidence.ASSUMED)


def select(
    book: Rulebook,
    proposals: Iterable[Proposal],
    sheets: Iterable[ScoreSheet],
    *,
    screened: Mapping[str, Verdict] | Callable[[Proposal], Verdict],
    assessors: Iterable[Assessor] | None = None,
    exits: Iterable[Exit] = (),
    decisions: Iterable[TieDecision] = (),
    traits: Traits | None = None,
    visited: Iterable[str] | None = None,
    accept: Evidence = Evidence.PRESS,
) -> Selection:
    """Run the selection of one cycle under *book*, as far as its values carry.

    *screened* says what administrative screening found of each proposal, by id or when called.
    *assessors*, where given, are all who may mark: their weights count, and none marks a proposal
    of an agency a relation binds them to.  *accept* is the weakest class of source the run rests
    on; assumed values are accepted as such.  A proposal recorded as withdrawn or disqualified
    leaves at registration, others as *exits* say; a seat left so is not filled again.
    *decisions* are those people took about ties.  *traits* gives, by id, the attributes that
    demands of composition ask for (cluster, province, agency…).  *visited* are the finalists the
    field verification went to, none where that is not recorded.

    A proposal whose own result is unknown could overtake others: a cut decides no more than
    holds whatever becomes of it, and the run stops there.

    Raises:
        Faults: every fault of the input at once: a proposal twice or of another cycle, a sheet
            twice, of an unknown proposal or assessor, at a stage without marks, by an assessor
            bound to the agency; a mark off the scale, an unknown criterion; a proposal without an
            attribute that a demand of composition asks for.
        InvalidType: *book* is not the rulebook of a cycle.
        InvalidValue: a value of the rulebook that this version cannot work with; a decision that
            does not fit a tie, or where there was none.
    """
    if book.kind is not BookKind.CYCLE or book.year is None:
        raise InvalidType("book", book.name, "the rulebook of a cycle")
    run = intake(book, proposals, sheets, screened, assessors, exits, decisions, traits, visited)
    check_criteria(run)
    records = _records(run, accept)
    _check_decisions(run, records)
    stopped = records[-1].stop
    return Selection(
        rulebook=book.name,
        cycle=book.year,
        accept=accept,
        stages=records,
        final=_final(records, stopped),
        stopped=stopped,
    )


def _records(run: Intake, accept: Evidence) -> tuple[StageRecord, ...]:
    """Stage after stage, until the last or the one that stops."""
    records: list[StageRecord] = []
    inside = Inside(list(run.proposals), [])
    for stage in Stage:
        record = _stage(run, inside, Terms(run.book, stage, accept))
        records.append(record)
        if record.stop:
            break
        inside = _after(inside, record)
    return tuple(records)


def _after(inside: Inside, record: StageRecord) -> Inside:
    """Who is there at the next stage, and whose fate is unknown by then."""
    standing = {result.proposal: result.standing for result in record.results}
    there = [each for each in inside.there if standing[each.id] is Standing.SELECTED]
    unsure = [
        each
        for each in (*inside.unsure, *inside.there)
        if standing.get(each.id, Standing.UNKNOWN) is Standing.UNKNOWN
    ]
    return Inside(there, unsure)


def _stage(run: Intake, inside: Inside, terms: Terms) -> StageRecord:
    """Take everybody still *inside* through one stage; with nobody there nothing is asked."""
    exits = run.exits_at(terms.stage)
    gone = [
        _gone(each, exits[each.id]) for each in (*inside.there, *inside.unsure) if each.id in exits
    ]
    left = Inside(
        [each for each in inside.there if each.id not in exits],
        [each for each in inside.unsure if each.id not in exits],
    )
    if not inside.there:
        return StageRecord(stage=terms.stage, results=in_order(gone))
    try:
        record = STEPS[terms.stage](run, left, terms)
    except Halt as halt:
        record = _halted(terms.stage, left.there, halt.reason)
    results = in_order((*record.results, *gone)) if gone else record.results
    return attrs.evolve(record, results=results, terms=terms.read)


def _check_decisions(run: Intake, records: Iterable[StageRecord]) -> None:
    """A decision about a tie that never was is a fault, not a footnote."""
    reached = {record.stage for record in records}
    used = {
        (settlement.stage, settlement.group, settlement.basis, frozenset(settlement.selected))
        for record in records
        for settlement in record.settlements
        if settlement.key == Last.DECISION
    }
    for each in run.decisions:
        told = each.stage, each.group, each.minutes, frozenset(each.chosen)
        if each.stage in reached and told not in used:
            raise InvalidValue("TieDecision", each.minutes, f"a tie at {each.stage}, {each.group}")


def _halted(stage: Stage, there: list[Proposal], reason: Reason) -> StageRecord:
    """Nobody's result is known at a stage that cannot go on."""
    stop = Stop(stage=stage, reasons=(reason,))
    unknown = tuple(
        Result(
            proposal=each.id,
            group=each.group,
            stage=stage,
            standing=Standing.UNKNOWN,
            reasons=stop.reasons,
        )
        for each in there
    )
    return StageRecord(stage=stage, results=unknown, stop=stop)


def _gone(proposal: Proposal, leaving: Exit) -> Result:
    why = (("why", leaving.why),) if leaving.why else ()
    reason = Reason(Outcome.NOT_MET, leaving.standing.name, why)
    return Result(
        proposal=proposal.id,
        group=proposal.group,
        stage=leaving.stage,
        standing=leaving.standing,
        reasons=(reason,),
    )


def _final(records: Iterable[StageRecord], stopped: Stop | None) -> tuple[Result, ...]:
    """The last result of each proposal; whoever was still in a stopped run is unknown."""
    last = {result.proposal: result for record in records for result in record.results}
    return tuple(_word(last[each], stopped) for each in sorted(last))


def _word(result: Result, stopped: Stop | None) -> Result:
    if stopped is None or result.standing is not Standing.SELECTED:
        return result
    return attrs.evolve(result, standing=Standing.UNKNOWN, reasons=stopped.reasons)
