"""The proposal for the incentive: who, for which fiscal year, by which criteria, how far."""

from __future__ import annotations

import attrs
import pytest

from kipp.domain.agency import AgencyKey, AgencyKind
from kipp.domain.award import Level, Tier
from kipp.domain.citation import NotFound, NotOpen, Unlimited
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidType, InvalidValue
from kipp.domain.incentive import (
    FiscalCluster,
    FiscalCriterion,
    FiscalRecord,
    Grade,
    IncentiveStatus,
    InnovationCounts,
    Opinion,
)
from kipp.rulebooks import incentive_book
from kipp.rules.decision import Decision, Outcome
from kipp.rules.incentive import (
    CODES,
    CODES_OF,
    RULE_IDS,
    fiscal_cluster,
    fiscal_year,
    incentive_proposal,
    incentive_status,
    innovation_counts,
    main_criteria,
    propose,
)
from kipp.rules.terms import BookKind
from tests.fiscal import (
    MARK,
    body,
    books,
    codes_of,
    cycle,
    disputed,
    either,
    fiscal,
    made,
    won,
)

BOOKS = books()
KEY = AgencyKey("kab-contoh")
MET, NOT_MET, UNKNOWN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN
WTP, WDP = Opinion.UNQUALIFIED, Opinion.QUALIFIED


def asked(
    year: int,
    level: Level = Level.WINNER,
    size: int | None = None,
    group: Group | None = None,
    kind: AgencyKind | None = AgencyKind.REGENCY,
) -> Decision:
    """The packaged rulebooks' answer."""
    return propose(
        cycle(year), BOOKS, body(kind), Tier(year=year, level=level, size=size, group=group)
    )


def decided(decision: Decision) -> tuple[Outcome, str]:
    """The outcome and the code of the first reason that gives it."""
    return decision.outcome, next(
        reason.code for reason in decision.reasons if reason.outcome is decision.outcome
    )


class TestWhoIsProposed:
    """Local governments in the highest tier are proposed to the Ministry of Finance, KIPP 2017 to
    2022 (ministry's words, 2018 to 2022)."""

    @pytest.mark.parametrize(
        ("year", "size"), [(2017, 40), (2018, 40), (2019, 45), (2020, 45), (2021, 45), (2022, 45)]
    )
    @pytest.mark.parametrize("kind", [AgencyKind.PROVINCE, AgencyKind.REGENCY, AgencyKind.CITY])
    def test_the_highest_tier_of_a_local_government(
        self, year: int, size: int, kind: AgencyKind
    ) -> None:
        assert asked(year, size=size, kind=kind).outcome is MET

    @pytest.mark.parametrize("year", [2017, 2018, 2019, 2020, 2021, 2022])
    @pytest.mark.parametrize(
        "level", [Level.INTERMEDIATE, Level.FINALIST, Level.FINALIST_ANY_GROUP, Level.SEPARATE]
    )
    def test_nothing_below_it(self, year: int, level: Level) -> None:
        assert decided(asked(year, level, size=99)) == (NOT_MET, "BELOW_TOP_TIER")

    @pytest.mark.parametrize(
        "kind",
        [
            AgencyKind.MINISTRY,
            AgencyKind.STATE_INSTITUTION,
            AgencyKind.BUMN,
            AgencyKind.BUMD,
        ],
    )
    def test_nobody_else(self, kind: AgencyKind) -> None:
        assert decided(asked(2019, size=45, kind=kind)) == (NOT_MET, "NOT_LOCAL_GOVERNMENT")

    def test_a_region_without_autonomy_is_nobody(self) -> None:
        jakarta = attrs.evolve(body(AgencyKind.CITY), autonomous=False)

        found = propose(cycle(2019), BOOKS, jakarta, won(2019, 45))

        assert decided(found) == (NOT_MET, "AGENCY_ADMINISTRATIVE")

    def test_a_kind_that_is_not_known(self) -> None:
        assert decided(asked(2019, size=45, kind=None)) == (UNKNOWN, "FACT_NOT_RECORDED")

    @pytest.mark.parametrize(
        ("year", "outcome", "code"),
        [
            (2019, NOT_MET, "GROUP_NOT_OFFERED"),
            (2020, MET, "KIPP_YEAR_LINKED"),
            (2021, UNKNOWN, "GROUP_NOT_STATED"),
        ],
    )
    @pytest.mark.parametrize("size", [None, 5])
    def test_outstanding_is_of_the_special_group(
        self, year: int, outcome: Outcome, code: str, size: int | None
    ) -> None:
        """A group there was from 2020 on; that its winners are proposed is said of 2020 only."""
        assert decided(asked(year, Level.OUTSTANDING, size)) == (outcome, code)

    @pytest.mark.parametrize("size", [1, 5, 44, 46, 99, 1_000_000])
    def test_a_size_that_the_cycle_did_not_have(self, size: int) -> None:
        """2019: 99 finalists, 45 winners."""
        assert decided(asked(2019, size=size)) == (NOT_MET, "TIER_SIZE_NOT_OF_CYCLE")
        assert status(2019, size=size) is REFUSED

    def test_another_organiser(self) -> None:
        tier = Tier(year=2019, level=Level.WINNER, size=45, organiser="KOVABLIK")

        found = propose(cycle(2019), BOOKS, body(), tier)

        assert decided(found) == (NOT_MET, "OTHER_ORGANISER")

    @pytest.mark.parametrize(
        ("year", "outcome", "code"),
        [
            (2014, NOT_MET, "KIPP_YEAR_BEFORE_LINK"),
            (2015, NOT_MET, "KIPP_YEAR_BEFORE_LINK"),
            (2016, NOT_MET, "KIPP_YEAR_BEFORE_LINK"),
            (2023, UNKNOWN, "POST_2022_LINK_UNPROVEN"),
            (2024, NOT_MET, "NO_KIPP_HELD"),
            (2025, UNKNOWN, "POST_2022_LINK_UNPROVEN"),
            (2026, UNKNOWN, "POST_2022_LINK_UNPROVEN"),
        ],
    )
    def test_other_years(self, year: int, outcome: Outcome, code: str) -> None:
        assert decided(asked(year)) == (outcome, code)
        assert asked(year).codes == (code,)

    @pytest.mark.parametrize(
        ("year", "notes"),
        [
            (2017, set()),
            (2018, {"WORDING_CONSIDERATION"}),
            (2019, {"WORDING_ENTITLEMENT"}),
            (2020, set()),
            (2021, set()),
            (2022, set()),
        ],
    )
    def test_the_words_of_the_year(self, year: int, notes: set[str]) -> None:
        found = asked(year, group=Group.GENERAL)

        assert found.outcome is MET
        assert {r.code for r in found.reasons if r.outcome is None} == notes


class TestWhichGroups:
    """2020: the Top 45 (general and replication) and the five Outstanding; 2021 and 2022: the
    words reach the Top 45 only, the rest was not stated."""

    @pytest.mark.parametrize(
        ("year", "group", "level", "answer"),
        [
            (2020, Group.GENERAL, Level.WINNER, (MET, "KIPP_YEAR_LINKED")),
            (2020, Group.REPLICATION, Level.WINNER, (MET, "KIPP_YEAR_LINKED")),
            (2020, Group.SPECIAL, Level.OUTSTANDING, (MET, "KIPP_YEAR_LINKED")),
            (2020, Group.SPECIAL, Level.FINALIST, (NOT_MET, "BELOW_TOP_TIER")),
            (2021, Group.GENERAL, Level.WINNER, (MET, "KIPP_YEAR_LINKED")),
            (2021, Group.REPLICATION, Level.WINNER, (UNKNOWN, "GROUP_NOT_STATED")),
            (2021, Group.REPLICATION, Level.FINALIST, (NOT_MET, "BELOW_TOP_TIER")),
            (2021, Group.SPECIAL, Level.OUTSTANDING, (UNKNOWN, "GROUP_NOT_STATED")),
            (2021, Group.SPECIAL, Level.FINALIST, (NOT_MET, "BELOW_TOP_TIER")),
            (2022, Group.GENERAL, Level.WINNER, (MET, "KIPP_YEAR_LINKED")),
            (2022, Group.REPLICATION, Level.WINNER, (NOT_MET, "GROUP_NOT_OFFERED")),
            (2022, Group.SPECIAL, Level.OUTSTANDING, (UNKNOWN, "GROUP_NOT_STATED")),
            (2019, Group.SPECIAL, Level.OUTSTANDING, (NOT_MET, "GROUP_NOT_OFFERED")),
        ],
    )
    def test_each_group(
        self, year: int, group: Group, level: Level, answer: tuple[Outcome, str]
    ) -> None:
        assert decided(asked(year, level, group=group)) == answer

    @pytest.mark.parametrize(
        ("year", "outcome"),
        [(2018, MET), (2019, MET), (2020, MET), (2021, UNKNOWN), (2022, UNKNOWN)],
    )
    def test_a_winner_whose_group_nobody_names(self, year: int, outcome: Outcome) -> None:
        assert asked(year).outcome is outcome

    def test_five_winners_of_2021_are_not_the_top_45(self) -> None:
        assert decided(asked(2021, size=5)) == (UNKNOWN, "GROUP_NOT_STATED")

    def test_a_year_in_which_no_group_was_open(self) -> None:
        closed = {f"cycles.2019.levels.{group.key}": NotOpen(MARK) for group in Group}
        book = fiscal(2020, {"cycles.2019.proposed": True, "recipients": ["regency"], **closed})

        found = propose(cycle(2019), [book], body(), won(2019))

        assert decided(found) == (NOT_MET, "GROUP_NOT_OFFERED")


class TestTheLink:
    def test_a_link_that_sources_dispute(self) -> None:
        book = fiscal(2020, {"cycles.2019.proposed": either("cycles.2019.proposed", True, False)})

        assert propose(cycle(2019), [book], body(), won(2019)).codes == ("VALUE_DISPUTED",)
        assert fiscal_year(cycle(2019), [book]).value is None

    def test_a_contest_that_was_not_open(self) -> None:
        contest = made(BookKind.CYCLE, 2019, {"held": NotOpen(MARK)})

        assert propose(contest, BOOKS, body(), won(2019)).codes == ("NO_KIPP_HELD",)

    def test_whether_it_was_held_is_disputed(self) -> None:
        held = made(BookKind.CYCLE, 2019, {"held": disputed(BookKind.CYCLE, "held", True, False)})

        assert propose(held, BOOKS, body(), won(2019, 45)).codes == ("VALUE_DISPUTED",)

    def test_a_cycle_that_the_rulebooks_at_hand_do_not_speak_of(self) -> None:
        """Only what comes after the last fiscal year is "unproven"; the rest is just not found."""
        for year in (2018, 2022, 2025):
            found = propose(cycle(2019), [incentive_book(year)], body(), won(2019, 45))

            assert (found.outcome, found.codes) == (UNKNOWN, ("VALUE_NOT_FOUND",))
            assert fiscal_year(cycle(2019), [incentive_book(year)]).codes == ("VALUE_NOT_FOUND",)

    def test_a_later_cycle_after_a_year_with_a_link_is_just_not_found(self) -> None:
        found = propose(cycle(2023), [incentive_book(2022)], body(), won(2023, 45))

        assert found.codes == ("VALUE_NOT_FOUND",)

    def test_recipients_that_nobody_states(self) -> None:
        terms = {"cycles.2019.proposed": True, "cycles.2019.levels.general": ["winner"]}
        found = propose(cycle(2019), [fiscal(2020, terms)], body(), won(2019))

        assert "VALUE_NOT_FOUND" in found.codes

    def test_unlimited_recipients_are_no_list(self) -> None:
        terms = {"cycles.2019.proposed": True, "recipients": Unlimited(MARK)}
        found = propose(cycle(2019), [fiscal(2020, terms)], body(), won(2019))

        assert "NOT_LOCAL_GOVERNMENT" in found.codes

    def test_a_tier_of_another_year(self) -> None:
        with pytest.raises(InvalidValue, match=r"tier\.year: expected the year of the cycle, 2019"):
            propose(cycle(2019), BOOKS, body(), won(2020))

    def test_no_rulebook_at_all(self) -> None:
        with pytest.raises(InvalidValue, match="books: expected at least one incentive rulebook"):
            propose(cycle(2019), [], body(), won(2019))

    def test_the_strongest_source_stands_in_every_reason(self) -> None:
        found = asked(2019, size=45)

        assert all(reason.citations for reason in found.reasons)


class TestFiscalYear:
    """KIPP 2017 to 2021 counted for the year after; KIPP 2022 is disputed."""

    @pytest.mark.parametrize(
        ("year", "counts_for"),
        [(2017, 2018), (2018, 2019), (2019, 2020), (2020, 2021), (2021, 2022)],
    )
    def test_stated(self, year: int, counts_for: int) -> None:
        found = fiscal_year(cycle(year), BOOKS)

        assert (found.value, found.reasons[0].code) == (counts_for, "LAG_STATED")

    def test_2020_also_has_a_counter_source(self) -> None:
        assert fiscal_year(cycle(2020), BOOKS).codes == ("LAG_STATED", "LAG_CONFLICT")

    def test_2022_is_none_with_both_readings(self) -> None:
        found = fiscal_year(cycle(2022), BOOKS)

        assert found.value is None
        assert found.codes == ("LAG_CONFLICT",)
        assert dict(found.reasons[0].values)["years"] == (2022, 2023)

    @pytest.mark.parametrize(
        ("year", "code"),
        [
            (2016, "KIPP_YEAR_BEFORE_LINK"),
            (2023, "POST_2022_LINK_UNPROVEN"),
            (2024, "NO_KIPP_HELD"),
            (2025, "POST_2022_LINK_UNPROVEN"),
        ],
    )
    def test_none_without_a_link(self, year: int, code: str) -> None:
        found = fiscal_year(cycle(year), BOOKS)

        assert (found.value, found.codes) == (None, (code,))

    def test_a_year_nobody_states(self) -> None:
        found = fiscal_year(cycle(2019), [fiscal(2020, {"cycles.2019.proposed": True})])

        assert (found.value, found.codes) == (None, ("VALUE_NOT_FOUND",))


class TestTheProposal:
    def test_carries_tier_and_year(self) -> None:
        found = incentive_proposal(
            cycle(2019), BOOKS, body(), won(2019, 45), innovation="Contoh 0001"
        ).value

        assert found is not None
        assert (found.agency, found.fiscal_year, found.innovation) == (KEY, 2020, "Contoh 0001")
        assert found.tier == won(2019, 45)

    def test_has_no_year_where_sources_disagree(self) -> None:
        found = incentive_proposal(cycle(2022), BOOKS, body(), won(2022, 45))

        assert found.value is not None
        assert found.value.fiscal_year is None
        assert "LAG_CONFLICT" in found.codes

    def test_is_none_where_nothing_follows(self) -> None:
        found = incentive_proposal(cycle(2016), BOOKS, body(), won(2016))

        assert (found.value, found.codes) == (None, ("KIPP_YEAR_BEFORE_LINK",))


GOOD = FiscalRecord(
    agency=KEY,
    fiscal_year=2022,
    opinions=tuple((year, WTP) for year in range(2016, 2021)),
    latest_audit=2020,
    apbd_on_time=True,
    eprocurement=True,
    eprocurement_grade=Grade.B,
    ebudgeting=True,
    eplanning=True,
    egovernment=True,
    one_stop_service=True,
)


def record(year: int, **changes: object) -> FiscalRecord:
    """A record with which everything is fulfilled, but for *changes*."""
    last = year - 2
    audited = {
        "latest_audit": last,
        "opinions": tuple((each, WTP) for each in range(last - 4, year - 1)),
    }
    return attrs.evolve(GOOD, fiscal_year=year, **{**audited, **changes})  # type: ignore[arg-type]  # fields by name


def criteria(year: int, **changes: object) -> Decision:
    return main_criteria(incentive_book(year), KEY, record(year, **changes))


class TestMainCriteria:
    """*Kriteria utama*, year by year: every criterion a source names; no list is ever closed."""

    @pytest.mark.parametrize("year", [2017, 2018, 2020, 2021])
    def test_a_region_that_fulfils_everything(self, year: int) -> None:
        found = criteria(year)

        assert found.outcome is MET
        assert "CRITERIA_LIST_OPEN" in found.codes

    @pytest.mark.parametrize("year", [2017, 2018, 2020, 2021])
    def test_nothing_recorded(self, year: int) -> None:
        found = main_criteria(incentive_book(year), KEY)

        assert decided(found) == (UNKNOWN, "FACT_NOT_RECORDED")

    @pytest.mark.parametrize(
        ("year", "outcome"), [(2017, MET), (2018, UNKNOWN), (2020, NOT_MET), (2021, UNKNOWN)]
    )
    def test_an_opinion_with_qualification(self, year: int, outcome: Outcome) -> None:
        """2017: WTP or WDP. 2018: one source WTP, the other either. From 2020: WTP; in 2021 it
        counts against the region only where its data are known to have been supplied."""
        assert criteria(year, opinions=((year - 2, WDP),)).outcome is outcome

    @pytest.mark.parametrize("year", [2017, 2018, 2020, 2021])
    @pytest.mark.parametrize("opinion", [Opinion.ADVERSE, Opinion.DISCLAIMER])
    def test_a_bad_opinion(self, year: int, opinion: Opinion) -> None:
        supplied = ((FiscalCriterion.UNQUALIFIED_OPINION, True),)

        assert criteria(year, opinions=((year - 2, opinion),), supplied=supplied).outcome is NOT_MET

    @pytest.mark.parametrize("year", [2017, 2018, 2020])
    def test_a_late_budget(self, year: int) -> None:
        assert decided(criteria(year, apbd_on_time=False)) == (NOT_MET, "APBD_LATE")

    @pytest.mark.parametrize(
        ("year", "fact", "outcome"),
        [
            (2017, "eprocurement", MET),
            (2018, "eprocurement", UNKNOWN),
            (2018, "ebudgeting", UNKNOWN),
            (2018, "eplanning", UNKNOWN),
            (2018, "one_stop_service", MET),
            (2020, "egovernment", UNKNOWN),
            (2020, "one_stop_service", UNKNOWN),
            (2020, "ebudgeting", UNKNOWN),
            (2020, "eprocurement", UNKNOWN),
            (2020, "eplanning", MET),
            (2021, "ebudgeting", MET),
            (2021, "egovernment", MET),
            (2021, "one_stop_service", MET),
        ],
    )
    def test_what_only_one_set_asks_leaves_it_open(
        self, year: int, fact: str, outcome: Outcome
    ) -> None:
        """2018 and 2020: two sources name different sets; 2021: either of two is enough."""
        assert criteria(year, **{fact: False}).outcome is outcome

    def test_2020_fails_where_both_sets_do(self) -> None:
        found = criteria(2020, egovernment=False, eprocurement=False)

        assert decided(found) == (NOT_MET, "CRITERIA_SET_DISPUTED")
        assert {"EGOVERNMENT_MISSING", "EPROC_MISSING"} <= codes_of(found.reasons)

    def test_2018_asks_one_year_or_three(self) -> None:
        """At least WTP, says one report; three years running, announces the other."""
        one = criteria(2018, opinions=((2016, WTP), (2015, WDP), (2014, WTP)))
        three = criteria(2018, opinions=((2016, WTP), (2015, WTP), (2014, WTP)))

        assert (one.outcome, three.outcome) == (UNKNOWN, MET)

    @pytest.mark.parametrize("year", [2019, 2023, 2024, 2025])
    def test_criteria_that_were_not_published(self, year: int) -> None:
        assert criteria(year).codes == ("CRITERIA_NOT_PUBLISHED_HERE",)
        assert criteria(year).outcome is UNKNOWN

    def test_2022_asks_by_cluster(self) -> None:
        assert decided(criteria(2022)) == (UNKNOWN, "CRITERIA_BY_CLUSTER")

    def test_the_latest_audit_must_be_recorded(self) -> None:
        assert decided(criteria(2017, latest_audit=None)) == (UNKNOWN, "FACT_NOT_RECORDED")

    def test_a_record_of_another_year(self) -> None:
        with pytest.raises(InvalidValue, match=r"record\.fiscal_year: expected 2021, as the book"):
            main_criteria(incentive_book(2021), KEY, record(2020))

    def test_a_record_of_another_agency(self) -> None:
        other = record(2021, agency=AgencyKey("kota-contoh"))

        with pytest.raises(InvalidValue, match=r"record\.agency: expected kab-contoh"):
            main_criteria(incentive_book(2021), KEY, other)


class TestDataNotSupplied:
    """FY2021: a criterion may be left out when the ministry that owns the data gives none."""

    def failing(self, *supplied: tuple[FiscalCriterion, bool]) -> Decision:
        return criteria(2021, apbd_on_time=False, supplied=supplied)

    def test_supplied_and_failed(self) -> None:
        found = self.failing((FiscalCriterion.APBD_ON_TIME, True))

        assert decided(found) == (NOT_MET, "APBD_LATE")

    def test_not_supplied(self) -> None:
        found = self.failing((FiscalCriterion.APBD_ON_TIME, False))

        assert found.outcome is MET
        assert "CRITERION_SKIPPED_NO_DATA" in found.codes

    def test_whether_supplied_is_not_recorded(self) -> None:
        assert decided(self.failing()) == (UNKNOWN, "FACT_NOT_RECORDED")

    def test_a_fact_not_recorded_stays_so(self) -> None:
        found = criteria(2021, apbd_on_time=None)

        assert decided(found) == (UNKNOWN, "FACT_NOT_RECORDED")
        assert dict(found.reasons[1].values)["fact"] == "apbd_on_time"

    def test_all_left_out(self) -> None:
        nothing = FiscalRecord(
            agency=KEY,
            fiscal_year=2021,
            supplied=tuple((criterion, False) for criterion in FiscalCriterion),
        )

        found = main_criteria(incentive_book(2021), KEY, nothing)

        assert decided(found) == (UNKNOWN, "EVERY_CRITERION_SKIPPED")

    def test_the_year_before_leaves_nothing_out(self) -> None:
        found = criteria(
            2020, apbd_on_time=False, supplied=((FiscalCriterion.APBD_ON_TIME, False),)
        )

        assert found.outcome is NOT_MET

    def test_leaving_out_that_is_disputed_leaves_it_open(self) -> None:
        path = "criteria.skip_without_data"
        book = fiscal(
            2021, {"criteria.required": ["apbd_on_time"], path: either(path, True, False)}
        )
        late = record(2021, apbd_on_time=False, supplied=((FiscalCriterion.APBD_ON_TIME, False),))

        assert main_criteria(book, KEY, late).codes[0] == "VALUE_DISPUTED"
        assert main_criteria(book, KEY, record(2021)).outcome is MET


class TestOtherLists:
    """Lists that no packaged rulebook holds, as a reform could make them."""

    def test_none_at_all(self) -> None:
        book = fiscal(2021, {"criteria.required": []})

        found = main_criteria(book, KEY)

        assert decided(found) == (MET, "NO_MAIN_CRITERIA")
        assert "CRITERIA_LIST_OPEN" not in found.codes

    def test_a_closed_list_needs_no_note(self) -> None:
        book = fiscal(2021, {"criteria.required": ["apbd_on_time"], "criteria.closed_list": True})

        assert main_criteria(book, KEY, record(2021)).codes == ("CRITERION_MET",)

    def test_a_set_against_none(self) -> None:
        path = "criteria.required"
        book = fiscal(2021, {path: either(path, ["apbd_on_time"], NotOpen(MARK))})

        assert main_criteria(book, KEY, record(2021)).outcome is MET
        assert main_criteria(book, KEY, record(2021, apbd_on_time=False)).outcome is UNKNOWN

    @pytest.mark.parametrize(
        ("criterion", "fact", "code"),
        [
            ("eprocurement", "eprocurement", "EPROC_MISSING"),
            ("ebudgeting", "ebudgeting", "EBUDGETING_MISSING"),
            ("eplanning", "eplanning", "EPLANNING_MISSING"),
            ("egovernment", "egovernment", "EGOVERNMENT_MISSING"),
            ("one_stop_service", "one_stop_service", "PTSP_MISSING"),
        ],
    )
    def test_each_criterion_has_its_code(self, criterion: str, fact: str, code: str) -> None:
        book = fiscal(2021, {"criteria.required": [criterion]})

        assert decided(main_criteria(book, KEY, record(2021, **{fact: False}))) == (NOT_MET, code)
        assert main_criteria(book, KEY, record(2021, **{fact: True})).outcome is MET
        assert main_criteria(book, KEY, record(2021, **{fact: None})).outcome is UNKNOWN

    @pytest.mark.parametrize(
        ("egovernment", "one_stop", "outcome"),
        [
            (True, None, MET),
            (None, True, MET),
            (False, None, UNKNOWN),
            (None, False, UNKNOWN),
            (False, False, NOT_MET),
        ],
    )
    def test_one_of_two(
        self, egovernment: bool | None, one_stop: bool | None, outcome: Outcome
    ) -> None:
        book = fiscal(2021, {"criteria.required": ["egovernment_or_one_stop"]})
        facts = record(2021, egovernment=egovernment, one_stop_service=one_stop)

        assert main_criteria(book, KEY, facts).outcome is outcome

    @pytest.mark.parametrize(
        ("grade", "outcome"),
        [(Grade.A, MET), (Grade.B, MET), (Grade.C, NOT_MET), (Grade.D, NOT_MET), (None, UNKNOWN)],
    )
    def test_the_grade(self, grade: Grade | None, outcome: Outcome) -> None:
        book = fiscal(
            2021,
            {"criteria.required": ["eprocurement_grade"], "criteria.eprocurement_grade": "b"},
        )

        assert main_criteria(book, KEY, record(2021, eprocurement_grade=grade)).outcome is outcome

    def test_a_grade_nobody_states(self) -> None:
        book = fiscal(2021, {"criteria.required": ["eprocurement_grade"]})

        assert "VALUE_NOT_FOUND" in main_criteria(book, KEY, record(2021)).codes

    def test_no_least_grade(self) -> None:
        terms = {
            "criteria.required": ["eprocurement_grade"],
            "criteria.eprocurement_grade": Unlimited(MARK),
        }
        facts = record(2021, eprocurement_grade=Grade.D)

        assert main_criteria(fiscal(2021, terms), KEY, facts).outcome is MET

    def test_no_number_of_years(self) -> None:
        """Unlimited years ask no more than the latest one that is recorded as such."""
        terms = {
            "criteria.required": ["unqualified_opinion"],
            "criteria.opinion_years": Unlimited(MARK),
        }

        assert main_criteria(fiscal(2021, terms), KEY, record(2021)).outcome is MET


def cluster(**changes: object) -> tuple[FiscalCluster | None, set[str]]:
    found = fiscal_cluster(incentive_book(2022), KEY, record(2022, **changes))
    return found.value, set(found.codes)


def years(*opinions: Opinion) -> tuple[tuple[int, Opinion], ...]:
    """Opinions from 2020 backwards."""
    return tuple((2020 - index, opinion) for index, opinion in enumerate(opinions))


class TestClusters:
    """FY2022: A asks for five unqualified opinions in a row, B for the latest, C for nothing."""

    @pytest.mark.parametrize(
        ("opinions", "expected"),
        [
            (years(WTP, WTP, WTP, WTP, WTP), FiscalCluster.A),
            (years(WTP, WTP, WTP, WTP, WDP), FiscalCluster.B),
            (years(WTP, WDP), FiscalCluster.B),
            (years(WDP, WTP, WTP, WTP, WTP), FiscalCluster.C),
            (years(WTP, WTP, WTP, WTP), None),
            (years(), None),
        ],
    )
    def test_opinions(
        self, opinions: tuple[tuple[int, Opinion], ...], expected: FiscalCluster | None
    ) -> None:
        assert cluster(opinions=opinions)[0] is expected

    def test_the_codes_tell_a_short_row_from_a_bad_year(self) -> None:
        assert "OPINION_STREAK_TOO_SHORT" in cluster(opinions=years(WTP, WDP))[1]
        assert "OPINION_BELOW_REQUIRED" in cluster(opinions=years(WDP))[1]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"apbd_on_time": False}, "APBD_LATE"),
            ({"eprocurement_grade": Grade.C}, "EPROC_BELOW_B"),
            ({"ebudgeting": False}, "EBUDGETING_MISSING"),
            ({"one_stop_service": False}, "PTSP_MISSING"),
        ],
    )
    def test_what_a_and_b_both_ask_leads_to_c(self, changes: dict[str, object], code: str) -> None:
        value, codes = cluster(**changes)

        assert value is FiscalCluster.C
        assert {code, "NO_MAIN_CRITERIA", "DEFAULT_CLUSTER_INFERRED", "CRITERIA_LIST_OPEN"} <= codes

    def test_nothing_recorded(self) -> None:
        found = fiscal_cluster(incentive_book(2022), KEY)

        assert found.value is None
        assert "FACT_NOT_RECORDED" in found.codes

    def test_years_without_clusters(self) -> None:
        found = fiscal_cluster(incentive_book(2021), KEY, record(2021))

        assert (found.value, found.codes) == (None, ("CRITERIA_NOT_PUBLISHED_HERE",))

    def test_no_cluster_takes_everybody_in(self) -> None:
        needs = {f"clusters.{key}.criteria": ["apbd_on_time"] for key in ("a", "b", "c")}

        found = fiscal_cluster(fiscal(2022, needs), KEY, record(2022, apbd_on_time=False))

        assert found.value is None


class TestCounts:
    """Innovations that passed, reached the finalists, reached the winners (May 2020)."""

    def test_several_add_up(self) -> None:
        parts = [
            InnovationCounts(passed=5, finalists=2, winners=1),
            InnovationCounts(passed=1, finalists=1, winners=0),
        ]

        found = innovation_counts(incentive_book(2021), KEY, parts)

        assert found.value == InnovationCounts(passed=6, finalists=3, winners=1)
        assert found.codes == ("COUNTS_ADDED", "WEIGHTS_NOT_PUBLISHED")

    def test_none_is_not_zero(self) -> None:
        parts = [InnovationCounts(passed=5), InnovationCounts(passed=1, finalists=1, winners=0)]

        found = innovation_counts(incentive_book(2021), KEY, parts)

        assert found.value is None
        assert found.codes.count("FACT_NOT_RECORDED") == 2

    @pytest.mark.parametrize("year", [2017, 2018, 2022, 2025])
    def test_what_is_counted_was_stated_for_2021_only(self, year: int) -> None:
        found = innovation_counts(incentive_book(year), KEY, [])

        assert found.value is None
        assert found.codes == ("VALUE_NOT_FOUND", "WEIGHTS_NOT_PUBLISHED")

    @pytest.mark.parametrize(
        ("passed", "finalists", "winners"), [(1, 2, 0), (3, 1, 2), (1, None, 2)]
    )
    def test_more_winners_than_finalists_cannot_be(
        self, passed: int, finalists: int | None, winners: int
    ) -> None:
        with pytest.raises(InvalidValue, match="winners <= finalists <= passed"):
            InnovationCounts(passed=passed, finalists=finalists, winners=winners)

    def test_only_whole_numbers(self) -> None:
        with pytest.raises(InvalidType, match=r"InnovationCounts\.passed: expected a whole"):
            InnovationCounts(passed=True)
        with pytest.raises(InvalidType, match=r"InnovationCounts\.winners: expected a whole"):
            InnovationCounts(winners=1.0)  # type: ignore[arg-type]  # on purpose
        with pytest.raises(InvalidValue, match=r"InnovationCounts\.winners: expected a whole"):
            InnovationCounts(winners=-1)


ELIGIBLE, REFUSED = IncentiveStatus.ELIGIBLE_PENDING_MOF, IncentiveStatus.NOT_ELIGIBLE


def status(year: int, *records: FiscalRecord, size: int = 45) -> IncentiveStatus | None:
    return incentive_status(cycle(year), BOOKS, body(), won(year, size), records).value


class TestStatus:
    """How far it gets; "granted" is a word that the Ministry of Finance alone can say."""

    def test_there_is_no_granted(self) -> None:
        assert {each.name for each in IncentiveStatus} == {"ELIGIBLE_PENDING_MOF", "NOT_ELIGIBLE"}

    @pytest.mark.parametrize(
        ("contest", "year", "changes", "expected"),
        [
            (2017, 2018, {}, ELIGIBLE),
            (2018, 2019, {}, None),
            (2019, 2020, {}, ELIGIBLE),
            (2019, 2020, {"apbd_on_time": False}, REFUSED),
            (2019, 2020, {"egovernment": False}, None),
            (2020, 2021, {}, ELIGIBLE),
            (2021, 2022, {}, ELIGIBLE),
            (2021, 2022, {"opinions": ((2020, WTP), (2019, WDP))}, ELIGIBLE),
            (2021, 2022, {"apbd_on_time": False}, None),
            (2021, 2022, {"apbd_on_time": None}, None),
        ],
    )
    def test_by_the_criteria_of_the_year(
        self,
        contest: int,
        year: int,
        changes: dict[str, object],
        expected: IncentiveStatus | None,
    ) -> None:
        size = 40 if contest in (2017, 2018) else 45

        assert status(contest, record(year, **changes), size=size) is expected

    def test_2022_has_no_year_and_so_no_status(self) -> None:
        """Whatever is recorded: the criteria of FY2023 were not published."""
        assert status(2022, record(2022), record(2023)) is None

    def test_not_proposed_is_not_eligible(self) -> None:
        assert status(2016) is REFUSED
        assert status(2024) is REFUSED

    def test_not_known_whether_proposed(self) -> None:
        assert status(2023, record(2024)) is None

    def test_records_of_other_years_do_not_help(self) -> None:
        assert status(2019, record(2019), record(2021)) is None

    def test_it_always_says_who_decides(self) -> None:
        found = incentive_status(cycle(2019), BOOKS, body(), won(2019, 45), [record(2020)])

        assert found.codes[-1] == "DECIDED_BY_MOF"

    def test_two_records_of_one_year(self) -> None:
        with pytest.raises(InvalidValue, match="records: expected one record per fiscal year"):
            status(2019, record(2020), record(2020, ebudgeting=False))

    @pytest.mark.parametrize("contest", [2016, 2019])
    def test_a_record_of_another_agency_is_never_passed_over(self, contest: int) -> None:
        other = record(2021, agency=AgencyKey("kota-contoh"))

        with pytest.raises(InvalidValue, match=r"record\.agency: expected kab-contoh"):
            status(contest, other)

    def test_one_record_said_twice_is_one(self) -> None:
        assert status(2019, record(2020), record(2020)) is ELIGIBLE

    def test_readings_of_the_year_that_agree(self) -> None:
        path = "cycles.2019.fiscal_year"
        home = fiscal(
            2020,
            {
                "cycles.2019.proposed": True,
                "cycles.2019.levels.general": ["winner"],
                "recipients": ["regency"],
                path: either(path, 2020, 2021),
                "criteria.required": ["apbd_on_time"],
            },
        )
        after = fiscal(2021, {"criteria.required": ["apbd_on_time"]})
        tier = won(2019, group=Group.GENERAL)
        late = [record(year, apbd_on_time=False) for year in (2020, 2021)]

        found = incentive_status(cycle(2019), [after, home], body(), tier, late)

        assert found.value is REFUSED
        assert incentive_status(cycle(2019), [after, home], body(), tier, late[:1]).value is None

    @pytest.mark.parametrize(
        ("terms", "code"),
        [
            ({"cycles.2019.fiscal_year": 2031}, "CRITERIA_NOT_PUBLISHED_HERE"),
            ({"cycles.2019.fiscal_year": NotFound("nothing")}, "VALUE_NOT_FOUND"),
        ],
    )
    def test_a_year_without_a_rulebook(self, terms: dict[str, object], code: str) -> None:
        home = fiscal(
            2020,
            {
                "cycles.2019.proposed": True,
                "cycles.2019.levels.general": ["winner"],
                "recipients": ["regency"],
                **terms,
            },
        )
        tier = won(2019, group=Group.GENERAL)

        found = incentive_status(cycle(2019), [home], body(), tier)

        assert found.value is None
        assert code in found.codes


class TestRecords:
    def test_one_opinion_per_year(self) -> None:
        with pytest.raises(InvalidValue, match="one opinion per audited year"):
            record(2021, opinions=((2020, WTP), (2020, WDP)))

    def test_grades_from_a_to_d(self) -> None:
        assert [grade for grade in Grade if grade.at_least(Grade.B)] == [Grade.A, Grade.B]


def test_codes_are_each_declared_once() -> None:
    assert set(CODES_OF) == set(RULE_IDS)
    assert len(set(CODES)) == len(CODES)
