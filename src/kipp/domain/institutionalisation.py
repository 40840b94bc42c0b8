"""How firmly an innovation is anchored (*pelembagaan*): instrument, budget line, coaching unit."""

from __future__ import annotations

import enum

import attrs

from kipp.domain.checks import FLAG, NAME, held, maybe, of, require

__all__ = ["Institutionalisation", "Ladder", "LeaderChange", "Survival"]


class Ladder(enum.StrEnum):
    """Step on the ladder of instruments, lowest first; the order is inferred, no source gives it.

    The steps above the first bear the names of :class:`~kipp.domain.innovation.InstrumentKind`.
    """

    NONE = "tanpa instrumen"
    OFFICE_DECREE = "keputusan kepala perangkat daerah"
    LEADER_DECREE = "keputusan kepala daerah atau menteri"
    LEADER_REGULATION = "peraturan kepala daerah atau menteri"
    COUNCIL_REGULATION = "peraturan daerah atau peraturan pemerintah"


_INSTITUTIONALISATION = {
    "step": of(Ladder),
    "budget_line": maybe(FLAG),
    "coaching_unit": maybe(FLAG),
}


@attrs.frozen(kw_only=True, field_transformer=held(_INSTITUTIONALISATION))
class Institutionalisation:
    """The step reached, and whether budget line and coaching unit are there; none: not recorded."""

    step: Ladder
    budget_line: bool | None
    coaching_unit: bool | None

    def __attrs_post_init__(self) -> None:
        require(self)

    @property
    def legal_base(self) -> bool:
        """Whether any instrument in force names the innovation."""
        return self.step is not Ladder.NONE


class Survival(enum.StrEnum):
    """Whether an innovation outlived a change of leader, where that was observed."""

    OBSERVED_YES = "teramati berlanjut"
    OBSERVED_NO = "teramati berhenti"


_CHANGE = {"innovation": NAME, "leader_changed": maybe(FLAG), "running_after": maybe(FLAG)}


@attrs.frozen(kw_only=True, field_transformer=held(_CHANGE))
class LeaderChange:
    """What is recorded about a change of leader (*pergantian pimpinan*) and what came after."""

    innovation: str
    leader_changed: bool | None = None
    running_after: bool | None = None

    def __attrs_post_init__(self) -> None:
        require(self)
