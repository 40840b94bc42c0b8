"""What the keys of the declared tie policy say of the tied (see :mod:`kipp.rules.policy`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import attrs

from kipp.domain.assessment import OVERALL
from kipp.domain.citation import cited
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import InvalidValue
from kipp.domain.proposal import Proposal
from kipp.rules.decision import Outcome, Reason
from kipp.rules.intake import Intake
from kipp.rules.lots import draw_order, key_of
from kipp.rules.policy import Dated, Last, criterion_of, stage_of
from kipp.rules.scoring import Scores
from kipp.rules.stages import Halt, Terms

__all__ = ["Point", "Said", "check_criteria", "keys_at", "said"]

_PATH = "ties.cascade"
_SEED = "ties.draw_seed"
_ORDER = {stage: position for position, stage in enumerate(Stage)}


@attrs.frozen(kw_only=True)
class Point:
    """Where the policy is asked: the cut of a *group*, made *by* the marks of a stage."""

    run: Intake
    group: Group
    by: Stage
    terms: Terms

    @property
    def stage(self) -> Stage:
        """The stage of the cut."""
        return self.terms.stage


@attrs.frozen(kw_only=True)
class Said:
    """What a key says of the tied: points to compare, the values behind them, what it rests on."""

    points: Mapping[str, int]
    values: tuple[tuple[str, object], ...]
    basis: str = ""


_Tied: TypeAlias = tuple[str, ...]


def check_criteria(run: Intake) -> None:
    """A key that names a criterion nobody marks is a fault before the run, tie or no tie.

    Raises:
        InvalidValue: such a key.
    """
    groups = [each for each in Group if any(one.group is each for one in run.proposals)]
    for keys in cited(run.book[_PATH]):
        for key in keys:
            for group in groups if criterion_of(key) else ():
                _check_criterion(key, group, run)


def _check_criterion(key: str, group: Group, run: Intake) -> None:
    known = {OVERALL}
    if stage_of(key) is Stage.EVALUATION:
        stated = cited(run.book[f"groups.{group.key}.criteria"])
        known = {each.key for criteria in stated for each in criteria}
    if known and criterion_of(key) not in known:
        expected = f"a criterion among {', '.join(sorted(known))}"
        raise InvalidValue(_PATH, key, expected, run.book.name)


def keys_at(point: Point) -> tuple[str, ...]:
    """The keys of the policy that can speak at *point*, in order; halts where none is declared."""
    return tuple(key for key in point.terms.value(_PATH) if _speaks(key, point.by))


def _speaks(key: str, by: Stage) -> bool:
    """Marks of a whole stage say something new only before *by*, those of a criterion up to it."""
    stage = stage_of(key)
    if stage is None:
        return key != Last.STOP
    if criterion_of(key):
        return _ORDER[stage] <= _ORDER[by]
    return _ORDER[stage] < _ORDER[by]


def said(key: str, tied: _Tied, seats: int, point: Point) -> Said:
    """What *key* says of each of the *tied*, more points being better.

    Halts where a mark, a fact, the seed or the decision is not known.

    Raises:
        InvalidValue: an unknown criterion; a recorded decision that does not fit the tie.
    """
    stage = stage_of(key)
    if stage is not None:
        return _marks(key, stage, tied, point)
    return _SAID[key](tied, seats, point)


def _marks(key: str, stage: Stage, tied: _Tied, point: Point) -> Said:
    criterion = criterion_of(key)
    scores = point.run.desk.scores(stage, point.group, point.terms)
    if criterion:
        scores = point.run.desk.under(criterion, stage, point.group, tied, point.terms)
    return _scored(key, scores, tied)


def _scored(key: str, scores: Scores, tied: _Tied) -> Said:
    missing = tuple(each for each in tied if each not in scores.points)
    if missing:
        raise _lacking(f"marks.{key.partition('.')[0]}", missing)
    return Said(points=scores.points, values=tuple((each, scores.value(each)) for each in tied))


def _earliest(fact: str, read: Callable[[Proposal], Any]) -> Callable[[_Tied, int, Point], Said]:
    def earliest(tied: _Tied, _seats: int, point: Point) -> Said:
        found = {each: read(point.run.known[each]) for each in tied}
        missing = tuple(each for each in tied if found[each] is None)
        if missing:
            raise _lacking(fact, missing)
        latest_first = sorted(set(found.values()), reverse=True)
        points = {each: latest_first.index(moment) for each, moment in found.items()}
        return Said(points=points, values=tuple(found.items()))

    return earliest


def _draw(tied: _Tied, _seats: int, point: Point) -> Said:
    """The tied are numbered in the order of their ids, so the order of input changes nothing."""
    seed: str = point.terms.value(_SEED)
    listed = sorted(tied)
    key = key_of((*seed.split("/"), point.stage.name, point.group.name))
    drawn = [listed[number] for number in draw_order(key, len(listed))]
    places = {each: place for place, each in enumerate(drawn)}
    points = {each: -place for each, place in places.items()}
    return Said(points=points, values=tuple(places.items()), basis=key)


def _decision(tied: _Tied, seats: int, point: Point) -> Said:
    about = (point.stage, point.group)
    recorded = [each for each in point.run.decisions if (each.stage, each.group) == about]
    fitting = [each for each in recorded if not set(tied).isdisjoint(each.chosen)]
    if not fitting:
        raise _lacking("decision", tied)
    chosen = fitting[0].chosen
    if len(fitting) > 1 or len(chosen) != seats or not set(chosen) <= set(tied):
        expected = f"one decision that chooses {seats} of {', '.join(tied)}"
        raise InvalidValue("TieDecision.chosen", chosen, expected, fitting[0].minutes)
    points = {each: int(each in chosen) for each in tied}
    values = tuple((each, each in chosen) for each in tied)
    return Said(points=points, values=values, basis=fitting[0].minutes)


def _everybody_alike(tied: _Tied, _seats: int, _point: Point) -> Said:
    return Said(points=dict.fromkeys(tied, 0), values=())


_SAID: Mapping[str, Callable[[_Tied, int, Point], Said]] = {
    Dated.SUBMISSION: _earliest("submitted_at", lambda proposal: proposal.submitted_at),
    Dated.START: _earliest("started", lambda proposal: proposal.started),
    Last.DRAW: _draw,
    Last.DECISION: _decision,
    Last.ALL: _everybody_alike,
    Last.FEWER: _everybody_alike,
}


def _lacking(fact: str, proposals: _Tied) -> Halt:
    about = (("fact", fact), ("proposals", proposals))
    return Halt(Reason(Outcome.UNKNOWN, "FACT_NOT_RECORDED", about))
