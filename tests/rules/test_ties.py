from __future__ import annotations

import pytest

from kipp.rules.composition import TiedClass
from kipp.rules.ties import Placing, classes_of, place, refine

POINTS = {"a": 5, "b": 4, "c": 4, "d": 4, "e": 1}
CLASSES = (("a",), ("b", "c", "d"), ("e",))


class TestClasses:
    def test_best_first_and_equals_together(self) -> None:
        assert classes_of("edcba", POINTS) == (("a",), ("d", "c", "b"), ("e",))
        assert classes_of("", POINTS) == ()

    def test_only_the_tied_are_parted(self) -> None:
        """Of their class the others come first: their fate does not hang on it."""
        refined = refine(CLASSES, ("b", "d"), {"b": 1, "d": 2})

        assert refined == (("a",), ("c",), ("d",), ("b",), ("e",))
        assert refine(CLASSES, ("b", "c", "d"), {"b": 1, "c": 1, "d": 2}) == (
            ("a",),
            ("d",),
            ("b", "c"),
            ("e",),
        )


class TestACut:
    """The best take the places; equals that would need more than are left are tied."""

    @pytest.mark.parametrize(
        ("places", "taken", "tied", "seats"),
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
    def test_places(self, places: int, taken: str, tied: str, seats: int) -> None:
        ties = (TiedClass(candidates=tuple(tied), seats=seats),) if tied else ()

        assert place(CLASSES, places) == Placing(taken=tuple(taken), ties=ties)
