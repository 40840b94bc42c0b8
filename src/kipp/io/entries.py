"""What of a record is compared with other records, read from plain data or from the value.

A record that has a fault of its own is compared all the same, as far as what it says can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from kipp.domain.agency import Agency
from kipp.domain.assessment import ScoreSheet
from kipp.domain.award import AwardHistory
from kipp.domain.cycle import Group
from kipp.domain.hub import HubCandidate
from kipp.domain.incentive import FiscalRecord
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.io.document import Path
from kipp.io.submission import Submission

__all__ = ["IDENTITY", "Entry", "entry_of", "entry_of_data", "entry_of_proposal", "named"]

IDENTITY: Mapping[type, tuple[str, ...]] = {
    Proposal: ("id",),
    Submission: ("id",),
    Innovation: ("id",),
    Agency: ("key",),
    ScoreSheet: ("proposal", "stage", "assessor"),
    AwardHistory: ("innovation",),
    FiscalRecord: ("agency", "fiscal_year"),
    HubCandidate: ("agency",),
}
"""The fields that no two records of a kind may share all of; a kind not named here has none."""


@attrs.frozen(kw_only=True)
class Entry:
    """What one record is compared by; what it does not say, or not readably, is none or empty.

    *identity* are the values of the fields of :data:`IDENTITY`; *innovation* is the id of the
    innovation that a proposal enters; *sources* are the innovations that a replica names, title
    and agency.  *counted* says whether a proposal counts for the cap and its title: not withdrawn,
    of a readable group.  *base* is the path of the proposal in the record, *inside* that of the
    innovation.
    """

    identity: tuple[str, ...] = ()
    agency: str | None = None
    title: str | None = None
    innovation: str | None = None
    group: Group | None = None
    cycle: int | None = None
    counted: bool = True
    sources: tuple[tuple[str, str | None], ...] = ()
    base: Path = ()
    inside: Path = ()

    @property
    def record(self) -> str | None:
        """How the record is called."""
        return " ".join(self.identity) or None


def entry_of(value: object, base: Path = ()) -> Entry:
    """The entry of a *value* of any kind of record."""
    match value:
        case Submission():
            return entry_of(value.proposal, ("proposal",))
        case Proposal():
            return entry_of_proposal(value, base)
        case Innovation():
            return Entry(
                identity=(value.id,),
                agency=value.agency,
                title=value.title,
                sources=_sources(value),
            )
        case _:
            fields = IDENTITY.get(type(value), ())
            return Entry(identity=tuple(str(getattr(value, name)) for name in fields))


def entry_of_proposal(value: Any, base: Path = ()) -> Entry:
    """The entry of a proposal, or of what has its fields and properties."""
    innovation = value.innovation
    return Entry(
        identity=(value.id,),
        agency=innovation.agency,
        title=innovation.title,
        innovation=innovation.id,
        group=value.group,
        cycle=value.cycle,
        counted=not value.withdrawn,
        sources=_sources(innovation),
        base=base,
        inside=(*base, "innovation"),
    )


def _sources(innovation: Innovation) -> tuple[tuple[str, str | None], ...]:
    return tuple((each.title, each.agency) for each in innovation.replica_of or ())


def entry_of_data(data: object, kind: type) -> Entry:
    """The entry of a record of *kind* that is still plain *data*, whatever is wrong with it."""
    if not isinstance(data, dict):
        return Entry()
    if kind is Submission:
        inner = data.get("proposal")
        return _proposal_data(inner, ("proposal",)) if "proposal" in data else _proposal_data(data)
    read = _READERS.get(kind)
    return Entry(identity=_identity(data, kind)) if read is None else read(data)


def _proposal_data(data: Any, base: Path = ()) -> Entry:
    if not isinstance(data, dict):
        return Entry(base=base)
    within = data.get("innovation")
    inner = within if isinstance(within, dict) else {}
    written = data.get("group")
    group = _GROUPS.get(written) if isinstance(written, str) else None
    cycle = data.get("cycle")
    return Entry(
        identity=_identity(data, Proposal),
        agency=_text(inner.get("agency")),
        title=_text(inner.get("title")),
        innovation=_text(inner.get("id")),
        group=group,
        cycle=cycle if type(cycle) is int else None,
        counted=data.get("withdrawn") in (None, False) and (group is not None or written is None),
        sources=_sources_data(inner),
        base=base,
        inside=(*base, "innovation"),
    )


def _innovation_data(data: dict[str, Any]) -> Entry:
    return Entry(
        identity=_identity(data, Innovation),
        agency=_text(data.get("agency")),
        title=_text(data.get("title")),
        sources=_sources_data(data),
    )


def _sources_data(data: dict[str, Any]) -> tuple[tuple[str, str | None], ...]:
    """The sources in the order of the record; one that cannot be read keeps its place, untitled."""
    given = data.get("replica_of")
    if not isinstance(given, list):
        return ()
    objects = (each if isinstance(each, dict) else {} for each in given)
    return tuple((_text(each.get("title")) or "", _text(each.get("agency"))) for each in objects)


def _identity(data: dict[str, Any], kind: type) -> tuple[str, ...]:
    found = tuple(_word(data.get(name)) for name in IDENTITY.get(kind, ()))
    return tuple(each for each in found if each is not None) if None not in found else ()


def _word(value: object) -> str | None:
    return str(value) if type(value) is int else _text(value)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def named(kind: type) -> str:
    """The field by which a record of *kind* is called; empty where it has none."""
    return IDENTITY.get(kind, ("",))[0]


_GROUPS = {group.value: group for group in Group}
_READERS: Mapping[type, Callable[[dict[str, Any]], Entry]] = {
    Proposal: _proposal_data,
    Innovation: _innovation_data,
}
