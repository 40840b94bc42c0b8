"""The reader of records: what it takes, and everything that is wrong with what it refuses."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.agency import Agency, Span
from kipp.domain.assessment import Assessor, ScoreSheet
from kipp.domain.award import AwardHistory, Tier
from kipp.domain.checks import KIND, Kind
from kipp.domain.dates import DateRange, Period
from kipp.domain.errors import Faults
from kipp.domain.fault import Fault, Operation, Origin, Severity
from kipp.domain.incentive import FiscalRecord
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.domain.registry import UserAgency
from kipp.domain.selection import Exit, TieDecision
from kipp.io import Submission, from_json
from kipp.io.checking import Checked, checked
from kipp.io.document import parse
from kipp.io.raw import Raw
from kipp.io.typed import kind_for, vocabulary
from kipp.messages.catalogue import text
from kipp.messages.report import cure_text, told
from kipp.messages.sentences import needed
from tests.io.broken import broken, plain
from tests.io.naive import made, takes
from tests.io.records import RECORDS

INNOVATION: dict[str, Any] = {"id": "i", "title": "t", "agency": "a"}
PROPOSAL: dict[str, Any] = {"id": "p", "innovation": INNOVATION, "cycle": 2021}
TIER: dict[str, Any] = {"year": 2019, "level": "terpuji"}
FISCAL: dict[str, Any] = {"agency": "a", "fiscal_year": 2020}
SHEET: dict[str, Any] = {"proposal": "p", "stage": "finalis", "assessor": "a", "marks": {"x": 80}}


def raw(data: Any, faults: tuple[Fault, ...] = ()) -> Raw:
    return Raw(data=data, origin=Origin(), place=lambda path: Origin(line=len(path)), faults=faults)


def found(data: Any, kind: Any) -> tuple[Fault, ...]:
    answer = checked(raw(data), kind)
    assert (answer.value is None) == bool(answer.faults)
    return answer.faults


def codes(data: Any, kind: Any) -> list[tuple[str, str]]:
    return [(fault.code, fault.pointer) for fault in found(data, kind)]


def replaced(path: str, value: object) -> tuple[Operation, ...]:
    return (Operation(op="replace", path=path, value=value),)


# What is taken


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_it_takes_what_a_reader_written_a_second_time_takes(kind: Any, data: st.DataObject) -> None:
    """So does reading a text, which raises every fault of the record."""
    record = data.draw(broken(kind))
    answer = checked(raw(record), kind)

    assert (answer.faults == ()) == takes(record, kind)
    if not answer.faults:
        assert answer.value == made(record, kind) == from_json(json.dumps(record), kind)
        return
    with pytest.raises(Faults) as caught:
        from_json(json.dumps(record), kind)
    assert len(caught.value.faults) == len(answer.faults)


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_no_fault_twice_and_each_has_its_sentences(kind: Any, data: st.DataObject) -> None:
    faults = found(data.draw(broken(kind, most=4)), kind)

    assert len({(fault.code, fault.pointer) for fault in faults}) == len(faults)
    for fault in faults:
        assert fault.severity is Severity.BLOCKS
        for lang in ("id", "en"):
            assert_said(fault, lang)


def assert_said(fault: Fault, lang: str) -> None:
    """The sentence of the code is there and has all it needs: field, value, expectation, cure."""
    template = text(f"fault.{fault.code}", lang)
    assert template is not None
    values = dict(fault.values)
    assert needed(template) <= values.keys()
    assert text(f"expects.{str(values['expected']).split('|')[0]}", lang) or fault.code in (
        "NOT_ACCEPTED",
        "WRONG_TYPE",
    )
    assert fault.cure is not None
    cure = text(f"cure.{fault.cure.code}", lang)
    assert cure is not None
    assert needed(cure) <= values.keys()
    assert told(fault, lang) != fault.code != cure_text(fault, lang)


# What is found, code by code


@pytest.mark.parametrize(
    ("part", "code", "pointer"),
    [
        ({"id": 7}, "NOT_A_TEXT", "/id"),
        ({"id": None}, "VALUE_IS_NULL", "/id"),
        ({"id": " "}, "BLANK", "/id"),
        ({"id": ""}, "BLANK", "/id"),
        ({"id": "\ud800"}, "HALF_SURROGATE", "/id"),
        ({"category": ["x"]}, "NOT_A_TEXT", "/category"),
        ({"cycle": "x"}, "NOT_A_WHOLE_NUMBER", "/cycle"),
        ({"cycle": True}, "NOT_A_WHOLE_NUMBER", "/cycle"),
        ({"cycle": float("inf")}, "NOT_A_WHOLE_NUMBER", "/cycle"),
        ({"cycle": 0}, "OUT_OF_RANGE", "/cycle"),
        ({"cycle": 2**53}, "NUMBER_TOO_LARGE", "/cycle"),
        ({"video_minutes": -1}, "OUT_OF_RANGE", "/video_minutes"),
        ({"withdrawn": "ya"}, "NOT_TRUE_OR_FALSE", "/withdrawn"),
        ({"withdrawn": None}, "VALUE_IS_NULL", "/withdrawn"),
        ({"group": 1}, "NOT_A_WORD", "/group"),
        ({"group": "x"}, "NOT_A_WORD", "/group"),
        ({"submitted_at": "2021"}, "NOT_A_MOMENT", "/submitted_at"),
        ({"submitted_at": "2021-05-01T10:00:00"}, "MOMENT_WITHOUT_OFFSET", "/submitted_at"),
        ({"submitted_at": "2021-05-32T10:00:00Z"}, "NO_SUCH_MOMENT", "/submitted_at"),
        ({"submitted_at": "0001-05-01T10:00:00Z"}, "NO_ZONE_DAY", "/submitted_at"),
        ({"documents": "video"}, "NOT_A_LIST", "/documents"),
        ({"documents": ["video", 1]}, "NOT_A_TEXT", "/documents/1"),
        ({"words": [["a", 1], ["b"]]}, "WRONG_LENGTH", "/words/1"),
        ({"words": [["a", -1]]}, "OUT_OF_RANGE", "/words/0/1"),
        ({"words": [{"a": 1}]}, "NOT_A_LIST", "/words/0"),
        ({"innovation": []}, "NOT_AN_OBJECT", "/innovation"),
        ({"innovation": {"id": "i", "title": "t"}}, "FIELD_MISSING", "/innovation/agency"),
        ({"innovation": INNOVATION | {"started": "1 Mei"}}, "NOT_A_DAY", "/innovation/started"),
        (
            {"innovation": INNOVATION | {"started": "2021-02-29"}},
            "NO_SUCH_DAY",
            "/innovation/started",
        ),
        ({"innovation": INNOVATION | {"sdgs": [17, 18]}}, "OUT_OF_RANGE", "/innovation/sdgs/1"),
        ({"a/b~c": 1}, "FIELD_UNKNOWN", "/a~1b~0c"),
    ],
)
def test_what_is_wrong_with_a_proposal(part: dict[str, Any], code: str, pointer: str) -> None:
    assert codes(PROPOSAL | part, Proposal) == [(code, pointer)]


@pytest.mark.parametrize(
    ("data", "kind", "code", "pointer"),
    [
        (7, Proposal, "NOT_AN_OBJECT", ""),
        (SHEET | {"marks": {"x": "1/0"}}, ScoreSheet, "NOT_AN_EXACT_NUMBER", "/marks/x"),
        (SHEET | {"marks": {"x": 8.5}}, ScoreSheet, "WRONG_TYPE", "/marks/x"),
        (SHEET | {"marks": {"x": 2**53}}, ScoreSheet, "NUMBER_TOO_LARGE", "/marks/x"),
        (SHEET | {"marks": {"x": "9" * 5000}}, ScoreSheet, "TOO_MANY_DIGITS", "/marks/x"),
        (SHEET | {"marks": {" ": 1}}, ScoreSheet, "BLANK", "/marks/ "),
        (SHEET | {"marks": [["x", 1]]}, ScoreSheet, "NOT_AN_OBJECT", "/marks"),
        ({"key": "a", "weight": "0"}, Assessor, "OUT_OF_RANGE", "/weight"),
        ("1 tahun", Period, "NOT_A_PERIOD", ""),
        (1, type(None), "WRONG_TYPE", ""),
        (
            {"first": "2021-02-01", "last": "2021-01-01"},
            DateRange,
            "LAST_BEFORE_FIRST",
            "/last",
        ),
        (
            {"valid_from": "2021-02-01", "valid_to": "2021-02-01"},
            Span,
            "END_NOT_AFTER_BEGINNING",
            "/valid_to",
        ),
        (TIER | {"group": "khusus"}, Tier, "GROUP_NOT_OF_LEVEL", "/group"),
        (FISCAL | {"latest_audit": 2020}, FiscalRecord, "AUDIT_NOT_BEFORE_FISCAL_YEAR", None),
        (
            FISCAL | {"supplied": [["e-planning", True], ["e-planning", True]]},
            FiscalRecord,
            "ITEM_REPEATED",
            "/supplied/1",
        ),
        (
            {"proposal": "p", "stage": "finalis", "standing": "terpilih"},
            Exit,
            "NOT_A_WORD",
            "/standing",
        ),
        (
            {
                "stage": "finalis",
                "group": "umum",
                "minutes": "1",
                "day": "2021-01-01",
                "people": [],
                "chosen": ["p"],
            },
            TieDecision,
            "TOO_FEW_ITEMS",
            "/people",
        ),
        (
            {
                "key": "a",
                "name": "n",
                "kind": "bumn",
                "owner": "ri",
                "valid_from": "2021-01-01",
            },
            UserAgency,
            "NOT_ACCEPTED",
            "/key",
        ),
    ],
)
def test_what_is_wrong_with_others(data: Any, kind: Any, code: str, pointer: str | None) -> None:
    assert codes(data, kind) == [(code, "/latest_audit" if pointer is None else pointer)]
    for fault in found(data, kind):
        assert_said(fault, "id")


@pytest.mark.parametrize(
    ("part", "cure", "patch"),
    [
        ({"group": "Umum"}, "WRITE_VALUE", replaced("/group", "umum")),
        ({"group": " umum\t"}, "WRITE_VALUE", replaced("/group", "umum")),
        ({"group": "umun"}, "CHOOSE_WORD", ()),
        ({"group": "general"}, "WRITE_EXPECTED", ()),
        ({"cycle": "2021"}, "WRITE_VALUE", replaced("/cycle", 2021)),
        ({"cycle": 2021.0}, "WRITE_VALUE", replaced("/cycle", 2021)),
        ({"cycle": 2021.5}, "WRITE_EXPECTED", ()),
        ({"cycle": "02021"}, "WRITE_EXPECTED", ()),
        ({"mou": "True"}, "WRITE_VALUE", replaced("/mou", True)),
        ({"mou": "ya"}, "WRITE_EXPECTED", ()),
        (
            {"Submitted At": "2021"},
            "RENAME_FIELD",
            (
                Operation(op="remove", path="/Submitted At"),
                Operation(op="add", path="/submitted_at", value="2021"),
            ),
        ),
        ({"documnts": []}, "RENAME_FIELD", ()),
        ({"zzz": 1}, "REMOVE_FIELD", ()),
        ({"CYCLE": 2021}, "REMOVE_FIELD", ()),
    ],
)
def test_the_cure_is_certain_or_it_is_a_question(
    part: dict[str, Any], cure: str, patch: tuple[Operation, ...]
) -> None:
    (fault,) = found(PROPOSAL | part, Proposal)

    assert fault.cure is not None
    assert (fault.cure.code, fault.cure.patch) == (cure, patch)


def test_the_values_of_a_sentence() -> None:
    (fault,) = found(PROPOSAL | {"innovation": INNOVATION | {"sdgs": [99]}}, Proposal)

    assert dict(fault.values) == {
        "name": "sdgs",
        "value": 99,
        "expected": "goal",
        "least": 1,
        "most": 17,
    }
    assert fault.origin == Origin(line=3)
    assert told(fault, "en") == (
        "“sdgs” holds 99, which is out of range; what is expected is a goal from 1 to 17"
    )


# No fault hides another


def test_everything_at_once() -> None:
    record = {
        "id": 1,
        "innovation": {
            "title": " ",
            "agency": "a",
            "started": "2020-13-01",
            "sdgs": [1, "2", 99],
            "replica_of": [{"title": "x", "tiers": [TIER | {"group": "khusus", "size": 0}]}],
        },
        "group": "Umum",
        "words": [["a"], ["b", 1], [7, -1]],
        "more": None,
    }

    assert codes(record, Proposal) == [
        ("NOT_A_TEXT", "/id"),
        ("BLANK", "/innovation/title"),
        ("NO_SUCH_DAY", "/innovation/started"),
        ("NOT_A_WHOLE_NUMBER", "/innovation/sdgs/1"),
        ("OUT_OF_RANGE", "/innovation/sdgs/2"),
        ("OUT_OF_RANGE", "/innovation/replica_of/0/tiers/0/size"),
        ("GROUP_NOT_OF_LEVEL", "/innovation/replica_of/0/tiers/0/group"),
        ("FIELD_MISSING", "/innovation/id"),
        ("NOT_A_WORD", "/group"),
        ("WRONG_LENGTH", "/words/0"),
        ("NOT_A_TEXT", "/words/2/0"),
        ("OUT_OF_RANGE", "/words/2/1"),
        ("FIELD_UNKNOWN", "/more"),
        ("FIELD_MISSING", "/cycle"),
    ]


def test_what_fields_agree_on_is_asked_as_far_as_they_are_sound() -> None:
    award = {"innovation": "i", "agency": "a", "tier": TIER}
    history = {
        "innovation": "i",
        "awards": [
            award,
            award | {"innovation": "j"},
            award | {"innovation": "k", "agency": 7},
            award | {"innovation": 7},
            "x",
        ],
    }

    assert codes(history, AwardHistory) == [
        ("NOT_A_TEXT", "/awards/2/agency"),
        ("NOT_A_TEXT", "/awards/3/innovation"),
        ("NOT_AN_OBJECT", "/awards/4"),
        ("AWARD_OF_ANOTHER_INNOVATION", "/awards/1/innovation"),
        ("AWARD_OF_ANOTHER_INNOVATION", "/awards/2/innovation"),
    ]
    assert codes(history | {"innovation": None}, AwardHistory)[:1] == [
        ("VALUE_IS_NULL", "/innovation")
    ]
    assert not any("AWARD" in code for code, _ in codes(history | {"innovation": 1}, AwardHistory))


def test_two_disagreements_of_one_record() -> None:
    record = FISCAL | {
        "latest_audit": 2021,
        "opinions": [[2019, "tidak wajar"], [2018, 7], [2019, "tidak wajar"], [2018, "x"], 7],
    }

    assert codes(record, FiscalRecord) == [
        ("NOT_A_WORD", "/opinions/1/1"),
        ("NOT_A_WORD", "/opinions/3/1"),
        ("NOT_A_LIST", "/opinions/4"),
        ("ITEM_REPEATED", "/opinions/2"),
        ("ITEM_REPEATED", "/opinions/3"),
        ("AUDIT_NOT_BEFORE_FISCAL_YEAR", "/latest_audit"),
    ]


def test_a_tier_without_an_organiser_is_one_of_kipp() -> None:
    assert codes(TIER | {"group": "khusus", "year": 0}, Tier) == [
        ("OUT_OF_RANGE", "/year"),
        ("GROUP_NOT_OF_LEVEL", "/group"),
    ]
    assert codes(TIER | {"group": "khusus", "organiser": "KOVABLIK"}, Tier) == []


def test_a_proposal_alone_is_told_as_a_proposal() -> None:
    assert codes(PROPOSAL | {"cycle": 0}, Submission) == [("OUT_OF_RANGE", "/cycle")]
    assert codes({"proposal": PROPOSAL | {"cycle": 0}}, Submission) == [
        ("OUT_OF_RANGE", "/proposal/cycle")
    ]


@given(data=st.data())
def test_a_fault_is_found_once_beside_any_other(data: st.DataObject) -> None:
    """A key that nobody knows, put into an object that is broken elsewhere, is found there."""
    kind = data.draw(st.sampled_from([*RECORDS]))
    record = data.draw(broken(kind))
    if not isinstance(record, dict):
        return
    before = codes(record, kind)

    after = codes({**record, "§": 1}, kind)

    assert [each for each in after if each != ("FIELD_UNKNOWN", "/§")] == before
    assert after.count(("FIELD_UNKNOWN", "/§")) == 1


# What reading the file found already


def fault_at(pointer: str, severity: Severity = Severity.BLOCKS) -> Fault:
    return Fault(code="CELL_UNREADABLE", severity=severity, pointer=pointer)


@pytest.mark.parametrize(
    "pointer",
    ["/cycle", "/innovation/agency", "/innovation", "/documents/1", "/documents", "", "/x~1y"],
)
def test_a_part_with_a_fault_is_not_looked_at_again(pointer: str) -> None:
    record = PROPOSAL | {"cycle": 0, "documents": ["a", 1], "x/y": 1, "innovation": {"id": 1}}
    own = fault_at(pointer)
    others = [fault for fault in found(record, Proposal) if not within(fault.pointer, pointer)]

    answer = checked(raw(record, (own,)), Proposal)

    assert answer.value is None
    assert answer.faults == (own, *others)


def within(pointer: str, around: str) -> bool:
    return pointer == around or pointer.startswith(f"{around}/")


def test_a_field_whose_cell_could_not_be_read_is_not_missing() -> None:
    record = {"id": "p", "innovation": INNOVATION}

    assert codes(record, Proposal) == [("FIELD_MISSING", "/cycle")]
    assert checked(raw(record, (fault_at("/cycle"),)), Proposal).faults == (fault_at("/cycle"),)


def test_a_note_leaves_a_value() -> None:
    note = fault_at("/cycle", Severity.NOTE)

    answer = checked(raw(PROPOSAL, (note,)), Proposal)

    assert answer.value == from_json(json.dumps(PROPOSAL), Proposal)
    assert answer.faults == (note,)


def test_keys_that_stand_twice_are_told_with_the_rest() -> None:
    document = parse('{"id": "a", "id": "b", "innovation": {"id": 1, "id": 2}, "cycle": 0}')

    assert codes(document, Proposal) == [
        ("KEY_TWICE", "/id"),
        ("KEY_TWICE", "/innovation/id"),
        ("FIELD_MISSING", "/innovation/title"),
        ("FIELD_MISSING", "/innovation/agency"),
        ("OUT_OF_RANGE", "/cycle"),
    ]


def test_long_numbers_and_numbers_that_are_none_are_shown_as_written() -> None:
    digits = "9" * 5000
    document = parse(f'{{"id": NaN, "cycle": {digits}, "mou": -Infinity, "careless": Infinity}}')

    shown = {fault.pointer: dict(fault.values)["value"] for fault in found(document, Proposal)}

    assert shown == {
        "/id": "NaN",
        "/cycle": digits,
        "/mou": "-Infinity",
        "/careless": "Infinity",
        "/innovation": None,
    }


# Kinds and annotations say the same


def outline(kind: Kind) -> Any:
    return kind.form, [outline(part) for part in kind.parts], kind.classes


WRITTEN_OTHERWISE = {"ScoreSheet.marks", "Disputed.alternatives", "Term.value"}
"""A map of marks by criterion; values of several states, whose type is written beside them."""


def test_the_kind_of_a_field_is_that_of_its_annotation() -> None:
    compared = 0
    for cls in filter(attrs.has, vocabulary().values()):
        attrs.resolve_types(cls)
        for field in attrs.fields(cls):
            kind = field.metadata.get(KIND)
            if kind is None or f"{cls.__name__}.{field.name}" in WRITTEN_OTHERWISE:
                continue
            compared += 1
            assert outline(kind) == outline(kind_for(field.type)), f"{cls.__name__}.{field.name}"
    assert compared > 100


@given(st.data())
def test_a_whole_record_has_no_fault(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([*RECORDS]))
    value = data.draw(RECORDS[kind])

    answer: Checked[Any] = checked(raw(plain(value)), kind)

    assert answer.value == value
    assert answer.faults == ()


def test_an_agency_whose_name_is_wrong_still_has_its_spans_read() -> None:
    span = {"valid_from": "2021-01-01", "valid_to": "2020-01-01"}
    record = {"key": "a", "kind": None, "names": [{"text": " ", "span": span}], "span": span}

    assert codes(record, Agency) == [
        ("BLANK", "/names/0/text"),
        ("END_NOT_AFTER_BEGINNING", "/names/0/span/valid_to"),
        ("END_NOT_AFTER_BEGINNING", "/span/valid_to"),
    ]


def test_an_innovation_reads_alone() -> None:
    assert codes(INNOVATION, Innovation) == []
