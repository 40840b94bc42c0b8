"""The cap: how many proposals one agency may enter in each group."""

from __future__ import annotations

import pytest

from kipp.domain.agency import AgencyKey
from kipp.domain.citation import Evidence, NotOpen, Unlimited
from kipp.domain.cycle import Group
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rulebooks import rulebook
from kipp.rules.cap import proposal_cap
from kipp.rules.decision import Decision, Outcome

MALANG = AgencyKey("kota-malang")
BOOK_2021 = rulebook(2021)


def entered(
    *groups: Group | None,
    agency: AgencyKey = MALANG,
    cycle: int = 2021,
    withdrawn: bool = False,
    disqualified: bool = False,
) -> list[Proposal]:
    return [
        Proposal(
            id=f"{agency}-{cycle}-{withdrawn}-{number}",
            innovation=Innovation(id=f"i{number}", title=f"Contoh {number}", agency=agency),
            cycle=cycle,
            group=group,
            withdrawn=withdrawn,
            disqualified=disqualified,
        )
        for number, group in enumerate(groups)
    ]


def failing(decision: Decision) -> set[str]:
    return {reason.code for reason in decision.reasons if reason.outcome is Outcome.NOT_MET}


@pytest.mark.parametrize(
    ("general", "replication", "outcome", "codes"),
    [
        (0, 0, Outcome.MET, set()),
        (10, 5, Outcome.MET, set()),
        (11, 5, Outcome.NOT_MET, {"CAP_REACHED"}),
        (10, 6, Outcome.NOT_MET, {"CAP_REACHED"}),
    ],
)
def test_2021_boundaries(general: int, replication: int, outcome: Outcome, codes: set[str]) -> None:
    """2021: at most 10 general and 5 replication proposals per agency (ministry, 17 March 2021)."""
    facts = entered(*[Group.GENERAL] * general, *[Group.REPLICATION] * replication)

    decision = proposal_cap(BOOK_2021, MALANG, facts)

    assert decision.outcome is outcome
    assert failing(decision) == codes
    assert decision.evidence is Evidence.MINISTRY


def test_a_reason_says_what_was_compared() -> None:
    decision = proposal_cap(BOOK_2021, MALANG, entered(*[Group.REPLICATION] * 6))

    general, replication, special = decision.reasons
    assert general.code == "WITHIN_CAP"
    assert dict(replication.values) == {"group": Group.REPLICATION, "entered": 6, "at_most": 5}
    assert [term.path for term in replication.terms] == ["groups.replication.cap"]
    assert special.code == "CAP_UNLIMITED"
    assert decision.subject == MALANG


def test_withdrawn_foreign_and_other_years_do_not_count() -> None:
    facts = [
        *entered(*[Group.GENERAL] * 10),
        *entered(Group.GENERAL, withdrawn=True),
        *entered(Group.GENERAL, agency=AgencyKey("kab-malang")),
        *entered(Group.GENERAL, cycle=2020),
    ]

    assert proposal_cap(BOOK_2021, MALANG, facts).outcome is Outcome.MET


def test_a_disqualified_proposal_was_entered() -> None:
    facts = entered(*[Group.GENERAL] * 11, disqualified=True)

    assert failing(proposal_cap(BOOK_2021, MALANG, facts)) == {"CAP_REACHED"}


def test_only_the_groups_asked_for_in_their_fixed_order() -> None:
    decision = proposal_cap(BOOK_2021, MALANG, [], groups=[Group.SPECIAL, Group.GENERAL])

    assert [dict(reason.values)["group"] for reason in decision.reasons] == [
        Group.GENERAL,
        Group.SPECIAL,
    ]


class TestGroupNotRecorded:
    """A proposal whose group nobody recorded counts where it could tip the answer."""

    def test_it_could_be_the_eleventh(self) -> None:
        decision = proposal_cap(BOOK_2021, MALANG, entered(*[Group.GENERAL] * 10, None))

        general, replication, special = decision.reasons
        assert (general.outcome, general.code) == (Outcome.UNKNOWN, "FACT_NOT_RECORDED")
        assert dict(general.values)["unplaced"] == 1
        assert replication.code == "WITHIN_CAP"
        assert special.code == "CAP_UNLIMITED"

    def test_it_can_do_no_harm(self) -> None:
        """One that fits wherever it stands."""
        facts = entered(*[Group.GENERAL] * 9, *[Group.REPLICATION] * 4, None)

        assert proposal_cap(BOOK_2021, MALANG, facts).outcome is Outcome.MET

    def test_it_cannot_mend_a_breach(self) -> None:
        facts = entered(*[Group.GENERAL] * 11, None)

        assert proposal_cap(BOOK_2021, MALANG, facts).outcome is Outcome.NOT_MET

    def test_where_there_was_one_pool_it_stands_there(self) -> None:
        """2018 had no groups: an unplaced proposal is in the pool, and in no other group."""
        decision = proposal_cap(rulebook(2018), MALANG, entered(None, None, cycle=2018))

        assert decision.codes == ("CAP_UNLIMITED", "GROUP_NOT_ENTERED", "GROUP_NOT_ENTERED")
        assert dict(decision.reasons[0].values)["entered"] == 2

    def test_a_capped_pool_counts_it(self) -> None:
        book = rulebook(2018).reform({"groups.general.cap": 1}, name="one each")

        assert failing(proposal_cap(book, MALANG, entered(None, None, cycle=2018))) == {
            "CAP_REACHED"
        }


class TestGroupNotOffered:
    """Entered in a group that the cycle does not have: not met; nothing entered there: met."""

    def test_2022_has_no_replication_group(self) -> None:
        reform = {"groups.general.cap": 10, "groups.special.cap": 10}
        book = rulebook(2022).reform(reform, name="caps")

        none = proposal_cap(book, MALANG, entered(Group.GENERAL, cycle=2022))
        one = proposal_cap(book, MALANG, entered(Group.REPLICATION, cycle=2022))

        assert none.codes == ("WITHIN_CAP", "GROUP_NOT_ENTERED", "WITHIN_CAP")
        assert none.outcome is Outcome.MET
        assert failing(one) == {"GROUP_NOT_OFFERED"}


@pytest.mark.parametrize("cycle", [2022, 2023, 2025])
def test_the_caps_after_2021_are_unknown(cycle: int) -> None:
    """Binding: the caps of 2021 are not carried over."""
    decision = proposal_cap(rulebook(cycle), MALANG, entered(Group.GENERAL, cycle=cycle))

    assert decision.outcome is Outcome.UNKNOWN
    assert decision.reasons[0].code == "VALUE_NOT_FOUND"
    assert dict(decision.reasons[0].values)["path"] == "groups.general.cap"


def test_a_reform_is_visible_in_the_reason_it_touched() -> None:
    book = BOOK_2021.reform({"groups.general.cap": 3}, name="three")

    decision = proposal_cap(book, MALANG, entered(*[Group.GENERAL] * 4))

    assert failing(decision) == {"CAP_REACHED"}
    assert [term.path for term in decision.assumptions] == ["groups.general.cap"]
    assert proposal_cap(BOOK_2021, MALANG, entered(*[Group.GENERAL] * 4)).outcome is Outcome.MET


def test_states_put_in_by_a_reform() -> None:
    free = BOOK_2021.reform(
        {"groups.general.cap": Unlimited(BOOK_2021["groups.general.cap"].citations)}, name="free"
    )
    shut = BOOK_2021.reform(
        {"groups.general.cap": NotOpen(BOOK_2021["groups.general.cap"].citations)}, name="shut"
    )
    facts = entered(*[Group.GENERAL] * 40)

    assert proposal_cap(free, MALANG, facts).outcome is Outcome.MET
    assert failing(proposal_cap(shut, MALANG, facts)) == {"GROUP_NOT_OFFERED"}
