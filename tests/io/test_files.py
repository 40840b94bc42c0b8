"""Files: opened without waiting, written whole or not at all, mended where somebody says yes."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kipp
from kipp.domain.errors import InvalidValue, UnknownName
from kipp.domain.fault import Fault
from kipp.io.atomic import replacing, write_records
from kipp.io.checking import Checked, checked
from kipp.io.files import FORMATS, format_of, read_raw
from kipp.io.fixing import file_digest, fix, is_fixable
from kipp.io.kinds import KINDS
from tests.io.records import RECORDS

TEXT_FORMATS = ["entri.json", "entri.ndjson", "entri.json.gz", "entri.ndjson.gz", "entri.csv.gz"]


class TestOpening:
    """A path that is no file is refused at once, whatever it is."""

    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        pipe = tmp_path / "p.ndjson"
        os.mkfifo(pipe)

        with pytest.raises(InvalidValue, match="a file, not a pipe"):
            read_raw(pipe, kipp.Proposal)

    def test_a_folder(self, tmp_path: Path) -> None:
        folder = tmp_path / "f.json"
        folder.mkdir()

        with pytest.raises(InvalidValue, match="a file, not a folder"):
            read_raw(folder, kipp.Proposal)

    def test_a_device(self) -> None:
        with pytest.raises(InvalidValue, match="a file, not a device"):
            read_raw("/dev/zero", kipp.Proposal, format="json")

    def test_nothing_there(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidValue, match="a file that is there"):
            read_raw(tmp_path / "x.json", kipp.Proposal)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_not_to_be_read(self, tmp_path: Path) -> None:
        secret = tmp_path / "x.json"
        secret.write_text("[]")
        secret.chmod(0)

        with pytest.raises(InvalidValue, match="a file that may be read"):
            read_raw(secret, kipp.Proposal)

    def test_a_path_that_is_none(self) -> None:
        with pytest.raises(InvalidValue, match="the path of a file"):
            read_raw("a\0b.json", kipp.Proposal)

    def test_a_format_that_nobody_knows(self) -> None:
        with pytest.raises(UnknownName, match="a file ending in one of"):
            format_of("entri.doc")
        with pytest.raises(UnknownName, match="one of json"):
            format_of("entri.json", "doc")
        assert format_of("ENTRI.JSON").name == "json"
        assert format_of("a.b.ndjson.gz").name == "ndjson.gz"
        assert {"json", "ndjson.gz", "csv", "xlsx", "parquet"} <= FORMATS.keys()


class TestWriting:
    @pytest.mark.parametrize("name", TEXT_FORMATS)
    @pytest.mark.parametrize("kind", [kind.type for kind in KINDS.values()], ids=list(KINDS))
    @given(data=st.data())
    def test_what_is_written_reads_back_equal(
        self, kind: type, name: str, data: st.DataObject, tmp_path_factory: Any
    ) -> None:
        values = data.draw(st.lists(RECORDS[kind], min_size=1, max_size=3))
        path = tmp_path_factory.getbasetemp() / name
        write_records(path, values, kind)

        found: list[Checked[Any]] = [checked(raw, kind) for raw in read_raw(path, kind)]

        assert [each.value for each in found] == values

    def test_packed_files_are_the_same_whenever_written(self, tmp_path: Path) -> None:
        for name in ("a.ndjson.gz", "b.ndjson.gz"):
            write_records(tmp_path / name, [], kipp.Proposal)

        first, second = ((tmp_path / name).read_bytes() for name in ("a.ndjson.gz", "b.ndjson.gz"))
        assert first == second
        assert gzip.decompress(first) == b""

    def test_an_error_leaves_the_old_file_and_nothing_else(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("old")

        def broken() -> None:
            with replacing(path) as stream:
                stream.write(b"new")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            broken()

        assert path.read_text() == "old"
        assert os.listdir(tmp_path) == ["a.txt"]  # noqa: PTH208  # hidden files count too

    def test_permissions_and_links_stay(self, tmp_path: Path) -> None:
        path, link = tmp_path / "a.txt", tmp_path / "l.txt"
        path.write_text("old")
        path.chmod(0o640)
        link.symlink_to(path)

        with replacing(link) as stream:
            stream.write(b"new")

        assert link.is_symlink()
        assert path.read_text() == "new"
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidValue), replacing(tmp_path / "no" / "a.txt"):
            pass

    def test_a_process_that_is_killed_leaves_the_old_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("old")
        code = (
            "import sys\n"
            "from kipp.io.atomic import replacing\n"
            "with replacing(sys.argv[1]) as stream:\n"
            "    stream.write(b'new' * 100_000)\n"
            "    stream.flush()\n"
            "    print('written', flush=True)\n"
            "    sys.stdin.read()\n"
        )
        writer = subprocess.Popen(
            [sys.executable, "-c", code, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        assert writer.stdin is not None
        assert writer.stdout.readline() == "written\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdin.close()
        writer.stdout.close()

        assert path.read_text() == "old"


def record(number: int, **changed: Any) -> dict[str, Any]:
    innovation = {"id": f"i{number}", "title": f"Contoh {number}", "agency": "kota-ambon"}
    return {"id": f"p{number}", "innovation": innovation, "cycle": 2021, "group": "umum", **changed}


WRONG = [record(1), record(2, group="UMUM"), record(3, cycle="2021")]
"""Two records with a fault whose cure is certain."""
MENDED = [record(1), record(2), record(3)]


def faults_of(path: Path) -> list[Fault]:
    return [fault for fault in kipp.validate(path, 2021) if is_fixable(fault)]


def ndjson(records: list[dict[str, Any]], end: str = "\n") -> bytes:
    return "".join(f"{json.dumps(each)}{end}" for each in records).encode()


class TestFixing:
    """The certain cures that somebody confirms, and nothing else of the file."""

    def test_lines_of_json(self, tmp_path: Path) -> None:
        path = tmp_path / "e.ndjson"
        first = b'{ "id" : "p1",' + json.dumps(record(1)).encode()[len('{"id": "p1",') :] + b"\r\n"
        path.write_bytes(first + ndjson(WRONG[1:]))

        assert fix(path, faults_of(path), kipp.Proposal, lambda _: True) == 2

        lines = path.read_bytes().splitlines(keepends=True)
        assert lines[0] == first
        assert [json.loads(line) for line in lines] == MENDED

    def test_a_document_of_json(self, tmp_path: Path) -> None:
        path = tmp_path / "e.json"
        path.write_text(json.dumps(WRONG))

        assert fix(path, faults_of(path), kipp.Proposal, lambda _: True) == 2
        assert json.loads(path.read_text()) == MENDED

    def test_what_stands_around_a_mended_line_stays(self, tmp_path: Path) -> None:
        """Line ends of every kind, a mark of UTF-8, a blank line, a line that is no JSON."""
        path = tmp_path / "e.ndjson"
        first, last = json.dumps(WRONG[0]).encode(), json.dumps(WRONG[2]).encode()
        second = json.dumps(WRONG[1]).encode()
        mark, broken = b"\xef\xbb\xbf", b"{x\n"
        path.write_bytes(mark + first + b"\r\n\r" + second + b"\r" + broken + last + b"\n\n")

        assert fix(path, faults_of(path), kipp.Proposal, lambda _: True) == 2

        second, last = (
            json.dumps(each, separators=(",", ":")).encode() for each in (MENDED[1], MENDED[2])
        )
        expected = mark + first + b"\r\n\r" + second + b"\r" + broken + last + b"\n\n"
        assert path.read_bytes() == expected

    @pytest.mark.parametrize("more", ['"unit": "a", "unit": "b"', f'"sdgs": [{"9" * 5_000}]'])
    def test_a_record_that_nobody_reads_exactly_is_refused(self, tmp_path: Path, more: str) -> None:
        path = tmp_path / "e.ndjson"
        title = '"title": "Contoh 2"'
        path.write_text(json.dumps(WRONG[1]).replace(title, f"{title}, {more}"))

        with pytest.raises(InvalidValue, match="whose keys stand once and whose numbers are exact"):
            fix(path, faults_of(path), kipp.Proposal, lambda _: True)

    def test_half_characters_stay_as_they_are(self, tmp_path: Path) -> None:
        path = tmp_path / "e.ndjson"
        path.write_text(json.dumps({**WRONG[1], "category": "\ud800"}))

        assert fix(path, faults_of(path), kipp.Proposal, lambda _: True) == 1
        assert json.loads(path.read_text())["category"] == "\ud800"

    def test_faults_of_other_files_are_passed_over(self, tmp_path: Path) -> None:
        path, other = tmp_path / "e.ndjson", tmp_path / "o.ndjson"
        path.write_bytes(ndjson(WRONG[:2]))
        other.write_bytes(ndjson([record(7, group="UMUM")]))
        before = path.read_bytes()

        assert fix(path, faults_of(other), kipp.Proposal, lambda _: True) == 0
        assert path.read_bytes() == before

    @given(st.lists(st.sampled_from(range(len(WRONG))), max_size=6), st.booleans())
    def test_nothing_certain_is_left_and_nothing_else_changed(
        self, chosen: list[int], as_lines: bool
    ) -> None:
        records = [dict(WRONG[each], id=f"q{at}") for at, each in enumerate(chosen)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "e.ndjson" if as_lines else "e.json")
            path.write_bytes(ndjson(records) if as_lines else json.dumps(records).encode())
            faults = faults_of(path)

            assert fix(path, faults, kipp.Proposal, lambda _: True) == len(faults)

            text = path.read_text()
            found = (
                [json.loads(each) for each in text.splitlines()] if as_lines else json.loads(text)
            )
        assert found == [dict(MENDED[each], id=f"q{at}") for at, each in enumerate(chosen)]

    def test_only_what_is_confirmed(self, tmp_path: Path) -> None:
        path = tmp_path / "e.ndjson"
        path.write_bytes(ndjson(WRONG))

        done = fix(path, faults_of(path), kipp.Proposal, lambda fault: fault.pointer == "/cycle")

        assert done == 1
        assert path.read_bytes().splitlines()[:2] == ndjson(WRONG).splitlines()[:2]

    def test_nothing_confirmed_nothing_written(self, tmp_path: Path) -> None:
        path = tmp_path / "e.ndjson"
        path.write_bytes(ndjson(WRONG))
        before = path.stat().st_ino

        assert fix(path, faults_of(path), kipp.Proposal, lambda _: False) == 0
        assert path.stat().st_ino == before

    def test_a_file_that_changed_since_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "e.ndjson"
        path.write_bytes(ndjson(WRONG))
        seen, faults = file_digest(path), faults_of(path)
        path.write_bytes(ndjson(WRONG[::-1]))

        with pytest.raises(InvalidValue, match="the file that was reported on"):
            fix(path, faults, kipp.Proposal, lambda _: True, seen=seen)
        assert path.read_bytes() == ndjson(WRONG[::-1])

    @pytest.mark.parametrize("name", ["e.csv", "e.xlsx"])
    def test_cells(self, tmp_path: Path, name: str) -> None:
        """A code of a certain cure in a table: an agency by its name where its key belongs."""
        pytest.importorskip("openpyxl", reason="openpyxl is not installed")
        from kipp.domain.fault import Cure, Operation, Origin, Severity

        path = tmp_path / name
        write_records(path, [checked_proposal(number) for number in (1, 2)], kipp.Proposal)
        sheet = "Proposal" if name.endswith("xlsx") else None
        patch = (Operation(op="replace", path="/innovation/agency", value="kota-tual"),)
        fault = Fault(
            code="X",
            severity=Severity.BLOCKS,
            origin=Origin(file=str(path), sheet=sheet, row=3, column="D"),
            cure=Cure(code="X", patch=patch),
        )
        before = path.read_bytes()

        assert fix(path, [fault], kipp.Proposal, lambda _: True) == 1

        found = [checked(raw, kipp.Proposal).value for raw in read_raw(path, kipp.Proposal)]
        assert [each and each.agency for each in found] == ["kota-ambon", "kota-tual"]
        if name == "e.csv":
            assert path.read_bytes().splitlines()[:2] == before.splitlines()[:2]

    def test_a_format_that_is_not_mended(self, tmp_path: Path) -> None:
        path = tmp_path / "e.ndjson.gz"
        write_records(path, [], kipp.Proposal)

        with pytest.raises(InvalidValue, match="a file of one of json, ndjson, csv, xlsx"):
            fix(path, [], kipp.Proposal, lambda _: True)


def checked_proposal(number: int) -> kipp.Proposal:
    return kipp.from_json(json.dumps(record(number)), kipp.Proposal)


class TestStreams:
    """What is not a path but an open stream is read as well, and not closed."""

    def test_by_a_name(self) -> None:
        stream = io.BytesIO(ndjson(MENDED))

        assert len(list(read_raw(stream, kipp.Proposal, file="e.ndjson"))) == 3
        assert not stream.closed
