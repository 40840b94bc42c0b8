"""From all registered proposals to the winners, stage by stage.

Indonesian: *seleksi*; the stages are those of :class:`~kipp.domain.cycle.Stage`: registered,
administrative screening, evaluation by the Tim Evaluasi, nominations per group, finalists (Top 99,
Top 15), public objection, panel, winners (Top 45, Top 5).  Places, criteria, quorum, pass mark
and tie policy are data; what the law did not publish is an assumption of the caller, and a run
without it stops at the stage that needs it.  The order of input never changes an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

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
from kipp.rules.results import Answer, Answers, Result, Results, StageRecord, Stop, in_order
from kipp.rules.rulebook import Rulebook
from kipp.rules.stages import Halt, Terms
from kipp.rules.steps import STEPS, Inside, Step, alike
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
    final: Sequence[Result]
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
    taken = _taken(run, accept)
    records = tuple(record for record, _ in taken)
    _check_decisions(run, records)
    stopped = records[-1].stop
    answers = tuple(each for _, stage in taken for each in stage)
    return Selection(
        rulebook=book.name,
        cycle=book.year,
        accept=accept,
        stages=records,
        final=Results(lambda: _final(answers, stopped)),
        stopped=stopped,
    )


_Taken: TypeAlias = tuple[StageRecord, tuple[Answers, ...]]
"""A stage that was run: its record, and the answers that its results are made of."""


def _taken(run: Intake, accept: Evidence) -> list[_Taken]:
    """Stage after stage, until the last or the one that stops."""
    taken: list[_Taken] = []
    inside = Inside(list(run.proposals), [])
    for stage in Stage:
        terms = Terms(run.book, stage, accept)
        step = _stage(run, inside, terms)
        record = StageRecord(
            stage=stage,
            results=Results.of(step.answers),
            cuts=step.cuts,
            terms=terms.read,
            stop=step.stop,
        )
        taken.append((record, step.answers))
        if step.stop:
            break
        inside = _after(inside, step.answers)
    return taken


def _after(inside: Inside, answers: Iterable[Answers]) -> Inside:
    """Who is there at the next stage, and whose fate is unknown by then."""
    standing = {key: said.standing for each in answers for key, said in each.by_id.items()}
    there = [each for each in inside.there if standing[each.id] is Standing.SELECTED]
    if len(there) == len(inside.there) and not inside.unsure:
        return inside
    unsure = [
        each
        for each in (*inside.unsure, *inside.there)
        if standing.get(each.id, Standing.UNKNOWN) is Standing.UNKNOWN
    ]
    return Inside(there, unsure)


def _stage(run: Intake, inside: Inside, terms: Terms) -> Step:
    """Take everybody still *inside* through one stage; with nobody there nothing is asked."""
    exits = run.exits_at(terms.stage)
    gone = tuple(
        answers
        for each in (*inside.there, *inside.unsure)
        if each.id in exits
        for answers in alike(terms.stage, (each,), _gone(exits[each.id]))
    )
    if not inside.there:
        return Step(in_order(gone))
    left = (
        inside
        if not exits
        else Inside(
            [each for each in inside.there if each.id not in exits],
            [each for each in inside.unsure if each.id not in exits],
        )
    )
    try:
        step = STEPS[terms.stage](run, left, terms)
    except Halt as halt:
        step = _halted(terms.stage, left.there, halt.reason)
    return attrs.evolve(step, answers=in_order((*step.answers, *gone)))


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


def _halted(stage: Stage, there: Iterable[Proposal], reason: Reason) -> Step:
    """Nobody's result is known at a stage that cannot go on."""
    stop = Stop(stage=stage, reasons=(reason,))
    return Step(alike(stage, there, Answer(Standing.UNKNOWN, stop.reasons)), stop=stop)


def _gone(leaving: Exit) -> Answer:
    why = (("why", leaving.why),) if leaving.why else ()
    return Answer(leaving.standing, (Reason(Outcome.NOT_MET, leaving.standing.name, why),))


def _final(answers: Iterable[Answers], stopped: Stop | None) -> Iterator[Result]:
    """The last result of each proposal; whoever was still in a stopped run is unknown."""
    last = {key: each for each in answers for key in each.by_id}
    return (_word(last[key].result(key), stopped) for key in sorted(last))


def _word(result: Result, stopped: Stop | None) -> Result:
    if stopped is None or result.standing is not Standing.SELECTED:
        return result
    return attrs.evolve(result, standing=Standing.UNKNOWN, reasons=stopped.reasons)
