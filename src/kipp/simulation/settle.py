"""Ties at a cut settled by the declared policy, for one replication (:mod:`kipp.rules.cuts`).

The same rules of placing and refining, on plain ids and points: no term is read and no reason is
kept, because ten thousand replications ask and nobody reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from kipp.rules.composition import Conflict, Demand, TiedClass, compose
from kipp.rules.policy import Last
from kipp.rules.ties import Classes, Placing, place, refine

__all__ = ["Place", "Said", "Settled", "by_demands", "by_places", "by_room", "settle"]

Said: TypeAlias = Callable[[str, tuple[str, ...]], Mapping[str, int] | None]
"""What a key says of the tied, more being better; none where a mark or a fact is missing."""

Place: TypeAlias = Callable[[Classes], Placing | None]
"""Who of classes of equals is taken and who is tied; none where demands cannot be met."""


@attrs.frozen
class Settled:
    """Who is *selected*, the *keys* that parted somebody, in order; *open*: a tie is left."""

    selected: tuple[str, ...]
    keys: tuple[str, ...] = ()
    open: bool = False


def by_places(places: int) -> Place:
    """So many *places*, the best first."""
    return lambda classes: place(classes, places)


def by_demands(
    places: int, demands: tuple[Demand, ...], traits: Mapping[str, Mapping[str, str]]
) -> Place:
    """So many *places* under *demands* of composition."""

    def placed(classes: Classes) -> Placing | None:
        made = compose(classes, places=places, demands=demands, traits=traits)
        return None if isinstance(made, Conflict) else Placing(taken=made.taken, ties=made.ties)

    return placed


def by_room(places: int, values: Mapping[str, int], room: Mapping[int, int]) -> Place:
    """So many *places*, and *room* for each of the *values*: composition under one cap alone."""

    def placed(classes: Classes) -> Placing:
        taken: list[str] = []
        ties: list[TiedClass] = []
        left, free = places, dict(room)
        for equals in classes:
            of: dict[int, list[str]] = {}
            for each in equals:
                of.setdefault(values[each], []).append(each)
            let = {value: min(len(those), free[value]) for value, those in of.items()}
            whole = sum(let.values())
            fits = whole <= left
            sure = {value for value, those in of.items() if fits and let[value] == len(those)}
            taken += [each for each in equals if values[each] in sure]
            among = tuple(
                each for each in equals if values[each] not in sure and let[values[each]] and left
            )
            seats = min(whole, left) - sum(len(of[value]) for value in sure)
            ties += [TiedClass(candidates=among, seats=seats)] if among else []
            left -= min(whole, left)
            free |= {value: free[value] - let[value] for value in of}
        return Placing(taken=tuple(taken), ties=tuple(ties))

    return placed


def settle(
    classes: Sequence[Sequence[str]], placed: Place, keys: tuple[str, ...], said: Said
) -> Settled | None:
    """Who is selected from the best class on; none where demands cannot be met."""
    every = tuple(map(tuple, classes))
    first = placed(every)
    if first is None:
        return None
    events = [event for tie in first.ties for event in _part(tie, 0, every, placed, keys, said)]
    won = tuple(each for _, each in events if each)
    used = tuple(key for key, each in events if key and not each)
    left = any(key is None for key, _ in events)
    return Settled((*first.taken, *won), used, left)


_Event: TypeAlias = tuple[str | None, str]
"""A key with whom it selected, or with nobody when it begins; no key where a tie is left."""


def _part(
    tie: TiedClass,
    tried: int,
    classes: Classes,
    placed: Place,
    keys: tuple[str, ...],
    said: Said,
) -> Iterator[_Event]:
    """Part the tied by the first key after those *tried* that says of them different things."""
    for position, key in enumerate(keys[tried:], tried + 1):
        if key in (Last.ALL, Last.FEWER):
            yield key, ""
            yield from ((key, each) for each in tie.candidates if key == Last.ALL)
            return
        points = said(key, tie.candidates)
        if points is None:
            break
        if len({points[each] for each in tie.candidates}) == 1:
            continue
        yield key, ""
        refined = refine(classes, tie.candidates, points)
        after = placed(refined) or Placing(taken=())
        among = set(tie.candidates)
        yield from ((key, each) for each in after.taken if each in among)
        for rest in after.ties:
            if among.issuperset(rest.candidates):
                yield from _part(rest, position, refined, placed, keys, said)
        return
    yield None, ""
