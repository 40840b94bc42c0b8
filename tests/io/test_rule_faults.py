"""Faults that the register and the rulebooks find: those that judging finds, each at its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.agency import Agency, AgencyKey
from kipp.domain.award import Award, AwardHistory, Level, Tier
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateTime, parse_period
from kipp.domain.fault import Fault, Severity
from kipp.domain.innovation import Innovation, Origin, ReplicaSource
from kipp.domain.proposal import Proposal
from kipp.io.findings import of_the_law
from kipp.io.proposal_rules import ACROSS_RECORDS, LOOKS_AT, OF_AGENCY
from kipp.io.rule_faults import RuleChecks
from kipp.io.submission import Submission
from kipp.registry import registry
from kipp.rulebooks import cycles, fiscal_years, hubs_book, incentive_book, rulebook
from kipp.rules import cap, eligibility, replication, screening
from kipp.rules.decision import Outcome, Reason, RuleId
from kipp.rules.field import field_of, group_of
from kipp.rules.judge import ASKED, Case, judge
from kipp.rules.rulebook import Rulebook
from tests.strategies import (
    agencies,
    award_histories,
    cited_books,
    compliant,
    days,
    moments,
    proposals,
)

YEARS = tuple(range(2014, 2026))
KEY = AgencyKey("kota-surabaya")


def cycle(year: int) -> Rulebook | None:
    return rulebook(year) if year in cycles() else None


def fiscal(year: int) -> Rulebook | None:
    return incentive_book(year) if year in fiscal_years() else None


def checks(book: Rulebook | int | None, most: int = 10_000) -> RuleChecks:
    law = rulebook(book) if isinstance(book, int) else book
    return RuleChecks(law, registry(), cycles=cycle, incentives=fiscal, hubs=hubs_book(), most=most)


def entered(at_home: Proposal) -> Proposal:
    """The same of an agency that the register holds."""
    return attrs.evolve(at_home, innovation=attrs.evolve(at_home.innovation, agency=KEY))


@st.composite
def entries(draw: st.DrawFn, year: int) -> Proposal:
    """A proposal that the cycle admits with up to three facts of another one, or any other one."""
    fit = entered(draw(compliant(rulebook(year))).proposal)
    other = draw(proposals(cycle=year))
    names = [each.name for each in attrs.fields(Proposal) if each.name not in ("id", "innovation")]
    facts = draw(st.lists(st.sampled_from(names), max_size=2))
    inner = draw(st.lists(st.sampled_from(("agency", "started", "origin", "replica_of", "sdgs"))))
    innovation = attrs.evolve(
        fit.innovation, **{name: getattr(other.innovation, name) for name in inner}
    )
    mixed = {name: getattr(other, name) for name in facts}
    return draw(st.sampled_from((attrs.evolve(fit, innovation=innovation, **mixed), other, fit)))


def entry_in_some_year() -> st.SearchStrategy[Proposal]:
    return st.sampled_from(YEARS).flatmap(entries)


# --- The table -------------------------------------------------------------------------------


def test_every_rule_that_judging_asks_is_asked_here_or_across_records() -> None:
    assert set(LOOKS_AT) | set(ACROSS_RECORDS) == set(ASKED)
    assert set(LOOKS_AT) & set(ACROSS_RECORDS) == set()


class Recording:
    """Stands for a value and notes which of its attributes are read."""

    def __init__(self, value: object, seen: set[str], below: str = "") -> None:
        self._value, self._seen, self._below = value, seen, below

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._value, name)
        if name == "innovation":
            return Recording(found, self._seen, "innovation.")
        self._seen.add(f"{self._below}{name}")
        return found


READS_AS = {"agency": "innovation.agency", "started": "innovation.started"}
NOT_OF_THE_RECORD = {
    "id",  # whose answer it is
    "cycle",  # is that of the rulebook: another one is a fault by itself
}


@pytest.mark.parametrize("rule", LOOKS_AT)
@given(data=st.data())
def test_the_table_names_every_fact_that_a_rule_reads(rule: RuleId, data: st.DataObject) -> None:
    """So that two proposals that are alike in these get answers that are alike."""
    proposal = data.draw(entry_in_some_year())
    book = rulebook(proposal.cycle)
    seen: set[str] = set()
    recording: Any = Recording(proposal, seen)
    group = group_of(book, recording.group)
    seen.clear()
    if rule == replication.ENTRY:
        replication.source_reasons(book, recording.innovation)
    else:
        case = Case(
            book=book, proposal=recording, history=None, field=NOBODY, agency=None, group=group
        )
        ASKED[rule][1](case)

    read = {READS_AS.get(name, name) for name in seen} - NOT_OF_THE_RECORD
    assert read <= set(LOOKS_AT[rule])


NOBODY = field_of((), None)


@given(entry_in_some_year(), agencies(standing=False))
def test_of_the_agency_the_kind_autonomy_and_span_are_read(
    proposal: Proposal, agency: Agency
) -> None:
    """Its key and name are repeated where something is wrong with it."""
    seen: set[str] = set()
    recording: Any = Recording(agency, seen)
    decision = eligibility.participant(rulebook(proposal.cycle), proposal, agency=recording)
    behind = {"kind", "autonomous", "span"}
    named = set() if decision.outcome is Outcome.MET else {"key", "name"}

    assert seen - {"key"} <= behind | named
    assert set(OF_AGENCY(agency)) == {getattr(agency, name) for name in behind}


@given(entry_in_some_year(), st.none() | award_histories())
def test_a_replica_is_asked_nothing_but_its_source_that_no_other_rule_asks(
    proposal: Proposal, history: AwardHistory | None
) -> None:
    proposal = attrs.evolve(proposal, group=Group.REPLICATION)
    book = rulebook(proposal.cycle)
    found = replication.replication_entry(book, proposal, history=history).reasons
    others = (
        *eligibility.group_offered(book, proposal).reasons,
        *eligibility.minimum_age(book, proposal).reasons,
        *eligibility.earlier_awards(book, proposal, history=history).reasons,
        *cap.proposal_cap(book, KEY, (), groups=(Group.REPLICATION,)).reasons,
        *replication.source_reasons(book, proposal.innovation),
    )

    assert {reason for reason in found if reason.outcome is not None} <= set(others)


# --- The same as judging ----------------------------------------------------------------------


def judged(
    proposal: Proposal, history: AwardHistory | None
) -> tuple[set[tuple[str, Outcome | None, str]], set[str]]:
    """What judging has against a proposal: code, outcome and fact; and the codes of the law."""
    book = rulebook(proposal.cycle)
    agency = registry().by_key.get(proposal.agency)
    found = [
        reason
        for decision in judge(book, proposal, history=history, agency=agency).decisions
        if decision.rule not in ACROSS_RECORDS
        for reason in decision.reasons
        if reason.outcome in (Outcome.NOT_MET, Outcome.UNKNOWN)
        and not any(term.path.endswith(".cap") for term in reason.terms)
    ]
    law = {reason.code for reason in found if of_the_law(reason)}
    return {_key(reason) for reason in found if not of_the_law(reason)}, law


def _key(reason: Reason) -> tuple[str, Outcome | None, str]:
    return reason.code, reason.outcome, str(dict(reason.values).get("fact"))


OUTCOMES = {Severity.BLOCKS: Outcome.NOT_MET, Severity.NEEDS_PERSON: Outcome.UNKNOWN}


def found(faults: Iterable[Fault]) -> set[tuple[str, Outcome | None, str]]:
    return {
        (each.code, OUTCOMES[each.severity], str(dict(each.values).get("fact")))
        for each in faults
        # Registered sources and tiers are no matter of judging.
        if not each.pointer.startswith(("/proposal/innovation/replica_of/", "/history/"))
    }


@given(entry_in_some_year(), st.none() | award_histories())
def test_the_faults_are_what_judging_has_against_a_proposal(
    proposal: Proposal, history: AwardHistory | None
) -> None:
    asked = checks(proposal.cycle)
    against, law = judged(proposal, history)

    assert found(asked(Submission(proposal=proposal, history=history))) == against
    assert {fault.code for fault in asked.cycle_faults()} == law


@pytest.mark.parametrize("year", YEARS)
@given(data=st.data())
def test_nothing_blocks_a_proposal_that_breaks_nothing(year: int, data: st.DataObject) -> None:
    case = data.draw(compliant(rulebook(year)))
    history = attrs.evolve(case.history, awards=()) if case.history else None
    faults = checks(year)(Submission(proposal=entered(case.proposal), history=history))

    if not case.history or not case.history.awards:
        assert [fault for fault in faults if fault.severity is Severity.BLOCKS] == []


# --- What is remembered -----------------------------------------------------------------------


@cache
def old(year: int, most: int) -> RuleChecks:
    """Checks that remember what all examples before told them."""
    return checks(year, most)


@pytest.mark.parametrize("most", [1, 3, 10_000])
@given(proposal=entry_in_some_year(), history=st.none() | award_histories())
def test_what_is_remembered_changes_no_answer(
    most: int, proposal: Proposal, history: AwardHistory | None
) -> None:
    for record in (proposal, Submission(proposal=proposal, history=history)):
        assert old(proposal.cycle, most)(record) == checks(proposal.cycle)(record)


def sources(*tiers: Tier, agency: AgencyKey | None = None) -> tuple[ReplicaSource, ...]:
    return (ReplicaSource(title="Asal", agency=agency, tiers=tiers),)


def history(*tiers: Tier, innovation: str = "i", agency: AgencyKey = KEY) -> AwardHistory:
    reached = tuple(Award(innovation=innovation, agency=agency, tier=tier) for tier in tiers)
    return AwardHistory(innovation=innovation, awards=reached)


def winner(year: int, size: int | None = None) -> Tier:
    return Tier(year=year, level=Level.WINNER, size=size)


NOWHERE = AgencyKey("kota-x")
WIB = dt.timezone(dt.timedelta(hours=7))
VALUES: Mapping[str, tuple[Any, ...]] = {
    "cycle": (2020, 2021),
    "innovation.agency": (KEY, NOWHERE, "kab-adm-kepulauan-seribu", "kemenko-polkam", "kemenkeu"),
    "group": (*Group, None),
    "invited": (True, False, None),
    "innovation.started": (
        Date(2015, 1, 1),
        Date(2019, 5, 11),
        Date(2019, 5, 12),
        Date(2020, 4, 16),
        Date(2020, 5, 12),
        Date(2030, 1, 1),
        None,
    ),
    "innovation.pandemic_related": (True, False, None),
    "innovation.origin": (*Origin, None),
    "innovation.replica_of": (
        None,
        (),
        sources(),
        sources(winner(2018)),
        sources(winner(2018), agency=KEY),
        sources(winner(2018), agency=NOWHERE),
        sources(winner(2018, 46)),
        (ReplicaSource(title="Asal"),),
    ),
    "category": ("education", "law enforcement", "x", None),
    "innovation.sdgs": (None, (), (3,), (3, 3), (3, 4)),
    "submitted_at": (
        DateTime(2017, 2, 1, tzinfo=dt.UTC),
        DateTime(2021, 5, 11, 23, 59, 59, tzinfo=WIB),
        DateTime(2021, 5, 12, tzinfo=WIB),
        DateTime(2021, 5, 11, 17, tzinfo=dt.UTC),
        DateTime(2022, 4, 16, 12, 1, tzinfo=WIB),
        None,
    ),
    "documents": (None, (), ("video",), ("innovator-decree", "video")),
    "words": (None, (), (("summary", 200),), (("summary", 201),), (("title", 200),)),
    "video_minutes": (None, 3, 4, 5, 6),
    "careless": (True, False, None),
    "withdrawn": (True, False),
    "disqualified": (True, False),
    "history": (
        None,
        history(),
        history(winner(2018)),
        history(winner(2020)),
        history(winner(2018, 46)),
        history(winner(2018), agency=NOWHERE),
        history(Tier(year=2018, level=Level.FINALIST)),
        history(innovation="j"),
        history(winner(2018), innovation="j"),
    ),
}
"""Some values of each fact, on both sides of what the rules compare it with."""


def with_fact(record: Submission, fact: str, value: Any) -> Submission:
    if fact == "history":
        return attrs.evolve(record, history=value)
    proposal = record.proposal
    first, _, inner = fact.partition(".")
    if inner:
        first, value = "innovation", attrs.evolve(proposal.innovation, **{inner: value})
    return attrs.evolve(record, proposal=attrs.evolve(proposal, **{first: value}))


def test_the_values_are_of_every_fact() -> None:
    assert set(VALUES) == {fact for facts in LOOKS_AT.values() for fact in facts} | {"cycle"}


TRIED: tuple[tuple[RuleId, int], ...] = (
    (eligibility.HELD, 2021),
    (eligibility.PARTICIPANT, 2021),
    (eligibility.GROUP, 2021),
    (eligibility.GROUP, 2018),
    (eligibility.INVITATION, 2021),
    (eligibility.AGE, 2021),
    (eligibility.AGE, 2022),
    (eligibility.AWARDS, 2020),
    (eligibility.AWARDS, 2021),
    (replication.ENTRY, 2018),
    (replication.ENTRY, 2021),
    (eligibility.CATEGORY, 2021),
    (eligibility.SDG, 2018),
    (screening.DEADLINE, 2021),
    (screening.DEADLINE, 2022),
    (screening.DOCUMENTS, 2022),
    (screening.WORDS, 2023),
    (screening.VIDEO, 2022),
    (screening.CARELESS, 2018),
    (screening.ENTERED, 2021),
)


@pytest.mark.parametrize(("rule", "year"), TRIED)
def test_no_answer_is_remembered_for_another_one(rule: RuleId, year: int) -> None:
    """Any two records that differ in facts of one rule, in either order."""
    submitted = DateTime(year, 5 if year == 2021 else 2 if year == 2018 else 4, 5, tzinfo=dt.UTC)
    proposal = attrs.evolve(FIT, cycle=year, submitted_at=submitted)
    records = [Submission(proposal=proposal, history=history())]
    for fact in LOOKS_AT[rule] or ("cycle",):
        records = [with_fact(each, fact, value) for each in records for value in VALUES[fact]]
    fresh = [checks(year)(each) for each in records]
    alone = [checks(year)(each.proposal) for each in records]

    assert len(set(map(codes, fresh))) > 1
    for first in records:
        asked = checks(year)
        asked(first)
        assert [asked(each) for each in records] == fresh
        assert [asked(each.proposal) for each in records] == alone


def test_each_rule_is_tried_so() -> None:
    assert {rule for rule, _ in TRIED} == set(LOOKS_AT)


def codes(faults: Iterable[Fault]) -> tuple[str, ...]:
    return tuple(fault.code for fault in faults)


@given(st.sampled_from(YEARS).flatmap(lambda year: st.lists(entries(year), max_size=6)))
def test_the_order_of_records_changes_nothing(given_: list[Proposal]) -> None:
    if not given_:
        return
    forth, back = checks(given_[0].cycle), checks(given_[0].cycle)

    assert [forth(each) for each in given_] == [back(each) for each in reversed(given_)][::-1]
    assert forth.cycle_faults() == back.cycle_faults()


@given(entry_in_some_year())
def test_what_every_look_accepts_has_no_fault(proposal: Proposal) -> None:
    asked, again = checks(proposal.cycle), checks(proposal.cycle)

    accepted = {asked.accepts(look, proposal) for look in asked.looks}

    assert (accepted == {True}) is (again(proposal) == ())
    assert asked.cycle_faults() == again.cycle_faults()


@pytest.mark.parametrize("year", YEARS)
def test_a_look_names_the_facts_that_its_rules_read(year: int) -> None:
    asked = checks(year)
    read = {fact for rule in asked.asked for fact in LOOKS_AT[rule]}
    # The history is no fact of a proposal, and what is replicated has to be known in any cycle.
    others = {"cycle", *LOOKS_AT[replication.ENTRY]}

    assert {fact for look in asked.looks for fact in look.facts} == (read | others) - {"history"}
    assert [look.facts[-1] for look in asked.looks if look.ordered] == [
        fact
        for fact, rule in (
            ("innovation.started", eligibility.AGE),
            ("submitted_at", screening.DEADLINE),
        )
        if rule in asked.asked
    ]


def test_a_fit_proposal_is_asked_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = checks(2021)
    fit = FIT
    assert asked(fit) == ()
    monkeypatch.setattr("kipp.io.proposal_rules.ASKED", {})
    monkeypatch.setattr("kipp.io.proposal_rules.group_of", None)
    later = attrs.evolve(
        fit,
        id="another one",
        submitted_at=DateTime(2021, 5, 11, 23, 59, tzinfo=dt.timezone(dt.timedelta(hours=7))),
        innovation=attrs.evolve(fit.innovation, started=Date(2019, 5, 11), title="Lain"),
    )

    assert asked(later) == ()


@pytest.mark.parametrize(
    ("started", "codes"), [(Date(2019, 5, 11), []), (Date(2019, 5, 12), ["TOO_YOUNG"])]
)
def test_the_last_day_of_start_is_kept(started: Date, codes: list[str]) -> None:
    """Two years before the close of 11 May 2021, whatever was remembered before."""
    asked = checks(2021)
    assert asked(FIT) == ()
    young = attrs.evolve(FIT, innovation=attrs.evolve(FIT.innovation, started=started))

    assert [fault.code for fault in asked(young)] == codes


@pytest.mark.parametrize(
    ("moment", "codes"),
    [("2021-05-11T23:59:59.999999", []), ("2021-05-12T00:00:00", ["SUBMITTED_LATE"])],
)
def test_the_last_minute_is_kept(moment: str, codes: list[str]) -> None:
    asked = checks(2021)
    assert asked(FIT) == ()
    jakarta = dt.timezone(dt.timedelta(hours=7))
    submitted = DateTime.instance(dt.datetime.fromisoformat(moment).replace(tzinfo=jakarta))

    assert [f.code for f in asked(attrs.evolve(FIT, submitted_at=submitted))] == codes


@pytest.mark.parametrize("first", range(0, 180, 15))
@pytest.mark.parametrize("second", range(0, 180, 15))
def test_a_clock_that_is_put_back_is_asked_every_time(first: int, second: int) -> None:
    """A close at 02:30 on the day when 03:00 becomes 02:00: late is followed by in time."""
    asked = checks(summer_time())
    midnight = dt.datetime(2021, 10, 31, tzinfo=dt.UTC)
    for minute in (first, second):
        moment = DateTime.instance(midnight + dt.timedelta(minutes=minute))
        late = [each.code for each in asked(attrs.evolve(FIT, submitted_at=moment))]
        clock = (2 + minute // 60 - (minute >= 60), minute % 60)
        assert late == (["SUBMITTED_LATE"] if clock > (2, 30) else [])


@cache
def summer_time() -> Rulebook:
    return rulebook(2021).reform(
        {
            "schedule.closing_zone": "Europe/Berlin",
            "schedule.closing_time": "02:30",
            "schedule.registration_closes": ["2021-10-31"],
        },
        name="Berlin",
    )


FIT = Proposal(
    id="p",
    innovation=Innovation(
        id="i", title="Contoh", agency=KEY, started=Date(2015, 1, 1), replica_of=()
    ),
    cycle=2021,
    group=Group.GENERAL,
    category="education",
    submitted_at=DateTime(2021, 5, 1, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7))),
)


PERIODS = st.sampled_from(("P1Y", "P2Y", "P6M")).map(parse_period)
SOME_DAYS = days(Date(2020, 1, 1), Date(2021, 12, 31))
IMAGINED = cited_books(
    {
        "groups.{}.minimum_age": PERIODS,
        "groups.{}.minimum_age_pandemic": PERIODS,
        "minimum_age.counts_from": st.just("registration_closes"),
        "schedule.registration_opens": SOME_DAYS,
        "schedule.registration_closes": SOME_DAYS.map(lambda day: (day,)),
        "schedule.closing_zone": st.sampled_from(("Asia/Jakarta", "Asia/Jayapura")),
        "schedule.closing_time": st.sampled_from(("12:00", "23:59")),
    },
    offered=Group,
    disputed=True,
)


@given(
    book=IMAGINED,
    starts=st.lists(days(Date(2017, 1, 1), Date(2021, 12, 31)), min_size=2, max_size=5),
    moment=moments(Date(2020, 1, 1), Date(2021, 12, 31)),
    pandemic=st.none() | st.booleans(),
)
def test_what_is_remembered_changes_no_answer_whatever_the_law_leaves_open(
    book: Rulebook, starts: list[Date], moment: DateTime, pandemic: bool | None
) -> None:
    asked = checks(book)
    for number, started in enumerate(starts):
        submitted = moment.add(days=number, minutes=number)
        innovation = attrs.evolve(FIT.innovation, started=started, pandemic_related=pandemic)
        proposal = attrs.evolve(FIT, innovation=innovation, submitted_at=submitted)
        assert asked(proposal) == checks(book)(proposal)


# --- The laws that stretches rest on ----------------------------------------------------------


@pytest.mark.parametrize("pandemic", [True, False, None])
@pytest.mark.parametrize("group", Group)
@given(st.sampled_from(YEARS), st.lists(days(), min_size=3, max_size=3))
def test_between_two_starts_that_are_told_the_same_all_are(
    group: Group, pandemic: bool | None, year: int, three: list[Date]
) -> None:
    book = rulebook(year)

    def answer(started: Date) -> Any:
        innovation = attrs.evolve(FIT.innovation, started=started, pandemic_related=pandemic)
        reason = eligibility.age_reason(book, innovation, group)
        return reason.outcome, () if reason.outcome is Outcome.MET else reason.code

    first, middle, last = map(answer, sorted(three))

    assert first != last or middle == first


@given(
    st.sampled_from(YEARS),
    st.lists(st.integers(-400 * 1440, 400 * 1440), min_size=3, max_size=3),
    st.sampled_from(("12:00", "23:59", None)),
)
def test_between_two_moments_that_are_told_the_same_all_are(
    year: int, minutes: list[int], hour: str | None
) -> None:
    book = rulebook(year)
    if hour is not None:
        book = book.reform({"schedule.closing_time": hour}, name="hour")
    middle = dt.datetime(year, 4, 1, tzinfo=dt.UTC)

    def answer(minute: int) -> Any:
        moment = DateTime.instance(middle + dt.timedelta(minutes=minute))
        decision = screening.submitted_in_time(book, attrs.evolve(FIT, submitted_at=moment))
        return [(each.outcome, each.code) for each in decision.reasons]

    first, between, last = map(answer, sorted(minutes))

    assert first != last or between == first
