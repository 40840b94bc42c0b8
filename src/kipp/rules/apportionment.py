"""Apportionment of places over clusters (*pembagian tempat*): exact, bounded, nothing lost.

Two families, as they are known from elections.  The *largest remainder* gives each seat to who is
furthest below its exact quota; without bounds that is the whole part of every quota first and one
seat more for the largest remainders, and with bounds it makes the sum of squared distances from
the quotas the least that the bounds allow.  The *highest averages* give each seat to the largest
weight per divisor, and the divisor grows with the seats held.

Both start from the floors and never pass a cap.  Who has no weight has no claim beyond its floor.
Equals for the last seats are tied: no order of names or of input parts them.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from fractions import Fraction

import attrs

from kipp.domain.checks import COUNT, of
from kipp.domain.errors import InvalidType, InvalidValue, UnknownName

__all__ = ["Apportionment", "Method", "apportion"]


class Method(enum.StrEnum):
    """How seats follow weights, by the public name of the method."""

    HARE = "sisa terbesar, kuota Hare"
    """Largest remainder (Hamilton, Hare–Niemeyer).

    A key's quota is seats × weight / all weights.
    """

    DROOP = "sisa terbesar, kuota Droop"
    """Largest remainder; a key's quota is its weight in units of Droop's number of votes.

    That number is one more than the whole part of all votes / (seats + 1); so the weights must be
    whole numbers.
    """

    DHONDT = "rata-rata tertinggi, D'Hondt"
    """Highest averages (Jefferson); the divisors are 1, 2, 3 …"""

    SAINTE_LAGUE = "rata-rata tertinggi, Sainte-Laguë"
    """Highest averages (Webster); the divisors are 1, 3, 5 …"""


_METHOD = of(Method)


@attrs.frozen(kw_only=True)
class Apportionment:
    """The seats that are certain, in order of key; who is tied, and for how many; what is left.

    Each of the *tied* gets one more of the *open* seats, or none; there are fewer of these than of
    them.  *unplaced* seats are those that no key may take, for its cap or for want of weight.
    Certain, open and unplaced seats add up to the seats there were.
    """

    seats: tuple[tuple[str, int], ...]
    tied: tuple[str, ...] = ()
    open: int = 0
    unplaced: int = 0

    def of(self, key: str) -> int:
        """The seats that are certain for *key*.

        Raises:
            UnknownName: a key that had no weight given.
        """
        for each, count in self.seats:
            if each == key:
                return count
        raise UnknownName("key", key, "a key among the weights")


def apportion(
    seats: int,
    weights: Mapping[str, int | Fraction],
    method: Method,
    *,
    floors: Mapping[str, int] | None = None,
    caps: Mapping[str, int] | None = None,
) -> Apportionment:
    """Share *seats* out over the keys of *weights*.

    *floors* are the fewest seats of a key (0 where it is not there), *caps* the most.

    Raises:
        InvalidType: seats or bounds that are not whole numbers, weights that are not exact, or
            another kind of method.
        InvalidValue: a negative number, weights that are all 0, floors that add up to more than
            the seats, a floor above its cap, weights under the Droop quota that are not whole.
        UnknownName: a bound on a key without a weight.
    """
    if not COUNT.accepts(seats):
        raise COUNT.fault("seats", seats)
    if not _METHOD.accepts(method):
        raise _METHOD.fault("method", method)
    _check_weights(weights, method)
    floors, caps = floors or {}, caps or {}
    _check_bounds(seats, weights, floors, caps)
    held = {key: floors.get(key, 0) for key in sorted(weights)}
    claims = {key for key, weight in weights.items() if weight}
    most = {key: caps.get(key, seats) if key in claims else held[key] for key in held}
    return _seat_by_seat(seats - sum(held.values()), held, most, _claim(method, seats, weights))


def _check_weights(weights: Mapping[str, int | Fraction], method: Method) -> None:
    for key, weight in weights.items():
        name = f"weights.{key}"
        if isinstance(weight, bool) or not isinstance(weight, int | Fraction):
            raise InvalidType(name, weight, "a whole number or a fraction")
        if weight < 0:
            raise InvalidValue(name, weight, "0 or more")
        if method is Method.DROOP and weight.denominator != 1:
            cure = "the Droop quota counts votes: take another method"
            raise InvalidValue(name, weight, "a whole number", cure=cure)
    if not any(weights.values()):
        raise InvalidValue("weights", dict(weights), "a weight above 0")


def _check_bounds(
    seats: int,
    weights: Mapping[str, int | Fraction],
    floors: Mapping[str, int],
    caps: Mapping[str, int],
) -> None:
    for name, bounds in (("floors", floors), ("caps", caps)):
        for key, bound in bounds.items():
            if key not in weights:
                raise UnknownName(name, key, "a key among the weights")
            if not COUNT.accepts(bound):
                raise COUNT.fault(f"{name}.{key}", bound)
    for key, floor in floors.items():
        if key in caps and floor > caps[key]:
            raise InvalidValue(f"floors.{key}", floor, f"no more than its cap, {caps[key]}")
    if sum(floors.values()) > seats:
        raise InvalidValue("floors", dict(floors), f"no more than the seats, {seats}, together")


def _claim(
    method: Method, seats: int, weights: Mapping[str, int | Fraction]
) -> Callable[[str, int], Fraction]:
    """How strong a key's claim to one seat more is, by the seats it holds; it falls with these."""
    total = sum(weights.values())
    match method:
        case Method.HARE:
            return lambda key, held: Fraction(seats * weights[key]) / total - held
        case Method.DROOP:
            quota = total // (seats + 1) + 1
            return lambda key, held: Fraction(weights[key]) / quota - held
        case Method.DHONDT:
            return lambda key, held: Fraction(weights[key]) / (held + 1)
    # Sainte-Laguë is left.
    return lambda key, held: Fraction(weights[key]) / (held + held + 1)


def _seat_by_seat(
    left: int,
    held: dict[str, int],
    most: Mapping[str, int],
    claim: Callable[[str, int], Fraction],
) -> Apportionment:
    """Each seat to the strongest claim; equals together, or tied where not all can have one."""
    claims = {key: claim(key, held[key]) for key in held if held[key] < most[key]}
    while left and claims:
        strongest = max(claims.values())
        equals = tuple(key for key in claims if claims[key] == strongest)
        if len(equals) > left:
            return Apportionment(seats=tuple(held.items()), tied=equals, open=left)
        left -= len(equals)
        for key in equals:
            held[key] += 1
            if held[key] < most[key]:
                claims[key] = claim(key, held[key])
            else:
                del claims[key]
    return Apportionment(seats=tuple(held.items()), unplaced=left)
