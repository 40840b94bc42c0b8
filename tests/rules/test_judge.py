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
from kipp.rules.screening import CARELESS_REASON
from kipp.rules.terms import BookKind
from tests.fiscal import disputed

OWNER = AgencyKey("kab-contoh")
NEVER = AwardHistory(innovation="i")
CORE = {
    "participant",
    "group-offered",
    "minimum-age",
    "earlier-awards",
    "proposal-cap",
    "innovation-once",
    "still-entered",
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


@pytest.mark.parametrize("cycle", [*range(2014, 2024), 2025])
def test_careless_answers_and_titles_are_asked_where_a_source_lists_them(cycle: int) -> None:
    """2017 and 2018; a list nobody found (2021) or could read to its end (2022) states no rule."""
    judgement = judge(rulebook(cycle), proposal(1, cycle), history=NEVER)

    both = {"careful-answers", "title-once"}
    assert asked(judgement) & both == (both if cycle in (2017, 2018) else set())
    assert set(judgement.not_asked) & both == (set() if cycle in (2017, 2018) else both)


def test_a_list_in_dispute_is_asked_about() -> None:
    path = "screening.fail_reasons"
    listed = disputed(BookKind.CYCLE, path, ["younger than one year"], [CARELESS_REASON])
    book = rulebook(2021)
    book = attrs.evolve(book, terms={**book.terms, path: listed})

    assert "careful-answers" in asked(judge(book, proposal(1, 2021), history=NEVER))


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


class TestWhoLeft:
    """A proposal that left is judged like another, and the judgement says that it left."""

    @pytest.mark.parametrize(
        ("withdrawn", "disqualified", "codes"),
        [
            (False, False, ("STILL_ENTERED",)),
            (True, False, ("WITHDRAWN",)),
            (False, True, ("DISQUALIFIED",)),
            (True, True, ("WITHDRAWN", "DISQUALIFIED")),
        ],
    )
    @pytest.mark.parametrize("cycle", [2014, 2021, 2025])
    def test_is_a_finding_of_its_own(
        self, withdrawn: bool, disqualified: bool, codes: tuple[str, ...], cycle: int
    ) -> None:
        staying = proposal(1, cycle)
        mine = attrs.evolve(staying, withdrawn=withdrawn, disqualified=disqualified)
        judgement = judge(rulebook(cycle), mine, history=NEVER)

        decision = judgement.decision("still-entered")
        assert decision is not None
        assert decision.codes == codes
        assert decision.outcome is (Outcome.NOT_MET if withdrawn or disqualified else Outcome.MET)
        assert asked(judgement) == asked(judge(rulebook(cycle), staying, history=NEVER))


class TestOneInnovationTwice:
    """No source says whether an agency may enter an innovation twice: a person has to look."""

    def found(self, other: Proposal, mine: Proposal | None = None) -> tuple[Outcome, object]:
        mine = mine or proposal(1, 2021)
        decision = judge(rulebook(2021), mine, history=NEVER, others=[other]).decision(
            "innovation-once"
        )
        assert decision is not None
        return decision.outcome, dict(decision.reasons[0].values)["also"]

    def test_by_one_agency_in_one_cycle(self) -> None:
        again = attrs.evolve(proposal(1, 2021, Group.REPLICATION), id="q")

        assert self.found(again) == (Outcome.UNKNOWN, 1)

    def test_itself_is_no_second_one(self) -> None:
        assert self.found(proposal(1, 2021)) == (Outcome.MET, 0)

    @pytest.mark.parametrize(
        "other",
        [
            attrs.evolve(proposal(1, 2021), id="q", withdrawn=True),
            attrs.evolve(proposal(1, 2020), id="q"),
            proposal(2, 2021),
            attrs.evolve(
                proposal(1, 2021),
                id="q",
                innovation=attrs.evolve(proposal(1, 2021).innovation, agency=OWNER),
            ),
        ],
        ids=["withdrawn", "another cycle", "another innovation", "another agency"],
    )
    def test_what_is_none(self, other: Proposal) -> None:
        assert self.found(other) == (Outcome.MET, 0)

    def test_a_withdrawn_one_beside_one_that_stands(self) -> None:
        again = attrs.evolve(proposal(1, 2021), id="q")
        gone = attrs.evolve(proposal(1, 2021), withdrawn=True)

        assert self.found(again, gone) == (Outcome.UNKNOWN, 1)


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
