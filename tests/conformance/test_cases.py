"""Cases of the published record, and what the rules of their year say about them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

import kipp
from kipp.domain.agency import AgencyKey
from kipp.domain.award import Award, AwardHistory, Level, Tier
from kipp.domain.citation import Evidence
from kipp.domain.cycle import Group
from kipp.domain.dates import Date
from kipp.domain.innovation import Innovation, Origin, ReplicaSource
from kipp.domain.proposal import Proposal
from kipp.rulebooks import duty_book, rulebook
from kipp.rules.cap import proposal_cap
from kipp.rules.decision import Decision, Outcome, Reason
from kipp.rules.duty import create_one, enter_one
from kipp.rules.eligibility import earlier_awards, invitation, minimum_age
from kipp.rules.judge import judge
from kipp.rules.replication import group_router

LUWU_UTARA = AgencyKey("kab-luwu-utara")
BANYUWANGI = AgencyKey("kab-banyuwangi")
LONG_AGO = Date(2015, 1, 1)


def entered(
    title: str,
    cycle: int,
    group: Group | None = Group.GENERAL,
    *,
    agency: AgencyKey = LUWU_UTARA,
    started: Date = LONG_AGO,
    invited: bool | None = None,
) -> Proposal:
    innovation = Innovation(
        id=title, title=title, agency=agency, started=started, origin=Origin.ORIGINAL
    )
    return Proposal(id=title, innovation=innovation, cycle=cycle, group=group, invited=invited)


def reached(title: str, *tiers: Tier, agency: AgencyKey = LUWU_UTARA) -> AwardHistory:
    awards = tuple(Award(innovation=title, agency=agency, tier=tier) for tier in tiers)
    return AwardHistory(innovation=title, awards=awards)


def of(decision: Decision, outcome: Outcome) -> list[Reason]:
    return [reason for reason in decision.reasons if reason.outcome is outcome]


def paths(reasons: Iterable[Reason]) -> list[object]:
    return [dict(reason.values).get("path") for reason in reasons]


class TestAncHipnoterapi:
    """Luwu Utara, Top 40 of 2018; invited into the special group of 2021 because of it."""

    history = reached("ANC Hipnoterapi", Tier(year=2018, level=Level.WINNER, size=40))

    def test_fits_the_special_group(self) -> None:
        innovation = entered("ANC Hipnoterapi", 2021).innovation

        answer = group_router(rulebook(2021), innovation, history=self.history)

        assert answer.value is Group.SPECIAL

    def test_is_barred_from_the_general_group(self) -> None:
        proposal = entered("ANC Hipnoterapi", 2021, Group.GENERAL)

        decision = earlier_awards(rulebook(2021), proposal, history=self.history)

        assert [r.code for r in of(decision, Outcome.NOT_MET)] == ["HIGHEST_TIER_BEFORE"]

    def test_the_special_group_takes_it(self) -> None:
        proposal = entered("ANC Hipnoterapi", 2021, Group.SPECIAL, invited=True)

        assert earlier_awards(rulebook(2021), proposal, history=self.history).outcome is (
            Outcome.MET
        )
        assert invitation(rulebook(2021), proposal).outcome is Outcome.MET


def test_a_top_45_of_2019_fits_no_group_in_2020_and_the_reason_says_so() -> None:
    """Barred from general, newer than the special range 2014–2018, itself awarded."""
    history = reached("Getar", Tier(year=2019, level=Level.WINNER, size=45))

    answer = group_router(rulebook(2020), entered("Getar", 2020).innovation, history=history)

    assert answer.value is None
    assert {"TERPUJI_TOO_RECENT_FOR_SPECIAL", "HIGHEST_TIER_BEFORE"} <= set(answer.codes)
    assert answer.codes[-1] == "NO_GROUP_FITS"


def test_kelas_perahu_of_2021_is_not_decided() -> None:
    """Pangkep, Top 40 of 2018, in the replication group of 2021 on one page only."""
    perahu = Innovation(
        id="perahu",
        title="Kelas Perahu",
        agency=AgencyKey("kab-pangkajene-dan-kepulauan"),
        origin=Origin.REPLICA,
        replica_of=(ReplicaSource(title="another innovation"),),
    )
    history = reached("perahu", Tier(year=2018, level=Level.WINNER, size=40))

    answer = group_router(rulebook(2021), perahu, history=history)

    assert answer.value is None
    assert answer.codes[-1] == "TERPUJI_MAY_REPLICATE_UNCLEAR"


def test_pelita_si_abah_may_come_back_after_one_top_99() -> None:
    """Kota Probolinggo: Top 99 of 2018 and again in 2021; a third time would be one too many."""
    once = reached("Pelita", Tier(year=2018, level=Level.FINALIST, size=99))
    twice = reached("Pelita", *(Tier(year=y, level=Level.FINALIST, size=99) for y in (2016, 2018)))
    proposal = entered("Pelita", 2021)

    assert earlier_awards(rulebook(2021), proposal, history=once).outcome is Outcome.MET
    refused = earlier_awards(rulebook(2021), proposal, history=twice)
    assert [r.code for r in of(refused, Outcome.NOT_MET)] == ["TOP99_TWICE"]


class TestSeveralOfBanyuwangi:
    """Five innovations of Banyuwangi in the Top 99 of 2019: a breach of nothing."""

    entries = tuple(entered(f"B{number}", 2019, None, agency=BANYUWANGI) for number in range(5))

    def test_no_cap(self) -> None:
        decision = proposal_cap(rulebook(2019), BANYUWANGI, self.entries)

        assert decision.outcome is Outcome.MET
        assert "CAP_UNLIMITED" in decision.codes

    def test_the_duty_is_a_minimum(self) -> None:
        agency = kipp.resolve("Kabupaten Banyuwangi", on=2019)
        assert isinstance(agency, kipp.Resolved)

        decision = enter_one(duty_book(), agency.agency, 2019, self.entries)

        assert decision.outcome is Outcome.MET
        assert "ENTERED" in decision.codes

    def test_nothing_is_breached(self) -> None:
        for proposal in self.entries:
            judgement = judge(
                rulebook(2019),
                proposal,
                history=AwardHistory(innovation=proposal.id),
                others=self.entries,
            )
            assert Outcome.NOT_MET not in {each.outcome for each in judgement.decisions}


class TestTwentyMonthsBeforeTheClose:
    """Too young for the general group of 2021 (2 years), old enough for that of 2020 (1 year)."""

    def test_2021(self) -> None:
        started = Date(2019, 9, 11)  # 20 months before 11 May 2021
        decision = minimum_age(rulebook(2021), entered("young", 2021, started=started))

        assert decision.outcome is Outcome.NOT_MET
        assert decision.codes == ("TOO_YOUNG",)

    def test_2020(self) -> None:
        started = Date(2018, 9, 10)  # 20 months before 10 May 2020
        decision = minimum_age(rulebook(2020), entered("young", 2020, started=started))

        assert decision.outcome is Outcome.MET
        assert decision.codes == ("OLD_ENOUGH",)


def test_the_sixth_replica_of_2021() -> None:
    replicas = [entered(f"R{number}", 2021, Group.REPLICATION) for number in range(6)]

    assert proposal_cap(rulebook(2021), LUWU_UTARA, replicas[:5]).outcome is Outcome.MET
    decision = proposal_cap(rulebook(2021), LUWU_UTARA, replicas)
    assert [r.code for r in of(decision, Outcome.NOT_MET)] == ["CAP_REACHED"]
    assert decision.evidence is Evidence.MINISTRY


@pytest.mark.parametrize("year", range(2014, 2021))
def test_the_caps_before_2021_are_unlimited(year: int) -> None:
    many = [entered(f"M{number}", year) for number in range(60)]
    decision = proposal_cap(rulebook(year), LUWU_UTARA, many)

    assert decision.outcome is Outcome.MET
    assert decision.codes[0] == "CAP_UNLIMITED"


def test_the_cap_of_2022_is_unknown_and_named() -> None:
    decision = proposal_cap(rulebook(2022), LUWU_UTARA, [entered("a", 2022)])

    assert decision.outcome is Outcome.UNKNOWN
    assert paths(of(decision, Outcome.UNKNOWN)) == ["groups.general.cap", "groups.special.cap"]


@pytest.mark.parametrize("group", [Group.GENERAL, Group.SPECIAL])
def test_the_minimum_age_of_2023_is_unknown_and_named(group: Group) -> None:
    decision = minimum_age(rulebook(2023), entered("a", 2023, group))

    assert decision.outcome is Outcome.UNKNOWN
    assert paths(decision.reasons) == [f"groups.{group.key}.minimum_age"]


def test_the_replication_group_of_2022_is_not_open() -> None:
    judgement = judge(rulebook(2022), entered("r", 2022, Group.REPLICATION), history=None)

    decision = judgement.decision("group-offered")
    assert decision is not None
    assert decision.codes == ("GROUP_NOT_OFFERED",)
    assert judgement.outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("invited", "outcome", "code"),
    [
        (True, Outcome.MET, "INVITED"),
        (False, Outcome.NOT_MET, "NOT_INVITED"),
        (None, Outcome.UNKNOWN, "FACT_NOT_RECORDED"),
    ],
)
def test_the_special_group_of_2021_is_by_invitation(
    invited: bool | None, outcome: Outcome, code: str
) -> None:
    decision = invitation(rulebook(2021), entered("s", 2021, Group.SPECIAL, invited=invited))

    assert (decision.outcome, decision.codes) == (outcome, (code,))


def test_special_proposals_stand_outside_the_cap_of_2021() -> None:
    many = [entered(f"S{number}", 2021, Group.SPECIAL) for number in range(20)]

    decision = proposal_cap(rulebook(2021), LUWU_UTARA, many, groups=[Group.SPECIAL])

    assert decision.codes == ("CAP_UNLIMITED",)


class TestYearsWithoutAContest:
    """2024 was not held; of 2026 nothing was found, which is not the same."""

    def test_2024(self) -> None:
        judgement = judge(rulebook(2024), entered("a", 2024), history=None)

        assert judgement.outcome is Outcome.NOT_MET
        assert judgement.codes == ("NO_KIPP_HELD",)
        assert "minimum-age" in judgement.not_asked

    def test_2026(self) -> None:
        judgement = judge(rulebook(2026), entered("a", 2026), history=AwardHistory(innovation="a"))

        assert judgement.outcome is Outcome.UNKNOWN
        assert judgement.reasons[0].code == "VALUE_NOT_FOUND"
        assert paths(judgement.reasons[:1]) == ["held"]
        assert Outcome.NOT_MET not in {each.outcome for each in judgement.decisions}


class TestTheDuty:
    """Creating is called a duty from December 2014; entering is one in 2019 and 2020 only."""

    def agency(self, name: str, year: int) -> kipp.Agency:
        found = kipp.resolve(name, on=year)
        assert isinstance(found, kipp.Resolved)
        return found.agency

    @pytest.mark.parametrize("year", [2019, 2020])
    def test_one_that_enters_nothing(self, year: int) -> None:
        decision = enter_one(duty_book(), self.agency("Kabupaten Luwu Utara", year), year, ())

        assert [r.code for r in of(decision, Outcome.NOT_MET)] == ["NONE_ENTERED"]

    @pytest.mark.parametrize("year", [2014, 2015, 2016, 2017, 2018, 2021, 2022, 2023, 2024, 2025])
    def test_elsewhere_the_duty_to_enter_was_not_found(self, year: int) -> None:
        decision = enter_one(duty_book(), self.agency("Kabupaten Luwu Utara", year), year, ())

        assert [r.code for r in of(decision, Outcome.UNKNOWN)] == ["ENTRY_DUTY_NOT_FOUND"]
        assert decision.outcome is Outcome.UNKNOWN

    @pytest.mark.parametrize("year", range(2014, 2026))
    def test_a_reprimand_is_on_record_for_2015_and_2016_only(self, year: int) -> None:
        decision = enter_one(duty_book(), self.agency("Kabupaten Luwu Utara", year), year, ())

        assert ("REPRIMAND_2015_2016" in decision.codes) is (year in (2015, 2016))
        assert ("NO_SANCTION_FOUND" in decision.codes) is (year not in (2015, 2016))

    def test_2024_is_unclear(self) -> None:
        own = entered("new", 2024, started=Date(2024, 5, 1)).innovation

        decision = create_one(duty_book(), self.agency("Kabupaten Luwu Utara", 2024), 2024, [own])

        assert [r.code for r in of(decision, Outcome.UNKNOWN)] == ["DUTY_2024_UNCLEAR"]
