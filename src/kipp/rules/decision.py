"""The two shapes of answer, and the reasons they carry.

A requirement answers with a :class:`Decision`: met, not met or unknown, the worst among its
reasons.  A classification answers with a :class:`Classification`: a value of a closed type, or
none with the reason.  Neither can be used as if it were true or false.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Generic, NewType, NoReturn, TypeVar

import attrs

from kipp.domain.citation import (
    Citation,
    Cited,
    Disputed,
    Evidence,
    NotFound,
    NotOpen,
    Term,
    Unlimited,
    weakest,
)
from kipp.domain.errors import InvalidValue, NotTwoValued

__all__ = [
    "UNSETTLED",
    "Classification",
    "Decision",
    "Judgement",
    "Outcome",
    "Reason",
    "RuleId",
    "note",
    "settle",
    "unrecorded",
]

T = TypeVar("T")
RuleId = NewType("RuleId", str)


class Outcome(enum.StrEnum):
    """Whether a requirement is met, worst first; ``UNKNOWN`` when the missing could change it."""

    NOT_MET = "tidak terpenuhi"
    UNKNOWN = "belum dapat dipastikan"
    MET = "terpenuhi"


@attrs.frozen
class Reason:
    """One thing a rule looked at: a stable code, the values compared, the terms of law read.

    *outcome* is none for a note that decides nothing.  The sentence is made by
    :mod:`kipp.messages` when somebody asks.
    """

    outcome: Outcome | None
    code: str
    values: tuple[tuple[str, object], ...] = ()
    terms: tuple[Term[object], ...] = ()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation of the terms read, in order, each once."""
        return tuple(dict.fromkeys(c for term in self.terms for c in term.citations))

    @property
    def evidence(self) -> Evidence | None:
        """The class of the weakest term read; none where no term claims anything."""
        return weakest(term.evidence for term in self.terms if term.evidence)


UNSETTLED: tuple[str, ...] = ("FACT_NOT_RECORDED", "VALUE_NOT_FOUND", "VALUE_DISPUTED")
"""The codes of :func:`unrecorded` and :func:`settle`, which any rule may give."""


def note(code: str, *terms: Term[object], **values: object) -> Reason:
    """A reason that informs and decides nothing."""
    return Reason(None, code, tuple(values.items()), terms)


def unrecorded(fact: str, *terms: Term[object]) -> Reason:
    """UNKNOWN because *fact* is not recorded."""
    return Reason(Outcome.UNKNOWN, "FACT_NOT_RECORDED", (("fact", fact),), terms)


def settle(term: Term[T], judge: Callable[[Cited[T] | Unlimited | NotOpen], Reason]) -> Reason:
    """Judge the value of *term*; every reading of a dispute is tried.

    A value not found gives ``VALUE_NOT_FOUND``; readings that differ in outcome give
    ``VALUE_DISPUTED``; readings that agree give the reason of the strongest.  The reason lists
    *term* among the terms it rests on.
    """
    value = term.value
    if isinstance(value, NotFound):
        found = (("path", term.path), ("searched", value.searched))
        return Reason(Outcome.UNKNOWN, "VALUE_NOT_FOUND", found, (term,))
    readings = value.alternatives if isinstance(value, Disputed) else (value,)
    reasons = [judge(reading) for reading in readings]
    if len({reason.outcome for reason in reasons}) > 1:
        readings_seen = tuple(reason.code for reason in reasons)
        seen = (("path", term.path), ("readings", readings_seen))
        return Reason(Outcome.UNKNOWN, "VALUE_DISPUTED", seen, (term,))
    return attrs.evolve(reasons[0], terms=(term, *reasons[0].terms))


def _three_outcomes(self: object) -> NoReturn:
    raise NotTwoValued(
        f"a {type(self).__name__} is neither true nor false: compare .outcome or .value instead"
    )


class _Answer:
    """What both shapes share."""

    __slots__ = ()
    reasons: tuple[Reason, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in order."""
        return tuple(reason.code for reason in self.reasons)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation behind the answer, each once."""
        return tuple(dict.fromkeys(c for reason in self.reasons for c in reason.citations))

    @property
    def evidence(self) -> Evidence | None:
        """The class of the weakest term the answer rests on."""
        return weakest(reason.evidence for reason in self.reasons if reason.evidence)

    @property
    def assumptions(self) -> tuple[Term[object], ...]:
        """The assumed terms the answer rests on, each once."""
        terms = (term for reason in self.reasons for term in reason.terms)
        return tuple(dict.fromkeys(term for term in terms if term.evidence is Evidence.ASSUMED))

    __bool__ = _three_outcomes


@attrs.frozen(kw_only=True)
class Decision(_Answer):
    """The answer of one requirement about one subject.

    Raises:
        InvalidValue: no reason decides anything.
        NotTwoValued: used as a boolean.
    """

    rule: RuleId
    subject: str
    reasons: tuple[Reason, ...]

    def __attrs_post_init__(self) -> None:
        if all(reason.outcome is None for reason in self.reasons):
            raise InvalidValue("Decision.reasons", self.reasons, "a reason that decides")

    @property
    def outcome(self) -> Outcome:
        """The worst outcome among the reasons."""
        found = {reason.outcome for reason in self.reasons}
        return next(outcome for outcome in Outcome if outcome in found)


@attrs.frozen(kw_only=True)
class Classification(_Answer, Generic[T]):
    """Where a subject belongs: a value of a closed type, or none with the reasons why not.

    Raises:
        NotTwoValued: used as a boolean.
    """

    rule: RuleId
    subject: str
    value: T | None
    reasons: tuple[Reason, ...]


@attrs.frozen(kw_only=True)
class Judgement(_Answer):
    """Every answer about one proposal in one cycle, and the rules this cycle does not ask."""

    subject: str
    cycle: int
    decisions: tuple[Decision, ...]
    not_asked: tuple[RuleId, ...] = ()
    classifications: tuple[Classification[object], ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:  # type: ignore[override]  # computed, not stored
        """The reasons of all decisions, in order."""
        return tuple(reason for decision in self.decisions for reason in decision.reasons)

    @property
    def outcome(self) -> Outcome:
        """The worst outcome among the decisions; ``UNKNOWN`` when none was asked."""
        found = {decision.outcome for decision in self.decisions} or {Outcome.UNKNOWN}
        return next(outcome for outcome in Outcome if outcome in found)

    def decision(self, rule: str) -> Decision | None:
        """The decision of *rule*, or none when the cycle does not ask it."""
        return next((each for each in self.decisions if each.rule == rule), None)
