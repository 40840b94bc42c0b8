"""Tables: what is written reads back equal, and sheets of offices are read as they are."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from kipp.domain.errors import InvalidValue, UnknownName
from kipp.domain.fault import Fault, Severity
from kipp.domain.hub import HubCandidate
from kipp.domain.proposal import Proposal
from kipp.io.checking import Checked, checked
from kipp.io.csv_table import read_csv, write_csv
from kipp.io.kinds import KINDS
from kipp.io.limits import LIMITS, Limits
from kipp.io.options import READING, Reading
from kipp.io.raw import Raw
from kipp.io.workbook import read_xlsx, write_xlsx
from tests.io.records import RECORDS

pytest.importorskip("python_calamine", reason="python-calamine is not installed")
xlsxwriter = pytest.importorskip("xlsxwriter", reason="xlsxwriter is not installed")

Write = Callable[[IO[bytes], Any, type], None]
Read = Callable[..., Iterator[Raw]]
FORMATS: dict[str, tuple[Write, Read]] = {
    "csv": (write_csv, read_csv),
    "xlsx": (write_xlsx, read_xlsx),
}
formats = pytest.mark.parametrize("form", FORMATS)
KIND_TYPES = [kind.type for kind in KINDS.values()]


def read(
    form: str, content: bytes, kind: type, reading: Reading = READING, limits: Limits = LIMITS
) -> list[Raw]:
    stream = io.BytesIO(content)
    return list(FORMATS[form][1](stream, kind, file="f", limits=limits, reading=reading))


def sheet(form: str, *rows: Sequence[Any]) -> bytes:
    """A table of these cells; those of a workbook as their types say."""
    stream = io.BytesIO()
    if form == "csv":
        lines = (";".join("" if cell is None else str(cell) for cell in row) for row in rows)
        return "\r\n".join(lines).encode()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    made = book.add_worksheet("Lembar1")
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            if cell is not None:
                made.write(number, position, cell)
    book.close()
    return stream.getvalue()


class TestRoundTrip:
    """Every record of every kind, as far as cells can hold it."""

    @formats
    @pytest.mark.parametrize("kind", KIND_TYPES, ids=lambda kind: kind.__name__)
    @given(data=st.data())
    def test_what_is_written_reads_back_equal(
        self, form: str, kind: type, data: st.DataObject
    ) -> None:
        values = data.draw(st.lists(RECORDS[kind], min_size=1, max_size=3))
        stream = io.BytesIO()
        # A cell of a workbook holds no control characters, and none that of an error as a text.
        try:
            FORMATS[form][0](stream, values, kind)
        except InvalidValue as error:
            event(f"not held: {error.expected}")
            return

        found: list[Checked[Any]] = [
            checked(raw, kind) for raw in read(form, stream.getvalue(), kind)
        ]

        assert [each.faults for each in found] == [()] * len(values)
        assert [each.value for each in found] == values

    @formats
    def test_no_records(self, form: str) -> None:
        stream = io.BytesIO()
        FORMATS[form][0](stream, (), Proposal)

        assert read(form, stream.getvalue(), Proposal) == []

    @given(st.text(st.sampled_from("'=+-@\t\rＡ＝a1;\""), min_size=1).filter(str.strip))
    def test_nothing_written_is_calculated(self, text: str) -> None:
        from kipp.io.csv_table import harmless

        shown = harmless(text)

        assert shown[0] not in "=+-@\t\r\n＝＋－＠"
        assert shown in (text, f"'{text}")


HEADERS = ["ID Proposal", "ID Inovasi", "Judul Inovasi", "Instansi", "Tahun KIPP"]
CELLS: list[Any] = ["p1", "i1", "Contoh 0001", "kota-ambon", 2021]


def found(form: str, *rows: Sequence[Any], reading: Reading = READING) -> list[Raw]:
    return read(form, sheet(form, *rows), Proposal, reading)


def only_fault(raws: list[Raw]) -> Fault:
    (fault,) = [fault for raw in raws for fault in raw.faults]
    return fault


@formats
class TestHeaders:
    """Whatever stands around them, records keep the rows and letters a spreadsheet shows."""

    def test_titles_numbers_and_units_are_passed_over(self, form: str) -> None:
        raws = found(
            form,
            ["DAFTAR PROPOSAL KIPP 2021"],
            [],
            ["No", *HEADERS, "Catatan"],
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
            [None, "teks", None, "teks", None, "tahun"],
            [1, *CELLS, "sudah lengkap"],
        )

        (raw,) = raws
        assert checked(raw, Proposal).faults == ()
        assert (raw.origin.row, raw.place(("innovation", "title")).column) == (6, "D")

    def test_names_in_english_whatever_their_spelling(self, form: str) -> None:
        names = ["PROPOSAL  ID", "innovation-id", "Title*", "agency name", "cycle (year)"]

        (raw,) = found(form, names, CELLS)

        value = checked(raw, Proposal).value
        assert value is not None
        assert (value.title, value.cycle) == ("Contoh 0001", 2021)

    def test_an_unknown_header_is_told_and_its_column_not_read(self, form: str) -> None:
        raws = found(form, [*HEADERS, "Kategorri"], [*CELLS, "health"])

        fault = only_fault(raws)
        assert (fault.code, fault.severity) == ("HEADER_UNKNOWN", Severity.NEEDS_PERSON)
        assert (fault.origin.row, fault.origin.column) == (1, "F")
        assert dict(fault.values)["nearest"] == "Kategori"
        assert [raw.is_record for raw in raws] == [False, True]

    def test_a_header_twice(self, form: str) -> None:
        fault = only_fault(found(form, [*HEADERS, "Judul"], [*CELLS, "x"]))

        assert (fault.code, fault.origin.column) == ("HEADER_TWICE", "F")
        assert [each.column for each in fault.others] == ["C"]

    def test_no_headers(self, form: str) -> None:
        fault = only_fault(found(form, ["a", "b"], ["c", "d"]))

        assert fault.code == "HEADERS_MISSING"
        assert "Judul Inovasi" in dict(fault.values)["needed"]

    def test_the_row_of_the_headers_may_be_declared(self, form: str) -> None:
        rows = [HEADERS, HEADERS, CELLS]

        assert len(found(form, *rows)) == 2
        assert len(found(form, *rows, reading=Reading(header_row=2))) == 1

    def test_a_missing_cell_is_at_its_column(self, form: str) -> None:
        (raw,) = found(form, HEADERS, ["p1", "i1", None, "kota-ambon", 2021])

        (fault,) = checked(raw, Proposal).faults
        assert (fault.code, fault.pointer) == ("FIELD_MISSING", "/innovation/title")
        assert (fault.origin.row, fault.origin.column) == (2, "C")

    def test_parts_of_a_list_have_columns(self, form: str) -> None:
        more = ["Judul Inovasi Asal", "Judul Inovasi Asal 2", "Instansi Asal 2", "Jumlah Kata: a"]

        (raw,) = found(form, [*HEADERS, *more], [*CELLS, "x", "y", "kota-tual", 12])

        value = checked(raw, Proposal).value
        assert value is not None
        assert value.innovation.replica_of is not None
        assert [(each.title, each.agency) for each in value.innovation.replica_of] == [
            ("x", None),
            ("y", "kota-tual"),
        ]
        assert value.words == (("a", 12),)
        assert raw.place(("innovation", "replica_of", 1, "title")).column == "G"

    def test_two_columns_for_one_list(self, form: str) -> None:
        more = ["Inovasi yang Direplikasi", "Judul Inovasi Asal"]

        fault = only_fault(found(form, [*HEADERS, *more], [*CELLS, "[]", "x"]))

        assert (fault.code, fault.origin.column) == ("CELLS_CONTRADICT", "G")


DATES = [
    ("29 Mei 2021", "2021-05-29"),
    ("29/05/2021", "2021-05-29"),
    ("29-5-2021", "2021-05-29"),
    ("Senin, 3 Mei 2021", "2021-05-03"),
    ("May 29, 2021", "2021-05-29"),
    ("2021-05-29", "2021-05-29"),
    ("05/06/2021", "DATE_AMBIGUOUS"),
    ("5 Juni 21", "YEAR_TWO_DIGITS"),
    ("31 Februari 2021", "DATE_IMPOSSIBLE"),
    ("Mei 2021", "DAY_INCOMPLETE"),
    ("Minggu, 3 Mei 2021", "DATE_IMPOSSIBLE"),
    ("lusa", "DATE_UNREADABLE"),
]
NUMBERS = [
    ("1.234", "NUMBER_AMBIGUOUS"),
    ("12", 12),
    ("3,5", "NOT_WHOLE"),
    ("dua", "NUMBER_UNREADABLE"),
]


@formats
class TestCells:
    """What has two readings is a fault with both of them, never a guess."""

    def cell(self, form: str, header: str, cell: Any, **declared: Any) -> tuple[Any, Raw]:
        reading = Reading(**declared)
        (raw,) = found(form, [*HEADERS, header], [*CELLS, cell], reading=reading)
        (fault,) = raw.faults or (None,)
        return fault, raw

    @pytest.mark.parametrize(("cell", "expected"), DATES)
    def test_days(self, form: str, cell: str, expected: str) -> None:
        fault, raw = self.cell(form, "Tanggal Mulai", cell)

        assert expected == (fault.code if fault else raw.data["innovation"]["started"])
        if fault:
            assert (fault.pointer, fault.origin.column) == ("/innovation/started", "F")

    def test_both_readings_of_a_day(self, form: str) -> None:
        fault, _ = self.cell(form, "Tanggal Mulai", "05/06/2021")

        values = dict(fault.values)
        assert {str(values["first"]), str(values["second"])} == {"2021-06-05", "2021-05-06"}

    def test_the_order_of_days_may_be_declared(self, form: str) -> None:
        fault, raw = self.cell(form, "Tanggal Mulai", "05/06/2021", dates="mm/dd/yyyy")

        assert (fault, raw.data["innovation"]["started"]) == (None, "2021-05-06")

    @pytest.mark.parametrize(("cell", "expected"), NUMBERS)
    def test_numbers(self, form: str, cell: str, expected: Any) -> None:
        fault, raw = self.cell(form, "Durasi Video", cell)

        assert expected == (fault.code if fault else raw.data["video_minutes"])

    def test_the_form_of_numbers_may_be_declared(self, form: str) -> None:
        fault, raw = self.cell(form, "Durasi Video", "1.234", numbers="1.234,5")

        assert (fault, raw.data["video_minutes"]) == (None, 1234)

    def test_words(self, form: str) -> None:
        assert self.cell(form, "Kelompok", "REPLIKASI")[1].data["group"] == "replikasi"
        assert self.cell(form, "Kelompok", "General")[1].data["group"] == "umum"
        assert self.cell(form, "Kelompok", "umun")[0].code == "WORD_UNKNOWN"

    def test_truths(self, form: str) -> None:
        assert self.cell(form, "Diundang", "Ya")[1].data["invited"] is True
        assert self.cell(form, "Diundang", "tidak")[1].data["invited"] is False
        assert self.cell(form, "Diundang", "mungkin")[0].code == "TRUTH_UNREADABLE"

    def test_moments(self, form: str) -> None:
        header = "Waktu Pengajuan"

        assert self.cell(form, header, "29 Mei 2021 10.30 WIB")[1].data["submitted_at"] == (
            "2021-05-29T10:30:00+07:00"
        )
        assert self.cell(form, header, "29 Mei 2021 10:30")[0].code == "ZONE_MISSING"
        assert self.cell(form, header, "29 Mei 2021 10:30", zone="+08:00")[0] is None
        assert self.cell(form, header, "29 Mei 2021")[0].code == "TIME_MISSING"


class TestWorkbooks:
    """What only workbooks have: numbers that are binary, days that are numbers, several sheets."""

    def test_binary_numbers(self) -> None:
        (raw,) = found("xlsx", [*HEADERS, "Durasi Video"], [*CELLS, 3.0])
        assert raw.data["video_minutes"] == 3

        fault = only_fault(found("xlsx", [*HEADERS, "Durasi Video"], [*CELLS, 3.5]))
        assert fault.code == "NOT_WHOLE"

    def test_serial_numbers_of_days(self) -> None:
        # 44345 days after 30 December 1899, as the specification of workbooks counts.
        (raw,) = found("xlsx", [*HEADERS, "Tanggal Mulai"], [*CELLS, 44345])

        assert raw.data["innovation"]["started"] == "2021-05-29"

    def test_the_sheet_that_fits(self) -> None:
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        for name, row in (("Panduan", ["Baca dahulu"]), ("Isian", HEADERS), ("Lain", ["x"])):
            book.add_worksheet(name).write_row(0, 0, row)
        book.get_worksheet_by_name("Isian").write_row(1, 0, CELLS)
        book.close()

        (raw,) = read("xlsx", stream.getvalue(), Proposal)
        assert raw.origin.sheet == "Isian"
        with pytest.raises(UnknownName, match="Panduan, Isian, Lain"):
            read("xlsx", stream.getvalue(), Proposal, Reading(sheet="Lembar1"))

    def test_two_sheets_that_fit(self) -> None:
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        for name in ("A", "B"):
            book.add_worksheet(name).write_row(0, 0, HEADERS)
        book.close()

        with pytest.raises(InvalidValue, match=r"one sheet that fits, not 2 \(A, B\)"):
            read("xlsx", stream.getvalue(), Proposal)

    def test_columns_that_begin_further_right(self) -> None:
        (raw,) = found("xlsx", [], [None, None, *HEADERS], [None, None, *CELLS])

        assert (raw.origin.row, raw.place(("cycle",)).column) == (3, "G")
        assert checked(raw, Proposal).faults == ()


class TestText:
    """What only CSV has: encodings, separators, quotes."""

    HEADER = "Instansi;Komitmen Pimpinan"

    def read(self, content: bytes, limits: Limits = LIMITS, **declared: Any) -> list[Raw]:
        return read("csv", content, HubCandidate, Reading(**declared), limits)

    @pytest.mark.parametrize("sign", [",", ";", "\t"])
    def test_separators(self, sign: str) -> None:
        text = f"Instansi{sign}Komitmen Pimpinan\nkota-ambon{sign}ya\n"

        (raw,) = self.read(text.encode())

        assert raw.data == {"agency": "kota-ambon", "leader_commitment": True}

    @pytest.mark.parametrize("begin", [b"", b"\xef\xbb\xbf"])
    def test_utf8_with_and_without_its_mark(self, begin: bytes) -> None:
        (raw,) = self.read(begin + f"{self.HEADER}\nkota-é;ya".encode())

        assert raw.data["agency"] == "kota-é"

    def test_another_encoding_is_guessed_and_said(self) -> None:
        note, raw = self.read(f"{self.HEADER}\nkota-é;ya".encode("cp1252"))

        assert (note.faults[0].code, note.faults[0].severity) == (
            "ENCODING_GUESSED",
            Severity.NOTE,
        )
        assert raw.data["agency"] == "kota-é"

    def test_or_declared(self) -> None:
        (raw,) = self.read(f"{self.HEADER}\nkota-é;ya".encode("cp1252"), encoding="cp1252")

        assert raw.data["agency"] == "kota-é"

    def test_lines_and_rows(self) -> None:
        first, second = self.read(f'{self.HEADER}\r\n"a\nb";ya\r\n\r\nc;tidak'.encode())

        assert (first.origin.row, first.origin.line) == (2, 2)
        assert (second.origin.row, second.origin.line) == (4, 5)

    def test_a_quote_that_never_closes(self) -> None:
        *before, broken = self.read(f'{self.HEADER}\na;ya\n"b;tidak\nc;ya\n'.encode())

        assert [raw.data["agency"] for raw in before] == ["a"]
        (fault,) = broken.faults
        assert (fault.code, fault.origin.row, fault.origin.line) == ("QUOTE_UNCLOSED", 3, 3)

    def test_a_line_that_is_too_long(self) -> None:
        content = f"{self.HEADER}\n{'x' * 2000};ya\nc;ya\n".encode()

        broken, after = self.read(content, Limits(record_bytes=1000))

        assert broken.faults[0].code == "RECORD_TOO_LONG"
        assert (after.data["agency"], after.origin.row) == ("c", 3)

    def test_cells_beyond_the_headers(self) -> None:
        (raw,) = self.read(f"{self.HEADER}\nkota-ambon;ya;dan lagi".encode())

        (fault,) = raw.faults
        assert (fault.code, fault.origin.column) == ("CELL_BEYOND", "C")

    def test_another_encoding_altogether(self) -> None:
        (told,) = self.read(f"{self.HEADER}\na;ya".encode("utf-16"))

        assert (told.faults[0].code, told.is_record) == ("OTHER_ENCODING", False)

    def test_a_row_of_odd_signs_is_a_record(self) -> None:
        (raw,) = self.read(f"{self.HEADER}\n\0;-".encode())

        assert raw.data["agency"] == "\0"
        assert [fault.code for fault in raw.faults] == ["TRUTH_UNREADABLE"]

    def test_a_formula_of_somebody_else(self) -> None:
        (raw,) = self.read(f"{self.HEADER}\n'=1+1;ya".encode())

        assert raw.data["agency"] == "=1+1"
