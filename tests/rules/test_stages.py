from __future__ import annotations

import enum

import pytest

from kipp.domain.citation import Disputed, Evidence, NotFound, NotOpen, Unlimited
from kipp.domain.cycle import Stage
from kipp.domain.errors import InvalidValue
from kipp.rules.rulebook import Rulebook
from kipp.rules.stages import Halt, Terms
from tests.contest import cited, contest

PATH = "groups.general.winners"


def terms(book: Rulebook, accept: Evidence = Evidence.PRESS) -> Terms:
    return Terms(book, Stage.WINNERS, accept)


def halted(book: Rulebook, accept: Evidence = Evidence.PRESS) -> str:
    with pytest.raises(Halt) as caught:
        terms(book, accept).value(PATH)
    assert dict(caught.value.reason.values)["path"] == PATH
    assert [term.path for term in caught.value.reason.terms] == [PATH]
    return caught.value.reason.code


class TestAValueThatIsNeeded:
    """A value nobody published is asked of the caller; one too weak is not taken silently."""

    def test_is_read_and_remembered(self) -> None:
        reader = terms(contest({PATH: 45}))

        assert reader.value(PATH) == 45
        assert reader.value(PATH) == 45
        assert [term.path for term in reader.read] == [PATH]

    def test_not_found_halts(self) -> None:
        assert halted(contest(without=[PATH])) == "VALUE_NOT_FOUND"
        assert halted(contest({PATH: NotFound("the decree")})) == "VALUE_NOT_FOUND"

    @pytest.mark.parametrize(
        ("searched", "told"), [("the decree", {"searched": "the decree"}), ("", {})]
    )
    def test_says_what_was_searched(self, searched: str, told: dict[str, str]) -> None:
        with pytest.raises(Halt) as caught:
            terms(contest({PATH: NotFound(searched)})).value(PATH)

        where = {"path": PATH, "stage": Stage.WINNERS}
        assert dict(caught.value.reason.values) == {**where, **told}

    def test_disputed_halts(self) -> None:
        """2020: 45 winners by the decree, 46 by one regional page."""
        disputed = Disputed((cited(PATH, 45), cited(PATH, 46)))  # type: ignore[arg-type]  # cited() may give any state

        assert halted(contest({PATH: disputed})) == "VALUE_DISPUTED"

    @pytest.mark.parametrize(
        ("evidence", "accept", "code"),
        [
            (Evidence.PRESS, Evidence.PRESS, None),
            (Evidence.INFERRED, Evidence.PRESS, "VALUE_TOO_WEAK"),
            (Evidence.INFERRED, Evidence.INFERRED, None),
            (Evidence.PRESS, Evidence.MINISTRY, "VALUE_TOO_WEAK"),
            (Evidence.REGULATION, Evidence.REGULATION, None),
        ],
    )
    def test_weaker_than_accepted_halts(
        self, evidence: Evidence, accept: Evidence, code: str | None
    ) -> None:
        book = contest({PATH: cited(PATH, 45, evidence)})

        if code is None:
            assert terms(book, accept).value(PATH) == 45
        else:
            assert halted(book, accept) == code

    def test_what_the_caller_assumed_is_accepted(self) -> None:
        book = contest(without=[PATH]).reform({PATH: 45}, name="as in 2019")

        assert terms(book, Evidence.REGULATION).value(PATH) == 45

    @pytest.mark.parametrize("state", [Unlimited, NotOpen])
    def test_no_number_where_one_is_needed(self, state: type[Unlimited | NotOpen]) -> None:
        book = contest({PATH: state(cited(PATH, 1).citations)})

        with pytest.raises(InvalidValue, match=f"{PATH}: expected a stated value"):
            terms(book).value(PATH)


class TestAValueThatMayBeThere:
    """A pass mark applies where the rulebook has one (2025: 85)."""

    PASS = "evaluation.pass_mark"

    def test_stated(self) -> None:
        assert terms(contest({self.PASS: 85})).optional(self.PASS) == 85

    def test_absent(self) -> None:
        no_limit = Unlimited(cited(self.PASS, 1).citations)

        assert terms(contest()).optional(self.PASS) is None
        assert terms(contest({self.PASS: no_limit})).optional(self.PASS) is None

    def test_too_weak(self) -> None:
        inferred = cited(self.PASS, 85, Evidence.INFERRED)

        with pytest.raises(Halt):
            terms(contest({self.PASS: inferred})).optional(self.PASS)


class Colour(enum.StrEnum):
    RED = "red"
    GREEN = "green"


class TestWords:
    """Words of a rulebook that this version does not know are refused, not guessed at."""

    THEME = "theme"

    def test_a_known_one(self) -> None:
        assert terms(contest({self.THEME: "green"})).choice(self.THEME, Colour) is Colour.GREEN

    def test_another(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            terms(contest({self.THEME: "blue"})).choice(self.THEME, Colour)

        assert str(caught.value) == (
            "theme: expected one of red, green, got 'blue' @ made-up contest"
        )
