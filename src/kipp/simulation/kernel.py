"""Replications on arrays: marks, points, cuts of every stage, for a batch at once.

What comes out is what :func:`kipp.rules.selection.select` says of the same marks, replication by
replication.  Marks are rounded to the steps of the scale, points are whole numbers, and a cut is
made at the same line; ties go to the declared policy by the same rules
(:mod:`kipp.simulation.settle`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from kipp.domain.cycle import Stage
from kipp.rules.lots import draw_order, key_of
from kipp.rules.policy import Dated, Last, criterion_of, stage_of
from kipp.simulation.arrays import Array, numpy
from kipp.simulation.cutting import NOBODY, Settler, candidates, choose
from kipp.simulation.law import Cutting, GroupLaw, Law, Marking
from kipp.simulation.luck import Luck, slot_of
from kipp.simulation.noise import AssessorModel
from kipp.simulation.settle import Place, settle

__all__ = ["Batch", "Kernel", "Outcomes"]

_STAGES = {stage: number for number, stage in enumerate(Stage)}


@attrs.frozen(eq=False)
class Outcomes:
    """What became of a batch: by tier which proposals are in, as truths of shape (runs, field).

    *stopped* are the runs that could go no further; *ties* counts the cuts that were tied, by group
    and stage, and what settled each: the key, or blank where nothing did.
    """

    selected: Mapping[Stage, Array]
    stopped: Array
    ties: Counter[tuple[str, str, str]]


@attrs.frozen
class _Dense:
    """The draws of all proposals in one replication, those of the *members* taken out."""

    luck: Luck
    stage: int
    replication: int
    assessors: int
    size: int
    members: Array
    whole: bool

    def normals(self, purpose: int, part: int = 0) -> Array:
        slot = slot_of(self.stage, purpose, part)
        found = self.luck.normals(slot, self.replication, self.assessors, self.size)
        return found if self.whole else found[:, self.members]

    def shared(self, purpose: int) -> Array:
        found = self.luck.normals(slot_of(self.stage, purpose), self.replication, 1, self.size)
        return found if self.whole else found[:, self.members]

    def by_assessor(self, purpose: int) -> Array:
        slot = slot_of(self.stage, purpose)
        return self.luck.normals(slot, self.replication, self.assessors, 1)

    def uniforms(self, purpose: int, *, always: bool = False) -> Array:
        np = numpy()
        runs = np.full(len(self.members), 0 if always else self.replication)
        slot = slot_of(self.stage, purpose)
        return self.luck.uniforms_at(slot, runs, self.assessors, self.members)


@attrs.frozen
class _Sparse:
    """The draws of pairs of a replication and a proposal."""

    luck: Luck
    stage: int
    replications: Array
    assessors: int
    proposals: Array

    def normals(self, purpose: int, part: int = 0) -> Array:
        slot = slot_of(self.stage, purpose, part)
        return self.luck.normals_at(slot, self.replications, self.assessors, self.proposals)

    def shared(self, purpose: int) -> Array:
        slot = slot_of(self.stage, purpose)
        return self.luck.normals_at(slot, self.replications, 1, self.proposals)

    def by_assessor(self, purpose: int) -> Array:
        np = numpy()
        runs, place = np.unique(self.replications, return_inverse=True)
        slot = slot_of(self.stage, purpose)
        each = self.luck.normals_at(slot, runs, self.assessors, np.zeros_like(runs))
        return each[:, place]

    def uniforms(self, purpose: int, *, always: bool = False) -> Array:
        runs = self.replications * 0 if always else self.replications
        slot = slot_of(self.stage, purpose)
        return self.luck.uniforms_at(slot, runs, self.assessors, self.proposals)


@attrs.frozen(eq=False)
class Kernel:
    """A law, the worth of the field (``float32``, (field,)), the models by stage, the luck."""

    law: Law
    worth: Array
    models: Mapping[Stage, AssessorModel]
    luck: Luck

    def run(self, replications: range) -> Outcomes:
        """What becomes of the field in each of the *replications*."""
        np = numpy()
        count, size = len(replications), self.law.size
        batch = Batch(self, np.array(replications, dtype=np.int64))
        cuts = {
            stage: np.zeros((count, size), dtype=bool)
            for stage in (Stage.NOMINATION, Stage.FINALISTS, Stage.WINNERS)
        }
        stopped = np.full(count, len(Stage), dtype=np.int64)
        for group in self.law.groups:
            if group.cuts:
                for stage, selected in batch.group(group, stopped):
                    if len(group.members) == size:
                        cuts[stage] = selected.copy()
                    else:
                        cuts[stage][:, group.members] = selected
        for stage, selected in cuts.items():
            selected[stopped <= _STAGES[stage]] = False
        return Outcomes(cuts, stopped < len(Stage), batch.ties)

    def steps(
        self, group: GroupLaw, stage: Stage, replications: Array, places: Array
    ) -> tuple[Array, Array]:
        """The marks of pairs, in steps of the scale: (criteria, assessors, n), and which are given.

        *places* count the members of the group.  A sheet that was not handed in is not given.
        """
        np = numpy()
        marking = group.markings[stage]
        proposals = group.members[places]
        draw = _Sparse(self.luck, _STAGES[stage], replications, marking.assessors, proposals)
        raw = self.models[stage].marks(self.worth[proposals], marking.criteria, draw)
        rounded = _rounded(raw, marking)
        whole = np.broadcast_to(rounded, (len(marking.criteria), *rounded.shape[1:]))
        return whole, ~np.isnan(whole[0])


def _rounded(raw: Array, marking: Marking) -> Array:
    """Marks as whole steps of the scale; one off the scale is its end."""
    np = numpy()
    if marking.quantum != 1:
        raw = raw / np.float32(marking.quantum)
    found = np.rint(raw)
    np.maximum(found, np.float32(marking.lowest), out=found)
    return np.minimum(found, np.float32(marking.highest), out=found)


def _points(raw: Array, marking: Marking) -> Array:
    """Points of raw marks (criteria or 1, assessors, n): whole, as ``float64``; none: -infinity."""
    np = numpy()
    steps = _rounded(raw, marking)
    if len(steps) == 1:
        totals = steps[0] * np.float32(sum(marking.weights))
    else:
        totals = np.tensordot(np.array(marking.weights, dtype=np.float64), steps, axes=1)
    return _joined(totals, marking)


def _joined(totals: Array, marking: Marking) -> Array:
    """The weighed steps of each sheet (assessors, n) as points of each proposal."""
    np = numpy()
    whole = len(totals)
    added = totals.sum(axis=0, dtype=np.float64)
    missing = np.isnan(added)
    if not marking.in_order and not missing.any():
        kept, times = marking.joins[whole]
        return added * (times * kept[0]) if times else np.full_like(added, NOBODY)
    # Not a number comes last when sorted, so that the first of each column are those given.
    ordered = np.sort(totals.astype(np.float64), axis=0)
    given = whole - np.isnan(ordered).sum(axis=0)
    found = np.full(totals.shape[1], NOBODY)
    for number in np.unique(given):
        kept, times = marking.joins[number]
        if times:
            there = given == number
            counted = np.array(kept, dtype=np.float64)
            found[there] = counted @ ordered[:number, there] * times
    return found


@attrs.define(eq=False)
class Batch:
    """A batch while it runs: the points known so far, and the ties met."""

    kernel: Kernel
    replications: Array
    ties: Counter[tuple[str, str, str]] = attrs.field(factory=Counter)

    def group(self, law: GroupLaw, stopped: Array) -> Any:
        """The selections of each cut of one group, stage after stage: truths (runs, members).

        A run that can go no further is marked in *stopped* by the number of its stage.
        """
        np = numpy()
        known = {Stage.EVALUATION: self._evaluated(law)}
        marking = law.markings[Stage.EVALUATION]
        there = np.ones_like(known[Stage.EVALUATION], dtype=bool)
        unsure = np.zeros(len(self.replications), dtype=np.int64)
        there = self._scored(there, known[Stage.EVALUATION], unsure)
        if marking.least is not None:
            there &= known[Stage.EVALUATION] >= marking.least
        for stage, cut in law.cuts.items():
            if cut.by not in known:
                known[cut.by] = self._marked(law, cut.by, there)
                if cut.by is Stage.PANEL:
                    there = self._scored(there, known[Stage.PANEL], unsure)
            there = self._cut(law, cut, there, known, unsure, stopped)
            yield stage, there

    @staticmethod
    def _scored(there: Array, points: Array, unsure: Array) -> Array:
        """Those *there* with a score; the others leave, and could still overtake somebody."""
        missing = points == NOBODY
        if not missing.any():
            return there
        scored = there & ~missing
        unsure += there.sum(axis=1) - scored.sum(axis=1)
        return scored

    def _evaluated(self, law: GroupLaw) -> Array:
        np = numpy()
        kernel, stage = self.kernel, Stage.EVALUATION
        marking, model = law.markings[stage], kernel.models[stage]
        whole = len(law.members) == kernel.law.size
        worth = kernel.worth if whole else kernel.worth[law.members]
        found = np.empty((len(self.replications), len(law.members)))
        for place, replication in enumerate(self.replications):
            draw = _Dense(
                kernel.luck,
                _STAGES[stage],
                int(replication),
                marking.assessors,
                kernel.law.size,
                law.members,
                whole,
            )
            found[place] = _points(model.marks(worth, marking.criteria, draw), marking)
        return found

    def _marked(self, law: GroupLaw, stage: Stage, there: Array) -> Array:
        """The points that those who are *there* get at a stage: (runs, members)."""
        np = numpy()
        runs, places = np.nonzero(there)
        found = np.full(there.shape, NOBODY)
        if len(runs):
            found[runs, places] = self.points_at(law, stage, runs, places)
        return found

    def points_at(self, law: GroupLaw, stage: Stage, runs: Array, places: Array) -> Array:
        """The points of pairs of a run and a member."""
        return _points(self.raw(law, stage, runs, places), law.markings[stage])

    def raw(self, law: GroupLaw, stage: Stage, runs: Array, places: Array) -> Array:
        """The marks of pairs of a run and a member before they are rounded."""
        kernel, marking = self.kernel, law.markings[stage]
        proposals = law.members[places]
        draw = _Sparse(
            kernel.luck,
            _STAGES[stage],
            self.replications[runs],
            marking.assessors,
            proposals,
        )
        return kernel.models[stage].marks(kernel.worth[proposals], marking.criteria, draw)

    def _cut(
        self,
        law: GroupLaw,
        cut: Cutting,
        there: Array,
        known: Mapping[Stage, Array],
        unsure: Array,
        stopped: Array,
    ) -> Array:
        """Who of those *there* takes a place: truths (runs, members)."""
        np = numpy()
        field = candidates(there, known[cut.by])
        marked = field.points != NOBODY
        scored = marked.sum(axis=1)
        unsure += field.counts - scored
        places = len(law.members) if cut.places is None else cut.places
        demanded = cut.caps is not None or cut.demands is not None
        crowded = scored + unsure > places
        crowded |= demanded
        crowded &= demanded or cut.places is not None
        halted = (unsure > 0) & crowded & (field.counts > 0)
        np.minimum(stopped, _STAGES[cut.stage], out=stopped, where=halted)
        chosen = choose(law, cut, field, places, self._settler(law, cut, known, stopped))
        return field.whole(chosen)

    def _settler(
        self, law: GroupLaw, cut: Cutting, known: Mapping[Stage, Array], stopped: Array
    ) -> Settler:
        """Settles ties of one run of a cut, counts what did, and stops the run where nothing does.

        None says that the run is stopped already.
        """

        def settler(
            run: int, classes: Sequence[Sequence[str]], placed: Place | None
        ) -> tuple[str, ...] | None:
            if stopped[run] <= _STAGES[cut.stage]:
                return None
            said = _Said(self, law, cut, run, known)
            made = None if placed is None else settle(classes, placed, cut.keys, said)
            if made is None or made.open:
                stopped[run] = _STAGES[cut.stage]
            if made is None:
                return None
            keys = ("",) if made.open else made.keys
            self.ties.update((law.group.name, cut.stage.name, key) for key in keys)
            return made.selected

        return settler


@attrs.frozen
class _Said:
    """What the keys of the policy say of the tied of one run."""

    batch: Batch
    law: GroupLaw
    cut: Cutting
    run: int
    known: Mapping[Stage, Array]

    def __call__(self, key: str, tied: tuple[str, ...]) -> Mapping[str, int] | None:
        if key == Last.DRAW:
            return self._drawn(tied)
        np = numpy()
        where = self.law.places
        places = np.array([where[each] for each in tied])
        stage = stage_of(key)
        if key in set(Dated):
            ranks = self.law.dated[key]
            found = None if ranks is None else ranks[places]
        elif stage is not None and criterion_of(key):
            found = self._under(criterion_of(key), stage, places)
        elif stage is not None and stage in self.known:
            found = self.known[stage][self.run, places]
        elif stage is not None:
            # Nobody else asked for these marks: they are drawn for the tied alone.
            runs = np.full(len(places), self.run)
            found = self.batch.points_at(self.law, stage, runs, places)
        else:
            found = None
        if found is None or (found == NOBODY).any():
            return None
        return {each: int(value) for each, value in zip(tied, found, strict=True)}

    def _drawn(self, tied: tuple[str, ...]) -> Mapping[str, int]:
        """A public draw, as :mod:`kipp.rules.cascade` makes it."""
        listed = sorted(tied)
        seed = self.batch.kernel.law.draw_seed or ""
        key = key_of((*seed.split("/"), self.cut.stage.name, self.law.group.name))
        return {listed[number]: -place for place, number in enumerate(draw_order(key, len(tied)))}

    def _under(self, criterion: str, stage: Stage, places: Array) -> Array | None:
        """The points under one criterion, joined as whole sheets are."""
        np = numpy()
        marking = self.law.markings[stage]
        if criterion not in marking.criteria:
            return None
        runs = np.full(len(places), self.run)
        raw = self.batch.raw(self.law, stage, runs, places)
        steps = _rounded(raw, marking)
        row = 0 if len(steps) == 1 else marking.criteria.index(criterion)
        return _joined(steps[row].astype(np.float64), marking)
