"""Luck by address: the draw of a replication, stage, assessor and proposal is always the same.

The bits are those of Philox4x64 with ten rounds (Salmon, Moraes, Dror, Shaw 2011, "Parallel random
numbers: as easy as 1, 2, 3"), a function of a key and a counter.  The key is the seed; the counter
names proposal, slot (stage and what is drawn there), replication and bank of eight assessors.  One
evaluation gives four words, each two normal numbers by the transform of Box and Muller, which takes
a fixed number of bits: a rejection sampler has no addresses.  So nothing depends on the size of a
batch, on workers or on order, and two laws that look at the same proposal see the same luck.

Bits are the same on every machine; normal numbers are as far as numpy's logarithm, sine and cosine
are, which may differ in the last of 24 bits between processors.
"""

from __future__ import annotations

import attrs

from kipp.domain.errors import InvalidType, InvalidValue
from kipp.simulation.arrays import Array, numpy

__all__ = ["BANK", "Luck", "philox", "slot_of"]

BANK = 8
"""So many assessors share one evaluation: two for each of its four words."""

_WORD = 64
_HALF = 32
_WORDS = 4
_ROUNDS = 10
_MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
_STEPS = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
_LOW = (1 << _HALF) - 1
_UNIT_BITS = 24
"""A number of single precision holds so many bits."""


def philox(counter: tuple[Array, Array, Array, Array], key: tuple[int, int]) -> list[Array]:
    """The four words of Philox4x64-10 at each *counter*: arrays of ``uint64`` of one shape."""
    np = numpy()
    first, second, third, fourth = counter
    keys = [np.uint64(each) for each in key]
    with np.errstate(over="ignore"):
        for turn in range(_ROUNDS):
            if turn:
                keys = [each + np.uint64(step) for each, step in zip(keys, _STEPS, strict=True)]
            high0, low0 = _product(_MULTIPLIERS[0], first)
            high1, low1 = _product(_MULTIPLIERS[1], third)
            first, second = high1 ^ second ^ keys[0], low1
            third, fourth = high0 ^ fourth ^ keys[1], low0
    return [first, second, third, fourth]


def _product(multiplier: int, value: Array) -> tuple[Array, Array]:
    """The high and the low word of the product of two words."""
    np = numpy()
    half, low = np.uint64(_HALF), np.uint64(_LOW)
    by_high, by_low = np.uint64(multiplier >> _HALF), np.uint64(multiplier & _LOW)
    value_low, value_high = value & low, value >> half
    crossed = by_high * value_low
    middle = (by_low * value_low >> half) + (crossed & low) + by_low * value_high
    high = by_high * value_high + (crossed >> half) + (middle >> half)
    return high, value * np.uint64(multiplier)


def slot_of(stage: int, purpose: int = 0, part: int = 0) -> int:
    """The number of a stream: the *stage* by its place, what is drawn there, for which part."""
    return ((stage << _HALF // 2) + purpose << _HALF // 2) + part


@attrs.frozen
class Luck:
    """All draws of a *seed*, a whole number from 0 below 2**128."""

    seed: int

    def __attrs_post_init__(self) -> None:
        if type(self.seed) is not int:
            raise InvalidType("seed", self.seed, "a whole number")
        if not 0 <= self.seed < 1 << _WORD + _WORD:
            raise InvalidValue("seed", self.seed, "a seed from 0 below 2**128")

    @property
    def key(self) -> tuple[int, int]:
        """The two words of the key."""
        return self.seed & (1 << _WORD) - 1, self.seed >> _WORD

    def bits(self, slot: int, replication: int, bank: int, size: int) -> Array:
        """The words of the first *size* proposals: ``uint64`` of shape (*size*, 4).

        numpy's generator counts up before it draws, so that proposal 0 has the counter 1.
        """
        np = numpy()
        counter = np.array([0, slot, replication, bank], dtype=np.uint64)
        source = np.random.Philox(key=np.array(self.key, dtype=np.uint64), counter=counter)
        return source.random_raw(size * _WORDS).reshape(size, _WORDS)

    def bits_at(self, slot: int, replications: Array, bank: int, proposals: Array) -> Array:
        """The words of each pair of a replication and a proposal: ``uint64`` of shape (n, 4)."""
        np = numpy()
        count = np.asarray(proposals, dtype=np.uint64) + np.uint64(1)
        runs = np.asarray(replications, dtype=np.uint64)
        slots, banks = np.full_like(count, slot), np.full_like(count, bank)
        return np.stack(philox((count, slots, runs, banks), self.key), axis=1)

    def normals(self, slot: int, replication: int, assessors: int, size: int) -> Array:
        """Normal numbers of the first *size* proposals: ``float32``, (*assessors*, *size*)."""
        banks = range((assessors + BANK - 1) // BANK)
        return _stacked(
            [_normal(self.bits(slot, replication, bank, size), bank, assessors) for bank in banks]
        )

    def normals_at(self, slot: int, replications: Array, assessors: int, proposals: Array) -> Array:
        """Normal numbers of pairs of replication and proposal: ``float32``, (*assessors*, n)."""
        banks = range((assessors + BANK - 1) // BANK)
        drawn = [self.bits_at(slot, replications, bank, proposals) for bank in banks]
        return _stacked([_normal(bits, bank, assessors) for bank, bits in enumerate(drawn)])

    def uniforms_at(
        self, slot: int, replications: Array, assessors: int, proposals: Array
    ) -> Array:
        """Numbers between 0 and 1, both excluded: ``float32``, (*assessors*, n)."""
        banks = range((assessors + BANK - 1) // BANK)
        drawn = [self.bits_at(slot, replications, bank, proposals) for bank in banks]
        np = numpy()
        return _stacked(
            [
                _unit(bits.view(np.uint32).T[: assessors - bank * BANK])
                for bank, bits in enumerate(drawn)
            ]
        )


def _stacked(banks: list[Array]) -> Array:
    return banks[0] if len(banks) == 1 else numpy().concatenate(banks)


def _unit(bits: Array) -> Array:
    """The upper 24 of 32 bits as a number between 0 and 1, both excluded."""
    np = numpy()
    shift = np.uint32(_HALF - _UNIT_BITS)
    upper = (np.ascontiguousarray(bits) >> shift).astype(np.float32)
    upper += np.float32(1 / (1 + 1))
    upper *= np.float32(1 / (1 << _UNIT_BITS))
    return upper


def _normal(bits: Array, bank: int, assessors: int) -> Array:
    """Two normal numbers of each word that is needed (Box and Muller 1958), by assessor."""
    np = numpy()
    needed = min(assessors - bank * BANK, BANK)
    words = (needed + 1) // (1 + 1)
    halves = bits.view(np.uint32).T
    length = halves.shape[1]
    near, around = (
        _unit(halves[0 : words + words : 1 + 1]),
        _unit(halves[1 : words + words : 1 + 1]),
    )
    radius = np.log(near, out=near)
    radius *= np.float32(-(1 + 1))
    np.sqrt(radius, out=radius)
    angle = around
    angle *= np.float32((1 + 1) * np.pi)
    found = np.empty((words, 1 + 1, length), dtype=np.float32)
    np.multiply(radius, np.cos(angle), out=found[:, 0])
    np.multiply(radius, np.sin(angle), out=found[:, 1])
    return found.reshape(words + words, length)[:needed]
