"""Reads the packaged tables into frozen values, once.

An empty ``valid_from`` means "existed when the contest began in 2014", an empty ``valid_to``
"still there"; ``dates_read = no`` says that neither was read.  A date may be a month, a year or
``first/last``: then it becomes a range.
"""

from __future__ import annotations

import calendar
import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from kipp.domain.agency import (
    Agency,
    AgencyKey,
    AgencyKind,
    DatedName,
    Identifier,
    Membership,
    Span,
)
from kipp.domain.award import Level, Tier
from kipp.domain.citation import Evidence
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateRange, parse_day
from kipp.domain.record import (
    AwardRow,
    CompositionRow,
    Confidence,
    HubBasis,
    HubRow,
    Record,
    StatisticRow,
)
from kipp.domain.registry import Registry

__all__ = [
    "awards",
    "compositions",
    "data_version",
    "hubs",
    "record",
    "registry",
    "statistics",
    "tier_named",
]

data_version = "2026.11+1"

_Row: TypeAlias = Mapping[str, str]


@cache
def registry() -> Registry:
    """The packaged agencies: regions and central bodies of 2014 to 2026."""
    return Registry((*_regions(), *_central()), version=data_version)


@cache
def record() -> Record:
    """The published record: awards, compositions, statistics, hubs."""
    return Record(
        awards=awards(),
        compositions=compositions(),
        statistics=statistics(),
        hubs=hubs(),
        version=data_version,
    )


@cache
def awards() -> tuple[AwardRow, ...]:
    """Published winners and finalists: a sample, never a register."""
    return tuple(_award(row) for row in _rows("awards"))


@cache
def compositions() -> tuple[CompositionRow, ...]:
    """Tiers by kind of agency; competing versions stand beside each other."""
    return tuple(_composition(row) for row in _rows("compositions"))


@cache
def statistics() -> tuple[StatisticRow, ...]:
    """Whole numbers per year, the preferred ones marked."""
    return tuple(_statistic(row) for row in _rows("statistics"))


@cache
def hubs() -> tuple[HubRow, ...]:
    """The hub register, as decrees, commitments and statements name it."""
    return tuple(_hub(row) for row in _rows("hubs"))


def _rows(table: str) -> Iterator[_Row]:
    text = files("kipp.registry").joinpath(f"{table}.csv").read_text("utf-8")
    return csv.DictReader(text.splitlines())


def _grouped(table: str) -> Mapping[str, list[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in _rows(table):
        found[row["key"]].append(row)
    return found


@cache
def _date(text: str) -> Date | DateRange | None:
    first, _, last = text.partition("/")
    if last:
        return DateRange(parse_day(first), parse_day(last))
    match [int(part) for part in text.split("-") if part]:
        case []:
            return None
        case [year]:
            return DateRange(Date(year, 1, 1), Date(year, 12, 31))
        case [year, month]:
            days = calendar.monthrange(year, month)[1]
            return DateRange(Date(year, month, 1), Date(year, month, days))
        case _:
            return parse_day(text)


@cache
def _span(valid_from: str, valid_to: str, dates_read: str = "yes") -> Span:
    return Span(_date(valid_from), _date(valid_to), dates_read == "yes")


def _row_span(row: _Row) -> Span:
    return _span(row["valid_from"], row["valid_to"], row.get("dates_read", "yes"))


def _keys(text: str) -> tuple[AgencyKey, ...]:
    return tuple(AgencyKey(key) for key in text.split(";") if key)


def _regions() -> Iterator[Agency]:
    names, codes, provinces = map(_grouped, ("region_names", "region_codes", "region_provinces"))
    titles = {row["key"]: row["title"] for row in _rows("sources")}
    for row in _rows("regions"):
        key = row["key"]
        yield Agency(
            key=AgencyKey(key),
            kind=AgencyKind(row["kind"]),
            names=tuple(_name(each) for each in names[key]),
            span=_row_span(row),
            autonomous=row["autonomous"] == "yes",
            identifiers=tuple(_identifier(each) for each in codes[key]),
            memberships=tuple(_membership(each) for each in provinces.get(key, ())),
            predecessors=_keys(row["predecessors"]),
            source=_joined(titles[row["source"]], row["legal_basis"], row["date_source"]),
            note=row["note"],
        )


def _name(row: _Row) -> DatedName:
    return DatedName(row["name"], _row_span(row), row["official"] == "yes")


def _identifier(row: _Row) -> Identifier:
    return Identifier(row["scheme"], row["code"], _row_span(row))


def _membership(row: _Row) -> Membership:
    return Membership(AgencyKey(row["province"]), _row_span(row))


def _joined(*parts: str) -> str:
    return " ; ".join(part for part in parts if part)


def _central() -> Iterator[Agency]:
    for row in _rows("central_agencies"):
        aliases = (alias for alias in row["aliases"].split("|") if alias)
        yield Agency(
            key=AgencyKey(row["key"]),
            kind=AgencyKind(row["kind"]) if row["kind"] else None,
            names=(
                DatedName(row["name"]),
                *(DatedName(alias, official=False) for alias in aliases),
            ),
            span=_row_span(row),
            sub_kind=row["sub_kind"],
            predecessors=_keys(row["predecessors"]),
            successors=_keys(row["successors"]),
            source=row["source"],
            note=row["note"],
        )


@cache
def _tiers() -> tuple[_Row, ...]:
    return tuple(_rows("tiers"))


def _tier(key: str, year: int) -> Tier:
    found = tier_named(key, year)
    if found is None:
        raise LookupError(f"tiers.csv: no row for {key} in {year}")
    return found


@cache
def tier_named(key: str, year: int) -> Tier | None:
    """The tier that the published tables call *key* (``top_45``), in *year*; none if unknown."""
    for row in _tiers():
        if row["key"] == key and _in_years(row, year):
            return Tier(
                year=year,
                level=Level[row["level"].upper()],
                size=int(row["size"]) if row["size"] else None,
                group=Group[row["group"].upper()] if row["group"] else None,
            )
    return None


def _in_years(row: _Row, year: int) -> bool:
    first, last = row["first_year"], row["last_year"]
    return (not first or int(first) <= year) and (not last or year <= int(last))


def _award(row: _Row) -> AwardRow:
    year = int(row["year"])
    return AwardRow(
        year=year,
        tier_key=row["tier"],
        tier=_tier(row["tier"], year),
        innovation=row["innovation"],
        agency_name=row["agency_name"],
        agency_kind=row["agency_kind"],
        province=row["province"],
        category=row["category"],
        confidence=Confidence(row["confidence"]),
        source_url=row["source_url"],
    )


def _composition(row: _Row) -> CompositionRow:
    year = int(row["year"])
    return CompositionRow(
        year=year,
        tier_key=row["tier"],
        tier=_tier(row["tier"], year),
        agency_kind=row["agency_kind"],
        innovations=int(row["innovations"]),
        agencies=int(row["agencies"]) if row["agencies"] else None,
        evidence=Evidence(row["evidence"]),
        source_url=row["source_url"],
    )


def _statistic(row: _Row) -> StatisticRow:
    first, _, last = row["year"].partition("-")
    return StatisticRow(
        first_year=int(first),
        last_year=int(last or first),
        statistic=row["statistic"],
        value=int(row["value"]),
        preferred=row["preferred"] == "yes",
        why=row["why"],
        evidence=Evidence(row["evidence"]),
        source_url=row["source_url"],
    )


def _hub(row: _Row) -> HubRow:
    stated = _date(row["basis_date"])
    assert stated is not None, "hubs.csv: every row has a date"
    return HubRow(
        agency=AgencyKey(row["agency_key"]) if row["agency_key"] else None,
        unnamed=int(row["unnamed"]),
        local=row["local"] == "yes",
        year=int(row["year"]),
        basis=HubBasis[row["basis"].upper()],
        basis_date=stated,
        act=row["act"],
        evidence=Evidence(row["evidence"]),
        source_url=row["source_url"],
    )
