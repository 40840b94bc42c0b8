"""What came of a cell that could not be read: a value, so that a row gives all of its faults."""

from __future__ import annotations

from typing import Any, TypeAlias

import attrs

from kipp.domain.fault import Cure, Fault, Origin, Severity, to_pointer

__all__ = ["Cell", "Partly", "Unread", "unread"]

Cell: TypeAlias = Any
"""What a table's reader gives: a text, a number, a truth, a day, a moment, a time, or nothing."""


@attrs.frozen
class Unread:
    """Why a cell, or a part of it, was not read.

    *values* fill the sentence ``fault.<code>``; *inside* is the path from the cell's own place.
    """

    code: str
    values: tuple[tuple[str, Any], ...]
    severity: Severity = Severity.BLOCKS
    cure: str | None = None
    inside: tuple[str | int, ...] = ()

    def fault(self, name: str, path: tuple[str | int, ...], origin: Origin) -> Fault:
        """The fault of the cell at *origin*, under the header *name*, for the field at *path*."""
        return Fault(
            code=self.code,
            severity=self.severity,
            pointer=to_pointer((*path, *self.inside)),
            origin=origin,
            values=(("name", name), *self.values),
            cure=None if self.cure is None else Cure(code=self.cure),
        )


@attrs.frozen
class Partly:
    """A cell of several values, some of which were not read; *data* holds those as written."""

    data: Any
    faults: tuple[Unread, ...]


def unread(
    code: str,
    value: object,
    *,
    severity: Severity = Severity.BLOCKS,
    cure: str | None = None,
    **values: object,
) -> Unread:
    """A cell that holds *value*, not read for the reason *code*."""
    return Unread(code, (("value", value), *values.items()), severity, cure)
