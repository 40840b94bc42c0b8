"""A record as it stands in a file: plain data with its places, not yet a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import attrs

from kipp.domain.fault import Fault, Origin

__all__ = ["Place", "Raw"]

Place: TypeAlias = Callable[[tuple[str | int, ...]], Origin]
"""Where a part of a record stands, by its path; for a part that is not there, what holds it."""


@attrs.frozen(kw_only=True)
class Raw:
    """One record of a file (*entri*).

    *data* is what a JSON reader would give: objects, lists, texts, whole numbers, truths, null; a
    sheet's cells are brought into this form (a day as ``YYYY-MM-DD``).  *faults* are what reading
    its cells or its text found; a pointer named there is not looked at again, so that nothing is
    reported twice.  *is_cell* says of a part of a row whether it is all that
    its cell holds.  A *value* that was accepted already leaves *data* empty.  *header* gives the
    header above a part, in a table.  What is no record (*is_record*) is only told of: the headers
    themselves.
    """

    data: Any
    origin: Origin
    place: Place
    faults: tuple[Fault, ...] = ()
    header: Callable[[tuple[str | int, ...]], str | None] | None = None
    is_cell: Callable[[tuple[str | int, ...]], bool] | None = None
    is_record: bool = True
    value: Any = None
