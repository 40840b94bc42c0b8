"""Laws of the hub rules, for every register, candidate and day that the types allow."""

from __future__ import annotations

from collections import Counter
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kipp.domain.agency import Agency, AgencyKey, AgencyKind, Membership
from kipp.domain.citation import Evidence
from kipp.domain.dates import Date, DateRange
from kipp.domain.errors import InvalidValue
from kipp.domain.hub import HubCandidate, HubMaturity, HubStatus
from kipp.domain.record import HubBasis, HubRow
from kipp.rulebooks import hubs_book
from kipp.rules.decision import Classification, Outcome
from kipp.rules.hub import hub_candidate, hub_counts, hub_maturity, hub_status
from kipp.testing import days

BOOK = hubs_book()
HOME, OTHER, REGENCY = (AgencyKey(key) for key in ("prov-satu", "prov-dua", "kab-contoh"))
KEYS = (HOME, OTHER, REGENCY)
LAST = Date(2026, 12, 31)
IN_REACH = days(Date(2019, 12, 30), LAST)
NAMED = {
    HubBasis.DECREE: HubStatus.BY_DECREE,
    HubBasis.COMMITMENT: HubStatus.BY_COMMITMENT,
    HubBasis.STATEMENT: HubStatus.BY_STATEMENT,
}
BEST_FIRST = (
    HubStatus.BY_DECREE,
    HubStatus.BY_COMMITMENT,
    HubStatus.BY_STATEMENT,
    HubStatus.COVERED,
    HubStatus.NOT_IN_KNOWN_LIST,
    None,
)


def whole(year: int) -> DateRange:
    return DateRange(Date(year, 1, 1), Date(year, 12, 31))


@st.composite
def rows(draw: st.DrawFn, keys: tuple[AgencyKey, ...] = KEYS) -> HubRow:
    """An entry that names a body, or a number of bodies that nobody names."""
    when = draw(st.integers(2020, 2025).map(whole) | days(Date(2020, 1, 1), Date(2025, 12, 31)))
    named = draw(st.booleans() | st.just(True))
    return HubRow(
        agency=draw(st.sampled_from(keys)) if named else None,
        unnamed=0 if named else draw(st.integers(1, 12)),
        local=draw(st.booleans()),
        year=(when.first if isinstance(when, DateRange) else when).year,
        basis=draw(st.sampled_from(HubBasis)),
        basis_date=when,
        act=draw(st.sampled_from(("", "Keputusan contoh"))),
        evidence=draw(st.sampled_from((Evidence.MINISTRY, Evidence.PRESS))),
        source_url=draw(st.sampled_from(("satu", "dua"))),
    )


registers = st.lists(rows(), max_size=6).map(tuple)


def agency(key: AgencyKey, kind: AgencyKind | None, of: AgencyKey | None = None) -> Agency:
    memberships = () if of is None else (Membership(of),)
    return Agency(key=key, kind=kind, names=(), memberships=memberships)


PROVINCE = agency(HOME, AgencyKind.PROVINCE)
INSIDE = agency(REGENCY, AgencyKind.REGENCY, HOME)
bodies = st.sampled_from(
    (
        PROVINCE,
        INSIDE,
        agency(REGENCY, AgencyKind.CITY, OTHER),
        agency(REGENCY, AgencyKind.REGENCY),
        agency(HOME, AgencyKind.MINISTRY),
        agency(HOME, None),
    )
)


def ends(row: HubRow) -> Date:
    return getattr(row.basis_date, "last", row.basis_date)  # type: ignore[arg-type]  # every row drawn has a date


def status(register: tuple[HubRow, ...], body: Agency, on: Date) -> Classification[HubStatus]:
    return hub_status(BOOK, register, body, on)


def starts(row: HubRow) -> Date:
    return getattr(row.basis_date, "first", row.basis_date)  # type: ignore[arg-type]  # every row drawn has a date


class TestStatus:
    """A hub by decree, commitment or statement from its day on; regencies and cities are covered
    by their province's; from 2024 the list is not complete."""

    @given(registers, bodies, IN_REACH)
    def test_agrees_with_a_plain_lookup(
        self, register: tuple[HubRow, ...], body: Agency, on: Date
    ) -> None:
        assert status(register, body, on).value is by_hand(register, body, on)

    @given(rows(KEYS[:1]), st.sampled_from((PROVINCE, INSIDE)), st.integers(-1, 1))
    def test_an_entry_holds_from_the_last_day_it_may_be(
        self, row: HubRow, body: Agency, shift: int
    ) -> None:
        """The day before, the day itself, the day after."""
        on = ends(row).add(days=shift)
        found = status((row,), body, on).value

        held = row.agency is not None and shift >= 0
        assert (found in {*NAMED.values(), HubStatus.COVERED}) is held

    @given(rows(KEYS[:1]), st.sampled_from((PROVINCE, INSIDE)), st.data())
    def test_a_day_on_which_it_may_hold_or_not_is_unknown(
        self, row: HubRow, body: Agency, data: st.DataObject
    ) -> None:
        """From the first day of the range to the last but one; never called a hub, nor none."""
        assume(row.agency is not None and isinstance(row.basis_date, DateRange))
        found = status((row,), body, data.draw(days(starts(row), ends(row).subtract(days=1))))

        assert found.value is None
        assert [each.code for each in found.reasons if each.outcome is Outcome.UNKNOWN] == [
            "YEAR_PRECISION_ONLY"
        ]

    @given(rows(KEYS[:1]), st.sampled_from((PROVINCE, INSIDE)), st.sampled_from((-1, 0, 1)))
    def test_the_note_stands_while_the_day_may_not_have_come(
        self, row: HubRow, body: Agency, shift: int
    ) -> None:
        """To the last day of the range, and never where the day is known."""
        assume(row.agency is not None)
        when = row.basis_date
        last = when.last if isinstance(when, DateRange) else when
        codes = status((row,), body, last.add(days=shift)).codes

        noted = isinstance(when, DateRange) and shift <= 0
        assert ("YEAR_PRECISION_ONLY" in codes) is noted

    @given(registers, bodies, IN_REACH, st.randoms(use_true_random=False))
    def test_the_order_of_the_register_never_matters(
        self, register: tuple[HubRow, ...], body: Agency, on: Date, order: Any
    ) -> None:
        shuffled = list(register)
        order.shuffle(shuffled)

        assert status(tuple(shuffled), body, on) == status(register, body, on)

    @given(registers, rows(), IN_REACH)
    def test_entries_about_others_change_nothing(
        self, register: tuple[HubRow, ...], more: HubRow, on: Date
    ) -> None:
        """For a regency, its province's entry is its own affair: coverage."""
        for body in (PROVINCE, INSIDE):
            own = {body.key, *(each.province for each in body.memberships)}
            if more.agency not in own:
                assert status((*register, more), body, on) == status(register, body, on)

    @given(registers, bodies, IN_REACH, st.integers(1, 800))
    def test_a_later_day_never_takes_a_status_away(
        self, register: tuple[HubRow, ...], body: Agency, on: Date, later: int
    ) -> None:
        """Asked at the end of a year; within it a stronger entry may be there or not."""
        held = status(register, body, on).value
        assume(held not in (None, HubStatus.NOT_IN_KNOWN_LIST))
        after = status(register, body, on.add(days=later).end_of("year")).value

        assert BEST_FIRST.index(after) <= BEST_FIRST.index(held)

    @given(registers, rows(), bodies, IN_REACH)
    def test_another_entry_never_hurts(
        self, register: tuple[HubRow, ...], more: HubRow, body: Agency, on: Date
    ) -> None:
        on = on.end_of("year")
        before, after = status(register, body, on).value, status((*register, more), body, on).value

        assume(body.memberships or body.kind is not AgencyKind.REGENCY)
        assert BEST_FIRST.index(after) <= BEST_FIRST.index(before)

    @given(registers, st.integers(0, 5), bodies, IN_REACH)
    def test_a_stronger_basis_never_hurts(
        self, register: tuple[HubRow, ...], place: int, body: Agency, on: Date
    ) -> None:
        assume(place < len(register))
        raised = list(register)
        raised[place] = attrs.evolve(raised[place], basis=HubBasis.DECREE)
        on = on.end_of("year")
        before, after = status(register, body, on).value, status(tuple(raised), body, on).value

        assert BEST_FIRST.index(after) <= BEST_FIRST.index(before)

    @given(registers, st.sampled_from((AgencyKind.REGENCY, AgencyKind.CITY)), IN_REACH)
    def test_learning_the_province_only_settles(
        self, register: tuple[HubRow, ...], kind: AgencyKind, on: Date
    ) -> None:
        before = status(register, agency(REGENCY, kind), on)
        for province in (HOME, OTHER):
            after = status(register, agency(REGENCY, kind, province), on)
            assert before.value in (None, after.value)
        if before.value is None:
            assert {"FACT_NOT_RECORDED", "YEAR_PRECISION_ONLY"} & set(before.codes)

    @given(registers, st.sampled_from(AgencyKind), days(Date(2024, 1, 1), LAST))
    def test_from_2024_nobody_is_called_no_hub(
        self, register: tuple[HubRow, ...], kind: AgencyKind, on: Date
    ) -> None:
        found = status(register, agency(AgencyKey("lain"), kind), on)

        assert found.value is None

    @given(registers, bodies, IN_REACH, st.integers(2019, 2026))
    def test_a_list_known_further_answers_more_and_changes_no_status(
        self, register: tuple[HubRow, ...], body: Agency, on: Date, known_to: int
    ) -> None:
        """A reform that completes the list to a later year."""
        wider = BOOK.reform({"register.complete_to": known_to}, name="list completed")
        before, after = status(register, body, on), hub_status(wider, register, body, on)

        if "LIST_INCOMPLETE" in after.codes:
            assert on.year > known_to
        elif "NOT_IN_KNOWN_LIST" in after.codes:
            assert on.year <= known_to
        else:
            assert after == before

    @given(registers, bodies, IN_REACH)
    def test_every_reason_has_a_source(
        self, register: tuple[HubRow, ...], body: Agency, on: Date
    ) -> None:
        found = status(register, body, on)

        assert all(reason.citations for reason in found.reasons)
        assert (found.value is None) is any(r.outcome is Outcome.UNKNOWN for r in found.reasons)

    @given(rows(KEYS[:1]))
    def test_the_answer_is_as_sure_as_its_entry(self, row: HubRow) -> None:
        assume(row.agency is not None)
        found = status((row,), PROVINCE, LAST)
        cited = found.citations

        assert {each.evidence for each in cited} == {row.evidence}
        assert {each.source.url for each in cited} == {row.source_url}


def by_hand(register: tuple[HubRow, ...], body: Agency, on: Date) -> HubStatus | None:
    """DR-B1 as one lookup for each reading of the rows, without the rule's helpers."""
    sure, perhaps = (
        looked_up([row for row in register if bound(row) <= on], body, on)
        for bound in (ends, starts)
    )
    return perhaps if sure is perhaps else None


def looked_up(register: list[HubRow], body: Agency, on: Date) -> HubStatus | None:
    def bases(key: AgencyKey) -> set[HubBasis]:
        return {row.basis for row in register if row.agency == key}

    for basis in (HubBasis.DECREE, HubBasis.COMMITMENT, HubBasis.STATEMENT):
        if basis in bases(body.key):
            return NAMED[basis]
    if any(bases(each.province) for each in body.memberships):
        return HubStatus.COVERED
    if body.kind in (AgencyKind.REGENCY, AgencyKind.CITY) and not body.memberships:
        return None
    return HubStatus.NOT_IN_KNOWN_LIST if on.year <= 2023 else None


class TestCounts:
    """Named and unnamed local hubs at the end of a year."""

    @given(registers, st.integers(2019, 2026))
    def test_the_parts_add_up(self, register: tuple[HubRow, ...], year: int) -> None:
        count = hub_counts(register, year)

        assert count.named + count.unnamed == count.stated == sum(count.by_basis.values())
        assert tuple(count.by_basis) == tuple(HubBasis)

    @given(registers, st.integers(2019, 2026))
    def test_agree_with_a_plain_count(self, register: tuple[HubRow, ...], year: int) -> None:
        local = [row for row in register if row.local and row.year <= year]
        named = {row.agency for row in local if row.agency is not None}
        tally = Counter[HubBasis]()
        for key in named:
            held = {row.basis for row in local if row.agency == key}
            tally[next(basis for basis in NAMED if basis in held)] += 1
        for row in local:
            tally[row.basis] += row.unnamed
        count = hub_counts(register, year)

        assert count.named == len(named)
        assert count.unnamed == sum(row.unnamed for row in local)
        assert count.by_basis == {basis: tally[basis] for basis in HubBasis}

    @given(registers, st.integers(2019, 2025))
    def test_no_year_takes_a_hub_away(self, register: tuple[HubRow, ...], year: int) -> None:
        before, after = hub_counts(register, year), hub_counts(register, year + 1)

        assert before.named <= after.named
        assert before.unnamed <= after.unnamed

    @given(registers, rows(), st.integers(2019, 2026))
    def test_central_bodies_never_count(
        self, register: tuple[HubRow, ...], more: HubRow, year: int
    ) -> None:
        central = attrs.evolve(more, local=False)

        assert hub_counts((*register, central), year) == hub_counts(register, year)

    @given(registers, st.integers(2019, 2026), st.randoms(use_true_random=False))
    def test_the_order_of_the_register_never_matters(
        self, register: tuple[HubRow, ...], year: int, order: Any
    ) -> None:
        shuffled = list(register)
        order.shuffle(shuffled)

        assert hub_counts(shuffled, year) == hub_counts(register, year)

    @given(st.permutations(list(HubBasis)), st.integers(1, 3), st.integers(2020, 2024))
    def test_a_body_counts_by_the_strongest_of_its_bases(
        self, bases: list[HubBasis], most: int, year: int
    ) -> None:
        entries = [
            HubRow(
                agency=HOME,
                unnamed=0,
                local=True,
                year=2020,
                basis=basis,
                basis_date=whole(2020),
                act="",
                evidence=Evidence.MINISTRY,
                source_url="satu",
            )
            for basis in bases[:most]
        ]
        best = next(basis for basis in NAMED if basis in bases[:most])

        assert hub_counts(entries, year).by_basis == {b: int(b is best) for b in HubBasis}

    @given(registers, st.integers(2019, 2026))
    def test_everything_said_twice_counts_once(
        self, register: tuple[HubRow, ...], year: int
    ) -> None:
        """Only what has a name can be told to be the same."""
        named = tuple(row for row in register if row.agency is not None)

        assert hub_counts((*named, *named), year) == hub_counts(named, year)


maybe = st.none() | st.booleans()
CRITERIA = (
    "leader_commitment",
    "potential_fits_need",
    "bureaucratic_support",
    "external_support",
)
candidates = st.builds(HubCandidate, agency=st.just(HOME), **dict.fromkeys(CRITERIA, maybe))
listed_years = st.integers(2020, 2023)


def asked_in(year: int) -> tuple[str, ...]:
    """Three criteria; from 2023 the support of those outside government as the fourth."""
    return CRITERIA if year >= 2023 else CRITERIA[:3]


class TestCandidates:
    """Each criterion of the year is needed; the years without a list leave it open."""

    @given(candidates, st.integers(2016, 2027))
    def test_agrees_with_the_clause_by_hand(self, candidate: HubCandidate, year: int) -> None:
        seen = [getattr(candidate, name) for name in asked_in(year)]
        expected = Outcome.MET
        if not 2020 <= year <= 2023:
            expected = Outcome.UNKNOWN
        elif False in seen:
            expected = Outcome.NOT_MET
        elif None in seen:
            expected = Outcome.UNKNOWN

        assert hub_candidate(BOOK, candidate, year).outcome is expected

    @given(listed_years)
    def test_built_to_comply_is_met(self, year: int) -> None:
        whole = HubCandidate(agency=HOME, **dict.fromkeys(asked_in(year), True))

        assert hub_candidate(BOOK, whole, year).outcome is Outcome.MET

    @given(candidates, listed_years, st.fixed_dictionaries({c: st.booleans() for c in CRITERIA}))
    def test_knowledge_only_settles(
        self, candidate: HubCandidate, year: int, facts: dict[str, Any]
    ) -> None:
        before = hub_candidate(BOOK, candidate, year).outcome
        assume(before is not Outcome.UNKNOWN)
        learnt = {name: fact for name, fact in facts.items() if getattr(candidate, name) is None}

        assert hub_candidate(BOOK, attrs.evolve(candidate, **learnt), year).outcome is before

    @given(candidates, st.integers(2018, 2025), st.sampled_from(CRITERIA))
    def test_support_never_hurts(self, candidate: HubCandidate, year: int, name: str) -> None:
        ranks = list(Outcome)
        facts: list[dict[str, Any]] = [{name: fact} for fact in (False, None, True)]
        answers = [
            hub_candidate(BOOK, attrs.evolve(candidate, **fact), year).outcome for fact in facts
        ]

        assert [ranks.index(each) for each in answers] == sorted(map(ranks.index, answers))

    @given(candidates, listed_years)
    def test_a_reason_a_criterion_and_all_with_sources(
        self, candidate: HubCandidate, year: int
    ) -> None:
        decision = hub_candidate(BOOK, candidate, year)
        *each, judged = decision.reasons

        assert len(each) == len(asked_in(year))
        assert all(reason.citations for reason in decision.reasons)
        assert (judged.code, judged.outcome) == ("CRITERION_JUDGED_NOT_MEASURED", None)

    @given(candidates, listed_years, st.lists(st.sampled_from(CRITERIA), unique=True))
    def test_a_reform_asks_its_own_criteria(
        self, candidate: HubCandidate, year: int, names: list[str]
    ) -> None:
        """Fewer criteria never hurt; without any there is nothing to judge by."""
        book = BOOK.reform({"criteria.names": names}, name="other criteria")
        found = hub_candidate(book, candidate, year)
        asked = [name for name in names if name in asked_in(year)]
        facts = [getattr(candidate, name) for name in asked]

        if not asked:
            assert (found.outcome, found.codes[0]) == (Outcome.UNKNOWN, "VALUE_NOT_FOUND")
        else:
            assert (found.outcome is Outcome.MET) is all(facts)
            assert (found.outcome is Outcome.NOT_MET) is (False in facts)
            assert found.assumptions

    @given(st.text(min_size=1).filter(lambda text: text.strip() and text not in CRITERIA))
    def test_a_criterion_nobody_records_is_refused(self, name: str) -> None:
        book = BOOK.reform({"criteria.names": [name]}, name="other criteria")

        with pytest.raises(InvalidValue, match=r"criteria\.names: expected one of leader_"):
            hub_candidate(book, HubCandidate(agency=HOME), 2021)


words = st.none() | st.text()
maturities = st.builds(
    HubMaturity, planning=words, institutionalisation=words, dissemination=words, evaluation=words
)


class TestMaturity:
    """Four texts from 3 October 2025 on, and no level."""

    @given(maturities, days(Date(2025, 9, 1), Date(2025, 11, 1)) | IN_REACH)
    def test_the_texts_or_nothing(self, maturity: HubMaturity, on: Date) -> None:
        found = hub_maturity(BOOK, HOME, maturity, on)

        assert found.value == (maturity if on >= Date(2025, 10, 3) else None)
        assert (found.subject, len(found.reasons)) == (HOME, 1)
        assert found.citations

    @given(maturities, days(Date(2020, 1, 1), LAST), st.integers(-1, 1))
    def test_another_first_day(self, maturity: HubMaturity, since: Date, shift: int) -> None:
        book = BOOK.reform({"maturity.introduced": since.isoformat()}, name="another day")
        found = hub_maturity(book, HOME, maturity, since.add(days=shift))

        assert (found.value is maturity) is (shift >= 0)
