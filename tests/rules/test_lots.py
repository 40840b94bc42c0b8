from __future__ import annotations

from hashlib import md5
from itertools import islice
from typing import Any

import pytest

from kipp.domain.errors import InvalidType, InvalidValue
from kipp.rules.lots import draw_order, key_of


class TestTheWorkedExample:
    """RFC 3797, section 6: ten of twenty-five, by three sources."""

    SOURCES = ("9319", "2, 5, 12, 8, 10".replace(",", ""), "9 18 26 34 41 45")
    KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"
    SELECTED = (17, 7, 2, 16, 25, 23, 8, 24, 19, 13)

    def test_the_key(self) -> None:
        assert key_of(self.SOURCES) == self.KEY

    def test_who_is_selected(self) -> None:
        drawn = islice(draw_order(self.KEY, 25), len(self.SELECTED))

        assert tuple(position + 1 for position in drawn) == self.SELECTED

    @pytest.mark.parametrize(
        ("turn", "digest", "left", "position"),
        [
            (0, "990DD0A5692A029A98B5E01AA28F3459", 25, 17),
            (1, "3691E55CB63FCC37914430B2F70B5EC6", 24, 7),
            (2, "FE814EDF564C190AC1D25753979990FA", 23, 2),
        ],
    )
    def test_the_digests(self, turn: int, digest: str, left: int, position: int) -> None:
        """The counter stands before and after the key, in two bytes."""
        counter = turn.to_bytes(2, "big")

        assert md5(counter + self.KEY.encode() + counter).hexdigest().upper() == digest
        assert int(digest, 16) % left + 1 == position


class TestTheKey:
    @pytest.mark.parametrize(
        ("source", "entry"),
        [
            ("0012", "12./"),
            ("12.7.", "7.12./"),
            (" 12  7 ", "7.12./"),
            ("I am not a number: 12", "IAMNOTANUMBER12/"),
            ("kipp 2021, contoh", "KIPP2021CONTOH/"),
        ],
    )
    def test_an_entry(self, source: str, entry: str) -> None:
        assert key_of([source]) == entry

    @pytest.mark.parametrize("source", ["", "  ", "…", "éü"])
    def test_a_source_that_says_nothing(self, source: str) -> None:
        with pytest.raises(InvalidValue, match="seed: expected a source with ASCII letters"):
            key_of(["12", source])


class TestWhatIsNoDraw:
    @pytest.mark.parametrize("sources", ["abc", None, [1]])
    def test_sources_that_are_not_several_texts(self, sources: Any) -> None:
        with pytest.raises(InvalidType, match="sources"):
            key_of(sources)

    @pytest.mark.parametrize(
        ("key", "size", "error"),
        [
            ("é/", 3, InvalidValue),
            (None, 3, InvalidType),
            ("A/", -1, InvalidValue),
            ("A/", "3", InvalidType),
            ("A/", 70_000, InvalidValue),
        ],
    )
    def test_a_key_or_a_size(self, key: Any, size: Any, error: type[Exception]) -> None:
        with pytest.raises(error):
            draw_order(key, size)

    def test_a_number_of_any_length(self) -> None:
        long = "9" * 5_000

        assert key_of([f"{long} 007 8"]) == f"7.8.{long}./"


def test_everybody_is_drawn_once() -> None:
    assert sorted(draw_order("A/", 300)) == list(range(300))
    assert list(draw_order("A/", 0)) == []
