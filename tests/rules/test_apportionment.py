"""Apportionment in published examples and at its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

from kipp.domain.errors import InvalidType, InvalidValue, UnknownName
from kipp.rules.apportionment import Apportionment, Method, apportion


def shares(found: Apportionment) -> tuple[int, ...]:
    """The seats in order of key, where all are certain."""
    assert found.tied == ()
    assert found.open == found.unplaced == 0
    return tuple(count for _, count in found.seats)


class TestPublishedExamples:
    """Votes as the encyclopaedias show them (English Wikipedia, the articles on the methods)."""

    @pytest.mark.parametrize(
        ("method", "seats"),
        [
            (Method.HARE, (5, 2, 1, 1, 1, 0)),
            (Method.DROOP, (5, 2, 2, 1, 0, 0)),
        ],
    )
    def test_hare_and_droop_differ(self, method: Method, seats: tuple[int, ...]) -> None:
        """*Largest remainders method*: ten seats, 100,000 votes."""
        votes = {"a": 47_000, "b": 16_000, "c": 15_900, "d": 12_000, "e": 6_000, "f": 3_100}

        assert shares(apportion(10, votes, method)) == seats

    @pytest.mark.parametrize(
        ("seats", "expected"), [(25, (7, 7, 4, 3, 3, 1)), (26, (8, 8, 5, 2, 2, 1))]
    )
    def test_the_alabama_paradox(self, seats: int, expected: tuple[int, ...]) -> None:
        """One seat more in the house, one less for two of its parties."""
        votes = {"a": 1500, "b": 1500, "c": 900, "d": 500, "e": 500, "f": 200}

        assert shares(apportion(seats, votes, Method.HARE)) == expected

    @pytest.mark.parametrize(
        ("method", "seats"),
        [(Method.DHONDT, (4, 3, 1, 0)), (Method.SAINTE_LAGUE, (3, 3, 1, 1))],
    )
    def test_highest_averages(self, method: Method, seats: tuple[int, ...]) -> None:
        """*D'Hondt method* and *Sainte-Laguë method*: eight seats, 230,000 votes."""
        votes = {"a": 100_000, "b": 80_000, "c": 30_000, "d": 20_000}

        assert shares(apportion(8, votes, method)) == seats


class TestEqualWeights:
    @pytest.mark.parametrize("method", Method)
    def test_the_odd_seat_is_open(self, method: Method) -> None:
        """No order of names decides it; a stronger claim is not in the tie."""
        assert apportion(3, {"b": 2, "a": 2}, method) == Apportionment(
            seats=(("a", 1), ("b", 1)), tied=("a", "b"), open=1
        )

    def test_two_seats_among_three(self) -> None:
        assert apportion(3, {"a": 4, "b": 1, "c": 1, "d": 1}, Method.SAINTE_LAGUE) == (
            Apportionment(
                seats=(("a", 2), ("b", 0), ("c", 0), ("d", 0)), tied=("b", "c", "d"), open=1
            )
        )

    def test_as_many_seats_as_equals(self) -> None:
        assert shares(apportion(2, {"a": 1, "b": 1}, Method.DHONDT)) == (1, 1)

    def test_thirds_are_thirds(self) -> None:
        """Three weights of one third leave nothing over; binary fractions would."""
        weights = dict.fromkeys("abc", Fraction(1, 3))

        assert shares(apportion(9, weights, Method.HARE)) == (3, 3, 3)


class TestBounds:
    """Every key gets its floor, none more than its cap, and no seat is lost."""

    @pytest.mark.parametrize("method", Method)
    def test_a_cap_sends_the_seats_on(self, method: Method) -> None:
        assert shares(apportion(6, {"a": 10, "b": 1, "c": 1}, method, caps={"a": 2})) == (2, 2, 2)

    @pytest.mark.parametrize("method", Method)
    def test_seats_above_all_caps_are_left_and_counted(self, method: Method) -> None:
        found = apportion(6, {"a": 2, "b": 1}, method, caps={"a": 3, "b": 1})

        assert found == Apportionment(seats=(("a", 3), ("b", 1)), unplaced=2)

    @pytest.mark.parametrize("method", Method)
    def test_a_floor_comes_first(self, method: Method) -> None:
        assert shares(apportion(4, {"a": 98, "b": 1, "c": 1}, method, floors={"c": 2})) == (2, 0, 2)

    @pytest.mark.parametrize("method", Method)
    def test_floors_that_are_all_the_seats(self, method: Method) -> None:
        found = apportion(3, {"a": 9, "b": 1}, method, floors={"a": 1, "b": 2}, caps={"b": 2})

        assert shares(found) == (1, 2)

    @pytest.mark.parametrize("method", Method)
    def test_without_weight_there_is_no_claim(self, method: Method) -> None:
        """Beyond its floor, even where nobody else may take the seat."""
        found = apportion(
            5, {"a": 1, "none": 0}, method, floors={"none": 1}, caps={"a": 2, "none": 4}
        )

        assert found == Apportionment(seats=(("a", 2), ("none", 1)), unplaced=2)

    @pytest.mark.parametrize("method", Method)
    def test_no_seats(self, method: Method) -> None:
        assert shares(apportion(0, {"a": 1, "b": 2}, method)) == (0, 0)

    def test_the_tied_may_be_at_their_cap_but_for_one(self) -> None:
        found = apportion(3, {"a": 1, "b": 1}, Method.HARE, caps={"a": 2, "b": 2})

        assert (found.tied, found.open, found.unplaced) == (("a", "b"), 1, 0)


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"seats": -1}, "seats: expected a whole number from 0, got -1"),
            ({"weights": {"a": -1}}, "weights.a: expected 0 or more, got -1"),
            ({"weights": {"a": 0}}, "weights: expected a weight above 0, got {'a': 0}"),
            ({"weights": {}}, "weights: expected a weight above 0, got {}"),
            ({"floors": {"a": -1}}, "floors.a: expected a whole number from 0, got -1"),
            ({"caps": {"b": -1}}, "caps.b: expected a whole number from 0, got -1"),
            (
                {"floors": {"a": 2, "b": 2}},
                "floors: expected no more than the seats, 3, together, got {'a': 2, 'b': 2}",
            ),
            (
                {"floors": {"a": 2}, "caps": {"a": 1}},
                "floors.a: expected no more than its cap, 1, got 2",
            ),
            (
                {"weights": {"a": Fraction(1, 2)}, "method": Method.DROOP},
                (
                    "weights.a: expected a whole number, got Fraction(1, 2); "
                    "the Droop quota counts votes: take another method"
                ),
            ),
        ],
    )
    def test_values_that_cannot_be_right(self, given: dict[str, object], message: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            apportion_with(given)
        assert str(caught.value) == message

    @pytest.mark.parametrize(
        ("given", "name"),
        [
            ({"seats": 3.0}, "seats"),
            ({"seats": True}, "seats"),
            ({"weights": {"a": 1.5}}, "weights.a"),
            ({"weights": {"a": True}}, "weights.a"),
            ({"weights": {"a": Decimal(1)}}, "weights.a"),
            ({"floors": {"a": 1.0}}, "floors.a"),
            ({"caps": {"b": None}}, "caps.b"),
            ({"method": Method.HARE.value}, "method"),
        ],
    )
    def test_values_of_another_type(self, given: dict[str, object], name: str) -> None:
        with pytest.raises(InvalidType) as caught:
            apportion_with(given)
        assert caught.value.name == name

    @pytest.mark.parametrize("bounds", ["floors", "caps"])
    def test_a_bound_on_an_unknown_key(self, bounds: str) -> None:
        with pytest.raises(UnknownName, match=f"{bounds}: expected a key among the weights"):
            apportion_with({bounds: {"c": 1}})

    def test_whole_fractions_are_votes(self) -> None:
        weights = {"a": Fraction(2), "b": Fraction(1)}

        assert shares(apportion(3, weights, Method.DROOP)) == (2, 1)


def apportion_with(given: Mapping[str, object]) -> Apportionment:
    usual = {"seats": 3, "weights": {"a": 2, "b": 1}, "method": Method.HARE}
    return apportion(**{**usual, **given})  # type: ignore[arg-type]  # as each test says


class TestReadingIt:
    def test_by_key(self) -> None:
        found = apportion(3, {"a": 2, "b": 1}, Method.HARE)

        assert (found.of("a"), found.of("b")) == (2, 1)
        with pytest.raises(UnknownName):
            found.of("c")
