"""Faults mended in their files: the patches that a person confirmed, and nothing else.

Of JSON only the records change, of CSV only the rows, of a workbook only the cells that are
mended; a workbook with formulas is not mended here.  The file is replaced as a whole or not at all,
and only if it is still the one that was reported on.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import attrs

from kipp.domain.errors import InvalidValue, MissingExtra
from kipp.domain.fault import Fault, Origin
from kipp.io.atomic import replacing
from kipp.io.canonical import digest
from kipp.io.container import check_container
from kipp.io.csv_table import dialect_of, harmless, written_rows
from kipp.io.document import parse
from kipp.io.files import format_of, opened, read_raw
from kipp.io.limits import LIMITS, Limits
from kipp.io.options import READING, Reading
from kipp.io.patches import patched
from kipp.io.raw import Raw
from kipp.messages.report import place

__all__ = ["FORMATS", "Confirm", "file_digest", "fix", "is_fixable"]

FORMATS = ("json", "ndjson", "csv", "xlsx")
"""The formats in which files are mended."""

Confirm: TypeAlias = Callable[[Fault], bool]
"""Asked of each fault that has a patch: whether it is applied."""


def file_digest(path: str | os.PathLike[str]) -> str:
    """The digest of a file as it is now."""
    with opened(path) as stream:
        return digest(stream.read())


def is_fixable(fault: Fault) -> bool:
    """Whether the cure of *fault* is certain enough to be applied."""
    return fault.cure is not None and bool(fault.cure.patch)


def fix(
    path: str | os.PathLike[str],
    faults: Iterable[Fault],
    kind: type,
    confirm: Confirm,
    *,
    seen: str | None = None,
    limits: Limits = LIMITS,
    reading: Reading = READING,
) -> int:
    """Apply the patches of *faults* that *confirm* says yes to; gives how many were applied.

    *faults* are those of a report; those that stand in other files are passed over.  *seen* is the
    digest that the file had when it was reported on.

    Raises:
        InvalidValue: the file changed since, is of a format that is not mended, or a patch does
            not fit what stands there.
    """
    name = os.fspath(path)
    chosen = format_of(path)
    if chosen.name not in FORMATS:
        raise InvalidValue("path", name, f"a file of one of {', '.join(FORMATS)}")
    own = (fault for fault in faults if fault.origin.file == name and is_fixable(fault))
    wanted = [fault for fault in own if confirm(fault)]
    with opened(path) as stream:
        content = stream.read()
    if seen is not None and digest(content) != seen:
        cure = "validate it again"
        raise InvalidValue("path", name, "the file that was reported on", cure=cure)
    if not wanted:
        return 0
    file = _File(name, content, kind, limits, reading)
    changed = _MENDED[chosen.name](file, wanted)
    with replacing(path) as target:
        target.write(changed)
    return len(wanted)


@attrs.frozen
class _File:
    name: str
    content: bytes
    kind: type
    limits: Limits
    reading: Reading


def _by_record(file: _File, faults: Iterable[Fault]) -> Iterator[tuple[int, Raw, list[Fault]]]:
    """The records that are mended, each with its number and its faults.

    A fault belongs to the record that begins last before it.
    """
    left = deque(sorted(faults, key=_offset))
    for number, raw, end in _records(file):
        found = []
        while left and _offset(left[0]) < end:
            found.append(left.popleft())
        if found:
            yield number, raw, found
        if not left:
            return


def _offset(found: Fault | Raw) -> int:
    return found.origin.offset or 0


def _records(file: _File) -> Iterator[tuple[int, Raw, int]]:
    """Each record with its number and the byte where the next one begins."""
    form = format_of(file.name).name
    stream = io.BytesIO(file.content)
    raws = read_raw(stream, file.kind, format=form, file=file.name, limits=file.limits)
    last: tuple[int, Raw] | None = None
    for number, raw in enumerate(raws):
        if last is not None:
            yield *last, _offset(raw)
        last = number, raw
    if last is not None:
        yield *last, len(file.content)


def _mended(data: Any, faults: Iterable[Fault]) -> Any:
    operations = [each for fault in faults if fault.cure for each in fault.cure.patch]
    return patched(data, operations)


def _by_text(file: _File, faults: Iterable[Fault]) -> bytes:
    """The records that are mended are written anew; what stands between and around them stays."""
    written, end = [], 0
    for _, raw, found in _by_record(file, faults):
        start = _offset(raw)
        text = _text_of_record(file.content[start:])
        data = _mended(parse(text), found)
        written += [file.content[end:start], _encoded(data, text, place(raw.origin))]
        end = start + len(text.encode())
    return b"".join([*written, file.content[end:]])


def _text_of_record(content: bytes) -> str:
    """The text of the JSON value that *content* begins with."""
    text = content.decode("utf-8", "replace")
    try:
        return text[: _DECODER.raw_decode(text)[1]]
    except (json.JSONDecodeError, RecursionError):
        return text.splitlines()[0] if text else ""


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
"""Finds where a value ends; its numbers may have more digits than Python makes a number of."""


def _encoded(data: Any, text: str, where: str) -> bytes:
    """*data*, read of *text*, as JSON; half characters are written out as they were.

    Raises:
        InvalidValue: a key stands twice in it, or a number nobody reads exactly: nothing is
            written anew that would say something else.
    """
    exact = all(repr(float(each[0])) == each[0] for each in _DECIMALS.finditer(_bare(text)))
    try:
        if not exact:
            raise TypeError
        written = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError):
        expected = "a record whose keys stand once and whose numbers are exact"
        cure = "correct that first"
        raise InvalidValue("path", where, expected, cure=cure) from None
    return written.encode("utf-8", "backslashreplace")


_TEXTS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_DECIMALS = re.compile(r"-?[0-9]+(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)")


def _bare(text: str) -> str:
    """*text* without what stands in quotes."""
    return _TEXTS.sub("", text)


def _cells(faults: Iterable[Fault]) -> Iterator[tuple[Origin, Any]]:
    """The cells that are mended, and what goes there."""
    for fault in faults:
        for operation in fault.cure.patch if fault.cure else ():
            if operation.op != "test":
                yield fault.origin, operation.value


def _csv(file: _File, faults: Iterable[Fault]) -> bytes:
    encoding, separator = dialect_of(file.content, file.reading, file.kind)
    text = file.content.decode(encoding, "surrogateescape")
    wanted: dict[int, dict[int, str]] = {}
    for origin, value in _cells(faults):
        if origin.row is not None and origin.column is not None:
            cell = "" if value is None else harmless(str(value))
            wanted.setdefault(origin.row, {})[_position(origin.column)] = cell
    written = []
    rows = written_rows(io.StringIO(text, newline=""), file.limits, separator)
    for number, (as_it_is, row) in enumerate(rows, 1):
        cells = wanted.get(number)
        if cells is None or row is None:
            written.append(as_it_is)
            continue
        mended = row + [""] * (max(cells) + 1 - len(row))
        for position, cell in cells.items():
            mended[position] = cell
        end = as_it_is[len(as_it_is.rstrip("\r\n")) :]
        line = io.StringIO(newline="")
        csv.writer(line, delimiter=separator, lineterminator=end).writerow(mended)
        written.append(line.getvalue())
    return "".join(written).encode(encoding, "surrogateescape")


def _position(letters: str) -> int:
    """The position of a column, from 0, by its letter."""
    number = 0
    for letter in letters:
        number = number * len("ABCDEFGHIJKLMNOPQRSTUVWXYZ") + ord(letter) - ord("A") + 1
    return number - 1


def _xlsx(file: _File, faults: Iterable[Fault]) -> bytes:
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("mending a workbook", "openpyxl", "xlsx") from None
    stream = io.BytesIO(file.content)
    check_container(stream, file.name, file.limits)
    book = openpyxl.load_workbook(stream)
    _refuse_formulas(book, file.name)
    for origin, value in _cells(faults):
        sheet = book[origin.sheet] if origin.sheet else book.worksheets[0]
        cell = sheet[f"{origin.column}{origin.row}"]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _refuse_formulas(book: Any, name: str) -> None:
    """A formula would lose the value that was calculated for it, which records are read from."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    where = f"{name}, {sheet.title}, {cell.coordinate}"
                    cure = "mend it in a spreadsheet program"
                    raise InvalidValue("path", cell.value, "a cell with no formula", where, cure)


_MENDED: Mapping[str, Callable[[_File, Iterable[Fault]], bytes]] = {
    "json": _by_text,
    "ndjson": _by_text,
    "csv": _csv,
    "xlsx": _xlsx,
}
