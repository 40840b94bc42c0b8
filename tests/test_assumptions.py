"""The example assumptions for 2021, with the packaged rulebook of that year."""

from __future__ import annotations

from importlib import resources
from random import Random

import pytest

from kipp.assumptions import example, items, read
from kipp.domain.assessment import OVERALL, ScoreSheet
from kipp.domain.citation import Evidence, NotFound
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import InvalidValue, UnknownName
from kipp.domain.proposal import Proposal
from kipp.rulebooks import rulebook
from kipp.rules.decision import Outcome
from kipp.rules.rulebook import Assumption, Rulebook
from kipp.rules.selection import Selection, select
from tests.contest import entry, stated

ITEMS = "abcdefghi"
FIELD = {Group.GENERAL: 300, Group.REPLICATION: 40, Group.SPECIAL: 40}
ASPECTS = (
    "summary",
    "background_aims",
    "novelty_added_value",
    "implementation",
    "significance",
    "adaptability",
    "resources",
    "sustainability",
)


def field() -> list[Proposal]:
    return [
        entry(f"Contoh {group.key} {number:04}", group)
        for group, count in FIELD.items()
        for number in range(count)
    ]


def sheets(proposals: list[Proposal]) -> list[ScoreSheet]:
    """Coarse marks, so that every cut meets a tie."""
    luck = Random(2021)
    found = []
    for proposal in proposals:
        found += [
            sheet(proposal, Stage.EVALUATION, each, dict.fromkeys(ASPECTS, luck.randint(60, 75)))
            for each in ("E1", "E2")
        ]
        found += [
            sheet(proposal, stage, "panel", {OVERALL: luck.randint(60, 66)})
            for stage in (Stage.FINALISTS, Stage.PANEL)
        ]
    return found


def sheet(proposal: Proposal, stage: Stage, assessor: str, marks: dict[str, int]) -> ScoreSheet:
    return ScoreSheet(proposal=proposal.id, stage=stage, assessor=assessor, marks=marks)


PROPOSALS = field()
SHEETS = sheets(PROPOSALS)


def without(*letters: str) -> Rulebook:
    kept = [each for letter, item in items(2021).items() if letter not in letters for each in item]
    return rulebook(2021).assume(kept)


def whole_run(book: Rulebook) -> Selection:
    return select(book, PROPOSALS, SHEETS, screened=lambda proposal: Outcome.MET)


class TestTheExample:
    def test_has_nine_items(self) -> None:
        assert "".join(items(2021)) == ITEMS

    def test_is_flat(self) -> None:
        assert example(2021) == tuple(each for item in items(2021).values() for each in item)

    def test_each_path_once(self) -> None:
        paths = [each.path for each in example(2021)]

        assert len(set(paths)) == len(paths)

    def test_both_languages_assume_the_same_and_say_why_each_in_its_own(self) -> None:
        indonesian, english = example(2021), example(2021, "en")

        assert [(each.path, each.value) for each in indonesian] == [
            (each.path, each.value) for each in english
        ]
        assert not {each.why for each in indonesian} & {each.why for each in english}
        assert example(2021, "id") == indonesian
        assert {each.path: each.why for each in english}["marks.quantum"] == (
            "No scale of marks was published; whole marks are the plainest."
        )

    @pytest.mark.parametrize("lang", ["jv", ""])
    def test_another_language(self, lang: str) -> None:
        with pytest.raises(UnknownName, match="lang: expected one of id, en"):
            example(2021, lang)

    @pytest.mark.parametrize(
        "assumption", [*example(2021), *example(2021, "en")], ids=lambda each: each.why
    )
    def test_one_sentence_why(self, assumption: Assumption) -> None:
        why = assumption.why

        assert why.endswith(".")
        assert len(why.split()) > 5

    @pytest.mark.parametrize("assumption", example(2021), ids=lambda each: each.path)
    def test_assumes_only_what_the_law_did_not_publish(self, assumption: Assumption) -> None:
        """The closing zone is inferred, everything else was not found."""
        value = rulebook(2021)[assumption.path]

        assert isinstance(value, NotFound) or value.evidence is Evidence.INFERRED

    def test_the_weights_of_2023_add_up_to_a_hundred(self) -> None:
        """summary 0, background 10, novelty 15, implementation 5, significance 30,
        adaptability 20, resources 5, sustainability 15."""
        book = rulebook(2021).assume(example(2021))

        for group in Group:
            criteria = stated(book, f"groups.{group.key}.criteria")
            assert [int(each.weight) for each in criteria] == [0, 10, 15, 5, 30, 20, 5, 15]
            assert tuple(each.key for each in criteria) == ASPECTS

    def test_nominees_are_twice_the_places(self) -> None:
        book = rulebook(2021).assume(example(2021))

        for group in Group:
            nominees = stated(book, f"groups.{group.key}.nominees")
            finalists = stated(book, f"groups.{group.key}.finalists")
            assert nominees == 2 * finalists

    def test_a_year_without_example(self) -> None:
        with pytest.raises(UnknownName) as caught:
            example(2020)

        assert str(caught.value) == (
            "year: expected a cycle with example assumptions (2021), got 2020"
        )


class TestAWholeRunOf2021:
    def test_reaches_the_winners(self) -> None:
        """198 + 30 + 30 nominees, 99 + 15 + 15 finalists, 45 + 5 + 5 winners."""
        found = whole_run(without())
        sizes = {
            stage: [len(found.selected(stage, group)) for group in Group]
            for stage in (Stage.NOMINATION, Stage.FINALISTS, Stage.WINNERS)
        }

        assert found.stopped is None
        assert sizes == {
            Stage.NOMINATION: [198, 30, 30],
            Stage.FINALISTS: [99, 15, 15],
            Stage.WINNERS: [45, 5, 5],
        }

    def test_shows_every_assumption(self) -> None:
        """All three groups are in it and a draw was needed, so that every one was read."""
        found = whole_run(without())

        assert {term.path for term in found.assumptions} == {each.path for each in example(2021)}

    def test_every_cut_met_a_tie(self) -> None:
        assert {each.stage for each in whole_run(without()).settlements} == {
            Stage.NOMINATION,
            Stage.FINALISTS,
            Stage.WINNERS,
        }

    @pytest.mark.parametrize(
        ("letter", "stage", "code"),
        [
            ("a", Stage.EVALUATION, "VALUE_NOT_FOUND"),
            ("b", Stage.EVALUATION, "VALUE_NOT_FOUND"),
            ("c", Stage.NOMINATION, "VALUE_NOT_FOUND"),
            ("d", Stage.FINALISTS, "VALUE_NOT_FOUND"),
            ("e", Stage.NOMINATION, "VALUE_NOT_FOUND"),
            ("f", Stage.SCREENING, "VALUE_NOT_FOUND"),
            ("g", Stage.OBJECTION, "VALUE_NOT_FOUND"),
            ("h", Stage.SCREENING, "VALUE_TOO_WEAK"),
            ("i", Stage.NOMINATION, "VALUE_NOT_FOUND"),
        ],
    )
    def test_without_one_it_stops_where_it_is_needed(
        self, letter: str, stage: Stage, code: str
    ) -> None:
        found = whole_run(without(letter))

        assert found.stopped is not None
        assert found.stopped.stage is stage
        assert set(found.stopped.paths) <= {each.path for each in items(2021)[letter]}
        assert found.stopped.paths
        assert found.stopped.reasons[-1].code == code
        assert found.winners == ()

    @pytest.mark.parametrize("assumption", example(2021), ids=lambda each: each.path)
    def test_each_path_is_needed(self, assumption: Assumption) -> None:
        path = assumption.path
        kept = [each for each in example(2021) if each.path != path]
        found = whole_run(rulebook(2021).assume(kept))

        assert found.stopped is not None
        assert found.stopped.paths == (path,)

    def test_the_inferred_zone_may_be_accepted(self) -> None:
        book = without("h")
        found = select(
            book,
            PROPOSALS,
            SHEETS,
            screened=lambda proposal: Outcome.MET,
            accept=Evidence.INFERRED,
        )

        assert found.stopped is None


class TestAFileOfYourOwn:
    """Assumptions in the form of the packaged example."""

    LINE = '"groups.general.nominees" = { value = 198, why = "Dua kali.", why_en = "Twice." }\n'

    def test_the_example_itself(self) -> None:
        text = (resources.files("kipp.rulebooks") / "assumptions" / "2021.toml").read_text("utf-8")

        assert read(text) == example(2021)
        assert read(text, "en") == example(2021, "en")

    @pytest.mark.parametrize("head", ["", "[places]\ntitle = 'Places'\n"])
    @pytest.mark.parametrize(("lang", "why"), [("id", "Dua kali."), ("en", "Twice.")])
    def test_a_line_at_the_top_or_in_a_table(self, head: str, lang: str, why: str) -> None:
        assert read(head + self.LINE, lang) == (Assumption("groups.general.nominees", 198, why),)

    def test_the_one_sentence_there_is_serves_both_languages(self) -> None:
        (found,) = read('"theme" = { value = "x", why = "Sebab." }', "en")

        assert found.why == "Sebab."

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("x = ", "mine.toml: expected TOML"),
            ("theme = 1", "theme: expected a table with value, why"),
            ("theme = { value = 1 }", "theme: expected a table with value, why"),
            ('theme = { value = 1, why = "x", who = "y" }', "theme: expected a table with value"),
        ],
    )
    def test_another_form(self, text: str, said: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            read(text, source="mine.toml")

        assert str(caught.value).startswith(said)
