"""The field of a cycle: counted once, the same whatever the order."""

from __future__ import annotations

import attrs
import pytest

from kipp.domain.agency import AgencyKey
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rulebooks import rulebook
from kipp.rules.decision import Outcome
from kipp.rules.field import field_of, group_of, held_reason, offered_reason, plain

OWNER = AgencyKey("kab-contoh")
OTHER = AgencyKey("kota-contoh")


def proposal(
    number: int, title: str, *, agency: AgencyKey = OWNER, withdrawn: bool = False
) -> Proposal:
    innovation = Innovation(id=f"i{number}", title=title, agency=agency)
    return Proposal(
        id=f"p{number}",
        innovation=innovation,
        cycle=2021,
        group=Group.GENERAL,
        withdrawn=withdrawn,
    )


A = proposal(1, "Si  Contoh")
B = proposal(2, "si contoh ")
C = proposal(3, "Lain", agency=OTHER)
GONE = proposal(4, "Si Contoh", withdrawn=True)


def test_counts() -> None:
    field = field_of([A, B, C, GONE], 2021)

    assert field.count(OWNER, Group.GENERAL) == 2
    assert field.count(OTHER, Group.GENERAL) == 1
    assert field.count(OWNER, None) == 0
    assert field.bearing(OWNER, "SI CONTOH") == 2
    assert field.bearing(OTHER, "Si Contoh") == 0
    assert set(field.proposals) == {"p1", "p2", "p3", "p4"}


def test_other_cycles_are_left_out() -> None:
    assert dict(field_of([attrs.evolve(A, cycle=2020)], 2021).proposals) == {}
    assert dict(field_of(field_of([A], 2021), 2020).proposals) == {}


def test_the_same_proposal_twice_counts_once() -> None:
    assert field_of([A, B, A], 2021).count(OWNER, Group.GENERAL) == 2


def test_two_proposals_of_one_id_are_refused() -> None:
    with pytest.raises(InvalidValue) as caught:
        field_of([A, attrs.evolve(B, id="p1")], 2021)

    assert str(caught.value) == "Proposal.id: expected one proposal per id, got 'p1'"


def test_a_field_is_taken_as_it_is() -> None:
    field = field_of([A], 2021)

    assert field_of(field, 2021) is field
    assert field.holding(A) is field
    assert field.holding(B).count(OWNER, Group.GENERAL) == 2
    assert field.holding(attrs.evolve(A, group=None)).count(OWNER, Group.GENERAL) == 0


def test_fields_are_equal_whatever_the_order() -> None:
    assert field_of([A, B], 2021) == field_of([B, A], 2021)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Si  Contoh", "si contoh"), (" SI\tCONTOH\n", "si contoh"), ("Straße", "strasse")],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


class TestTheGroupAProposalStandsIn:
    """As recorded; else the one pool of a cycle without groups; else nobody knows."""

    @pytest.mark.parametrize("cycle", range(2014, 2020))
    def test_one_pool(self, cycle: int) -> None:
        assert group_of(rulebook(cycle), None) is Group.GENERAL

    @pytest.mark.parametrize("cycle", [2020, 2021, 2022, 2023, 2024, 2025, 2026])
    def test_several_groups_or_none(self, cycle: int) -> None:
        assert group_of(rulebook(cycle), None) is None

    @pytest.mark.parametrize("group", Group)
    def test_as_recorded(self, group: Group) -> None:
        assert group_of(rulebook(2018), group) is group


@pytest.mark.parametrize(
    ("cycle", "groups"),
    [
        (2018, {Group.GENERAL}),
        (2020, set(Group)),
        (2021, set(Group)),
        (2022, {Group.GENERAL, Group.SPECIAL}),
        (2023, {Group.GENERAL, Group.SPECIAL}),
        (2024, set()),
        (2025, {Group.GENERAL, Group.REPLICATION}),
    ],
)
def test_groups_by_cycle(cycle: int, groups: set[Group]) -> None:
    """Three groups in 2020 and 2021, no replication in 2022 and 2023, no special in 2025."""
    reasons = {group: offered_reason(rulebook(cycle), group) for group in Group}

    assert {g for g, reason in reasons.items() if reason.outcome is Outcome.MET} == groups
    closed = {reason.code for g, reason in reasons.items() if g not in groups}
    assert closed <= {"GROUP_NOT_OFFERED"}


@pytest.mark.parametrize(
    ("cycle", "outcome"),
    [(2023, Outcome.MET), (2024, Outcome.NOT_MET), (2026, Outcome.UNKNOWN)],
)
def test_held(cycle: int, outcome: Outcome) -> None:
    assert held_reason(rulebook(cycle)).outcome is outcome
