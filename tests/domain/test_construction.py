"""Every class of the domain refuses, where it is made, what it cannot hold.

One valid example per class; each field in turn is given a value of an alien type, a text that is
blank, a number below 0, a plain date …  What is let through stands in a list, with its reason.
"""

from __future__ import annotations

import datetime as dt
import enum
import importlib
import pkgutil
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import attrs
import pytest

import kipp.domain
from kipp.domain.agency import (
    Agency,
    AgencyKey,
    AgencyKind,
    DatedName,
    Identifier,
    Membership,
    ServiceUnit,
    Span,
)
from kipp.domain.assessment import Assessor, Criterion, Relation, RelationKind, ScoreSheet
from kipp.domain.award import Award, AwardHistory, AwardSpan, Level, Tier
from kipp.domain.checks import KIND, Kind, kinds_of
from kipp.domain.citation import (
    Citation,
    Cited,
    Disputed,
    Evidence,
    NotFound,
    NotOpen,
    Source,
    Term,
    Unlimited,
)
from kipp.domain.cycle import Group, Schedule, Stage
from kipp.domain.dates import Date, DateRange, DateTime, Period
from kipp.domain.errors import InvalidType, InvalidValue
from kipp.domain.fault import Cure, Fault, Operation, Origin
from kipp.domain.hub import HubCandidate, HubCounts, HubMaturity
from kipp.domain.incentive import (
    FiscalCriterion,
    FiscalRecord,
    Grade,
    IncentiveProposal,
    InnovationCounts,
    Opinion,
)
from kipp.domain.innovation import Innovation, Instrument, InstrumentKind, ReplicaSource
from kipp.domain.innovation import Origin as InnovationOrigin
from kipp.domain.institutionalisation import Institutionalisation, Ladder, LeaderChange
from kipp.domain.proposal import Proposal
from kipp.domain.record import (
    AwardRow,
    CompositionRow,
    Confidence,
    HubBasis,
    HubRow,
    Record,
    StatisticRow,
)
from kipp.domain.registry import Borne, HeadCount, Registry, UserAgency
from kipp.domain.selection import Exit, Standing, TieDecision

DAY = Date(2020, 2, 29)
RANGE = DateRange(Date(2021, 1, 1), Date(2021, 12, 31))
SPAN = Span(DAY, RANGE, known=True)
HOME = AgencyKey("kab-contoh")
TIER = Tier(year=2021, level=Level.WINNER, size=45, group=Group.GENERAL)
AWARD = Award(innovation="Contoh", agency=HOME, tier=TIER)
SOURCE = Source(key="launch", title="Ministry page", date="17 March 2021", url="https://example")
CITATION = Citation(SOURCE, Evidence.MINISTRY)
CITED = Cited(10, (CITATION,), note="of the launch")
INSTRUMENT = Instrument(
    kind=InstrumentKind.LEADER_DECREE,
    number="1/2020",
    date=DAY,
    names_innovation=True,
    in_force=True,
)
REPLICATED = ReplicaSource(title="Asal", agency=HOME, tiers=(TIER,))
INNOVATION = Innovation(
    id="i",
    title="Contoh",
    agency=HOME,
    unit="RSUD Contoh",
    started=DAY,
    origin=InnovationOrigin.REPLICA,
    replica_of=(REPLICATED,),
    sdgs=(3, 17),
    public_service=True,
    pandemic_related=False,
    running=True,
    improved_or_spread=True,
    instruments=(INSTRUMENT,),
    budget_line=True,
    coaching_unit=False,
)
AGENCY = Agency(
    key=HOME,
    kind=AgencyKind.REGENCY,
    names=(DatedName("Kabupaten Contoh", SPAN),),
    span=SPAN,
    sub_kind="lain",
    identifiers=(Identifier("bps", "3578", SPAN),),
    memberships=(Membership(AgencyKey("prov-contoh"), SPAN),),
    predecessors=(AgencyKey("kab-lama"),),
    successors=(AgencyKey("kab-baru"),),
    public_service_obligation=False,
    owner="ri",
    legal_form="perseroda",
    source="UU",
    note="-",
)
AWARD_ROW = AwardRow(
    year=2021,
    tier_key="top_45",
    tier=TIER,
    innovation="Contoh",
    agency_name="Kabupaten Contoh",
    agency_kind="kabupaten",
    province="Contoh",
    category="kesehatan",
    confidence=Confidence.OFFICIAL_LIST,
    source_url="https://example",
)
COMPOSITION_ROW = CompositionRow(
    year=2021,
    tier_key="top_45",
    tier=TIER,
    agency_kind="kabupaten",
    innovations=16,
    agencies=12,
    evidence=Evidence.PRESS,
    source_url="https://example",
)
STATISTIC_ROW = StatisticRow(
    first_year=2014,
    last_year=2023,
    statistic="registered",
    value=3178,
    preferred=True,
    why="the ministry's",
    evidence=Evidence.MINISTRY,
    source_url="https://example",
)
HUB_ROW = HubRow(
    agency=HOME,
    unnamed=0,
    local=True,
    year=2020,
    basis=HubBasis.DECREE,
    basis_date=RANGE,
    act="Kep. 1",
    evidence=Evidence.MINISTRY,
    source_url="https://example",
)
SHEET = ScoreSheet(proposal="p", stage=Stage.PANEL, assessor="a", marks={"dampak": 70})
CRITERION = Criterion("dampak", Fraction(1, 3))
ASSESSOR = Assessor(
    key="a", weight=Fraction(1, 2), relations=(Relation(HOME, RelationKind.FAMILY),)
)
TIE_DECISION = TieDecision(
    stage=Stage.FINALISTS,
    group=Group.GENERAL,
    minutes="BA-7/2021",
    day=Date(2021, 6, 10),
    people=("ketua",),
    chosen=("p",),
)
EXIT = Exit(proposal="p", stage=Stage.OBJECTION, standing=Standing.WITHDRAWN, why="mundur")
COUNTS = HubCounts(year=2024, named=24, unnamed=12, by_basis={HubBasis.DECREE: 24})
PROPOSAL = Proposal(
    id="p",
    innovation=INNOVATION,
    cycle=2021,
    group=Group.GENERAL,
    category="health",
    submitted_at=DateTime(2021, 5, 11, tzinfo=dt.UTC),
    invited=True,
    documents=("video",),
    words=(("summary", 200),),
    video_minutes=3,
    careless=False,
    mou=True,
)
FISCAL = FiscalRecord(
    agency=HOME,
    fiscal_year=2022,
    opinions=((2020, Opinion.UNQUALIFIED),),
    latest_audit=2020,
    apbd_on_time=True,
    eprocurement=True,
    eprocurement_grade=Grade.B,
    ebudgeting=True,
    eplanning=True,
    egovernment=True,
    one_stop_service=True,
    supplied=((FiscalCriterion.EBUDGETING, True),),
)
EXAMPLES: tuple[Any, ...] = (
    SPAN,
    RANGE,
    TIER,
    AWARD,
    SOURCE,
    CITATION,
    CITED,
    INSTRUMENT,
    REPLICATED,
    INNOVATION,
    AGENCY,
    AWARD_ROW,
    COMPOSITION_ROW,
    STATISTIC_ROW,
    HUB_ROW,
    *AGENCY.names,
    *AGENCY.identifiers,
    *AGENCY.memberships,
    ServiceUnit(name="RSUD Contoh", agency=HOME),
    CRITERION,
    Relation(HOME, RelationKind.ADVISES),
    ASSESSOR,
    SHEET,
    AwardHistory(innovation="Contoh", awards=(AWARD,)),
    AwardSpan(level=Level.WINNER, first_year=2014, last_year=2019, group=Group.GENERAL),
    Unlimited((CITATION,)),
    NotOpen((CITATION,)),
    NotFound("decree, annexes"),
    Disputed((CITED, Unlimited((CITATION,)))),
    Term("groups.general.cap", CITED),
    Schedule(opens=DAY, closes=(DAY,)),
    Period(1, 6, 5),
    HubCandidate(
        agency=HOME,
        leader_commitment=True,
        potential_fits_need=True,
        bureaucratic_support=False,
        external_support=True,
    ),
    COUNTS,
    HubMaturity(planning="a", institutionalisation="b", dissemination="c", evaluation="d"),
    FISCAL,
    IncentiveProposal(agency=HOME, tier=TIER, fiscal_year=2022, innovation="Contoh"),
    InnovationCounts(passed=3, finalists=2, winners=1),
    Institutionalisation(step=Ladder.NONE, budget_line=True, coaching_unit=False),
    LeaderChange(innovation="Contoh", leader_changed=True, running_after=True),
    PROPOSAL,
    Record(
        awards=(AWARD_ROW,),
        compositions=(COMPOSITION_ROW,),
        statistics=(STATISTIC_ROW,),
        hubs=(HUB_ROW,),
        version="1",
    ),
    HeadCount(sure=1, possible=2),
    Borne(HOME, SPAN, SPAN),
    Registry((attrs.evolve(AGENCY, memberships=(), predecessors=(), successors=()),), version="1"),
    UserAgency(
        key="user:contoh",
        name="PT Contoh",
        kind=AgencyKind.BUMD,
        owner="ri",
        valid_from=DAY,
        valid_to=RANGE,
        legal_form="perseroda",
        aliases=("Contoh",),
        identifiers=(Identifier("x-bumd", "17"),),
        public_service_obligation=True,
        source="akta",
    ),
    EXIT,
    TIE_DECISION,
)

_LIBRARY = "made by the library alone, by the hundred thousand in a report"
NOT_CHECKED = {
    Kind: "it does the checking; only the tables of the domain make one",
    Fault: _LIBRARY,
    Origin: _LIBRARY,
    Cure: _LIBRARY,
    Operation: _LIBRARY,
}
ANYTHING = {"Cited.value": "what a term may hold is declared by its path, in the rulebook's schema"}
MAY_BE_BLANK = {
    "AwardRow.agency_kind": "a cell of a table, as the source prints it",
    "AwardRow.province": "a central body has none",
    "AwardRow.category": "most lists name none",
    "HubMaturity.planning": "an assessor's words, as they are",
    "HubMaturity.institutionalisation": "an assessor's words, as they are",
    "HubMaturity.dissemination": "an assessor's words, as they are",
    "HubMaturity.evaluation": "an assessor's words, as they are",
    "HubRow.act": "a statement is no act",
    "NotFound.searched": "nobody may have said what was searched",
    "Source.date": "as the source prints it",
    "Source.url": "a printed text has none",
    "StatisticRow.why": "only a choice among several figures needs a reason",
}


def classes() -> Iterator[type]:
    """Every attrs class that a module of the domain exports."""
    for info in pkgutil.iter_modules(kipp.domain.__path__, "kipp.domain."):
        module = importlib.import_module(info.name)
        exported = (getattr(module, name) for name in module.__all__)
        yield from (each for each in exported if isinstance(each, type) and attrs.has(each))


def fields(*types: type, default: bool = True) -> list[Any]:
    """Every field of every example that holds one of *types*, by ``Class.field``."""
    return [
        pytest.param(example, field.name, id=f"{type(example).__name__}.{field.name}")
        for example in EXAMPLES
        for field in attrs.fields(type(example))
        if isinstance(getattr(example, field.name), types) and (default or field.default != "")
    ]


def refused(example: Any, field: str, value: object) -> Any:
    """How the class of *example* refuses *value* in *field*."""
    kept = {each.name: getattr(example, each.name) for each in attrs.fields(type(example))}
    with pytest.raises((InvalidType, InvalidValue)) as caught:
        type(example)(**{**kept, field: value})
    assert caught.value.name == f"{type(example).__name__}.{field}"
    assert caught.value.expected
    return caught.value


def test_every_class_has_an_example() -> None:
    assert {*classes()} == {*map(type, EXAMPLES), *NOT_CHECKED}
    assert len({*map(type, EXAMPLES)}) == len(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: type(each).__name__)
def test_every_field_says_what_it_holds(example: Any) -> None:
    """The metadata of a field is the one place: constructors and readers look there."""
    cls = type(example)
    open_fields = {name.partition(".")[2] for name in ANYTHING if name.startswith(cls.__name__)}
    fields = {field.name: field.metadata.get(KIND) for field in attrs.fields(cls)}

    assert {name for name, kind in fields.items() if kind is None} == open_fields
    assert kinds_of(cls) == {name: kind for name, kind in fields.items() if kind is not None}
    assert all(kind.accepts(getattr(example, name)) for name, kind in kinds_of(cls).items())


def test_every_field_of_an_example_is_filled() -> None:
    """A field left at none would hide what it refuses."""
    empty = [
        f"{type(example).__name__}.{field.name}"
        for example in EXAMPLES
        for field in attrs.fields(type(example))
        if getattr(example, field.name) in (None, ())
    ]

    assert empty == []


@pytest.mark.parametrize(("example", "field"), fields(object))
def test_an_alien_value(example: Any, field: str) -> None:
    alien = object()
    if f"{type(example).__name__}.{field}" in ANYTHING:
        assert getattr(attrs.evolve(example, **{field: alien}), field) is alien
        return

    assert refused(example, field, alien).value is alien


@pytest.mark.parametrize(("example", "field"), fields(tuple))
def test_an_alien_item(example: Any, field: str) -> None:
    items = getattr(example, field)

    assert isinstance(refused(example, field, (*items, object())), InvalidType)


@pytest.mark.parametrize(("example", "field"), fields(str, default=False))
def test_a_blank_text(example: Any, field: str) -> None:
    """Where a text is asked, something stands in it; an empty default says *not stated*."""
    if isinstance(getattr(example, field), enum.Enum):
        return
    if f"{type(example).__name__}.{field}" in MAY_BE_BLANK:
        assert getattr(attrs.evolve(example, **{field: ""}), field) == ""
        return

    for blank in ("", " \t"):
        assert isinstance(refused(example, field, blank), InvalidValue)


@pytest.mark.parametrize(("example", "field"), fields(int))
def test_a_number_below_0(example: Any, field: str) -> None:
    """Nothing that is counted, and no year, lies below 0."""
    if isinstance(getattr(example, field), bool) or f"{type(example).__name__}.{field}" in ANYTHING:
        return

    assert isinstance(refused(example, field, -1), InvalidValue)
    for near in (True, 1.0, "1"):
        assert isinstance(refused(example, field, near), InvalidType)


@pytest.mark.parametrize(("example", "field"), fields(bool))
def test_a_number_or_a_word_is_not_true_or_false(example: Any, field: str) -> None:
    for near in (1, 0, "ya", ""):
        assert isinstance(refused(example, field, near), InvalidType)


@pytest.mark.parametrize(("example", "field"), fields(enum.Enum))
def test_the_text_of_a_closed_word(example: Any, field: str) -> None:
    """A word is a member of its type, never its text; the cure says how to make it."""
    word = getattr(example, field)

    fault = refused(example, field, str(word))

    assert isinstance(fault, InvalidType)
    assert fault.cure == f"write {type(word).__name__}({str(word)!r})"


@pytest.mark.parametrize(("example", "field"), fields(Date, DateRange))
def test_a_plain_date(example: Any, field: str) -> None:
    """Dates are pendulum's; the cure says how to make one."""
    if isinstance(getattr(example, field), DateTime):
        return

    for wrong, cure in (
        (dt.date(2020, 2, 29), "write pendulum.date(2020, 2, 29)"),
        ("2020-02-29", "read a text with kipp.domain.dates.parse_day"),
        (DateTime(2020, 2, 29, tzinfo=dt.UTC), ""),
    ):
        assert refused(example, field, wrong).cure == cure


def test_a_plain_moment_and_one_without_its_offset() -> None:
    plain = refused(PROPOSAL, "submitted_at", dt.datetime(2021, 5, 11, tzinfo=dt.UTC))
    naive = refused(PROPOSAL, "submitted_at", DateTime(2021, 5, 11))

    assert (type(plain), plain.cure) == (InvalidType, "make one of it with pendulum.instance")
    assert (type(naive), naive.expected) == (InvalidValue, "a moment with its offset, or none")


@pytest.mark.parametrize("year", [dt.MINYEAR, dt.MAXYEAR])
def test_a_moment_that_some_time_zone_has_no_day_for(year: int) -> None:
    fault = refused(PROPOSAL, "submitted_at", DateTime(year, 6, 1, tzinfo=dt.UTC))

    assert (type(fault), fault.name) == (InvalidValue, "Proposal.submitted_at")
    assert fault.expected.startswith("a moment that every time zone has a day for")


@pytest.mark.parametrize(
    ("example", "field", "value", "expected"),
    [
        (INNOVATION, "sdgs", (0,), "a tuple, each item a goal from 1 to 17, or none"),
        (INNOVATION, "sdgs", (1, 18), "a tuple, each item a goal from 1 to 17, or none"),
        (PROPOSAL, "words", (("summary", -1),), None),
        (PROPOSAL, "words", (("", 200),), None),
        (PROPOSAL, "words", (("summary", 200, 1),), None),
        (PROPOSAL, "documents", ("video", " "), None),
        (TIER, "size", 0, None),
        (TIER, "year", 0, None),
        (SPAN, "valid_to", DAY, "a day after 2020-02-29"),
        (STATISTIC_ROW, "last_year", 2013, ">= 2014"),
        (SHEET, "marks", {" ": 70}, "a text that is not blank"),
        (SHEET, "marks", (("dampak", 70), ("dampak", 71)), "each criterion once"),
        (SHEET, "marks", {3: 70}, "a text"),
        (SHEET, "marks", ("dampak", 70), "a mark for each criterion"),
        (ASSESSOR, "weight", 0, "a weight above 0"),
        (CRITERION, "weight", -1, "a weight of 0 or more"),
        (CRITERION, "weight", 0.5, None),
        (EXIT, "standing", Standing.SELECTED, "withdrawn or disqualified"),
        (TIE_DECISION, "people", (), "one or more, each once"),
        (TIE_DECISION, "chosen", ("p", "p"), "one or more, each once"),
        (COUNTS, "by_basis", {HubBasis.DECREE: -1}, None),
        (COUNTS, "by_basis", {"keputusan": 1}, None),
        (FISCAL, "opinions", ((2020, Opinion.ADVERSE), (2020, Opinion.QUALIFIED)), None),
        (FISCAL, "supplied", ((FiscalCriterion.EBUDGETING, True),) * 2, None),
        (FISCAL, "opinions", ((0, Opinion.ADVERSE),), None),
    ],
)
def test_a_value_that_cannot_be(
    example: Any, field: str, value: object, expected: str | None
) -> None:
    """The right type, or nearly, and yet no such thing exists."""
    fault = refused(example, field, value)

    assert expected is None or fault.expected == expected


@pytest.mark.parametrize(
    ("quantum", "fault"),
    [(Fraction(0), InvalidValue), (Fraction(-1, 2), InvalidValue), (0.5, InvalidType)],
)
def test_the_step_of_a_scale(quantum: Any, fault: type) -> None:
    with pytest.raises(fault, match=r"^ScoreSheet\.quantum: expected a "):
        ScoreSheet(proposal="p", stage=Stage.PANEL, assessor="a", marks={"x": 0.5}, quantum=quantum)


def test_marks_are_refused_with_the_place_of_the_sheet() -> None:
    assert refused(SHEET, "marks", 3).where == "p, tim panel independen, a"
    assert refused(SHEET, "marks", [("a", 1), ("a", 2)]).where == "p, tim panel independen, a"


class TestTiersThatNeverWere:
    """The winners of the special group are *outstanding*, and nobody else; an award beside the
    contest belongs to no group.  Whether a year had the group, its rulebook says."""

    ALLOWED = (
        *((level, group) for level in (Level.INTERMEDIATE, Level.FINALIST) for group in Group),
        (Level.WINNER, Group.GENERAL),
        (Level.WINNER, Group.REPLICATION),
        (Level.OUTSTANDING, Group.SPECIAL),
        *((level, None) for level in Level),
    )

    @pytest.mark.parametrize("level", Level)
    @pytest.mark.parametrize("group", [None, *Group])
    def test_level_and_group(self, level: Level, group: Group | None) -> None:
        span = AwardSpan(level=level, first_year=2014, last_year=2019)
        tier = Tier(year=2021, level=level)
        if (level, group) in self.ALLOWED:
            assert attrs.evolve(tier, group=group).group is group
            assert attrs.evolve(span, group=group).group is group
        else:
            assert isinstance(refused(tier, "group", group), InvalidValue)
            assert isinstance(refused(span, "group", group), InvalidValue)

    @pytest.mark.parametrize("group", Group)
    def test_another_contest_has_tiers_of_its_own(self, group: Group) -> None:
        tier = Tier(year=2021, level=Level.WINNER, group=group, organiser="KOVABLIK")

        assert tier.group is group

    def test_what_was_expected(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            Tier(year=2021, level=Level.WINNER, group=Group.SPECIAL)

        assert caught.value.expected == "umum, replikasi or none for the level terpuji"


@pytest.mark.parametrize("table", [NOT_CHECKED, ANYTHING, MAY_BE_BLANK])
def test_every_exception_is_needed_and_has_a_reason(table: dict[Any, str]) -> None:
    known = {f"{each.__name__}.{field.name}" for each in classes() for field in attrs.fields(each)}

    assert {*table} <= {*classes(), *known}
    assert all(len(reason.split()) > 2 for reason in table.values())
