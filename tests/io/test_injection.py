"""Every kind of fault, put into a clean file at a random place, is found once and there.

The same in every format, and so for two at once; what the JSON report says, the marked workbook
shows.
"""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kipp
from kipp.domain.fault import Fault
from kipp.io.annotate import annotate
from kipp.io.columns import column_letter, widest
from kipp.io.reports import pieces

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
pytest.importorskip("python_calamine", reason="python-calamine is not installed")

HEADERS = [column.name("id") for column in widest(kipp.Proposal)]
PATHS = [column.path for column in widest(kipp.Proposal)]
AGENCIES = ["kota-ambon", "kab-luwu-utara", "kota-surabaya", "kab-sleman", "kota-padang"]


def clean(number: int) -> dict[str, Any]:
    """A proposal against which 2021 has nothing."""
    return {
        "id": f"p-{number}",
        "innovation": {
            "id": f"i-{number}",
            "title": f"Contoh {number}",
            "agency": AGENCIES[number % len(AGENCIES)],
            "started": "2017-08-17",
            "origin": "orisinal",
            "replica_of": [],
            "sdgs": [3],
            "public_service": True,
        },
        "cycle": 2021,
        "group": "umum",
        "category": "health",
        "submitted_at": "2021-04-27T09:30:00+07:00",
        "documents": ["video"],
        "words": [["summary", 150]],
        "video_minutes": 3,
        "careless": False,
    }


@attrs.frozen
class Injection:
    """What is put at *path*, and the *code* that has to be found there, in tables too if told."""

    path: tuple[str, ...]
    value: Any
    code: str
    in_tables: str | None = None


def same(path: str, value: Any, code: str, cell: str | None = None) -> Injection:
    return Injection(tuple(path.split(".")), value, code, cell or code)


INJECTIONS = [
    same("group", "umun", "NOT_A_WORD", "WORD_UNKNOWN"),
    same("video_minutes", -1, "OUT_OF_RANGE"),
    same("video_minutes", "tiga", "NOT_A_WHOLE_NUMBER", "NUMBER_UNREADABLE"),
    same("innovation.started", "17-08", "NOT_A_DAY", "DATE_UNREADABLE"),
    same("innovation.started", "2018-02-30", "NO_SUCH_DAY", "DATE_IMPOSSIBLE"),
    same("innovation.started", "2021-03-01", "TOO_YOUNG"),
    same("submitted_at", "2021-05-20T09:30:00+07:00", "SUBMITTED_LATE"),
    same("submitted_at", "2021-04-27T09:30:00", "MOMENT_WITHOUT_OFFSET", "ZONE_MISSING"),
    same("category", "olahraga", "CATEGORY_NOT_OFFERED"),
    same("innovation.public_service", "mungkin", "NOT_TRUE_OR_FALSE", "TRUTH_UNREADABLE"),
    same("innovation.agency", "kota-antah", "AGENCY_NOT_REGISTERED", "AGENCY_UNKNOWN"),
    same("innovation.sdgs", [3, 18], "OUT_OF_RANGE"),
    same("innovation.title", None, "VALUE_IS_NULL", "FIELD_MISSING"),
    same("cycle", 2020, "OTHER_CYCLE"),
    Injection(("group",), 7, "NOT_A_WORD"),
    Injection(("innovation", "title"), "\ud800", "HALF_SURROGATE"),
    Injection(("video_minutes",), 2**60, "NUMBER_TOO_LARGE"),
]


def injected(records: list[dict[str, Any]], number: int, injection: Injection) -> None:
    *way, last = injection.path
    inside = records[number]
    for step in way:
        inside = inside[step]
    inside[last] = copy.deepcopy(injection.value)


def report(content: bytes, name: str) -> list[Fault]:
    """The faults of records; what is said of the cycle stands nowhere."""
    found = kipp.validate(io.BytesIO(content), 2021, file=name)
    return [fault for fault in found if fault.origin.row or fault.origin.line]


def as_json(records: list[dict[str, Any]]) -> bytes:
    return json.dumps(records).encode()


def as_ndjson(records: list[dict[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(record)}\n" for record in records).encode()


def cells(record: dict[str, Any]) -> list[Any]:
    found = []
    for path in PATHS:
        value: Any = record
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, bool):
            value = "ya" if value else "tidak"
        if isinstance(value, list) and value and isinstance(value[0], list):
            value = "; ".join(f"{key}: {count}" for key, count in value)
        elif isinstance(value, list):
            value = "; ".join(map(str, value)) or "[]"
        found.append(value)
    return found


def as_csv(records: list[dict[str, Any]]) -> bytes:
    rows = [HEADERS, *map(cells, records)]
    lines = ("\t".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return "\r\n".join(lines).encode()


def as_xlsx(records: list[dict[str, Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in [["DAFTAR"], [], HEADERS, *map(cells, records)]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


TEXTS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "entri.json": as_json,
    "entri.ndjson": as_ndjson,
}
TABLES: dict[str, tuple[Callable[[list[dict[str, Any]]], bytes], int]] = {
    "entri.csv": (as_csv, 2),
    "entri.xlsx": (as_xlsx, 4),
}
"""How a table is written, and the row of its first record."""


def letter(path: tuple[str, ...]) -> str:
    return column_letter(PATHS.index(path))


class TestOneFault:
    @pytest.mark.parametrize("name", TEXTS)
    @pytest.mark.parametrize("injection", INJECTIONS, ids=lambda each: each.code)
    @given(number=st.integers(0, 4))
    def test_in_a_text_at_its_pointer_once(
        self, injection: Injection, name: str, number: int
    ) -> None:
        records = [clean(each) for each in range(5)]
        assert report(TEXTS[name](records), name) == []
        injected(records, number, injection)

        (fault,) = report(TEXTS[name](records), name)

        assert fault.code == injection.code
        assert fault.pointer.startswith("/" + "/".join(injection.path))
        assert fault.origin.line == (number + 1 if name.endswith(".ndjson") else 1)

    @pytest.mark.parametrize("name", TABLES)
    @pytest.mark.parametrize(
        "injection", [each for each in INJECTIONS if each.in_tables], ids=lambda each: each.code
    )
    @given(number=st.integers(0, 4))
    def test_in_a_table_at_its_cell_once(
        self, injection: Injection, name: str, number: int
    ) -> None:
        write, first = TABLES[name]
        records = [clean(each) for each in range(5)]
        assert report(write(records), name) == []
        injected(records, number, injection)

        (fault,) = report(write(records), name)

        assert fault.code == injection.in_tables
        place = fault.origin.row, fault.origin.column
        assert place == (number + first, letter(injection.path))


class TestTwoFaults:
    @pytest.mark.parametrize("name", [*TEXTS, *TABLES])
    @given(data=st.data())
    def test_both_are_found(self, name: str, data: st.DataObject) -> None:
        known = [each for each in INJECTIONS if name in TEXTS or each.in_tables]
        pair = st.tuples(st.sampled_from(known), st.sampled_from(known))
        one, other = data.draw(pair.filter(lambda each: each[0].path != each[1].path))
        number, again = data.draw(st.tuples(st.integers(0, 4), st.integers(0, 4)))
        if {one.path, other.path} & DECIDING:
            # What a cycle asks of a group nobody can say of a proposal of no known group or cycle.
            again = (number + 1) % 5
        records = [clean(each) for each in range(5)]
        injected(records, number, one)
        injected(records, again, other)
        write = TEXTS[name] if name in TEXTS else TABLES[name][0]

        found = sorted(fault.code for fault in report(write(records), name))

        told = [each.code if name in TEXTS else each.in_tables for each in (one, other)]
        assert found == sorted(map(str, told))


DECIDING = {("group",), ("cycle",)}


@given(data=st.data())
def test_the_marked_workbook_shows_what_the_json_report_says(data: st.DataObject) -> None:
    import tempfile

    known = [each for each in INJECTIONS if each.in_tables]
    records = [clean(each) for each in range(5)]
    for _ in range(data.draw(st.integers(0, 4))):
        injected(records, data.draw(st.integers(0, 4)), data.draw(st.sampled_from(known)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "entri.xlsx"
        path.write_bytes(as_xlsx(records))
        said = json.loads("".join(pieces(kipp.validate(path, 2021), "json")))["faults"]
        marked = io.BytesIO()
        annotate(path, kipp.validate(path, 2021), marked)

    sheet = openpyxl.load_workbook(marked).active
    shown = sorted(
        (cell.coordinate, line.partition(":")[0])
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
        for line in cell.comment.text.split("\n")
    )
    expected = {
        (f"{each['origin'].get('column', 'A')}{each['origin']['row']}", each["code"])
        for each in said
        if "row" in each.get("origin", {})
    }
    assert shown == sorted(expected)
    assert list(sheet.iter_rows(min_row=3, max_row=3, values_only=True)) == [tuple(HEADERS)]
