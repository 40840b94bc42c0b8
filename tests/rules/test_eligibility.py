"""Who and what may take part: held, participants, group, invitation, age, awards, category, SDG."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from kipp.domain.agency import Agency, AgencyKey, AgencyKind, DatedName, Span
from kipp.domain.award import KIPP, Award, AwardHistory, Level, Tier
from kipp.domain.citation import Cited, Evidence, NotOpen, Unlimited
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateRange
from kipp.domain.errors import InvalidValue
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rulebooks import rulebook
from kipp.rules.decision import Decision, Outcome
from kipp.rules.eligibility import (
    category_offered,
    cycle_held,
    earlier_awards,
    group_offered,
    invitation,
    minimum_age,
    participant,
    sdg_link,
)
from kipp.rules.rulebook import Rulebook

OWNER = AgencyKey("kab-contoh")
GENERAL, REPLICATION, SPECIAL = Group
MET, NOT_MET, UNKNOWN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN


def entered(cycle: int, group: Group | None = GENERAL, **facts: Any) -> Proposal:
    own = {
        name: facts.pop(name) for name in ("started", "pandemic_related", "sdgs") if name in facts
    }
    innovation = attrs.evolve(Innovation(id="i", title="Contoh", agency=OWNER), **own)
    return Proposal(id="p", innovation=innovation, cycle=cycle, group=group, **facts)


def answered(decision: Decision) -> tuple[Outcome, tuple[str, ...]]:
    return decision.outcome, decision.codes


def refusals(decision: Decision) -> set[str]:
    return {reason.code for reason in decision.reasons if reason.outcome is NOT_MET}


def path(decision: Decision) -> object:
    return dict(decision.reasons[0].values).get("path")


class TestHeld:
    """A contest every year from 2014 to 2025 but 2024; of 2026 nothing was found."""

    @pytest.mark.parametrize("cycle", [*range(2014, 2024), 2025])
    def test_held(self, cycle: int) -> None:
        assert answered(cycle_held(rulebook(cycle), entered(cycle))) == (MET, ("KIPP_HELD",))

    def test_2024(self) -> None:
        assert answered(cycle_held(rulebook(2024), entered(2024))) == (NOT_MET, ("NO_KIPP_HELD",))

    def test_2026(self) -> None:
        assert answered(cycle_held(rulebook(2026), entered(2026))) == (
            UNKNOWN,
            ("VALUE_NOT_FOUND",),
        )


class TestParticipants:
    """Ministries, institutions and local governments; enterprises join in 2016 (ministry)."""

    def kind(self, cycle: int, kind: AgencyKind | None) -> tuple[Outcome, tuple[str, ...]]:
        agency = Agency(key=OWNER, kind=kind, names=(DatedName("Contoh"),))
        return answered(participant(rulebook(cycle), entered(cycle), agency=agency))

    @pytest.mark.parametrize("cycle", [2014, 2015])
    def test_no_enterprise_before_2016(self, cycle: int) -> None:
        assert self.kind(cycle, AgencyKind.BUMN) == (NOT_MET, ("PARTICIPANT_NOT_ADMITTED",))
        assert self.kind(cycle, AgencyKind.REGENCY) == (MET, ("PARTICIPANT_ADMITTED",))

    @pytest.mark.parametrize("cycle", [*range(2017, 2024), 2025])
    @pytest.mark.parametrize("kind", AgencyKind)
    def test_everybody_since(self, cycle: int, kind: AgencyKind) -> None:
        assert self.kind(cycle, kind) == (MET, ("PARTICIPANT_ADMITTED",))

    def test_a_kind_nobody_knows(self) -> None:
        assert self.kind(2021, None) == (UNKNOWN, ("FACT_NOT_RECORDED",))

    def test_an_agency_that_is_not_registered(self) -> None:
        decision = participant(rulebook(2021), entered(2021), agency=None)

        assert answered(decision) == (UNKNOWN, ("AGENCY_NOT_REGISTERED",))
        assert decision.reasons[0].values == (("agency", OWNER),)

    def test_a_contest_open_to_all(self) -> None:
        agency = Agency(key=OWNER, kind=None, names=(DatedName("Contoh"),))

        decision = participant(free(2021, "participants"), entered(2021), agency=agency)
        assert answered(decision) == (MET, ("PARTICIPANT_ADMITTED",))

    def test_a_contest_open_to_nobody(self) -> None:
        agency = Agency(key=OWNER, kind=AgencyKind.REGENCY, names=(DatedName("Contoh"),))

        decision = participant(shut(2021, "participants"), entered(2021), agency=agency)
        assert answered(decision) == (NOT_MET, ("PARTICIPANT_NOT_ADMITTED",))


class TestAnAgencyThatWasNotThere:
    """Who enters must exist while registration is open: 16 March to 16 April 2022 (press and
    ministry); where no source says when it opened, from the first day of the year."""

    def founded(
        self, bound: Date | DateRange | None, cycle: int = 2022, ended: Date | None = None
    ) -> tuple[Outcome, tuple[str, ...]]:
        agency = Agency(
            key=OWNER, kind=AgencyKind.CITY, names=(DatedName("Contoh"),), span=Span(bound, ended)
        )
        return answered(participant(rulebook(cycle), entered(cycle), agency=agency))

    def test_founded_on_the_last_day_or_the_day_after(self) -> None:
        assert self.founded(Date(2022, 4, 16))[0] is MET
        assert self.founded(Date(2022, 4, 17)) == (NOT_MET, ("AGENCY_NOT_YET_FOUNDED",))

    def test_ended_on_the_first_day_or_the_day_after(self) -> None:
        """The end is the first day on which it no longer was."""
        assert self.founded(None, ended=Date(2022, 3, 17))[0] is MET
        assert self.founded(None, ended=Date(2022, 3, 16)) == (
            NOT_MET,
            ("AGENCY_NO_LONGER_EXISTS",),
        )

    def test_an_opening_that_no_source_states(self) -> None:
        assert self.founded(None, 2021, ended=Date(2021, 1, 2))[0] is MET
        assert self.founded(None, 2021, ended=Date(2021, 1, 1))[0] is NOT_MET

    def test_no_end_of_the_period_is_stated(self) -> None:
        """KIPP 2026: nothing was found, so that the whole year counts."""
        founded = Date(2026, 12, 31)

        assert self.founded(founded, 2026)[1] == ("VALUE_NOT_FOUND",)
        assert self.founded(founded.add(days=1), 2026)[1] == ("AGENCY_NOT_YET_FOUNDED",)

    def test_an_opening_known_to_the_month_counts_from_its_first_day(self) -> None:
        """KIPP 2014: registration in January (ministry)."""
        assert self.founded(None, 2014, ended=Date(2014, 1, 2))[0] is MET
        assert self.founded(None, 2014, ended=Date(2014, 1, 1))[0] is NOT_MET

    def test_a_founding_known_to_the_month(self) -> None:
        april = DateRange(Date(2022, 4, 1), Date(2022, 4, 30))

        assert self.founded(april) == (
            UNKNOWN,
            ("AGENCY_EXISTENCE_UNCLEAR", "PARTICIPANT_ADMITTED"),
        )

    def test_the_reason_rests_on_what_states_the_period(self) -> None:
        agency = Agency(key=OWNER, kind=None, names=(), span=Span(Date(2023, 1, 1)))

        reason = participant(rulebook(2022), entered(2022), agency=agency).reasons[0]
        assert [term.path for term in reason.terms] == [
            "schedule.registration_opens",
            "schedule.registration_closes",
        ]


def free(cycle: int, path: str) -> Rulebook:
    """The rulebook with no limit at *path*."""
    book = rulebook(cycle)
    return book.reform({path: Unlimited(book["held"].citations)}, name="free")


def shut(cycle: int, path: str) -> Rulebook:
    """The rulebook with nothing open at *path*."""
    book = rulebook(cycle)
    return book.reform({path: NotOpen(book["held"].citations)}, name="shut")


class TestTheGroup:
    """General always; special 2020 to 2023; replication 2020, 2021 and 2025."""

    @pytest.mark.parametrize(
        ("cycle", "group", "outcome"),
        [
            (2018, None, MET),
            (2018, SPECIAL, NOT_MET),
            (2021, REPLICATION, MET),
            (2021, None, UNKNOWN),
            (2022, REPLICATION, NOT_MET),
            (2023, SPECIAL, MET),
            (2025, SPECIAL, NOT_MET),
            (2025, REPLICATION, MET),
            (2026, GENERAL, UNKNOWN),
        ],
    )
    def test_by_cycle(self, cycle: int, group: Group | None, outcome: Outcome) -> None:
        assert group_offered(rulebook(cycle), entered(cycle, group)).outcome is outcome


class TestInvitation:
    """2021: the special group is entered by invitation of the minister (ministry)."""

    @pytest.mark.parametrize(
        ("invited", "answer"),
        [
            (True, (MET, ("INVITED",))),
            (False, (NOT_MET, ("NOT_INVITED",))),
            (None, (UNKNOWN, ("FACT_NOT_RECORDED",))),
        ],
    )
    def test_special(self, invited: bool | None, answer: object) -> None:
        assert answered(invitation(rulebook(2021), entered(2021, SPECIAL, invited=invited))) == (
            answer
        )

    @pytest.mark.parametrize(
        ("everybody", "invited", "outcome"),
        [
            (True, None, MET),
            (True, False, NOT_MET),
            (False, None, UNKNOWN),
            (False, True, MET),
        ],
    )
    def test_the_assumption_that_all_were_invited(
        self, everybody: bool, invited: bool | None, outcome: Outcome
    ) -> None:
        """It fills what is not recorded, and outweighs no record."""
        book = rulebook(2021).reform({"groups.special.all_invited": everybody}, name="all")
        decision = invitation(book, entered(2021, SPECIAL, invited=invited))

        assert decision.outcome is outcome
        rests = [term.path for term in decision.assumptions]
        assert rests == (["groups.special.all_invited"] if everybody and invited is None else [])

    def test_a_group_open_to_all(self) -> None:
        book = rulebook(2021).reform({"groups.special.by_invitation": False}, name="open")

        for each in (book, free(2021, "groups.special.by_invitation")):
            decision = invitation(each, entered(2021, SPECIAL))
            assert answered(decision) == (MET, ("INVITATION_NOT_NEEDED",))

    def test_no_such_group(self) -> None:
        assert refusals(invitation(rulebook(2025), entered(2025, SPECIAL))) == {"GROUP_NOT_OFFERED"}

    def test_a_group_nobody_recorded(self) -> None:
        assert invitation(rulebook(2021), entered(2021, None)).outcome is UNKNOWN


class TestMinimumAge:
    """At least one year, from 2021 two (replicas one), back from the close of registration."""

    @pytest.mark.parametrize(
        ("cycle", "group", "last_day"),
        [
            (2020, GENERAL, Date(2019, 5, 10)),
            (2020, REPLICATION, Date(2019, 5, 10)),
            (2020, SPECIAL, Date(2019, 5, 10)),
            (2021, GENERAL, Date(2019, 5, 11)),
            (2021, SPECIAL, Date(2019, 5, 11)),
            (2021, REPLICATION, Date(2020, 5, 11)),
        ],
    )
    def test_the_last_day_to_have_started(self, cycle: int, group: Group, last_day: Date) -> None:
        """Counted from the last close announced: 10 May 2020 (first 26 April), 11 May 2021."""
        book = rulebook(cycle)

        on_it = minimum_age(book, entered(cycle, group, started=last_day))
        after = minimum_age(book, entered(cycle, group, started=last_day.add(days=1)))
        assert answered(on_it) == (MET, ("OLD_ENOUGH",))
        assert answered(after) == (NOT_MET, ("TOO_YOUNG",))

    @pytest.mark.parametrize(
        ("cycle", "group", "opens", "close", "years"),
        [
            (2017, None, Date(2016, 11, 1), Date(2017, 3, 10), 1),
            (2018, None, Date(2018, 1, 17), Date(2018, 3, 31), 1),
            (2019, None, Date(2019, 3, 1), Date(2019, 4, 21), 1),
            (2022, GENERAL, Date(2022, 3, 16), Date(2022, 4, 16), 2),
        ],
    )
    def test_where_nobody_says_from_which_day(
        self, cycle: int, group: Group | None, opens: Date, close: Date, years: int
    ) -> None:
        """Decided only where every day of the registration period says the same."""
        first, last = opens.subtract(years=years), close.subtract(years=years)

        def on(day: Date) -> Decision:
            return minimum_age(
                rulebook(cycle), entered(cycle, group, started=day, pandemic_related=False)
            )

        assert answered(on(first)) == (MET, ("OLD_ENOUGH",))
        for day in (first.add(days=1), last):
            assert on(day).outcome is UNKNOWN
            assert path(on(day)) == "minimum_age.counts_from"
        assert answered(on(last.add(days=1))) == (NOT_MET, ("TOO_YOUNG",))

    def test_without_an_opening_day_nobody_knows_either(self) -> None:
        terms = {
            name: value
            for name, value in rulebook(2018).terms.items()
            if name != "schedule.registration_opens"
        }
        book = attrs.evolve(rulebook(2018), terms=terms)

        assert minimum_age(book, entered(2018, started=Date(2000, 1, 1))).outcome is UNKNOWN

    def test_an_opening_known_to_the_month(self) -> None:
        month = {"first": "2018-01-01", "last": "2018-01-31"}
        book = rulebook(2018).reform({"schedule.registration_opens": month}, name="January")

        assert minimum_age(book, entered(2018, started=Date(2017, 1, 1))).outcome is MET
        assert minimum_age(book, entered(2018, started=Date(2017, 1, 2))).outcome is UNKNOWN

    def test_29_february_goes_to_28_february(self) -> None:
        book = rulebook(2021).reform(
            {"schedule.registration_closes": ["2020-02-29"], "groups.general.minimum_age": "P1Y"},
            name="leap day",
        )

        assert minimum_age(book, entered(2021, started=Date(2019, 2, 28))).outcome is MET
        assert minimum_age(book, entered(2021, started=Date(2019, 3, 1))).outcome is NOT_MET

    @pytest.mark.parametrize(
        ("started", "pandemic", "answer"),
        [
            (Date(2021, 3, 16), True, (MET, ("OLD_ENOUGH",))),
            (Date(2021, 3, 16), False, (NOT_MET, ("TOO_YOUNG",))),
            (Date(2021, 3, 16), None, (UNKNOWN, ("FACT_NOT_RECORDED",))),
            (Date(2020, 3, 16), None, (MET, ("OLD_ENOUGH",))),
            (Date(2022, 1, 1), None, (NOT_MET, ("TOO_YOUNG",))),
            (Date(2022, 1, 1), True, (NOT_MET, ("TOO_YOUNG",))),
        ],
    )
    def test_2022_one_year_for_the_pandemic(
        self, started: Date, pandemic: bool | None, answer: object
    ) -> None:
        """2022: two years, one for innovations about the pandemic (ministry)."""
        proposal = entered(2022, started=started, pandemic_related=pandemic)

        assert answered(minimum_age(rulebook(2022), proposal)) == answer

    def test_both_ages_are_named_where_both_were_tried(self) -> None:
        decision = minimum_age(rulebook(2022), entered(2022, started=Date(2015, 1, 1)))

        paths = {term.path for term in decision.reasons[0].terms}
        assert {"groups.general.minimum_age", "groups.general.minimum_age_pandemic"} <= paths

    def test_a_start_nobody_recorded(self) -> None:
        decision = minimum_age(rulebook(2021), entered(2021))

        assert answered(decision) == (UNKNOWN, ("FACT_NOT_RECORDED",))

    @pytest.mark.parametrize("cycle", [2014, 2015, 2016, 2023, 2025])
    def test_an_age_nobody_found(self, cycle: int) -> None:
        decision = minimum_age(rulebook(cycle), entered(cycle, started=Date(2000, 1, 1)))

        assert decision.outcome is UNKNOWN
        assert path(decision) == "groups.general.minimum_age"

    def test_the_age_of_2019_is_inferred(self) -> None:
        decision = minimum_age(rulebook(2019), entered(2019, started=Date(2010, 1, 1)))

        assert decision.outcome is MET
        assert decision.evidence is Evidence.INFERRED

    def test_no_such_group(self) -> None:
        decision = minimum_age(rulebook(2022), entered(2022, REPLICATION))

        assert refusals(decision) == {"GROUP_NOT_OFFERED"}

    @pytest.mark.parametrize("name", ["groups.general.minimum_age", "schedule.registration_closes"])
    def test_no_limit(self, name: str) -> None:
        decision = minimum_age(free(2021, name), entered(2021, started=Date(2021, 5, 1)))

        assert answered(decision) == (MET, ("NO_MINIMUM_AGE",))

    def test_a_day_kipp_does_not_know(self) -> None:
        launch = Cited("launch", rulebook(2021)["minimum_age.counts_from"].citations)
        terms = {**rulebook(2021).terms, "minimum_age.counts_from": launch}
        book = attrs.evolve(rulebook(2021), terms=terms)

        with pytest.raises(InvalidValue, match="counts_from: expected registration_closes"):
            minimum_age(book, entered(2021, started=Date(2010, 1, 1)))

    def test_what_was_compared(self) -> None:
        decision = minimum_age(rulebook(2020), entered(2020, started=Date(2019, 6, 1)))
        values = dict(decision.reasons[0].values)

        assert values["latest_start"] == Date(2019, 5, 10)
        assert values["close"] == Date(2020, 5, 10)
        assert str(values["minimum_age"]) == "P1Y"


def tier(year: int, level: Level = Level.FINALIST, group: Group | None = None) -> Tier:
    return Tier(year=year, level=level, group=group)


def reached(*tiers: Tier) -> AwardHistory:
    awards = tuple(Award(innovation="i", agency=OWNER, tier=each) for each in tiers)
    return AwardHistory(innovation="i", awards=awards)


def awarded(
    cycle: int, group: Group | None, *tiers: Tier, book: Rulebook | None = None
) -> Decision:
    return earlier_awards(book or rulebook(cycle), entered(cycle, group), history=reached(*tiers))


class TestAwardsBarringFromGeneral:
    """Never a highest tier before, and fewer than two Top 99 (2018 to 2021, 2023)."""

    @pytest.mark.parametrize(
        ("cycle", "last"), [(2018, 2017), (2019, 2018), (2020, 2019), (2021, 2020), (2023, 2022)]
    )
    def test_every_highest_tier_before(self, cycle: int, last: int) -> None:
        group = None if cycle < 2020 else GENERAL
        for year in (2014, last):
            decision = awarded(cycle, group, tier(year, Level.WINNER))
            assert refusals(decision) == {"HIGHEST_TIER_BEFORE"}

    @pytest.mark.parametrize("cycle", [2018, 2019, 2020, 2021, 2023])
    def test_top_99(self, cycle: int) -> None:
        group = None if cycle < 2020 else GENERAL
        years = (2015, 2016, 2017)

        for count, expected in enumerate((set(), set(), {"TOP99_TWICE"}, {"TOP99_TWICE"})):
            decision = awarded(cycle, group, *map(tier, years[:count]))
            assert refusals(decision) == expected
            assert decision.outcome is (NOT_MET if expected else MET)

    def test_two_lists_of_one_year_are_one_top_99(self) -> None:
        assert awarded(2021, GENERAL, tier(2018), tier(2018)).outcome is MET

    def test_what_comes_later_does_not_bar(self) -> None:
        assert awarded(2018, None, tier(2018, Level.WINNER), tier(2019)).outcome is MET

    def test_a_provincial_contest_does_not_bar(self) -> None:
        other = attrs.evolve(tier(2018, Level.WINNER), organiser="KOVABLIK")

        assert other.organiser != KIPP
        assert awarded(2021, GENERAL, other).outcome is MET

    def test_an_award_of_its_own_does_not_bar(self) -> None:
        """Top 21 of Covid-19 innovations, 2020."""
        assert awarded(2021, GENERAL, tier(2020, Level.SEPARATE)).outcome is MET

    def test_a_history_nobody_recorded(self) -> None:
        decision = earlier_awards(rulebook(2021), entered(2021), history=None)

        assert answered(decision) == (UNKNOWN, ("FACT_NOT_RECORDED", "FACT_NOT_RECORDED"))

    def test_a_finalist_of_an_unnamed_group(self) -> None:
        """In 2021 it may have been in the Top 99 or in a Top 15: once matters not, twice may."""
        unnamed = tier(2021, Level.FINALIST_ANY_GROUP)

        assert awarded(2023, GENERAL, unnamed).outcome is MET
        twice = awarded(2023, GENERAL, unnamed, tier(2018))
        assert twice.outcome is UNKNOWN
        assert "AWARD_GROUP_NOT_RECORDED" in twice.codes
        assert awarded(2023, GENERAL, unnamed, tier(2017), tier(2018)).outcome is NOT_MET

    @pytest.mark.parametrize("cycle", [2014, 2015, 2016, 2017, 2022, 2025])
    def test_where_nothing_was_found(self, cycle: int) -> None:
        """Only an innovation never awarded needs no list."""
        group = None if cycle < 2020 else GENERAL

        assert awarded(cycle, group, tier(2013)).outcome is UNKNOWN
        assert awarded(cycle, group).outcome is MET

    def test_a_group_named_by_the_law(self) -> None:
        general_only = {"level": "winner", "first_year": 2021, "last_year": 2021}
        book = rulebook(2023).reform(
            {"groups.general.excluding_awards": [{**general_only, "group": "general"}]},
            name="general only",
        )

        for group, outcome in {None: UNKNOWN, GENERAL: NOT_MET, REPLICATION: MET}.items():
            won = tier(2021, Level.WINNER, group)
            assert awarded(2023, GENERAL, won, book=book).outcome is outcome


class TestAwardsOfAReplica:
    """2020: itself never awarded in KIPP.  2021 and 2025: not found."""

    @pytest.mark.parametrize(
        ("cycle", "tiers", "outcome"),
        [
            (2020, (), MET),
            (2020, (tier(2018),), NOT_MET),
            (2021, (), MET),
            (2021, (tier(2018),), UNKNOWN),
            (2025, (), MET),
        ],
    )
    def test_by_cycle(self, cycle: int, tiers: tuple[Tier, ...], outcome: Outcome) -> None:
        assert awarded(cycle, REPLICATION, *tiers).outcome is outcome

    def test_2020_without_a_history(self) -> None:
        proposal = entered(2020, REPLICATION)

        assert earlier_awards(rulebook(2020), proposal, history=None).outcome is UNKNOWN

    def test_a_book_that_does_not_ask(self) -> None:
        name = "groups.replication.itself_never_awarded"
        book = rulebook(2020).reform({name: False}, name="may be awarded")

        for each in (book, free(2020, name)):
            decision = awarded(2020, REPLICATION, tier(2018, Level.WINNER), book=each)
            assert answered(decision) == (MET, ("EARLIER_AWARDS_ALLOWED",))

    def test_no_such_group(self) -> None:
        assert refusals(awarded(2022, REPLICATION)) == {"GROUP_NOT_OFFERED"}


class TestAwardsForSpecial:
    """Top Terpuji of 2014–2018 in 2020, 2014–2019 in 2021, of the general group 2014–2021 in
    2023; no Outstanding before; in 2023 not already twice in the Top 15 of the group."""

    @pytest.mark.parametrize(
        ("cycle", "year", "group", "refused"),
        [
            (2020, 2014, None, set()),
            (2020, 2018, None, set()),
            (2020, 2019, None, {"TERPUJI_TOO_RECENT_FOR_SPECIAL"}),
            (2021, 2019, None, set()),
            (2021, 2020, None, {"TERPUJI_TOO_RECENT_FOR_SPECIAL"}),
            (2023, 2020, None, set()),
            (2023, 2021, GENERAL, set()),
            (2023, 2021, REPLICATION, {"SPECIAL_TIER_MISSING"}),
            (2023, 2022, GENERAL, {"TERPUJI_TOO_RECENT_FOR_SPECIAL"}),
        ],
    )
    def test_range(self, cycle: int, year: int, group: Group | None, refused: set[str]) -> None:
        decision = awarded(cycle, SPECIAL, tier(year, Level.WINNER, group))

        assert refusals(decision) == refused
        assert decision.outcome is (NOT_MET if refused else MET)

    def test_a_winner_of_2021_of_an_unnamed_group_is_unknown_in_2023(self) -> None:
        decision = awarded(2023, SPECIAL, tier(2021, Level.WINNER))

        assert decision.outcome is UNKNOWN
        assert decision.codes[0] == "AWARD_GROUP_NOT_RECORDED"

    @pytest.mark.parametrize("tiers", [(), (tier(2018),), (tier(2018), tier(2019))])
    def test_a_top_99_is_not_enough(self, tiers: tuple[Tier, ...]) -> None:
        assert refusals(awarded(2021, SPECIAL, *tiers)) == {"SPECIAL_TIER_MISSING"}

    @pytest.mark.parametrize(("cycle", "year"), [(2021, 2020), (2023, 2020), (2023, 2022)])
    def test_outstanding_before(self, cycle: int, year: int) -> None:
        decision = awarded(
            cycle, SPECIAL, tier(2016, Level.WINNER), tier(year, Level.OUTSTANDING, SPECIAL)
        )

        assert refusals(decision) == {"BARRED_BY_AWARD"}

    def test_the_groups_own_tier(self) -> None:
        """2023: twice in the Top 15 of the special group is too often."""
        won = tier(2016, Level.WINNER)
        once, again = (tier(year, Level.FINALIST, SPECIAL) for year in (2020, 2022))
        unnamed = tier(2021, Level.FINALIST_ANY_GROUP)

        assert awarded(2023, SPECIAL, won, once).outcome is MET
        assert refusals(awarded(2023, SPECIAL, won, once, again)) == {"OWN_TIER_TOO_OFTEN"}
        assert awarded(2023, SPECIAL, won, once, unnamed).outcome is UNKNOWN

    def test_2022_is_not_defined(self) -> None:
        decision = awarded(2022, SPECIAL, tier(2018, Level.WINNER))

        assert decision.outcome is UNKNOWN
        assert path(decision) == "groups.special.source_awards"

    def test_a_history_nobody_recorded(self) -> None:
        proposal = entered(2023, SPECIAL)
        decision = earlier_awards(rulebook(2023), proposal, history=None)

        assert set(decision.codes) == {"FACT_NOT_RECORDED"}
        assert len(decision.reasons) == 3

    @pytest.mark.parametrize(
        ("name", "met"),
        [
            ("source_awards", "EARLIER_AWARDS_ALLOWED"),
            ("barring_awards", "NO_BARRING_AWARD"),
            ("own_tier_before", "OWN_TIER_WITHIN_LIMIT"),
        ],
    )
    def test_no_limit(self, name: str, met: str) -> None:
        won = tier(2016, Level.WINNER)
        decision = awarded(2023, SPECIAL, won, book=free(2023, f"groups.special.{name}"))

        assert met in decision.codes
        assert decision.outcome is MET


def test_a_group_nobody_recorded_leaves_the_awards_open() -> None:
    assert answered(awarded(2021, None)) == (UNKNOWN, ("FACT_NOT_RECORDED",))


class TestCategory:
    """One of the cycle's categories: nine in 2019, ten in 2021, three in 2022, nine in 2025."""

    @pytest.mark.parametrize(
        ("cycle", "category", "outcome"),
        [
            (2019, "health", MET),
            (2019, "law enforcement", NOT_MET),
            (2021, "law enforcement", MET),
            (2021, " Law  Enforcement ", MET),
            (2021, "sports", NOT_MET),
            (2021, None, UNKNOWN),
            (2022, "health", NOT_MET),
            (2025, "nutritious meals", MET),
        ],
    )
    def test_offered(self, cycle: int, category: str | None, outcome: Outcome) -> None:
        decision = category_offered(rulebook(cycle), entered(cycle, category=category))

        assert decision.outcome is outcome
        assert (decision.codes == ("CATEGORY_NOT_OFFERED",)) is (outcome is NOT_MET)

    @pytest.mark.parametrize("cycle", [2018, 2020, 2023])
    def test_names_nobody_found(self, cycle: int) -> None:
        """The nine of 2020 are an inference, so they stay unknown."""
        decision = category_offered(rulebook(cycle), entered(cycle, category="health"))

        assert decision.outcome is UNKNOWN
        assert path(decision) == "categories.names"

    def test_any_category(self) -> None:
        assert category_offered(free(2021, "categories.names"), entered(2021)).outcome is MET


class TestGoals:
    """2018: linked to at least one Sustainable Development Goal (ministry)."""

    @pytest.mark.parametrize(
        ("sdgs", "answer"),
        [
            ((3,), (MET, ("SDG_LINKED",))),
            ((), (NOT_MET, ("SDG_MISSING",))),
            (None, (UNKNOWN, ("FACT_NOT_RECORDED",))),
        ],
    )
    def test_2018(self, sdgs: tuple[int, ...] | None, answer: object) -> None:
        assert answered(sdg_link(rulebook(2018), entered(2018, None, sdgs=sdgs))) == answer

    def test_no_goal_asked_no_goal_recorded(self) -> None:
        book = rulebook(2018).reform({"sdg_minimum": 0}, name="none")

        assert answered(sdg_link(book, entered(2018))) == (MET, ("SDG_LINKED",))

    def test_one_goal_named_twice_is_one(self) -> None:
        book = rulebook(2018).reform({"sdg_minimum": 2}, name="two")

        assert sdg_link(book, entered(2018, sdgs=(3, 3))).outcome is NOT_MET
        assert sdg_link(book, entered(2018, sdgs=(3, 4))).outcome is MET

    def test_no_such_condition(self) -> None:
        assert sdg_link(free(2018, "sdg_minimum"), entered(2018)).outcome is MET


@pytest.mark.parametrize("decide", [category_offered, sdg_link])
def test_a_year_without_contest_refuses(decide: Any) -> None:
    assert decide(rulebook(2024), entered(2024)).codes == ("NO_KIPP_HELD",)
    refused = participant(rulebook(2024), entered(2024), agency=None)
    assert refused.codes == ("NO_KIPP_HELD",)


def test_a_book_with_a_closed_list_refuses_or_is_silent() -> None:
    """A group that is open while its condition is not: there is no such condition."""
    book = shut(2021, "groups.general.excluding_awards")

    assert awarded(2021, GENERAL, tier(2018, Level.WINNER), book=book).outcome is MET
