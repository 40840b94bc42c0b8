from __future__ import annotations

from typing import Any

import pytest

from kipp.domain.agency import AgencyKey
from kipp.domain.assessment import Assessor, Relation, RelationKind
from kipp.domain.cycle import Stage
from kipp.domain.errors import Faults, InvalidType
from kipp.domain.selection import Exit, Standing
from kipp.rules.decision import Outcome
from kipp.rules.rulebook import Rulebook
from kipp.rules.selection import select
from kipp.rules.terms import BookKind
from tests.contest import contest, entry, evaluated, panel_mark


def faults(**given: Any) -> list[str]:
    given.setdefault("proposals", [entry("p")])
    given.setdefault("sheets", [])
    with pytest.raises(Faults) as caught:
        select(contest(), screened={}, **given)
    return [str(fault) for fault in caught.value.faults]


class TestBadInput:
    """A faulty input selects nobody: every fault is named, with record and field."""

    def test_a_proposal_twice(self) -> None:
        assert faults(proposals=[entry("p"), entry("p")]) == [
            "Proposal.id: expected an id nobody else has, got 'p'"
        ]

    def test_a_proposal_of_another_cycle(self) -> None:
        assert faults(proposals=[entry("p", cycle=2020)]) == [
            "Proposal.cycle: expected 2021, got 2020 @ p"
        ]

    def test_a_sheet_twice(self) -> None:
        assert faults(sheets=[evaluated("p", 1, 1), evaluated("p", 2, 2)]) == [
            "ScoreSheet.assessor: expected one sheet each, got 'E1' @ p, penilaian tim evaluasi, E1"
        ]

    def test_a_sheet_of_nobody(self) -> None:
        assert faults(sheets=[evaluated("q", 1, 1)]) == [
            "ScoreSheet.proposal: expected an entered one, got 'q' @ q, penilaian tim evaluasi, E1"
        ]

    def test_a_sheet_at_a_stage_without_marks(self) -> None:
        (found,) = faults(sheets=[panel_mark("p", Stage.OBJECTION, 80)])

        assert found == (
            "ScoreSheet.stage: expected one of penilaian tim evaluasi, finalis, "
            "tim panel independen, got 'uji publik' @ p, uji publik, P1"
        )

    def test_an_assessor_who_is_not_listed(self) -> None:
        found = faults(sheets=[evaluated("p", 1, 1)], assessors=[Assessor(key="E2")])

        assert found == [
            "ScoreSheet.assessor: expected a listed one, got 'E1' @ p, penilaian tim evaluasi, E1"
        ]

    def test_an_assessor_twice(self) -> None:
        assert faults(assessors=[Assessor(key="E1"), Assessor(key="E1")]) == [
            "Assessor.key: expected a key nobody else has, got 'E1'"
        ]

    def test_a_juror_marking_own_agency(self) -> None:
        bound = Relation(AgencyKey("kemkes"), RelationKind.WORKS_THERE)
        (found,) = faults(
            proposals=[entry("p", agency="kemkes"), entry("q", agency="kemenkeu")],
            sheets=[evaluated("p", 1, 1), evaluated("q", 1, 1)],
            assessors=[Assessor(key="E1", relations=(bound,))],
        )

        assert found == (
            "ScoreSheet.assessor: expected nobody bound to kemkes, got 'E1'"
            " @ p, penilaian tim evaluasi, E1"
        )

    def test_an_exit_of_nobody_and_a_second_one(self) -> None:
        out = Exit(proposal="p", stage=Stage.OBJECTION, standing=Standing.WITHDRAWN)
        other = Exit(proposal="q", stage=Stage.OBJECTION, standing=Standing.WITHDRAWN)

        assert faults(exits=[out, other, out]) == [
            "Exit.proposal: expected an entered proposal, got 'q'",
            "Exit.proposal: expected one exit each, got 'p'",
        ]

    def test_what_is_said_of_nobody(self) -> None:
        said = faults(traits={"q": {"cluster": "city"}}, visited=["r"])

        assert said == [
            "traits: expected an entered proposal, got 'q'",
            "visited: expected an entered proposal, got 'r'",
        ]
        with pytest.raises(Faults, match="screened: expected an entered proposal, got 'q'"):
            select(contest(), [entry("p")], [], screened={"q": Outcome.MET})

    def test_everything_at_once(self) -> None:
        found = faults(
            proposals=[entry("p", cycle=2020), entry("p")],
            sheets=[evaluated("q", 1, 1)],
            assessors=[Assessor(key="E1"), Assessor(key="E1")],
        )

        assert len(found) == 4

    def test_a_mark_off_the_scale(self) -> None:
        with pytest.raises(Faults, match=r"marks\.novelty: expected a mark from 0 to 100"):
            select(
                contest(),
                [entry("p")],
                [evaluated("p", 101, 0)],
                screened=lambda proposal: Outcome.MET,
            )

    def test_a_rulebook_of_another_kind(self) -> None:
        hubs = Rulebook(kind=BookKind.HUBS, name="hubs", terms={})

        with pytest.raises(InvalidType, match="book: expected the rulebook of a cycle, got 'hubs'"):
            select(hubs, [], [], screened={})

    def test_a_rulebook_of_no_year(self) -> None:
        nameless = Rulebook(kind=BookKind.CYCLE, name="every year", terms={})

        with pytest.raises(InvalidType, match="the rulebook of a cycle"):
            select(nameless, [], [], screened={})


def test_a_sheet_of_a_proposal_without_a_group_is_left_aside() -> None:
    """Its group decides which criteria hold; while that is not recorded nothing is scored."""
    found = select(
        contest(),
        [entry("p", group=None)],
        [evaluated("p", 500, 500)],
        screened={},
        assessors=[Assessor(key="E1")],
    )

    assert [result.code for result in found.final] == ["FACT_NOT_RECORDED"]
