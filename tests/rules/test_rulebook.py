"""A rulebook is a frozen value; a reform makes another and shows on everything it changed."""

from __future__ import annotations

import pickle

import attrs
import pytest

from kipp.domain.citation import (
    Citation,
    Cited,
    Disputed,
    Evidence,
    NotFound,
    NotOpen,
    Source,
    Term,
    Unlimited,
    Value,
    cited,
)
from kipp.domain.dates import Period
from kipp.domain.errors import Faults, InvalidType, InvalidValue, UnknownName
from kipp.rulebooks import duty_book, rulebook
from kipp.rules.rulebook import Assumption, Change, Rulebook, diff
from kipp.rules.terms import BookKind

CAP = "groups.general.cap"
AGE = "groups.general.minimum_age"
DECREE = (Citation(Source(key="decree", title="Decree"), Evidence.REGULATION),)


def book(terms: dict[str, Value[object]], year: int = 2030) -> Rulebook:
    return Rulebook(kind=BookKind.CYCLE, name=f"KIPP {year}", year=year, terms=terms)


class TestReading:
    """A rule reads a value together with its path."""

    def test_a_filled_path(self) -> None:
        term = rulebook(2021).term(CAP)

        assert term.path == CAP
        assert list(cited(term.value)) == [10]
        assert rulebook(2021)[CAP] == term.value

    def test_a_path_nobody_filled(self) -> None:
        value = rulebook(2021)["ties.cascade"]

        assert value == NotFound("the sources of KIPP 2021: none was seen to state ties.cascade")

    def test_a_path_that_does_not_exist(self) -> None:
        with pytest.raises(UnknownName, match=r"got 'groups\.general\.caps' @ KIPP 2021"):
            rulebook(2021).term("groups.general.caps")

    def test_a_contest_that_was_not_held(self) -> None:
        held = Cited(False, DECREE, "Paused.")

        asked = book({"held": held})

        assert asked[CAP] == NotOpen(DECREE, "Paused.")
        assert asked["theme"] == NotOpen(DECREE, "Paused.")
        assert asked["held"] == held

    def test_a_contest_that_was_held(self) -> None:
        assert isinstance(book({"held": Cited(True, DECREE)})[CAP], NotFound)

    @pytest.mark.parametrize(
        "closed", [NotOpen(DECREE, "One pool."), Cited(False, DECREE, "One pool.")]
    )
    def test_a_group_that_was_not_offered(self, closed: Value[bool]) -> None:
        asked = book({"groups.special.offered": closed, "groups.special.winners": Cited(5, DECREE)})

        assert asked["groups.special.cap"] == NotOpen(DECREE, "One pool.")
        assert asked["groups.special.offered"] == closed
        assert asked["groups.special.winners"] == Cited(5, DECREE)
        assert isinstance(asked[CAP], NotFound)
        assert isinstance(asked["theme"], NotFound)

    def test_a_contest_of_which_nothing_is_known(self) -> None:
        assert isinstance(rulebook(2026)["groups.special.cap"], NotFound)


class TestValue:
    """Equal, hashable, picklable, and nothing in it can be changed."""

    def test_order_of_terms_does_not_matter(self) -> None:
        one = book({CAP: Cited(1, DECREE), AGE: Cited(Period(1), DECREE)})
        other = book({AGE: Cited(Period(1), DECREE), CAP: Cited(1, DECREE)})

        assert one == other
        assert hash(one) == hash(other)
        assert list(one) == list(other) == [CAP, AGE]

    def test_what_makes_a_difference(self) -> None:
        one = book({CAP: Cited(1, DECREE)})

        assert one != book({CAP: Cited(2, DECREE)})
        assert one != book({CAP: Cited(1, DECREE)}, year=2031)
        assert one != one.reform({}, name="nothing")
        assert one != "KIPP 2030"

    def test_pickling(self) -> None:
        one = rulebook(2021).reform({CAP: 3}, name="three")

        assert pickle.loads(pickle.dumps(one)) == one

    def test_frozen(self) -> None:
        one = book({})

        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            one.name = "x"  # type: ignore[misc]  # the point of the test
        with pytest.raises(TypeError):
            one.terms[CAP] = Cited(1, DECREE)  # type: ignore[index]  # the point of the test

    def test_the_text_names_the_book_and_leaves_the_terms_out(self) -> None:
        shown = repr(rulebook(2021).reform({CAP: 3}, name="three"))

        assert "name='KIPP 2021', year=2021, reforms=('three',)" in shown

    def test_the_mapping_given_stays_the_callers(self) -> None:
        terms: dict[str, Value[object]] = {CAP: Cited(1, DECREE)}
        one = book(terms)

        terms[AGE] = Unlimited(DECREE)

        assert list(one) == [CAP]


class TestReform:
    """A reform is a mapping of paths to values; what it changed is marked as assumed."""

    def test_the_baseline_is_untouched(self) -> None:
        before = rulebook(2021)
        kept = dict(before.terms)

        after = before.reform({CAP: 3}, name="at most three")

        assert dict(before.terms) == kept
        assert before.reforms == ()
        assert after.reforms == ("at most three",)
        assert list(cited(after[CAP])) == [3]
        assert after.term(CAP).evidence is Evidence.ASSUMED
        assert [c.source.title for c in after[CAP].citations] == ["at most three"]

    def test_two_reforms_both_survive(self) -> None:
        after = (
            rulebook(2021)
            .reform({CAP: 3}, name="three")
            .reform({"groups.replication.cap": 1}, name="one")
        )

        assert list(cited(after[CAP])) == [3]
        assert list(cited(after["groups.replication.cap"])) == [1]
        assert after.reforms == ("three", "one")

    def test_plain_data_as_in_a_file(self) -> None:
        after = rulebook(2021).reform({AGE: "P1Y"}, name="one year")

        assert list(cited(after[AGE])) == [Period(years=1)]

    @pytest.mark.parametrize(
        ("given", "state"),
        [
            (Unlimited(DECREE), Unlimited),
            (NotOpen(DECREE), NotOpen),
            (NotFound("taken away"), NotFound),
            (Cited(7, DECREE), Cited),
        ],
    )
    def test_a_state_of_a_value(self, given: Value[int], state: type) -> None:
        value = rulebook(2021).reform({CAP: given}, name="what if")[CAP]

        assert isinstance(value, state)
        assert value.evidence in {Evidence.ASSUMED, None}

    def test_all_faults_at_once_and_nothing_done(self) -> None:
        with pytest.raises(Faults) as caught:
            rulebook(2021).reform({CAP: "ten", "cap": 1, AGE: None, "theme": "x"}, name="broken")

        assert str(caught.value).splitlines() == [
            f"{CAP}: expected a whole number from 0, got 'ten' @ KIPP 2021, broken",
            (
                "path: expected a path of a cycle rulebook, got 'cap' @ KIPP 2021, broken; did you "
                "mean groups.general.cap, groups.replication.cap, groups.special.cap?"
            ),
            f"{AGE}: expected a period such as P1Y, got None @ KIPP 2021, broken",
        ]

    @pytest.mark.parametrize("blank", ["", " \n"])
    def test_a_reform_has_a_name_and_an_assumption_a_reason(self, blank: str) -> None:
        with pytest.raises(InvalidValue, match="name: expected a text that is not blank"):
            rulebook(2021).reform({CAP: 1}, name=blank)
        with pytest.raises(Faults, match=f"{CAP}.why: expected a text that is not blank"):
            rulebook(2021).assume([Assumption(CAP, 1, blank)])

    def test_holding_a_contest_that_was_not_held(self) -> None:
        after = rulebook(2024).reform({"held": True}, name="held after all")

        assert isinstance(after[CAP], NotFound)

    def test_assumptions_keep_their_sentence(self) -> None:
        after = rulebook(2021).assume([Assumption("marks.highest", 100, "Marks go to a hundred.")])

        value = after["marks.highest"]
        assert isinstance(value, Cited)
        assert value.note == "Marks go to a hundred."
        assert [c.source.title for c in value.citations] == ["Marks go to a hundred."]
        assert after.reforms == ("assumptions",)


class TestDiff:
    """Every path two rulebooks fill differently, both sides with their sources."""

    def test_the_cap_was_new_in_2021(self) -> None:
        changes = {change.path: change for change in diff(rulebook(2020), rulebook(2021))}

        assert changes[CAP] == Change(CAP, rulebook(2020)[CAP], rulebook(2021)[CAP])

    def test_another_source_for_the_same_value_is_no_difference(self) -> None:
        other = (Citation(Source(key="news", title="A newspaper"), Evidence.PRESS),)

        assert diff(book({CAP: Cited(1, DECREE, "a")}), book({CAP: Cited(1, other, "b")})) == ()

    def test_disputes_differ_by_their_readings(self) -> None:
        def disputed(*values: int) -> Rulebook:
            return book({CAP: Disputed(tuple(Cited(value, DECREE) for value in values))})

        assert diff(disputed(1, 2), disputed(1, 2)) == ()
        assert [change.path for change in diff(disputed(1, 2), disputed(1, 3))] == [CAP]
        assert [change.path for change in diff(disputed(1, 2), book({CAP: Cited(1, DECREE)}))] == [
            CAP
        ]

    def test_years_inside_paths_are_compared(self) -> None:
        before = duty_book()
        after = before.reform({"create.minimum.2024": 1}, name="also in 2024")

        assert [change.path for change in diff(before, after)] == ["create.minimum.2024"]

    def test_kinds_do_not_compare(self) -> None:
        with pytest.raises(InvalidType, match="a rulebook of kind cycle"):
            diff(rulebook(2021), duty_book())


def test_a_term_of_a_reform_says_what_it_rests_on() -> None:
    term = rulebook(2021).reform({CAP: 3}, name="three").term(CAP)

    assert term == Term(CAP, Cited(3, term.citations, "three"))
