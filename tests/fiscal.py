"""Small incentive and hub rulebooks built by hand, agencies of every kind, tiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kipp.domain.agency import Agency, AgencyKey, AgencyKind
from kipp.domain.award import Level, Tier
from kipp.domain.citation import (
    Citation,
    Cited,
    Disputed,
    Evidence,
    NotFound,
    NotOpen,
    Source,
    Unlimited,
    Value,
)
from kipp.domain.cycle import Group
from kipp.rulebooks import fiscal_years, incentive_book, rulebook
from kipp.rules.rulebook import Rulebook
from kipp.rules.terms import BookKind, parse, spec

MARK = (Citation(Source(key="made-up", title="Made-up regulation"), Evidence.MINISTRY),)
_STATES = (Cited, Disputed, NotFound, NotOpen, Unlimited)


def books() -> list[Rulebook]:
    """The packaged incentive rulebooks."""
    return [incentive_book(year) for year in fiscal_years()]


def cycle(year: int) -> Rulebook:
    """The packaged rulebook of a cycle."""
    return rulebook(year)


def stated(kind: BookKind, path: str, plain: object) -> Value[Any]:
    """A value at *path* as a loader would build it; a value state stays as it is."""
    if isinstance(plain, _STATES):
        return plain
    return Cited(parse(spec(kind, path).kind, plain, name=path), MARK)


def disputed(kind: BookKind, path: str, *plains: object) -> Disputed[Any]:
    """Every one of *plains*, each stated by somebody."""
    readings = (stated(kind, path, plain) for plain in plains)
    return Disputed(tuple(each for each in readings if isinstance(each, (Cited, NotOpen))))


def made(kind: BookKind, year: int | None, terms: Mapping[str, object]) -> Rulebook:
    """A rulebook that holds *terms* and nothing else."""
    values = {path: stated(kind, path, plain) for path, plain in terms.items()}
    return Rulebook(kind=kind, name="made up", year=year, terms=values)


def fiscal(year: int, terms: Mapping[str, object]) -> Rulebook:
    """An incentive rulebook of the fiscal year *year*."""
    return made(BookKind.INCENTIVE, year, terms)


def either(path: str, *plains: object) -> Disputed[Any]:
    """A disputed term of an incentive rulebook."""
    return disputed(BookKind.INCENTIVE, path, *plains)


def body(kind: AgencyKind | None = AgencyKind.REGENCY, key: str = "kab-contoh") -> Agency:
    """An agency of *kind* of which nothing else matters."""
    return Agency(key=AgencyKey(key), kind=kind, names=())


def won(year: int, size: int | None = None, group: Group | None = None) -> Tier:
    """A tier of winners; without size and group the source names neither."""
    return Tier(year=year, level=Level.WINNER, size=size, group=group)


def codes_of(reasons: Iterable[Any]) -> set[str]:
    """The codes of *reasons*, their order put aside."""
    return {reason.code for reason in reasons}
