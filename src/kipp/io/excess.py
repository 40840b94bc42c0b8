"""How many proposals of one agency are too many: the cap as a fault between records.

What the cap says is decided by :func:`kipp.rules.cap.cap_reason`; here it is asked from which
number on a count conflicts with it.
"""

from __future__ import annotations

from functools import lru_cache

import attrs

from kipp.domain.agency import AgencyKey
from kipp.domain.citation import Citation, cited
from kipp.domain.cycle import Group
from kipp.rules.cap import cap_reason
from kipp.rules.decision import Outcome, Reason
from kipp.rules.field import Field, group_of
from kipp.rules.rulebook import Rulebook

__all__ = ["Caps", "Excess"]

_SOMEBODY = AgencyKey("-")


@attrs.frozen
class Excess:
    """Too many proposals of one agency in *group*: any *size* of those *counting* conflict.

    *counting* are the groups as recorded (none: not recorded) that count; *sure* is false where
    the cap is exceeded only if some without a group belong here, or in one of several readings.
    *entered* stand in the group for certain, *unplaced* have none recorded.
    """

    group: Group
    sure: bool
    size: int
    counting: frozenset[Group | None]
    entered: int
    unplaced: int
    at_most: int
    citations: tuple[Citation, ...]


class Caps:
    """The caps of *book*, asked by counts and remembered."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book
        self._pool = group_of(book, None)
        self._reason = lru_cache(maxsize=None)(self._asked)
        self.excess = lru_cache(maxsize=None)(self._excess)

    @property
    def least(self) -> int | None:
        """The smallest number of proposals that can conflict; none where no cap is stated."""
        stated = [cap for group in Group for cap in cited(self._book[f"groups.{group.key}.cap"])]
        return min(stated) + 1 if stated else None

    def _excess(self, group: Group, placed: int, unplaced: int) -> Excess | None:
        """What is too much in *group*, or none; one proposal alone is no conflict of records."""
        reason = self._reason(group, placed, unplaced)
        if reason.outcome is Outcome.MET or reason.code == "VALUE_NOT_FOUND":
            return None
        sure = reason.outcome is Outcome.NOT_MET
        size = self._size(group, placed + unplaced, sure)
        if size == 1:
            return None
        alone = sure and self._pool is not group
        return Excess(
            group=group,
            sure=sure,
            size=size,
            counting=frozenset({group} if alone else {group, None}),
            entered=placed if alone or not sure else placed + unplaced,
            unplaced=unplaced,
            at_most=size - 1,
            citations=reason.citations,
        )

    def _size(self, group: Group, most: int, sure: bool) -> int:
        """From which number on they conflict, placed in the group or (not *sure*) perhaps."""
        return next(
            count
            for count in range(1, most + 1)
            if (
                self._reason(group, count, 0).outcome is Outcome.NOT_MET
                if sure
                else self._reason(group, 0, count).outcome is not Outcome.MET
            )
        )

    def _asked(self, group: Group, placed: int, unplaced: int) -> Reason:
        counted = {(_SOMEBODY, group): placed, (_SOMEBODY, None): unplaced}
        field = Field(
            cycle=self._book.year, proposals={}, entered=counted, titles={}, innovations={}
        )
        return cap_reason(self._book, _SOMEBODY, field, group)
