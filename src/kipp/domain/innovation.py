"""An innovation (*inovasi pelayanan publik*): what it is, where it comes from, what carries it.

``None`` in a field means *not recorded* and nothing else does.
"""

from __future__ import annotations

import enum

import attrs

from kipp.domain.agency import AgencyKey
from kipp.domain.award import Tier
from kipp.domain.checks import (
    DAY,
    FLAG,
    NAME,
    TEXT,
    WHOLE,
    bounded,
    every,
    held,
    maybe,
    of,
    require,
)
from kipp.domain.dates import Date

__all__ = ["Innovation", "Instrument", "InstrumentKind", "Origin", "Phase", "ReplicaSource"]


class Origin(enum.StrEnum):
    """Where the idea comes from: original (*orisinal*) or a replica (*replikasi*)."""

    ORIGINAL = "orisinal"
    REPLICA = "replikasi"


class Phase(enum.StrEnum):
    """Phase of coaching (*pembinaan*), PermenPANRB 91/2021."""

    CREATION = "penciptaan"
    DEVELOPMENT = "pengembangan"
    INSTITUTIONALISATION = "pelembagaan"


class InstrumentKind(enum.StrEnum):
    """Kind of legal instrument, weakest first; the order is inferred, no source gives it."""

    OFFICE_DECREE = "keputusan kepala perangkat daerah"
    LEADER_DECREE = "keputusan kepala daerah atau menteri"
    LEADER_REGULATION = "peraturan kepala daerah atau menteri"
    COUNCIL_REGULATION = "peraturan daerah atau peraturan pemerintah"


_INSTRUMENT = {
    "kind": of(InstrumentKind),
    "number": TEXT,
    "date": maybe(DAY),
    "names_innovation": maybe(FLAG),
    "in_force": maybe(FLAG),
}


@attrs.frozen(kw_only=True, field_transformer=held(_INSTRUMENT))
class Instrument:
    """A legal instrument behind an innovation; a frame rule does not name the innovation."""

    kind: InstrumentKind
    number: str = ""
    date: Date | None = None
    names_innovation: bool | None = None
    in_force: bool | None = None

    def __attrs_post_init__(self) -> None:
        require(self)


_SOURCE = {"title": NAME, "agency": maybe(NAME), "tiers": maybe(every(of(Tier)))}


@attrs.frozen(kw_only=True, field_transformer=held(_SOURCE))
class ReplicaSource:
    """The innovation a replica adapts, and the tiers it is recorded to have reached.

    *tiers* is none where nobody recorded them; empty means: in no tier.
    """

    title: str
    agency: AgencyKey | None = None
    tiers: tuple[Tier, ...] | None = None

    def __attrs_post_init__(self) -> None:
        require(self)


_LAST_GOAL = 17

_GOAL = bounded(WHOLE, f"a goal from 1 to {_LAST_GOAL}", least=1, most=_LAST_GOAL, key="goal")

_INNOVATION = {
    "id": NAME,
    "title": NAME,
    "agency": NAME,
    "unit": maybe(NAME),
    "started": maybe(DAY),
    "origin": maybe(of(Origin)),
    "replica_of": maybe(every(of(ReplicaSource))),
    "sdgs": maybe(every(_GOAL)),
    "public_service": maybe(FLAG),
    "pandemic_related": maybe(FLAG),
    "running": maybe(FLAG),
    "improved_or_spread": maybe(FLAG),
    "instruments": maybe(every(of(Instrument))),
    "budget_line": maybe(FLAG),
    "coaching_unit": maybe(FLAG),
}


@attrs.frozen(kw_only=True, field_transformer=held(_INNOVATION))
class Innovation:
    """An innovation as its agency records it.

    *started* is the first day of implementation; *replica_of* names what a replica adapts;
    *sdgs* are the numbers of the Sustainable Development Goals (*TPB/SDGs*) it is linked to.

    Raises:
        InvalidType: a field of another type.
        InvalidValue: a blank id or title, a goal that does not exist.
    """

    id: str
    title: str
    agency: AgencyKey
    unit: str | None = None
    started: Date | None = None
    origin: Origin | None = None
    replica_of: tuple[ReplicaSource, ...] | None = None
    sdgs: tuple[int, ...] | None = None
    public_service: bool | None = None
    pandemic_related: bool | None = None
    running: bool | None = None
    improved_or_spread: bool | None = None
    instruments: tuple[Instrument, ...] | None = None
    budget_line: bool | None = None
    coaching_unit: bool | None = None

    def __attrs_post_init__(self) -> None:
        require(self)
