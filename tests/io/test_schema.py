"""JSON Schemas take what the reader takes, as far as a schema can say it."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kipp.domain.agency import AgencyKey
from kipp.domain.assessment import Assessor, Criterion
from kipp.domain.citation import Term
from kipp.domain.cycle import Group, Stage
from kipp.domain.dates import Date, DateTime, Period
from kipp.domain.errors import InvalidType, UnknownName
from kipp.domain.proposal import Proposal
from kipp.domain.registry import UserAgency
from kipp.domain.selection import Exit, TieDecision
from kipp.io.schema import DIALECT, schema
from kipp.io.shape import read
from kipp.io.typed import kind_for, vocabulary
from kipp.rules.decision import Decision, Judgement, Reason
from kipp.rules.rulebook import Rulebook
from kipp.rules.selection import Selection
from tests.io.broken import broken, plain
from tests.io.records import RECORDS

UNSAID = {
    "AUDIT_NOT_BEFORE_FISCAL_YEAR",
    "AWARD_OF_ANOTHER_INNOVATION",
    "END_NOT_AFTER_BEGINNING",
    "ITEM_REPEATED",
    "LAST_BEFORE_FIRST",
    "TOO_MANY_DIGITS",
}
"""What no schema says: the list of the documentation."""


def validator(kind: Any) -> Draft202012Validator:
    found = schema(kind)
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


VALIDATORS = {kind: validator(kind) for kind in RECORDS}


def takes(kind: Any, data: Any) -> bool:
    return bool((VALIDATORS.get(kind) or validator(kind)).is_valid(data))


def said(kind: Any, data: Any) -> bool:
    """Whether what the reader finds wrong with *data* is something that a schema says."""
    reading = read(data, kind)
    return not reading.is_sound and not all(
        each.code in UNSAID or (type(each.value) is float and each.value.is_integer())
        for each in reading.found
    )


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_what_is_written_is_taken(kind: Any, data: st.DataObject) -> None:
    assert takes(kind, plain(data.draw(RECORDS[kind])))


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_it_takes_what_the_reader_takes(kind: Any, data: st.DataObject) -> None:
    record = data.draw(broken(kind))

    if read(record, kind).is_sound:
        assert takes(kind, record)
    elif said(kind, record):
        assert not takes(kind, record)


# Texts of a certain form, against the reader and against the calendar


DAYS = st.dates().map(str)
ODD_DAYS = st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\n?\Z")
CLOCKS = st.from_regex(r"\AT[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{0,7})?\Z")
ZONES = st.from_regex(r"\A(Z|[+-][0-2][0-9]:[0-6][0-9])\n?\Z")


@given(DAYS | ODD_DAYS | st.text())
@example("0000-01-01")
@example("1900-02-29")
@example("2000-02-29")
@example("2021-04-31")
@example("2021-01-01\n")
def test_a_day_is_one_of_the_calendar(text: str) -> None:
    assert takes(Date, text) == is_day(text) == read(text, Date).is_sound


def test_every_day_of_some_years() -> None:
    check = validator(Date)
    for year in (1, 4, 100, 400, 1900, 2000, 2023, 2024, 9999):
        for month in range(14):
            for day in range(33):
                text = f"{year:04}-{month:02}-{day:02}"
                assert check.is_valid(text) == is_day(text)


def is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@given(st.builds("".join, st.tuples(DAYS | ODD_DAYS, CLOCKS, ZONES)))
@example("2021-05-01T23:59:59Z")
@example("2021-05-01T24:00:00Z")
@example("2021-05-01T00:00:00-00:00")
@example("2021-05-01T00:00:00-00:01")
@example("2021-05-01T00:00:00+00:00")
@example("2021-05-01T00:00:00+07:60")
@example("2021-05-01T00:00:00.Z")
@example("0001-01-01T00:00:00+14:00")
@example("0002-01-01T00:00:00+14:00")
@example("9999-01-01T00:00:00+14:00")
@example("9998-12-31T23:59:59-23:59")
def test_a_moment_has_its_offset(text: str) -> None:
    proposal = {"id": "p", "innovation": {"id": "i", "title": "t", "agency": "a"}, "cycle": 2021}

    assert takes(DateTime, text) == read(text, DateTime).is_sound
    record = {**proposal, "submitted_at": text}
    assert takes(Proposal, record) == read(record, Proposal).is_sound


@given(st.text(st.characters() | st.sampled_from("\t\x1c\x85\xa0\u2000\u3000\u200b\ufeff\ud800")))
def test_a_name_is_not_blank(text: str) -> None:
    innovation = {"id": "i", "title": text, "agency": "a"}
    kind = next(kind for kind in RECORDS if kind.__name__ == "Innovation")

    assert takes(kind, innovation) == read(innovation, kind).is_sound
    assert takes(str, text) == read(text, str).is_sound


def test_every_blank_is_known() -> None:
    check = VALIDATORS[next(kind for kind in RECORDS if kind.__name__ == "HubCandidate")]
    for number in range(0x3100):
        each = chr(number)
        assert check.is_valid({"agency": each}) == bool(each.strip()), hex(number)


NUMBERS = st.from_regex(r"\A-?[0-9]{1,3}(/-?[0-9]{1,3})?\n?\Z")


@given(NUMBERS | st.fractions().map(str) | st.text(max_size=3))
@example("-0")
@example("0/1")
@example("01")
@example("1/0")
def test_an_exact_number(text: str) -> None:
    for kind, record in (
        (Fraction, text),
        (Criterion, {"key": "k", "weight": text}),
        (Assessor, {"key": "k", "weight": text}),
    ):
        assert takes(kind, record) == read(record, kind).is_sound


@given(st.from_regex(r"\AP?([0-9]{0,2}[YMDW]){0,3}\n?\Z"))
def test_a_period(text: str) -> None:
    assert takes(Period, text) == read(text, Period).is_sound


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            Exit,
            {"proposal": "p", "stage": "finalis", "standing": "didiskualifikasi"},
            {"proposal": "p", "stage": "finalis", "standing": "terpilih"},
        ),
        (
            TieDecision,
            {
                "stage": "finalis",
                "group": "umum",
                "minutes": "1",
                "day": "2021-01-01",
                "people": ["x"],
                "chosen": ["p", "q"],
            },
            {
                "stage": "finalis",
                "group": "umum",
                "minutes": "1",
                "day": "2021-01-01",
                "people": [],
                "chosen": ["p", "p"],
            },
        ),
        (
            UserAgency,
            {
                "key": "user:x",
                "name": "n",
                "kind": "bumn",
                "owner": "ri",
                "valid_from": "2021-01-01",
            },
            {
                "key": "user: ",
                "name": "n",
                "kind": "bumn",
                "owner": "ri",
                "valid_from": "2021-01-01",
            },
        ),
        (
            Reason,
            {"outcome": None, "code": "C", "values": [["x", {"type": "Date", "value": 1}]]},
            {"outcome": None, "code": "C", "values": [["x", {"type": "Path", "value": 1}]]},
        ),
        (Term, None, {"path": "a", "value": {"type": "Group", "value": "umum"}}),
        (tuple[Proposal, ...], [], {}),
        (Group, "umum", "Umum"),
    ],
)
def test_other_types(kind: Any, good: Any, bad: Any) -> None:
    if good is not None:
        assert takes(kind, good)
    assert not takes(kind, bad)
    assert not read(bad, kind).is_sound


@pytest.mark.parametrize("kind", [Decision, Judgement, Rulebook, Selection, Stage, AgencyKey])
def test_answers_have_schemas_too(kind: Any) -> None:
    Draft202012Validator.check_schema(schema(kind))


def test_every_type_that_is_read_has_one() -> None:
    made = 0
    for cls in vocabulary().values():
        try:
            kind_for(cls)
        except InvalidType:
            continue
        made += 1
        Draft202012Validator.check_schema(schema(cls))
    assert made > 50


# What people read


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_everything_has_a_title_and_a_description(kind: Any, lang: str) -> None:
    found = schema(kind, lang=lang)

    assert found["$schema"] == DIALECT
    for name, part in found["$defs"].items():
        assert part["title"] == part["x-title"][lang]
        assert part["description"] == part["x-description"][lang]
        assert part["x-description"]["id"] != part["x-description"]["en"], name
        for key, field in fields(part):
            assert field["title"] == field["x-title"][lang]
            assert field["x-title"]["id"] != key, f"{name}.{key}"
            assert field["description"] == field["x-description"][lang]


def fields(part: Any) -> list[tuple[str, Any]]:
    whole = next((each for each in part.get("oneOf", ()) if "properties" in each), part)
    return list(whole.get("properties", {}).items())


def test_the_documented_part() -> None:
    year = schema(Proposal, lang="en")["$defs"]["Tier"]["properties"]["size"]

    assert year["title"] == "Number in the name"
    assert year["anyOf"] == [
        {"type": "integer", "minimum": 1, "maximum": 2**53 - 1},
        {"type": "null"},
    ]


def test_it_is_plain_data() -> None:
    assert json.loads(json.dumps(schema(Proposal))) == schema(Proposal)


def test_another_language() -> None:
    with pytest.raises(UnknownName):
        schema(Proposal, lang="jv")
