"""The published record as frozen rows: awards, compositions, statistics, hubs.

A sample, never a register: what is not there was not readable, which says nothing.  Every row has
its source and the class of that source.  Competing figures stand beside each other.
"""

from __future__ import annotations

import enum

import attrs

from kipp.domain.agency import AgencyKey
from kipp.domain.award import Tier
from kipp.domain.checks import (
    COUNT,
    DAY,
    FLAG,
    NAME,
    NUMBER,
    TEXT,
    either,
    every,
    held,
    maybe,
    of,
    require,
)
from kipp.domain.citation import Evidence
from kipp.domain.dates import Date, DateRange
from kipp.domain.errors import InvalidValue

__all__ = [
    "AwardRow",
    "CompositionRow",
    "Confidence",
    "HubBasis",
    "HubRow",
    "Record",
    "StatisticRow",
]


class Confidence(enum.StrEnum):
    """What kind of text names an award: the ministry's, a list in the press, one mention."""

    OFFICIAL_LIST = "official_list"
    PRESS_LIST = "press_list"
    SINGLE_MENTION = "single_mention"

    @property
    def evidence(self) -> Evidence:
        """The class of source: an official list is the ministry's word, the rest is press."""
        return Evidence.MINISTRY if self is Confidence.OFFICIAL_LIST else Evidence.PRESS


class HubBasis(enum.StrEnum):
    """What makes a body a hub (*Hub JIPP*): a decree, a signed commitment, a statement."""

    DECREE = "keputusan"
    COMMITMENT = "komitmen"
    STATEMENT = "pernyataan"


_AWARD = {
    "year": NUMBER,
    "tier_key": NAME,
    "tier": of(Tier),
    "innovation": NAME,
    "agency_name": NAME,
    "agency_kind": TEXT,
    "province": TEXT,
    "category": TEXT,
    "confidence": of(Confidence),
    "source_url": NAME,
}


@attrs.frozen(kw_only=True, field_transformer=held(_AWARD))
class AwardRow:
    """One innovation in one tier, as a source prints it.

    *tier_key* is the word of the table (``top_45``); *agency_name* is the text of the source, the
    unit in parentheses; resolve it with *year*.  *agency_kind* is the source's word.
    """

    year: int
    tier_key: str
    tier: Tier
    innovation: str
    agency_name: str
    agency_kind: str
    province: str
    category: str
    confidence: Confidence
    source_url: str

    def __attrs_post_init__(self) -> None:
        require(self)

    @property
    def evidence(self) -> Evidence:
        """The class of the source."""
        return self.confidence.evidence


_SOURCED = {"evidence": of(Evidence), "source_url": NAME}

_COMPOSITION = {
    "year": NUMBER,
    "tier_key": NAME,
    "tier": of(Tier),
    "agency_kind": NAME,
    "innovations": COUNT,
    "agencies": maybe(COUNT),
    **_SOURCED,
}


@attrs.frozen(kw_only=True, field_transformer=held(_COMPOSITION))
class CompositionRow:
    """A tier's innovations of one kind of agency; *agencies* is none where not stated.

    Competing breakdowns differ in *source_url*: group by it before adding up.
    """

    year: int
    tier_key: str
    tier: Tier
    agency_kind: str
    innovations: int
    agencies: int | None
    evidence: Evidence
    source_url: str

    def __attrs_post_init__(self) -> None:
        require(self)


_STATISTIC = {
    "first_year": NUMBER,
    "last_year": NUMBER,
    "statistic": NAME,
    "value": COUNT,
    "preferred": FLAG,
    "why": TEXT,
    **_SOURCED,
}


@attrs.frozen(kw_only=True, field_transformer=held(_STATISTIC))
class StatisticRow:
    """A whole number a source states about one year or a range of years (both included).

    *preferred* marks the figure to use where several stand; *why* says why.
    """

    first_year: int
    last_year: int
    statistic: str
    value: int
    preferred: bool
    why: str
    evidence: Evidence
    source_url: str

    def __attrs_post_init__(self) -> None:
        require(self)
        if self.last_year < self.first_year:
            raise InvalidValue("StatisticRow.last_year", self.last_year, f">= {self.first_year}")

    @property
    def years(self) -> str:
        """``2019`` or ``2014-2023``: the years as the table writes them."""
        first, last = self.first_year, self.last_year
        return str(first) if first == last else f"{first}-{last}"


_HUB = {
    "agency": maybe(NAME),
    "unnamed": COUNT,
    "local": FLAG,
    "year": NUMBER,
    "basis": of(HubBasis),
    "basis_date": either(DAY, of(DateRange)),
    "act": TEXT,
    **_SOURCED,
}


@attrs.frozen(kw_only=True, field_transformer=held(_HUB))
class HubRow:
    """One entry of the hub register: a named body, or a number of bodies nobody names.

    *local* tells local governments from ministries and institutions; *basis_date* is a range
    where only the year or month is known.
    """

    agency: AgencyKey | None
    unnamed: int
    local: bool
    year: int
    basis: HubBasis
    basis_date: Date | DateRange
    act: str
    evidence: Evidence
    source_url: str

    def __attrs_post_init__(self) -> None:
        require(self)


_RECORD = {
    "awards": every(of(AwardRow)),
    "compositions": every(of(CompositionRow)),
    "statistics": every(of(StatisticRow)),
    "hubs": every(of(HubRow)),
    "version": TEXT,
}


@attrs.frozen(kw_only=True, field_transformer=held(_RECORD))
class Record:
    """The whole published record, each table in the order of its file."""

    awards: tuple[AwardRow, ...]
    compositions: tuple[CompositionRow, ...]
    statistics: tuple[StatisticRow, ...]
    hubs: tuple[HubRow, ...]
    version: str = ""

    def __attrs_post_init__(self) -> None:
        require(self)
