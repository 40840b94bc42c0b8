"""The workbook of the how-to guide: ten faults, each told so that anybody can mend it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kipp
from kipp.domain.fault import Fault, Severity
from kipp.messages import tell
from kipp.messages.report import cure_text

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")

ROOT = Path(__file__).parents[1]
WORKBOOK = ROOT / "examples" / "entri-2021-bermasalah.xlsx"
MAKER = ROOT / "examples" / "entri_bermasalah.py"
GUIDE = ROOT / "docs" / "how-to" / "check-a-spreadsheet.md"

EXPECTED = {
    "G5": ("WORD_UNKNOWN", "umun", ["umum, replikasi, khusus"]),
    "I6": ("DATE_AMBIGUOUS", "05/06/2018", ["2018"]),
    "D7": ("FIELD_MISSING", "", []),
    "E8": ("AGENCY_UNKNOWN", "Pemerintah Kabupaten Lawu Utara", []),
    "B9": ("DUPLICATE_ID", "contoh-0001", ["B4"]),
    "I10": ("TOO_YOUNG", "2021", ["2019"]),
    "P11": ("NOT_WHOLE", "2.5", []),
    "H12": ("CATEGORY_NOT_OFFERED", "olahraga", ["poverty eradication"]),
    "M13": ("SUBMITTED_LATE", "10:00", ["11"]),
    "K14": ("OUT_OF_RANGE", "18", ["17"]),
}
"""What is wrong in which cell: the code, the value, what the sentence says was expected."""

CORRECTED: dict[str, Any] = {
    "G5": "umum",
    "I6": "5 Juni 2018",
    "D7": "Contoh 0004",
    "E8": "Pemerintah Kabupaten Luwu Utara",
    "B9": "contoh-0006",
    "I10": "1 Maret 2018",
    "P11": 2,
    "H12": "education",
    "M13": "2 Mei 2021 10:00 WIB",
    "K14": "3; 17",
}
"""What somebody writes who has read nothing but the sentences."""


def cell(fault: Fault) -> str:
    return f"{fault.origin.column}{fault.origin.row}"


def in_cells(path: Path) -> list[Fault]:
    """The faults of the cells; what is said of the cycle stands nowhere."""
    report = kipp.validate(path, 2021, file=WORKBOOK.name)
    return [fault for fault in report if fault.origin.row is not None]


def test_ten_different_faults_each_at_its_cell() -> None:
    found = {cell(fault): fault.code for fault in in_cells(WORKBOOK)}

    assert found == {place: code for place, (code, _, _) in EXPECTED.items()}
    assert len(set(found.values())) == 10


@pytest.mark.parametrize("lang", ["id", "en"])
def test_each_sentence_names_cell_value_expectation_and_cure(lang: str) -> None:
    for fault in in_cells(WORKBOOK):
        sentence = tell(fault, lang)
        _, value, expected = EXPECTED[cell(fault)]

        assert f" {cell(fault)}" in sentence
        assert value in sentence
        assert all(part in sentence for part in expected), sentence
        assert cure_text(fault, lang)
        assert cure_text(fault, lang) in sentence


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_guide_shows_these_sentences(lang: str) -> None:
    guide = GUIDE.read_text(encoding="utf-8")

    for fault in in_cells(WORKBOOK):
        assert f"- {tell(fault, lang)}\n" in guide


def test_corrected_from_the_sentences_alone_nothing_is_wrong(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(WORKBOOK)
    for place, value in CORRECTED.items():
        book["Entri"][place] = value
    corrected = tmp_path / "entri.xlsx"
    book.save(corrected)

    report = kipp.validate(corrected, 2021)

    assert [fault for fault in report if fault.origin.row is not None] == []
    assert report.summary.severities[Severity.BLOCKS] == 0
    assert report.summary.accepted == report.summary.records == 12


def test_the_workbook_is_what_its_script_makes(tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    subprocess.run([sys.executable, str(MAKER), str(again)], check=True)

    def cells(path: Path) -> list[tuple[Any, ...]]:
        return list(openpyxl.load_workbook(path)["Entri"].iter_rows(values_only=True))

    assert cells(again) == cells(WORKBOOK)
