"""Tiers and awards: what an innovation reached, in whose contest, in which year.

A tier is never just "Top 99": regional contests reuse the names and the sizes change, so a tier
carries its organiser, its year and its level.
"""

from __future__ import annotations

import enum

import attrs

from kipp.domain.agency import AgencyKey
from kipp.domain.checks import COUNT, TEXT, every, maybe, of, require
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue

__all__ = ["KIPP", "Award", "AwardHistory", "AwardSpan", "Level", "Tier"]

KIPP = "KIPP"


class Level(enum.StrEnum):
    """How far a tier lies along the contest; the values are the field's terms."""

    INTERMEDIATE = "tahap antara"
    FINALIST = "finalis"
    FINALIST_ANY_GROUP = "finalis, kelompok tidak disebut"
    WINNER = "terpuji"
    OUTSTANDING = "outstanding achievement"
    SEPARATE = "penghargaan tersendiri"


@attrs.frozen(kw_only=True)
class Tier:
    """A tier (*Top 99*, *Top 45* …) with organiser and year; *size* is what its name says.

    *group* is none where the source does not say it or the contest had one pool.
    """

    year: int
    level: Level
    size: int | None = None
    group: Group | None = None
    organiser: str = KIPP

    def __attrs_post_init__(self) -> None:
        require(self, _TIER)

    @property
    def label(self) -> str:
        """``Top 45 KIPP 2019``: how the tier is quoted."""
        size = "" if self.size is None else f" {self.size}"
        return f"Top{size} {self.organiser} {self.year}"


@attrs.frozen(kw_only=True)
class Award:
    """One innovation in one tier, as announced."""

    innovation: str
    agency: AgencyKey
    tier: Tier

    def __attrs_post_init__(self) -> None:
        require(self, _AWARD)


@attrs.frozen(kw_only=True)
class AwardHistory:
    """What one innovation reached before; an empty *awards* says: never awarded.

    A history that is not recorded is none where a rule takes it, never an empty one.
    """

    innovation: str
    awards: tuple[Award, ...] = ()

    def __attrs_post_init__(self) -> None:
        require(self, _HISTORY)

    def count(self, span: AwardSpan) -> int:
        """How many of the awards lie in *span*."""
        return sum(span.covers(award.tier) for award in self.awards)


@attrs.frozen(kw_only=True)
class AwardSpan:
    """The tiers of one level over a range of KIPP years, both ends included."""

    level: Level
    first_year: int
    last_year: int
    group: Group | None = None

    def __attrs_post_init__(self) -> None:
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


_TIER = {
    "year": COUNT,
    "level": of(Level),
    "size": maybe(COUNT),
    "group": maybe(of(Group)),
    "organiser": TEXT,
}
_AWARD = {"innovation": TEXT, "agency": TEXT, "tier": of(Tier)}
_HISTORY = {"innovation": TEXT, "awards": every(of(Award))}
