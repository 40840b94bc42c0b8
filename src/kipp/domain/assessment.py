"""Assessment: criteria, marks, score sheets, assessors, conflicts of interest.

Marks and weights are exact: whole numbers, :class:`decimal.Decimal` or
:class:`fractions.Fraction`.  A binary float is refused unless the quantum of its scale is
declared, because floats hide exact ties.  A missing mark is missing, never zero.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

import attrs

from kipp.domain.agency import AgencyKey
from kipp.domain.checks import (
    EXACT,
    NAME,
    WHOLE,
    Form,
    Kind,
    bounded,
    either,
    every,
    held,
    of,
    require,
)
from kipp.domain.cycle import Stage
from kipp.domain.errors import InvalidType, InvalidValue

__all__ = [
    "OVERALL",
    "Assessor",
    "Criterion",
    "Mark",
    "Relation",
    "RelationKind",
    "ScoreSheet",
    "exact",
]

Mark: TypeAlias = int | Fraction
"""An exact mark, as a score sheet keeps it."""

OVERALL: Final = "nilai"
"""The criterion of a sheet that holds one mark for the whole proposal (*nilai*)."""


def exact(
    value: object, *, quantum: Fraction | None = None, name: str = "mark", where: str = ""
) -> Mark:
    """The exact number *value* stands for: an ``int`` where it is whole, else a ``Fraction``.

    A float is taken only with a *quantum*, the smallest step of the scale, and only where it is
    the float nearest to a whole number of steps.

    Raises:
        InvalidType: a float without a quantum, or no number.
        InvalidValue: not finite, or a float between two steps.
    """
    if type(value) is int:
        return value
    if isinstance(value, Decimal):
        return _whole(Fraction(_finite(value, name, where)))
    if isinstance(value, float):
        return _whole(_stepped(value, quantum, name, where))
    if isinstance(value, Fraction):
        return _whole(value)
    raise InvalidType(name, value, "an exact number (int, Decimal or Fraction)", where)


def _whole(value: Fraction) -> Mark:
    return value.numerator if value.denominator == 1 else value


def _finite(value: Decimal | float, name: str, where: str) -> Decimal | float:
    if not (value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)):
        raise InvalidValue(name, value, "a finite number", where)
    return value


def _stepped(value: float, quantum: Fraction | None, name: str, where: str) -> Fraction:
    if quantum is None:
        cure = "declare the quantum of the scale, or give an int, Decimal or Fraction"
        raise InvalidType(name, value, "an exact number, not a float", where, cure)
    if quantum <= 0:
        raise InvalidValue("quantum", quantum, _QUANTUM.expected, where)
    nearest = round(Fraction(_finite(value, name, where)) / quantum) * quantum
    if float(nearest) != value:
        raise InvalidValue(name, value, f"a whole number of steps of {quantum}", where)
    return nearest


def _criterion_weight(value: object) -> Fraction:
    return Fraction(exact(value, name="Criterion.weight"))


def _assessor_weight(value: object) -> Fraction:
    return Fraction(exact(value, name="Assessor.weight"))


_AT_LEAST_0 = bounded(EXACT, "a weight of 0 or more", least=0)

_CRITERION = {"key": NAME, "weight": _AT_LEAST_0}


@attrs.frozen(field_transformer=held(_CRITERION))
class Criterion:
    """A criterion (*aspek*) of a contest and its exact weight.

    Raises:
        InvalidType: a weight that is no exact number.
        InvalidValue: a weight below 0, a blank key.
    """

    key: str
    weight: Fraction = attrs.field(converter=_criterion_weight)

    def __attrs_post_init__(self) -> None:
        require(self)


class RelationKind(enum.StrEnum):
    """What binds an assessor to an agency (*benturan kepentingan*)."""

    WORKS_THERE = "bekerja"
    WORKED_THERE = "pernah bekerja"
    ADVISES = "penasihat"
    FAMILY = "keluarga"


_RELATION = {"agency": NAME, "kind": of(RelationKind)}


@attrs.frozen(field_transformer=held(_RELATION))
class Relation:
    """A tie between an assessor and an agency: a conflict of interest for its proposals."""

    agency: AgencyKey
    kind: RelationKind

    def __attrs_post_init__(self) -> None:
        require(self)


_ABOVE_0 = bounded(EXACT, "a weight above 0", above=0)

_ASSESSOR = {"key": NAME, "weight": _ABOVE_0, "relations": every(of(Relation))}


@attrs.frozen(kw_only=True, field_transformer=held(_ASSESSOR))
class Assessor:
    """A member of the evaluation team or the panel (*Tim Evaluasi*, *Tim Panel Independen*).

    *weight* is how much of one assessor the marks count for: two of half the weight that mark
    alike stand for one.

    Raises:
        InvalidType: a weight that is no exact number, relations that are none.
        InvalidValue: a weight of 0 or less, a blank key.
    """

    key: str
    weight: Fraction = attrs.field(default=Fraction(1), converter=_assessor_weight)
    relations: tuple[Relation, ...] = ()

    def __attrs_post_init__(self) -> None:
        require(self)

    def bound_to(self, agency: AgencyKey) -> bool:
        """Whether a relation to *agency* is recorded."""
        return any(relation.agency == agency for relation in self.relations)


_MARK = either(WHOLE, EXACT)


def _are_marks(value: object) -> bool:
    return isinstance(value, tuple) and all(
        NAME.accepts(criterion) and _MARK.accepts(mark) for criterion, mark in value
    )


_MARKS = Kind(
    "a mark for each criterion",
    _are_marks,
    form=Form.TABLE,
    parts=(NAME, _MARK),
    key=Form.TABLE.value,
)
_SHEET = {"proposal": NAME, "stage": of(Stage), "assessor": NAME, "marks": _MARKS}


@attrs.frozen(kw_only=True, init=False, field_transformer=held(_SHEET))
class ScoreSheet:
    """The marks one assessor gave one proposal in one stage (*lembar penilaian*).

    *marks* are exact numbers by criterion, in the order given; a criterion that is not there was
    not marked.  A sheet of one mark for the whole proposal uses the criterion :data:`OVERALL`.

    Raises:
        InvalidType: a float without *quantum*, or no number; a field of another type.
        InvalidValue: a number that is not finite, a float between two steps, a criterion twice; a
            blank id, a quantum that is not above 0.
    """

    proposal: str
    stage: Stage
    assessor: str
    marks: tuple[tuple[str, Mark], ...]

    def __init__(
        self,
        *,
        proposal: str,
        stage: Stage,
        assessor: str,
        marks: Mapping[str, object] | Iterable[tuple[str, object]],
        quantum: Fraction | None = None,
    ) -> None:
        if quantum is not None and not _QUANTUM.accepts(quantum):
            raise _QUANTUM.fault("ScoreSheet.quantum", quantum)
        self.__attrs_init__(
            proposal=proposal,
            stage=stage,
            assessor=assessor,
            marks=_exact_marks(marks, quantum, (proposal, stage, assessor)),
        )
        plain = type(stage) is Stage and type(proposal) is type(assessor) is str
        if not (plain and proposal.strip() and assessor.strip()):
            require(self)

    @property
    def where(self) -> str:
        """How an error names this sheet."""
        return _where((self.proposal, self.stage, self.assessor))


def _exact_marks(
    marks: object, quantum: Fraction | None, sheet: tuple[object, ...]
) -> tuple[tuple[str, Mark], ...]:
    given = marks if type(marks) is dict else _by_criterion(marks, sheet)
    if set(map(type, given)) != _ONLY_TEXT or "" in map(str.strip, given):
        for key in given:
            if not NAME.accepts(key):
                raise NAME.fault("ScoreSheet.marks", key)
    if set(map(type, given.values())) == _ONLY_WHOLE:
        return tuple(given.items())
    return tuple(
        (key, exact(mark, quantum=quantum, name=f"marks.{key}", where=_where(sheet)))
        for key, mark in given.items()
    )


# Most marks are whole and most keys plain texts: sheets come by the ten thousand, and looking at
# all types at once costs a tenth of asking one by one.
_ONLY_WHOLE = {int}
_ONLY_TEXT = {str}


def _where(sheet: tuple[object, ...]) -> str:
    return ", ".join(map(str, sheet))


def _by_criterion(marks: Any, sheet: tuple[object, ...]) -> dict[str, Any]:
    """*marks* by criterion, each of which stands once."""
    try:
        pairs = tuple(marks.items() if isinstance(marks, Mapping) else marks)
        given = dict(pairs)
    except (TypeError, ValueError):
        expected = "a mark for each criterion"
        raise InvalidType("ScoreSheet.marks", marks, expected, _where(sheet)) from None
    if len(given) < len(pairs):
        raise InvalidValue("ScoreSheet.marks", pairs, "each criterion once", _where(sheet))
    return given


_QUANTUM = bounded(EXACT, "a quantum above 0", above=0)
