"""A rulebook and a field as arrays: everything a replication asks, read once and checked first.

What nobody published stops a selection; here it refuses the study before the first draw, all of it
at once, so that whoever simulates states what is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from math import ceil, floor, lcm
from typing import Any, TypeAlias

import attrs

from kipp.domain.citation import Cited, Evidence, NotOpen, cited
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import Faults, InvalidValue, KippError
from kipp.domain.proposal import Proposal
from kipp.rules.composition import Demand
from kipp.rules.decision import Outcome
from kipp.rules.desk import scheme_of
from kipp.rules.policy import MARKED, Dated, Last, criterion_of, stage_of
from kipp.rules.quota import Quota, StageShares
from kipp.rules.rulebook import Rulebook
from kipp.rules.scoring import Combine, Scheme
from kipp.rules.stages import Halt, Terms
from kipp.simulation.arrays import Array, numpy

__all__ = ["CUTS", "Cutting", "GroupLaw", "Law", "Marking", "SharesTied", "law_of"]

CUTS: Mapping[Stage, tuple[str, str]] = {
    Stage.NOMINATION: ("nominees", "selection.nominees_by"),
    Stage.FINALISTS: ("finalists", "selection.finalists_by"),
    Stage.WINNERS: ("winners", "selection.winners_by"),
}
"""The stages that cut down: the places, and what says whose marks decide."""

_MARKED_BEFORE = {
    Stage.NOMINATION: (Stage.EVALUATION,),
    Stage.FINALISTS: (Stage.EVALUATION, Stage.FINALISTS),
    Stage.WINNERS: (Stage.EVALUATION, Stage.FINALISTS, Stage.PANEL),
}


@attrs.frozen(kw_only=True, eq=False)
class Marking:
    """How the marks of one stage become points: whole numbers, more being better.

    A mark is a whole number of steps of *quantum*, from *lowest* to *highest* of them; *weights*
    are whole, by criterion.  Fewer sheets than *quorum* are no score.  *joins* says by the number
    of sheets how they are joined, lowest first: what each counts, and what the sum is multiplied
    by to lie on one scale.  *least* are the points of the pass mark.
    """

    stage: Stage
    criteria: tuple[str, ...]
    weights: tuple[int, ...]
    lowest: int
    highest: int
    quantum: float
    quorum: int
    assessors: int
    in_order: bool
    joins: tuple[tuple[tuple[int, ...], int], ...]
    least: int | None = None


@attrs.frozen(kw_only=True, eq=False)
class Cutting:
    """One cut: *places* (none: no limit), the stage whose marks decide, the demands on it.

    *caps* are the only demand, at most so many of each value of one attribute: by the number of
    the value in *values*, where that is all that is asked.  *demands* gives them for a number of
    places and candidates in any other case.
    """

    stage: Stage
    places: int | None
    by: Stage
    keys: tuple[str, ...]
    caps: Array | None = None
    values: Array | None = None
    demands: Callable[[Mapping[str, Mapping[str, str]]], tuple[Demand, ...]] | None = None


@attrs.frozen(kw_only=True, eq=False)
class GroupLaw:
    """A group: its *members* in the field that pass screening, their marks, its cuts.

    *ids* are in the order of *members*, *traits* by id.  *dated* are ranks of dated facts, the
    earlier the more, none where one is not recorded.  A group that is not open has no *cuts*.
    """

    group: Group
    members: Array
    ids: tuple[str, ...]
    traits: Mapping[str, Mapping[str, str]]
    markings: Mapping[Stage, Marking]
    cuts: Mapping[Stage, Cutting]
    dated: Mapping[str, Array | None]
    places: Mapping[str, int] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        places = {each: place for place, each in enumerate(self.ids)}
        object.__setattr__(self, "places", places)


@attrs.frozen(kw_only=True, eq=False)
class Law:
    """What a replication asks under one rulebook: the size of the field, and each group."""

    name: str
    size: int
    groups: tuple[GroupLaw, ...]
    draw_seed: str | None


def law_of(
    book: Rulebook,
    proposals: tuple[Proposal, ...],
    screened: Mapping[str, Outcome],
    traits: Mapping[str, Mapping[str, str]],
    assessors: Callable[[Stage, int], int],
) -> Law:
    """The law of *book* for *proposals*, of which *screened* says what screening found.

    *assessors* gives the size of the panel of a stage whose rulebook asks for so many.

    Raises:
        Faults: every value a replication needs and nobody published or assumed, a tier larger than
            what feeds it, a tie policy that asks people, a fact of screening that is not known.
    """
    faults: list[KippError] = [
        InvalidValue("proposal.group", None, "a recorded group", each.id)
        for each in proposals
        if each.group is None
    ]
    groups = []
    for group in Group:
        members = [
            (place, each)
            for place, each in enumerate(proposals)
            if each.group is group and screened[each.id] is Outcome.MET
        ]
        if members:
            maker = _Maker(book, group, members, traits, assessors, faults)
            groups.append(maker.law())
    unsure = [each.id for each in proposals if screened[each.id] is Outcome.UNKNOWN]
    if unsure:
        said = f"unknown for {len(unsure)} proposals, the first {unsure[0]}"
        cure = "judge one of them: assume the values it lacks, or record its facts"
        faults.append(InvalidValue("screening", said, "met or not met", book.name, cure))
    for path in ("selection.objections", "selection.withdrawals"):
        _value(Terms(book, Stage.OBJECTION, Evidence.PRESS), path, faults)
    if faults:
        raise Faults(list({str(each): each for each in faults}.values()))
    seed = next(cited(book["ties.draw_seed"]), None)
    return Law(name=book.name, size=len(proposals), groups=tuple(groups), draw_seed=seed)


def _value(terms: Terms, path: str, faults: list[KippError]) -> Any:
    """The value at *path*; none, and a fault, where nobody published or assumed it."""
    try:
        return terms.value(path)
    except Halt:
        faults.append(_open(terms, path))
    except KippError as error:
        faults.append(error)
    return None


def _open(terms: Terms, path: str) -> InvalidValue:
    value = terms.book[path]
    state = type(value).__name__
    return InvalidValue(path, state, "a value", terms.book.name, "state it as an assumption")


@attrs.frozen
class _Maker:
    book: Rulebook
    group: Group
    members: list[tuple[int, Proposal]]
    traits: Mapping[str, Mapping[str, str]]
    assessors: Callable[[Stage, int], int]
    faults: list[KippError]

    def law(self) -> GroupLaw:
        np = numpy()
        cuts = {stage: cut for stage in CUTS if (cut := self._cut(stage)) is not None}
        if len(cuts) == len(CUTS):
            self._check_sizes(cuts)
        needed = {stage for cut in cuts.values() for stage in self._asked(cut)}
        # Where a cut lacks something, what its marks would ask is said all the same.
        needed |= set(MARKED) if self.faults else set()
        markings = {stage: self._marking(stage) for stage in sorted(needed, key=list(Stage).index)}
        return GroupLaw(
            group=self.group,
            members=np.array([place for place, _ in self.members], dtype=np.int64),
            ids=tuple(each.id for _, each in self.members),
            traits={each.id: self.traits.get(each.id, {}) for _, each in self.members},
            markings={stage: each for stage, each in markings.items() if each is not None},
            cuts=cuts if len(cuts) == len(CUTS) else {},
            dated={
                Dated.SUBMISSION: _earlier([each.submitted_at for _, each in self.members]),
                Dated.START: _earlier([each.started for _, each in self.members]),
            },
        )

    def _asked(self, cut: Cutting) -> Iterator[Stage]:
        """The stages whose marks a cut asks for; the evaluation is always made."""
        yield Stage.EVALUATION
        yield cut.by
        order = list(Stage)
        for key in cut.keys:
            stage = stage_of(key)
            if stage is not None and order.index(stage) <= order.index(cut.by):
                yield stage

    def _cut(self, stage: Stage) -> Cutting | None:
        """The cut of *stage*; none where the group is not open there, or something is missing."""
        name, by_path = CUTS[stage]
        terms = Terms(self.book, stage, Evidence.PRESS)
        path = f"groups.{self.group.key}.{name}"
        try:
            places = terms.state(path)
        except Halt:
            self.faults.append(_open(terms, path))
            return None
        if isinstance(places, NotOpen):
            return None
        by = self._deciding(terms, by_path, stage)
        quota = _value(terms, "composition.quota", self.faults)
        if stage is not Stage.NOMINATION:
            _value(terms, "selection.carry_over", self.faults)
        if by is None or quota is None:
            self._keys(terms, Stage.PANEL)
            return None
        cut = Cutting(
            stage=stage,
            places=places.value if isinstance(places, Cited) else None,
            by=by,
            keys=self._keys(terms, by),
        )
        return self._composed(cut, Quota(quota), terms)

    def _deciding(self, terms: Terms, path: str, stage: Stage) -> Stage | None:
        name = _value(terms, path, self.faults)
        if name is None:
            return None
        by = Stage[str(name).upper()]
        if by not in _MARKED_BEFORE[stage]:
            expected = "a stage before the cut"
            self.faults.append(InvalidValue(path, name, expected, self.book.name))
            return None
        return by

    def _keys(self, terms: Terms, by: Stage) -> tuple[str, ...]:
        """The keys of the tie policy that can speak at a cut made *by* a stage."""
        path = "ties.cascade"
        order = list(Stage)
        keys = []
        for key in _value(terms, path, self.faults) or ():
            stage = stage_of(key)
            if key == Last.DECISION:
                expected = "a policy that needs nobody: a draw, all, fewer or stop"
                self.faults.append(InvalidValue(path, key, expected, self.book.name))
            if key == Last.DRAW:
                _value(terms, "ties.draw_seed", self.faults)
            if stage is None:
                keys += [] if key == Last.STOP else [key]
            elif order.index(stage) < order.index(by) or (stage is by and criterion_of(key)):
                keys.append(key)
        return tuple(keys)

    def _composed(self, cut: Cutting, quota: Quota, terms: Terms) -> Cutting:
        """The *cut* with its demands of composition."""
        if quota is Quota.NONE:
            return cut
        about = (cut.stage, self.group)
        if quota is Quota.SHARES:
            stated = _value(terms, "composition.shares", self.faults) or ()
            shares = tuple(each for each in stated if each.holds_at(*about))
            return (
                attrs.evolve(cut, demands=partial(_shared, shares, cut.places)) if shares else cut
            )
        stated = _value(terms, "composition.demands", self.faults) or ()
        demands = tuple(each.demand for each in stated if each.holds_at(*about))
        self._check_traits(demands)
        if len(demands) == 1 and demands[0].of is None and not demands[0].at_least:
            return self._capped(cut, demands[0])
        return attrs.evolve(cut, demands=partial(_stated, demands)) if demands else cut

    def _capped(self, cut: Cutting, demand: Demand) -> Cutting:
        np = numpy()
        held = [self.traits.get(each.id, {}).get(demand.by, "") for _, each in self.members]
        names, values = np.unique(np.array(held), return_inverse=True)
        caps = np.full(len(names), demand.at_most, dtype=np.int64)
        return attrs.evolve(cut, caps=caps, values=values.astype(np.int64))

    def _check_traits(self, demands: tuple[Demand, ...]) -> None:
        for by in dict.fromkeys(demand.by for demand in demands):
            for _, each in self.members:
                if self.traits.get(each.id, {}).get(by) is None:
                    wrong = InvalidValue(f"traits.{by}", None, "a recorded value", each.id)
                    self.faults.append(wrong)

    def _check_sizes(self, cuts: Mapping[Stage, Cutting]) -> None:
        """A tier is no larger than what feeds it."""
        before: int | None = None
        for stage, cut in cuts.items():
            if before is not None and (cut.places is None or cut.places > before):
                path = f"groups.{self.group.key}.{CUTS[stage][0]}"
                expected = f"at most {before}, the places of the stage before"
                self.faults.append(InvalidValue(path, cut.places, expected, self.book.name))
            before = cut.places if cut.places is not None else before

    def _marking(self, stage: Stage) -> Marking | None:
        terms = Terms(self.book, stage, Evidence.PRESS)
        try:
            scheme = scheme_of(stage, self.group, terms)
            least = terms.optional("evaluation.pass_mark") if stage is Stage.EVALUATION else None
        except Halt:
            asked = (f"groups.{self.group.key}.criteria", *_SCALE, *_JOINED[stage])
            for path in asked:
                _value(terms, path, self.faults)
            return None
        except KippError as error:
            self.faults.append(error)
            return None
        return _marking(stage, scheme, self.assessors(stage, scheme.quorum), least)


_SCALE = ("marks.lowest", "marks.highest", "marks.quantum")
_BY_PANEL = ("panel.combine", "panel.assessors")
_JOINED = {
    Stage.EVALUATION: ("evaluation.combine", "evaluation.evaluators"),
    Stage.FINALISTS: _BY_PANEL,
    Stage.PANEL: _BY_PANEL,
}


def _marking(stage: Stage, scheme: Scheme, assessors: int, least: Fraction | None) -> Marking:
    weighed = [each for each in scheme.criteria if each.weight]
    unit = lcm(*(each.weight.denominator for each in weighed))
    weights = tuple(int(each.weight * unit) for each in weighed)
    joins, common = _joins(scheme, assessors)
    scale = scheme.scale
    worth = None
    if least is not None:
        # Points are steps, weighed, on the common scale; a score below the mark is below these.
        worth = ceil(Fraction(least) / scale.quantum * sum(weights) * common)
    return Marking(
        stage=stage,
        criteria=tuple(each.key for each in weighed),
        weights=weights,
        lowest=ceil(scale.lowest / scale.quantum),
        highest=floor(scale.highest / scale.quantum),
        quantum=float(scale.quantum),
        quorum=scheme.quorum,
        assessors=assessors,
        in_order=scheme.combine is not Combine.MEAN,
        joins=joins,
        least=worth,
    )


_Join: TypeAlias = tuple[tuple[int, ...], int]


def _joins(scheme: Scheme, assessors: int) -> tuple[tuple[_Join, ...], int]:
    """By the number of sheets, from none: what each counts, the multiplier; the common unit."""
    counted = [_counted(scheme, number) for number in range(assessors + 1)]
    common = lcm(*(divisor for _, divisor in counted if divisor))
    joins = tuple((kept, common // divisor if divisor else 0) for kept, divisor in counted)
    return joins, common


def _counted(scheme: Scheme, number: int) -> tuple[tuple[int, ...], int]:
    """What each of *number* sheets counts, lowest first, and what the sum is divided by."""
    if number < max(scheme.quorum, 1):
        return (0,) * number, 0
    if scheme.combine is Combine.MEDIAN:
        lower, upper = (number - 1) // (1 + 1), number // (1 + 1)
        return tuple((place == lower) + (place == upper) for place in range(number)), 1 + 1
    one = scheme.trim.denominator
    trim = int(scheme.trim * one) if scheme.combine is Combine.TRIMMED else 0
    last = number * one - trim
    ends = [(place * one, (place + 1) * one) for place in range(number)]
    kept = tuple(max(min(end, last) - max(begin, trim), 0) for begin, end in ends)
    return kept, last - trim


def _earlier(facts: list[Any]) -> Array | None:
    """Ranks of dated facts, the earlier the more; none where one is not recorded."""
    if any(each is None for each in facts):
        return None
    order = {fact: place for place, fact in enumerate(sorted(set(facts), reverse=True))}
    return numpy().array([order[each] for each in facts])


def _stated(
    demands: tuple[Demand, ...], _traits: Mapping[str, Mapping[str, str]]
) -> tuple[Demand, ...]:
    return demands


def _shared(
    shares: tuple[StageShares, ...],
    places: int | None,
    traits: Mapping[str, Mapping[str, str]],
) -> tuple[Demand, ...]:
    """The places shared out over the values of the candidates whose *traits* are given."""
    found: list[Demand] = []
    for each in shares:
        counts: dict[str, int] = {}
        for trait in traits.values():
            counts[trait[each.by]] = counts.get(trait[each.by], 0) + 1
        made = each.shared(places or len(traits), counts)
        if made.tied:
            raise SharesTied(made.tied)
        found += each.demands(made.seats)
    return tuple(found)


class SharesTied(Exception):
    """Values tied for the last place of a sharing: the replication stops there."""
