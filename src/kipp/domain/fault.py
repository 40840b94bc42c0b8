"""A fault of a record: what is wrong, where it stands, by which source, and what to do.

A fault is a value, not an exception: a report holds all of them.  Sentences are made of it by
:mod:`kipp.messages`, in the language of the reader.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any, Literal

import attrs

from kipp.domain.citation import Citation

__all__ = ["Cure", "Fault", "Operation", "Origin", "Severity", "to_pointer"]


class Severity(enum.StrEnum):
    """What a fault does to its record: it stops it, a person has to look, or it is only said."""

    BLOCKS = "menghalangi"
    NEEDS_PERSON = "perlu diperiksa"
    NOTE = "catatan"


@attrs.frozen(kw_only=True)
class Origin:
    """Where something stands: a cell of a sheet, or a line and byte of a text.

    *row* counts from 1 as a spreadsheet shows it, *column* is its letter; *line* counts from 1,
    *offset* the bytes from the start of the text (unpacked, where it is packed).  None means that
    the format has no such thing.
    """

    file: str = ""
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    line: int | None = None
    offset: int | None = None


@attrs.frozen(kw_only=True)
class Operation:
    """One operation of a patch (RFC 6902): *path* is a JSON pointer into the record.

    *value* is plain data; a removal has none.
    """

    op: Literal["add", "remove", "replace", "test"]
    path: str
    value: Any = None


@attrs.frozen(kw_only=True)
class Cure:
    """What to do about a fault: the sentence ``cure.<code>`` of the catalogue.

    *patch* stands only where the cure is certain; a person still confirms it.
    """

    code: str
    patch: tuple[Operation, ...] = ()


@attrs.frozen(kw_only=True)
class Fault:
    """What is wrong with a record (*temuan*).

    *code* is stable (``UPPER_SNAKE``) and names the sentence ``fault.<code>``; *pointer* is the
    place in the record (RFC 6901), empty for the whole; *values* are what the sentence is filled
    with, among them ``name`` (the field or header), ``value`` (as it was written) and what the
    code compares; *record* is the id of the record where it has one; *others* are the places of
    the other records of a conflict between records.
    """

    code: str
    severity: Severity
    pointer: str = ""
    origin: Origin = Origin()
    values: tuple[tuple[str, Any], ...] = ()
    citations: tuple[Citation, ...] = ()
    cure: Cure | None = None
    record: str | None = None
    others: tuple[Origin, ...] = ()


def to_pointer(path: Iterable[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a path of keys and positions.

    >>> to_pointer(("innovation", "replica_of", 0, "a/b"))
    '/innovation/replica_of/0/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
