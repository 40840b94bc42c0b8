"""How assessors mark: small frozen models of severity, spread and agreement.

Nobody published how the marks of the contest scatter, so every number here is an assumption of the
caller and stands in the study's own account of itself.  A model of your own is any frozen object
with the method of :class:`AssessorModel`.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

import attrs

from kipp.domain.errors import InvalidType, InvalidValue
from kipp.simulation.arrays import Array, numpy

__all__ = ["AssessorModel", "Draw", "Panel", "Purpose"]


class Purpose(enum.IntEnum):
    """What is drawn: each purpose has numbers of its own."""

    MARK = enum.auto()
    CRITERION = enum.auto()
    SHARED = enum.auto()
    SEVERITY = enum.auto()
    MISSING = enum.auto()
    CONFLICT = enum.auto()


class Draw(Protocol):
    """The luck of some proposals at one stage, by address (:mod:`kipp.simulation.luck`)."""

    def normals(self, purpose: int, part: int = 0) -> Array:
        """A normal number for each assessor and proposal: ``float32``, (assessors, n)."""

    def shared(self, purpose: int) -> Array:
        """A normal number for each proposal, the same for all assessors: (1, n)."""

    def by_assessor(self, purpose: int) -> Array:
        """A normal number for each assessor, the same for all proposals: (assessors, 1 or n)."""

    def uniforms(self, purpose: int, *, always: bool = False) -> Array:
        """Numbers between 0 and 1: (assessors, n); *always*: the same in every replication."""


class AssessorModel(Protocol):
    """How the assessors of one stage mark (*model penilai*).

    The marks are numbers on the scale of the contest, not yet rounded to its steps; NaN says that
    the assessor handed in no sheet.  They must follow from the arguments alone: what is random
    comes from *draw*.
    """

    def marks(self, worth: Array, criteria: tuple[str, ...], draw: Draw) -> Array:
        """The marks of proposals of this *worth* (``float32``, (n,)).

        Their shape is (criteria or 1, assessors, n).

        One row for all criteria says that an assessor gives the same mark under each.
        """


def _frozen(found: Mapping[str, float]) -> Mapping[str, float]:
    return MappingProxyType(dict(found))


_SHARES = ("correlation", "halo", "missing", "conflicted")
_SPREADS = ("spread", "severity")


@attrs.frozen(kw_only=True)
class Panel:
    """Assessors who see the worth of a proposal through noise.

    A mark is ``worth + severity + noise``, in marks.  *spread* is the standard deviation of the
    noise; *severity* that of an assessor's own mildness, the same for all proposals of a
    replication; *correlation* is the share of the noise that the whole panel has in common, *halo*
    the share of the rest that an assessor carries from one criterion to the next (1: all of it).
    *discrimination* says by criterion how far worth shows there, as a factor on its distance from
    *centre*.  *missing* is the chance that a sheet is not handed in, *conflicted* that an assessor
    may never mark a proposal.  *assessors* is the size of the panel where it is larger than the
    number the rulebook asks for.

    Raises:
        InvalidType: a number that is none.
        InvalidValue: a negative spread, a share outside 0 to 1, no assessor.
    """

    spread: float
    severity: float = 0.0
    correlation: float = 0.0
    halo: float = 1.0
    discrimination: Mapping[str, float] = attrs.field(factory=dict, converter=_frozen, hash=False)
    centre: float = 0.0
    missing: float = 0.0
    conflicted: float = 0.0
    assessors: int | None = None

    def __attrs_post_init__(self) -> None:
        numbers = {name: getattr(self, name) for name in (*_SPREADS, *_SHARES, "centre")}
        numbers |= {f"discrimination.{key}": each for key, each in self.discrimination.items()}
        for name, value in numbers.items():
            _check_number(f"Panel.{name}", value)
        for name in _SPREADS:
            if numbers[name] < 0:
                raise InvalidValue(f"Panel.{name}", numbers[name], "a spread of 0 or more")
        for name in _SHARES:
            if not 0 <= numbers[name] <= 1:
                raise InvalidValue(f"Panel.{name}", numbers[name], "a share from 0 to 1")
        if self.assessors is not None and (type(self.assessors) is not int or self.assessors < 1):
            raise InvalidValue("Panel.assessors", self.assessors, "one assessor or more, or none")

    def __reduce__(self) -> tuple[Any, ...]:
        given = {each.name: getattr(self, each.name) for each in attrs.fields(type(self))}
        return _panel, ({**given, "discrimination": dict(self.discrimination)},)

    def marks(self, worth: Array, criteria: tuple[str, ...], draw: Draw) -> Array:
        """As :class:`AssessorModel` says."""
        np = numpy()
        noise = draw.normals(Purpose.MARK)
        if self.correlation:
            alone = math.sqrt(1 - self.correlation)
            noise = noise * np.float32(alone) + _scaled(
                draw.shared(Purpose.SHARED), math.sqrt(self.correlation)
            )
        base = _scaled(draw.by_assessor(Purpose.SEVERITY), self.severity) if self.severity else None
        if self.halo == 1 and not self.discrimination:
            found = noise * np.float32(self.spread)
            found += worth
            found = (found if base is None else found + base)[np.newaxis]
        else:
            found = np.stack(
                [
                    self._under(part, key, worth, noise, base, draw)
                    for part, key in enumerate(criteria)
                ]
            )
        return self._handed_in(found, draw)

    def _under(
        self, part: int, key: str, worth: Array, noise: Array, base: Array | None, draw: Draw
    ) -> Array:
        """The marks under one criterion."""
        np = numpy()
        if self.halo < 1:
            own = _scaled(draw.normals(Purpose.CRITERION, part), math.sqrt(1 - self.halo))
            noise = noise * np.float32(math.sqrt(self.halo)) + own
        seen = worth
        if key in self.discrimination:
            factor, centre = np.float32(self.discrimination[key]), np.float32(self.centre)
            seen = centre + factor * (worth - centre)
        found = seen + noise * np.float32(self.spread)
        return found if base is None else found + base

    def _handed_in(self, found: Array, draw: Draw) -> Array:
        np = numpy()
        for chance, purpose, always in (
            (self.missing, Purpose.MISSING, False),
            (self.conflicted, Purpose.CONFLICT, True),
        ):
            if chance:
                absent = draw.uniforms(purpose, always=always) < np.float32(chance)
                found = np.where(absent[np.newaxis], np.float32(math.nan), found)
        return found


def _panel(given: dict[str, Any]) -> Panel:
    return Panel(**given)


def _scaled(numbers: Array, factor: float) -> Array:
    return numbers * numpy().float32(factor)


def _check_number(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidType(name, value, "a number")
    if not math.isfinite(value):
        raise InvalidValue(name, value, "a finite number")
