"""Luck by address: the generator is the published one, and a draw depends on its address alone."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.errors import InvalidType, InvalidValue
from kipp.simulation.luck import Luck, philox, slot_of

# The known answers of Random123 (Salmon and others 2011), file kat_vectors, philox4x64, 10 rounds.
ANSWERS = [
    (
        (0, 0, 0, 0),
        (0, 0),
        "16554d9eca36314c db20fe9d672d0fdc d7e772cee186176b 7e68b68aec7ba23b",
    ),
    (
        (2**64 - 1,) * 4,
        (2**64 - 1,) * 2,
        "87b092c3013fe90b 438c3c67be8d0224 9cc7d7c69cd777b6 a09caebf594f0ba0",
    ),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0x452821E638D01377, 0xBE5466CF34E90C6C),
        "a528f45403e61d95 38c72dbd566e9788 a5a1610e72fd18b5 57bd43b5e52b7fe6",
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), ANSWERS)
def test_the_generator_gives_the_published_answers(
    counter: tuple[int, int, int, int], key: tuple[int, int], answer: str
) -> None:
    first, second, third, fourth = (np.array([each], dtype=np.uint64) for each in counter)

    found = philox((first, second, third, fourth), key)

    assert " ".join(f"{int(word[0]):016x}" for word in found) == answer


@given(st.integers(0, 2**128 - 1), st.integers(0, 2**40), st.integers(0, 2**40))
def test_single_draws_are_those_of_the_whole_field(seed: int, slot: int, replication: int) -> None:
    luck = Luck(seed)
    some = np.array([17, 0, 5, 29])

    whole = luck.normals(slot, replication, 11, 30)
    single = luck.normals_at(slot, np.full(4, replication), 11, some)

    assert (whole[:, some] == single).all()
    assert (luck.normals(slot, replication, 3, 40)[:, :30] == whole[:3]).all()


def test_numbers_are_normal() -> None:
    drawn = np.concatenate([Luck(1).normals(3, each, 8, 5_000).ravel() for each in range(10)])
    normal, count = statistics.NormalDist(), len(drawn)

    assert abs(drawn.mean()) < 4 / count**0.5
    assert abs(drawn.var() - 1) < 4 * (2 / count) ** 0.5
    for bound in (-3.0, -1.5, 0.0, 0.7, 2.5):
        share, expected = (drawn < bound).mean(), normal.cdf(bound)
        assert abs(share - expected) < 4 * (expected * (1 - expected) / count) ** 0.5


def test_other_addresses_give_other_numbers() -> None:
    luck = Luck(5)
    addresses = [(2, 1, 0, 0), (2, 2, 0, 0), (3, 1, 0, 0), (2, 1, 1, 0), (2, 1, 0, 1)]
    drawn = [
        luck.bits(slot_of(stage, purpose), replication, bank, 500).ravel()
        for stage, purpose, replication, bank in addresses
    ]
    drawn.append(Luck(6).bits(slot_of(2, 1), 0, 0, 500).ravel())

    assert len(np.unique(np.concatenate(drawn))) == sum(map(len, drawn))


def test_uniform_numbers_lie_inside() -> None:
    drawn = Luck(1).uniforms_at(1, np.zeros(20_000, dtype=np.int64), 8, np.arange(20_000))

    assert 0 < drawn.min() < drawn.max() < 1


@pytest.mark.parametrize("seed", [-1, 2**128])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(InvalidValue, match="seed"):
        Luck(seed)


def test_a_seed_that_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidType, match="seed"):
        Luck("7")  # type: ignore[arg-type]  # refused
