"""Laws of composition, against every subset of small fields and every order of equals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import reduce
from itertools import chain, combinations, permutations, product
from random import Random
from typing import NamedTuple, TypeVar

import attrs
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from kipp.domain.errors import InvalidValue
from kipp.rules.composition import PLACES, Composition, Conflict, Demand, compose

T = TypeVar("T")

Chosen = frozenset[str]
IDS = "abcdef"


class Bound(NamedTuple):
    """The clause of one demand on one value, as a count over its members."""

    members: Chosen
    at_least: int
    at_most: int

    def holds(self, chosen: Chosen) -> bool:
        return self.at_least <= len(chosen & self.members) <= self.at_most


class Case(NamedTuple):
    """What is given to ``compose``."""

    classes: tuple[tuple[str, ...], ...]
    places: int
    demands: tuple[Demand, ...]
    traits: Mapping[str, Mapping[str, str | None]]

    def composed(self) -> Composition | Conflict:
        return compose(self.classes, places=self.places, demands=self.demands, traits=self.traits)

    @property
    def candidates(self) -> tuple[str, ...]:
        return tuple(chain.from_iterable(self.classes))


def bounds(case: Case) -> dict[str, Bound]:
    """Every demand on every value that it is on, and the places, by name."""
    everybody = frozenset(case.candidates)
    found = {PLACES: Bound(everybody, 0, case.places)}
    for demand in case.demands:
        values = {case.traits[each][demand.by] for each in case.candidates}
        for value in [demand.of] if demand.of is not None else sorted(map(str, values)):
            name = demand.name if demand.of is not None else f"{demand.name}: {value}"
            members = frozenset(x for x in case.candidates if case.traits[x][demand.by] == value)
            most = len(everybody) if demand.at_most is None else demand.at_most
            found[name] = Bound(members, demand.at_least, most)
    return found


def subsets(candidates: Collection[str]) -> Iterator[Chosen]:
    for size in range(len(candidates) + 1):
        yield from map(frozenset, combinations(candidates, size))


def feasible(case: Case, asked: Iterable[Bound]) -> list[Chosen]:
    asked = list(asked)
    return [each for each in subsets(case.candidates) if all(x.holds(each) for x in asked)]


def resolutions(case: Case) -> set[Chosen]:
    """The best selection under every order of the equals: the clause, by looking at them all."""
    good = feasible(case, bounds(case).values())
    orders = product(*(permutations(equals) for equals in case.classes))
    return {
        max(good, key=lambda chosen: tuple(each in chosen for each in order))
        for order in map(tuple, map(chain.from_iterable, orders))
    }


# An agency lies in one cluster, all lie in one country; so all sets are nested or disjoint.
SETS = (
    ("country", "here"),
    ("cluster", "x"),
    ("cluster", "y"),
    ("cluster", None),
    ("cluster", "nobody's"),
    ("agency", "x0"),
    ("agency", "y1"),
    ("agency", None),
)


@st.composite
def fields(draw: st.DrawFn) -> tuple[tuple[tuple[str, ...], ...], dict[str, dict[str, str]]]:
    """Candidates in at most three classes, many of them equal, and their attributes."""
    field = draw(st.permutations(IDS))[: draw(st.integers(1, len(IDS)))]
    ranks = [draw(st.sampled_from((0, 1, 1, 2))) for _ in field]
    classes = tuple(
        tuple(each for each, place in zip(field, ranks, strict=True) if place == rank)
        for rank in range(3)
    )
    traits = {}
    for each in field:
        cluster = draw(st.sampled_from("xy"))
        agency = cluster + draw(st.sampled_from("01"))
        traits[each] = {"country": "here", "cluster": cluster, "agency": agency}
    return classes, traits


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Whatever the types allow; about half of these demands cannot be met."""
    classes, traits = draw(fields())
    demands = []
    for number, (by, of) in enumerate(draw(st.lists(st.sampled_from(SETS), max_size=5))):
        least = draw(st.integers(0, 3))
        most = draw(st.integers(least, least + 2) | (st.none() if least else st.nothing()))
        demands.append(Demand(name=f"d{number}", by=by, of=of, at_least=least, at_most=most))
    return Case(classes, draw(st.integers(0, 6)), tuple(demands), traits)


@st.composite
def compliant(draw: st.DrawFn) -> Case:
    """Demands around what a chosen set holds, so that it meets them, often just so."""
    classes, traits = draw(fields())
    chosen = draw(st.sets(st.sampled_from(sorted(traits))))
    demands = []
    for number, (by, of) in enumerate(
        draw(st.lists(st.sampled_from(SETS), min_size=1, max_size=6))
    ):
        values = [of] if of is not None else sorted({each[by] for each in traits.values()})
        held = [sum(traits[each][by] == value for each in chosen) for value in values]
        least = max(min(held) - draw(st.integers(0, 1)), 0)
        most = max(held) + draw(st.integers(0, 1))
        open_end = least and draw(st.booleans())
        demands.append(
            Demand(
                name=f"d{number}",
                by=by,
                of=of,
                at_least=least,
                at_most=None if open_end else most,
            )
        )
    return Case(classes, len(chosen) + draw(st.integers(0, 1)), tuple(demands), traits)


@st.composite
def just_missed(draw: st.DrawFn) -> Case:
    """As many as there are, or as places; and some demands one stricter than a chosen set is."""
    case = draw(compliant())
    strict = []
    for demand in case.demands:
        least = demand.at_least + draw(st.sampled_from((0, 0, 1)))
        most = demand.at_most
        if most is not None and draw(st.booleans()):
            most = max(most - 1, 0)
        if most is None or least <= most:
            demand = attrs.evolve(demand, at_least=least, at_most=most)
        strict.append(demand)
    whole = Demand(name="all", by="country", of="here", at_least=max(case.places - 1, 1))
    return case._replace(demands=(*strict, whole))


@st.composite
def crowded(draw: st.DrawFn) -> Case:
    """Two large classes, no minima, maxima that one cluster or agency soon fills."""
    ids = draw(st.permutations(IDS))
    size = draw(st.integers(2, 4))
    traits = {
        each: {"country": "here", "cluster": agency[0], "agency": agency}
        for each in ids
        for agency in [draw(st.sampled_from(("x0", "x0", "x1", "y0")))]
    }
    demands = [
        Demand(name=f"d{number}", by=by, of=of, at_most=draw(st.integers(1, 2)))
        for number, (by, of) in enumerate((("cluster", None), ("agency", None)))
        if draw(st.booleans())
    ]
    classes = (tuple(ids[:size]), tuple(ids[size:]))
    return Case(classes, draw(st.integers(1, 4)), tuple(demands), traits)


met = compliant() | compliant() | crowded()
in_conflict = (cases() | just_missed() | just_missed()).filter(
    lambda case: isinstance(case.composed(), Conflict)
)


def composed(case: Case) -> Composition:
    found = case.composed()
    assert isinstance(found, Composition)
    return found


class TestTheBestInOrder:
    """As many as possible of the better, in order, so that every demand is met."""

    @given(met)
    @settings(max_examples=150)
    def test_each_candidate_is_where_every_order_of_the_equals_puts_it(self, case: Case) -> None:
        found, all_ways = composed(case), resolutions(case)
        always = reduce(frozenset.__and__, all_ways)
        ever = reduce(frozenset.__or__, all_ways)
        event(f"ties: {len(found.ties)}")

        assert frozenset(found.taken) == always
        assert {each.candidate for each in found.refused} == set(case.candidates) - ever
        assert {x for tie in found.ties for x in tie.candidates} == ever - always

    @given(met)
    def test_as_many_seats_as_every_order_fills(self, case: Case) -> None:
        found = composed(case)

        for way in resolutions(case):
            assert found.unfilled == case.places - len(way)
            for tie in found.ties:
                assert tie.seats == len(way & set(tie.candidates))

    @given(met)
    def test_a_tie_is_among_equals_of_one_class(self, case: Case) -> None:
        for tie in composed(case).ties:
            assert [1 for equals in case.classes if set(tie.candidates) <= set(equals)] == [1]
            assert 0 < tie.seats < len(tie.candidates)

    @given(met)
    def test_goes_from_the_best_to_the_last_and_in_a_class_by_id(self, case: Case) -> None:
        found = composed(case)
        rank = {each: place for place, equals in enumerate(case.classes) for each in equals}

        for part in (found.taken, tuple(each.candidate for each in found.refused)):
            assert list(part) == sorted(part, key=lambda each: (rank[each], each))

    @given(met.filter(lambda case: bool(composed(case).ties)), st.data())
    def test_parting_the_equals_moves_nobody_else(self, case: Case, data: st.DataObject) -> None:
        found = composed(case)
        way = data.draw(st.sampled_from(sorted(resolutions(case), key=sorted)))
        parted = [
            part
            for equals in case.classes
            for part in ([x for x in equals if x in way], [x for x in equals if x not in way])
        ]

        settled = compose(parted, places=case.places, demands=case.demands, traits=case.traits)

        assert isinstance(settled, Composition)
        assert settled.ties == ()
        assert frozenset(settled.taken) == way
        assert {x.candidate for x in found.refused} <= {x.candidate for x in settled.refused}


class TestWhyRefused:
    @given(met)
    @settings(max_examples=150)
    def test_the_named_demands_alone_leave_no_seat(self, case: Case) -> None:
        """Together with those of better classes, however ties among these are broken."""
        known = bounds(case)
        rank = {each: place for place, equals in enumerate(case.classes) for each in equals}
        ways = resolutions(case)

        for refusal in composed(case).refused:
            named = feasible(case, [known[name] for name in refusal.bound_by])
            for way in ways:
                better = {x for x in way if rank[x] < rank[refusal.candidate]}
                assert not any(better | {refusal.candidate} <= chosen for chosen in named)

    @given(met)
    @settings(max_examples=150)
    def test_every_maximum_named_would_do_alone(self, case: Case) -> None:
        """With the minima that are named, on other candidates; so nothing is named for show."""
        known = bounds(case)
        rank = {each: place for place, equals in enumerate(case.classes) for each in equals}
        ways = resolutions(case)

        for refusal in composed(case).refused:
            named = [known[name] for name in refusal.bound_by]
            minima = [x for x in named if refusal.candidate not in x.members]
            for maximum in (x for x in named if refusal.candidate in x.members):
                left = feasible(case, [*minima, maximum._replace(at_least=0)])
                for way in ways:
                    better = {x for x in way if rank[x] < rank[refusal.candidate]}
                    assert not any(better | {refusal.candidate} <= chosen for chosen in left)

    @given(met)
    @settings(max_examples=150)
    def test_a_named_demand_is_used_to_its_bound(self, case: Case) -> None:
        """A maximum on the candidate is full; a minimum on others holds no more than it must."""
        known, ways = bounds(case), resolutions(case)

        for refusal in composed(case).refused:
            for name in refusal.bound_by:
                bound = known[name]
                mine = refusal.candidate in bound.members
                wanted = bound.at_most if mine else bound.at_least
                assert {len(way & bound.members) for way in ways} == {wanted}


class TestDemandsInConflict:
    @given(cases() | just_missed())
    @settings(max_examples=150)
    def test_there_is_one_exactly_where_no_subset_meets_all(self, case: Case) -> None:
        conflict = isinstance(case.composed(), Conflict)
        event(f"conflict: {conflict}")

        assert conflict is not bool(feasible(case, bounds(case).values()))

    @given(in_conflict)
    @settings(max_examples=150)
    def test_is_a_smallest_one(self, case: Case) -> None:
        found, known = case.composed(), bounds(case)
        assert isinstance(found, Conflict)
        minima = {
            (name, True): bound._replace(at_most=len(case.candidates))
            for name, bound in known.items()
            if bound.at_least
        }
        maxima = {(name, False): bound._replace(at_least=0) for name, bound in known.items()}
        halves = minima | maxima
        named = {*((x, True) for x in found.at_least), *((x, False) for x in found.at_most)}
        event(f"demands: {len(named)}")

        assert len(found.demands) == len(named)
        assert feasible(case, [halves[each] for each in named]) == []
        for fewer in combinations(halves, len(named) - 1):
            assert feasible(case, [halves[each] for each in fewer]) != []

    @given(in_conflict)
    def test_says_what_is_needed_and_what_is_possible(self, case: Case) -> None:
        found, known = case.composed(), bounds(case)
        assert isinstance(found, Conflict)
        kept = [known[name]._replace(at_least=0) for name in found.at_most]
        wanted = frozenset().union(*(known[name].members for name in found.at_least))

        assert found.needed == sum(known[name].at_least for name in found.at_least)
        assert found.possible == max(len(each & wanted) for each in feasible(case, kept))
        assert found.needed > found.possible


class TestAtTheBoundary:
    """Minima of three clusters, one candidate each too few or just enough."""

    @given(st.lists(st.integers(1, 5), min_size=3, max_size=3), st.integers(0, 2))
    def test_places_for_all_minima_and_one_place_less(self, least: list[int], spare: int) -> None:
        """Of a cluster with a spare candidate the minimum is taken, the best of it."""
        ids = [f"{c}{n}" for c, count in zip("xyz", least, strict=True) for n in range(count)]
        ids += [f"x9{n}" for n in range(spare)]
        demands = tuple(
            Demand(name=c, by="c", of=c, at_least=count)
            for c, count in zip("xyz", least, strict=True)
        )
        case = Case(
            tuple((each,) for each in ids), sum(least), demands, {x: {"c": x[0]} for x in ids}
        )

        assert composed(case).taken == tuple(ids[: sum(least)])
        short = case._replace(places=sum(least) - 1).composed()
        assert short == Conflict(
            at_least=("x", "y", "z"),
            at_most=(PLACES,),
            needed=sum(least),
            possible=sum(least) - 1,
        )

    @given(st.integers(1, 6), st.integers(0, 6))
    def test_a_minimum_of_all_there_are_and_one_more(self, supply: int, others: int) -> None:
        ids = [f"y{n}" for n in range(others)] + [f"x{n}" for n in range(supply)]
        demand = Demand(name="x", by="c", of="x", at_least=supply)
        case = Case(
            tuple((each,) for each in ids), supply, (demand,), {x: {"c": x[0]} for x in ids}
        )

        assert {each[0] for each in composed(case).taken} == {"x"}
        more = case._replace(demands=(attrs.evolve(demand, at_least=supply + 1),), places=99)
        assert more.composed() == Conflict(
            at_least=("x",), at_most=(), needed=supply + 1, possible=supply
        )


class TestSetsWithinSets:
    """Agencies in two clusters: what the agencies need counts in the cluster and the places."""

    @given(st.lists(st.integers(1, 3), min_size=2, max_size=4), st.integers(0, 2))
    def test_places_for_what_the_agencies_need(self, least: list[int], spare: int) -> None:
        """The cluster itself asks for one; what its agencies ask for is more."""
        ids = [f"{n}{m}" for n, count in enumerate(least) for m in range(count + spare)]
        traits = {each: {"agency": each[0], "cluster": "x"} for each in ids} | {
            "other": {"agency": "other", "cluster": "y"}
        }
        demands = [
            Demand(name=f"a{n}", by="agency", of=str(n), at_least=count)
            for n, count in enumerate(least)
        ]
        demands.append(Demand(name="x", by="cluster", of="x", at_least=1))
        case = Case((("other",), *((each,) for each in ids)), sum(least), tuple(demands), traits)
        wanted = {f"{n}{m}" for n, count in enumerate(least) for m in range(count)}

        assert {*composed(case).taken} == wanted
        assert {*composed(case._replace(places=sum(least) + 1)).taken} == wanted | {"other"}
        short = case._replace(places=sum(least) - 1).composed()
        assert isinstance(short, Conflict)
        assert short.demands == (*(f"a{n}" for n, _ in enumerate(least)), PLACES)


class TestWhatDoesNotMatter:
    @given(cases(), st.randoms(use_true_random=False))
    def test_order_of_input(self, case: Case, luck: Random) -> None:
        def shuffled(items: Iterable[T]) -> list[T]:
            found = list(items)
            luck.shuffle(found)
            return found

        other = Case(
            tuple(tuple(shuffled(equals)) for equals in case.classes),
            case.places,
            tuple(shuffled(case.demands)),
            dict(shuffled(case.traits.items())),
        )

        assert other.composed() == case.composed()

    @given(cases(), st.permutations(IDS))
    def test_names_of_candidates(self, case: Case, names: list[str]) -> None:
        new = dict(zip(IDS, names, strict=True))
        other = Case(
            tuple(tuple(new[each] for each in equals) for equals in case.classes),
            case.places,
            case.demands,
            {new[each]: traits for each, traits in case.traits.items()},
        )
        before, after = case.composed(), other.composed()

        if isinstance(before, Conflict) or isinstance(after, Conflict):
            assert after == before
        else:
            assert {*after.taken} == {new[each] for each in before.taken}
            assert [({*x.candidates}, x.seats) for x in after.ties] == [
                ({new[each] for each in x.candidates}, x.seats) for x in before.ties
            ]
            assert {x.candidate: x.bound_by for x in after.refused} == {
                new[x.candidate]: x.bound_by for x in before.refused
            }
            assert after.unfilled == before.unfilled

    @given(met)
    def test_a_candidate_that_loses_everywhere(self, case: Case) -> None:
        """One of no cluster that is asked for, behind all others, where no place is left."""
        found = composed(case)
        assume(not found.unfilled)
        traits = {"country": "here", "cluster": "z", "agency": "z0"}
        free = [x for x in case.demands if x.of is not None and x.by != "country"]
        more = Case(
            (*case.classes, ("last",)), case.places, tuple(free), {**case.traits, "last": traits}
        )
        before = composed(case._replace(demands=tuple(free)))
        assume(not before.unfilled)

        after = composed(more)

        assert after.taken == before.taken
        assert after.ties == before.ties
        assert after.refused[:-1] == before.refused
        assert after.refused[-1].candidate == "last"


class TestOverlappingSets:
    @given(st.permutations(IDS), st.integers(1, 2), st.integers(1, 2), st.integers(1, 2))
    def test_are_refused_by_name(self, ids: list[str], left: int, both: int, right: int) -> None:
        """Some in one alone, some in both, some in the other alone."""
        traits = {
            each: {
                "one": "yes" if place < left + both else "no",
                "two": "yes" if left <= place < left + both + right else "no",
            }
            for place, each in enumerate(ids)
        }
        demands = [
            Demand(name="first", by="one", of="yes", at_most=1),
            Demand(name="second", by="two", of="yes", at_least=1),
        ]

        with pytest.raises(InvalidValue) as caught:
            compose([ids], places=2, demands=demands, traits=traits)
        assert caught.value.value in {("first", "second"), ("second", "first")}
