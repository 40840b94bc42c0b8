"""Ties at a cut settled by the declared policy, for one replication (:mod:`kipp.rules.cuts`).

The same rules of placing, composing and refining, on plain ids and points: no term is read and no
reason is kept, because ten thousand replications ask and nobody reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from kipp.rules.composition import Conflict, Demand, TiedClass, compose
from kipp.rules.policy import Last
from kipp.rules.ties import Classes, Placing, place, refine

__all__ = ["Said", "Settled", "settle"]

Said: TypeAlias = Callable[[str, tuple[str, ...]], Mapping[str, int] | None]
"""What a key says of the tied, more being better; none where a mark or a fact is missing."""


@attrs.frozen
class Settled:
    """Who is *selected*, the *keys* that parted somebody, in order; *open*: a tie is left."""

    selected: tuple[str, ...]
    keys: tuple[str, ...] = ()
    open: bool = False


@attrs.frozen
class _Cut:
    places: int
    demands: tuple[Demand, ...]
    traits: Mapping[str, Mapping[str, str]]
    keys: tuple[str, ...]
    said: Said

    def place(self, classes: Classes) -> Placing | None:
        """Who is taken and who is tied; none where the demands cannot be met."""
        if not self.demands:
            return place(classes, self.places)
        made = compose(classes, places=self.places, demands=self.demands, traits=self.traits)
        return None if isinstance(made, Conflict) else Placing(taken=made.taken, ties=made.ties)

    def part(
        self, tie: TiedClass, tried: int, classes: Classes
    ) -> Iterator[tuple[str | None, str]]:
        """Each that is selected of the *tied*, with the key; a blank one where a tie is left."""
        for position, key in enumerate(self.keys[tried:], tried + 1):
            if key in (Last.ALL, Last.FEWER):
                yield key, ""
                yield from ((key, each) for each in tie.candidates if key == Last.ALL)
                return
            points = self.said(key, tie.candidates)
            if points is None:
                break
            if len({points[each] for each in tie.candidates}) == 1:
                continue
            yield key, ""
            refined = refine(classes, tie.candidates, points)
            after = self.place(refined)
            among = set(tie.candidates)
            for each in after.taken if after else ():
                if each in among:
                    yield key, each
            for rest in after.ties if after else ():
                if among.issuperset(rest.candidates):
                    yield from self.part(rest, position, refined)
            return
        yield None, ""


def settle(
    classes: Sequence[Sequence[str]],
    places: int,
    keys: tuple[str, ...],
    said: Said,
    demands: tuple[Demand, ...] = (),
    traits: Mapping[str, Mapping[str, str]] | None = None,
) -> Settled | None:
    """Fill *places* from the best class on; none where the *demands* cannot be met."""
    every = tuple(map(tuple, classes))
    cut = _Cut(places, demands, traits or {}, keys, said)
    placing = cut.place(every)
    if placing is None:
        return None
    events = [event for tie in placing.ties for event in cut.part(tie, 0, every)]
    won = tuple(each for _, each in events if each)
    used = tuple(key for key, each in events if key and not each)
    left = any(key is None for key, _ in events)
    return Settled((*placing.taken, *won), used, left)
