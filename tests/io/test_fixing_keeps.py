"""What is mended is what was told of, and nothing else of a file changes or is lost."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

import kipp
from kipp.cli import main
from kipp.io.annotate import annotate
from kipp.io.fixing import fix, is_fixable

HEADERS = [
    "ID Proposal", "ID Inovasi", "Judul Inovasi", "Instansi", "Kelompok", "Tahun KIPP", "Kategori",
    "Inovasi yang Direplikasi", "started", "Waktu Pengajuan",
]  # fmt: skip


def row(number: int, sources: str = "", group: str = "umum") -> list[str]:
    return [
        f"P-{number}", f"I-{number}", f"Judul {number}", "Kota Ambon", group, "2021", "health",
        sources, "2018-01-02", "2021-05-03 10:00 WIB",
    ]  # fmt: skip


def written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADERS, *rows])
    return path


def mended(path: Path) -> int:
    faults = [*kipp.validate(path, cycle=2021)]
    return fix(path, faults, kipp.Proposal, lambda _: True)


@pytest.mark.parametrize("key", ["agency", "Agency"])
def test_a_cell_of_several_values_is_never_replaced_by_one_of_them(
    tmp_path: Path, key: str
) -> None:
    sources = json.dumps([{"title": "A", key: "Kota Surabaya"}, {"title": "B"}])
    path = written(tmp_path / "cell.csv", [row(1, sources)])
    before = path.read_bytes()

    assert mended(path) == 0
    assert path.read_bytes() == before


def test_the_row_that_is_mended_is_the_one_that_was_told_of(tmp_path: Path) -> None:
    """A quote out of place joins lines for a reader that takes whatever comes."""
    rows = [[*row(number)[:3], "kota-ambon", *row(number)[4:]] for number in range(1, 6)]
    rows[2][3] = "Kota Ambon"
    path = written(tmp_path / "quote.csv", rows)
    text = path.read_text(encoding="utf-8").splitlines(keepends=True)
    text.insert(2, 'P-9,I-9,"Judul"x,"Kota Ambon\n')
    text[-1] = text[-1].replace("Judul 5", '"Judul 5"')
    path.write_text("".join(text), encoding="utf-8", newline="")

    count = fix(path, [*kipp.validate(path)], kipp.Proposal, lambda _: True)

    after = path.read_text(encoding="utf-8").splitlines()
    changed = [(a.strip(), b) for a, b in zip(text, after, strict=True) if a.strip() != b.strip()]
    assert count == 1
    assert changed == [(text[4].strip(), text[4].strip().replace("Kota Ambon", "kota-ambon"))]


def test_a_workbook_with_formulas_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "formula.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("proposal")
    sheet.write_row(0, 0, HEADERS)
    sheet.write_row(1, 0, row(1, group="umum"))
    sheet.write_formula(1, 5, "=2020+1", None, 2021)
    sheet.write_string(1, 3, "kota ambon")
    book.close()
    before = path.read_bytes()
    faults = [*kipp.validate(path)]
    assert any(map(is_fixable, faults))

    with pytest.raises(kipp.InvalidValue, match="formula"):
        fix(path, faults, kipp.Proposal, lambda _: True)
    assert path.read_bytes() == before


def test_two_keys_that_mean_one_field_are_left_to_a_person(tmp_path: Path) -> None:
    path = tmp_path / "two.ndjson"
    path.write_text('{"id":"P-1","Video_minutes":3,"VIDEO_MINUTES":4}\n', encoding="utf-8")

    assert mended(path) == 0
    assert "4" in path.read_text(encoding="utf-8")
    assert "3" in path.read_text(encoding="utf-8")


def test_records_beside_the_mended_one_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "beside.json"
    other = '{"id":"P-2", "video_minutes":1e400,\n "category":1.10000000000000000001}'
    path.write_text(f'[ {{"id":"P-1","group":"UMUM"}},\n{other} ]\n', encoding="utf-8")

    assert mended(path) == 1

    text = path.read_text(encoding="utf-8")
    assert text == f'[ {{"id":"P-1","group":"umum"}},\n{other} ]\n'


def test_a_record_with_a_number_nobody_reads_exactly_is_not_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "number.ndjson"
    path.write_text('{"id":"P-1","group":"UMUM","x":1.10000000000000000001}\n', encoding="utf-8")
    before = path.read_bytes()

    with pytest.raises(kipp.InvalidValue, match="exact"):
        mended(path)
    assert path.read_bytes() == before


def test_a_long_text_comes_back_from_csv(tmp_path: Path) -> None:
    source, table, again = (tmp_path / name for name in ("a.json", "a.csv", "b.json"))
    innovation = {"id": "I", "title": "x" * 140_000, "agency": "kota-ambon"}
    source.write_text(json.dumps([{"id": "P", "innovation": innovation, "cycle": 2021}]))

    assert main(["convert", str(source), str(table)]) == 0
    assert main(["convert", str(table), str(again)]) == 0
    assert json.loads(again.read_text()) == json.loads(source.read_text())


@pytest.mark.parametrize("size", [4_000])
def test_many_faults_in_one_record_take_time_for_each_once(size: int) -> None:
    innovation: dict[str, Any] = {"id": "I", "title": "T", "agency": "kota-ambon"}
    innovation["sdgs"] = [99] * size
    line = json.dumps({"id": "P", "cycle": 2021, "innovation": innovation}).encode()

    faults = [*kipp.validate(io.BytesIO(line), cycle=2021, format="ndjson", file="f", cross=False)]

    wrong = [each for each in faults if each.pointer.startswith("/innovation/sdgs/")]
    assert len(wrong) == size
    first = line.index(b"[99") + 1
    assert [each.origin.offset for each in wrong] == [first + 4 * at for at in range(size)]


def test_a_year_that_no_calendar_has_ends_no_run() -> None:
    rows = [kipp.to_json(each) for each in kipp.record().awards[:2]]
    data = [json.loads(each) for each in rows]
    data[0]["year"] = 20_190

    report = kipp.validate(data, kind="award")

    assert report.summary.records == 2


def test_merged_cells_are_marked_at_their_first(tmp_path: Path) -> None:
    path, target = tmp_path / "merged.xlsx", io.BytesIO()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "Judul Inovasi", "Instansi", "Kelompok", "Tahun", "id inovasi"])
    sheet.append(["P-1", "Judul", "Kota Ambon", "umum", 2021, "I-1"])
    sheet.append(["P-2", None, "Kota Ambon", "umum", 2021, "I-2"])
    sheet.merge_cells("B2:B3")
    book.save(path)

    annotate(path, [*kipp.validate(path, cycle=2021)], target)

    assert openpyxl.load_workbook(target).active["B2"].comment is not None


def test_an_annotated_copy_is_split_where_the_report_split_it(tmp_path: Path) -> None:
    path, target = tmp_path / "semicolons.csv", io.BytesIO()
    lines = [";".join(HEADERS[:7])]
    lines += [f"P-{n};I-{n};a, b, c, d, e, f, g;Kota Ambon;umum;2021;health" for n in range(3)]
    path.write_text("\n".join([*lines, lines[1].replace("umum", "umun")]), encoding="utf-8")
    faults = [*kipp.validate(path, cycle=2021, cross=False)]

    annotate(path, faults, target, kind=kipp.Proposal)

    cell = openpyxl.load_workbook(target).active["E5"]
    assert cell.value == "umun"
    assert cell.comment is not None


def test_a_question_nobody_answers_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "asked.ndjson"
    path.write_text('{"id":"P","group":"UMUM"}\n', encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    assert main(["fix", str(path), "--lang", "en"]) == 2
    assert "nothing was changed" in capsys.readouterr().err
    assert "UMUM" in path.read_text(encoding="utf-8")


def test_keys_that_are_no_texts_are_faults() -> None:
    report = kipp.validate([{1: 2}, {b"x": 1}], cycle=2021)

    assert {each.code for each in report} >= {"FIELD_UNKNOWN"}
