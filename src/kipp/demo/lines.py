"""What a line of the demonstration is, and what it is made of."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any, TypeAlias

import attrs

from kipp import registry, rulebooks
from kipp.domain.citation import Evidence, Term, weakest
from kipp.domain.errors import UnknownName
from kipp.domain.record import AwardRow, CompositionRow, HubRow, Record, StatisticRow
from kipp.domain.registry import Registry
from kipp.rules.rulebook import Rulebook
from kipp.simulation import published

__all__ = [
    "Line",
    "Section",
    "Tables",
    "cite",
    "line_of",
    "packaged",
    "settings",
    "statistics",
]

_Row: TypeAlias = AwardRow | CompositionRow | StatisticRow | HubRow


@attrs.frozen
class Line:
    """One line: a code of the catalogue, the values of its sentence, sources and their class."""

    code: str
    values: tuple[tuple[str, object], ...] = ()
    sources: tuple[str, ...] = ()
    evidence: Evidence | None = None


@attrs.frozen
class Section:
    """A part of the demonstration: its heading and its lines."""

    heading: Line
    lines: tuple[Line, ...]


@attrs.frozen(kw_only=True)
class Tables:
    """Everything the demonstration reads: agencies, the record, the rulebook of the cycle run."""

    agencies: Registry
    record: Record
    book: Rulebook


def packaged() -> Tables:
    """The packaged tables, with the rulebook of the year the demonstration runs."""
    year = settings()["kinds"]["year"]
    return Tables(
        agencies=registry.registry(), record=registry.record(), book=rulebooks.rulebook(year)
    )


@functools.cache
def settings() -> Mapping[str, Any]:
    """What the demonstration makes up, and which published figures it follows."""
    text = resources.files("kipp.demo").joinpath("settings.toml").read_text(encoding="utf-8")
    return {**tomllib.loads(text), **published.settings()}


def line_of(code: str, rows: Iterable[_Row] = (), **values: object) -> Line:
    """A line that rests on *rows* of the record."""
    found = list(rows)
    sources = tuple(dict.fromkeys(row.source_url for row in found))
    return Line(code, tuple(values.items()), sources, weakest(row.evidence for row in found))


def statistics(record: Record, name: str) -> list[StatisticRow]:
    """The rows of the statistic *name*, which has to be on record."""
    rows = [row for row in record.statistics if row.statistic == name]
    if not rows:
        raise UnknownName("statistic", name, "a statistic of the record")
    return rows


def cite(term: Term[Any]) -> str:
    """The titles of the sources of *term*, each once."""
    return "; ".join(dict.fromkeys(each.source.title for each in term.citations))
