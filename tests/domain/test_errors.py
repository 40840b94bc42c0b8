"""What an error says: name, expectation, value, place, cure; and what it keeps."""

from __future__ import annotations

import pickle

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


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            InvalidValue("cap", -1, "a whole number from 0"),
            "cap: expected a whole number from 0, got -1",
        ),
        (
            InvalidType("cap", "10", "a whole number from 0", "cycles/2021.toml:cap.value"),
            "cap: expected a whole number from 0, got '10' @ cycles/2021.toml:cap.value",
        ),
        (
            UnknownName("year", 2013, "one of 2014, 2015", cure="ask for a later one"),
            "year: expected one of 2014, 2015, got 2013; ask for a later one",
        ),
        (
            InvalidValue("year", 2013, "a later year", "a file", "take 2014"),
            "year: expected a later year, got 2013 @ a file; take 2014",
        ),
        (
            MissingExtra("the command line", "click", "cli"),
            (
                "the command line needs the package click, which is not installed; "
                "install it with: pip install 'kipp-id[cli]'"
            ),
        ),
        (
            Faults([InvalidValue("a", 1, "2"), InvalidType("b", 3, "a text")]),
            "a: expected 2, got 1\nb: expected a text, got 3",
        ),
    ],
)
def test_the_text(error: KippError, text: str) -> None:
    assert str(error) == text


def test_a_long_value_is_cut_in_the_text_and_kept_whole() -> None:
    value = "x" * 1000
    error = InvalidValue("name", value, "a short text")

    assert len(str(error)) < 100
    assert error.value == value


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (InvalidValue("a", 1, "2"), ValueError),
        (InvalidType("a", 1, "2"), TypeError),
        (UnknownName("a", 1, "2"), LookupError),
        (MissingExtra("x", "click", "cli"), ImportError),
        (NotTwoValued("a Decision"), TypeError),
        (Faults([]), ValueError),
    ],
)
def test_each_is_also_the_fitting_builtin(error: KippError, builtin: type[Exception]) -> None:
    assert isinstance(error, builtin)
    assert isinstance(error, KippError)


@pytest.mark.parametrize(
    "error",
    [
        InvalidValue("a", 1, "2", "a file", "do that"),
        InvalidType("a", 1, "2", "a file", "do that"),
        UnknownName("a", 1, "2", "a file", "do that"),
        MissingExtra("x", "click", "cli"),
        NotTwoValued("a Decision"),
    ],
)
def test_pickling_keeps_everything(error: KippError) -> None:
    again = pickle.loads(pickle.dumps(error))

    assert type(again) is type(error)
    assert vars(again) == vars(error)
    assert str(again) == str(error)


def test_faults_survive_pickling_one_by_one() -> None:
    faults = Faults([InvalidValue("a", 1, "2"), UnknownName("b", 3, "4")])

    again = pickle.loads(pickle.dumps(faults))

    assert [str(each) for each in again.faults] == [str(each) for each in faults.faults]


def test_the_facts_are_attributes() -> None:
    error = UnknownName("year", 2013, "one of 2014", "a file", "take 2014")

    assert (error.name, error.value, error.expected, error.where, error.cure) == (
        "year",
        2013,
        "one of 2014",
        "a file",
        "take 2014",
    )
