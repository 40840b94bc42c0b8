"""Small contests built by hand: a rulebook with few places, proposals, sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kipp.domain.agency import AgencyKey
from kipp.domain.assessment import OVERALL, ScoreSheet
from kipp.domain.citation import (
    Citation,
    Cited,
    Disputed,
    Evidence,
    NotFound,
    NotOpen,
    Source,
    Unlimited,
    Value,
)
from kipp.domain.cycle import Group, Stage
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rules.decision import Outcome
from kipp.rules.results import StageRecord
from kipp.rules.rulebook import Assumption, Rulebook
from kipp.rules.selection import Selection, select
from kipp.rules.terms import BookKind, read, spec

YEAR = 2021

PLAIN: Mapping[str, object] = {
    "marks.lowest": 0,
    "marks.highest": 100,
    "marks.quantum": 1,
    "evaluation.evaluators": 1,
    "evaluation.combine": "mean",
    "panel.assessors": 1,
    "panel.combine": "mean",
    "selection.nominees_by": "evaluation",
    "selection.finalists_by": "finalists",
    "selection.winners_by": "panel",
    "selection.carry_over": "none",
    "selection.objections": False,
    "selection.withdrawals": False,
    "composition.quota": "none",
    "schedule.closing_zone": "Asia/Jakarta",
    **{
        f"groups.{group.key}.{name}": value
        for group in Group
        for name, value in {
            "criteria": {"novelty": 3, "benefit": 1},
            "nominees": 4,
            "finalists": 3,
            "winners": 2,
        }.items()
    },
}
"""Every value a run needs, and no tie policy."""


_STATES = (Cited, Disputed, NotFound, NotOpen, Unlimited)


def cited(path: str, plain: object, evidence: Evidence = Evidence.MINISTRY) -> Value[Any]:
    """A value at *path* as a loader would build it."""
    source = Source(key="made-up", title="Made-up guideline")
    value = read(spec(BookKind.CYCLE, path), plain)
    return Cited(value, (Citation(source, evidence),))


def contest(changes: Mapping[str, object] | None = None, without: Iterable[str] = ()) -> Rulebook:
    """A rulebook of :data:`PLAIN` with *changes*, less the paths *without*."""
    wanted = {**PLAIN, **(changes or {})}
    left_out = set(without)
    return Rulebook(
        kind=BookKind.CYCLE,
        name="made-up contest",
        year=YEAR,
        terms={
            path: plain if isinstance(plain, _STATES) else cited(path, plain)
            for path, plain in wanted.items()
            if path not in left_out
        },
    )


def entry(key: str, group: Group | None = Group.GENERAL, **facts: Any) -> Proposal:
    """A proposal whose agency, title and innovation do not matter."""
    agency = AgencyKey(facts.pop("agency", "made-up"))
    cycle = facts.pop("cycle", YEAR)
    innovation = Innovation(id=key, title=key, agency=agency)
    return Proposal(id=key, innovation=innovation, cycle=cycle, group=group, **facts)


def evaluated(key: str, novelty: Any, benefit: Any, assessor: str = "E1") -> ScoreSheet:
    """A sheet of the evaluation team."""
    marks = {"novelty": novelty, "benefit": benefit}
    return ScoreSheet(proposal=key, stage=Stage.EVALUATION, assessor=assessor, marks=marks)


def panel_mark(key: str, stage: Stage, mark: Any, assessor: str = "P1") -> ScoreSheet:
    """The one mark of the panel at a stage."""
    return ScoreSheet(proposal=key, stage=stage, assessor=assessor, marks={OVERALL: mark})


def marked(table: Mapping[str, tuple[int, int, int]]) -> list[ScoreSheet]:
    """Sheets of three stages: for each id its evaluation, desk and interview mark."""
    return [
        sheet
        for key, (evaluation, desk, interview) in table.items()
        for sheet in (
            evaluated(key, evaluation, evaluation),
            panel_mark(key, Stage.FINALISTS, desk),
            panel_mark(key, Stage.PANEL, interview),
        )
    ]


def run(
    table: Mapping[str, tuple[int, int, int]],
    book: Rulebook | None = None,
    group: Group = Group.GENERAL,
    **options: Any,
) -> Selection:
    """Select among proposals of one group, all past screening unless *options* say otherwise."""
    options.setdefault("screened", lambda proposal: Outcome.MET)
    proposals = [entry(key, group) for key in table]
    return select(book or contest(), proposals, marked(table), **options)


def policy(*keys: str, seed: str | None = None) -> list[Assumption]:
    """A declared tie policy."""
    found = [Assumption("ties.cascade", list(keys), "declared for the test")]
    if seed is not None:
        found.append(Assumption("ties.draw_seed", seed, "declared for the test"))
    return found


def reached(selection: Selection, stage: Stage) -> StageRecord:
    """The record of a stage that the run must have reached."""
    record = selection.at(stage)
    assert record is not None, selection.stopped
    return record


def stated(book: Rulebook, path: str) -> Any:
    """The value that *book* must state at *path*."""
    found = book[path]
    assert isinstance(found, Cited), found
    return found.value
