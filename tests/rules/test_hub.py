"""Hubs: who the register names, who may become one, how mature one is, how many there are."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from kipp.domain.agency import Agency, AgencyKey, AgencyKind, Membership
from kipp.domain.citation import Evidence, NotFound
from kipp.domain.dates import Date, DateRange
from kipp.domain.hub import HubCandidate, HubMaturity, HubStatus
from kipp.domain.record import HubBasis, HubRow
from kipp.rulebooks import hubs_book
from kipp.rules.decision import Classification, Decision, Outcome, RuleId
from kipp.rules.hub import (
    CODES,
    CODES_OF,
    RULE_IDS,
    hub_candidate,
    hub_counts,
    hub_maturity,
    hub_status,
)
from kipp.rules.rulebook import Rulebook
from kipp.rules.terms import BookKind
from tests.fiscal import body, codes_of, disputed, made

BOOK = hubs_book()
PROVINCE, REGENCY = AgencyKey("prov-contoh"), AgencyKey("kab-contoh")


def row(
    basis: HubBasis,
    when: Date | DateRange,
    key: AgencyKey | None = PROVINCE,
    unnamed: int = 0,
    local: bool = True,
) -> HubRow:
    return HubRow(
        agency=key,
        unnamed=unnamed,
        local=local,
        year=(when.first if isinstance(when, DateRange) else when).year,
        basis=basis,
        basis_date=when,
        act="Keputusan contoh" if basis is HubBasis.DECREE else "",
        evidence=Evidence.MINISTRY,
        source_url="made-up",
    )


def whole(year: int) -> DateRange:
    return DateRange(Date(year, 1, 1), Date(year, 12, 31))


DECREE = row(HubBasis.DECREE, whole(2021))
SIGNED = row(HubBasis.COMMITMENT, Date(2022, 9, 28))
NAMED = row(HubBasis.STATEMENT, Date(2023, 10, 20))


def province() -> Agency:
    return body(AgencyKind.PROVINCE, PROVINCE)


def regency(of: AgencyKey | None = PROVINCE) -> Agency:
    memberships = () if of is None else (Membership(of),)
    return attrs.evolve(body(AgencyKind.REGENCY, REGENCY), memberships=memberships)


def status(agency: Agency, on: Date, *rows: HubRow) -> Classification[HubStatus]:
    return hub_status(BOOK, rows, agency, on)


class TestWhoIsAHub:
    """By decree, by a signed commitment, by the ministry's statement; a decree known by its year
    was there at the end of it, with a note, and on a day before that perhaps."""

    @pytest.mark.parametrize(
        ("entry", "on", "expected"),
        [
            (DECREE, Date(2020, 12, 31), HubStatus.NOT_IN_KNOWN_LIST),
            (DECREE, Date(2021, 1, 1), None),
            (DECREE, Date(2021, 12, 30), None),
            (DECREE, Date(2021, 12, 31), HubStatus.BY_DECREE),
            (DECREE, Date(2022, 1, 1), HubStatus.BY_DECREE),
            (SIGNED, Date(2022, 9, 27), HubStatus.NOT_IN_KNOWN_LIST),
            (SIGNED, Date(2022, 9, 28), HubStatus.BY_COMMITMENT),
            (NAMED, Date(2023, 10, 19), HubStatus.NOT_IN_KNOWN_LIST),
            (NAMED, Date(2023, 10, 20), HubStatus.BY_STATEMENT),
            (NAMED, Date(2025, 1, 1), HubStatus.BY_STATEMENT),
        ],
    )
    def test_from_its_day_on(self, entry: HubRow, on: Date, expected: HubStatus | None) -> None:
        assert status(province(), on, entry).value is expected

    @pytest.mark.parametrize(
        ("on", "noted"),
        [(Date(2021, 1, 1), True), (Date(2021, 12, 31), True), (Date(2022, 1, 1), False)],
    )
    def test_within_the_decrees_year_a_note_says_so(self, on: Date, noted: bool) -> None:
        assert ("YEAR_PRECISION_ONLY" in status(province(), on, DECREE).codes) is noted

    @pytest.mark.parametrize("body", [province(), regency()])
    def test_a_day_of_that_year_is_open_both_ways(self, body: Agency) -> None:
        found = status(body, Date(2021, 6, 1), DECREE)

        assert found.value is None
        assert [(each.outcome, each.code) for each in found.reasons][-2:] == [
            (None, "HUB_BY_DECREE"),
            (Outcome.UNKNOWN, "YEAR_PRECISION_ONLY"),
        ]

    def test_two_readings_that_agree(self) -> None:
        """Named by decree before, or once more that year: a hub by decree all the same."""
        again = row(HubBasis.DECREE, whole(2022))

        assert status(province(), Date(2022, 6, 1), DECREE, again).value is HubStatus.BY_DECREE

    def test_a_source_without_a_title_is_named_by_its_page(self) -> None:
        (citation,) = status(province(), Date(2022, 10, 1), SIGNED).citations

        assert citation.source.title == SIGNED.source_url == citation.source.url

    def test_an_exact_day_needs_no_note(self) -> None:
        assert status(province(), Date(2022, 9, 28), SIGNED).codes == ("HUB_BY_COMMITMENT_ONLY",)

    @pytest.mark.parametrize("rows", [(DECREE, SIGNED, NAMED), (NAMED, SIGNED, DECREE)])
    def test_the_strongest_basis_counts(self, rows: tuple[HubRow, ...]) -> None:
        assert status(province(), Date(2024, 1, 1), *rows).value is HubStatus.BY_DECREE
        assert status(province(), Date(2024, 1, 1), *rows[1:2]).value is HubStatus.BY_COMMITMENT

    def test_unnamed_rows_name_nobody(self) -> None:
        nobody = row(HubBasis.DECREE, whole(2021), key=None, unnamed=12)

        found = status(province(), Date(2022, 1, 1), nobody)

        assert found.value is HubStatus.NOT_IN_KNOWN_LIST

    def test_every_reason_has_its_source(self) -> None:
        found = status(regency(), Date(2021, 6, 1), DECREE)

        assert all(reason.citations for reason in found.reasons)
        assert found.evidence is Evidence.MINISTRY


class TestCoverage:
    """The hub is the province; its regencies and cities are covered (ministry, 2021)."""

    @pytest.mark.parametrize("kind", [AgencyKind.REGENCY, AgencyKind.CITY])
    def test_covered_with_the_provinces_own_reason(self, kind: AgencyKind) -> None:
        found = status(attrs.evolve(regency(), kind=kind), Date(2022, 10, 1), SIGNED)

        assert found.value is HubStatus.COVERED
        assert found.codes == ("COVERED_BY_PROVINCIAL_HUB", "HUB_BY_COMMITMENT_ONLY")

    def test_not_by_another_province(self) -> None:
        other = regency(AgencyKey("prov-lain"))

        assert status(other, Date(2022, 1, 1), DECREE).value is HubStatus.NOT_IN_KNOWN_LIST

    def test_a_province_not_recorded_gives_no_answer(self) -> None:
        found = status(regency(None), Date(2022, 1, 1), DECREE)

        assert (found.value, found.codes) == (None, ("FACT_NOT_RECORDED",))

    def test_its_own_name_comes_first(self) -> None:
        own = row(HubBasis.STATEMENT, Date(2023, 1, 1), REGENCY)

        assert status(regency(), Date(2023, 6, 1), DECREE, own).value is HubStatus.BY_STATEMENT


class TestTheListIsIncomplete:
    """36 local hubs are stated for 2024, 24 named; 18 central ones, 12 named: never "not a hub"."""

    @pytest.mark.parametrize(
        "kind", [AgencyKind.PROVINCE, AgencyKind.MINISTRY, AgencyKind.STATE_INSTITUTION, None]
    )
    @pytest.mark.parametrize(
        ("on", "value", "code"),
        [
            (Date(2019, 6, 1), HubStatus.NOT_IN_KNOWN_LIST, "NOT_IN_KNOWN_LIST"),
            (Date(2023, 12, 31), HubStatus.NOT_IN_KNOWN_LIST, "NOT_IN_KNOWN_LIST"),
            (Date(2024, 1, 1), None, "LIST_INCOMPLETE"),
            (Date(2026, 6, 1), None, "LIST_INCOMPLETE"),
        ],
    )
    def test_from_2024_on(
        self, kind: AgencyKind | None, on: Date, value: HubStatus | None, code: str
    ) -> None:
        found = status(body(kind), on)

        assert (found.value, found.codes) == (value, (code,))

    def test_how_far_it_is_complete_was_not_found(self) -> None:
        book = made(BookKind.HUBS, None, {"register.complete_to": NotFound("nothing")})

        found = hub_status(book, (), province(), Date(2019, 1, 1))

        assert found.codes == ("LIST_INCOMPLETE",)


class TestCounts:
    def test_named_unnamed_and_by_basis(self) -> None:
        rows = [
            DECREE,
            row(HubBasis.COMMITMENT, Date(2022, 9, 28), AgencyKey("prov-dua")),
            row(HubBasis.STATEMENT, Date(2022, 1, 1), AgencyKey("kementerian"), local=False),
            row(HubBasis.DECREE, whole(2024), None, unnamed=12),
        ]

        counts = {year: hub_counts(rows, year) for year in (2020, 2021, 2022, 2024)}

        assert [count.named for count in counts.values()] == [0, 1, 2, 2]
        assert [count.stated for count in counts.values()] == [0, 1, 2, 14]
        assert dict(counts[2024].by_basis) == {
            HubBasis.DECREE: 13,
            HubBasis.COMMITMENT: 1,
            HubBasis.STATEMENT: 0,
        }

    def test_a_body_named_twice_counts_once_by_its_strongest_basis(self) -> None:
        counts = hub_counts([SIGNED, DECREE], 2022)

        assert (counts.named, counts.by_basis[HubBasis.DECREE]) == (1, 1)
        assert counts.by_basis[HubBasis.COMMITMENT] == 0


YES = HubCandidate(
    agency=PROVINCE,
    leader_commitment=True,
    potential_fits_need=True,
    bureaucratic_support=True,
    external_support=True,
)


def judged(year: int, book: Rulebook = BOOK, **changes: Any) -> Decision:
    return hub_candidate(book, attrs.evolve(YES, **changes), year)


class TestCandidates:
    """Commitment of the leader, potential that fits the need, support of the bureaucracy (2020 to
    2023), in 2023 also of those outside government."""

    @pytest.mark.parametrize("year", [2020, 2021, 2022, 2023])
    def test_all_there(self, year: int) -> None:
        found = judged(year)

        assert found.outcome is Outcome.MET
        assert found.codes[-1] == "CRITERION_JUDGED_NOT_MEASURED"

    @pytest.mark.parametrize("year", [2019, 2024])
    def test_years_without_criteria(self, year: int) -> None:
        found = judged(year)

        assert (found.outcome, found.codes) == (Outcome.UNKNOWN, ("CRITERIA_OF_OTHER_YEARS",))

    @pytest.mark.parametrize(
        ("criterion", "code"),
        [
            ("leader_commitment", "NO_LEADER_COMMITMENT"),
            ("potential_fits_need", "NO_POTENTIAL"),
            ("bureaucratic_support", "NO_BUREAUCRATIC_SUPPORT"),
        ],
    )
    def test_one_missing_or_not_recorded(self, criterion: str, code: str) -> None:
        facts: list[dict[str, Any]] = [{criterion: False}, {criterion: None}]
        missing, unknown = judged(2020, **facts[0]), judged(2020, **facts[1])

        assert missing.outcome is Outcome.NOT_MET
        assert code in missing.codes
        assert unknown.outcome is Outcome.UNKNOWN
        assert "FACT_NOT_RECORDED" in unknown.codes

    @pytest.mark.parametrize(("year", "outcome"), [(2022, Outcome.MET), (2023, Outcome.NOT_MET)])
    def test_support_from_outside_is_asked_from_2023(self, year: int, outcome: Outcome) -> None:
        assert judged(year, external_support=False).outcome is outcome
        assert ("NO_EXTERNAL_SUPPORT" in judged(year, external_support=False).codes) is (
            outcome is Outcome.NOT_MET
        )

    def test_a_no_outweighs_what_is_not_recorded(self) -> None:
        found = judged(2020, leader_commitment=None, potential_fits_need=False)

        assert found.outcome is Outcome.NOT_MET

    def test_years_that_sources_dispute_answer_where_all_agree(self) -> None:
        path = "criteria.first_year"
        terms = {**BOOK.terms, path: disputed(BookKind.HUBS, path, 2020, 2021)}
        book = attrs.evolve(BOOK, terms=terms)

        assert judged(2020, book).outcome is Outcome.UNKNOWN
        assert judged(2021, book).outcome is Outcome.MET

    def test_the_conditions_that_all_are_needed_is_not_claimed(self) -> None:
        """The sources list them; the note carries the value that was not found."""
        last = judged(2020).reasons[-1]

        assert {term.path for term in last.terms} == {"criteria.names", "criteria.all_needed"}


class TestMaturity:
    """Four aspects, introduced on 3 October 2025; levels and weights were not published."""

    @pytest.mark.parametrize(
        ("on", "code"),
        [
            (Date(2025, 10, 2), "MATURITY_NOT_YET_ASKED"),
            (Date(2025, 10, 3), "SCALE_NOT_PUBLISHED"),
        ],
    )
    def test_from_the_day_it_was_introduced(self, on: Date, code: str) -> None:
        words = HubMaturity(planning="ada", evaluation="belum")

        found = hub_maturity(BOOK, PROVINCE, words, on)

        assert found.codes == (code,)
        assert found.value == (words if code == "SCALE_NOT_PUBLISHED" else None)

    def test_a_book_that_does_not_know_the_day(self) -> None:
        book = made(BookKind.HUBS, None, {})

        assert hub_maturity(book, PROVINCE, HubMaturity(), Date(2030, 1, 1)).value is None


def test_codes_are_each_declared_once() -> None:
    assert set(CODES_OF) == set(RULE_IDS)
    assert len(set(CODES)) == len(CODES)
    assert codes_of(judged(2020).reasons) <= set(CODES_OF[RuleId("hub-candidate")])
