"""Every fault at once, each with its line, its place and the value."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kipp.domain.assessment import ScoreSheet
from kipp.domain.award import AwardHistory
from kipp.domain.citation import Term
from kipp.domain.dates import DateRange, DateTime
from kipp.domain.errors import Faults, InvalidType, KippError
from kipp.domain.incentive import FiscalRecord
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.io import from_json, read_ndjson, read_submissions, to_json
from kipp.io.document import DEPTH, lines, parse, pointer
from kipp.rulebooks import rulebook
from kipp.rules.decision import Decision, Outcome, Reason, RuleId
from kipp.rules.rulebook import Rulebook


def faults(text: str, kind: Any = Innovation) -> list[str]:
    with pytest.raises(Faults) as caught:
        from_json(text, kind)
    return str(caught.value).splitlines()


def innovation(**facts: Any) -> str:
    return json.dumps({"id": "i", "title": "t", "agency": "a", **facts})


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", 7, "title: expected a text, got 7 @ line 1, $.title"),
        ("title", None, "title: expected a text, got None @ line 1, $.title"),
        ("sdgs", ["7"], "sdgs: expected a whole number, got '7' @ line 1, $.sdgs[0]; write 7"),
        ("sdgs", [7.0], "sdgs: expected a whole number, got 7.0 @ line 1, $.sdgs[0]; write 7"),
        ("sdgs", [True], "sdgs: expected a whole number, got True @ line 1, $.sdgs[0]"),
        ("sdgs", "17", "sdgs: expected a list, got '17' @ line 1, $.sdgs"),
        (
            "sdgs",
            [2**53],
            (
                "sdgs: expected a whole number up to 9007199254740991, got 9007199254740992"
                " @ line 1, $.sdgs[0]"
            ),
        ),
        ("running", 1, "running: expected true or false, got 1 @ line 1, $.running"),
        ("running", "ya", "running: expected true or false, got 'ya' @ line 1, $.running"),
        (
            "origin",
            "asli",
            "origin: expected one of orisinal, replikasi, got 'asli' @ line 1, $.origin",
        ),
        ("origin", 1, "origin: expected one of orisinal, replikasi, got 1 @ line 1, $.origin"),
        (
            "instruments",
            [{"kind": "perda"}],
            (
                "kind: expected one of keputusan kepala perangkat daerah, "
                "keputusan kepala daerah atau menteri, peraturan kepala daerah atau menteri, "
                "peraturan daerah atau peraturan pemerintah, got 'perda' "
                "@ line 1, $.instruments[0].kind"
            ),
        ),
        ("replica_of", [7], "replica_of: expected an object, got 7 @ line 1, $.replica_of[0]"),
    ],
)
def test_nothing_is_coerced(field: str, value: object, message: str) -> None:
    assert faults(innovation(**{field: value})) == [message]


@pytest.mark.parametrize(
    "text",
    ["2020", "2020-1-1", "2020-W22", "now", "01/02/2020", "2020-01-01T00:00:00", " 2020-01-01"],
)
def test_only_one_form_is_a_date(text: str) -> None:
    (message,) = faults(innovation(started=text))

    assert message == (
        f"started: expected a date written YYYY-MM-DD, got {text!r} @ line 1, $.started"
    )


def test_a_date_must_be_on_the_calendar() -> None:
    (message,) = faults(innovation(started="2021-02-29"))

    assert message.startswith("started: expected a day of the calendar, got '2021-02-29'")


@pytest.mark.parametrize(
    "text",
    [
        "2021-05-01T10:00:00",
        "2021-05-01 10:00:00+07:00",
        "2021-05-01T10:00+07:00",
        "2021-05-01T10:00:00-00:00",
        "2021-05-01T10:00:00+0700",
        "2021-05-01T10:00:60Z",
        "2021-13-01T10:00:00Z",
        "now",
        7,
    ],
)
def test_a_moment_has_its_offset(text: object) -> None:
    with pytest.raises(Faults, match="expected a moment"):
        from_json(json.dumps(text), DateTime)


@pytest.mark.parametrize("text", ["0.5", "1/0", "01/2", "1/2 ", "+1", "1/-2", "", "1e3", "½"])
def test_a_fraction_is_p_over_q(text: str) -> None:
    sheet = {"proposal": "p", "stage": "nominasi", "assessor": "a", "marks": {"x": text}}

    assert faults(json.dumps(sheet), ScoreSheet) == [
        (f'x: expected an exact number written "p/q" or "p", got {text!r} @ line 1, $.marks.x')
    ]


@pytest.mark.parametrize("text", ["1" * 5_000, f"1/{'3' * 5_000}"])
def test_a_fraction_of_more_digits_than_anybody_reads(text: str) -> None:
    sheet = {"proposal": "p", "stage": "nominasi", "assessor": "a", "marks": {"x": text}}

    (said,) = faults(json.dumps(sheet), ScoreSheet)
    assert said.startswith("x: expected an exact number of fewer digits")


def test_a_mark_is_no_float() -> None:
    sheet = {"proposal": "p", "stage": "nominasi", "assessor": "a", "marks": {"x": 80.5}}

    assert faults(json.dumps(sheet), ScoreSheet) == [
        (
            'x: expected a whole number or an exact number written "p/q" or "p", got 80.5'
            " @ line 1, $.marks.x"
        )
    ]


def test_every_fault_at_once_in_the_order_of_the_text() -> None:
    text = """{
  "id": 1,
  "innovation": {
    "title": "t",
    "agency": "kota-ambon",
    "started": "2020-13-01",
    "sdg": [1],
    "sdgs": [1, "2",
      3.5]
  },
  "cycle": "2021",
  "group": "umun",
  "words": [["summary"], ["summary", 200, 1]]
}"""

    places = [line.partition(" @ ")[2].partition(";")[0] for line in faults(text, Proposal)]

    assert places == [
        "line 2, $.id",
        "line 3, $.innovation.id",
        "line 6, $.innovation.started",
        "line 7, $.innovation.sdg",
        "line 8, $.innovation.sdgs[1]",
        "line 9, $.innovation.sdgs[2]",
        "line 11, $.cycle",
        "line 12, $.group",
        "line 13, $.words[0]",
        "line 13, $.words[1]",
    ]


def test_a_missing_field_is_named() -> None:
    assert faults('{"title": "t", "agency": "a"}') == [
        "id: expected a value: the field is needed, got None @ line 1, $.id"
    ]


def test_an_unknown_field_lists_the_known_ones() -> None:
    (message,) = faults('{"innovation": "i", "award": []}', AwardHistory)

    assert message == (
        "award: expected a field of AwardHistory, got [] @ line 1, $.award; "
        "known are innovation, awards"
    )


def test_what_a_class_refuses_has_its_place() -> None:
    """What a class demands of several items is told of the item that is one too many."""
    text = (
        '{"agency": "a", "fiscal_year": 2020,\n "opinions": [[2019, "tidak wajar"],'
        ' [2019, "tidak wajar"]]}'
    )
    (message,) = faults(text, FiscalRecord)

    assert message == (
        "opinions: expected one opinion per audited year, got [2019, 'tidak wajar']"
        " @ line 2, $.opinions[1]"
    )


def test_a_range_back_to_front() -> None:
    (message,) = faults('{"first": "2021-02-01", "last": "2021-01-01"}', DateRange)

    assert message.startswith("DateRange.last: expected a day not before 2021-02-01")


# The document itself


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "text: expected JSON, got '' @ line 1, column 1"),
        ('{"id": }', "text: expected JSON, got '}' @ line 1, column 8"),
        ('{"id": 1,\n}', "text: expected JSON, got '}' @ line 2, column 1"),
        ("{'id': 1}", 'text: expected JSON, got "\'" @ line 1, column 2'),
        ('{"id": 1} x', "text: expected JSON, got 'x' @ line 1, column 11"),
        ("\ufeff{}", "text: expected JSON, got '\\ufeff' @ line 1, column 1"),
        ("[" * 200, f"text: expected at most {DEPTH} levels of nesting, got '[' @ line 1"),
        (
            "\n" + "[" * 100_000,
            f"text: expected at most {DEPTH} levels of nesting, got '[' @ line 2",
        ),
        ('{"a":' * 200, f"text: expected at most {DEPTH} levels of nesting, got '{{' @ line 1"),
    ],
)
def test_no_json(text: str, message: str) -> None:
    assert faults(text) == [message]


def test_brackets_in_texts_are_not_depth() -> None:
    title = "[" * 300 + '\\"'

    assert from_json(innovation(title=title), Innovation).title == title


@pytest.mark.parametrize(
    ("number", "shown"),
    [("NaN", "nan"), ("Infinity", "inf"), ("-Infinity", "-inf"), ("1e999", "inf")],
)
def test_numbers_that_are_none(number: str, shown: str) -> None:
    text = innovation(sdgs=[0]).replace("[0]", f"[{number}]")

    assert faults(text) == [f"sdgs: expected a whole number, got {shown} @ line 1, $.sdgs[0]"]


@pytest.mark.parametrize("digits", ["9" * 17, "9" * 5000, "-" + "9" * 5000])
def test_numbers_nobody_reads_exactly(digits: str) -> None:
    (message,) = faults(innovation(sdgs=[0]).replace("[0]", f"[{digits}]"))

    assert message.startswith("sdgs: expected a whole number up to 9007199254740991, got ")
    assert message.endswith("@ line 1, $.sdgs[0]")


def test_a_key_that_stands_twice() -> None:
    text = (
        '{"id": "p", "cycle": 2021, "innovation": '
        '{"id": "i", "title": 7,\n "agency": "a", "id": "j"}}'
    )

    assert faults(text, Proposal) == [
        "id: expected a key that stands once, got 'j' @ line 1, $.innovation.id",
        "title: expected a text, got 7 @ line 1, $.innovation.title",
    ]


def test_half_of_a_surrogate_pair() -> None:
    (message,) = faults('{"id": "i", "title": "\\ud83d", "agency": "a"}')

    assert message == (
        "title: expected a text without half of a surrogate pair, got '\\ud83d' @ line 1, $.title"
    )
    assert from_json(innovation(title="😀"), Innovation).title == "😀"


def test_only_text_is_read() -> None:
    with pytest.raises(InvalidType, match=r"text: expected JSON text, got b'\{\}'"):
        from_json(b"{}", Innovation)  # type: ignore[arg-type]  # on purpose


@given(
    st.text()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    ).map(json.dumps)
)
@example('{"innovation": {"id": {"type": "Group", "value": "umum"}}}')
def test_whatever_comes_is_read_or_refused(text: str) -> None:
    for kind in (Proposal, Term, Decision, Rulebook, tuple[Proposal, ...]):
        found = told(text, kind)
        assert found == [] or all("line " in fault for fault in found)


def told(text: str, kind: Any) -> list[str]:
    """The faults of *text*; none where it could be read.  Another error fails the test."""
    try:
        from_json(text, kind)
    except Faults as errors:
        return [str(fault) for fault in errors.faults] or [""]
    return []


# Values of any kind


def reason(value: object) -> str:
    return json.dumps({"outcome": None, "code": "C", "values": [["x", value]]})


@pytest.mark.parametrize(
    ("value", "message", "place"),
    [
        (1.5, "a text, a whole number, true, false, null, a list or a type, got 1.5", ""),
        ({"a": 1}, "a text, a whole number, true, false, null, a list or a type, got {'a': 1}", ""),
        ({"type": "Path", "value": "/"}, "type: expected a type of kipp, got 'Path'", ".type"),
        ({"type": 7, "value": "/"}, "type: expected a type of kipp, got 7", ".type"),
        ({"type": "Kind", "value": {}}, "type: expected a type of kipp, got 'Kind'", ".type"),
        (
            {"type": "Group", "value": "x"},
            "expected one of umum, replikasi, khusus, got 'x'",
            ".value",
        ),
        (
            {"type": "Date", "value": "2021"},
            "expected a date written YYYY-MM-DD, got '2021'",
            ".value",
        ),
    ],
)
def test_a_value_of_no_known_kind(value: object, message: str, place: str) -> None:
    (found,) = faults(reason(value), Reason)

    assert message in found
    assert found.endswith(f"$.values[0][1]{place}")


# Answers and rulebooks are checked against themselves


def test_an_outcome_that_the_reasons_do_not_give() -> None:
    decision = Decision(
        rule=RuleId("r"), subject="s", reasons=(Reason(Outcome.NOT_MET, "CAP_REACHED"),)
    )
    forged = (
        to_json(decision)
        .replace('"subject":"s"', '"subject":"s","outcome":"terpenuhi"')
        .replace(',"outcome":"tidak terpenuhi","evidence"', ',"evidence"')
    )

    assert faults(forged, Decision) == [
        (
            "outcome: expected tidak terpenuhi, which follows from the reasons, got 'terpenuhi'"
            " @ line 1, $.outcome"
        )
    ]


def test_derived_facts_may_be_left_out() -> None:
    text = '{"rule": "r", "subject": "s", "reasons": [{"outcome": "terpenuhi", "code": "C"}]}'

    assert from_json(text, Decision).outcome is Outcome.MET


def test_a_decision_without_a_deciding_reason() -> None:
    (message,) = faults('{"rule": "r", "subject": "s", "reasons": []}', Decision)

    assert message.startswith("Decision.reasons: expected a reason that decides, got ()")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"groups.general.cap"',
            '"groups.general.cup"',
            "path: expected a path of a cycle rulebook",
        ),
        (
            '"groups.general.cap":{"type":"Cited","value":{"value":10',
            '"groups.general.cap":{"type":"Cited","value":{"value":"ten"',
            "groups.general.cap: expected a whole number from 0, got 'ten'",
        ),
    ],
)
def test_a_rulebook_keeps_to_its_schema(old: str, new: str, message: str) -> None:
    text = to_json(rulebook(2021))
    assert old in text

    (found,) = faults(text.replace(old, new), Rulebook)

    assert message in found


# Lines and files


def test_lines_of_lines() -> None:
    text = '{"innovation": "a"}\n{"innovation": 7}\n\n{oops\n{"innovation": "b", "x": 1}'
    with pytest.raises(Faults) as caught:
        read_ndjson(text, AwardHistory, source="old.ndjson")

    assert str(caught.value).splitlines() == [
        "innovation: expected a text, got 7 @ old.ndjson, line 2, $.innovation",
        "text: expected JSON, got 'o' @ old.ndjson, line 4, column 2",
        (
            "x: expected a field of AwardHistory, got 1 @ old.ndjson, line 5, $.x; "
            "known are innovation, awards"
        ),
    ]


def test_faults_in_submissions_have_the_place_in_the_file() -> None:
    text = '[{"id": "p", "innovation": {}, "cycle": 2021},\n {"proposal": 7}]'
    with pytest.raises(Faults) as caught:
        read_submissions(text, source="x.json")

    places = [str(fault).partition(" @ ")[2] for fault in caught.value.faults]
    assert places == [
        "x.json, line 1, $[0].innovation.id",
        "x.json, line 1, $[0].innovation.title",
        "x.json, line 1, $[0].innovation.agency",
        "x.json, line 2, $[1].proposal",
    ]


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=20,
    ),
    st.sampled_from([None, 1]),
)
def test_lines_finds_every_part(document: object, indent: int | None) -> None:
    """Each part of a document, and nothing else, has a line; the line is where it stands."""
    text = json.dumps(document, indent=indent)

    found = lines(text)

    assert set(found) == set(parts(document, ()))
    if indent is None:
        assert set(found.values()) == {1}
    else:
        assert list(found.values()) == sorted(found.values())


def parts(value: object, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    found = [path]
    if isinstance(value, dict):
        found += [each for key in value for each in parts(value[key], (*path, key))]
    if isinstance(value, list):
        found += [each for n, item in enumerate(value) for each in parts(item, (*path, n))]
    return found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), "$"),
        (("innovation", "started"), "$.innovation.started"),
        ((3, "marks", 0), "$[3].marks[0]"),
        (("groups.general.cap", "a b"), '$["groups.general.cap"]["a b"]'),
    ],
)
def test_pointer(path: tuple[str | int, ...], text: str) -> None:
    assert pointer(path) == text


def test_parse_keeps_plain_data() -> None:
    assert parse('{"a": [1, "x", null, true]}') == {"a": [1, "x", None, True]}


def test_errors_of_the_edge_are_errors_of_kipp() -> None:
    with pytest.raises(KippError):
        from_json("[", Proposal)


def test_loading_the_package_loads_no_converter() -> None:
    code = "import sys, kipp.io, kipp.messages; sys.exit('cattrs' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
