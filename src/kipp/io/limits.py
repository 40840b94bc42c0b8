"""How much of a file is read before kipp gives up: named limits, so that no input eats a machine.

A record beyond a limit is a fault at its place; a file beyond one is refused as a whole.
"""

from __future__ import annotations

import attrs

__all__ = ["LIMITS", "Limits"]

_MEBIBYTE = 2**20


@attrs.frozen(kw_only=True)
class Limits:
    """What one file may hold.

    *record_bytes* is the longest text of one record; *depth* how deep it may nest; *digits* the
    longest number.  *file_bytes* is the longest file that is read as one document (a JSON array
    is read item by item and has no such limit).  *rows*, *columns* and *cells* are what a sheet
    may declare or hold; *members*, *member_bytes* and *ratio* what a packed container may: files
    in it, bytes of one once unpacked, and how many times smaller it may be packed.
    """

    record_bytes: int = _MEBIBYTE
    depth: int = 100
    digits: int = 400
    file_bytes: int = 512 * _MEBIBYTE
    rows: int = 1_048_576
    columns: int = 1_024
    cells: int = 10_000_000
    members: int = 1_000
    member_bytes: int = 1_024 * _MEBIBYTE
    ratio: int = 1_000


LIMITS = Limits()
"""The limits unless others are given."""
