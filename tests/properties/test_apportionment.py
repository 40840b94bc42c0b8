"""Laws of apportionment, against every distribution of few seats over few keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations, product
from random import Random
from typing import NamedTuple

from hypothesis import event, given, settings
from hypothesis import strategies as st

from kipp.rules.apportionment import Apportionment, Method, apportion

KEYS = "abcd"
Shares = tuple[int, ...]


class Case(NamedTuple):
    """What is given to ``apportion``."""

    seats: int
    weights: Mapping[str, int | Fraction]
    method: Method
    floors: Mapping[str, int]
    caps: Mapping[str, int]

    def apportioned(self) -> Apportionment:
        return apportion(self.seats, self.weights, self.method, floors=self.floors, caps=self.caps)

    @property
    def keys(self) -> list[str]:
        return sorted(self.weights)


# Small and few, so that equals are many.
whole = st.integers(0, 6)


@st.composite
def cases(
    draw: st.DrawFn, methods: tuple[Method, ...] = tuple(Method), *, bounded: bool = True
) -> Case:
    keys = KEYS[: draw(st.integers(1, len(KEYS)))]
    method = draw(st.sampled_from(methods))
    fractions = whole.map(lambda number: Fraction(number, 3))
    weight = whole if method is Method.DROOP else whole | fractions
    weights = {key: draw(weight) for key in keys}
    weights[draw(st.sampled_from(keys))] = draw(st.integers(1, 9))
    seats = draw(st.integers(0, 8))
    floors, caps, left = {}, {}, seats
    for key in keys if bounded else ():
        floor = draw(st.integers(0, min(left, 2)))
        left -= floor
        if draw(st.booleans()):
            floors[key] = floor
        if draw(st.booleans()):
            caps[key] = floor + draw(st.integers(0, 3))
    return Case(seats, weights, method, floors, caps)


free = cases(bounded=False)


def bounds(case: Case) -> Iterator[tuple[int, int]]:
    """From floor to cap; who has no weight stays at the floor."""
    for key in case.keys:
        floor = case.floors.get(key, 0)
        yield floor, case.caps.get(key, case.seats) if case.weights[key] else floor


def distributions(case: Case) -> list[Shares]:
    """Every way to give out as many of the seats as the bounds allow."""
    each = [range(floor, min(cap, case.seats) + 1) for floor, cap in bounds(case)]
    full = min(case.seats, sum(cap for _, cap in bounds(case)))
    return [shares for shares in product(*each) if sum(shares) == full]


def quotas(case: Case) -> list[Fraction]:
    total = Fraction(sum(case.weights.values()))
    if case.method is Method.DROOP:
        return [Fraction(case.weights[key]) / (total // (case.seats + 1) + 1) for key in case.keys]
    return [case.weights[key] / total * case.seats for key in case.keys]


def squared(case: Case, shares: Shares) -> Fraction:
    return sum(
        ((count - quota) ** 2 for count, quota in zip(shares, quotas(case), strict=True)),
        Fraction(0),
    )


def average(case: Case, key: str, number: int) -> Fraction:
    """What the weight of *key* is worth to its *number*-th seat, from 1."""
    divisor = number if case.method is Method.DHONDT else 2 * number - 1
    return Fraction(case.weights[key]) / divisor


def balanced(case: Case, shares: Shares) -> bool:
    """No seat held is worth less than a seat that somebody else could still take."""
    rows = [*zip(case.keys, shares, bounds(case), strict=True)]
    held = [average(case, key, count) for key, count, (floor, _) in rows if count > floor]
    wanted = [average(case, key, count + 1) for key, count, (_, cap) in rows if count < cap]
    return not held or not wanted or min(held) >= max(wanted)


def ways(case: Case, found: Apportionment) -> set[Shares]:
    """Every end that the answer leaves open."""
    return {
        tuple(count + (key in lucky) for key, count in found.seats)
        for lucky in combinations(found.tied, found.open)
    }


class TestLargestRemainder:
    """Seat by seat to who is furthest below its quota."""

    @given(cases((Method.HARE, Method.DROOP)))
    @settings(max_examples=150)
    def test_is_nearest_to_the_quotas(self, case: Case) -> None:
        """The answers are the distributions of the least squared distance: all, and no other."""
        everything = distributions(case)
        least = min(squared(case, shares) for shares in everything)
        found = case.apportioned()
        event(f"tied: {len(found.tied)}")

        assert ways(case, found) == {x for x in everything if squared(case, x) == least}

    @given(cases((Method.HARE,), bounded=False))
    def test_keeps_the_quota(self, case: Case) -> None:
        """Hare without bounds: everybody gets its quota, rounded down or up."""
        for shares in ways(case, case.apportioned()):
            for count, quota in zip(shares, quotas(case), strict=True):
                assert quota // 1 <= count <= -(-quota // 1)

    @given(cases((Method.HARE, Method.DROOP), bounded=False))
    def test_is_whole_quotas_first_and_then_the_largest_remainders(self, case: Case) -> None:
        """The method as the textbooks tell it; of votes there are more than seats."""
        case = case._replace(weights={key: 1000 * each for key, each in case.weights.items()})
        parts = [(quota - quota // 1, quota // 1) for quota in quotas(case)]
        left = case.seats - sum(floor for _, floor in parts)
        found = ways(case, case.apportioned())

        for shares in found:
            more = [count - floor for count, (_, floor) in zip(shares, parts, strict=True)]
            assert set(more) <= {0, 1}
            assert sum(more) == left
            given_, not_given = (
                [rest for (rest, _), each in zip(parts, more, strict=True) if each is flag]
                for flag in (1, 0)
            )
            assert not given_ or not not_given or min(given_) >= max(not_given)


class TestHighestAverages:
    """Seat by seat to the largest weight per divisor."""

    @given(cases((Method.DHONDT, Method.SAINTE_LAGUE)))
    @settings(max_examples=150)
    def test_no_seat_would_be_worth_more_elsewhere(self, case: Case) -> None:
        """The answers are the distributions of which that holds: all, and no other."""
        found = case.apportioned()
        event(f"tied: {len(found.tied)}")

        assert ways(case, found) == {x for x in distributions(case) if balanced(case, x)}

    @given(cases((Method.DHONDT, Method.SAINTE_LAGUE)))
    def test_a_seat_more_in_the_house_takes_none_away(self, case: Case) -> None:
        before = case.apportioned()
        after = case._replace(seats=case.seats + 1).apportioned()
        surely, possibly = dict(before.seats), dict(after.seats)

        for key in case.keys:
            assert possibly[key] >= surely[key]
            assert possibly[key] + (key in after.tied) >= surely[key] + (key in before.tied)

    @given(cases((Method.DHONDT,), bounded=False))
    def test_dhondt_gives_everybody_its_quota_rounded_down(self, case: Case) -> None:
        for shares in ways(case, case.apportioned()):
            for count, quota in zip(shares, quotas(case), strict=True):
                assert count >= quota // 1


class TestEverySeat:
    @given(cases())
    def test_is_certain_open_or_left(self, case: Case) -> None:
        found = case.apportioned()

        assert sum(count for _, count in found.seats) + found.open + found.unplaced == case.seats

    @given(cases())
    def test_is_left_only_where_nobody_may_take_it(self, case: Case) -> None:
        room = sum(cap for _, cap in bounds(case))

        assert case.apportioned().unplaced == max(case.seats - room, 0)

    @given(cases())
    def test_stays_within_the_bounds(self, case: Case) -> None:
        for shares in ways(case, case.apportioned()):
            for count, (floor, cap) in zip(shares, bounds(case), strict=True):
                assert floor <= count <= cap

    @given(cases())
    def test_a_tie_is_about_fewer_seats_than_keys(self, case: Case) -> None:
        found = case.apportioned()

        assert (found.open == 0) is (found.tied == ())
        assert found.open < len(found.tied) or not found.tied


class TestWhatDoesNotMatter:
    @given(cases(), st.randoms(use_true_random=False))
    def test_order_of_input(self, case: Case, luck: Random) -> None:
        items = list(case.weights.items())
        luck.shuffle(items)

        assert case._replace(weights=dict(items)).apportioned() == case.apportioned()

    @given(cases(), st.permutations(KEYS))
    def test_names_of_keys(self, case: Case, names: list[str]) -> None:
        new = dict(zip(KEYS, names, strict=True))
        renamed = Case(
            case.seats,
            {new[key]: weight for key, weight in case.weights.items()},
            case.method,
            {new[key]: bound for key, bound in case.floors.items()},
            {new[key]: bound for key, bound in case.caps.items()},
        )
        before, after = case.apportioned(), renamed.apportioned()

        assert dict(after.seats) == {new[key]: count for key, count in before.seats}
        assert {*after.tied} == {new[key] for key in before.tied}
        assert (after.open, after.unplaced) == (before.open, before.unplaced)

    @given(
        cases((Method.HARE, Method.DHONDT, Method.SAINTE_LAGUE)),
        st.fractions("1/7", 7, max_denominator=7),
    )
    def test_the_unit_of_the_weights(self, case: Case, factor: Fraction) -> None:
        scaled = {key: weight * factor for key, weight in case.weights.items()}

        assert case._replace(weights=scaled).apportioned() == case.apportioned()

    @given(cases())
    def test_a_key_without_weight(self, case: Case) -> None:
        before = case.apportioned()
        after = case._replace(weights={**case.weights, "nobody": 0}).apportioned()

        assert dict(after.seats) == {**dict(before.seats), "nobody": 0}
        assert (after.tied, after.open, after.unplaced) == (
            before.tied,
            before.open,
            before.unplaced,
        )


class TestEqualKeys:
    @given(free, st.integers(1, 9))
    def test_are_tied_or_have_the_same(self, case: Case, weight: int) -> None:
        """Two keys of one weight: none gets for certain what the other does not."""
        twins = {**case.weights, "twin one": weight, "twin two": weight}
        found = case._replace(weights=twins).apportioned()

        assert found.of("twin one") == found.of("twin two")
        assert ("twin one" in found.tied) is ("twin two" in found.tied)

    @given(st.sampled_from(Method), st.integers(1, 6), st.integers(0, 20))
    def test_alone_share_evenly(self, method: Method, keys: int, seats: int) -> None:
        weights = {f"k{number}": 5 for number in range(keys)}
        found = apportion(seats, weights, method)

        assert {count for _, count in found.seats} == {seats // keys}
        assert (found.open, len(found.tied)) == (seats % keys, keys if seats % keys else 0)
