"""The hub register at the end of each year."""

from __future__ import annotations

from collections.abc import Iterator

from kipp.demo.lines import Line, Tables, line_of
from kipp.domain.record import HubBasis
from kipp.rules.hub import hub_counts

__all__ = ["hub_lines"]


def hub_lines(tables: Tables) -> Iterator[Line]:
    """Local hubs at the end of each year: named, stated, unnamed, by what makes them hubs."""
    for year in sorted({row.year for row in tables.record.hubs}):
        rows = [row for row in tables.record.hubs if row.year <= year]
        count = hub_counts(rows, year)
        parts = tuple((basis, count.by_basis[basis]) for basis in HubBasis)
        numbers = {"named": count.named, "stated": count.stated, "unnamed": count.unnamed}
        yield line_of("demo.hub-year", rows, year=year, parts=parts, **numbers)
