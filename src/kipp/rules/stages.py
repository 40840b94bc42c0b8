"""What a stage of a selection reads and works with: terms, marks, places, one cut.

A stage asks the rulebook only for what it needs, when it needs it.  A value that nobody
published, that sources dispute, or that is weaker than the caller accepts halts the stage; what
the caller assumed is accepted as such.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

import attrs

from kipp.domain.assessment import OVERALL, Assessor, Criterion, ScoreSheet
from kipp.domain.citation import Cited, Disputed, Evidence, NotFound, NotOpen, Term, Unlimited
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import InvalidValue
from kipp.domain.proposal import Proposal
from kipp.rules.decision import Outcome, Reason
from kipp.rules.rulebook import Rulebook
from kipp.rules.scoring import Combine, Scale, Scheme, Scores, score
from kipp.rules.ties import DRAW, Parting, Settlement, Tie, draw, part

__all__ = ["MARKED", "Cut", "Desk", "Halt", "Pools", "Terms", "cut", "scheme_of"]

MARKED: Mapping[Stage, str] = {
    Stage.EVALUATION: "evaluation",
    Stage.FINALISTS: "panel",
    Stage.PANEL: "panel",
}
"""The stages in which marks are given, and whose rules hold for them: the evaluation team's, the
panel's at its desk, the panel's after the interview."""

_QUORUM = {"evaluation": "evaluation.evaluators", "panel": "panel.assessors"}
_NONE = "none"
_NAMES = {stage.name.lower(): stage for stage in MARKED}
_ORDER = {stage: position for position, stage in enumerate(Stage)}
_CUTS = {
    Stage.NOMINATION: ("nominees", "selection.nominees_by", ("composition.quota",)),
    Stage.FINALISTS: (
        "finalists",
        "selection.finalists_by",
        ("composition.quota", "selection.carry_over"),
    ),
    Stage.WINNERS: (
        "winners",
        "selection.winners_by",
        ("composition.quota", "selection.carry_over"),
    ),
}


_Word = TypeVar("_Word", bound=enum.StrEnum)


class Halt(Exception):  # not an error: a run that stops with a reason
    """A stage cannot go on: *reason* says which value it lacks."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


class Terms:
    """Reads a rulebook for one stage: strictly where a value is needed, and keeps what was read."""

    def __init__(self, book: Rulebook, stage: Stage, accept: Evidence) -> None:
        self.book = book
        self.stage = stage
        self._accept = accept
        self._read: dict[str, Term[Any]] = {}

    @property
    def read(self) -> tuple[Term[Any], ...]:
        """Every term read, once, in the order of reading."""
        return tuple(self._read.values())

    def term(self, path: str) -> Term[Any]:
        """The term at *path*, whatever its state."""
        return self._read.setdefault(path, self.book.term(path))

    def state(self, path: str) -> Cited[Any] | Unlimited | NotOpen:
        """The settled value at *path*; halts where there is none that the caller accepts."""
        term = self.term(path)
        value = term.value
        about = (("path", path), ("stage", self.stage))
        if isinstance(value, NotFound):
            searched = (*about, ("searched", value.searched)) if value.searched else about
            raise Halt(Reason(Outcome.UNKNOWN, "VALUE_NOT_FOUND", searched, (term,)))
        if isinstance(value, Disputed):
            raise Halt(Reason(Outcome.UNKNOWN, "VALUE_DISPUTED", about, (term,)))
        if self._too_weak(value.evidence):
            weak = (*about, ("evidence", value.evidence), ("accept", self._accept))
            raise Halt(Reason(Outcome.UNKNOWN, "VALUE_TOO_WEAK", weak, (term,)))
        return value

    def value(self, path: str) -> Any:
        """The stated value at *path*; halts as :meth:`state` does.

        Raises:
            InvalidValue: the rulebook says *unlimited* or *not open* where a value is needed.
        """
        found = self.state(path)
        if not isinstance(found, Cited):
            raise InvalidValue(path, found, "a stated value", self.book.name)
        return found.value

    def optional(self, path: str) -> Any:
        """As :meth:`value`, but none where nobody was found to state one, or none is set."""
        if isinstance(self.term(path).value, (NotFound, NotOpen, Unlimited)):
            return None
        return self.value(path)

    def only(self, path: str, word: str) -> None:
        """Read a text of which this version knows one *word*.

        Raises:
            InvalidValue: another word.
        """
        found = self.value(path)
        if found != word:
            raise InvalidValue(path, found, f"{word!r}, the one way known so far", self.book.name)

    def choice(self, path: str, words: type[_Word]) -> _Word:
        """The word at *path*, one of *words*; halts as :meth:`state` does.

        Raises:
            InvalidValue: another word.
        """
        found = self.value(path)
        try:
            return words(found)
        except ValueError:
            known = ", ".join(words)
            raise InvalidValue(path, found, f"one of {known}", self.book.name) from None

    def marks_of(self, path: str, cut_at: Stage) -> Stage:
        """The stage, named at *path*, whose marks decide the cut at *cut_at*.

        Raises:
            InvalidValue: no stage with marks, or one after the cut.
        """
        word = self.value(path)
        found = _NAMES.get(word)
        if found is None or _ORDER[found] > _ORDER[cut_at]:
            early = (name for name, each in _NAMES.items() if _ORDER[each] <= _ORDER[cut_at])
            known = ", ".join(early)
            raise InvalidValue(path, word, f"one of {known}", self.book.name)
        return found

    def cascade(self) -> tuple[str, ...]:
        """The keys of the tie policy (``ties.cascade``), in order; halts where none is declared.

        Raises:
            InvalidValue: a key that is no stage with marks and no draw, or one after the draw.
        """
        keys: tuple[str, ...] = self.value("ties.cascade")
        if unknown := [key for key in keys if key not in (*_NAMES, DRAW)]:
            known = ", ".join((*_NAMES, DRAW))
            raise InvalidValue("ties.cascade", unknown[0], f"one of {known}", self.book.name)
        if DRAW in keys[:-1]:
            raise InvalidValue("ties.cascade", keys, "the draw last", self.book.name)
        return keys

    def _too_weak(self, evidence: Evidence | None) -> bool:
        if evidence is None or evidence is Evidence.ASSUMED:
            return False
        return evidence.weaker_than(self._accept)


Pools: TypeAlias = Mapping[Stage, Mapping[str, Iterable[ScoreSheet]]]
"""Score sheets by stage and proposal."""


class Desk:
    """The score sheets of a run, and the scores made of them, each group and stage once."""

    def __init__(
        self, proposals: Iterable[Proposal], sheets: Pools, assessors: Mapping[str, Assessor]
    ) -> None:
        self._members: defaultdict[Group | None, list[str]] = defaultdict(list)
        for each in proposals:
            self._members[each.group].append(each.id)
        self._sheets = sheets
        self._assessors = assessors
        self._scores: dict[tuple[Stage, Group], Scores] = {}

    def scores(self, stage: Stage, group: Group, terms: Terms) -> Scores:
        """The scores given in *stage* to the proposals of *group*; halts as *terms* does."""
        # Read before the look-up, so that every stage lists what its scores rest on.
        scheme = scheme_of(stage, group, terms)
        found = self._scores.get((stage, group))
        if found is None:
            sheets = self.sheets(stage, group)
            found = self._scores[stage, group] = score(sheets, scheme, self._assessors)
        return found

    def sheets(self, stage: Stage, group: Group) -> Iterator[ScoreSheet]:
        """The sheets given in *stage* to the proposals of *group*."""
        given = self._sheets[stage]
        return (sheet for key in self._members[group] for sheet in given[key])


def scheme_of(stage: Stage, group: Group, terms: Terms) -> Scheme:
    """How scores are made in *stage* for *group*; halts where a part of it is not known."""
    by = MARKED[stage]
    criteria: tuple[Criterion, ...] = (Criterion(OVERALL, Fraction(1)),)
    if stage is Stage.EVALUATION:
        criteria = terms.value(f"groups.{group.key}.criteria")
    scale = Scale(
        lowest=terms.value("marks.lowest"),
        highest=terms.value("marks.highest"),
        quantum=terms.value("marks.quantum"),
    )
    combine = terms.choice(f"{by}.combine", Combine)
    trimmed = combine is Combine.TRIMMED
    return Scheme(
        criteria=criteria,
        scale=scale,
        quorum=terms.value(_QUORUM[by]),
        combine=combine,
        trim=terms.value(f"{by}.trim") if trimmed else Fraction(0),
    )


@attrs.frozen(kw_only=True)
class Cut:
    """A cut in one group: all candidates in *order*, best first, and who of them was *selected*.

    *by* is the stage whose scores decided; *places* is none where there is no limit; *line* the
    lowest score that took a place; *unmarked* had no score and are not in the order.  A *tie*
    is left where the policy could not part the tied, and *lacking* then says what it lacked.
    *scheme* is how the scores were made.
    """

    stage: Stage
    group: Group
    by: Stage
    places: int | None
    order: tuple[str, ...]
    selected: tuple[str, ...]
    line: Fraction | None
    unmarked: tuple[str, ...] = ()
    tie: Tie | None = None
    lacking: Reason | None = None
    settlements: tuple[Settlement, ...] = ()
    terms: tuple[Term[Any], ...] = ()
    scheme: Scheme
    scores: Scores = attrs.field(eq=False, repr=False)


def cut(group: Group, candidates: Iterable[str], desk: Desk, terms: Terms) -> Cut | None:
    """Cut *candidates* of *group* down to the places of the stage; none where it was not open.

    Halts where the places, the marks that decide or a rule of composition are not known.
    """
    name, by_path, rules = _CUTS[terms.stage]
    places_path = f"groups.{group.key}.{name}"
    places = terms.state(places_path)
    if isinstance(places, NotOpen):
        return None
    for path in rules:
        terms.only(path, _NONE)
    by = terms.marks_of(by_path, terms.stage)
    return _cut(
        group,
        sorted(candidates),
        places.value if isinstance(places, Cited) else None,
        by,
        desk,
        terms,
        (terms.term(places_path), terms.term(by_path)),
    )


def _cut(
    group: Group,
    candidates: list[str],
    places: int | None,
    by: Stage,
    desk: Desk,
    terms: Terms,
    rests_on: tuple[Term[Any], ...],
) -> Cut:
    scores = desk.scores(by, group, terms)
    points = scores.points
    marked = [each for each in candidates if each in points]
    parting = part(marked, len(marked) if places is None else places, points)
    settled = _settle(parting, group, by, desk, terms)
    taken = {*parting.above, *settled.selected}
    # Among equals those who took a seat stand first, then ids: the order of reading, no judgement.
    order = sorted(marked, key=lambda each: (-points[each], each not in taken))
    line = min((points[each] for each in taken), default=None)
    return Cut(
        stage=terms.stage,
        group=group,
        by=by,
        places=places,
        order=tuple(order),
        selected=tuple(each for each in order if each in taken),
        line=None if line is None else line * scores.unit,
        unmarked=tuple(each for each in candidates if each not in points),
        tie=settled.tie,
        lacking=settled.lacking,
        settlements=settled.settlements,
        terms=rests_on,
        scheme=scheme_of(by, group, terms),
        scores=scores,
    )


@attrs.frozen
class _Settled:
    """What the policy made of a tie."""

    settlements: tuple[Settlement, ...] = ()
    tie: Tie | None = None
    lacking: Reason | None = None

    @property
    def selected(self) -> Iterator[str]:
        return (each for settlement in self.settlements for each in settlement.selected)


def _settle(parting: Parting, group: Group, by: Stage, desk: Desk, terms: Terms) -> _Settled:
    """Try the declared keys in order on the tied; what they cannot part stays a tie."""
    settlements: list[Settlement] = []
    lacking = None
    try:
        for key in _keys(by, terms) if parting.tied else ():
            settlement, parting = _try(key, parting, group, desk, terms)
            settlements += settlement
            if not parting.tied:
                break
    except Halt as halt:
        lacking = halt.reason
    tie = None
    if parting.tied:
        tie = Tie(stage=terms.stage, group=group, proposals=parting.tied, seats=parting.seats)
    return _Settled(tuple(settlements), tie, lacking)


def _keys(by: Stage, terms: Terms) -> Iterator[str]:
    """The keys of the cascade that can part a cut made by *by*: earlier stages, and the draw."""
    for key in terms.cascade():
        if key == DRAW or _ORDER[_NAMES[key]] < _ORDER[by]:
            yield key


def _try(
    key: str, parting: Parting, group: Group, desk: Desk, terms: Terms
) -> tuple[list[Settlement], Parting]:
    """Part the tied by *key*: the settlement if it parts any, and what is left to part."""
    tied, seats = parting.tied, parting.seats
    points, values = _said(key, tied, group, desk, terms)
    after = part(tied, seats, points)
    if after.tied == tied:
        return [], parting
    settlement = Settlement(
        stage=terms.stage,
        group=group,
        key=key,
        tied=tied,
        seats=seats,
        values=values,
        selected=after.above,
        still_tied=after.tied,
    )
    return [settlement], after


def _said(
    key: str, tied: tuple[str, ...], group: Group, desk: Desk, terms: Terms
) -> tuple[Mapping[str, int], tuple[tuple[str, object], ...]]:
    """What *key* says of each of the *tied*: points to compare, values to show."""
    if key == DRAW:
        seed = terms.value("ties.draw_seed")
        places = draw(tied, seed=seed, stage=terms.stage, group=group)
        return {each: -place for each, place in places.items()}, tuple(places.items())
    scores = desk.scores(_NAMES[key], group, terms)
    missing = tuple(each for each in tied if each not in scores.points)
    if missing:
        lacks = (("fact", f"marks.{key}"), ("proposals", missing))
        raise Halt(Reason(Outcome.UNKNOWN, "FACT_NOT_RECORDED", lacks))
    return scores.points, tuple((each, scores.value(each)) for each in tied)
