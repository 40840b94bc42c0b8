"""JSON text as plain data, strictly, and where each part of it stands.

What Python's reader lets through is kept for the converter to refuse at its place: keys that
stand twice, numbers no other program reads exactly, ``NaN``.  Depth is looked at before reading.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import attrs

from kipp.domain.errors import InvalidType, InvalidValue

__all__ = [
    "DEPTH",
    "LARGEST",
    "LongNumber",
    "Path",
    "Repeated",
    "lines",
    "parse",
    "pointer",
    "where",
]

DEPTH = 100
"""How deep a document may nest; Python itself gives up somewhere below 1,000."""

LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exact."""

Path: TypeAlias = tuple[str | int, ...]
"""Where a part stands in a document: keys and positions from the root."""

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])', re.DOTALL)
_TOKENS = re.compile(r'\n|"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


@attrs.frozen
class Repeated:
    """An object in which *keys* stand twice; *last* is what stands there, the last of each."""

    keys: tuple[str, ...]
    last: dict[str, Any] = attrs.field(factory=dict, eq=False, repr=False)


@attrs.frozen(repr=False)
class LongNumber:
    """A whole number of so many digits that nobody would read it exactly."""

    digits: str

    def __repr__(self) -> str:
        return self.digits


def parse(text: str, source: str = "", before: int = 0) -> Any:
    """The document as plain data; *source* names it in errors, *before* counts lines above it.

    Raises:
        InvalidType: *text* is no text.
        InvalidValue: no JSON, with line and column; nested too deep.
    """
    if not isinstance(text, str):
        raise InvalidType("text", text, "JSON text", source)
    _refuse_depth(text, source, before)
    try:
        return _loaded(text)
    except json.JSONDecodeError as error:
        at = text[error.pos : error.pos + 1]
        place = where(source, before + error.lineno, f"column {error.colno}")
        raise InvalidValue("text", at, "JSON", place) from None


def where(source: str, line: int, place: str) -> str:
    """Where something stands: document, line, place in it."""
    return ", ".join(part for part in (source, f"line {line}", place) if part)


def _refuse_depth(text: str, source: str, before: int) -> None:
    if text.count("[") + text.count("{") <= DEPTH or _is_shallow(text):
        return
    depth = 0
    for match in _BRACKETS.finditer(text):
        depth += 1 if match[1] else -1 if match[2] else 0
        if depth > DEPTH:
            line = before + text.count("\n", 0, match.start()) + 1
            place = where(source, line, "")
            raise InvalidValue("text", match[1], f"at most {DEPTH} levels of nesting", place)


def _is_shallow(text: str) -> bool:
    """Whether empty pairs of brackets, taken away again and again, are soon all gone."""
    left = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    if b"\\" not in left:
        # Two quotes side by side: what is inside quotes stays inside when both go.
        left = left.replace(b'""', b"")
    left = _QUOTED.sub(b"", left)
    for _ in range(DEPTH):
        left = left.replace(b"[]", b"").replace(b"{}", b"")
    return not left


_PLAIN = bytes(each for each in range(256) if chr(each) not in '"\\[]{}')
"""What neither nests nor quotes."""
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def _loaded(text: str) -> Any:
    """The document, without looking for long numbers where Python itself refuses the longest."""
    if 0 < sys.get_int_max_str_digits() <= sys.int_info.default_max_str_digits:
        try:
            return _PAIRS.decode(text) if len(text) < _LONG else _counted(text, None)
        except json.JSONDecodeError:
            raise
        except ValueError:  # a number of more digits
            return _counted(text, _whole)
    return _counted(text, _whole)


_LONG = 2**14
"""From about this length on, counting keys is cheaper than looking at those of each object."""


def _counted(text: str, number: Callable[[str], int | LongNumber] | None) -> Any:
    """The document; where an object may have dropped a key that stood twice, it is read again.

    Counting keys is much cheaper than looking at those of each object: a key has its own colon, so
    none was dropped if as many were read as there are colons, or quotes right before one.
    """
    read = 0

    def count(found: dict[str, Any]) -> dict[str, Any]:
        nonlocal read
        read += len(found)
        return found

    document = json.loads(text, object_hook=count, parse_int=number)
    if read == text.count(":"):
        return document
    if read == text.count('":') and not any(gap in text for gap in _GAPS):
        return document
    return json.loads(text, object_pairs_hook=_pairs, parse_int=number)


_GAPS = (" :", "\t:", "\n:", "\r:")
"""Blank space before a colon may part a key from it."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Repeated:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    return Repeated(tuple(key for key in found if keys.count(key) > 1), found)


_PAIRS = json.JSONDecoder(object_pairs_hook=_pairs)


def _whole(digits: str) -> int | LongNumber:
    return int(digits) if len(digits) < len(str(LARGEST)) + 1 else LongNumber(digits)


def pointer(path: Path) -> str:
    """``$.innovation.started``, ``$[3].marks[0]``: the place as people write it."""
    return "$" + "".join(_step(step) for step in path)


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _NAME.fullmatch(step) else f"[{json.dumps(step, ensure_ascii=False)}]"


def lines(text: str) -> dict[Path, int]:
    """The line on which each part of a valid document begins; read only when there are faults."""
    found: dict[Path, int] = {}
    for path, line in _walk(text):
        found.setdefault(path, line)
    return found


def _walk(text: str) -> Iterator[tuple[Path, int]]:
    path: list[str | int] = []
    line, key_next = 1, False
    for match in _TOKENS.finditer(text):
        token = match[0]
        if token == "\n":
            line += 1
        elif token in "}]":
            path.pop()
            key_next = False
        elif token == ",":
            key_next = isinstance(path[-1], str)
            path[-1] = "" if isinstance(path[-1], str) else path[-1] + 1
        elif key_next:
            path[-1] = json.loads(token)
            key_next = False
        elif token != ":":
            yield tuple(path), line
            if token in "{[":
                path.append("" if token == "{" else 0)
                key_next = token == "{"
