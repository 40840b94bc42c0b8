"""JSON and JSON Lines for every record and every result.

Input: proposals, award histories, fiscal records, score sheets, agencies.  Output: the same, and
decisions, classifications, judgements, selections, rulebooks, reasons.  What is written reads
back equal.  Every fault of an input is reported at once, each with its line and its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from kipp.domain.checks import COUNT, TEXT, Kind, maybe
from kipp.domain.errors import Faults, InvalidType, KippError
from kipp.io.document import parse
from kipp.io.submission import Submission
from kipp.rules.arguments import argument, items

__all__ = [
    "from_json",
    "placed_submissions",
    "read_ndjson",
    "read_submissions",
    "to_json",
    "to_ndjson",
]

T = TypeVar("T")
_INDENTS = range(17)
_INDENT = Kind(
    f"a whole number from 0 to {_INDENTS[-1]}",
    lambda value: COUNT.accepts(value) and value in _INDENTS,
)


def to_json(value: object, *, indent: int | None = None) -> str:
    """*value* as JSON; a tuple or list of values as an array.

    Raises:
        InvalidType, InvalidValue: something in it that kipp does not write.
    """
    from kipp.io.converter import plain

    argument("indent", indent, maybe(_INDENT))
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(
        plain(value), ensure_ascii=False, allow_nan=False, indent=indent, separators=separators
    )


def to_ndjson(values: Iterable[object]) -> str:
    """One value a line, each line ended (JSON Lines).

    Raises:
        InvalidType, InvalidValue: as :func:`to_json`.
    """
    return "".join(f"{to_json(value)}\n" for value in items("values", values, object))


def from_json(text: str, type: type[T], *, source: str = "") -> T:  # noqa: A002 # reads best
    """The value of *type* that *text* holds; ``tuple[Proposal, ...]`` reads an array.

    *source* names the document in errors, such as a file.

    Raises:
        Faults: everything wrong with it, all at once, each with line and place.
        InvalidType: *text* is no text, or *type* is none that kipp reads.
    """
    found: T = _read(text, type, source, 0)
    return found


def read_ndjson(lines: str | Iterable[str], type: type[T], *, source: str = "") -> tuple[T, ...]:  # noqa: A002  # reads best
    """The values of *type*, one a line; blank lines are passed over.

    Raises:
        Faults: everything wrong with all lines, all at once, each with line and place.
        InvalidType: *lines* are no texts, or as :func:`from_json`.
    """
    found: list[T] = []
    faults: list[KippError] = []
    for number, line in _numbered(lines):
        try:
            found.append(_read(line, type, source, number))
        except Faults as errors:
            faults += errors.faults
    if faults:
        raise Faults(faults)
    return tuple(found)


def _numbered(lines: str | Iterable[str]) -> Iterator[tuple[int, str]]:
    # A text is cut at line feeds only: JSON texts may hold other separators of lines.
    every = lines.split("\n") if isinstance(lines, str) else items("lines", lines, str)
    for number, line in enumerate(every):
        if line.strip():
            yield number, line


def read_submissions(text: str, *, source: str = "") -> tuple[Submission, ...]:
    """Proposals, each alone or with its history: one object, an array, or one a line.

    ``{"proposal": {…}, "history": {…}}`` carries a history; a plain proposal has none recorded.

    Raises:
        Faults: everything wrong with it, all at once, each with line and place.
        InvalidType: *text* is no text.
    """
    return tuple(found for _, found in placed_submissions(text, source=source))


def placed_submissions(text: str, *, source: str = "") -> tuple[tuple[str, Submission], ...]:
    """As :func:`read_submissions`, each with the place it stands at, as errors name it.

    Raises:
        Faults, InvalidType: as :func:`read_submissions`.
    """
    from kipp.io.document import lines, pointer, where

    begun = [(number, line) for number, line in _numbered(argument("text", text, TEXT))]
    if len(begun) > 1 and any(_is_object(begun[at][1]) for at in (0, -1)):
        read = read_ndjson(text, Submission, source=source)
        places = (where(source, number + 1, "") for number, _ in begun)
        return tuple(zip(places, read, strict=True))
    if begun and begun[0][1].lstrip().startswith("["):
        read = from_json(text, tuple[Submission, ...], source=source)
        stands = lines(text)
        paths = ((index,) for index in range(len(read)))
        places = (where(source, stands[path], pointer(path)) for path in paths)
        return tuple(zip(places, read, strict=True))
    only = from_json(text, Submission, source=source)
    return ((where(source, begun[0][0] + 1, ""), only),)


def _is_object(line: str) -> bool:
    """Whether *line* is an object by itself: then the text has one a line, or should have."""
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _read(text: str, kind: Any, source: str, before: int) -> Any:
    from kipp.io.reading import structured
    from kipp.io.typed import kind_for

    kind_for(kind)
    try:
        document = parse(text, source, before)
    except InvalidType:
        raise
    except KippError as fault:
        raise Faults([fault]) from None
    return structured(document, kind, text, source, before)
