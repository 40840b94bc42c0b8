"""Composition of a selection (*komposisi*): the best candidates that still meet every demand.

A demand asks for at least or at most so many of one value of an attribute: of a cluster, group,
category, province, agency, island group, or of the disadvantaged areas.  The figures are data.
The rule is *as many as possible of the better, in order*: candidates are looked at from the best
to the last, and each is taken where the rest can still be filled so that every minimum, every
maximum and the places are kept.

The sets of the demands must be nested or disjoint.  Then the selections that meet them and fill
as many places as can be filled are the bases of a matroid (Edmonds 1971: the greedy walk finds
the best of them; it is so for nested and disjoint sets with lower and upper bounds: Frank 2011,
"Connections in Combinatorial Optimization", on generalised polymatroids).  Three things follow.
The number taken from every class of equals is settled.  How a tie among equals is broken changes
nothing for anybody outside that class.  And whom the walk refuses, no later candidate's fate can
bring back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise, product
from typing import Any

import attrs

from kipp.domain.checks import COUNT, TEXT, held, maybe, require
from kipp.domain.errors import Faults, InvalidType, InvalidValue

__all__ = [
    "PLACES",
    "Composition",
    "Conflict",
    "Demand",
    "Refusal",
    "TiedClass",
    "Traits",
    "compose",
]

PLACES = "places"
"""The name under which the number of places stands among the demands."""

Traits = Mapping[str, Mapping[str, str | None]]
"""The value of each attribute of each candidate; none where it is not recorded."""


_KINDS = {"name": TEXT, "by": TEXT, "of": maybe(TEXT), "at_least": COUNT, "at_most": maybe(COUNT)}


@attrs.frozen(kw_only=True, field_transformer=held(_KINDS))
class Demand:
    """So many candidates whose attribute *by* has the value *of*; each of its values without *of*.

    *at_least* and *at_most* count candidates; a maximum that is none leaves the number open.

    Raises:
        InvalidType: a field of another type.
        InvalidValue: a negative number, a maximum below the minimum, neither of both, or the name
            that is kept for the places.
    """

    name: str
    by: str
    of: str | None = None
    at_least: int = 0
    at_most: int | None = None

    def __attrs_post_init__(self) -> None:
        require(self)
        where = f"demands.{self.name}"
        if self.name == PLACES:
            raise InvalidValue("Demand.name", self.name, "a name other than that of the places")
        if self.at_most is None and not self.at_least:
            raise InvalidValue("Demand.at_most", self.at_most, "a minimum or a maximum", where)
        if self.at_most is not None and self.at_most < self.at_least:
            expected = f"no fewer than the minimum, {self.at_least}"
            raise InvalidValue("Demand.at_most", self.at_most, expected, where)


@attrs.frozen(kw_only=True)
class TiedClass:
    """Equals (in order of id) that have fewer *seats* than they are, and nothing parts them.

    Not every choice of so many of them need meet the demands; each of them is in one that does,
    and out of another.
    """

    candidates: tuple[str, ...]
    seats: int


@attrs.frozen(kw_only=True)
class Refusal:
    """A candidate that is not taken, and the demands that left no seat for it.

    Named are the maxima that are full, from the narrowest set to the widest, each with the minima
    for which its last seats are kept.  These demands alone, with whoever is better, leave no seat.
    """

    candidate: str
    bound_by: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Composition:
    """Who is taken, who is tied for which seats, who is refused: every candidate once.

    *taken* and *refused* go from the best class to the last, within a class in order of id.
    *unfilled* places are those that no candidate can fill.
    """

    taken: tuple[str, ...]
    ties: tuple[TiedClass, ...]
    refused: tuple[Refusal, ...]
    unfilled: int


@attrs.frozen(kw_only=True)
class Conflict:
    """No selection can meet all demands: a smallest set of them that already cannot be met.

    The minima named *at_least* ask for *needed* candidates; the maxima named *at_most*, with the
    candidates there are, leave room for *possible*.
    """

    at_least: tuple[str, ...]
    at_most: tuple[str, ...]
    needed: int
    possible: int

    @property
    def demands(self) -> tuple[str, ...]:
        """All names, the minima first."""
        return self.at_least + self.at_most


def compose(
    classes: Iterable[Collection[str]],
    *,
    places: int,
    demands: Iterable[Demand] = (),
    traits: Traits | None = None,
) -> Composition | Conflict:
    """Take as many as possible of the better, in order, so that all *demands* are met.

    *classes* go from the best to the last; the candidates of one class are equal.  At most
    *places* are taken, and as many as can be.  *traits* gives the attributes of each candidate.

    Raises:
        InvalidType: places that are not a whole number, a text in place of a class.
        InvalidValue: a negative number of places, a candidate twice, two demands of one name, or
            two demands whose sets overlap.
        Faults: candidates without an attribute that a demand asks for, all at once.
    """
    if not COUNT.accepts(places):
        raise COUNT.fault(PLACES, places)
    ranked = list(_ranked(classes))
    candidates = _each_once(ranked)
    sets = list(_sets(tuple(demands), candidates, traits or {}))
    nodes, home = _nest(sets, candidates, places)
    _fill(nodes)
    if any(node.room < 0 for node in nodes):
        return _smallest_conflict(nodes)
    return _walk(ranked, home, places)


def _ranked(classes: Iterable[Collection[str]]) -> Iterator[list[str]]:
    for place, equals in enumerate(classes):
        if isinstance(equals, str):
            raise InvalidType(f"classes[{place}]", equals, "a class of candidates, not a text")
        yield sorted(equals)


def _each_once(ranked: Sequence[Sequence[str]]) -> list[str]:
    candidates = sorted(chain.from_iterable(ranked))
    for one, other in pairwise(candidates):
        if one == other:
            raise InvalidValue("classes", one, "every candidate once")
    return candidates


def _sets(
    demands: Sequence[Demand], candidates: Sequence[str], traits: Traits
) -> Iterator[tuple[Demand, Sequence[str]]]:
    """Every demand on one value, with the candidates of that value."""
    asked = dict.fromkeys(demand.by for demand in demands)
    if missing := [
        InvalidValue(f"traits.{by}", None, "a recorded value", candidate)
        for candidate in candidates
        for by in asked
        if traits.get(candidate, {}).get(by) is None
    ]:
        raise Faults(missing)
    values = {by: _by_value(by, candidates, traits) for by in asked}
    single = [each for demand in demands for each in _singly(demand, values[demand.by])]
    _named_once(demands, single)
    for demand in single:
        yield demand, values[demand.by].get(demand.of, ())


def _by_value(by: str, candidates: Sequence[str], traits: Traits) -> dict[str | None, list[str]]:
    found: dict[str | None, list[str]] = {}
    for candidate in candidates:
        found.setdefault(traits[candidate][by], []).append(candidate)
    return found


def _singly(demand: Demand, values: Iterable[str | None]) -> list[Demand]:
    """*demand*, or the demands on each of the *values* that it stands for."""
    if demand.of is not None:
        return [demand]
    return [attrs.evolve(demand, name=f"{demand.name}: {value}", of=value) for value in values]


def _named_once(demands: Sequence[Demand], single: Sequence[Demand]) -> None:
    names = Counter(demand.name for demand in single)
    names.update(demand.name for demand in demands if demand.of is None)
    for name, times in names.items():
        if times > 1:
            raise InvalidValue("demands", name, "every name once")


@attrs.define(eq=False)
class _Set:
    """One demand's set in the tree of sets, with what is taken of it so far.

    ``held`` counts its candidates that are taken, or that smaller sets still need for a minimum.
    """

    name: str
    at_least: int
    at_most: int | None
    above: _Set | None
    depth: int
    loose: int = 0
    below: list[_Set] = attrs.field(factory=list)
    most: int = 0
    held: int = 0
    sways: bool = False

    @property
    def reserve(self) -> int:
        """Seats kept here beyond what is held, for the minimum."""
        return max(self.at_least - self.held, 0)

    @property
    def room(self) -> int:
        """Seats beyond those held or kept."""
        return self.most - max(self.held, self.at_least)

    def path(self) -> Iterator[_Set]:
        """This set and every wider one, up to the places."""
        node: _Set | None = self
        while node is not None:
            yield node
            node = node.above

    def opening(self) -> int:
        """How many more candidates that are in no smaller set can be taken."""
        kept, least = 0, self.most
        for node in self.path():
            kept += node.reserve
            least = min(least, kept + node.room)
        return least

    def put(self, count: int) -> None:
        """Take *count* of them: a reserve is used up first, the rest counts in the wider sets."""
        for node in self.path():
            passed = max(count - node.reserve, 0)
            node.held += count
            count = passed


def _nest(
    sets: Iterable[tuple[Demand, Sequence[str]]], candidates: Sequence[str], places: int
) -> tuple[list[_Set], dict[str, _Set]]:
    """The tree of sets, wider ones first, and the smallest set of every candidate.

    Equal sets stand one in the other: each keeps its name, and all of them hold.
    """
    root = _Set(PLACES, 0, places, None, 0)
    nodes, home = [root], dict.fromkeys(candidates, root)
    for demand, members in sorted(sets, key=lambda each: (-len(each[1]), each[0].name)):
        around = {node.name: node for node in (home[member] for member in members)}
        if len(around) > 1:
            raise _overlap(demand, around.values())
        above = next(iter(around.values()), root)
        node = _Set(demand.name, demand.at_least, demand.at_most, above, above.depth + 1)
        above.below.append(node)
        nodes.append(node)
        home.update(dict.fromkeys(members, node))
    for node in home.values():
        node.loose += 1
    return nodes, home


def _overlap(demand: Demand, around: Iterable[_Set]) -> InvalidValue:
    """Of the sets around *demand*'s candidates, the deepest holds some of them and not all."""
    other = max(around, key=lambda node: (node.depth, node.name))
    return InvalidValue(
        "demands",
        (other.name, demand.name),
        "sets that are nested or disjoint",
        cure="overlapping demands need an exact solver, which is not built yet",
    )


def _fill(nodes: Sequence[_Set]) -> None:
    """What every set can hold at most, and what it must keep for smaller sets."""
    for node in reversed(nodes):
        supply = node.loose + sum(each.most for each in node.below)
        node.most = supply if node.at_most is None else min(node.at_most, supply)
        node.held = sum(max(each.held, each.at_least) for each in node.below)


def _walk(ranked: Iterable[Sequence[str]], home: Mapping[str, _Set], places: int) -> Composition:
    taken: list[str] = []
    ties: list[TiedClass] = []
    refused: list[Refusal] = []
    left = places
    bounds: dict[_Set, tuple[str, ...]] = {}
    for equals in ranked:
        groups = _grouped(equals, home)
        shares = _shares(groups)
        sure, among = [], []
        for candidate in equals:
            node = home[candidate]
            if not shares[node].most:
                if node not in bounds:
                    bounds[node] = _bounds(node)
                refused.append(Refusal(candidate=candidate, bound_by=bounds[node]))
            elif shares[node].least == len(groups[node]):
                sure.append(candidate)
            else:
                among.append(candidate)
        if seats := _seat(groups):
            bounds.clear()
        taken += sure
        left -= seats
        if among:
            ties.append(TiedClass(candidates=tuple(among), seats=seats - len(sure)))
    return Composition(taken=tuple(taken), ties=tuple(ties), refused=tuple(refused), unfilled=left)


def _grouped(equals: Iterable[str], home: Mapping[str, _Set]) -> dict[_Set, list[str]]:
    groups: dict[_Set, list[str]] = {}
    for candidate in equals:
        groups.setdefault(home[candidate], []).append(candidate)
    return groups


def _seat(groups: Mapping[_Set, Collection[str]]) -> int:
    """Take as many of the groups as can be, whoever they are; how many that is."""
    seated = 0
    for node, members in groups.items():
        if count := min(len(members), node.opening()):
            node.put(count)
            seated += count
    return seated


@attrs.frozen
class _Share:
    """How many of a group are taken at most, and at least, by how the tie may be broken."""

    most: int
    least: int


def _shares(groups: Mapping[_Set, Collection[str]]) -> dict[_Set, _Share]:
    """For each group of equals: considered before all others of its class, and after them."""
    if len(groups) > 1:
        return _contest(groups)
    alone = {node: min(len(members), node.opening()) for node, members in groups.items()}
    return {node: _Share(count, count) for node, count in alone.items()}


def _contest(groups: Mapping[_Set, Collection[str]]) -> dict[_Set, _Share]:
    """The shares of several groups.

    Seats are looked at as a flow from the narrower sets to the wider: a set absorbs its reserve
    and lets pass what it has room for.  A set whose own part in that is open from now on sways.
    """
    coming, passing = _flow(groups)
    most: dict[_Set, int] = {}
    least: dict[_Set, int] = {}
    for node in coming:
        first, last = node.most, node.most
        if node.above is not None:
            others = coming[node.above] - passing[node]
            first, last = most[node.above], max(least[node.above] - others, 0)
        node.sways |= min(passing[node], first) != min(passing[node], last)
        most[node] = node.reserve + min(node.room, first)
        least[node] = node.reserve + min(node.room, last)
    return {
        node: _Share(
            min(len(members), most[node]),
            min(len(members), max(least[node] - (coming[node] - len(members)), 0)),
        )
        for node, members in groups.items()
    }


def _flow(groups: Mapping[_Set, Collection[str]]) -> tuple[dict[_Set, int], dict[_Set, int]]:
    """How many come to every set that the groups touch, and pass it; wider sets first."""
    touched = dict.fromkeys(chain.from_iterable(node.path() for node in groups), 0)
    coming = dict.fromkeys(sorted(touched, key=lambda node: node.depth), 0)
    for node, members in groups.items():
        coming[node] += len(members)
    passing = {}
    for node in reversed(coming):
        passing[node] = min(node.room, max(coming[node] - node.reserve, 0))
        if node.above is not None:
            coming[node.above] += passing[node]
    return coming, passing


def _bounds(node: _Set) -> tuple[str, ...]:
    """The full maxima that refuse a candidate of *node*, and the minima they keep seats for."""
    names: list[str] = []
    for each in node.path():
        if each.reserve:
            break
        if not each.room and each.at_most == each.most and not each.sways:
            names += [each.name, *_kept(each)]
    return tuple(dict.fromkeys(names))


def _kept(node: _Set) -> Iterator[str]:
    """The minima below *node* for which seats are still kept, the widest sets only."""
    left = [*reversed(node.below)]
    while left:
        each = left.pop()
        if each.reserve:
            yield each.name
        else:
            left += reversed(each.below)


@attrs.frozen
class _Bound:
    """What some demands together need of a set, or leave of it; *parts* are these demands.

    *parts* are sets, or pairs of such parts, so that joining costs the same however many.
    """

    value: int
    parts: tuple[Any, ...] = ()

    def names(self) -> tuple[str, ...]:
        """The names of the demands, in order."""
        names, left = [], list(self.parts)
        while left:
            part = left.pop()
            if isinstance(part, _Set):
                names.append(part.name)
            else:
                left += part
        return tuple(sorted(names))


# The strongest bound that so many demands set, by their number; and what is stronger.
_Curve = list[_Bound]
_Stronger = Callable[[int, int], bool]


def _smallest_conflict(nodes: Sequence[_Set]) -> Conflict:
    """The fewest minima and maxima that a set cannot meet together; the narrowest such set.

    Looked for among at most one, then twice as many, and so on: a small one is found soon.
    """
    limit, found = 1, list[Conflict]()
    # No demand is needed twice, so that the last limit is beyond what any conflict needs.
    while not found and limit <= len(nodes) + len(nodes):
        clashes = (_least_clash(*curves, limit) for curves in _curves(nodes, limit))
        found = [each for each in clashes if each is not None]
        limit += limit
    return min(found, key=lambda each: len(each.demands))


def _curves(nodes: Sequence[_Set], limit: int) -> Iterator[tuple[_Curve, _Curve]]:
    """For every set, narrower first: what so many minima need of it, what so many maxima leave."""
    needs: dict[_Set, _Curve] = {}
    rooms: dict[_Set, _Curve] = {}
    for node in reversed(nodes):
        need, room = [_Bound(0)], [_Bound(node.loose)]
        for each in node.below:
            need = _joined(need, needs[each], limit, _larger)
            room = _joined(room, rooms[each], limit, _smaller)
        if node.at_least:
            _set_own(need, _Bound(node.at_least, (node,)), _larger)
        if node.at_most is not None:
            _set_own(room, _Bound(node.at_most, (node,)), _smaller)
        needs[node], rooms[node] = need, room
        yield need, room


def _larger(one: int, other: int) -> bool:
    return one > other


def _smaller(one: int, other: int) -> bool:
    return one < other


def _joined(one: _Curve, other: _Curve, limit: int, stronger: _Stronger) -> _Curve:
    """The bounds on two disjoint sets taken together, up to *limit* demands."""
    joined: _Curve = []
    for (here, left), (there, right) in product(enumerate(one), enumerate(other)):
        count, value = here + there, left.value + right.value
        if count == len(joined) <= limit:
            joined.append(_Bound(value, (left.parts, right.parts)))
        elif count < len(joined) and stronger(value, joined[count].value):
            joined[count] = _Bound(value, (left.parts, right.parts))
    return joined


def _set_own(curve: _Curve, own: _Bound, stronger: _Stronger) -> None:
    """Where it is stronger, let the set's own demand stand for one of the narrower sets."""
    if len(curve) == 1:
        curve.append(own)
    elif stronger(own.value, curve[1].value):
        curve[1] = own


def _least_clash(needs: _Curve, rooms: _Curve, limit: int) -> Conflict | None:
    for size in range(1, limit + 1):
        for count, need in enumerate(needs[: size + 1]):
            if size - count < len(rooms) and need.value > rooms[size - count].value:
                room = rooms[size - count]
                return Conflict(
                    at_least=need.names(),
                    at_most=room.names(),
                    needed=need.value,
                    possible=room.value,
                )
    return None
