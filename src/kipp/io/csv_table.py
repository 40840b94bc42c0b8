"""CSV as offices write it: UTF-8 with or without a mark, or cp1252; commas, semicolons or tabs.

What is not declared is found out from the beginning of the file, and said in a note where it had
to be guessed.  A text that a spreadsheet would calculate is written behind an apostrophe, which
is taken off again in reading; so what was written reads back the same.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any

import attrs

from kipp.domain.fault import Cure, Fault, Origin, Severity
from kipp.io.cells import cell_of
from kipp.io.columns import widest
from kipp.io.limits import Limits
from kipp.io.options import Reading
from kipp.io.raw import Raw
from kipp.io.table import Row, headers_fit, records

__all__ = ["dialect_of", "harmless", "read_csv", "rows_of", "write_csv", "written_rows"]

_SAMPLE = 64 * 1024
_SEPARATORS = (",", ";", "\t")
_UTF_8, _OFFICE = "utf-8", "cp1252"
_OTHER_ENCODINGS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_CALCULATED = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""A text that a spreadsheet takes for a formula, behind any number of apostrophes."""


def read_csv(
    stream: IO[bytes], kind: type, *, file: str, limits: Limits, reading: Reading
) -> Iterator[Raw]:
    """The records of *kind* in a CSV file, one after the other."""
    sample = stream.read(_SAMPLE)
    if sample.startswith(_OTHER_ENCODINGS) or b"\0" in sample[:2]:
        yield _said(file, "OTHER_ENCODING", Severity.BLOCKS, "SAVE_AS_UTF8")
        return
    encoding, is_guess = _encoding(sample, reading)
    separator = reading.separator or _separator(sample, encoding, kind)
    joined = io.BufferedReader(_Joined(sample, stream))
    text = io.TextIOWrapper(joined, encoding, errors="surrogateescape", newline="")
    told = attrs.evolve(reading, separator=separator)
    if is_guess:
        yield _said(file, "ENCODING_GUESSED", Severity.NOTE, "DECLARE_ENCODING", encoding)
    yield from records(_rows(text, file, limits, told), kind, file=file, reading=told)
    text.detach()


def dialect_of(content: bytes, reading: Reading, kind: type | None = None) -> tuple[str, str]:
    """The encoding and the separator of a CSV file that begins with *content*."""
    sample = content[:_SAMPLE]
    encoding, _ = _encoding(sample, reading)
    return encoding, reading.separator or _separator(sample, encoding, kind)


class _Joined(io.RawIOBase):
    """What was read already, then the rest of the stream."""

    def __init__(self, begun: bytes, rest: IO[bytes]) -> None:
        self._begun = begun.removeprefix(codecs.BOM_UTF8)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        given = self._begun[: len(buffer)] or self._rest.read(len(buffer))
        self._begun = self._begun[len(given) :]
        buffer[: len(given)] = given
        return len(given)


def _encoding(sample: bytes, reading: Reading) -> tuple[str, bool]:
    """The encoding, and whether it was guessed."""
    if reading.encoding is not None:
        return reading.encoding, False
    try:
        codecs.getincrementaldecoder(_UTF_8)().decode(sample)
    except UnicodeDecodeError:
        return _OFFICE, True
    return _UTF_8, False


def _said(file: str, code: str, severity: Severity, cure: str, value: object = None) -> Raw:
    """What is said of the file as a whole."""
    origin = Origin(file=file)
    fault = Fault(
        code=code,
        severity=severity,
        origin=origin,
        values=(("name", file), ("value", value)),
        cure=Cure(code=cure),
    )
    return Raw(data=None, origin=origin, place=lambda _: origin, faults=(fault,), is_record=False)


def _separator(sample: bytes, encoding: str, kind: type | None) -> str:
    """The sign under which most headers of the kind are found, else the one that stands most."""
    text = sample.decode(encoding, "replace").removeprefix("\ufeff")
    lines = text.splitlines(keepends=True)

    def fit(sign: str) -> tuple[int, int]:
        if kind is None:
            return 0, text.count(sign)
        rows = (
            Row(number, cells) for number, cells in enumerate(csv.reader(lines, delimiter=sign), 1)
        )
        try:
            return headers_fit(rows, kind), text.count(sign)
        except csv.Error:
            return 0, text.count(sign)

    return max(_SEPARATORS, key=fit)


# Rows


def _rows(text: IO[str], file: str, limits: Limits, reading: Reading) -> Iterator[Row]:
    """The rows of the file, blank ones too, so that they count as a spreadsheet counts them."""
    lines = _Lines(text, limits)
    made = _reader(lines, limits, reading.separator or ",")
    number = 0
    while True:
        number += 1
        begins = lines.read + 1
        origin = Origin(file=file, row=number, line=begins)
        try:
            cells = next(made)
        except StopIteration:
            return
        except csv.Error:
            cells = []
            code = "QUOTE_UNCLOSED" if lines.is_done else "ROW_UNREADABLE"
            yield Row(number, (), begins, (_broken(code, origin, "CLOSE_QUOTE"),))
            continue
        if lines.cut:
            lines.cut = False
            cut = _broken("RECORD_TOO_LONG", origin, "RAISE_LIMIT", longest=limits.record_bytes)
            yield Row(number, (), begins, (cut,))
            continue
        if len(cells) > limits.columns:
            wide = _broken("TOO_MANY_COLUMNS", origin, "CLOSE_QUOTE", limit=limits.columns)
            yield Row(number, (), begins, (wide,))
            continue
        yield Row(number, [_read_cell(cell) for cell in cells], begins)


def written_rows(
    text: IO[str], limits: Limits, separator: str
) -> Iterator[tuple[str, list[str] | None]]:
    """Each row as it is written, and its cells; none where it cannot be read.

    Rows are those that :func:`read_csv` counts: whoever changes a row changes the one it told of.
    """
    lines = _Lines(text, limits, keeps=True)
    made = _reader(lines, limits, separator)
    while True:
        lines.taken.clear()
        cells: list[str] | None
        try:
            cells = next(made)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        if lines.cut or (cells is not None and len(cells) > limits.columns):
            lines.cut, cells = False, None
        yield "".join(lines.taken), cells


def _reader(lines: Iterable[str], limits: Limits, separator: str) -> Iterator[list[str]]:
    """The cells of each row; a cell may be as long as a record."""
    if csv.field_size_limit() < limits.record_bytes:
        csv.field_size_limit(limits.record_bytes)
    return iter(csv.reader(lines, delimiter=separator, strict=True))


class _Lines(Iterator[str]):
    """The lines of a text, none longer than a record may be; *read* is how many there were.

    *taken* are those read since somebody cleared them, whole.
    """

    def __init__(self, text: IO[str], limits: Limits, *, keeps: bool = False) -> None:
        self.taken: list[str] = []
        self._keeps = keeps
        self._text = text
        self._most = limits.record_bytes
        self.read = 0
        self.cut = False
        self.is_done = False

    def __next__(self) -> str:
        line = self._text.readline(self._most + 1)
        if not line:
            self.is_done = True
            raise StopIteration
        self.read += 1
        if self._keeps:
            self.taken.append(line)
        if len(line) <= self._most:
            return line
        self.cut = True
        while line and not line.endswith(("\n", "\r")):
            line = self._text.readline(self._most)
            if self._keeps:
                self.taken.append(line)
        return "\n"


def _broken(code: str, origin: Origin, cure: str, **values: object) -> Fault:
    return Fault(
        code=code,
        severity=Severity.BLOCKS,
        origin=origin,
        values=tuple(values.items()),
        cure=Cure(code=cure),
    )


# Cells


def harmless(text: str) -> str:
    """*text* as a spreadsheet shows it and does not calculate it."""
    return f"'{text}" if _CALCULATED.match(text) else text


def _read_cell(text: str) -> str:
    return text[1:] if text.startswith("'") and _CALCULATED.match(text) else text


def write_csv(stream: IO[bytes], values: Iterable[Any], kind: type) -> None:
    """A table with Indonesian headers, in UTF-8 with its mark, one value a row.

    Raises:
        InvalidType, InvalidValue: a value that is no record of *kind*, or that a cell cannot hold.
    """
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="", write_through=True)
    written = csv.writer(text)
    columns = widest(kind)
    written.writerow([column.name("id") for column in columns])
    for cells in rows_of(values, kind):
        written.writerow([_written(cell) for cell in cells])
    text.detach()


def rows_of(values: Iterable[Any], kind: type) -> Iterator[list[Any]]:
    """The cells of each value, in the order of the columns."""
    from kipp.io.converter import plain

    columns = widest(kind)
    for value in values:
        data = plain(value)
        yield [
            None if found is None else cell_of(found, column.kind)
            for column in columns
            for found in (_inside(data, column.path),)
        ]


def _inside(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _written(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "ya" if cell else "tidak"
        case str():
            return harmless(cell)
        case _:
            return str(cell)
