"""``kipp validate``, ``fix``, ``convert``, ``schema``, ``template`` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kipp
from kipp.cli import main
from kipp.io.atomic import write_records
from kipp.io.kinds import KINDS
from tests.io.test_injection import AGENCIES, as_ndjson, clean

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
pytest.importorskip("python_calamine", reason="python-calamine is not installed")

ROOT = Path(__file__).parents[1]
AWARDS = ROOT / "src" / "kipp" / "registry" / "awards.csv"


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    """Two proposals, one of an unknown word."""
    path = tmp_path / "entri.ndjson"
    path.write_bytes(as_ndjson([clean(1), clean(2) | {"group": "UMUM"}]))
    return path


class TestValidate:
    def test_the_published_awards(self, capsys: pytest.CaptureFixture[str]) -> None:
        status = main(["validate", str(AWARDS), "--kind", "award", "--lang", "en"])

        out = capsys.readouterr().out
        # Four bodies of the record are no agencies of the register; nothing else is to be said.
        assert status == 3
        assert "151 records read, 151 with nothing that blocks; 4 faults" in out

    def test_a_workbook_of_a_whole_cycle(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "entri.xlsx"
        made = [kipp.from_json(json.dumps(clean(number)), kipp.Proposal) for number in range(3_178)]
        write_records(path, made, kipp.Proposal)
        headers = next(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
        assert {"Judul Inovasi", "Instansi", "Kelompok"} <= set(headers)

        status = main(["validate", str(path), "--cycle", "2021", "--format", "json"])

        report = json.loads(capsys.readouterr().out)
        # Five agencies entered all of them, so each is above its cap, and nothing else is wrong.
        found = {fault["code"] for fault in report["faults"]}
        assert (status, report["summary"]["records"]) == (1, 3_178)
        assert found == {"CAP_REACHED", "FACT_NOT_RECORDED"}
        assert report["summary"]["codes"]["CAP_REACHED"] == len(AGENCIES)

    def test_the_exit_status(self, entries: Path, tmp_path: Path) -> None:
        fit = tmp_path / "fit.ndjson"
        fit.write_bytes(as_ndjson([clean(1)]))

        assert main(["validate", str(entries), "--cycle", "2021"]) == 1
        assert main(["validate", str(fit), "--cycle", "2021"]) == 3
        assert main(["validate", str(fit)]) == 0
        assert main(["validate", str(tmp_path / "none.ndjson")]) == 2
        assert main(["validate", str(fit), "--kind", "nothing"]) == 2

    def test_a_report_in_a_file(
        self, entries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        target = tmp_path / "r.sarif"
        words = ["validate", str(entries), "--cycle", "2021", "--format", "sarif"]

        assert main([*words, "-o", str(target), "--lang", "en"]) == 1

        assert json.loads(target.read_text())["version"] == "2.1.0"
        assert f"report {target}: " in capsys.readouterr().out

    def test_json_is_the_same_by_either_name(
        self, entries: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["validate", str(entries), "--json"])
        first = capsys.readouterr().out
        main(["validate", str(entries), "--format", "json"])

        assert capsys.readouterr().out == first
        assert json.loads(first)["summary"]["records"] == 2

    def test_several_files_are_compared_with_each_other(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name in ("a.ndjson", "b.ndjson"):
            (tmp_path / name).write_bytes(as_ndjson([clean(1)]))
        files = [str(tmp_path / name) for name in ("a.ndjson", "b.ndjson")]

        main(["validate", *files, "--json"])
        both = json.loads(capsys.readouterr().out)
        main(["validate", *files, "--json", "--no-cross"])
        alone = json.loads(capsys.readouterr().out)

        assert "DUPLICATE_ID" in both["summary"]["codes"]
        assert "DUPLICATE_ID" not in alone["summary"]["codes"]

    def test_an_annotated_copy(self, tmp_path: Path) -> None:
        workbook = ROOT / "examples" / "entri-2021-bermasalah.xlsx"
        target = tmp_path / "diperiksa.xlsx"

        main(["validate", str(workbook), "--cycle", "2021", "--annotate", str(target)])

        sheet = openpyxl.load_workbook(target)["Entri"]
        marked = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment]
        assert len(marked) == 10
        assert "umum, replikasi, khusus" in sheet["G5"].comment.text

    def test_what_is_read_is_not_written(self, entries: Path) -> None:
        before = entries.read_bytes()

        assert main(["validate", str(entries), "-o", str(entries)]) == 2
        assert main(["validate", str(entries), "--annotate", str(entries)]) == 2
        assert entries.read_bytes() == before


class TestFix:
    def test_all(self, entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["fix", str(entries), "--cycle", "2021", "--yes", "--lang", "en"]) == 0

        assert "1 cure applied" in capsys.readouterr().out
        assert [json.loads(line)["group"] for line in entries.read_text().splitlines()] == [
            "umum",
            "umum",
        ]

    def test_only_shown(self, entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = entries.read_bytes()

        assert main(["fix", str(entries), "--cycle", "2021", "--dry-run", "--lang", "en"]) == 0

        out = capsys.readouterr().out
        assert "“UMUM”" in out
        assert entries.read_bytes() == before

    @pytest.mark.parametrize(
        ("answer", "group"), [("y\n", "umum"), ("n\n", "UMUM"), ("\n", "UMUM")]
    )
    def test_asked(
        self, entries: Path, answer: str, group: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import io

        monkeypatch.setattr("sys.stdin", io.StringIO(answer))

        main(["fix", str(entries), "--cycle", "2021"])

        assert json.loads(entries.read_text().splitlines()[1])["group"] == group


class TestOthers:
    @pytest.mark.parametrize("suffix", [".json", ".csv", ".xlsx", ".ndjson.gz"])
    def test_convert_there_and_back(self, tmp_path: Path, suffix: str) -> None:
        start, middle, back = (
            tmp_path / f"{n}{s}" for n, s in zip("abc", (".ndjson", suffix, ".ndjson"), strict=True)
        )
        made = [kipp.from_json(json.dumps(clean(number)), kipp.Proposal) for number in range(3)]
        write_records(start, made, kipp.Proposal)

        assert main(["convert", str(start), str(middle)]) == 0
        assert main(["convert", str(middle), str(back)]) == 0
        assert back.read_bytes() == start.read_bytes()

    def test_nothing_is_converted_where_a_record_is_faulty(
        self, entries: Path, tmp_path: Path
    ) -> None:
        assert main(["convert", str(entries), str(tmp_path / "x.csv")]) == 1
        assert not (tmp_path / "x.csv").exists()
        assert main(["convert", str(entries), str(entries)]) == 2

    @pytest.mark.parametrize("kind", KINDS)
    def test_schema(self, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["schema", kind]) == 0
        assert json.loads(capsys.readouterr().out)["$schema"].endswith("2020-12/schema")

    @pytest.mark.parametrize("lang", ["id", "en"])
    @pytest.mark.parametrize("kind", KINDS)
    def test_template_reads_back_as_empty(self, kind: str, lang: str, tmp_path: Path) -> None:
        path = tmp_path / "kosong.xlsx"

        assert main(["template", kind, "-o", str(path), "--lang", lang]) == 0

        found = kipp.validate(path, 2021, kind)
        assert (list(found), found.summary.records) == ([], 0)
        sheet = openpyxl.load_workbook(path).worksheets[0]
        assert all(cell.comment for cell in sheet[1])

    def test_a_template_filled_in_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "kosong.xlsx"
        main(["template", "proposal", "-o", str(path)])
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        cells = {
            "ID Proposal": "p",
            "ID Inovasi": "i",
            "Judul Inovasi": "Contoh",
            "Tahun KIPP": 2021,
        }
        for cell in sheet[1]:
            value = cells.get(cell.value, "Kota Ambon" if cell.value == "Instansi" else None)
            sheet.cell(2, cell.column).value = value
        book.save(path)

        found = kipp.validate(path, kind="proposal", book=kipp.rulebook(2021))

        assert found.summary.accepted == found.summary.records == 1
