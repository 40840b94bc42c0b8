"""A made-up field in the proportions of the published record (*data contoh*).

Which rows it follows, and the few settings that nobody published, stand in ``published.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

from kipp.domain.agency import AgencyKey, AgencyKind
from kipp.domain.cycle import Group
from kipp.domain.errors import UnknownName
from kipp.domain.record import CompositionRow, Record, StatisticRow
from kipp.domain.registry import Registry
from kipp.rules.resolution import Resolved, resolve
from kipp.rules.rulebook import Rulebook
from kipp.simulation.field import Field, Figure, Funnel, Spread

__all__ = ["figure", "funnel_of", "holders_of", "published_field", "settings", "spread_of"]

_Rows: TypeAlias = tuple[StatisticRow | CompositionRow, ...]


@cache
def settings() -> Mapping[str, Any]:
    """The rows followed and the settings that nobody published."""
    text = (resources.files("kipp.simulation") / "published.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def figure(record: Record, name: str, year: int) -> StatisticRow:
    """The preferred figure of one year.

    Raises:
        UnknownName: no figure of that name is preferred in that year.
    """
    for row in record.statistics:
        if row.statistic == name and row.first_year == row.last_year == year and row.preferred:
            return row
    raise UnknownName("statistic", (name, year), "a preferred figure of that year")


def funnel_of(record: Record) -> tuple[Funnel, _Rows]:
    """The published sizes and proportions a field follows, and the rows they come from.

    Raises:
        UnknownName: as :func:`figure`.
    """
    said = settings()
    year = said["kinds"]["year"]
    sizes = {step: figure(record, name, year) for step, name in said["funnel"].items()}
    groups = {
        group: figure(record, said["groups"][group.key], said["groups"]["year"]) for group in Group
    }
    kinds = {
        AgencyKind[row.agency_kind.upper()]: row
        for row in record.compositions
        if (row.year, row.tier_key) == (year, said["kinds"]["tier"])
        and row.agency_kind in said["kinds"]["mapped"]
    }
    funnel = Funnel(
        **{step: row.value for step, row in sizes.items()},
        kinds={kind: row.innovations for kind, row in kinds.items()},
        groups={group: row.value for group, row in groups.items()},
    )
    return funnel, (*sizes.values(), *groups.values(), *kinds.values())


def spread_of() -> Spread:
    """The settings that nobody published."""
    said = settings()["spread"]
    return Spread(**{**said, "quality": tuple(said["quality"])})


def holders_of(registry: Registry, record: Record, before: int) -> frozenset[AgencyKey]:
    """The agencies that the record knows in a Top 99, or a tier within it, before a year.

    The record is a sample: an agency that is not there may have been in one all the same.
    """
    found = (
        resolve(registry, row.agency_name, row.year) for row in record.awards if row.year < before
    )
    return frozenset(each.agency.key for each in found if isinstance(each, Resolved))


def published_field(
    registry: Registry, record: Record, book: Rulebook, *, seed: str, n: int | None = None
) -> Field:
    """A made-up field for the cycle of *book*, as large as published, or of *n* proposals.

    Raises:
        InvalidValue: as :meth:`Field.synthetic`.
        UnknownName: a figure that the record does not hold.
    """
    funnel, rows = funnel_of(record)
    return Field.synthetic(
        registry,
        funnel,
        book=book,
        seed=seed,
        spread=spread_of(),
        n=n,
        holders=holders_of(registry, record, book.year or 0),
        figures=[_figure(row) for row in rows],
    )


def _figure(row: StatisticRow | CompositionRow) -> Figure:
    if isinstance(row, StatisticRow):
        return Figure(name=f"{row.statistic} {row.years}", value=row.value, source=row.source_url)
    name = f"{row.tier_key} {row.year}, {row.agency_kind}"
    return Figure(name=name, value=row.innovations, source=row.source_url)
