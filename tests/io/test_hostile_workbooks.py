"""Workbooks that are broken, or made to break whoever reads them: a clear error, nothing else."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kipp.domain.agency import AgencyKey
from kipp.domain.errors import InvalidValue
from kipp.domain.hub import HubCandidate
from kipp.io.limits import LIMITS, Limits
from kipp.io.options import READING
from kipp.io.workbook import read_xlsx, write_xlsx

pytest.importorskip("python_calamine", reason="python-calamine is not installed")
pytest.importorskip("xlsxwriter", reason="xlsxwriter is not installed")

SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"


GOOD_ONE = HubCandidate(agency=AgencyKey("kota-ambon"), leader_commitment=True)


def good() -> bytes:
    stream = io.BytesIO()
    write_xlsx(stream, [GOOD_ONE], HubCandidate)
    return stream.getvalue()


GOOD = good()


def changed(
    member: str, change: Callable[[bytes], bytes], more: dict[str, bytes] | None = None
) -> bytes:
    """The good workbook with one file inside it changed, and *more* files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(stream, "w", 8) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == member else content)
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return stream.getvalue()


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return change


def read(content: bytes, limits: Limits = LIMITS) -> list[Any]:
    stream = io.BytesIO(content)
    found = read_xlsx(stream, HubCandidate, file="f.xlsx", limits=limits, reading=READING)
    return list(found)


def test_the_good_one() -> None:
    (raw,) = read(GOOD)
    assert raw.data == {"agency": "kota-ambon", "leader_commitment": True}


BOMB = b"<a>" + b" " * 50_000_000 + b"</a>"
DECLARED = b'<dimension ref="A1:XFD1048576"/>'
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'

HOSTILE = {
    "no container": b"not a workbook",
    "empty": b"",
    "cut short": GOOD[: len(GOOD) // 2],
    "a bomb": changed("", bytes, {"xl/media/x.xml": BOMB}),
    "a file twice in other letters": changed("", bytes, {SHEET.upper(): b"<a/>"}),
    "huge dimensions": changed(
        SHEET, lambda text: text.replace(b"<sheetData>", DECLARED + b"<sheetData>", 1)
    ),
    "a filled last row and column": changed(SHEET, replaced(b"</sheetData>", FAR)),
    "a place that is none": changed(SHEET, replaced(b'r="A2"', b'r="A99999999999"')),
    "a place in entities": changed(SHEET, replaced(b'r="A2"', b'r="&#65;2"')),
    "entities": changed(SHEET, replaced(b"<worksheet", ENTITIES + b"<worksheet")),
    "no whole XML": changed(SHEET, lambda text: text[:-20]),
    "more texts declared than there are": changed(
        TEXTS, replaced(b"uniqueCount=", b'x="" uniqueCount="4000000000" y=')
    ),
    "zeros": changed(SHEET, lambda text: text + b"\0"),
    "another alphabet": changed(SHEET, lambda text: text.decode().encode("utf-16")),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_is_refused_with_a_clear_error(content: bytes) -> None:
    with pytest.raises(InvalidValue) as error:
        read(content)

    assert error.value.where.startswith("f.xlsx")
    assert error.value.cure


def test_a_nearly_empty_sheet_with_a_filled_last_row() -> None:
    """One column of a million rows is within the limits, thirty of them are not."""
    last = b'<row r="1048576"><c r="%s1048576"><v>1</v></c></row></sheetData>'
    tall = changed(SHEET, replaced(b"</sheetData>", last % b"A"))
    wide = changed(SHEET, replaced(b"</sheetData>", last % b"AD"))

    assert len(read(tall)) == 2
    with pytest.raises(InvalidValue, match="1048576 × 30"):
        read(wide)


def test_limits_are_named_parameters() -> None:
    for name, limits in {
        "files inside": Limits(members=3),
        "bytes once unpacked": Limits(member_bytes=1000),
        "times smaller": Limits(ratio=1),
        "cells": Limits(cells=3),
    }.items():
        with pytest.raises(InvalidValue, match=name):
            read(GOOD, limits)


FUZZ = """
import io, random, resource, sys, zipfile
from pathlib import Path

resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))
from kipp.domain.errors import KippError
from kipp.domain.hub import HubCandidate
from kipp.io.limits import LIMITS
from kipp.io.options import READING
from kipp.io.workbook import read_xlsx

good = Path(sys.argv[1]).read_bytes()
luck = random.Random(7)
read = refused = 0
with zipfile.ZipFile(io.BytesIO(good)) as old:
    members = {name: old.read(name) for name in old.namelist()}
marks = [b"<", b">", b'"', b"/", b"&", b"0", b"9" * 9, b"-1", b"\\xff", b"s", b"<c>", b"r=", b"t="]
for _ in range(int(sys.argv[2])):
    name = luck.choice(sorted(members))
    text = bytearray(members[name])
    for _ in range(luck.randint(1, 3)):
        at = luck.randrange(len(text))
        text[at : at + luck.randint(0, 3)] = luck.choice(marks)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", 8) as new:
        for each, content in members.items():
            new.writestr(each, bytes(text) if each == name else content)
    stream.seek(0)
    try:
        for raw in read_xlsx(stream, HubCandidate, file="f", limits=LIMITS, reading=READING):
            read += 1
    except KippError:
        refused += 1
print(read, refused)
"""


def test_no_flipped_byte_ends_the_process(tmp_path: Path) -> None:
    """In a process of its own, with bounded memory: each ends in records or in a clear error."""
    good_one = tmp_path / "good.xlsx"
    good_one.write_bytes(GOOD)

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FUZZ, str(good_one), "600"],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    read_count, refused = map(int, done.stdout.split())
    assert min(read_count, refused) > 20
