"""What the register and the rulebooks say about each kind of record, code by code, at its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs
import pytest

from kipp.domain.agency import Agency, AgencyKey, AgencyKind, DatedName
from kipp.domain.assessment import OVERALL, ScoreSheet
from kipp.domain.award import Award, AwardHistory, Level, Tier
from kipp.domain.citation import Evidence
from kipp.domain.cycle import Group, Stage
from kipp.domain.dates import Date, DateTime
from kipp.domain.errors import InvalidType
from kipp.domain.fault import Cure, Operation, Origin, Severity
from kipp.domain.hub import HubCandidate
from kipp.domain.incentive import FiscalRecord
from kipp.domain.innovation import Innovation, ReplicaSource
from kipp.domain.innovation import Origin as Source
from kipp.domain.proposal import Proposal
from kipp.domain.record import HubBasis, HubRow
from kipp.domain.registry import UserAgency
from kipp.io.rule_faults import RuleChecks
from kipp.io.submission import Submission
from kipp.messages import LANGUAGES
from kipp.messages.report import tell
from kipp.registry import awards, hubs, registry
from kipp.rulebooks import cycles, duty_book, fiscal_years, hubs_book, incentive_book, rulebook
from kipp.rules.rulebook import Rulebook
from kipp.rules.terms import BookKind
from tests.fiscal import disputed

KEY = AgencyKey("kota-surabaya")
UNKNOWN = AgencyKey("kota-x")
GONE = AgencyKey("kemenko-polhukam")
"""Split up on 21 October 2024, see the register."""

LATER = AgencyKey("kemenko-polkam")
"""What it became."""


def cycle(year: int) -> Rulebook | None:
    return rulebook(year) if year in cycles() else None


def fiscal(year: int) -> Rulebook | None:
    return incentive_book(year) if year in fiscal_years() else None


def checks(book: Rulebook | int | None = 2021) -> RuleChecks:
    law = rulebook(book) if isinstance(book, int) else book
    return RuleChecks(law, registry(), cycles=cycle, incentives=fiscal, hubs=hubs_book())


def found(record: object, book: Rulebook | int | None = 2021) -> list[tuple[str, str]]:
    """Code and pointer of every fault; each of them can be told in both languages."""
    faults = checks(book)(record)
    for fault in faults:
        for lang in LANGUAGES:
            told = tell(fault, lang)
            assert fault.code not in told
            assert fault.cure is not None
            assert fault.cure.code not in told
    return [(fault.code, fault.pointer) for fault in faults]


FIT = Proposal(
    id="p",
    innovation=Innovation(
        id="i",
        title="Contoh",
        agency=KEY,
        started=Date(2015, 1, 1),
        origin=Source.ORIGINAL,
        replica_of=(),
        sdgs=(3,),
    ),
    cycle=2021,
    group=Group.GENERAL,
    category="education",
    submitted_at=DateTime(2021, 5, 1, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7))),
    documents=(),
    words=(("title", 3), ("summary", 150)),
    video_minutes=2,
    careless=False,
)


def with_facts(facts: Mapping[str, Any], fit: Proposal = FIT) -> Proposal:
    """*fit* with other facts, those of its innovation behind ``innovation.``."""
    inner = {name.partition(".")[2]: facts[name] for name in facts if "." in name}
    own = {name: facts[name] for name in facts if "." not in name}
    return attrs.evolve(fit, innovation=attrs.evolve(fit.innovation, **inner), **own)


# --- Proposals --------------------------------------------------------------------------------

KOVABLIK = Tier(year=1, level=Level.WINNER, organiser="KOVABLIK")
SOURCES = "innovation.replica_of"
REPLICA = {"group": Group.REPLICATION, "innovation.origin": Source.REPLICA}


def sources(*tiers: Tier, agency: str | None = None) -> tuple[ReplicaSource, ...]:
    key = None if agency is None else AgencyKey(agency)
    return (ReplicaSource(title="Asal", agency=key, tiers=tiers),)


def winner(year: int, size: int | None = None) -> Tier:
    return Tier(year=year, level=Level.WINNER, size=size)


FAULTY: tuple[tuple[int, Mapping[str, Any], list[tuple[str, str]]], ...] = (
    (2021, {}, []),
    (2021, {"cycle": 2020}, [("OTHER_CYCLE", "/cycle")]),
    (
        2021,
        {"cycle": 9999, "category": "x"},
        [("OTHER_CYCLE", "/cycle"), ("CATEGORY_NOT_OFFERED", "/category")],
    ),
    (2021, {"innovation.agency": "kota-x"}, [("AGENCY_NOT_REGISTERED", "/innovation/agency")]),
    (2025, {"innovation.agency": GONE}, [("AGENCY_NO_LONGER_EXISTS", "/innovation/agency")]),
    (
        2021,
        {"innovation.agency": "kemenko-polkam"},
        [("AGENCY_NOT_YET_FOUNDED", "/innovation/agency")],
    ),
    (2021, {"group": None}, [("FACT_NOT_RECORDED", "/group")]),
    (2019, {"group": None}, []),
    (2019, {"group": Group.SPECIAL}, [("GROUP_NOT_OFFERED", "/group")]),
    (2021, {"group": Group.SPECIAL, "invited": True}, []),
    (2021, {"group": Group.SPECIAL, "invited": False}, [("NOT_INVITED", "/invited")]),
    (2021, {"group": Group.SPECIAL}, [("FACT_NOT_RECORDED", "/invited")]),
    (2021, {"innovation.started": Date(2019, 5, 12)}, [("TOO_YOUNG", "/innovation/started")]),
    (2021, {"innovation.started": None}, [("FACT_NOT_RECORDED", "/innovation/started")]),
    (
        2022,
        {"innovation.started": Date(2020, 9, 1)},
        [("FACT_NOT_RECORDED", "/innovation/pandemic_related")],
    ),
    (
        2017,
        {"innovation.started": Date(2015, 12, 1)},
        [("VALUE_NOT_FOUND", "/innovation/started")],
    ),
    (2021, REPLICA, [("NO_SOURCE_NAMED", "/innovation/replica_of")]),
    (
        2021,
        {**REPLICA, "innovation.replica_of": None},
        [("FACT_NOT_RECORDED", "/innovation/replica_of")],
    ),
    (2021, {**REPLICA, "innovation.replica_of": sources(winner(2018))}, []),
    (
        2021,
        {**REPLICA, "innovation.replica_of": sources(KOVABLIK)},
        [("SOURCE_NOT_IN_LIST", "/innovation/replica_of")],
    ),
    (
        2021,
        {
            "innovation.replica_of": sources(
                winner(2018, 46), winner(2024), winner(1999), agency="kota-x"
            )
        },
        [
            ("AGENCY_NOT_REGISTERED", "/innovation/replica_of/0/agency"),
            ("TIER_SIZE_NOT_OF_CYCLE", "/innovation/replica_of/0/tiers/0"),
            ("NO_KIPP_HELD", "/innovation/replica_of/0/tiers/1/year"),
            ("CYCLE_NOT_KNOWN", "/innovation/replica_of/0/tiers/2/year"),
        ],
    ),
    (2021, {"category": None}, [("FACT_NOT_RECORDED", "/category")]),
    (2018, {"innovation.sdgs": ()}, [("SDG_MISSING", "/innovation/sdgs")]),
    (2018, {"innovation.sdgs": (3, 3)}, []),
    (2018, {"careless": True}, [("CARELESS_ANSWERS", "/careless")]),
    (
        2021,
        {"submitted_at": DateTime(2021, 5, 12, tzinfo=dt.timezone(dt.timedelta(hours=7)))},
        [("SUBMITTED_LATE", "/submitted_at")],
    ),
    (
        2025,
        {"submitted_at": DateTime(2025, 4, 7, tzinfo=dt.UTC)},
        [("SUBMITTED_EARLY", "/submitted_at")],
    ),
    (2021, {"submitted_at": None}, [("FACT_NOT_RECORDED", "/submitted_at")]),
    (2022, {"documents": ("video",)}, [("DOCUMENT_MISSING", "/documents")]),
    (2022, {"video_minutes": 4}, [("VIDEO_TOO_LONG", "/video_minutes")]),
    (
        2023,
        {"words": (("summary", 1), ("summary", 201), ("title", 3))},
        [("TOO_MANY_WORDS", "/words/1/1")],
    ),
    (2023, {"words": ()}, [("FACT_NOT_RECORDED", "/words")]),
    (
        2021,
        {"withdrawn": True, "disqualified": True},
        [("WITHDRAWN", "/withdrawn"), ("DISQUALIFIED", "/disqualified")],
    ),
    (
        2021,
        {"group": None, "innovation.started": None, "category": "x", "withdrawn": True},
        [
            ("FACT_NOT_RECORDED", "/group"),
            ("CATEGORY_NOT_OFFERED", "/category"),
            ("WITHDRAWN", "/withdrawn"),
        ],
    ),
)
FIT_IN: Mapping[int, Mapping[str, Any]] = {
    2017: {"submitted_at": DateTime(2017, 2, 1, tzinfo=dt.UTC)},
    2018: {"submitted_at": DateTime(2018, 2, 1, tzinfo=dt.UTC)},
    2019: {"submitted_at": DateTime(2019, 4, 1, tzinfo=dt.UTC)},
    2022: {
        "submitted_at": DateTime(2022, 4, 1, tzinfo=dt.UTC),
        "documents": ("video", "innovator-decree"),
    },
    2023: {"submitted_at": DateTime(2023, 4, 1, tzinfo=dt.UTC)},
    2025: {"submitted_at": DateTime(2025, 5, 1, tzinfo=dt.UTC)},
}


def in_cycle(year: int, facts: Mapping[str, Any]) -> Proposal:
    book = rulebook(year)
    names = book["categories.names"]
    category = next(iter(getattr(names, "value", ())), "x")
    documents = tuple(getattr(book["documents.required"], "value", ()))
    base = {"cycle": year, "category": category, "documents": documents, **FIT_IN.get(year, {})}
    return with_facts({**base, **facts})


@pytest.mark.parametrize(("year", "facts", "expected"), FAULTY)
def test_each_fault_of_a_proposal_stands_once_at_its_field(
    year: int, facts: Mapping[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(in_cycle(year, facts), year) == expected
    # Nothing that is remembered hides it.
    asked = checks(year)
    asked(in_cycle(year, {}))
    again = asked(in_cycle(year, facts))
    assert [(fault.code, fault.pointer) for fault in again] == expected


def test_what_is_not_met_blocks_and_what_nobody_can_say_needs_a_person() -> None:
    faults = checks()(with_facts({"group": Group.SPECIAL, "category": "x"}))

    assert [(fault.code, fault.severity) for fault in faults] == [
        ("FACT_NOT_RECORDED", Severity.NEEDS_PERSON),
        ("CATEGORY_NOT_OFFERED", Severity.BLOCKS),
    ]


def test_a_fault_says_field_value_sources_and_record() -> None:
    (fault,) = checks()(with_facts({"innovation.started": Date(2020, 1, 1)}))
    values = dict(fault.values)

    assert fault.record == "p"
    assert fault.pointer == "/innovation/started"
    assert (values["name"], values["value"]) == ("started", Date(2020, 1, 1))
    assert values["latest_start"] == Date(2019, 5, 11)
    assert fault.citations
    assert fault.cure == Cure(code="CORRECT_OR_LEAVE_OUT")


def test_the_key_is_offered_where_the_name_is_that_of_one_agency() -> None:
    (fault,) = checks()(with_facts({"innovation.agency": "Pemkot Surabaya"}))
    patch = Operation(op="replace", path="/innovation/agency", value="kota-surabaya")

    assert fault.code == "AGENCY_NOT_REGISTERED"
    assert fault.cure == Cure(code="WRITE_AGENCY_KEY", patch=(patch,))
    assert "kota-surabaya" in tell(fault)


@pytest.mark.parametrize("name", ["Bandung", "Kota Xanadu", "3578"])
def test_a_name_of_several_agencies_or_of_none_is_not_guessed(name: str) -> None:
    """Bandung is a city and a regency."""
    (fault,) = checks()(with_facts({"innovation.agency": name}))

    assert fault.cure == Cure(code="FIND_AGENCY_KEY")


def test_a_category_is_offered_from_the_list_of_the_cycle() -> None:
    (fault,) = checks()(with_facts({"category": "x"}))

    assert "law enforcement" in tell(fault, "en")


# --- Submissions ------------------------------------------------------------------------------


def history(*tiers: Tier, innovation: str = "i", agency: AgencyKey = KEY) -> AwardHistory:
    reached = tuple(Award(innovation=innovation, agency=agency, tier=tier) for tier in tiers)
    return AwardHistory(innovation=innovation, awards=reached)


@pytest.mark.parametrize(
    ("reached", "expected"),
    [
        (history(), []),
        (None, [("FACT_NOT_RECORDED", "/history")]),
        (history(winner(2018, 40)), [("HIGHEST_TIER_BEFORE", "/history")]),
        (history(innovation="j"), [("HISTORY_OF_OTHER_INNOVATION", "/history/innovation")]),
        (history(KOVABLIK), []),
        (
            history(winner(2018, 46), agency=AgencyKey("kota-x")),
            [
                ("HIGHEST_TIER_BEFORE", "/history"),
                ("AGENCY_NOT_REGISTERED", "/history/awards/0/agency"),
                ("TIER_SIZE_NOT_OF_CYCLE", "/history/awards/0/tier"),
            ],
        ),
    ],
)
def test_a_submission_is_asked_about_its_history(
    reached: AwardHistory | None, expected: list[tuple[str, str]]
) -> None:
    submission = Submission(proposal=FIT, history=reached)

    assert sorted(found(submission)) == sorted(expected)
    asked = checks()
    asked(Submission(proposal=FIT, history=history()))
    assert sorted((each.code, each.pointer) for each in asked(submission)) == sorted(expected)


def test_a_submission_holds_its_proposal_one_step_down_unless_it_stands_alone() -> None:
    submission = Submission(proposal=with_facts({"category": "x"}), history=history())
    (below,) = checks()(submission)
    (alone,) = checks()(submission, alone=True)

    assert (below.pointer, alone.pointer) == ("/proposal/category", "/category")


def test_a_fault_stands_where_the_file_holds_its_field() -> None:
    def place(path: tuple[str | int, ...]) -> Origin:
        return Origin(file="a.csv", column="/".join(map(str, path)))

    submission = Submission(proposal=with_facts({"category": "x"}), history=history())
    (fault,) = checks()(submission, place, alone=True)

    assert fault.origin == Origin(file="a.csv", column="category")


# --- The law of the cycle ---------------------------------------------------------------------


def test_a_contest_that_was_not_held_is_said_once() -> None:
    asked = checks(2024)

    assert [asked(with_facts({"id": key, "cycle": 2024, "category": "x"})) for key in "abc"] == [
        (),
        (),
        (),
    ]
    (fault,) = asked.cycle_faults()
    assert (fault.code, fault.severity, fault.pointer, fault.record) == (
        "NO_KIPP_HELD",
        Severity.BLOCKS,
        "",
        None,
    )


def test_law_that_nobody_found_is_said_once_and_only_where_a_record_met_it() -> None:
    asked = checks(2025)
    assert asked.cycle_faults() == ()
    for key in "abc":
        assert asked(in_cycle(2025, {"id": key, "video_minutes": 5})) == ()

    missing = {dict(fault.values).get("path") for fault in asked.cycle_faults()}
    assert "groups.general.minimum_age" in missing
    assert "groups.replication.minimum_age" not in missing


def test_goals_are_counted_once_each() -> None:
    book = rulebook(2018).reform({"sdg_minimum": 2}, name="two")
    asked = checks(book)
    base = in_cycle(2018, {"innovation.sdgs": (3, 4)})

    assert asked(base) == ()
    twice = attrs.evolve(base, innovation=attrs.evolve(base.innovation, sdgs=(3, 3)))
    assert [fault.code for fault in asked(twice)] == ["SDG_MISSING"]


def test_sources_that_disagree_matter_to_the_records_between_them() -> None:
    path = "groups.general.minimum_age"
    ages = disputed(BookKind.CYCLE, path, "P1Y", "P2Y")
    asked = checks(attrs.evolve(LAW, terms={**LAW.terms, path: ages}))

    assert asked(with_facts({"innovation.started": Date(2019, 5, 11)})) == ()
    (between,) = asked(with_facts({"innovation.started": Date(2020, 5, 11)}))
    assert (between.code, between.pointer) == ("VALUE_DISPUTED", "/innovation/started")
    (young,) = asked(with_facts({"innovation.started": Date(2020, 5, 12)}))
    assert young.code == "TOO_YOUNG"


def test_sources_that_disagree_about_a_group_matter_to_all_of_it() -> None:
    path = "groups.general.offered"
    asked = checks(
        attrs.evolve(LAW, terms={**LAW.terms, path: disputed(BookKind.CYCLE, path, True, False)})
    )

    assert asked(FIT) == ()
    assert "VALUE_DISPUTED" in {fault.code for fault in asked.cycle_faults()}


LAW = rulebook(2021)


def test_a_history_that_proposals_cannot_hold_is_said_once() -> None:
    asked = checks()
    for key in "abc":
        assert asked(with_facts({"id": key})) == ()

    (fault,) = asked.cycle_faults()
    assert (fault.code, dict(fault.values)["fact"]) == ("FACT_NOT_RECORDED", "history")
    assert fault.cure == Cure(code="HAND_IN_HISTORY")


def test_law_is_told_in_both_languages() -> None:
    asked = checks(2025)
    asked(in_cycle(2025, {}))

    for fault in asked.cycle_faults():
        for lang in LANGUAGES:
            assert fault.code not in tell(fault, lang)


# --- Without a cycle --------------------------------------------------------------------------


def test_without_a_cycle_only_the_register_is_asked() -> None:
    proposal = with_facts({"category": "x", "innovation.agency": "kota-x"})
    submission = Submission(proposal=proposal, history=history(winner(2018, 46)))

    assert found(proposal, None) == [("AGENCY_NOT_REGISTERED", "/innovation/agency")]
    assert found(submission, None) == [
        ("AGENCY_NOT_REGISTERED", "/proposal/innovation/agency"),
        ("TIER_SIZE_NOT_OF_CYCLE", "/history/awards/0/tier"),
    ]
    assert checks(None).asked == ()


# --- Other kinds ------------------------------------------------------------------------------

INNOVATION = FIT.innovation
AGENCY = Agency(key=KEY, kind=AgencyKind.CITY, names=(DatedName("Kota Surabaya"),))
MARKED = rulebook(2021).reform(
    {
        "marks.lowest": 0,
        "marks.highest": 10,
        "marks.quantum": "1/2",
        "groups.general.criteria": {"novelty": 1},
        "groups.replication.criteria": {"reach": 1},
        "groups.special.criteria": {"reach": 1},
    },
    name="marks",
)
HUB = HubRow(
    agency=KEY,
    unnamed=0,
    local=True,
    year=2021,
    basis=HubBasis.DECREE,
    basis_date=Date(2021, 1, 1),
    act="",
    evidence=Evidence.MINISTRY,
    source_url="x",
)
CANDIDATE = HubCandidate(
    agency=KEY, leader_commitment=True, potential_fits_need=True, bureaucratic_support=True
)


def sheet(stage: Stage = Stage.EVALUATION, **marks: object) -> ScoreSheet:
    return ScoreSheet(proposal="p", stage=stage, assessor="a", marks=marks)


def fiscal_record(agency: str = KEY, year: int = 2022) -> FiscalRecord:
    return FiscalRecord(agency=AgencyKey(agency), fiscal_year=year)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (INNOVATION, []),
        (attrs.evolve(INNOVATION, agency=UNKNOWN), [("AGENCY_NOT_REGISTERED", "/agency")]),
        (
            attrs.evolve(INNOVATION, agency=LATER),
            [("AGENCY_NOT_YET_FOUNDED", "/agency")],
        ),
        (
            attrs.evolve(INNOVATION, replica_of=sources(winner(2018, 46))),
            [("TIER_SIZE_NOT_OF_CYCLE", "/replica_of/0/tiers/0")],
        ),
        (AGENCY, []),
        (attrs.evolve(AGENCY, kind=AgencyKind.REGENCY), [("AGENCY_OF_OTHER_KIND", "/kind")]),
        (attrs.evolve(AGENCY, key=UNKNOWN), [("AGENCY_NOT_REGISTERED", "/key")]),
        (attrs.evolve(AGENCY, key=AgencyKey("user:bumd-x")), []),
        (history(winner(2018, 40)), []),
        (
            history(winner(2025), agency=GONE),
            [("AGENCY_NO_LONGER_EXISTS", "/awards/0/agency")],
        ),
        # Of 2026 no source says which groups there are: that is about this award alone.
        (history(winner(2026)), [("VALUE_NOT_FOUND", "/awards/0/tier")]),
        (fiscal_record(), []),
        (fiscal_record("kota-x"), [("AGENCY_NOT_REGISTERED", "/agency")]),
        (fiscal_record("kemenkeu"), [("NOT_LOCAL_GOVERNMENT", "/agency")]),
        (fiscal_record(year=1999), [("FISCAL_YEAR_NOT_KNOWN", "/fiscal_year")]),
        (HUB, []),
        (attrs.evolve(HUB, local=False), [("HUB_OF_OTHER_LEVEL", "/local")]),
        (attrs.evolve(HUB, agency=UNKNOWN), [("AGENCY_NOT_REGISTERED", "/agency")]),
        (attrs.evolve(HUB, agency=None, unnamed=3), []),
        (CANDIDATE, []),
        (
            attrs.evolve(CANDIDATE, agency=UNKNOWN, leader_commitment=False),
            [("AGENCY_NOT_REGISTERED", "/agency"), ("NO_LEADER_COMMITMENT", "/leader_commitment")],
        ),
        (
            attrs.evolve(CANDIDATE, potential_fits_need=None),
            [("FACT_NOT_RECORDED", "/potential_fits_need")],
        ),
    ],
)
def test_each_fault_of_another_record_stands_at_its_field(
    record: object, expected: list[tuple[str, str]]
) -> None:
    assert found(record) == expected
    # Nor is it forgotten when the next record says the same.
    asked = checks()
    assert asked(record) == asked(record)


MARKS: tuple[tuple[ScoreSheet, list[tuple[str, str]]], ...] = (
    (sheet(novelty=10, reach=7), []),
    (sheet(novelty=11), [("MARK_OFF_SCALE", "/marks/novelty")]),
    (sheet(beauty=5), [("CRITERION_NOT_OF_CYCLE", "/marks/beauty")]),
    (
        sheet(beauty=-1),
        [("CRITERION_NOT_OF_CYCLE", "/marks/beauty"), ("MARK_OFF_SCALE", "/marks/beauty")],
    ),
    (sheet(Stage.PANEL, **{OVERALL: 10}), []),
    (sheet(Stage.PANEL, novelty=1), [("CRITERION_NOT_OF_CYCLE", "/marks/novelty")]),
    (sheet(Stage.SCREENING, novelty=1), [("STAGE_WITHOUT_MARKS", "/stage")]),
)


@pytest.mark.parametrize(("marked", "expected"), MARKS)
def test_marks_are_those_of_the_cycle(marked: ScoreSheet, expected: list[tuple[str, str]]) -> None:
    assert found(marked, MARKED) == expected


@pytest.mark.parametrize("first", [marked for marked, _ in MARKS])
def test_no_mark_is_taken_for_another_one(first: ScoreSheet) -> None:
    asked = checks(MARKED)
    asked(first)

    for marked, expected in MARKS:
        assert [(fault.code, fault.pointer) for fault in asked(marked)] == expected


def test_a_scale_that_nobody_published_is_said_once() -> None:
    asked = checks(2021)

    assert asked(sheet(novelty=3, reach=1_000)) == ()
    missing = {str(dict(fault.values)["path"]) for fault in asked.cycle_faults()}
    assert missing == {"marks.quantum", *(f"groups.{group.key}.criteria" for group in Group)}


def test_a_criterion_counts_where_one_group_has_it_and_of_the_others_nobody_knows() -> None:
    book = rulebook(2021).reform({"groups.general.criteria": {"novelty": 1}}, name="one")
    asked = checks(book)
    asked(sheet(novelty=3))

    assert [dict(fault.values)["path"] for fault in asked.cycle_faults()] == ["marks.quantum"]


def test_the_published_record_names_four_bodies_that_the_register_does_not_hold() -> None:
    """Enterprises of a region and a university; see the conformance tests of the register."""
    asked = checks()
    rows = [(row, asked(row)) for row in awards()]

    assert {row.agency_name for row, faults in rows if faults} == {
        "Bank DKI",
        "PAM Jaya",
        "Universitas Indonesia",
        "PT Jamkrida Bali Mandara (Perseroda)",
    }
    assert {fault.code for _, faults in rows for fault in faults} == {"AGENCY_UNKNOWN"}


def test_an_award_of_another_year_than_its_tier() -> None:
    row = attrs.evolve(awards()[0], year=2015)

    assert found(row) == [("TIER_OF_OTHER_YEAR", "/tier/year")]


def test_the_register_and_its_hubs_are_fit() -> None:
    asked = checks()

    assert [asked(each) for each in (*hubs(), *registry())] == [()] * (
        len(hubs()) + len(registry())
    )


def test_agencies_of_a_user_are_registered_as_well() -> None:
    row = UserAgency(
        key="user:pam",
        name="PAM Contoh",
        kind=AgencyKind.BUMD,
        owner="prov-jawa-timur",
        valid_from=Date(2000, 1, 1),
    )
    asked = RuleChecks(rulebook(2021), registry().extended((row,)))

    assert asked(with_facts({"innovation.agency": "user:pam"})) == ()


# --- Misuse -----------------------------------------------------------------------------------


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(InvalidType, match="record: expected one of Proposal, Submission"):
        checks()(3)


def test_a_rulebook_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidType, match="the rulebook of a cycle"):
        RuleChecks(duty_book(), registry())
