"""Faults of an input as lines: alike ones once, with how many and where."""

from __future__ import annotations

import pytest

from kipp.domain.errors import (
    Faults,
    InvalidType,
    InvalidValue,
    KippError,
    MissingExtra,
    NotTwoValued,
    UnknownName,
)
from kipp.messages import fault_lines


@pytest.mark.parametrize(
    "error",
    [
        InvalidValue("cycle", 2020, "2021"),
        InvalidType("cycle", "2020", "a year", "a.json, line 1", "leave the quotes out"),
        UnknownName("path", "{cap}", "a <path>", "KIPP 2021"),
        InvalidValue("text", "x" * 1_000, "a short text"),
        MissingExtra("the command line", "click", "cli"),
        NotTwoValued("a Decision is neither true nor false"),
    ],
)
def test_the_english_line_is_the_text_of_the_error(error: KippError) -> None:
    assert list(fault_lines(error, "en")) == [str(error)]
    assert list(fault_lines(Faults([error]), "en")) == [str(error)]


def test_the_frame_is_in_the_language() -> None:
    fault = InvalidValue("cycle", 2020, "2021", "a.json, line 1", "see the rulebook")

    assert list(fault_lines(fault)) == [
        "cycle: diharapkan 2021, diterima 2020 @ a.json, line 1; see the rulebook"
    ]


def test_faults_alike_are_one_line_in_the_order_of_the_first() -> None:
    faults: list[KippError] = [
        InvalidValue("criterion", f"c{n}", "one of a, b", f"sheet {n}") for n in range(6)
    ]
    other = InvalidValue("mark", -1, "0 to 100", "sheet 1")

    lines = list(fault_lines(Faults([faults[0], other, *faults[1:]]), "en"))

    assert lines == [
        (
            "criterion: expected one of a, b, got 'c0' @ sheet 0 "
            "(and 5 more like it @ sheet 1; sheet 2; sheet 3 and 2 other places)"
        ),
        str(other),
    ]


def test_alike_without_a_place_are_counted() -> None:
    twice = Faults([InvalidValue("id", 1, "a text"), InvalidValue("id", 2, "a text")])

    assert list(fault_lines(twice, "en")) == ["id: expected a text, got 1 (and 1 more like it)"]
    assert list(fault_lines(twice)) == [
        "id: diharapkan a text, diterima 1 (dan 1 lagi yang serupa)"
    ]


def test_what_differs_in_name_expectation_or_type_stays_apart() -> None:
    apart = Faults(
        [
            InvalidValue("id", 1, "a text"),
            InvalidType("id", 1, "a text"),
            InvalidValue("id", 1, "a name"),
            InvalidValue("key", 1, "a text"),
            NotTwoValued("x"),
            NotTwoValued("x"),
        ]
    )

    assert list(fault_lines(apart, "en")) == str(apart).splitlines()
