"""Demands of composition as a rulebook states them: at which stage, for which group.

Indonesian: *kuota*.  ``composition.quota`` says whether there are any: ``none``, ``demands`` or
``shares``.  ``composition.demands`` lists demands: ``{ stage = "finalists", group = "general", by =
"cluster", of = "regency", at_least = 3, at_most = 40 }``.  ``composition.shares`` shares the
places out over the values of an attribute, by the number of candidates of each: ``{ stage =
"nomination", by = "cluster", method = "hare", at_least = 1 }``.  No quota of the contest was ever
published.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

import attrs

from kipp.domain.checks import COUNT, NAME, among, held, maybe, of, require
from kipp.domain.cycle import Group, Stage
from kipp.rules.apportionment import Apportionment, Method, apportion
from kipp.rules.composition import Demand

__all__ = ["Quota", "StageDemand", "StageShares"]


class Quota(enum.StrEnum):
    """Whether demands of composition are made, and whether they are stated or worked out."""

    NONE = "none"
    DEMANDS = "demands"
    SHARES = "shares"


_CUT = among(
    of(Stage),
    "a stage that cuts down (nomination, finalists, winners)",
    (Stage.NOMINATION, Stage.FINALISTS, Stage.WINNERS),
)

_DEMAND = {"stage": _CUT, "group": maybe(of(Group)), "demand": of(Demand)}


@attrs.frozen(kw_only=True, field_transformer=held(_DEMAND))
class StageDemand:
    """A *demand* on whom a *stage* selects, in one *group* or in each.

    Raises:
        InvalidType: a field of another type.
        InvalidValue: a stage that selects nobody.
    """

    stage: Stage
    group: Group | None
    demand: Demand

    def __attrs_post_init__(self) -> None:
        require(self)

    def holds_at(self, stage: Stage, group: Group) -> bool:
        """Whether it is asked at the cut of *group* in *stage*."""
        return self.stage is stage and self.group in (None, group)


_SHARES = {
    "stage": _CUT,
    "group": maybe(of(Group)),
    "by": NAME,
    "method": of(Method),
    "at_least": COUNT,
}


@attrs.frozen(kw_only=True, field_transformer=held(_SHARES))
class StageShares:
    """The places of a *stage*, shared out over the values of the attribute *by*.

    *method* says how seats follow the numbers of candidates, *at_least* how many each value has
    at the least, as far as it has candidates.  It holds in one *group* or in each.

    Raises:
        InvalidType: a field of another type.
        InvalidValue: a stage that selects nobody, a blank attribute, a negative number.
    """

    stage: Stage
    group: Group | None
    by: str
    method: Method
    at_least: int = 0

    def __attrs_post_init__(self) -> None:
        require(self)

    def holds_at(self, stage: Stage, group: Group) -> bool:
        """Whether it is asked at the cut of *group* in *stage*."""
        return self.stage is stage and self.group in (None, group)

    def shared(self, places: int, counts: Mapping[str, int]) -> Apportionment:
        """The places of each value that has candidates; nobody has more than it has candidates.

        Raises:
            InvalidValue: more values than places, where each is promised some.
        """
        floors = {value: min(self.at_least, count) for value, count in counts.items()}
        return apportion(places, counts, self.method, floors=floors, caps=counts)

    def demands(self, seats: Iterable[tuple[str, int]]) -> tuple[Demand, ...]:
        """The demands that hold the values to their *seats*."""
        return tuple(
            Demand(name=value, by=self.by, of=value, at_least=count, at_most=count)
            for value, count in seats
        )
