"""A value of the law, its sources, and how sure they are.

A rulebook value is exactly one of five things: :class:`Cited` (a value with its sources),
:class:`Unlimited` (a source says that there is no limit), :class:`NotOpen` (the group or stage
did not exist), :class:`NotFound` (searched for, no source seen), :class:`Disputed` (sources that
disagree, all kept, the stronger first).  Unknown is not no, and not zero.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import Generic, TypeAlias, TypeVar

import attrs

from kipp.domain.checks import NAME, TEXT, every, held, maybe, of, require, several

__all__ = [
    "Citation",
    "Cited",
    "Disputed",
    "Evidence",
    "NotFound",
    "NotOpen",
    "Settled",
    "Source",
    "Term",
    "Unlimited",
    "Value",
    "alternatives",
    "cited",
    "strongest",
    "weakest",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Evidence(enum.StrEnum):
    """How strong a source is, strongest first.  The class belongs to the passage."""

    REGULATION = "regulation"
    SECONDHAND = "secondhand"
    MINISTRY = "ministry"
    PRESS = "press"
    INFERRED = "inferred"
    ASSUMED = "assumed"

    @property
    def rank(self) -> int:
        """0 for the strongest class; a larger rank is weaker."""
        return _RANKS[self]

    def weaker_than(self, other: Evidence) -> bool:
        """Whether this class is weaker than *other*."""
        return self.rank > other.rank


_RANKS = {evidence: rank for rank, evidence in enumerate(Evidence)}


def strongest(classes: Iterable[Evidence]) -> Evidence | None:
    """The strongest of *classes*; none for none."""
    return min(classes, key=lambda evidence: evidence.rank, default=None)


def weakest(classes: Iterable[Evidence]) -> Evidence | None:
    """The weakest of *classes*; none for none."""
    return max(classes, key=lambda evidence: evidence.rank, default=None)


_SOURCE = {"key": NAME, "title": NAME, "date": maybe(TEXT), "url": maybe(TEXT)}


@attrs.frozen(kw_only=True, field_transformer=held(_SOURCE))
class Source:
    """A text that states something: its key in the rulebook, title, date (as printed), address."""

    key: str
    title: str
    date: str | None = None
    url: str | None = None

    def __attrs_post_init__(self) -> None:
        require(self)


_CITATION = {"source": of(Source), "evidence": of(Evidence)}


@attrs.frozen(field_transformer=held(_CITATION))
class Citation:
    """A passage of a source, with the class of that passage."""

    source: Source
    evidence: Evidence

    def __attrs_post_init__(self) -> None:
        require(self)


_CITATIONS = several(
    every(of(Citation)),
    "at least one citation",
    items=1,
    cure="a value nobody states is NotFound",
)

_STATED = {"citations": _CITATIONS, "note": TEXT}


class _Stated:
    """What at least one source states."""

    __slots__ = ()

    citations: tuple[Citation, ...]

    @property
    def evidence(self) -> Evidence | None:
        """The class of the strongest source."""
        return strongest(citation.evidence for citation in self.citations)

    def __attrs_post_init__(self) -> None:
        require(self)


@attrs.frozen(field_transformer=held(_STATED))
class Cited(_Stated, Generic[T_co]):
    """A value that at least one source states."""

    value: T_co
    citations: tuple[Citation, ...]
    note: str = ""


@attrs.frozen(field_transformer=held(_STATED))
class Unlimited(_Stated):
    """A source states that there is no limit."""

    citations: tuple[Citation, ...]
    note: str = ""


@attrs.frozen(field_transformer=held(_STATED))
class NotOpen(_Stated):
    """A source shows that the group, stage or contest did not exist."""

    citations: tuple[Citation, ...]
    note: str = ""


_NOT_FOUND = {"searched": TEXT, "note": TEXT}


@attrs.frozen(field_transformer=held(_NOT_FOUND))
class NotFound:
    """Nobody was found to state this; *searched* says what was looked at."""

    searched: str
    note: str = ""

    def __attrs_post_init__(self) -> None:
        require(self)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """None: there is nothing to cite."""
        return ()

    @property
    def evidence(self) -> Evidence | None:
        """None: nothing is claimed."""
        return None


Settled: TypeAlias = Cited[T] | Unlimited | NotOpen


_ALTERNATIVES = every(of(Cited, Unlimited, NotOpen))

_DISPUTED = {
    "alternatives": several(_ALTERNATIVES, "at least two alternatives", items=1 + 1),
    "note": TEXT,
}


@attrs.frozen(field_transformer=held(_DISPUTED))
class Disputed(Generic[T_co]):
    """Sources that state different things: every alternative is kept, the stronger first."""

    alternatives: tuple[Cited[T_co] | Unlimited | NotOpen, ...]
    note: str = ""

    def __attrs_post_init__(self) -> None:
        require(self)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations of all alternatives, in order."""
        return tuple(citation for each in self.alternatives for citation in each.citations)

    @property
    def evidence(self) -> Evidence | None:
        """The class of the weakest alternative: what rests on a dispute is that sure."""
        return weakest(each.evidence for each in self.alternatives if each.evidence)


Value: TypeAlias = Cited[T] | Unlimited | NotOpen | NotFound | Disputed[T]


def alternatives(value: Value[T]) -> tuple[Cited[T] | Unlimited | NotOpen | NotFound, ...]:
    """Every reading of *value*: the alternatives of a dispute, or the value itself."""
    return value.alternatives if isinstance(value, Disputed) else (value,)


def cited(value: Value[T]) -> Iterator[T]:
    """The stated values among the readings of *value*, in order."""
    return (each.value for each in alternatives(value) if isinstance(each, Cited))


_STATES = (Cited, Unlimited, NotOpen, NotFound, Disputed)

_TERM = {"path": NAME, "value": of(*_STATES)}


@attrs.frozen(field_transformer=held(_TERM))
class Term(Generic[T_co]):
    """A rulebook value together with its path, as a rule read it."""

    path: str
    value: Value[T_co]

    def __attrs_post_init__(self) -> None:
        # Rules make terms by the thousand, so the usual case comes first.
        if type(self.path) is not str or type(self.value) not in _STATES or not self.path.strip():
            require(self)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations of the value."""
        return self.value.citations

    @property
    def evidence(self) -> Evidence | None:
        """The class of the value."""
        return self.value.evidence
