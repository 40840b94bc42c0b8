"""The arithmetic of the record: sums beside the totals that others published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kipp import rulebooks
from kipp.demo.lines import Line, Tables, cite, line_of, settings, statistics
from kipp.domain.citation import Cited, Term, cited, weakest
from kipp.domain.cycle import Group
from kipp.domain.record import CompositionRow, Record, StatisticRow

__all__ = ["arithmetic_lines"]


def arithmetic_lines(tables: Tables) -> Iterator[Line]:
    """Breakdowns, registrations and finalists: sums beside the totals that others published."""
    yield from _breakdowns(tables.record)
    yield from _registrations(tables.record)
    yield from _finalists(tables.record)


def _breakdowns(record: Record) -> Iterator[Line]:
    """Every published breakdown on its own: competing ones stand side by side."""
    tables: dict[tuple[int, str, str], list[CompositionRow]] = {}
    for row in record.compositions:
        tables.setdefault((row.year, row.tier_key, row.source_url), []).append(row)
    for (year, tier, _), rows in tables.items():
        parts = tuple((row.agency_kind, row.innovations, row.agencies) for row in rows)
        counted = [row.agencies for row in rows if row.agencies is not None]
        yield line_of(
            "demo.breakdown" if len(counted) == len(rows) else "demo.breakdown-innovations",
            rows,
            year=year,
            tier=tier,
            parts=parts,
            innovations=sum(row.innovations for row in rows),
            agencies=sum(counted) if len(counted) == len(rows) else None,
        )


def _registrations(record: Record) -> Iterator[Line]:
    name = settings()["funnel"]["registered"]
    rows = [row for row in record.statistics if row.statistic == name]
    preferred = [row for row in rows if row.preferred]
    yield line_of(
        "demo.registered",
        preferred,
        first=min(row.first_year for row in preferred),
        last=_last_of_ten(record).last_year,
        total=sum(_within(preferred, _last_of_ten(record))),
    )
    for row in rows:
        code = "demo.registered-year" if row.preferred else "demo.registered-other"
        yield line_of(code, [row], years=row.years, value=row.value)
    for name in settings()["totals"]["names"]:
        for row in statistics(record, name):
            yield line_of("demo.total", [row], years=row.years, name=name, value=row.value)


def _within(rows: Iterable[StatisticRow], range_row: StatisticRow) -> Iterator[int]:
    first, last = range_row.first_year, range_row.last_year
    return (row.value for row in rows if first <= row.first_year <= last)


def _last_of_ten(record: Record) -> StatisticRow:
    return statistics(record, settings()["totals"]["registered"])[-1]


def _finalists(record: Record) -> Iterator[Line]:
    first, last = _last_of_ten(record).first_year, _last_of_ten(record).last_year
    sizes = [_finalist_terms(year) for year in range(first, last + 1)]
    terms = [term for year in sizes for term in year]
    yield Line(
        "demo.finalists",
        (
            ("first", first),
            ("last", last),
            ("total", sum(size for term in terms for size in cited(term.value))),
        ),
        tuple(dict.fromkeys(cite(term) for term in terms)),
        weakest(term.evidence for term in terms if term.evidence),
    )
    for row in statistics(record, settings()["totals"]["finalists"]):
        yield line_of("demo.total", [row], years=row.years, name=row.statistic, value=row.value)


def _finalist_terms(year: int) -> list[Term[Any]]:
    book = rulebooks.rulebook(year)
    terms = (book.term(f"groups.{group.key}.finalists") for group in Group)
    return [term for term in terms if isinstance(term.value, Cited)]
