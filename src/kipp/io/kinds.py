"""The kinds of record that are read and written, by name: what ``kipp validate --kind`` knows.

Each kind has one type, a name of the command line, and the official Indonesian word.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs

from kipp.domain.agency import Agency
from kipp.domain.assessment import ScoreSheet
from kipp.domain.award import AwardHistory
from kipp.domain.errors import InvalidType, UnknownName
from kipp.domain.hub import HubCandidate
from kipp.domain.incentive import FiscalRecord
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.domain.record import AwardRow, HubRow
from kipp.io.submission import Submission

__all__ = ["KINDS", "RecordKind", "kind_named", "kind_of"]


@attrs.frozen
class RecordKind:
    """A kind of record (*jenis entri*): its *name*, the *type* of its values, the official *term*.

    *record* is the field by which a person knows a record, where it has one.
    """

    name: str
    type: type
    term: str
    record: str | None = None


KINDS: Mapping[str, RecordKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            RecordKind("proposal", Proposal, "proposal inovasi", "id"),
            RecordKind("submission", Submission, "proposal beserta riwayatnya"),
            RecordKind("innovation", Innovation, "inovasi pelayanan publik", "id"),
            RecordKind("agency", Agency, "instansi", "key"),
            RecordKind("score-sheet", ScoreSheet, "lembar penilaian", "proposal"),
            RecordKind("award", AwardRow, "penghargaan", "innovation"),
            RecordKind("award-history", AwardHistory, "riwayat penghargaan", "innovation"),
            RecordKind("fiscal-record", FiscalRecord, "catatan fiskal daerah", "agency"),
            RecordKind("hub", HubRow, "hub JIPP", "agency"),
            RecordKind("hub-candidate", HubCandidate, "calon hub JIPP", "agency"),
        )
    }
)
"""Every kind by its name."""

_BY_TYPE = {kind.type: kind for kind in KINDS.values()}


def kind_named(name: str) -> RecordKind:
    """The kind called *name*.

    Raises:
        InvalidType: *name* is no text.
        UnknownName: no kind is called so; the error lists those that are.
    """
    if not isinstance(name, str):
        raise InvalidType("kind", name, "the name of a kind of record")
    found = KINDS.get(name)
    if found is None:
        raise UnknownName("kind", name, f"one of {', '.join(KINDS)}")
    return found


def kind_of(type: Any) -> RecordKind:  # noqa: A002  # reads best
    """The kind whose values are of *type*.

    Raises:
        InvalidType: records of that type are not read from files.
    """
    try:
        return _BY_TYPE[type]
    except (KeyError, TypeError):
        expected = f"one of {', '.join(kind.__name__ for kind in _BY_TYPE)}"
        raise InvalidType("kind", type, expected) from None
