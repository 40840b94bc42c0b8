from __future__ import annotations

from hashlib import sha256

import pytest

from kipp.domain.cycle import Group, Stage
from kipp.rules.ties import Parting, draw, part

POINTS = {"a": 5, "b": 4, "c": 4, "d": 4, "e": 1}


class TestACut:
    """The best take the seats; equals that would need more seats than are left are tied."""

    @pytest.mark.parametrize(
        ("seats", "above", "tied", "left"),
        [
            (0, "", "", 0),
            (1, "a", "", 0),
            (2, "a", "bcd", 1),
            (3, "a", "bcd", 2),
            (4, "abcd", "", 0),
            (5, "abcde", "", 0),
            (6, "abcde", "", 0),
        ],
    )
    def test_parts(self, seats: int, above: str, tied: str, left: int) -> None:
        assert part("abcde", seats, POINTS) == Parting(tuple(above), tuple(tied), left)

    def test_nobody_is_tied_for_no_seat(self) -> None:
        assert part("bcd", 0, POINTS) == Parting((), (), 0)


class TestThePublicDraw:
    """Anyone can repeat it: number the tied by id from 0, hash ``seed|stage|group|n``, smallest
    first."""

    SEED = "published beforehand"

    def test_is_what_its_description_says(self) -> None:
        tied = ["Contoh 0003", "Contoh 0001", "Contoh 0002"]
        by_hand = sorted(
            range(3),
            key=lambda number: sha256(f"{self.SEED}|nominasi|umum|{number}".encode()).hexdigest(),
        )

        found = draw(tied, seed=self.SEED, stage=Stage.NOMINATION, group=Group.GENERAL)

        assert list(found) == [f"Contoh 000{number + 1}" for number in by_hand]
        assert list(found.values()) == [0, 1, 2]

    def test_another_seed_stage_or_group_draws_anew(self) -> None:
        tied = [f"Contoh {number:04}" for number in range(50)]
        draws = [
            draw(tied, seed=seed, stage=stage, group=group)
            for seed, stage, group in [
                (self.SEED, Stage.NOMINATION, Group.GENERAL),
                ("another seed", Stage.NOMINATION, Group.GENERAL),
                (self.SEED, Stage.WINNERS, Group.GENERAL),
                (self.SEED, Stage.NOMINATION, Group.SPECIAL),
            ]
        ]

        assert len({tuple(each) for each in draws}) == len(draws)
