"""Replications on arrays: marks, points, cuts of every stage, for a batch at once.

What comes out is what :func:`kipp.rules.selection.select` says of the same marks, replication by
replication.  Marks are rounded to the steps of the scale, points are whole numbers, and a cut is
made at the same line; ties go to the declared policy by the same rules
(:mod:`kipp.simulation.settle`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import attrs

from kipp.domain.cycle import Stage
from kipp.rules.composition import Demand
from kipp.rules.lots import draw_order, key_of
from kipp.rules.policy import Dated, Last, criterion_of, stage_of
from kipp.rules.ties import classes_of
from kipp.simulation.arrays import Array, numpy
from kipp.simulation.law import Cutting, GroupLaw, Law, Marking, SharesTied
from kipp.simulation.luck import Luck, slot_of
from kipp.simulation.noise import AssessorModel
from kipp.simulation.settle import Settled, settle

__all__ = ["Batch", "Kernel", "Outcomes"]

_STAGES = {stage: number for number, stage in enumerate(Stage)}
_NOBODY = float("-inf")
_UNIT = "unit"
"""The attribute under which a cap asks, when one class of equals is settled by itself."""


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
        return added * (times * kept[0]) if times else np.full_like(added, _NOBODY)
    # Not a number comes last when sorted, so that the first of each column are those given.
    ordered = np.sort(totals.astype(np.float64), axis=0)
    given = whole - np.isnan(ordered).sum(axis=0)
    found = np.full(totals.shape[1], _NOBODY)
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
            if stage is Stage.FINALISTS:
                self._mark(law, Stage.FINALISTS, there, known)
            elif stage is Stage.WINNERS:
                self._mark(law, Stage.PANEL, there, known)
                if cut.by is Stage.PANEL:
                    there = self._scored(there, known[Stage.PANEL], unsure)
            there = self._cut(law, cut, there, known, unsure, stopped)
            yield stage, there

    @staticmethod
    def _scored(there: Array, points: Array, unsure: Array) -> Array:
        """Those *there* with a score; the others leave, and could still overtake somebody."""
        scored = there & (points != _NOBODY)
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

    def _mark(self, law: GroupLaw, stage: Stage, there: Array, known: dict[Stage, Array]) -> None:
        """The points that those who are *there* get at a stage, where anybody asks for them."""
        if stage not in law.markings:
            return
        np = numpy()
        runs, places = np.nonzero(there)
        found = np.full(there.shape, _NOBODY)
        if len(runs):
            found[runs, places] = self._points_at(law, stage, runs, places)
        known[stage] = found

    def _points_at(self, law: GroupLaw, stage: Stage, runs: Array, places: Array) -> Array:
        marking = law.markings[stage]
        return _points(self.raw(law, stage, runs, places), marking)

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

    # Cuts

    def _cut(
        self,
        law: GroupLaw,
        cut: Cutting,
        there: Array,
        known: Mapping[Stage, Array],
        unsure: Array,
        stopped: Array,
    ) -> Array:
        """Who of those *there* takes a place."""
        np = numpy()
        points = np.where(there, known[cut.by], _NOBODY)
        marked = points != _NOBODY
        unmarked = there.sum(axis=1) - marked.sum(axis=1)
        unsure += unmarked
        places = points.shape[1] if cut.places is None else cut.places
        demanded = cut.caps is not None or cut.demands is not None
        crowded = demanded | (marked.sum(axis=1) + unsure > places)
        if cut.places is None and not demanded:
            crowded[:] = False
        halted = (unsure > 0) & crowded & there.any(axis=1)
        self._stop(cut, halted, stopped)
        if cut.demands is not None:
            return self._composed(law, cut, points, known, stopped)
        if cut.caps is not None:
            return self._capped(law, cut, points, places, known, stopped)
        return self._plain(law, cut, points, places, known, stopped)

    @staticmethod
    def _stop(cut: Cutting, halted: Array, stopped: Array) -> None:
        numpy().minimum(stopped, _STAGES[cut.stage], out=stopped, where=halted)

    def _plain(
        self,
        law: GroupLaw,
        cut: Cutting,
        points: Array,
        places: int,
        known: Mapping[Stage, Array],
        stopped: Array,
    ) -> Array:
        np = numpy()
        marked = points != _NOBODY
        size = points.shape[1]
        if places >= size:
            return marked
        if places == 0:
            return np.zeros_like(marked)
        line = np.partition(points, size - places, axis=1)[:, size - places]
        above = points > line[:, np.newaxis]
        level = (points == line[:, np.newaxis]) & marked
        seats = places - above.sum(axis=1)
        tied = level.sum(axis=1) > seats
        selected = above | (level & ~tied[:, np.newaxis])
        for run in np.nonzero(tied & (stopped > _STAGES[cut.stage]))[0]:
            equals = np.nonzero(level[run])[0]
            ids = tuple(law.ids[place] for place in equals)
            said = _Said(self, law, cut, int(run), known)
            made = settle((ids,), int(seats[run]), cut.keys, said)
            self._keep(law, cut, int(run), made, selected, stopped)
        return selected

    def _keep(
        self,
        law: GroupLaw,
        cut: Cutting,
        run: int,
        made: Settled | None,
        selected: Array,
        stopped: Array,
    ) -> None:
        """Write down who was selected, and count what settled the ties."""
        if made is None or made.open:
            stopped[run] = min(stopped[run], _STAGES[cut.stage])
        if made is None:
            return
        for key in made.keys or ("",):
            self.ties[law.group.name, cut.stage.name, "" if made.open else key] += 1
        where = law.places
        for each in made.selected:
            selected[run, where[each]] = True

    def _composed(
        self,
        law: GroupLaw,
        cut: Cutting,
        points: Array,
        known: Mapping[Stage, Array],
        stopped: Array,
    ) -> Array:
        """Cuts under any demands of composition, replication by replication."""
        np = numpy()
        selected = np.zeros(points.shape, dtype=bool)
        for run in np.nonzero(stopped > _STAGES[cut.stage])[0]:
            there = np.nonzero(points[run] != _NOBODY)[0]
            worth = {law.ids[place]: int(points[run, place]) for place in there}
            traits = {each: law.traits[each] for each in worth}
            try:
                demands = cut.demands(traits) if cut.demands and worth else ()
            except SharesTied:
                stopped[run] = _STAGES[cut.stage]
                continue
            said = _Said(self, law, cut, int(run), known)
            places = len(worth) if cut.places is None else cut.places
            made = settle(classes_of(sorted(worth), worth), places, cut.keys, said, demands, traits)
            if made is not None and not made.keys and not made.open:
                for each in made.selected:
                    selected[run, law.places[each]] = True
            else:
                self._keep(law, cut, int(run), made, selected, stopped)
        return selected

    def _capped(
        self,
        law: GroupLaw,
        cut: Cutting,
        points: Array,
        places: int,
        known: Mapping[Stage, Array],
        stopped: Array,
    ) -> Array:
        """Cuts under one cap on each value of an attribute, from the best down.

        The best are looked at, as many as are needed.  Whoever is above the cap of its value is
        passed over.  Equals of whom the cap or the places let in only some are settled by
        themselves: how a tie is broken changes nothing outside its class.
        """
        np = numpy()
        runs, size = points.shape
        first = min(size, places + places + places + places)
        selected = np.zeros((runs, size), dtype=bool)
        walk = _Walk(cut, points, places, first)
        short = walk.short
        if short.any() and first < size:
            rest = np.nonzero(short)[0]
            fuller = _Walk(cut, points[rest], places, size)
            _write(selected, rest, fuller)
            done = np.nonzero(~short)[0]
            _write(selected, done, walk, done)
            pending = [(int(run), fuller, place) for place, run in enumerate(rest)]
            pending += [(int(run), walk, int(run)) for run in done]
        else:
            _write(selected, np.arange(runs), walk)
            pending = [(run, walk, run) for run in range(runs)]
        for run, made, place in pending:
            if made.unclear[place].any() and stopped[run] > _STAGES[cut.stage]:
                self._level(law, cut, points[run], run, made, place, known, selected, stopped)
        return selected

    def _level(
        self,
        law: GroupLaw,
        cut: Cutting,
        points: Array,
        run: int,
        walk: _Walk,
        place: int,
        known: Mapping[Stage, Array],
        selected: Array,
        stopped: Array,
    ) -> None:
        """Settle each class of equals of one run of whom only some are let in."""
        np = numpy()
        values, caps = cut.values, cut.caps
        assert values is not None
        assert caps is not None
        for line in sorted(set(walk.points[place][walk.unclear[place]]), reverse=True):
            level = np.nonzero(points == line)[0]
            above = selected[run] & (points > line)
            left = walk.places - int(above.sum())
            taken = np.bincount(values[above], minlength=len(caps))
            room = {str(each): int(max(caps[each] - taken[each], 0)) for each in set(values[level])}
            ids = tuple(law.ids[each] for each in level)
            traits = {law.ids[each]: {_UNIT: str(values[each])} for each in level}
            demands = tuple(
                Demand(name=each, by=_UNIT, of=each, at_most=most) for each, most in room.items()
            )
            said = _Said(self, law, cut, run, known)
            made = settle((ids,), left, cut.keys, said, demands, traits)
            selected[run, level] = False
            self._keep(law, cut, run, made, selected, stopped)


def _write(selected: Array, runs: Array, walk: _Walk, rows: Array | None = None) -> None:
    """Write down whom a walk took, in its own rows, for *runs*."""
    np = numpy()
    order = walk.order if rows is None else walk.order[rows]
    taken = walk.taken if rows is None else walk.taken[rows]
    where, at = np.nonzero(taken)
    selected[runs[where], order[where, at]] = True


class _Walk:
    """The best of each run, best first, passed over where the cap of their value is reached.

    *order* are their places, *points* theirs, *taken* whether they are in, *unclear* whether they
    are equals of whom only some are; *short* are the runs that looked at too few.
    """

    def __init__(self, cut: Cutting, points: Array, places: int, first: int) -> None:
        np = numpy()
        size = points.shape[1]
        self.places = places
        bits = int(size).bit_length()
        low = (1 << bits) - 1
        # Whole points above the place in one number: sorting it sorts both.
        marked = points != _NOBODY
        whole = np.where(marked, points, 0).astype(np.int64) + 1
        packed = (np.where(marked, whole, 0) << bits) | np.arange(size)[::-1]
        best = packed if first >= size else np.partition(packed, size - first, axis=1)[:, -first:]
        best = np.sort(best, axis=1)[:, ::-1]
        self.order = size - 1 - (best & low)
        self.points = (best >> bits) - 1
        real = self.points >= 0
        assert cut.values is not None
        assert cut.caps is not None
        values = cut.values[self.order]
        # The same by value: how many of its value stand before each.
        width = best.shape[1]
        by_value = np.sort((values.astype(np.int64) << bits) | np.arange(width), axis=1)
        at = by_value & low
        named = by_value >> bits
        starts = np.ones_like(named, dtype=bool)
        starts[:, 1:] = named[:, 1:] != named[:, :-1]
        begun = np.maximum.accumulate(np.where(starts, np.arange(width), 0), axis=1)
        nth = np.arange(width) - begun
        before = np.empty_like(nth)
        np.put_along_axis(before, at, nth, axis=1)
        allowed = (before < cut.caps[values]) & real
        reached = np.cumsum(allowed, axis=1)
        self.taken = allowed & (reached <= places)
        self.short = (reached[:, -1] <= places) & (width < size) & real[:, -1]
        self.unclear = self._unclear(cut, reached, at, named, nth)

    def _unclear(self, cut: Cutting, reached: Array, at: Array, named: Array, nth: Array) -> Array:
        """Those at the line, and those at a cap, of whose equals only some are in."""
        np = numpy()
        assert cut.caps is not None
        found = np.zeros_like(self.taken)
        # At the line: the last that is in has an equal that would be next.
        last = np.argmax(reached >= self.places, axis=1)
        full = reached[:, -1] > self.places
        after = np.argmax(reached > self.places, axis=1)
        rows = np.arange(len(last))
        tied = full & (self.points[rows, last] == self.points[rows, after])
        found[rows[tied], after[tied]] = True
        # At a cap: the last of a value that is let in has an equal of that value behind it.
        points = np.take_along_axis(self.points, at, axis=1)
        beyond = nth == cut.caps[named]
        same = np.zeros_like(beyond)
        same[:, 1:] = points[:, 1:] == points[:, :-1]
        level = beyond & same & (points >= 0)
        rows, columns = np.nonzero(level)
        line = np.where(full, self.points[np.arange(len(last)), last], 0)
        needed = points[rows, columns] >= line[rows]
        found[rows[needed], at[rows[needed], columns[needed]]] = True
        return found


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
        else:
            found = None
        if found is None or (found == _NOBODY).any():
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
