"""JSON read as a stream: one record a line (NDJSON), or the items of an array.

Memory holds one record and one block of the file, however long the file is.  What is wrong with
the text of a record is a fault at its line and byte; the lines after it are still read.  An array
that breaks ends there: where its items begin is not known any more, and nothing is guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any, TypeAlias

import attrs

from kipp.domain.fault import Cure, Fault, Origin, Severity, to_pointer
from kipp.io.document import LARGEST, LongNumber, Path
from kipp.io.fast import Line, taking
from kipp.io.formats import to_json
from kipp.io.limits import Limits
from kipp.io.options import Reading
from kipp.io.packed import is_broken
from kipp.io.raw import Raw

__all__ = [
    "Block",
    "Piece",
    "blocks",
    "placed",
    "read_json",
    "read_ndjson",
    "record",
    "write_json",
    "write_ndjson",
]

_BLOCK = 256 * 1024
_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
_SHOWN = 20
"""So many characters are shown of a text that is no JSON."""


# Lines


@attrs.frozen
class Block:
    """Whole lines of a text: the first is number *line* and begins at byte *offset*."""

    data: bytes
    line: int
    offset: int

    def origin(self, index: int, file: str) -> Origin:
        """Where the line *index*, from 0, stands."""
        before = sum(map(len, self.data.splitlines(keepends=True)[:index]))
        return Origin(file=file, line=self.line + index, offset=self.offset + before)


Piece: TypeAlias = Block | Raw
"""Lines, or what stands for a line that cannot be read."""


def blocks(stream: IO[bytes], file: str, limits: Limits) -> Iterator[Piece]:
    """The text of *stream* in blocks of whole lines; a line that is too long is a fault.

    A line ends with a line feed, a carriage return or both.
    """
    held, line, offset = _begin(stream)
    if _is_other_encoding(held):
        yield _unread("OTHER_ENCODING", Origin(file=file, line=line, offset=offset), limits)
        return
    while True:
        cut = _last_end(held)
        if cut:
            whole, held = held[:cut], held[cut:]
            yield from _within(Block(whole, line, offset), file, limits)
            line += _breaks(whole)
            offset += cut
        if len(held) > limits.record_bytes:
            yield _unread("RECORD_TOO_LONG", Origin(file=file, line=line, offset=offset), limits)
            skipped, held = _skipped(stream, held)
            offset += skipped
            line += 1
            continue
        more = stream.read(_BLOCK)
        if not more:
            break
        held += more
    if held and not is_broken(stream):
        yield from _within(Block(held, line, offset), file, limits)


def _begin(stream: IO[bytes]) -> tuple[bytes, int, int]:
    """The first bytes without their mark of UTF-8, the number of their line and their offset."""
    held = b""
    while len(held) < len(_BOM) and (more := stream.read(_BLOCK)):
        held += more
    marked = held.startswith(_BOM)
    return held.removeprefix(_BOM), 1, len(_BOM) * marked


def _is_other_encoding(first: bytes) -> bool:
    """Whether a text begins as one in UTF-16 or UTF-32 does."""
    return first.startswith(_OTHER_ENCODINGS) or b"\0" in first[:2]


def _last_end(held: bytes) -> int:
    """Just after the last end of a line; a carriage return at the very end may be half of one."""
    return max(held.rfind(b"\n"), held.rfind(b"\r", 0, len(held) - 1)) + 1


def _breaks(data: bytes) -> int:
    if b"\r" not in data:
        return data.count(b"\n")
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _within(block: Block, file: str, limits: Limits) -> Iterator[Piece]:
    """*block*, or its lines one by one where some may be too long."""
    if len(block.data) <= limits.record_bytes:
        yield block
        return
    offset = block.offset
    for index, line in enumerate(block.data.splitlines(keepends=True)):
        if len(line.rstrip(b"\r\n")) > limits.record_bytes:
            origin = Origin(file=file, line=block.line + index, offset=offset)
            yield _unread("RECORD_TOO_LONG", origin, limits)
        else:
            yield Block(line, block.line + index, offset)
        offset += len(line)


def _skipped(stream: IO[bytes], held: bytes) -> tuple[int, bytes]:
    """How many bytes the rest of a line takes, and what was read after it."""
    skipped = 0
    while True:
        end = _FIRST_END.search(held)
        if end is not None:
            return skipped + end.end(), held[end.end() :]
        kept = held[-1:] if held.endswith(b"\r") else b""
        skipped += len(held) - len(kept)
        more = stream.read(_BLOCK)
        if not more:
            return skipped + len(kept), b""
        held = kept + more


_FIRST_END = re.compile(rb"\n|\r\n|\r(?!\Z)")


def read_ndjson(
    stream: IO[bytes], kind: type, *, file: str, limits: Limits, reading: Reading
) -> Iterator[Raw]:
    """The records of a text with one a line; blank lines are passed over."""
    del reading
    take = taking(kind)
    for piece in blocks(stream, file, limits):
        if isinstance(piece, Raw):
            yield piece
            continue
        number, offset = piece.line, piece.offset
        for line in piece.data.splitlines(keepends=True):
            taken = None if take is None else take(line)
            if taken is not None:
                like_raw: Any = Line(taken, kind, line, (file, number, offset))
                yield like_raw
            elif line.strip(_SPACE):
                origin = Origin(file=file, line=number, offset=offset)
                yield record(line.rstrip(b"\r\n"), origin, limits)
            number += 1
            offset += len(line)


# Arrays


def read_json(
    stream: IO[bytes], kind: type, *, file: str, limits: Limits, reading: Reading
) -> Iterator[Raw]:
    """The items of a text that is an array, one by one; any other value is one record."""
    del kind, reading
    return _Document(stream, file, limits).records()


class _Stop(Exception):
    """The text cannot be read further: the fault *code*, and where it stands."""

    def __init__(self, code: str, origin: Origin) -> None:
        self.code = code
        self.origin = origin
        super().__init__(code, origin)


# A text outside and inside quotes, up to the next sign that matters; nothing is tried twice.
_OUTSIDE = re.compile(rb'[^"\[\]{}]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"\[\]{}]*+)*+', re.DOTALL)
_INSIDE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_WORD = re.compile(rb'[^\s,:"\[\]{}]*+')
_OPENING = re.compile(rb"[\[{]++")
_CLOSING = re.compile(rb"[\]}]++")
_UNENDED = re.compile(rb'\s*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+\\?|[-+.\w]*+)', re.DOTALL)
_BLANK = re.compile(rb"[ \t\r\n]*+")


class _Document:
    """A JSON text read block by block: *held* is at hand, *at* is where reading stands in it."""

    def __init__(self, stream: IO[bytes], file: str, limits: Limits) -> None:
        self._stream = stream
        self._file = file
        self._limits = limits
        self._held, self._line, self._offset = _begin(stream)
        self._at = 0
        self._lost = False

    def records(self) -> Iterator[Raw]:
        """Every record, and last what ended the text before its end."""
        try:
            yield from self._values()
        except _Stop as stop:
            if stop.code != "JSON_CUT_SHORT" or not is_broken(self._stream):
                yield _unread(stop.code, stop.origin, self._limits, self._shown())

    def _values(self) -> Iterator[Raw]:
        if _is_other_encoding(self._held):
            raise _Stop("OTHER_ENCODING", self._here())
        if self._next() == b"[":
            self._at += 1
            yield from self._items()
        else:
            yield self._value()
        if not self._lost and self._next():
            raise _Stop("TEXT_AFTER_END", self._here())

    def _items(self) -> Iterator[Raw]:
        if self._next() == b"]":
            self._at += 1
            return
        while True:
            yield self._value()
            if self._lost:
                return
            sign = self._next()
            if sign not in (b",", b"]"):
                raise _Stop("NOT_JSON" if sign else "JSON_CUT_SHORT", self._here())
            self._at += 1
            if sign == b"]":
                return

    def _value(self) -> Raw:
        """The value that comes next; the cursor goes to its end."""
        first = self._next()
        self._drop()
        begin, start = self._here(), self._at
        if not first:
            raise _Stop("JSON_CUT_SHORT", begin)
        whole = self._pass_nested(begin) if first in b'"[{' else self._pass_word()
        if not whole:
            return _unread("RECORD_TOO_LONG", begin, self._limits)
        text = self._held[start : self._at]
        if not text:
            raise _Stop("NOT_JSON", begin)
        found = record(text, begin, self._limits)
        # Where a value breaks, the signs that follow may be those of a text inside it.
        self._lost = any(fault.code == "NOT_JSON" for fault in found.faults)
        return found

    def _pass_nested(self, begin: Origin) -> bool:
        """Pass an object, a list or a text; whether all of it is held."""
        depth, whole, start = 0, True, self._at
        inside = self._held[start : start + 1] == b'"'
        self._at += inside
        while True:
            run = (_INSIDE if inside else _OUTSIDE).match(self._held, self._at)
            self._at = run.end() if run else self._at
            sign = self._held[self._at : self._at + 1]
            if not sign or (inside and sign != b'"'):
                whole = whole and self._at - start <= self._limits.record_bytes
                if not whole:
                    self._drop()
                if not self._more():
                    self._refuse_broken(begin, start if whole else None)
                    raise _Stop("JSON_CUT_SHORT", begin)
                continue
            if sign == b'"':
                inside = not inside
                self._at += 1
            else:
                depth = self._pass_brackets(depth)
            if not inside and depth == 0:
                return whole and self._at - start <= self._limits.record_bytes

    def _pass_brackets(self, depth: int) -> int:
        """Pass brackets that open, or those that close up to the last one; how deep it is then."""
        run = _OPENING.match(self._held, self._at)
        if run is not None:
            self._at = run.end()
            return depth + run.end() - run.start()
        run = _CLOSING.match(self._held, self._at, self._at + depth)
        end = run.end() if run else self._at
        depth -= end - self._at
        self._at = end
        return depth

    def _refuse_broken(self, begin: Origin, start: int | None) -> None:
        """Say where the last value breaks, if it does so before the text ends."""
        if start is None:
            return
        text = self._held[start:]
        for fault in record(text, begin, self._limits).faults:
            at = (fault.origin.offset or 0) - (begin.offset or 0)
            if fault.code == "NOT_JSON" and not _UNENDED.fullmatch(text, at):
                self._at = start + at
                raise _Stop("NOT_JSON", fault.origin)

    def _pass_word(self) -> bool:
        """Pass a number or a word; whether all of it is held."""
        whole, start = True, self._at
        while True:
            run = _WORD.match(self._held, self._at)
            self._at = run.end() if run else self._at
            whole = whole and self._at - start <= self._limits.record_bytes
            if not whole:
                self._drop()
            if self._at < len(self._held) or not self._more():
                return whole

    def _next(self) -> bytes:
        """The next sign that is no space; empty at the end of the text."""
        while True:
            run = _BLANK.match(self._held, self._at)
            self._at = run.end() if run else self._at
            if self._at < len(self._held):
                return self._held[self._at : self._at + 1]
            self._drop()
            if not self._more():
                return b""

    def _more(self) -> bool:
        block = self._stream.read(_BLOCK)
        self._held += block
        return bool(block)

    def _drop(self) -> None:
        """Let go of what was read; a carriage return may be half of the end of a line."""
        cut = self._at - (self._held[: self._at].endswith(b"\r"))
        self._line += _breaks(self._held[:cut])
        self._offset += cut
        self._at -= cut
        self._held = self._held[cut:]

    def _here(self) -> Origin:
        line = self._line + _breaks(self._held[: self._at])
        return Origin(file=self._file, line=line, offset=self._offset + self._at)

    def _shown(self) -> str:
        return self._held[self._at :][:_SHOWN].decode("utf-8", "replace")


# One record


def record(text: bytes, origin: Origin, limits: Limits) -> Raw:
    """The record that *text*, which stands at *origin*, holds."""
    if _is_too_deep(text, limits.depth):
        return _unread("TOO_DEEP", origin, limits)
    try:
        written = text.decode("utf-8")
    except UnicodeDecodeError as error:
        return _unread("NOT_UTF8", _at(text, error.start, origin), limits, hex(text[error.start]))
    try:
        data, repeats = _decoded(written)
    except json.JSONDecodeError as error:
        at = len(written[: error.pos].encode())
        shown = written[error.pos : error.pos + _SHOWN]
        return _unread("NOT_JSON", _at(text, at, origin), limits, shown)
    except RecursionError:
        return _unread("TOO_DEEP", origin, limits)
    faults = tuple(_repeated(text, origin)) if repeats else ()
    return Raw(data=data, origin=origin, place=_Places(text, origin, data), faults=faults)


_FEW = 4
"""So many places of a record are looked for one by one; then all are found in one walk."""


class _Places:
    """Where the parts of one record stand, found when somebody asks."""

    def __init__(self, text: bytes, origin: Origin, data: Any) -> None:
        self._text, self._origin, self._data = text, origin, data
        self._asked = 0
        self._known: dict[Path, int] = {}

    def __call__(self, path: Path) -> Origin:
        self._asked += 1
        if self._asked <= _FEW:
            return placed(self._text, self._origin, self._data, path)
        if not self._known:
            # Where a key stands twice, its last value is the one that counts.
            self._known = {found: at for found, at, _ in _walk(self._text)}
        while path and path not in self._known:
            path = path[:-1]
        return _at(self._text, self._known.get(path, 0), self._origin)


def placed(text: bytes, origin: Origin, data: Any, path: Path) -> Origin:
    """Where the part at *path* of a valid *text*, which stands at *origin*, begins.

    *data* is what the text holds, or none where nobody has it.
    """
    at = _only_stand(text, data, path)
    if at is None:
        written = text.decode("utf-8")
        at = len(written[: _stand(written, path)].encode())
    return _at(text, at, origin)


def _only_stand(text: bytes, data: Any, path: Path) -> int | None:
    """Where the value at *path* begins, if its key stands once in all of the text."""
    if not path or not isinstance(path[-1], str) or b"\\" in text:
        return None
    try:
        for step in path:
            data = data[step]
    except (LookupError, TypeError):
        return None
    key = f'"{path[-1]}"'.encode()
    at = text.find(key)
    if at < 0 or text.find(key, at + 1) >= 0:
        return None
    colon = _COLON.match(text, at + len(key))
    return None if colon is None else colon.end()


_COLON = re.compile(rb"[ \t\r\n]*+:[ \t\r\n]*+")


class _Twice(Exception):
    """An object has a key twice."""


def _decoded(text: str) -> tuple[Any, bool]:
    """The data, and whether some object has a key twice; the last of its values is kept."""
    try:
        return _ONCE.decode(text), False
    except _Twice:
        return _LAST.decode(text), True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice
    return found


def _whole(digits: str) -> int | LongNumber:
    return int(digits) if len(digits.removeprefix("-")) <= _EXACT else LongNumber(digits)


_EXACT = len(str(LARGEST))
_ONCE = json.JSONDecoder(object_pairs_hook=_once, parse_int=_whole)
_LAST = json.JSONDecoder(parse_int=_whole)
_BRACKETS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|([\[{])|([\]}])', re.DOTALL)
_TOKENS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|[^\s{}\[\],:"]++', re.DOTALL)


def _is_too_deep(text: bytes, most: int) -> bool:
    if text.count(b"[") + text.count(b"{") <= most:
        return False
    depth = 0
    for match in _BRACKETS.finditer(text):
        depth += 1 if match[1] else -1 if match[2] else 0
        if depth > most:
            return True
    return False


def _repeated(text: bytes, origin: Origin) -> Iterator[Fault]:
    """A fault for each key that stands again in its object, the first time it does."""
    first: dict[Path, int] = {}
    told: set[Path] = set()
    for path, at, is_again in _walk(text):
        if is_again and path not in told:
            told.add(path)
            yield Fault(
                code="KEY_TWICE",
                severity=Severity.BLOCKS,
                pointer=to_pointer(path),
                origin=_at(text, at, origin),
                values=(("name", path[-1]),),
                cure=Cure(code="KEEP_ONE_KEY"),
                others=(_at(text, first[path], origin),),
            )
        first.setdefault(path, at)


def _stand(text: str, path: Path) -> int:
    """Where the part at *path* of a valid text begins; of one not there, what would hold it."""
    at = _after_blank(text, 0)
    for step in path:
        inner = _in_object(text, at, step) if text[at] == "{" else _in_list(text, at, step)
        if inner is None:
            return at
        at = inner
    return at


def _in_object(text: str, at: int, key: str | int) -> int | None:
    """Where the value of *key* begins; the last one where there are several."""
    found = None
    member = _MEMBER.match(text, at + 1)
    while member is not None:
        name, begin = member[1], member.end()
        if (json.loads(f'"{name}"') if "\\" in name else name) == key:
            found = begin
        member = _MEMBER.match(text, _after_value(text, begin))
    return found


def _in_list(text: str, at: int, position: str | int) -> int | None:
    if text[at] != "[" or not isinstance(position, int):
        return None
    at = _after_blank(text, at + 1)
    while position and text[at] != "]":
        at = _after_value(text, at)
        position -= 1
    return None if text[at] == "]" else at


def _after_value(text: str, at: int) -> int:
    """Where the next key or item begins after the value at *at*, or the bracket that ends it."""
    simple = _SIMPLE.match(text, at)
    end = simple.end() if simple else _SKIPPED.raw_decode(text, at)[1]
    comma = _COMMA.match(text, end)
    return comma.end() if comma else end


def _after_blank(text: str, at: int) -> int:
    match = _BLANKS.match(text, at)
    return match.end() if match else at


_BLANKS = re.compile(r"[ \t\r\n]*+")
_COMMA = re.compile(r"[ \t\r\n]*+,?[ \t\r\n]*+")
_MEMBER = re.compile(r'[ \t\r\n]*+"([^"\\]*+(?:\\.[^"\\]*+)*+)"[ \t\r\n]*+:[ \t\r\n]*+', re.DOTALL)
_SIMPLE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^ \t\r\n,:"\[\]{}]++', re.DOTALL)
_SKIPPED = json.JSONDecoder(parse_int=str)


def _walk(text: bytes) -> Iterator[tuple[Path, int, bool]]:
    """Each part of a valid text: its path, its byte, and whether its key stood there before."""
    path: list[str | int] = []
    keys: list[set[str]] = []
    key_next = is_again = False
    for match in _TOKENS.finditer(text):
        token = match[0]
        if token in b"}]":
            path.pop()
            keys.pop()
            key_next = False
        elif token == b",":
            key_next = isinstance(path[-1], str)
            path[-1] = "" if isinstance(path[-1], str) else path[-1] + 1
        elif key_next:
            key = path[-1] = json.loads(token)
            is_again = key in keys[-1]
            keys[-1].add(key)
            key_next = False
        elif token != b":":
            yield tuple(path), match.start(), is_again
            is_again = False
            if token in b"{[":
                path.append("" if token == b"{" else 0)
                keys.append(set())
                key_next = token == b"{"


def _at(text: bytes, at: int, origin: Origin) -> Origin:
    """The place *at* bytes into *text*, which stands at *origin*."""
    line, offset = origin.line or 0, origin.offset or 0
    line += _breaks(text[:at])
    return Origin(file=origin.file, line=line, offset=offset + at)


_CURES = {
    "OTHER_ENCODING": "SAVE_AS_UTF8",
    "NOT_UTF8": "SAVE_AS_UTF8",
    "RECORD_TOO_LONG": "RAISE_LIMIT",
    "TOO_DEEP": "RAISE_LIMIT",
    "JSON_CUT_SHORT": "GET_FILE_AGAIN",
    "NOT_JSON": "WRITE_AS_JSON",
    "TEXT_AFTER_END": "ONE_ARRAY",
}


def _unread(code: str, origin: Origin, limits: Limits, shown: str | None = None) -> Raw:
    """A record that cannot be read at all, for the fault *code*."""
    fault = Fault(
        code=code,
        severity=Severity.BLOCKS,
        origin=origin,
        values=(
            *([("value", shown)] if shown else []),
            ("longest", limits.record_bytes),
            ("deepest", limits.depth),
        ),
        cure=Cure(code=_CURES[code]),
    )
    return Raw(data=None, origin=origin, place=lambda _: origin, faults=(fault,))


# Writing


def write_json(stream: IO[bytes], values: Iterable[Any], kind: type) -> None:
    """An array, one value a line; an empty one where there are no values.

    Raises:
        InvalidType, InvalidValue: something in a value that kipp does not write.
    """
    del kind
    before = b"[\n"
    for value in values:
        stream.write(before + to_json(value).encode())
        before = b",\n"
    stream.write(b"\n]\n" if before == b",\n" else b"[]\n")


def write_ndjson(stream: IO[bytes], values: Iterable[Any], kind: type) -> None:
    """One value a line, each line ended.

    Raises:
        InvalidType, InvalidValue: something in a value that kipp does not write.
    """
    del kind
    for value in values:
        stream.write(to_json(value).encode() + b"\n")
