"""What can become of a proposal at a stage, and how it may leave a contest by the way."""

from __future__ import annotations

import enum
from typing import Any

import attrs

from kipp.domain.checks import DAY, TEXT, every, of, require
from kipp.domain.cycle import Group, Stage
from kipp.domain.dates import Date
from kipp.domain.errors import InvalidValue

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


def _leaving(_instance: object, attribute: attrs.Attribute[Any], value: Standing) -> None:
    if value not in _LEAVING:
        raise InvalidValue(f"Exit.{attribute.name}", value, "withdrawn or disqualified")


@attrs.frozen(kw_only=True)
class Exit:
    """A proposal that left at *stage*: withdrawn by its agency, or disqualified.

    Raises:
        InvalidValue: another standing.
    """

    proposal: str
    stage: Stage
    standing: Standing = attrs.field(validator=_leaving)
    why: str = ""


@attrs.frozen(kw_only=True)
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
        require(self, _TIE_DECISION)
        for name in ("people", "chosen"):
            value = getattr(self, name)
            if not value or len(set(value)) < len(value):
                raise InvalidValue(f"TieDecision.{name}", value, "one or more, each once")


_TIE_DECISION = {
    "stage": of(Stage),
    "group": of(Group),
    "minutes": TEXT,
    "day": DAY,
    "people": every(TEXT),
    "chosen": every(TEXT),
}
