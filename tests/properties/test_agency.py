"""Laws of who can be meant: the same in every rule, and by counting days one by one."""

from __future__ import annotations

import itertools

import attrs
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.agency import Agency, AgencyKey, AgencyKind, DatedName, Span
from kipp.domain.award import Level, Tier
from kipp.domain.dates import Date, DateRange
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rulebooks import duty_book, fiscal_years, hubs_book, incentive_book, rulebook
from kipp.rules.agency import REFUSALS, doubts, refusal
from kipp.rules.decision import Outcome
from kipp.rules.duty import create_one, enter_one
from kipp.rules.eligibility import participant
from kipp.rules.hub import hub_status
from kipp.rules.incentive import propose

YEAR = 2019
NEW_YEAR = Date(YEAR, 1, 1)
BOOKS = [incentive_book(year) for year in fiscal_years()]
# Days on both sides of the year's ends and of the registration period (1 March to 21 April).
NAMED = [
    bound.add(days=shift)
    for bound in (NEW_YEAR, Date(YEAR, 3, 1), Date(YEAR, 4, 21), Date(YEAR, 12, 31))
    for shift in (-1, 0, 1)
]
near = st.sampled_from(NAMED)
few = st.integers(-6, 6).map(lambda days: NEW_YEAR.add(days=days))


def bounds(days: st.SearchStrategy[Date]) -> st.SearchStrategy[Date | DateRange | None]:
    ranges = st.tuples(days, days).map(lambda pair: DateRange(min(pair), max(pair)))
    return st.none() | days | days | ranges


def last(bound: Date | DateRange) -> Date:
    return bound.last if isinstance(bound, DateRange) else bound


def first(bound: Date | DateRange) -> Date:
    return bound.first if isinstance(bound, DateRange) else bound


@st.composite
def agencies(draw: st.DrawFn, days: st.SearchStrategy[Date] = near) -> Agency:
    """A body with bounds of every kind, the end after the beginning."""
    since, until = draw(bounds(days)), draw(bounds(days))
    if since is not None and until is not None and first(until) <= last(since):
        until = None
    return Agency(
        key=AgencyKey("contoh"),
        kind=draw(st.sampled_from(AgencyKind)),
        names=(DatedName("Contoh"),),
        span=Span(since, until, known=draw(st.sampled_from((True, True, True, False)))),
        autonomous=draw(st.sampled_from((True, True, True, False))),
    )


def possible(bound: Date | DateRange | None, absent: Date) -> list[Date]:
    """Every day that the bound may be."""
    begin, end = (absent, absent) if bound is None else (first(bound), last(bound))
    return [begin.add(days=days) for days in range((end - begin).days + 1)]


def by_counting(agency: Agency, begin: Date, end: Date) -> bool | None:
    """Whether it was there on a day from *begin* to *end*, for every reading of its bounds."""
    asked = [begin.add(days=days) for days in range((end - begin).days + 1)]
    readings = itertools.product(
        possible(agency.span.valid_from, Date(1, 1, 1)),
        possible(agency.span.valid_to, Date(9999, 1, 1)),
    )
    seen = {any(since <= day < until for day in asked) for since, until in readings}
    return seen.pop() if len(seen) == 1 else None


@given(agencies(few), few, st.integers(0, 4))
def test_agrees_with_counting_the_days(agency: Agency, begin: Date, length: int) -> None:
    end = begin.add(days=length)
    there = by_counting(agency, begin, end) if agency.span.known else None
    refused = refusal(agency, begin, end)

    if not agency.autonomous:
        assert refused is not None
        return
    assert (refused is not None) is (there is False)
    assert bool(doubts(agency, begin, end)) is (there is None)
    if refused is not None:
        early = agency.span.valid_from is not None and first(agency.span.valid_from) > end
        assert refused.code == ("AGENCY_NOT_YET_FOUNDED" if early else "AGENCY_NO_LONGER_EXISTS")


@given(agencies())
def test_no_rule_knows_an_agency_that_another_refuses(agency: Agency) -> None:
    """All over one year: what nothing is proposed for, the duty is not met by, nor the reverse;
    an administrative region owes none."""
    tier = Tier(year=YEAR, level=Level.WINNER, size=45)
    refused = refusal(agency, NEW_YEAR, Date(YEAR, 12, 31))
    expected = {refused.code} if refused else set()
    owed = Outcome.UNKNOWN if agency.autonomous else Outcome.MET

    for decision, means in (
        (propose(rulebook(YEAR), BOOKS, agency, tier), Outcome.NOT_MET),
        (create_one(duty_book(), agency, YEAR, ()), owed),
        (enter_one(duty_book(), agency, YEAR, ()), owed),
    ):
        assert set(decision.codes) & set(REFUSALS) == expected
        if refused:
            assert decision.outcome is means


@given(agencies())
def test_who_enters_was_there_while_registration_was_open(agency: Agency) -> None:
    innovation = Innovation(id="i", title="Contoh", agency=agency.key)
    proposal = Proposal(id="p", innovation=innovation, cycle=YEAR)
    decision = participant(rulebook(YEAR), proposal, agency=agency)

    refused = refusal(agency, Date(YEAR, 3, 1), Date(YEAR, 4, 21))
    assert (decision.outcome is Outcome.NOT_MET) is (refused is not None)
    if refused:
        assert decision.codes == (refused.code,)


@given(agencies(), near.filter(lambda day: day.year == YEAR))
def test_who_is_not_there_is_no_hub(agency: Agency, on: Date) -> None:
    answer = hub_status(hubs_book(), (), agency, on)
    refused = refusal(agency, on, on)

    assert (answer.codes == (refused.code,)) if refused else not set(answer.codes) & set(REFUSALS)
    if refused or (doubts(agency, on, on) and agency.span.known):
        assert answer.value is None


@given(agencies(), st.sampled_from(NAMED), st.sampled_from(NAMED))
def test_learning_the_bounds_only_settles(agency: Agency, since: Date, until: Date) -> None:
    """A day in place of a month or year may settle what is open; it overturns no refusal."""
    span = agency.span
    known = attrs.evolve(
        span,
        valid_from=min(max(since, span.valid_from.first), span.valid_from.last)
        if isinstance(span.valid_from, DateRange)
        else span.valid_from,
        valid_to=min(max(until, span.valid_to.first), span.valid_to.last)
        if isinstance(span.valid_to, DateRange)
        else span.valid_to,
    )
    days = (Date(YEAR, 3, 1), Date(YEAR, 4, 21))
    before = refusal(agency, *days)
    after = refusal(attrs.evolve(agency, span=known), *days)

    if before is not None:
        assert after is not None
        assert after.code == before.code
    elif not doubts(agency, *days):
        assert after is None
