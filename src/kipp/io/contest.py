"""The input of a selection in JSON: who entered, who gave which marks, what else is recorded.

One file or several: each an object with some of the keys of :class:`Contest`.  Together they are
one contest; a list in several files is joined, a map must not name anybody twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from kipp.domain.assessment import Assessor, ScoreSheet
from kipp.domain.award import AwardHistory
from kipp.domain.errors import Faults, InvalidValue, KippError
from kipp.domain.proposal import Proposal
from kipp.domain.selection import Exit, TieDecision
from kipp.rules.decision import Outcome

__all__ = ["Contest", "join"]


@attrs.frozen(kw_only=True)
class Contest:
    """What a selection starts from (*berkas seleksi*).

    *screened* gives the outcome of administrative screening by proposal; without it each proposal
    is judged, with the *histories* of the innovations.  *assessors*, where given, are all who may
    mark.  *traits* gives attributes for demands of composition, by proposal; *visited* the
    finalists the field verification went to.  None means not recorded.
    """

    proposals: tuple[Proposal, ...] = ()
    sheets: tuple[ScoreSheet, ...] = ()
    histories: tuple[AwardHistory, ...] = ()
    assessors: tuple[Assessor, ...] | None = None
    exits: tuple[Exit, ...] = ()
    decisions: tuple[TieDecision, ...] = ()
    screened: Mapping[str, Outcome] | None = None
    traits: Mapping[str, Mapping[str, str]] | None = None
    visited: tuple[str, ...] | None = None


def join(contests: Iterable[Contest]) -> Contest:
    """One contest of several files.

    Raises:
        Faults: a proposal that two maps name, all such at once.
    """
    parts = tuple(contests)
    faults: list[KippError] = []
    joined: dict[str, Any] = {}
    for field in attrs.fields(Contest):
        given = [found for part in parts if (found := getattr(part, field.name)) is not None]
        if field.name in _MAPS:
            joined[field.name] = _map(field.name, given, faults)
        elif given:
            joined[field.name] = tuple(each for found in given for each in found)
    if faults:
        raise Faults(faults)
    return Contest(**joined)


_MAPS = frozenset({"screened", "traits"})


def _map(
    name: str, given: Iterable[Mapping[str, object]], faults: list[KippError]
) -> dict[str, object] | None:
    joined: dict[str, object] | None = None
    for found in given:
        joined = {} if joined is None else joined
        twice = sorted(joined.keys() & found.keys())
        faults += (InvalidValue(name, key, "each proposal in one file only") for key in twice)
        joined |= found
    return joined
