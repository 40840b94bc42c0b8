"""Records in and out: JSON and JSON Lines, read strictly, every fault at its place.

Loading this package loads no converter: that happens with the first record.
"""

from __future__ import annotations

from kipp.io.formats import (
    from_json,
    placed_submissions,
    read_ndjson,
    read_submissions,
    to_json,
    to_ndjson,
)
from kipp.io.submission import Submission

__all__ = [
    "Submission",
    "from_json",
    "placed_submissions",
    "read_ndjson",
    "read_submissions",
    "to_json",
    "to_ndjson",
]
