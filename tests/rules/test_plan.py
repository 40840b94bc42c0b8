from __future__ import annotations

import pytest

from kipp.assumptions import example
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import InvalidType
from kipp.rulebooks import duty_book, rulebook
from kipp.rules.plan import plan


def open_paths(year: int, *, assumed: bool = False) -> dict[Stage, list[str]]:
    book = rulebook(year)
    stages = plan(book.assume(example(year)) if assumed else book)
    return {each.stage: [term.path for term in each.open] for each in stages if each.open}


class TestWhatIsOpen:
    """What nobody published is to be assumed, stage by stage."""

    def test_in_2021(self) -> None:
        found = open_paths(2021)

        assert found[Stage.OBJECTION] == ["selection.objections", "selection.withdrawals"]
        assert found[Stage.WINNERS] == [
            "composition.quota",
            "selection.carry_over",
            "selection.winners_by",
        ]
        assert Stage.VERIFICATION not in found
        assert "groups.general.criteria" in found[Stage.EVALUATION]

    def test_nothing_with_the_example(self) -> None:
        assert open_paths(2021, assumed=True) == {}

    def test_the_winners_of_2020_are_disputed(self) -> None:
        """45 by the decree, 46 by one page."""
        assert "held" not in open_paths(2020).get(Stage.REGISTERED, [])


class TestGroups:
    def test_without_a_word_those_that_are_open(self) -> None:
        """2022 had no replication group."""
        paths = [term.path for each in plan(rulebook(2022)) for term in each.asks]

        assert "groups.special.winners" in paths
        assert "groups.replication.winners" not in paths

    def test_those_asked_for(self) -> None:
        paths = [term.path for each in plan(rulebook(2021), [Group.SPECIAL]) for term in each.asks]

        assert "groups.special.winners" in paths
        assert "groups.general.winners" not in paths


def test_every_stage_in_order() -> None:
    assert [each.stage for each in plan(rulebook(2021))] == list(Stage)


def test_another_book() -> None:
    with pytest.raises(InvalidType, match="book"):
        plan(duty_book())
    with pytest.raises(InvalidType, match="groups"):
        plan(rulebook(2021), ["umum"])  # type: ignore[list-item]  # what is asked
