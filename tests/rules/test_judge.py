"""One proposal judged by everything its cycle asks, and by nothing else."""

from __future__ import annotations

import time

import attrs
import pytest

from kipp.domain.agency import Agency, AgencyKey, AgencyKind, DatedName
from kipp.domain.award import AwardHistory
from kipp.domain.cycle import Group
from kipp.domain.dates import Date
from kipp.domain.errors import InvalidValue
from kipp.domain.innovation import Innovation, Origin
from kipp.domain.proposal import Proposal
from kipp.rulebooks import rulebook
from kipp.rules import catalogue
from kipp.rules.decision import Judgement, Outcome
from kipp.rules.field import field_of
from kipp.rules.judge import judge

OWNER = AgencyKey("kab-contoh")
NEVER = AwardHistory(innovation="i")
CORE = {
    "participant",
    "group-offered",
    "minimum-age",
    "earlier-awards",
    "proposal-cap",
}


def proposal(number: int, cycle: int, group: Group | None = Group.GENERAL) -> Proposal:
    innovation = Innovation(
        id=f"i{number}",
        title=f"Contoh {number:04}",
        agency=AgencyKey(f"kab-contoh-{number % 300}"),
        started=Date(2010, 1, 1),
        origin=Origin.ORIGINAL,
    )
    return Proposal(id=f"p{number}", innovation=innovation, cycle=cycle, group=group)


def asked(judgement: Judgement) -> set[str]:
    return {decision.rule for decision in judgement.decisions}


PROPOSAL_RULES = {
    rule.id
    for rule in catalogue.RULES
    if rule.family in {"cap", "eligibility", "screening"} or rule.id == "replication-entry"
}


@pytest.mark.parametrize("cycle", [*range(2014, 2024), 2024, 2025, 2026])
def test_every_rule_about_a_proposal_is_asked_or_not_asked(cycle: int) -> None:
    judgement = judge(rulebook(cycle), proposal(1, cycle), history=NEVER)

    assert not asked(judgement) & set(judgement.not_asked)
    assert asked(judgement) | set(judgement.not_asked) == PROPOSAL_RULES


@pytest.mark.parametrize(
    ("cycle", "group", "beyond_the_core"),
    [
        (2017, None, {"submitted-in-time", "careful-answers", "title-once"}),
        (2019, None, {"submitted-in-time", "category-offered"}),
        (2021, Group.GENERAL, {"submitted-in-time", "category-offered"}),
        (2021, Group.REPLICATION, {"submitted-in-time", "category-offered", "replication-entry"}),
        (2021, Group.SPECIAL, {"submitted-in-time", "category-offered", "invitation"}),
        (2023, Group.GENERAL, {"submitted-in-time", "category-offered", "word-limit"}),
        (
            2025,
            None,
            {"submitted-in-time", "category-offered", "documents-complete"} | {"video-length"},
        ),
    ],
)
def test_what_a_cycle_asks(cycle: int, group: Group | None, beyond_the_core: set[str]) -> None:
    """Beyond the core only what the cycle's sources speak of."""
    judgement = judge(rulebook(cycle), proposal(1, cycle, group), history=NEVER)

    assert asked(judgement) == CORE | {"cycle-held"} | beyond_the_core


def test_2018_asks_for_a_goal() -> None:
    judgement = judge(rulebook(2018), proposal(1, 2018, None), history=NEVER)

    assert judgement.decision("sdg-link") is not None


def test_the_group_it_fits_is_told_beside_the_decisions() -> None:
    judgement = judge(rulebook(2021), proposal(1, 2021), history=NEVER)

    assert [each.value for each in judgement.classifications] == [Group.GENERAL]


def test_a_year_without_contest_asks_one_thing() -> None:
    judgement = judge(rulebook(2024), proposal(1, 2024), history=NEVER)

    assert asked(judgement) == {"cycle-held"}
    assert judgement.classifications == ()


def test_a_contest_that_does_not_say_it_was_held_is_not_asked_whether() -> None:
    """A file of one's own need not say so."""
    book = rulebook(2021)
    terms = {path: value for path, value in book.terms.items() if path != "held"}
    judgement = judge(attrs.evolve(book, terms=terms), proposal(1, 2021), history=NEVER)

    assert "cycle-held" in judgement.not_asked
    assert asked(judgement) >= CORE


class TestTheFieldAround:
    """The cap and the titles are counted over the proposals around, this one once."""

    def test_itself_counts_once(self) -> None:
        own = [attrs.evolve(proposal(1, 2021), id=f"p{number}") for number in range(10)]

        for others in (own, own[1:], field_of(own, 2021), field_of(own[1:], 2021)):
            decision = judge(rulebook(2021), own[0], history=NEVER, others=others).decision(
                "proposal-cap"
            )
            assert decision is not None
            assert dict(decision.reasons[0].values)["entered"] == 10

    def test_an_earlier_version_of_it_is_replaced(self) -> None:
        mine = proposal(1, 2021)
        before = attrs.evolve(mine, group=Group.SPECIAL)

        for others in ([before], field_of([before], 2021)):
            judgement = judge(rulebook(2021), mine, history=NEVER, others=others)
            decision = judgement.decision("proposal-cap")
            assert decision is not None
            assert dict(decision.reasons[0].values)["entered"] == 1

    def test_only_its_own_group_is_asked(self) -> None:
        """Six replicas of the agency are no matter for its general proposal."""
        replicas = [
            attrs.evolve(proposal(1, 2021, Group.REPLICATION), id=f"r{n}") for n in range(6)
        ]
        mine = proposal(1, 2021)

        decision = judge(rulebook(2021), mine, history=NEVER, others=replicas).decision(
            "proposal-cap"
        )
        assert decision is not None
        assert decision.outcome is Outcome.MET

    def test_a_group_not_recorded_is_asked_of_every_group(self) -> None:
        mine = proposal(1, 2021, None)

        decision = judge(rulebook(2021), mine, history=NEVER).decision("proposal-cap")
        assert decision is not None
        assert len(decision.reasons) == len(Group)


class TestMisuse:
    """What cannot be meant is refused before anything is judged."""

    def test_another_cycle(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            judge(rulebook(2021), proposal(1, 2020), history=NEVER)

        assert str(caught.value) == (
            "proposal.cycle: expected 2021, the cycle of the rulebook, got 2020 @ p1"
        )

    def test_another_agency(self) -> None:
        other = Agency(key=OWNER, kind=AgencyKind.CITY, names=(DatedName("Kota Contoh"),))
        with pytest.raises(InvalidValue) as caught:
            judge(rulebook(2021), proposal(1, 2021), history=NEVER, agency=other)

        assert str(caught.value) == (
            "agency: expected the agency kab-contoh-1, got 'kab-contoh' @ p1"
        )

    def test_two_proposals_of_one_id(self) -> None:
        twins = [attrs.evolve(proposal(2, 2021), withdrawn=gone) for gone in (True, False)]
        with pytest.raises(InvalidValue) as caught:
            judge(rulebook(2021), proposal(1, 2021), history=NEVER, others=twins)

        assert str(caught.value) == "Proposal.id: expected one proposal per id, got 'p2'"


def test_thousands_are_judged_in_linear_time() -> None:
    """The field of 2021 (3,178 registered), far below the time that counting anew would take."""
    entries = [proposal(number, 2021) for number in range(3178)]
    field = field_of(entries, 2021)
    began = time.perf_counter()

    outcomes = {
        judge(rulebook(2021), each, history=NEVER, others=field).outcome for each in entries
    }

    # Agencies 0 to 177 have eleven, one too many; of the others much is not recorded.
    assert outcomes == {Outcome.NOT_MET, Outcome.UNKNOWN}
    assert time.perf_counter() - began < 30
