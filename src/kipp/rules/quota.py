"""Demands of composition as a rulebook states them: at which stage, for which group.

Indonesian: *kuota*.  ``composition.quota`` says whether there are any, ``composition.demands``
lists them: ``{ stage = "finalists", group = "general", by = "cluster", of = "regency",
at_least = 3, at_most = 40 }``.  No quota of the contest was ever published.
"""

from __future__ import annotations

import enum

import attrs

from kipp.domain.checks import maybe, of, require
from kipp.domain.cycle import Group, Stage
from kipp.rules.composition import Demand

__all__ = ["Quota", "StageDemand"]


class Quota(enum.StrEnum):
    """Whether demands of composition are made."""

    NONE = "none"
    DEMANDS = "demands"


@attrs.frozen(kw_only=True)
class StageDemand:
    """A *demand* on whom a *stage* selects, in one *group* or in each.

    Raises:
        InvalidType: a field of another type.
    """

    stage: Stage
    group: Group | None
    demand: Demand

    def __attrs_post_init__(self) -> None:
        require(self, _KINDS)

    def holds_at(self, stage: Stage, group: Group) -> bool:
        """Whether it is asked at the cut of *group* in *stage*."""
        return self.stage is stage and self.group in (None, group)


_KINDS = {"stage": of(Stage), "group": maybe(of(Group)), "demand": of(Demand)}
