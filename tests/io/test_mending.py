"""What is judged of a record beside its faults, and what is not said because of them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kipp
from kipp.domain.fault import Fault, Origin
from kipp.domain.proposal import Proposal
from kipp.io.checking import checked
from kipp.io.mending import mended
from kipp.io.raw import Raw
from kipp.io.submission import Submission
from tests.io.broken import broken
from tests.io.test_injection import clean

YEAR = 2021
YOUNG = "2021-03-01"
"""A first day on which an innovation is too young for 2021."""


def found(record: Any, kind: str = "proposal") -> list[tuple[str, str]]:
    """Code and pointer of the faults of a record; what is said of the cycle stands nowhere."""
    faults = kipp.validate([record], YEAR, kind, cross=False)
    return [(fault.code, fault.pointer) for fault in faults if fault.origin.row]


def proposal(**inside: Any) -> dict[str, Any]:
    record = clean(1)
    record["innovation"] |= inside
    return record


class TestNothingIsMasked:
    """A faulty field hides nothing that a rule has against another one."""

    @pytest.mark.parametrize(
        ("changed", "code", "pointer"),
        [
            ({"id": 7}, "NOT_A_TEXT", "/id"),
            ({"id": None}, "VALUE_IS_NULL", "/id"),
            ({"cycle": "x"}, "NOT_A_WHOLE_NUMBER", "/cycle"),
            ({"video_minutes": -1}, "OUT_OF_RANGE", "/video_minutes"),
            ({"entah": 1}, "FIELD_UNKNOWN", "/entah"),
            ({"words": [["summary", "x"]]}, "NOT_A_WHOLE_NUMBER", "/words/0/1"),
        ],
    )
    def test_a_fault_of_shape_beside_one_of_a_rule(
        self, changed: dict[str, Any], code: str, pointer: str
    ) -> None:
        record = proposal(started=YOUNG) | changed

        assert found(record) == [(code, pointer), ("TOO_YOUNG", "/innovation/started")]

    def test_inside_the_innovation_too(self) -> None:
        record = proposal(started=YOUNG, title=7, sdgs=[3, 18])

        assert found(record) == [
            ("NOT_A_TEXT", "/innovation/title"),
            ("OUT_OF_RANGE", "/innovation/sdgs/1"),
            ("TOO_YOUNG", "/innovation/started"),
        ]

    def test_of_a_submission_however_it_is_written(self) -> None:
        record = proposal(started=YOUNG) | {"video_minutes": -1}

        assert found(record, "submission")[:2] == [
            ("OUT_OF_RANGE", "/video_minutes"),
            ("TOO_YOUNG", "/innovation/started"),
        ]
        assert found({"proposal": record}, "submission")[:2] == [
            ("OUT_OF_RANGE", "/proposal/video_minutes"),
            ("TOO_YOUNG", "/proposal/innovation/started"),
        ]


class TestNothingIsSaidTwice:
    """What a rule would say of the faulty field itself is not said."""

    @pytest.mark.parametrize("name", ["category", "submitted_at", "documents", "words"])
    def test_a_faulty_field_is_not_called_unrecorded(self, name: str) -> None:
        pointers = {pointer for _, pointer in found(clean(1) | {name: 7})}

        assert pointers == {f"/{name}"}

    def test_nor_is_the_field_that_was_meant(self) -> None:
        record = clean(1)
        record["categori"] = record.pop("category")

        assert found(record) == [("FIELD_UNKNOWN", "/categori")]

    def test_an_agency_that_is_no_text_is_not_called_unregistered(self) -> None:
        assert found(proposal(agency=7)) == [("NOT_A_TEXT", "/innovation/agency")]


def test_where_what_must_be_there_has_no_stand_in_nothing_else_is_judged() -> None:
    record = clean(1) | {"innovation": 7}

    assert found(record) == [("NOT_AN_OBJECT", "/innovation")]


def raw(data: Any) -> Raw:
    origin = Origin(row=1)
    return Raw(data=data, origin=origin, place=lambda _: origin)


@given(broken(Proposal))
def test_what_is_left_is_a_value_of_which_no_part_was_faulty(data: Any) -> None:
    shape = checked(raw(data), Proposal)
    if shape.value is not None:
        return
    left = mended(shape.rest, shape.faults, Proposal, YEAR)
    if left is None:
        return

    assert isinstance(left, Proposal)
    plain = json.loads(kipp.to_json(left))
    for name, value in plain.items():
        if name != "innovation" and not any(f.pointer.startswith(f"/{name}") for f in shape.faults):
            assert value == data[name]


@given(st.booleans(), st.sampled_from(["umum", "umun"]))
def test_submissions_that_are_read_fast_are_judged_like_every_other(bare: bool, group: str) -> None:
    """The extra fast makes values of lines at once; with blanks in them it does not."""
    record = proposal(started=YOUNG) | {"group": group}
    data = record if bare else {"proposal": record}

    def told(text: str) -> list[tuple[str, str]]:
        stream = io.BytesIO(text.encode())
        report = kipp.validate(stream, YEAR, "submission", file="e.ndjson", format="ndjson")
        return [(fault.code, fault.pointer) for fault in report]

    fast, slow = json.dumps(data, separators=(",", ":")), json.dumps(data, separators=(", ", " : "))
    assert told(fast) == told(slow)
    codes = {code for code, _ in told(fast)}
    assert ("NOT_A_WORD" if group == "umun" else "TOO_YOUNG") in codes


def test_a_submission_of_which_something_is_left_is_one() -> None:
    data = clean(1) | {"video_minutes": -1}
    for each in (data, {"proposal": data}):
        shape = checked(raw(each), Submission)

        assert isinstance(mended(shape.rest, shape.faults, Submission, YEAR), Submission)


def test_without_faults_and_without_record_nothing_is_left() -> None:
    faults: list[Fault] = []

    assert mended(None, faults, Proposal, YEAR) is None
    assert mended(7, faults, Proposal, YEAR) is None
