"""The stages of a contest, one function each: who is there in, an answer for each of them out.

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
from kipp.rules.results import Answer, Answers, Stop
from kipp.rules.scoring import Scores
from kipp.rules.stages import Halt, Terms
from kipp.rules.ties import Tie

__all__ = ["STEPS", "Inside", "Step", "alike"]


@attrs.frozen
class Inside:
    """Who is *there* at a stage, and who may yet turn out to be: their earlier fate is *unsure*."""

    there: list[Proposal]
    unsure: list[Proposal]


@attrs.frozen
class Step:
    """What came of a stage: *answers* for everybody who was there, cuts, why it went no further."""

    answers: tuple[Answers, ...]
    cuts: tuple[Cut, ...] = ()
    stop: Stop | None = None


def alike(stage: Stage, there: Iterable[Proposal], answer: Answer) -> tuple[Answers, ...]:
    """The same *answer* for all of them, by group."""
    return tuple(
        Answers(stage=stage, group=group, by_id=dict.fromkeys(keys, answer))
        for group, keys in _ids(there).items()
    )


def _registered(run: Intake, inside: Inside, terms: Terms) -> Step:
    """Everybody whose group is recorded; nobody in a year in which no contest was held."""
    held = terms.term("held")
    if isinstance(held.value, Cited) and not held.value.value:
        raise Halt(Reason(Outcome.NOT_MET, "NO_KIPP_HELD", (("cycle", run.book.year),), (held,)))
    registered = Answer(Standing.SELECTED, (Reason(Outcome.MET, "REGISTERED"),))
    groupless = Answer(Standing.UNKNOWN, (unrecorded("group"),))
    grouped = [each for each in inside.there if each.group is not None]
    others = (each for each in inside.there if each.group is None)
    return Step(
        (*alike(terms.stage, grouped, registered), *alike(terms.stage, others, groupless)),
    )


def _screening(run: Intake, inside: Inside, terms: Terms) -> Step:
    """Administrative screening (*seleksi administrasi*) as *screened* has it.

    The hour of the close has no zone in any source, and a group entered by invitation needs to
    know who was invited: both are asked here.
    """
    terms.value("schedule.closing_zone")
    for group in _groups(inside.there):
        unasked = any(each.group is group and each.invited is None for each in inside.there)
        if unasked and terms.optional(f"groups.{group.key}.by_invitation"):
            terms.value(f"groups.{group.key}.all_invited")
    return Step(
        tuple(
            Answers(
                stage=terms.stage,
                group=group,
                by_id={key: _screened(run.verdict(key)) for key in keys},
            )
            for group, keys in _by_group(inside.there).items()
        )
    )


def _screened(verdict: Verdict | None) -> Answer:
    if verdict is None:
        return _NOT_SCREENED
    outcome = verdict if isinstance(verdict, Outcome) else verdict.outcome
    if outcome is Outcome.MET:
        return _PASSED
    failed = outcome is Outcome.NOT_MET
    code = "SCREENING_FAILED" if failed else "SCREENING_UNKNOWN"
    why = () if isinstance(verdict, Outcome) else verdict.reasons
    deciding = tuple(reason for reason in why if reason.outcome is outcome)
    codes = tuple(dict.fromkeys(reason.code for reason in deciding))
    return Answer(
        Standing.NOT_SELECTED if failed else Standing.UNKNOWN,
        (Reason(outcome, code, (("codes", codes),)), *deciding),
    )


_PASSED = Answer(Standing.SELECTED, (Reason(Outcome.MET, "SCREENING_PASSED"),))
_NOT_SCREENED = Answer(Standing.UNKNOWN, (unrecorded("screening"),))


def _evaluation(run: Intake, inside: Inside, terms: Terms) -> Step:
    """The Tim Evaluasi marks every proposal; below the pass mark, where there is one, it leaves."""
    every: list[Answers] = []
    for group, keys in _by_group(inside.there).items():
        scores = run.desk.scores(terms.stage, group, terms)
        pass_mark = terms.optional("evaluation.pass_mark")
        asked = (terms.term("evaluation.pass_mark"),) if pass_mark is not None else ()
        about = (("group", group), ("pass_mark", pass_mark))
        scored = Answer(Standing.SELECTED, (Reason(Outcome.MET, "SCORED", about, asked),))
        failed = (Reason(Outcome.NOT_MET, "BELOW_PASS_MARK", about, asked),)
        by_id = _marked(keys, scores, scored, terms.stage)
        if pass_mark is not None:
            below = (each for each in by_id if scores.below(each, pass_mark))
            by_id |= dict.fromkeys(below, Answer(Standing.NOT_SELECTED, failed))
        every.append(Answers(stage=terms.stage, group=group, by_id=by_id, scores=scores))
    return Step(tuple(every))


def _marked(keys: list[str], scores: Scores, answer: Answer, by: Stage) -> dict[str, Answer]:
    """*answer* for those of *keys* that have a score; the others have too few marks."""
    by_id = dict.fromkeys(keys, answer)
    return by_id | dict.fromkeys(
        (each for each in keys if each not in scores.points), _UNMARKED[by]
    )


def _cut_down(run: Intake, inside: Inside, terms: Terms) -> Step:
    """Each group is cut down to its places (*nominasi*, *finalis*, *terpuji*)."""
    every: list[Answers] = []
    cuts: list[Cut] = []
    for group, keys in _by_group(inside.there).items():
        rivals = [each.id for each in inside.unsure if each.group in (group, None)]
        made = cut(run, group, keys, rivals, terms)
        if made is None:
            closed = (Reason(Outcome.NOT_MET, "GROUP_NOT_OFFERED", (("group", group),)),)
            refused = dict.fromkeys(keys, Answer(Standing.NOT_SELECTED, closed))
            every.append(Answers(stage=terms.stage, group=group, by_id=refused))
        else:
            cuts.append(made)
            every.append(_answers_of(made))
    reasons = tuple(reason for made in cuts for reason in _left_open(made))
    stop = Stop(stage=terms.stage, reasons=reasons) if reasons else None
    return Step(tuple(every), tuple(cuts), stop)


def _answers_of(made: Cut) -> Answers:
    """What a cut says of every candidate: in its order, those without a mark last."""
    about = (("group", made.group), ("places", made.places), ("line", made.line))
    won = (Reason(Outcome.MET, "SELECTED", about, made.terms),)
    lost = (Reason(Outcome.NOT_MET, "NOT_SELECTED", about, made.terms),)
    by_id = dict.fromkeys(made.order, Answer(Standing.NOT_SELECTED, lost))
    for key, names in made.bound_by:
        bound = Reason(Outcome.NOT_MET, "NOT_SELECTED", (*about, ("bound_by", names)), made.terms)
        by_id[key] = Answer(Standing.NOT_SELECTED, (bound,))
    by_id |= dict.fromkeys(made.selected, Answer(Standing.SELECTED, won))
    by_id |= dict.fromkeys(made.open, Answer(Standing.UNKNOWN, tuple(_hanging(made))))
    for tie in made.ties:
        tied = Answer(Standing.TIED_AT_CUT, tuple(_tie_reasons(made, tie)), tie)
        by_id |= dict.fromkeys(tie.proposals, tied)
    by_id |= dict.fromkeys(made.unmarked, _UNMARKED[made.by])
    return Answers(
        stage=made.stage, group=made.group, by_id=by_id, scores=made.scores, ranks=_ranks(made)
    )


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


def _objection(run: Intake, inside: Inside, terms: Terms) -> Step:
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
    return Step(alike(terms.stage, inside.there, Answer(Standing.SELECTED, quiet)))


_OBJECTION = {
    "selection.objections": Standing.DISQUALIFIED,
    "selection.withdrawals": Standing.WITHDRAWN,
}


def _panel(run: Intake, inside: Inside, terms: Terms) -> Step:
    """The Tim Panel Independen hears the finalists; its marks are needed where they decide."""
    by = deciding("selection.winners_by", terms)
    reasons = (Reason(Outcome.MET, "HEARD", (), (terms.term("selection.winners_by"),)),)
    heard = Answer(Standing.SELECTED, reasons)
    if by is not terms.stage:
        return Step(alike(terms.stage, inside.there, heard))
    every: list[Answers] = []
    for group, keys in _by_group(inside.there).items():
        scores = run.desk.scores(by, group, terms)
        by_id = _marked(keys, scores, heard, by)
        every.append(Answers(stage=terms.stage, group=group, by_id=by_id, scores=scores))
    return Step(tuple(every))


def _verification(run: Intake, inside: Inside, terms: Terms) -> Step:
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
    gone_to = Answer(Standing.SELECTED, (Reason(Outcome.MET, "VISITED", (), (held,)),))
    everybody = alike(terms.stage, inside.there, Answer(Standing.SELECTED, (other,)))
    return Step(
        tuple(
            attrs.evolve(
                each, by_id={k: gone_to if k in visited else v for k, v in each.by_id.items()}
            )
            for each in everybody
        )
    )


def _none_held(held: Term[bool]) -> bool:
    return isinstance(held.value, NotOpen) or (
        isinstance(held.value, Cited) and not held.value.value
    )


_HELD = "field_verification.held"


# Small helpers


def _ids(there: Iterable[Proposal]) -> dict[Group | None, list[str]]:
    found: dict[Group | None, list[str]] = {}
    for each in there:
        found.setdefault(each.group, []).append(each.id)
    return found


def _by_group(there: Iterable[Proposal]) -> dict[Group, list[str]]:
    """The ids by group, in the order of groups; who is in none left at registration."""
    found = _ids(there)
    return {group: found[group] for group in Group if group in found}


def _groups(there: Iterable[Proposal]) -> list[Group]:
    """The groups somebody is in, in their order."""
    found = {each.group for each in there}
    return [group for group in Group if group in found]


_UNMARKED = {
    stage: Answer(Standing.UNKNOWN, (unrecorded(f"marks.{stage.name.lower()}"),)) for stage in Stage
}
"""Too few assessors marked it: missing, which is not zero."""

_Take = Callable[[Intake, Inside, Terms], Step]

STEPS: Mapping[Stage, _Take] = {
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
