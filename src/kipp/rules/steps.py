"""The stages of a contest, one function each: who is there in, a result for each of them out.

Every step has the same shape, so that the run is a list of them (:data:`STEPS`, in the order of
:class:`~kipp.domain.cycle.Stage`).  Whoever leaves a stage as ``SELECTED`` goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import attrs

from kipp.domain.citation import Cited, NotOpen, Term
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import InvalidValue
from kipp.domain.proposal import Proposal
from kipp.domain.selection import Standing
from kipp.rules.cuts import Cut, cut, deciding
from kipp.rules.decision import Outcome, Reason, note, unrecorded
from kipp.rules.intake import Intake, Verdict
from kipp.rules.results import Result, StageRecord, Stop
from kipp.rules.stages import Halt, Terms
from kipp.rules.ties import Tie

__all__ = ["STEPS", "Inside"]


@attrs.frozen
class Inside:
    """Who is *there* at a stage, and who may yet turn out to be: their earlier fate is *unsure*."""

    there: list[Proposal]
    unsure: list[Proposal]


def _registered(run: Intake, inside: Inside, terms: Terms) -> StageRecord:
    """Everybody whose group is recorded; nobody in a year in which no contest was held."""
    held = terms.term("held")
    if isinstance(held.value, Cited) and not held.value.value:
        raise Halt(Reason(Outcome.NOT_MET, "NO_KIPP_HELD", (("cycle", run.book.year),), (held,)))
    registered = (Reason(Outcome.MET, "REGISTERED"),)
    groupless = (unrecorded("group"),)
    return _record(
        terms.stage,
        (
            Result(each.id, each.group, terms.stage, Standing.SELECTED, registered)
            if each.group
            else Result(each.id, each.group, terms.stage, Standing.UNKNOWN, groupless)
            for each in inside.there
        ),
    )


def _screening(run: Intake, inside: Inside, terms: Terms) -> StageRecord:
    """Administrative screening (*seleksi administrasi*) as *screened* has it.

    The hour of the close has no zone in any source, and a group entered by invitation needs to
    know who was invited: both are asked here.
    """
    terms.value("schedule.closing_zone")
    for group in _groups(inside.there):
        unasked = any(each.group is group and each.invited is None for each in inside.there)
        if unasked and terms.optional(f"groups.{group.key}.by_invitation"):
            terms.value(f"groups.{group.key}.all_invited")
    passed = (Reason(Outcome.MET, "SCREENING_PASSED"),)
    return _record(terms.stage, (_screen(each, run.verdict(each), passed) for each in inside.there))


def _screen(proposal: Proposal, verdict: Verdict | None, passed: tuple[Reason, ...]) -> Result:
    if verdict is None:
        reasons = (unrecorded("screening"),)
        return Result(proposal.id, proposal.group, Stage.SCREENING, Standing.UNKNOWN, reasons)
    outcome = verdict if isinstance(verdict, Outcome) else verdict.outcome
    if outcome is Outcome.MET:
        return Result(proposal.id, proposal.group, Stage.SCREENING, Standing.SELECTED, passed)
    failed = outcome is Outcome.NOT_MET
    code = "SCREENING_FAILED" if failed else "SCREENING_UNKNOWN"
    why = () if isinstance(verdict, Outcome) else verdict.reasons
    deciding = tuple(reason for reason in why if reason.outcome is outcome)
    codes = tuple(dict.fromkeys(reason.code for reason in deciding))
    return Result(
        proposal.id,
        proposal.group,
        Stage.SCREENING,
        Standing.NOT_SELECTED if failed else Standing.UNKNOWN,
        (Reason(outcome, code, (("codes", codes),)), *deciding),
    )


def _evaluation(run: Intake, inside: Inside, terms: Terms) -> StageRecord:
    """The Tim Evaluasi marks every proposal; below the pass mark, where there is one, it leaves."""
    results: list[Result] = []
    for group in _groups(inside.there):
        scores = run.desk.scores(terms.stage, group, terms)
        pass_mark = terms.optional("evaluation.pass_mark")
        asked = (terms.term("evaluation.pass_mark"),) if pass_mark is not None else ()
        about = (("group", group), ("pass_mark", pass_mark))
        scored = (Reason(Outcome.MET, "SCORED", about, asked),)
        failed = (Reason(Outcome.NOT_MET, "BELOW_PASS_MARK", about, asked),)
        for each in (one for one in inside.there if one.group is group):
            value = scores.value(each.id)
            if value is None:
                results.append(_unmarked(each, terms.stage, terms.stage))
            elif pass_mark is not None and value < pass_mark:
                results.append(
                    Result(each.id, each.group, terms.stage, Standing.NOT_SELECTED, failed, value)
                )
            else:
                results.append(
                    Result(each.id, each.group, terms.stage, Standing.SELECTED, scored, value)
                )
    return _record(terms.stage, results)


def _cut_down(run: Intake, inside: Inside, terms: Terms) -> StageRecord:
    """Each group is cut down to its places (*nominasi*, *finalis*, *terpuji*)."""
    results: list[Result] = []
    cuts: list[Cut] = []
    for group in _groups(inside.there):
        members = {each.id: each for each in inside.there if each.group is group}
        rivals = [each.id for each in inside.unsure if each.group in (group, None)]
        made = cut(run, group, members, rivals, terms)
        if made is None:
            closed = (Reason(Outcome.NOT_MET, "GROUP_NOT_OFFERED", (("group", group),)),)
            results += [
                Result(each.id, each.group, terms.stage, Standing.NOT_SELECTED, closed)
                for each in members.values()
            ]
        else:
            cuts.append(made)
            results.extend(_results_of(made, members))
    reasons = tuple(reason for made in cuts for reason in _left_open(made))
    stop = Stop(stage=terms.stage, reasons=reasons) if reasons else None
    return _record(terms.stage, results, tuple(cuts), stop)


_Word = tuple[Standing, tuple[Reason, ...], Tie | None]


def _results_of(made: Cut, members: Mapping[str, Proposal]) -> Iterable[Result]:
    """One result for every candidate of a cut."""
    ranks = _ranks(made)
    for key, (standing, reasons, tie) in _words(made).items():
        score = made.scores.value(key)
        yield Result(key, made.group, made.stage, standing, reasons, score, ranks[key], tie)
    for key in made.unmarked:
        yield _unmarked(members[key], made.stage, made.by)


def _words(made: Cut) -> dict[str, _Word]:
    """What a cut says of every candidate that has a mark, in its order."""
    about = (("group", made.group), ("places", made.places), ("line", made.line))
    won = (Reason(Outcome.MET, "SELECTED", about, made.terms),)
    lost = (Reason(Outcome.NOT_MET, "NOT_SELECTED", about, made.terms),)
    words: dict[str, _Word] = dict.fromkeys(made.order, (Standing.NOT_SELECTED, lost, None))
    for key, names in made.bound_by:
        bound = Reason(Outcome.NOT_MET, "NOT_SELECTED", (*about, ("bound_by", names)), made.terms)
        words[key] = (Standing.NOT_SELECTED, (bound,), None)
    words |= dict.fromkeys(made.selected, (Standing.SELECTED, won, None))
    words |= dict.fromkeys(made.open, (Standing.UNKNOWN, tuple(_hanging(made)), None))
    for tie in made.ties:
        tied = (Standing.TIED_AT_CUT, tuple(_tie_reasons(made, tie)), tie)
        words |= dict.fromkeys(tie.proposals, tied)
    return words


def _ranks(made: Cut) -> dict[str, int]:
    """Rank of each candidate from 1; equals share the better one."""
    ranks: dict[str, int] = {}
    best: dict[int, int] = {}
    for position, key in enumerate(made.order):
        ranks[key] = best.setdefault(made.scores.points[key], position + 1)
    return ranks


def _left_open(made: Cut) -> Iterable[Reason]:
    """Why a cut cannot be closed: whose fate is unknown, each tie, what the policy lacked."""
    yield from _hanging(made)
    for tie in made.ties:
        yield from _tie_reasons(made, tie)


def _hanging(made: Cut) -> Iterable[Reason]:
    if made.open:
        about = (
            ("stage", made.stage),
            ("group", made.group),
            ("rivals", (*made.rivals, *made.unmarked)),
            ("places", made.places),
        )
        yield Reason(Outcome.UNKNOWN, "RIVALS_UNKNOWN", about, made.terms)


def _tie_reasons(made: Cut, tie: Tie) -> Iterable[Reason]:
    about = (
        ("stage", made.stage),
        ("group", made.group),
        ("tied", tie.proposals),
        ("seats", tie.seats),
    )
    yield Reason(Outcome.UNKNOWN, "TIED_AT_CUT", about, made.terms)
    if made.lacking is not None:
        yield made.lacking


def _objection(run: Intake, inside: Inside, terms: Terms) -> StageRecord:
    """The public may object (*uji publik*); who then leaves stands among the exits of the run."""
    for path, standing in _OBJECTION.items():
        if terms.value(path):
            continue
        gone = [
            key
            for (key, stage), leaving in run.exits.items()
            if stage is terms.stage and leaving.standing is standing
        ]
        if gone:
            raise InvalidValue(
                "Exit", min(gone), f"nobody {standing}, as {path} says", run.book.name
            )
    quiet = (Reason(Outcome.MET, "NO_OBJECTION", (), tuple(terms.term(p) for p in _OBJECTION)),)
    return _record(
        terms.stage,
        (
            Result(each.id, each.group, terms.stage, Standing.SELECTED, quiet)
            for each in inside.there
        ),
    )


_OBJECTION = {
    "selection.objections": Standing.DISQUALIFIED,
    "selection.withdrawals": Standing.WITHDRAWN,
}


def _panel(run: Intake, inside: Inside, terms: Terms) -> StageRecord:
    """The Tim Panel Independen hears the finalists; its marks are needed where they decide."""
    by = deciding("selection.winners_by", terms)
    heard = (Reason(Outcome.MET, "HEARD", (), (terms.term("selection.winners_by"),)),)
    results: list[Result] = []
    for group in _groups(inside.there):
        members = [each for each in inside.there if each.group is group]
        if by is not terms.stage:
            results += [
                Result(each.id, each.group, terms.stage, Standing.SELECTED, heard)
                for each in members
            ]
            continue
        scores = run.desk.scores(by, group, terms)
        for each in members:
            value = scores.value(each.id)
            if value is None:
                results.append(_unmarked(each, terms.stage, by))
            else:
                results.append(
                    Result(each.id, each.group, terms.stage, Standing.SELECTED, heard, value)
                )
    return _record(terms.stage, results)


def _verification(run: Intake, inside: Inside, terms: Terms) -> StageRecord:
    """A part of the finalists is visited (*verifikasi lapangan*); who then leaves is an exit.

    Whom the visits went to is a recorded fact; no source says how they were chosen.

    Raises:
        InvalidValue: a visit in a year that had none, or to somebody who is no finalist.
    """
    held = terms.term(_HELD)
    visited = run.visited or frozenset()
    if strangers := visited - {each.id for each in inside.there}:
        raise InvalidValue("visited", min(strangers), "a finalist", run.book.name)
    if _none_held(held):
        if visited:
            raise InvalidValue("visited", min(visited), f"nobody, as {_HELD} says", run.book.name)
        other = Reason(Outcome.MET, "NO_FIELD_VERIFICATION", (), (held,))
    elif run.visited is None:
        other = note("VISITS_NOT_RECORDED", held)
    else:
        other = Reason(Outcome.MET, "NOT_VISITED", (), (held,))
    gone_to = Reason(Outcome.MET, "VISITED", (), (held,))
    return _record(
        terms.stage,
        (
            Result(
                each.id,
                each.group,
                terms.stage,
                Standing.SELECTED,
                (gone_to if each.id in visited else other,),
            )
            for each in inside.there
        ),
    )


def _none_held(held: Term[bool]) -> bool:
    return isinstance(held.value, NotOpen) or (
        isinstance(held.value, Cited) and not held.value.value
    )


_HELD = "field_verification.held"


# Small helpers


def _groups(there: Iterable[Proposal]) -> list[Group]:
    """The groups somebody is in, in their order."""
    found = {each.group for each in there}
    return [group for group in Group if group in found]


def _unmarked(proposal: Proposal, stage: Stage, by: Stage) -> Result:
    """Too few assessors marked it: missing, which is not zero."""
    return Result(proposal.id, proposal.group, stage, Standing.UNKNOWN, (_UNMARKED[by],))


_UNMARKED = {stage: unrecorded(f"marks.{stage.name.lower()}") for stage in Stage}


def _record(
    stage: Stage, results: Iterable[Result], cuts: tuple[Cut, ...] = (), stop: Stop | None = None
) -> StageRecord:
    return StageRecord(stage=stage, results=tuple(results), cuts=cuts, stop=stop)


_Step = Callable[[Intake, Inside, Terms], StageRecord]

STEPS: Mapping[Stage, _Step] = {
    Stage.REGISTERED: _registered,
    Stage.SCREENING: _screening,
    Stage.EVALUATION: _evaluation,
    Stage.NOMINATION: _cut_down,
    Stage.FINALISTS: _cut_down,
    Stage.OBJECTION: _objection,
    Stage.PANEL: _panel,
    Stage.VERIFICATION: _verification,
    Stage.WINNERS: _cut_down,
}
"""What happens at each stage."""
