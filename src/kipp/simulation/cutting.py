"""Cuts of a batch at once: the best so many, under a cap, or under any demands of composition.

Ties are found here and settled one run at a time; the line is that of the exact selection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import attrs

from kipp.rules.ties import classes_of
from kipp.simulation.arrays import Array, numpy
from kipp.simulation.law import Cutting, GroupLaw, SharesTied
from kipp.simulation.settle import Place, by_demands, by_places, by_room

__all__ = ["NOBODY", "Candidates", "Settler", "candidates", "choose"]

NOBODY = float("-inf")
"""The points of whoever is no candidate, or has no score."""

Settler: TypeAlias = Callable[[int, Sequence[Sequence[str]], Place | None], tuple[str, ...] | None]
"""Settles the ties of a run (by its number), from classes of ids; none where the run is stopped."""


@attrs.frozen(eq=False)
class Candidates:
    """Who is there in each run: *columns* are their places in the group, *points* theirs.

    Both have the shape (runs, candidates).  *columns* is none where every member of the group has
    a column of its own, whether it is a candidate or not; *flat* are then none, else the positions
    of the candidates in truths of shape (runs, *size*).  *counts* are candidates by run.
    """

    size: int
    columns: Array | None
    flat: Array | None
    points: Array
    counts: Array

    def places(self, run: int, at: Array) -> Array:
        """The places in the group of those *at* these columns of a run."""
        return at if self.columns is None else self.columns[run, at]

    def whole(self, chosen: Array) -> Array:
        """Truths by member, of truths by candidate."""
        if self.flat is None:
            return chosen
        np = numpy()
        found = np.zeros(len(chosen) * self.size, dtype=bool)
        found[self.flat[chosen.ravel()]] = True
        return found.reshape(len(chosen), self.size)


def candidates(there: Array, points: Array) -> Candidates:
    """Those *there*, truths (runs, members), with the *points* of every member."""
    np = numpy()
    runs, size = there.shape
    if there.all():
        return Candidates(size, None, None, points, np.full(runs, size))
    flat = np.flatnonzero(there)
    counts = np.bincount(flat // size, minlength=runs)
    first = int(counts[0]) if runs else 0
    if 0 < first < size and (counts == first).all():
        shape = (runs, first)
        return Candidates(
            size, (flat % size).reshape(shape), flat, points.ravel()[flat].reshape(shape), counts
        )
    return Candidates(size, None, None, np.where(there, points, NOBODY), counts)


def choose(law: GroupLaw, cut: Cutting, field: Candidates, places: int, settler: Settler) -> Array:
    """Who takes a place: truths by candidate."""
    if cut.demands is not None:
        return _composed(law, cut, field, settler)
    if cut.caps is not None:
        return _capped(law, cut, field, places, settler)
    return _best(law, field, places, settler)


def _best(law: GroupLaw, field: Candidates, places: int, settler: Settler) -> Array:
    """The best so many."""
    np = numpy()
    points = field.points
    marked = points != NOBODY
    size = points.shape[1]
    if places >= size:
        return marked
    if places == 0:
        return np.zeros_like(marked)
    line = np.partition(points, size - places, axis=1)[:, size - places, np.newaxis]
    selected = points > line
    level = (points == line) & marked
    seats = places - selected.sum(axis=1)
    tied = level.sum(axis=1) > seats
    selected |= level & ~tied[:, np.newaxis]
    for run in np.flatnonzero(tied):
        equals = np.flatnonzero(level[run])
        _settle(law, field, int(run), equals, by_places(int(seats[run])), settler, selected)
    return selected


def _settle(
    law: GroupLaw,
    field: Candidates,
    run: int,
    equals: Array,
    placed: Place,
    settler: Settler,
    selected: Array,
) -> None:
    """Let the *settler* choose among *equals*, and write down whom it chose."""
    ids = [law.ids[place] for place in field.places(run, equals)]
    won = set(settler(run, (ids,), placed) or ())
    selected[run, [at for at, each in zip(equals, ids, strict=True) if each in won]] = True


def _composed(law: GroupLaw, cut: Cutting, field: Candidates, settler: Settler) -> Array:
    """Cuts under any demands of composition, run by run."""
    np = numpy()
    selected = np.zeros(field.points.shape, dtype=bool)
    for run, points in enumerate(field.points):
        marked = np.flatnonzero(points != NOBODY)
        ids = [law.ids[place] for place in field.places(run, marked)]
        worth = dict(zip(ids, points[marked].astype(np.int64).tolist(), strict=True))
        classes = classes_of(sorted(worth), worth)
        won = set(settler(run, classes, _placed(law, cut, ids)) or ())
        selected[run, [at for at, each in zip(marked, ids, strict=True) if each in won]] = True
    return selected


def _placed(law: GroupLaw, cut: Cutting, ids: Sequence[str]) -> Place | None:
    """How candidates are placed under the demands; none where shares of the places are tied."""
    traits = {each: law.traits[each] for each in ids}
    places = len(ids) if cut.places is None else cut.places
    try:
        demands = cut.demands(traits) if cut.demands and ids else ()
    except SharesTied:
        return None
    return by_demands(places, demands, traits) if demands else by_places(places)


def _capped(law: GroupLaw, cut: Cutting, field: Candidates, places: int, settler: Settler) -> Array:
    """Cuts under one cap on each value of an attribute, from the best down.

    Whoever comes when the cap of its value is reached is passed over.  Equals of whom the cap or
    the places let in only some are settled by themselves: how a tie is broken changes nothing
    outside its class.
    """
    np = numpy()
    runs, size = field.points.shape
    selected = np.zeros((runs, size), dtype=bool)
    every = np.arange(runs)
    # So many of the best are nearly always enough; where they are not, everybody is looked at.
    first = min(size, places + places + places + places)
    waiting = every
    for width in (first, size):
        walk = _Walk(cut, field, waiting, places, width)
        _write(law, cut, field, walk, settler, selected)
        waiting = waiting[walk.short]
        if not len(waiting):
            break
    return selected


def _write(
    law: GroupLaw,
    cut: Cutting,
    field: Candidates,
    walk: _Walk,
    settler: Settler,
    selected: Array,
) -> None:
    """Write down whom a walk took in the runs that looked at enough, and settle their ties."""
    np = numpy()
    rows, at = np.nonzero(walk.taken & ~walk.short[:, np.newaxis])
    selected[walk.runs[rows], walk.order[rows, at]] = True
    for row in np.flatnonzero(walk.unclear.any(axis=1) & ~walk.short):
        run = int(walk.runs[row])
        for line in sorted(set(walk.points[row][walk.unclear[row]].tolist()), reverse=True):
            _level(law, cut, field, walk, run, line, settler, selected)


def _level(
    law: GroupLaw,
    cut: Cutting,
    field: Candidates,
    walk: _Walk,
    run: int,
    line: int,
    settler: Settler,
    selected: Array,
) -> None:
    """Settle one class of equals, with the room that those before it leave."""
    np = numpy()
    assert cut.values is not None
    assert cut.caps is not None
    points = field.points[run]
    equals = np.flatnonzero(points == line)
    above = np.flatnonzero(selected[run] & (points > line))
    held = cut.values[field.places(run, above)].tolist()
    values = cut.values[field.places(run, equals)].tolist()
    ids = [law.ids[place] for place in field.places(run, equals)]
    room = {value: max(int(cut.caps[value]) - held.count(value), 0) for value in values}
    placed = by_room(walk.places - len(above), dict(zip(ids, values, strict=True)), room)
    selected[run, equals] = False
    _settle(law, field, run, equals, placed, settler, selected)


class _Walk:
    """The best of some *runs*, best first, passed over where the cap of their value is reached.

    *order* are their columns, *points* theirs, *taken* whether they are in, *unclear* whether they
    are equals of whom only some are; *short* are the runs that looked at too few.
    """

    def __init__(
        self, cut: Cutting, field: Candidates, runs: Array, places: int, width: int
    ) -> None:
        np = numpy()
        points = field.points[runs]
        size = points.shape[1]
        self.runs, self.places = runs, places
        bits = int(size).bit_length()
        low = (1 << bits) - 1
        # Whole points above the column in one number: sorting it sorts both.
        whole = np.where(points == NOBODY, -1, points).astype(np.int64)
        packed = ((whole + 1) << bits) | np.arange(size)[::-1]
        best = packed if width >= size else np.partition(packed, size - width, axis=1)[:, -width:]
        best = np.sort(best, axis=1)[:, ::-1]
        self.order = size - 1 - (best & low)
        self.points = (best >> bits) - 1
        real = self.points >= 0
        assert cut.values is not None
        assert cut.caps is not None
        columns = self.order
        if field.columns is not None:
            columns = np.take_along_axis(field.columns[runs], self.order, axis=1)
        values = cut.values[columns]
        # The same by value: how many of its value stand before each.
        by_value = np.sort((values << bits) | np.arange(width), axis=1)
        at, named = by_value & low, by_value >> bits
        starts = np.ones_like(named, dtype=bool)
        starts[:, 1:] = named[:, 1:] != named[:, :-1]
        nth = np.arange(width) - np.maximum.accumulate(
            np.where(starts, np.arange(width), 0), axis=1
        )
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
        rows = np.arange(len(found))
        # At the line: the last that is in has an equal that would be next.
        last = np.argmax(reached >= self.places, axis=1)
        full = reached[:, -1] > self.places
        after = np.argmax(reached > self.places, axis=1)
        tied = full & (self.points[rows, last] == self.points[rows, after])
        found[rows[tied], after[tied]] = True
        # At a cap: the last of a value that is let in has an equal of that value behind it.
        points = np.take_along_axis(self.points, at, axis=1)
        level = nth == cut.caps[named]
        level[:, 1:] &= points[:, 1:] == points[:, :-1]
        level[:, 0] = False
        level &= points >= 0
        beyond, columns = np.nonzero(level)
        line = np.where(full, self.points[rows, last], 0)
        needed = points[beyond, columns] >= line[beyond]
        found[beyond[needed], at[beyond[needed], columns[needed]]] = True
        return found
