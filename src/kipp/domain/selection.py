"""What can become of a proposal at a stage, and how it may leave a contest by the way."""

from __future__ import annotations

import enum
from typing import Any

import attrs

from kipp.domain.cycle import Stage
from kipp.domain.errors import InvalidValue

__all__ = ["Exit", "Standing"]


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
