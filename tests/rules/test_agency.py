"""What comes before the kind of an agency: registered, autonomous, there on the day."""

from __future__ import annotations

import pytest

import kipp
from kipp.domain.agency import Agency, AgencyKey, AgencyKind, DatedName, Span
from kipp.domain.award import Level, Tier
from kipp.domain.dates import Date, DateRange
from kipp.domain.errors import InvalidType, InvalidValue
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.messages import say
from kipp.registry import hubs, registry
from kipp.rulebooks import duty_book, fiscal_years, hubs_book, incentive_book, rulebook
from kipp.rules.agency import CODES, REFUSALS, doubts, refusal, year_days
from kipp.rules.decision import Outcome, Reason
from kipp.rules.duty import create_one, enter_one
from kipp.rules.eligibility import participant
from kipp.rules.hub import hub_status
from kipp.rules.incentive import incentive_proposal, incentive_status, propose

MET, NOT_MET, UNKNOWN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN
BOOKS = [incentive_book(year) for year in fiscal_years()]
ADMINISTRATIVE = [agency.key for agency in registry() if not agency.autonomous]


def found(key: str) -> Agency:
    return registry().agency(key)


def participates(agency: Agency | None, year: int, key: str = "") -> tuple[Reason, ...]:
    owner = AgencyKey(key) if agency is None else agency.key
    innovation = Innovation(id="i", title="Contoh", agency=owner)
    proposal = Proposal(id="p", innovation=innovation, cycle=year)
    return participant(rulebook(year), proposal, agency=agency).reasons


def receives(agency: Agency | AgencyKey, year: int) -> tuple[Reason, ...]:
    tier = Tier(year=year, level=Level.WINNER, size=45)
    decision = propose(rulebook(year), BOOKS, agency, tier)
    return decision.reasons


def owes(agency: Agency | AgencyKey, year: int) -> tuple[Reason, ...]:
    reasons = enter_one(duty_book(), agency, year, ()).reasons
    assert reasons[0] == create_one(duty_book(), agency, year, ()).reasons[0]
    return reasons


def is_hub(agency: Agency | AgencyKey, year: int) -> tuple[Reason, ...]:
    answer = hub_status(hubs_book(), hubs(), agency, Date(year, 6, 1))
    assert answer.value is None
    return answer.reasons


def refusals(reasons: tuple[Reason, ...]) -> list[tuple[Outcome | None, str]]:
    return [(reason.outcome, reason.code) for reason in reasons if reason.code in CODES]


class TestEveryRuleAsks:
    """Who may enter, who receives, whom the duty reaches, who is a hub: the same refusal."""

    @pytest.mark.parametrize(
        ("key", "code"),
        [
            ("prov-papua-selatan", "AGENCY_NOT_YET_FOUNDED"),
            ("kemenpera", "AGENCY_NO_LONGER_EXISTS"),
            *((key, "AGENCY_ADMINISTRATIVE") for key in ADMINISTRATIVE),
        ],
    )
    @pytest.mark.parametrize("year", [2019, 2021])
    def test_who_is_no_agency_of_the_year(self, key: str, code: str, year: int) -> None:
        """South Papua was founded on 25 July 2022, the housing ministry ended in October 2014, and
        the five cities and one regency of Jakarta are no local governments."""
        agency = found(key)

        assert refusals(participates(agency, year)) == [(NOT_MET, code)]
        assert refusals(receives(agency, year)) == [(NOT_MET, code)]
        assert refusals(is_hub(agency, year)) == [(NOT_MET, code)]
        nothing_owed = MET if key in ADMINISTRATIVE else UNKNOWN
        assert refusals(owes(agency, year)) == [(nothing_owed, code)]

    def test_there_are_six_administrative_regions(self) -> None:
        assert len(ADMINISTRATIVE) == 6

    @pytest.mark.parametrize("key", ["prov-papua-selatan", "kemenpera"])
    @pytest.mark.parametrize("entered", [0, 1])
    def test_nothing_is_asked_of_who_is_not_there(self, key: str, entered: int) -> None:
        """Not met, and not missed: neither with an innovation in its name nor without."""
        body = found(key)
        innovation = Innovation(id="i", title="Contoh", agency=body.key, started=Date(2020, 1, 2))
        proposal = Proposal(id="p", innovation=innovation, cycle=2020)

        for answer in kipp.duty(
            body, 2020, innovations=[innovation] * entered, proposals=[proposal] * entered
        ):
            assert answer.outcome is UNKNOWN
            decisive = [each.code for each in answer.reasons if each.outcome is not None]
            assert decisive in (["AGENCY_NOT_YET_FOUNDED"], ["AGENCY_NO_LONGER_EXISTS"])

    @pytest.mark.parametrize("key", ["kota-atlantis", "Kota Ambon"])
    def test_a_key_that_is_not_registered(self, key: str) -> None:
        """Or a name in its place: a finding that names it, never a crash."""
        stranger = AgencyKey(key)

        for reasons in (
            participates(None, 2021, key),
            receives(stranger, 2021),
            is_hub(stranger, 2021),
            owes(stranger, 2020),
        ):
            assert refusals(reasons) == [(UNKNOWN, "AGENCY_NOT_REGISTERED")]
            said = next(say(each, "en") for each in reasons if each.code in CODES)
            assert said.startswith(
                f"unknown: the registry holds no agency with the key {key}: "
                "resolve the agency's name to find its key"
            )

    def test_what_follows_for_a_key_that_is_not_registered(self) -> None:
        stranger, tier = AgencyKey("kota-atlantis"), Tier(year=2019, level=Level.WINNER, size=45)

        for answer in (
            incentive_status(rulebook(2019), BOOKS, stranger, tier),
            incentive_proposal(rulebook(2019), BOOKS, stranger, tier),
        ):
            assert answer.value is None
            assert answer.subject == stranger
        missed = enter_one(duty_book(), stranger, 2020, ())
        assert missed.subject == stranger
        assert [each.outcome for each in missed.reasons if each.code == "NONE_ENTERED"] == [None]

    def test_a_body_whose_dates_nobody_read_is_noted(self) -> None:
        """BPOM is known by its name only: it is taken to stand, and that is said."""
        bpom = found("bpom")

        for reasons in (participates(bpom, 2021), owes(bpom, 2020), receives(bpom, 2019)):
            assert refusals(reasons) == [(None, "AGENCY_DATES_NOT_READ")]

        answer = hub_status(hubs_book(), hubs(), bpom, Date(2021, 6, 1))
        assert refusals(answer.reasons) == [(None, "AGENCY_DATES_NOT_READ")]
        assert answer.value is not None

    def test_a_body_that_ended_some_day_of_the_year(self) -> None:
        """LIPI ended in 2021; the day is not known."""
        lipi = found("lipi")

        assert refusals(participates(lipi, 2021)) == [(UNKNOWN, "AGENCY_EXISTENCE_UNCLEAR")]
        assert refusals(participates(lipi, 2022)) == [(NOT_MET, "AGENCY_NO_LONGER_EXISTS")]
        assert refusals(participates(lipi, 2020)) == []
        assert refusals(owes(lipi, 2021)) == [(UNKNOWN, "AGENCY_EXISTENCE_UNCLEAR")]
        assert refusals(is_hub(lipi, 2021)) == [(UNKNOWN, "AGENCY_EXISTENCE_UNCLEAR")]

    def test_the_bounds_are_compared_in_the_sentence(self) -> None:
        early = owes(found("prov-papua-selatan"), 2019)[0]
        late = owes(found("kemenpera"), 2021)[0]

        assert say(early, "en") == (
            "unknown: the agency prov-papua-selatan was not yet founded: founded 25 July 2022, "
            "while the last day that counts is 31 December 2019"
        )
        assert say(late, "id") == (
            "belum dapat dipastikan: instansi kemenpera tidak ada lagi: berakhir 27 Oktober 2014, "
            "sedangkan hari pertama yang dihitung 1 Januari 2021"
        )


class TestOneDay:
    """The bounds are half-open: the end is the first day on which it no longer was."""

    FIRST, LAST = Date(2021, 3, 1), Date(2021, 3, 31)

    def agency(self, span: Span, autonomous: bool = True) -> Agency:
        return Agency(
            key=AgencyKey("kota-contoh"),
            kind=AgencyKind.CITY,
            names=(DatedName("Kota Contoh"),),
            span=span,
            autonomous=autonomous,
        )

    @pytest.mark.parametrize(
        ("span", "code"),
        [
            (Span(), None),
            (Span(Date(2021, 3, 31)), None),
            (Span(Date(2021, 4, 1)), "AGENCY_NOT_YET_FOUNDED"),
            (Span(None, Date(2021, 3, 2)), None),
            (Span(None, Date(2021, 3, 1)), "AGENCY_NO_LONGER_EXISTS"),
            (Span(DateRange(Date(2021, 3, 31), Date(2021, 4, 9))), "AGENCY_EXISTENCE_UNCLEAR"),
            (Span(known=False), "AGENCY_DATES_NOT_READ"),
        ],
    )
    def test_on_either_side_of_a_bound(self, span: Span, code: str | None) -> None:
        agency = self.agency(span)
        refused = refusal(agency, self.FIRST, self.LAST)
        open_ = doubts(agency, self.FIRST, self.LAST)

        if code in REFUSALS:
            assert refused is not None
            assert refused.code == code
            assert not open_
        else:
            assert refused is None
            assert [reason.code for reason in open_] == ([code] if code else [])

    def test_without_autonomy_the_days_do_not_matter(self) -> None:
        agency = self.agency(Span(Date(2030, 1, 1)), autonomous=False)
        refused = refusal(agency, self.FIRST, self.LAST)

        assert refused is not None
        assert refused.code == "AGENCY_ADMINISTRATIVE"
        assert say(refused, "en").endswith("no agency of the contest: Kota Contoh (kota-contoh)")


class TestTheDaysOfAYear:
    def test_both_ends(self) -> None:
        assert year_days(2020) == (Date(2020, 1, 1), Date(2020, 12, 31))

    @pytest.mark.parametrize("year", [0, 10_000])
    def test_no_year_of_the_calendar(self, year: int) -> None:
        with pytest.raises(
            InvalidValue, match=f"year: expected a year of the calendar, got {year}"
        ):
            year_days(year)

    @pytest.mark.parametrize("year", [True, "2021", 2021.0])
    def test_no_whole_number(self, year: object) -> None:
        with pytest.raises(InvalidType, match="year: expected a year as a whole number"):
            year_days(year)  # type: ignore[arg-type]  # on purpose


class TestThePublicFunctions:
    """A key that the packaged registry does not hold is a finding there, too."""

    def test_the_duty(self) -> None:
        for recorded in ((), None):
            found = kipp.duty("Kota Ambon", 2020, innovations=recorded, proposals=recorded)
            for decision in found:
                assert decision.outcome is UNKNOWN
                assert decision.codes[0] == "AGENCY_NOT_REGISTERED"
                assert decision.subject == "Kota Ambon"

    def test_the_hub_and_the_incentive(self) -> None:
        tier = Tier(year=2019, level=Level.WINNER, size=45)

        for answer in (kipp.hub("kota-x", on="2021-06-01"), kipp.incentive("kota-x", tier)):
            assert answer.value is None
            assert "AGENCY_NOT_REGISTERED" in answer.codes
