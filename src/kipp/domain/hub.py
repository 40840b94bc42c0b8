"""Innovation hubs (*hub JIPP*, *simpul inovasi*): status, candidates, maturity, counts.

The register is a list of those the sources name, never a list of all: from 2024 most are not named.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

import attrs

from kipp.domain.agency import AgencyKey
from kipp.domain.checks import COUNT, FLAG, NAME, NUMBER, TEXT, held, maybe, of, require, table
from kipp.domain.record import HubBasis

__all__ = ["HubCandidate", "HubCounts", "HubMaturity", "HubStatus"]


class HubStatus(enum.StrEnum):
    """What the register says of a body on a day; there is no "not a hub"."""

    BY_DECREE = "hub berdasarkan keputusan"
    BY_COMMITMENT = "hub berdasarkan komitmen"
    BY_STATEMENT = "hub berdasarkan pernyataan"
    COVERED = "tercakup hub provinsi"
    NOT_IN_KNOWN_LIST = "tidak ada dalam daftar yang diketahui"


_CANDIDATE = {
    "agency": NAME,
    "leader_commitment": maybe(FLAG),
    "potential_fits_need": maybe(FLAG),
    "bureaucratic_support": maybe(FLAG),
    "external_support": maybe(FLAG),
}


@attrs.frozen(kw_only=True, field_transformer=held(_CANDIDATE))
class HubCandidate:
    """What is recorded of a body that wishes to be a hub (*kriteria calon hub JIPP*).

    Each is a person's judgement; ``None`` means not recorded.  *external_support* is that of
    stakeholders outside government, asked from 2023.
    """

    agency: AgencyKey
    leader_commitment: bool | None = None
    potential_fits_need: bool | None = None
    bureaucratic_support: bool | None = None
    external_support: bool | None = None

    def __attrs_post_init__(self) -> None:
        require(self)


_MATURITY = {
    "planning": maybe(TEXT),
    "institutionalisation": maybe(TEXT),
    "dissemination": maybe(TEXT),
    "evaluation": maybe(TEXT),
}


@attrs.frozen(kw_only=True, field_transformer=held(_MATURITY))
class HubMaturity:
    """The four aspects of a hub's maturity (*kematangan hub*), as its assessors word them.

    No scale was published, so there are texts and no level.
    """

    planning: str | None = None
    institutionalisation: str | None = None
    dissemination: str | None = None
    evaluation: str | None = None

    def __attrs_post_init__(self) -> None:
        require(self)


_COUNTS = {
    "year": NUMBER,
    "named": COUNT,
    "unnamed": COUNT,
    "by_basis": table("a number from 0 for each HubBasis", of(HubBasis), COUNT),
}


@attrs.frozen(kw_only=True, field_transformer=held(_COUNTS))
class HubCounts:
    """Local hubs at the end of a year: *named* ones, *unnamed* ones, and how many by each basis."""

    year: int
    named: int
    unnamed: int
    by_basis: Mapping[HubBasis, int]

    def __attrs_post_init__(self) -> None:
        require(self)

    @property
    def stated(self) -> int:
        """How many the sources state, named or not."""
        return self.named + self.unnamed
