"""Tiers and awards: what an innovation reached, in whose contest, in which year.

A tier is never just "Top 99": regional contests reuse the names and the sizes change, so a tier
carries its organiser, its year and its level.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType

import attrs

from kipp.domain.agency import AgencyKey
from kipp.domain.checks import NAME, NUMBER, every, held, maybe, of, require
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue

__all__ = ["GROUPS_OF", "KIPP", "Award", "AwardHistory", "AwardSpan", "Level", "Tier"]

KIPP = "KIPP"


class Level(enum.StrEnum):
    """How far a tier lies along the contest; the values are the field's terms."""

    INTERMEDIATE = "tahap antara"
    FINALIST = "finalis"
    FINALIST_ANY_GROUP = "finalis, kelompok tidak disebut"
    WINNER = "terpuji"
    OUTSTANDING = "outstanding achievement"
    SEPARATE = "penghargaan tersendiri"


GROUPS_OF: Mapping[Level, tuple[Group, ...]] = MappingProxyType(
    {
        Level.INTERMEDIATE: tuple(Group),
        Level.FINALIST: tuple(Group),
        Level.FINALIST_ANY_GROUP: (),
        Level.WINNER: (Group.GENERAL, Group.REPLICATION),
        Level.OUTSTANDING: (Group.SPECIAL,),
        Level.SEPARATE: (),
    }
)
"""The groups that a KIPP tier of a level can have; whether a year had them, its rulebook says."""


_TIER = {
    "year": NUMBER,
    "level": of(Level),
    "size": maybe(NUMBER),
    "group": maybe(of(Group)),
    "organiser": NAME,
}


@attrs.frozen(kw_only=True, field_transformer=held(_TIER))
class Tier:
    """A tier (*Top 99*, *Top 45* …) with organiser and year; *size* is what its name says.

    *group* is none where the source does not say it or the contest had one pool.  In KIPP the
    winners of the special group, and they alone, are *outstanding*; an award beside the contest
    and a finalist of a group not named have no group.

    Raises:
        InvalidType: a field of another type.
        InvalidValue: a KIPP tier whose level never had this group; a year or size below 1.
    """

    year: int
    level: Level
    size: int | None = None
    group: Group | None = None
    organiser: str = KIPP

    def __attrs_post_init__(self) -> None:
        require(self)
        if self.organiser == KIPP:
            _had_group("Tier", self.level, self.group)

    @property
    def label(self) -> str:
        """``Top 45 KIPP 2019``: how the tier is quoted; by its level where it has no size."""
        name = self.level.value if self.size is None else f"Top {self.size}"
        return f"{name} {self.organiser} {self.year}"


_AWARD = {"innovation": NAME, "agency": NAME, "tier": of(Tier)}


@attrs.frozen(kw_only=True, field_transformer=held(_AWARD))
class Award:
    """One innovation in one tier, as announced."""

    innovation: str
    agency: AgencyKey
    tier: Tier

    def __attrs_post_init__(self) -> None:
        require(self)


_HISTORY = {"innovation": NAME, "awards": every(of(Award))}


@attrs.frozen(kw_only=True, field_transformer=held(_HISTORY))
class AwardHistory:
    """What one innovation reached before; an empty *awards* says: never awarded.

    A history that is not recorded is none where a rule takes it, never an empty one.

    Raises:
        InvalidType: a field of another type.
        InvalidValue: an award of another innovation.
    """

    innovation: str
    awards: tuple[Award, ...] = ()

    def __attrs_post_init__(self) -> None:
        require(self)
        for award in self.awards:
            if award.innovation != self.innovation:
                expected = f"{self.innovation}, the innovation of the history"
                raise InvalidValue("AwardHistory.awards", award.innovation, expected)

    def count(self, span: AwardSpan) -> int:
        """How many of the awards lie in *span*."""
        return sum(span.covers(award.tier) for award in self.awards)


_AWARD_SPAN = {
    "level": of(Level),
    "first_year": NUMBER,
    "last_year": NUMBER,
    "group": maybe(of(Group)),
}


@attrs.frozen(kw_only=True, field_transformer=held(_AWARD_SPAN))
class AwardSpan:
    """The tiers of one level over a range of KIPP years, both ends included.

    Raises:
        InvalidType: a field of another type.
        InvalidValue: a level that never had this group; a last year before the first.
    """

    level: Level
    first_year: int
    last_year: int
    group: Group | None = None

    def __attrs_post_init__(self) -> None:
        require(self)
        _had_group("AwardSpan", self.level, self.group)
        if self.last_year < self.first_year:
            raise InvalidValue("AwardSpan.last_year", self.last_year, f">= {self.first_year}")

    def covers(self, tier: Tier) -> bool:
        """Whether *tier* is a KIPP tier of this level (and group, where named) and range."""
        return (
            tier.organiser == KIPP
            and tier.level is self.level
            and self.first_year <= tier.year <= self.last_year
            and (self.group is None or tier.group is self.group)
        )

    def __str__(self) -> str:
        years = (
            f"{self.first_year}"
            if self.first_year == self.last_year
            else f"{self.first_year}–{self.last_year}"
        )
        return f"{self.level} {years}"


def _had_group(owner: str, level: Level, group: Group | None) -> None:
    known = GROUPS_OF[level]
    if group is not None and group not in known:
        expected = f"{', '.join(known)} or none" if known else "none"
        raise InvalidValue(f"{owner}.group", group, f"{expected} for the level {level}")
