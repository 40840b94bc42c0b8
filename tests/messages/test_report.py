"""A fault as a sentence: place, field, value, expectation, cure, in both languages."""

from __future__ import annotations

import pytest

from kipp.domain.citation import Citation, Evidence, Source
from kipp.domain.errors import UnknownName
from kipp.domain.fault import Cure, Fault, Origin, Severity
from kipp.messages.report import cure_text, place, quoted, tell, told

CELL = Origin(file="entri.xlsx", sheet="Proposal", row=7, column="D")
LINE = Origin(file="entri.ndjson", line=7, offset=1_200)
NAMED = {"name": "group", "value": "umum"}
DAY = Fault(
    code="NOT_A_DAY",
    severity=Severity.BLOCKS,
    pointer="/innovation/started",
    origin=CELL,
    values=(("name", "Tanggal mulai"), ("value", "31/02/2021"), ("expected", "day")),
    record="p-1",
)


def test_a_sentence_says_place_record_field_value_and_expectation() -> None:
    assert tell(DAY, "en") == (
        "entri.xlsx, sheet “Proposal”, cell D7, record “p-1”: "
        "“Tanggal mulai” holds “31/02/2021”, which is no date; "
        "what is expected is a date written YYYY-MM-DD."
    )
    assert tell(DAY) == (
        "entri.xlsx, lembar “Proposal”, sel D7, entri “p-1”: "
        "“Tanggal mulai” berisi “31/02/2021”, bukan tanggal; "
        "yang diharapkan adalah tanggal yang ditulis YYYY-MM-DD."
    )


def test_a_fault_of_a_rule_has_the_sentence_of_its_reason() -> None:
    source = Source(key="s", title="Pengumuman", date="2021-03-17")
    fault = Fault(
        code="CAP_REACHED",
        severity=Severity.BLOCKS,
        origin=LINE,
        values=tuple({**NAMED, "group": "umum", "entered": 11, "at_most": 10}.items()),
        citations=(Citation(source, Evidence.MINISTRY),),
    )

    assert tell(fault, "en") == (
        "entri.ndjson, line 7, byte 1200: “group” (“umum”): 11 proposals in group umum, "
        "the cap is 10 (Pengumuman, 17 March 2021 [ministry])."
    )
    assert told(fault) == "“group” (“umum”): 11 proposal pada kelompok umum, batasnya 10"


def test_a_code_nobody_knows_is_shown_with_its_values() -> None:
    fault = Fault(code="MINE", severity=Severity.NOTE, values=(("least", 3), ("most", 5)))

    assert tell(fault, "en") == "MINE: least = 3, most = 5."
    assert tell(Fault(code="MINE", severity=Severity.NOTE)) == "MINE."


def test_a_cure_nobody_knows_is_its_code() -> None:
    fault = Fault(code="MINE", severity=Severity.NOTE, cure=Cure(code="LOOK"))

    assert cure_text(fault) == "LOOK"
    assert tell(fault) == "MINE; LOOK."
    assert cure_text(DAY) == ""


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (Origin(), ""),
        (Origin(file="a.csv", row=3), "a.csv, row 3"),
        (Origin(file="a.csv", row=3, column="AB", line=9), "a.csv, cell AB3"),
        (Origin(line=4), "line 4"),
        (Origin(offset=0), "byte 0"),
        (Origin(line=4, offset=0), "line 4, byte 0"),
    ],
)
def test_a_place_says_what_its_format_has(origin: Origin, said: str) -> None:
    assert place(origin, "en") == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "nothing"),
        ("", "“”"),
        ("a\tb\n c", "“a b c”"),
        ("a\x00b", "“a\\u0000b”"),
        ("\ud800", "“\\ud800”"),
        (True, "true"),
        (7, "7"),
        ([1, "é"], '[1, "é"]'),
        ({"a": None}, '{"a": null}'),
        (("3 Mei", "5 Maret"), "“3 Mei”, “5 Maret”"),
        ("x" * 200, f"“{'x' * 79}…”"),
    ],
)
def test_a_value_is_shown_as_it_was_written(value: object, said: str) -> None:
    assert quoted(value, "en") == said


def test_other_records_are_named_by_place_the_file_only_if_it_differs() -> None:
    others = (LINE, Origin(file="b.ndjson", line=1, offset=0))
    fault = Fault(
        code="DUPLICATE_ID",
        severity=Severity.BLOCKS,
        origin=Origin(file="entri.ndjson", line=9, offset=2_000),
        values=(("name", "id"), ("value", "p-1")),
        others=others,
    )

    assert "line 7, byte 1200; b.ndjson, line 1, byte 0" in tell(fault, "en")


def test_another_language_is_refused() -> None:
    with pytest.raises(UnknownName, match="lang: expected one of id, en, got 'jv'"):
        tell(DAY, "jv")
