"""What can become of a proposal at a stage, and how it may leave a contest by the way."""

from __future__ import annotations

import enum

import attrs

from kipp.domain.checks import DAY, NAME, TEXT, among, every, held, of, require, several
from kipp.domain.cycle import Group, Stage
from kipp.domain.dates import Date

__all__ = ["Exit", "Standing", "TieDecision"]


class Standing(enum.StrEnum):
    """Result of a proposal at one stage (*hasil per tahap*); only ``SELECTED`` goes on."""

    SELECTED = "terpilih"
    NOT_SELECTED = "tidak terpilih"
    TIED_AT_CUT = "seri pada batas"
    WITHDRAWN = "mengundurkan diri"
    DISQUALIFIED = "didiskualifikasi"
    UNKNOWN = "belum dapat dipastikan"


_LEAVING = (Standing.WITHDRAWN, Standing.DISQUALIFIED)


_EXIT = {
    "proposal": NAME,
    "stage": of(Stage),
    "standing": among(of(Standing), "withdrawn or disqualified", _LEAVING),
    "why": TEXT,
}


@attrs.frozen(kw_only=True, field_transformer=held(_EXIT))
class Exit:
    """A proposal that left at *stage*: withdrawn by its agency, or disqualified.

    Raises:
        InvalidType: a field of another type.
        InvalidValue: another standing, a blank proposal.
    """

    proposal: str
    stage: Stage
    standing: Standing
    why: str = ""

    def __attrs_post_init__(self) -> None:
        require(self)


_SOME = several(every(NAME), "one or more, each once", items=1, distinct=True)

_TIE_DECISION = {
    "stage": of(Stage),
    "group": of(Group),
    "minutes": NAME,
    "day": DAY,
    "people": _SOME,
    "chosen": _SOME,
}


@attrs.frozen(kw_only=True, field_transformer=held(_TIE_DECISION))
class TieDecision:
    """What people decided about a tie (*keputusan atas nilai sama*), and where that is recorded.

    *minutes* is the number of the minutes (*berita acara*), *chosen* are those of the tied who
    take a seat.

    Raises:
        InvalidType: a field of another type.
        InvalidValue: nobody decided, nobody was chosen, or somebody twice.
    """

    stage: Stage
    group: Group
    minutes: str
    day: Date
    people: tuple[str, ...]
    chosen: tuple[str, ...]

    def __attrs_post_init__(self) -> None:
        require(self)
