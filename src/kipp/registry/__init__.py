"""The packaged agencies and the published record, with a data version of their own.

Tables are read on first use and kept; importing this package reads nothing.
"""

from __future__ import annotations

from kipp.registry.loader import (
    awards,
    compositions,
    data_version,
    hubs,
    record,
    registry,
    statistics,
)

__all__ = [
    "awards",
    "compositions",
    "data_version",
    "hubs",
    "record",
    "registry",
    "statistics",
]
