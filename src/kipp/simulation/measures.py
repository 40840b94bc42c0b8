"""What is measured of each replication, and how it adds up.

A measure is one whole number a replication: a count, or a share in steps of :data:`STEP`.  Sums of
whole numbers are the same in any order, so that a study has the same bits for any batch, worker or
order, and it needs no more memory for a hundred thousand replications than for a hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from kipp.domain.cycle import Stage
from kipp.simulation.arrays import Array, numpy
from kipp.simulation.kernel import Outcomes

__all__ = ["MEASURES", "STEP", "TIERS", "Pairs", "Scene", "Sums", "Tally", "labels_of"]

TIERS = (Stage.NOMINATION, Stage.FINALISTS, Stage.WINNERS)
"""The tiers that are counted."""

STEP = 1 << 20
"""A share is counted in steps of one in so many, about a millionth."""

MEASURES: Mapping[str, bool] = {
    "proposals": False,
    "agencies": False,
    "newcomers": False,
    "largest": False,
    "hhi": True,
    "gini": True,
    "quality": True,
    "stability": True,
    "regional": False,
}
"""The measures of a tier by name, and whether each is a share.

*proposals* in the tier; *agencies* with one; *newcomers*, agencies of them never in a Top 99
before; *largest*, the most that one agency has; *hhi* and *gini*, how concentrated proposals are
over agencies (Herfindahl and Hirschman: the sum of squared shares; Gini over all agencies that
entered); *quality*, the worth of the tier as a share of that of the best as many of each group;
*stability*, the share of it that is in the tier without noise too; *regional*, provinces, regencies
and cities with one, which an incentive can be proposed for.
"""


@attrs.frozen(eq=False)
class Scene:
    """What measures look at: numbers of proposals, by their place in the field.

    *agency* numbers the agency of each proposal; *newcomer* and *regional* are truths by agency;
    *worth* is that of each proposal; *group* numbers its group, *entered* whether it passed
    screening; *still* is the tier without noise.  *labels* are the values of each attribute that is
    counted by, *codes* the number of the value of each proposal.
    """

    agency: Array
    newcomer: Array
    regional: Array
    worth: Array
    group: Array
    entered: Array
    still: Mapping[Stage, Array]
    labels: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Array]

    def measured(self, tier: Stage, selected: Array) -> dict[str, Array]:
        """Every measure of a *tier*: whole numbers by replication."""
        np = numpy()
        runs = len(selected)
        where, places = _pairs(selected)
        size = np.bincount(where, minlength=runs)
        held = self._by(self.agency, len(self.newcomer), runs, where, places)
        there = held > 0
        some = np.maximum(size, 1)
        still = np.bincount(where, weights=self.still[tier][places], minlength=runs)
        return {
            "proposals": size,
            "agencies": there.sum(axis=1),
            "newcomers": (there & self.newcomer).sum(axis=1),
            "largest": held.max(axis=1),
            "hhi": (held * held).sum(axis=1) * STEP // (some * some),
            "gini": _gini(held, some),
            "quality": self._quality(runs, where, places),
            "stability": still.astype(np.int64) * STEP // some,
            "regional": (there & self.regional).sum(axis=1),
        }

    def counted(self, selected: Array) -> dict[str, Array]:
        """How many of the tier have each value of each attribute: (runs, values)."""
        where, places = _pairs(selected)
        return {
            by: self._by(codes, len(self.labels[by]), len(selected), where, places)
            for by, codes in self.codes.items()
        }

    @staticmethod
    def _by(codes: Array, size: int, runs: int, where: Array, places: Array) -> Array:
        np = numpy()
        found = np.bincount(where * size + codes[places], minlength=runs * size)
        return found.reshape(runs, size)

    def _quality(self, runs: int, where: Array, places: Array) -> Array:
        """The worth of the tier, and of the best as many of each group, in steps."""
        np = numpy()
        whole = np.rint(self.worth.astype(np.float64) * STEP).astype(np.int64)
        got = np.bincount(where, weights=whole[places], minlength=runs).astype(np.int64)
        best = np.zeros(runs, dtype=np.int64)
        for group in np.unique(self.group):
            mine = np.nonzero((self.group == group) & self.entered)[0]
            ladder = np.concatenate([[0], np.cumsum(np.sort(whole[mine])[::-1])])
            taken = np.bincount(where[self.group[places] == group], minlength=runs)
            best += ladder[taken]
        return np.where(best > 0, got // np.maximum(best // STEP, 1), 0)


def labels_of(by: str, *scenes: Scene) -> tuple[str, ...]:
    """The values of an attribute in any of the *scenes*: laws of two years know other provinces."""
    return tuple(sorted({label for scene in scenes for label in scene.labels[by]}))


def _under(union: tuple[str, ...], labels: tuple[str, ...], counts: Array) -> Array:
    """*counts* by *labels*, by the labels of the *union*."""
    np = numpy()
    found = np.zeros((len(counts), len(union)), dtype=np.int64)
    found[:, [union.index(label) for label in labels]] = counts
    return found


def _pairs(selected: Array) -> tuple[Array, Array]:
    """The run and the place of each truth."""
    np = numpy()
    found: tuple[Array, Array] = np.divmod(np.flatnonzero(selected), selected.shape[1])
    return found


def _gini(held: Array, some: Array) -> Array:
    """The coefficient of Gini of each row of counts, in steps."""
    np = numpy()
    size = held.shape[1]
    ordered = np.sort(held, axis=1)
    weighed = ordered @ np.arange(1, size + 1)
    return ((weighed + weighed) - (size + 1) * some) * STEP // (size * some)


@attrs.define(eq=False)
class Sums:
    """Whole numbers added up: their sum and that of their squares, one or many side by side."""

    total: Any = 0
    squares: Any = 0

    def add(self, values: Array) -> None:
        """Add the *values* of a batch, one row a replication."""
        np = numpy()
        exact = values.astype(np.int64)
        total, squares = exact.sum(axis=0), (exact * exact).sum(axis=0)
        # One number is kept as Python's own, which never overflows.
        self.total = self.total + (total if total.ndim else int(total))
        self.squares = self.squares + (squares if squares.ndim else int(squares))

    def merge(self, other: Sums) -> None:
        """Add what others added."""
        self.total = self.total + other.total
        self.squares = self.squares + other.squares


@attrs.define(eq=False)
class Tally:
    """What a study adds up, replication by replication.

    *included* counts by tier how often each proposal was in; *measures* are by tier and name,
    *counts* by tier and attribute; *stopped* counts the replications that could go no further, of
    which nothing else is counted.  *ties* are by group, stage and key.
    """

    replications: int = 0
    stopped: int = 0
    included: dict[Stage, Any] = attrs.field(factory=dict)
    measures: dict[tuple[Stage, str], Sums] = attrs.field(factory=dict)
    counts: dict[tuple[Stage, str], Sums] = attrs.field(factory=dict)
    ties: Counter[tuple[str, str, str]] = attrs.field(factory=Counter)

    def add(self, outcomes: Outcomes, scene: Scene) -> dict[tuple[Stage, str], Array]:
        """Add a batch, and give its measures, one row a replication."""
        whole = ~outcomes.stopped
        self.replications += len(whole)
        self.stopped += int(outcomes.stopped.sum())
        self.ties.update(outcomes.ties)
        values: dict[tuple[Stage, str], Array] = {}
        for tier in TIERS:
            selected = outcomes.selected[tier]
            selected = selected if whole.all() else selected[whole]
            self.included[tier] = self.included.get(tier, 0) + selected.sum(axis=0)
            if not len(selected):
                continue
            for name, found in scene.measured(tier, selected).items():
                values[tier, name] = found
                self.measures.setdefault((tier, name), Sums()).add(found)
            for by, found in scene.counted(selected).items():
                self.counts.setdefault((tier, by), Sums()).add(found)
        return values

    def merge(self, other: Tally) -> None:
        """Add what another tally added."""
        self.replications += other.replications
        self.stopped += other.stopped
        self.ties.update(other.ties)
        for tier, found in other.included.items():
            self.included[tier] = self.included.get(tier, 0) + found
        for mine, theirs in ((self.measures, other.measures), (self.counts, other.counts)):
            for key, sums in theirs.items():
                mine.setdefault(key, Sums()).merge(sums)


@attrs.define(eq=False)
class Pairs:
    """What two laws differ in under the same luck, replication by replication.

    *gained* and *lost* count by tier how often a proposal is in under the other law alone, and
    under the first alone; *measures* are the differences, other less first.
    """

    replications: int = 0
    gained: dict[Stage, Any] = attrs.field(factory=dict)
    lost: dict[Stage, Any] = attrs.field(factory=dict)
    measures: dict[tuple[Stage, str], Sums] = attrs.field(factory=dict)
    counts: dict[tuple[Stage, str], Sums] = attrs.field(factory=dict)

    def add(self, first: Outcomes, other: Outcomes, scenes: Iterable[Scene]) -> None:
        """Add a batch that both laws ran; replications in which one stopped say nothing."""
        whole = ~first.stopped & ~other.stopped
        self.replications += int(whole.sum())
        if not whole.any():
            return
        here, there = scenes
        for tier in TIERS:
            mine, theirs = first.selected[tier][whole], other.selected[tier][whole]
            self.gained[tier] = self.gained.get(tier, 0) + (theirs & ~mine).sum(axis=0)
            self.lost[tier] = self.lost.get(tier, 0) + (mine & ~theirs).sum(axis=0)
            before, after = here.measured(tier, mine), there.measured(tier, theirs)
            for name in before:
                sums = self.measures.setdefault((tier, name), Sums())
                sums.add(after[name].astype("int64") - before[name].astype("int64"))
            held, holding = here.counted(mine), there.counted(theirs)
            for by in held:
                union = labels_of(by, here, there)
                sums = self.counts.setdefault((tier, by), Sums())
                sums.add(
                    _under(union, there.labels[by], holding[by])
                    - _under(union, here.labels[by], held[by])
                )

    def merge(self, other: Pairs) -> None:
        """Add what others added."""
        self.replications += other.replications
        for mine, theirs in ((self.gained, other.gained), (self.lost, other.lost)):
            for tier, found in theirs.items():
                mine[tier] = mine.get(tier, 0) + found
        for sums, more in ((self.measures, other.measures), (self.counts, other.counts)):
            for key, found in more.items():
                sums.setdefault(key, Sums()).merge(found)
