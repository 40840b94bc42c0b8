"""Looks into the container of a workbook before anything reads it.

A workbook is a packed folder of XML.  The library that reads workbooks trusts it: sizes it
declares are made room for, and a cell far down is given all the cells above it.  Here each file is
unpacked once, in small pieces, and refused where it is larger than the limits, no whole XML, or
holds what spreadsheets never write (a document type, entities, other alphabets).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from kipp.domain.errors import InvalidValue
from kipp.io.limits import Limits

__all__ = ["check_container"]

_BLOCK = 256 * 1024
_OVERLAP = 256
"""Longer than any mark that is looked for, so that none is lost between two blocks."""

_XML = (".xml", ".rels", ".vml")
_SHEET = re.compile(r"xl/(worksheets|chartsheets|dialogsheets|macrosheets)/", re.IGNORECASE)
_PLACE = re.compile(rb"""\sr\s*=\s*["']([^"']*)["']""")
_USUAL = re.compile(rb''' r="([A-Z]{0,3})([1-9][0-9]{0,6})"''')
_CELL = re.compile(rb"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(rb"[1-9][0-9]{0,6}")
_ATTRIBUTE = re.compile(rb"\sr\s*=")
_DIMENSION = re.compile(rb"""<(?:\w+:)?dimension\s[^>]*?ref\s*=\s*["']([^"']*)["']""")
_COUNT = re.compile(rb"""\s(?:unique|U)?[cC]ount\s*=\s*["']([^"']*)["']""")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_ENCRYPTED = 0x1


def check_container(stream: IO[bytes], file: str, limits: Limits) -> None:
    """Refuse a workbook that is broken, or larger than *limits* once unpacked.

    Raises:
        InvalidValue: what is wrong, with the name of the file inside.
    """
    try:
        with zipfile.ZipFile(stream) as container:
            _check_members(container, file, limits)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        if isinstance(error, InvalidValue):
            raise
        raise _refused(file, "", "a whole workbook (.xlsx)") from None
    except Exception as error:  # zlib.error and what else a broken packing may raise
        if type(error).__module__ != "zlib":
            raise
        raise _refused(file, "", "a whole workbook (.xlsx)") from None
    finally:
        stream.seek(0)


def _refused(file: str, value: object, expected: str, member: str = "") -> InvalidValue:
    where = f"{file}, {member}" if member else file
    cure = "open it in a spreadsheet program and save it again as .xlsx"
    return InvalidValue("workbook", value, expected, where, cure)


def _check_members(container: zipfile.ZipFile, file: str, limits: Limits) -> None:
    members = container.infolist()
    if len(members) > limits.members:
        raise _refused(file, len(members), f"at most {limits.members} files inside")
    names = [member.filename for member in members]
    if len({name.casefold() for name in names}) < len(names):
        raise _refused(file, "", "a container in which each file stands once")
    whole = sum(member.file_size for member in members)
    if whole > limits.member_bytes:
        raise _refused(file, whole, f"at most {limits.member_bytes} bytes once unpacked")
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise _refused(file, "", "a workbook without a password", member.filename)
        if member.file_size > limits.ratio * max(member.compress_size, 1):
            ratio = f"packed at most {limits.ratio} times smaller"
            raise _refused(file, member.file_size, ratio, member.filename)
    for member in members:
        if member.filename.lower().endswith(_XML):
            _check_xml(container, member, file, limits)


def _check_xml(
    container: zipfile.ZipFile, member: zipfile.ZipInfo, file: str, limits: Limits
) -> None:
    name = member.filename
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise _refused(file, "<!DOCTYPE", "XML without a document type", name)

    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = False
    reach = _Reach(file, name, limits) if _SHEET.match(name) else None
    try:
        for block in _blocks(container, member, file):
            parser.Parse(block)
            if reach is not None:
                reach.look(block)
            elif name.lower().endswith("sharedstrings.xml"):
                _check_counts(block, member.file_size, file, name)
        parser.Parse(b"", True)
    except LookupError:
        raise _refused(file, "", "XML in UTF-8", name) from None
    except expat.ExpatError as error:
        place = f"whole XML (line {error.lineno}, column {error.offset})"
        raise _refused(file, "", place, name) from None


def _blocks(container: zipfile.ZipFile, member: zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    with container.open(member) as text:
        while block := text.read(_BLOCK):
            if b"\0" in block:
                raise _refused(file, "\0", "XML in UTF-8", member.filename)
            yield block


def _check_counts(block: bytes, size: int, file: str, name: str) -> None:
    """Room is made for as many texts as a table of texts says: more than it could hold is wrong."""
    for stated in _COUNT.findall(block):
        if not (stated.isdigit() and int(stated) <= size):
            raise _refused(
                file, stated.decode("ascii", "replace"), "as many texts as there are", name
            )


class _Reach:
    """How far the cells of a sheet reach: every cell between them is made room for."""

    def __init__(self, file: str, name: str, limits: Limits) -> None:
        self._file, self._name, self._limits = file, name, limits
        self._columns: set[bytes] = set()
        self._first, self._last = _LAST_ROW, 1
        self._kept = b""

    def look(self, block: bytes) -> None:
        """Look at the places of the cells in *block*, the next of the sheet."""
        text = self._kept + block
        cut = text.rfind(b">") + 1
        text, self._kept = text[:cut], text[cut:][-_OVERLAP:]
        if b"dimension" in text:
            for stated in _DIMENSION.findall(text):
                self._declared(stated)
        usual = _USUAL.findall(text)
        columns, rows = {letters for letters, _ in usual}, {row for _, row in usual}
        # Written in another way, or no place at all: each is looked at by itself.
        if len(usual) < _places_stated(text):
            columns, rows = self._places(text)
        self._columns |= columns - {b""}
        if rows:
            numbers = [int(row) for row in rows]
            self._first = min(self._first, *numbers)
            self._last = max(self._last, *numbers)
        self._check(self._last - self._first + 1, self._width(), self._last)

    def _places(self, text: bytes) -> tuple[set[bytes], set[bytes]]:
        columns, rows = set(), set()
        for place in set(_PLACE.findall(text)):
            cell = _CELL.fullmatch(place)
            if cell is not None:
                columns.add(cell[1])
                rows.add(cell[2])
            elif _ROW.fullmatch(place):
                rows.add(place)
            else:
                shown = place.decode("utf-8", "replace")
                raise _refused(self._file, shown, "the place of a cell", self._name)
        return columns, rows

    def _width(self) -> int:
        found = [_number(letters) for letters in self._columns] or [1]
        return max(found) - min(found) + 1

    def _declared(self, stated: bytes) -> None:
        corners = [_CELL.fullmatch(corner) for corner in stated.split(b":")]
        if not corners or len(corners) > len("ab") or None in corners:
            shown = stated.decode("utf-8", "replace")
            raise _refused(self._file, shown, "the dimension of a sheet", self._name)
        columns = [_number(corner[1]) for corner in corners if corner]
        rows = [int(corner[2]) for corner in corners if corner]
        self._check(max(rows) - min(rows) + 1, max(columns) - min(columns) + 1, max(rows))

    def _check(self, rows: int, columns: int, last: int) -> None:
        if last > _LAST_ROW or columns > _LAST_COLUMN:
            raise _refused(self._file, last, f"at most {_LAST_ROW} rows", self._name)
        if rows > self._limits.rows or rows * columns > self._limits.cells:
            expected = f"at most {self._limits.cells} cells from the first to the last that is used"
            raise _refused(self._file, f"{rows} × {columns}", expected, self._name)


def _places_stated(text: bytes) -> int:
    """How many attributes of *text* may state a place, however they are written."""
    if b" r " in text or any(space in text for space in (b"\t", b"\n", b"\r")):
        return len(_ATTRIBUTE.findall(text))
    return text.count(b" r=")


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
