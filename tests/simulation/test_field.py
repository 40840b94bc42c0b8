"""The made-up field: its sizes are those asked for, and nothing in it can pass for the record."""

from __future__ import annotations

from collections import Counter

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp import assumptions
from kipp.domain.agency import AgencyKind
from kipp.domain.citation import NotFound
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import InvalidValue
from kipp.registry import registry
from kipp.rulebooks import rulebook
from kipp.rules.rulebook import Rulebook
from kipp.simulation.field import Funnel, Spread, make_up
from kipp.simulation.field import _shares as shares

SPREAD = Spread(quality=(40, 60), noise=10, extra_days=100, sdg_goals=17)
KINDS = {AgencyKind.REGENCY: 2, AgencyKind.CITY: 1}
GROUPS = {Group.GENERAL: 8, Group.REPLICATION: 1, Group.SPECIAL: 1}


def funnel(registered: int, submitted: int, passed: int) -> Funnel:
    return Funnel(
        registered=registered, submitted=submitted, passed=passed, kinds=KINDS, groups=GROUPS
    )


def assumed() -> Rulebook:
    return rulebook(2021).assume(assumptions.example(2021))


@given(
    total=st.integers(0, 10_000),
    weights=st.dictionaries(st.text(max_size=2), st.integers(1, 99), min_size=1, max_size=6),
)
def test_shares_add_up_and_stay_within_one_of_the_proportion(
    total: int, weights: dict[str, int]
) -> None:
    found = shares(total, weights)

    assert sum(found.values()) == total
    assert found.keys() == weights.keys()
    whole = sum(weights.values())
    assert all(abs(found[key] * whole - total * weights[key]) < whole for key in weights)


@pytest.mark.parametrize("steps", [(1, 2, 0), (2, 1, 2), (1, 1, -1)])
def test_a_funnel_only_narrows(steps: tuple[int, int, int]) -> None:
    with pytest.raises(InvalidValue, match="registered >= submitted >= passed"):
        funnel(*steps)


class TestTheField:
    """A field of 200: 60 late, 40 that fail otherwise, 100 that pass."""

    made = make_up(registry(), assumed(), funnel(200, 140, 100), SPREAD, seed="a")

    def test_sizes_and_groups(self) -> None:
        groups = Counter(proposal.group for proposal in self.made.proposals)

        assert groups == {Group.GENERAL: 160, Group.REPLICATION: 20, Group.SPECIAL: 20}

    def test_titles_are_made_up_and_numbered(self) -> None:
        titles = [proposal.title for proposal in self.made.proposals]

        assert titles == [f"Contoh {number:03d}" for number in range(1, 201)]

    def test_no_agency_is_over_its_cap(self) -> None:
        entered = Counter((each.agency, each.group) for each in self.made.proposals)

        assert all(count <= 10 for (_, group), count in entered.items() if group is Group.GENERAL)
        assert all(
            count <= 5 for (_, group), count in entered.items() if group is Group.REPLICATION
        )

    def test_sixty_are_late(self) -> None:
        """The last announced close of 2021 is 11 May."""
        late = [each for each in self.made.proposals if str(each.submitted_at)[:10] > "2021-05-11"]

        assert len(late) == 60

    def test_marks_lie_where_the_settings_say(self) -> None:
        marks = [mark for sheet in self.made.sheets for _, mark in sheet.marks]

        assert all(30 <= mark <= 70 for mark in marks)
        assert {sheet.stage for sheet in self.made.sheets} == {
            Stage.EVALUATION,
            Stage.FINALISTS,
            Stage.PANEL,
        }

    def test_no_agency_is_made_up(self) -> None:
        known = registry().by_key

        assert all(each.agency in known for each in self.made.proposals)

    def test_the_same_seed_gives_the_same_field_and_another_another(self) -> None:
        again = make_up(registry(), assumed(), funnel(200, 140, 100), SPREAD, seed="a")
        other = make_up(registry(), assumed(), funnel(200, 140, 100), SPREAD, seed="b")

        assert again == self.made
        assert other.proposals != self.made.proposals


def test_without_an_announced_close_there_is_no_field() -> None:
    book = assumed()
    terms = {**book.terms, "schedule.registration_closes": NotFound("nothing")}

    with pytest.raises(InvalidValue, match="an announced close"):
        make_up(registry(), attrs.evolve(book, terms=terms), funnel(1, 1, 1), SPREAD, seed="a")


def test_more_proposals_than_the_caps_allow_are_refused() -> None:
    with pytest.raises(InvalidValue, match="at most"):
        make_up(registry(), assumed(), funnel(100_000, 1, 1), SPREAD, seed="a")
