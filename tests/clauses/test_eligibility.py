"""Clauses on who and what may enter: the docstring is the clause, the methods its properties.

The wording is ours; the source stands behind each clause, with its class.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.agency import Agency, AgencyKey, AgencyKind
from kipp.domain.award import Award, AwardHistory, Level, Tier
from kipp.domain.cycle import Group
from kipp.domain.dates import Date
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rulebooks import rulebook
from kipp.rules.decision import Decision, Outcome
from kipp.rules.eligibility import earlier_awards, invitation, minimum_age, participant, sdg_link
from kipp.testing import agencies

OWNER = AgencyKey("kab-contoh")
MET, NOT_MET, UNKNOWN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN
some_days = st.integers(1, 1500)
# The last year of a highest tier that the special group of a cycle takes.
LAST_SPECIAL = {2020: 2018, 2021: 2019, 2023: 2021}
one_pool_years = st.sets(st.integers(2014, 2019), max_size=4)


def entered(
    cycle: int,
    group: Group | None,
    *,
    started: Date | None = None,
    sdgs: tuple[int, ...] | None = None,
    pandemic: bool | None = None,
    invited: bool | None = None,
) -> Proposal:
    innovation = Innovation(
        id="i",
        title="Contoh",
        agency=OWNER,
        started=started,
        sdgs=sdgs,
        pandemic_related=pandemic,
    )
    return Proposal(id="p", innovation=innovation, cycle=cycle, group=group, invited=invited)


def aged(cycle: int, group: Group | None, started: Date, pandemic: bool = False) -> Outcome:
    proposal = entered(cycle, group, started=started, pandemic=pandemic)
    return minimum_age(rulebook(cycle), proposal).outcome


def reached(*tiers: Tier) -> AwardHistory:
    awards = tuple(Award(innovation="i", agency=OWNER, tier=tier) for tier in tiers)
    return AwardHistory(innovation="i", awards=awards)


def awarded(cycle: int, group: Group | None, *tiers: Tier) -> Decision:
    return earlier_awards(rulebook(cycle), entered(cycle, group), history=reached(*tiers))


def refusals(decision: Decision) -> set[str]:
    return {reason.code for reason in decision.reasons if reason.outcome is NOT_MET}


class TestTwoYearsInGeneralAndSpecial2021:
    """The innovation has run for at least two years, counted back from the closing of
    registration (11 May 2021).  KIPP 2021, general and special group (ministry)."""

    last = Date(2019, 5, 11)

    @given(st.sampled_from((Group.GENERAL, Group.SPECIAL)), some_days)
    def test_begun_later_is_too_young(self, group: Group, days: int) -> None:
        assert aged(2021, group, self.last.add(days=days)) is NOT_MET

    @given(st.sampled_from((Group.GENERAL, Group.SPECIAL)), st.integers(0, 1500))
    def test_begun_then_or_before_is_old_enough(self, group: Group, days: int) -> None:
        assert aged(2021, group, self.last.subtract(days=days)) is MET

    def test_twenty_months_suffice_in_2020_and_not_in_2021(self) -> None:
        assert aged(2021, Group.GENERAL, Date(2021, 5, 11).subtract(months=20)) is NOT_MET
        assert aged(2020, Group.GENERAL, Date(2020, 5, 10).subtract(months=20)) is MET


class TestOneYearForReplicas2021:
    """A replica has run for at least one year.  KIPP 2021, replication group (ministry)."""

    last = Date(2020, 5, 11)

    @given(some_days)
    def test_begun_later_is_too_young(self, days: int) -> None:
        assert aged(2021, Group.REPLICATION, self.last.add(days=days)) is NOT_MET

    @given(st.integers(0, 1500))
    def test_begun_then_or_before_is_old_enough(self, days: int) -> None:
        assert aged(2021, Group.REPLICATION, self.last.subtract(days=days)) is MET


class TestOneYearIn2020:
    """At least one year, counted back from the closing of registration to the start of
    implementation; registration was extended from 26 April to 10 May 2020.  KIPP 2020 (review
    guide of the ministry, and the ministry)."""

    @given(st.sampled_from(Group), st.integers(-400, 400))
    def test_the_extended_close_counts(self, group: Group, late: int) -> None:
        expected = MET if late <= 0 else NOT_MET

        assert aged(2020, group, Date(2019, 5, 10).add(days=late)) is expected


class TestThePandemicIn2022:
    """At least two years; one year for innovations about the pandemic.  KIPP 2022 (ministry).
    From which day the age counts was not found."""

    @given(some_days)
    def test_no_innovation_younger_than_its_age_on_the_last_day(self, days: int) -> None:
        assert aged(2022, Group.GENERAL, Date(2020, 4, 16).add(days=days)) is NOT_MET
        assert aged(2022, Group.GENERAL, Date(2021, 4, 16).add(days=days), True) is NOT_MET

    @given(st.integers(0, 1500))
    def test_every_innovation_of_its_age_on_the_first_day(self, days: int) -> None:
        assert aged(2022, Group.GENERAL, Date(2020, 3, 16).subtract(days=days)) is MET
        assert aged(2022, Group.GENERAL, Date(2021, 3, 16).subtract(days=days), True) is MET

    @given(st.integers(1, 31))
    def test_in_between_nobody_knows(self, days: int) -> None:
        assert aged(2022, Group.GENERAL, Date(2020, 3, 16).add(days=days)) is UNKNOWN


class TestNotTwiceInTheTop99:
    """Not in the Top 99 twice already, consecutive or not.  KIPP 2018 (ministry), 2019 and 2020
    (review guide), 2021 (ministry), 2023 (guideline)."""

    @given(st.sampled_from((2020, 2021, 2023)), one_pool_years)
    def test_the_second_time_is_the_last(self, cycle: int, years: set[int]) -> None:
        tiers = [Tier(year=year, level=Level.FINALIST, size=99) for year in sorted(years)]
        expected = {"TOP99_TWICE"} if len(years) >= 2 else set()

        assert refusals(awarded(cycle, Group.GENERAL, *tiers)) == expected

    @given(st.sampled_from((2020, 2021, 2023)), st.integers(2014, 2019))
    def test_once_is_no_bar(self, cycle: int, year: int) -> None:
        assert awarded(cycle, Group.GENERAL, Tier(year=year, level=Level.FINALIST)).outcome is MET


class TestNeverAHighestTierBefore:
    """Never in a highest tier before: Top 9, 25, 35, 40 or 45.  KIPP 2018 (ministry) to 2021
    (ministry), 2023 (guideline)."""

    @given(st.sampled_from((2018, 2019, 2020, 2021, 2023)), st.integers(2014, 2022))
    def test_any_year_before_the_contest_bars(self, cycle: int, year: int) -> None:
        group = None if cycle < 2020 else Group.GENERAL
        decision = awarded(cycle, group, Tier(year=year, level=Level.WINNER))

        assert ("HIGHEST_TIER_BEFORE" in refusals(decision)) is (year < cycle)


class TestTheSpecialGroup:
    """For the highest tier of 2014–2018 (KIPP 2020, ministry), of 2014–2019 (KIPP 2021, press),
    of the general group 2014–2021 (KIPP 2023, guideline)."""

    @given(st.sampled_from((2020, 2021, 2023)), st.integers(2014, 2022))
    def test_the_range(self, cycle: int, year: int) -> None:
        tier = Tier(year=year, level=Level.WINNER, group=Group.GENERAL)
        decision = awarded(cycle, Group.SPECIAL, tier)

        assert (decision.outcome is MET) is (year <= LAST_SPECIAL[cycle])

    @given(st.sampled_from((2020, 2021, 2023)))
    def test_the_winner_of_the_year_before_fits_no_group(self, cycle: int) -> None:
        """Barred from general, too recent for special: a case of its own, not an error."""
        tier = Tier(year=cycle - 1, level=Level.WINNER, group=Group.GENERAL)

        assert refusals(awarded(cycle, Group.GENERAL, tier)) == {"HIGHEST_TIER_BEFORE"}
        assert refusals(awarded(cycle, Group.SPECIAL, tier)) == {"TERPUJI_TOO_RECENT_FOR_SPECIAL"}

    @given(st.sampled_from((2020, 2021, 2023)), one_pool_years)
    def test_top_99_alone_is_not_enough(self, cycle: int, years: set[int]) -> None:
        tiers = [Tier(year=year, level=Level.FINALIST) for year in sorted(years)]

        assert refusals(awarded(cycle, Group.SPECIAL, *tiers)) == {"SPECIAL_TIER_MISSING"}

    @given(st.sampled_from((None, True, False)))
    def test_in_2021_by_invitation_of_the_minister(self, invited: bool | None) -> None:
        answers = {None: UNKNOWN, True: MET, False: NOT_MET}
        proposal = entered(2021, Group.SPECIAL, invited=invited)

        assert invitation(rulebook(2021), proposal).outcome is answers[invited]


class TestAReplicaNeverAwarded2020:
    """The replica itself was never awarded in KIPP.  KIPP 2020 (ministry)."""

    @given(st.integers(2014, 2019), st.sampled_from((Level.FINALIST, Level.WINNER)))
    def test_any_earlier_tier_refuses_it(self, year: int, level: Level) -> None:
        decision = awarded(2020, Group.REPLICATION, Tier(year=year, level=level))

        assert refusals(decision) == {"REPLICA_ALREADY_AWARDED"}

    @given(st.integers(2020, 2025), st.sampled_from(Level))
    def test_what_it_reached_since_does_not(self, year: int, level: Level) -> None:
        assert awarded(2020, Group.REPLICATION, Tier(year=year, level=level)).outcome is MET


class TestLinkedToAGoal2018:
    """Linked to at least one Sustainable Development Goal.  KIPP 2018 (ministry)."""

    @given(st.sets(st.integers(1, 17)))
    def test_one_is_enough_and_none_is_not(self, goals: set[int]) -> None:
        proposal = entered(2018, None, sdgs=tuple(sorted(goals)))

        assert sdg_link(rulebook(2018), proposal).outcome is (MET if goals else NOT_MET)


class TestWhoMayEnter:
    """Ministries, institutions, local governments, and since 2017 the enterprises of state and
    regions.  PermenPANRB 3/2018 (regulation) and others."""

    @given(agencies(), st.sampled_from((2017, 2018, 2019, 2020, 2021, 2022, 2023, 2025)))
    def test_every_known_kind_since_2017(self, agency: Agency, cycle: int) -> None:
        decision = participant(rulebook(cycle), entered(cycle, None), agency=agency)

        assert decision.outcome is (UNKNOWN if agency.kind is None else MET)

    @given(agencies(kinds=AgencyKind), st.sampled_from((2014, 2015)))
    def test_no_enterprise_before_2016(self, agency: Agency, cycle: int) -> None:
        enterprise = agency.kind in (AgencyKind.BUMN, AgencyKind.BUMD)
        decision = participant(rulebook(cycle), entered(cycle, None), agency=agency)

        assert decision.outcome is (NOT_MET if enterprise else MET)
