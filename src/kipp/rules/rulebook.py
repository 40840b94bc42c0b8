"""A rulebook: the terms of one cycle, one fiscal year, the hubs or the duty, as one frozen value.

Rules read it by path and get a :class:`~kipp.domain.citation.Term`: the value, its sources and
the path, so that every reason can say what it rests on.  A reform or an assumption makes another
rulebook; the baseline is never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from kipp.domain.citation import (
    Citation,
    Cited,
    Evidence,
    NotFound,
    NotOpen,
    Source,
    Term,
    Unlimited,
    Value,
)
from kipp.domain.errors import Faults, InvalidType, InvalidValue, KippError
from kipp.rules.arguments import instance, items, text
from kipp.rules.terms import SCHEMAS, BookKind, read, spec

__all__ = ["Assumption", "Change", "Rulebook", "cycle_book", "diff"]


@attrs.frozen
class Assumption:
    """A value the law did not publish, put in by the caller: path, plain value, one sentence why.

    *value* may also be a :class:`~kipp.domain.citation.Value` state without sources of its own.
    """

    path: str
    value: object
    why: str


@attrs.frozen
class Change:
    """A path that two rulebooks fill differently, each side with its own sources."""

    path: str
    before: Value[object]
    after: Value[object]


def _frozen(terms: Mapping[str, Value[object]]) -> Mapping[str, Value[object]]:
    return MappingProxyType(dict(sorted(terms.items())))


@attrs.frozen(kw_only=True, eq=False)
class Rulebook:
    """Terms of law by path (*petunjuk pelaksanaan* as data).

    *year* is the cycle or fiscal year; none for hubs and duty.  *terms* holds every stated path;
    a path of the schema that is not there reads as not found.  *reforms* names what was laid over
    the baseline, in order.
    """

    kind: BookKind
    name: str
    year: int | None = None
    terms: Mapping[str, Value[Any]] = attrs.field(converter=_frozen, repr=False)
    reforms: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rulebook):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash((self.kind, self.name, self.year, self.reforms))

    def __iter__(self) -> Iterator[str]:
        return iter(self.terms)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.kind, self.name, self.year, dict(self.terms), self.reforms)

    def _identity(self) -> tuple[object, ...]:
        return self.kind, self.name, self.year, dict(self.terms), self.reforms

    def term(self, path: str) -> Term[Any]:
        """The value at *path* with the path; a path nobody filled reads as not found.

        Where the contest was not held, or the group of the path not offered, a path nobody filled
        reads as not open, by the sources that say so.

        Raises:
            InvalidType: *path* is no text.
            UnknownName: the path is not in the schema of this kind of rulebook.
        """
        value = self.terms.get(text("path", path))
        if value is None:
            spec(self.kind, path, where=self.name)
            value = self._unfilled(path)
        return Term(path, value)

    def _unfilled(self, path: str) -> Value[Any]:
        for gate in _gates(path):
            match self.terms.get(gate):
                case NotOpen() as closed:
                    return closed
                case Cited(value=False, citations=citations, note=note):
                    return NotOpen(citations, note)
        return NotFound(searched=f"the sources of {self.name}: none was seen to state {path}")

    def __getitem__(self, path: str) -> Value[Any]:
        return self.term(path).value

    def reform(self, changes: Mapping[str, object], *, name: str) -> Rulebook:
        """Another rulebook in which *changes* hold, marked ``ASSUMED``; composes with others.

        Values are plain data as in a rulebook file (``10``, ``"P1Y"``), or a value state
        (``Unlimited`` …), whose sources are kept beside the mark.

        Raises:
            Faults: every unknown path and every value of the wrong kind, all at once.
            InvalidType, InvalidValue: no mapping, or a blank *name*.
        """
        instance("changes", changes, Mapping)
        assumed = (Assumption(path, value, name) for path, value in changes.items())
        return self._with(assumed, name)

    def assume(self, assumptions: Iterable[Assumption], *, name: str = "assumptions") -> Rulebook:
        """Another rulebook that holds *assumptions*, each ``ASSUMED`` with its sentence.

        Raises:
            Faults, InvalidType, InvalidValue: as :meth:`reform`.
        """
        return self._with(items("assumptions", assumptions, Assumption), name)

    def _with(self, assumptions: Iterable[Assumption], name: str) -> Rulebook:
        terms: dict[str, Value[Any]] = dict(self.terms)
        faults: list[KippError] = []
        _said_why("name", name)
        for each in assumptions:
            try:
                terms[each.path] = _assumed(self.kind, each, where=f"{self.name}, {name}")
            except KippError as fault:
                faults.append(fault)
        if faults:
            raise Faults(faults)
        return attrs.evolve(self, terms=terms, reforms=(*self.reforms, name))


def _gates(path: str) -> tuple[str, ...]:
    """The paths that close *path* when they say no: the contest's, then the group's."""
    first, *rest = path.split(".")
    if first != "groups":
        return ("held",)
    group = rest[0]
    return ("held", f"groups.{group}.offered")


def _assumed(kind: BookKind, assumption: Assumption, where: str) -> Value[object]:
    declared = spec(kind, text("path", assumption.path), where=where)
    _said_why(f"{assumption.path}.why", assumption.why)
    source = Source(key="assumption", title=assumption.why)
    mark = (Citation(source, Evidence.ASSUMED),)
    match assumption.value:
        case Unlimited():
            return Unlimited(mark, assumption.why)
        case NotOpen():
            return NotOpen(mark, assumption.why)
        case NotFound():
            return assumption.value
        case Cited(value=plain):
            raw = plain
        case raw:
            pass
    if raw is None:
        raise InvalidType(assumption.path, raw, declared.kind, where)
    return Cited(read(declared, raw, where=where), mark, assumption.why)


def _said_why(name: str, why: str) -> None:
    if not text(name, why).strip():
        raise InvalidValue(name, why, "a text that is not blank")


def _rebuild(
    kind: BookKind,
    name: str,
    year: int | None,
    terms: Mapping[str, Value[Any]],
    reforms: tuple[str, ...],
) -> Rulebook:
    return Rulebook(kind=kind, name=name, year=year, terms=terms, reforms=reforms)


def cycle_book(name: str, book: Rulebook) -> Rulebook:
    """*book*, if it is the rulebook of a cycle.

    Raises:
        InvalidType: no rulebook, or one of another kind.
    """
    found: Rulebook = instance(name, book, Rulebook)
    if found.kind is not BookKind.CYCLE:
        raise InvalidType(name, found.name, "the rulebook of a cycle")
    return found


def diff(before: Rulebook, after: Rulebook) -> tuple[Change, ...]:
    """Every path the two fill differently, in the order of the paths; values, not notes, count.

    Raises:
        InvalidType: not two rulebooks, or two of different kinds.
    """
    instance("before", before, Rulebook)
    instance("after", after, Rulebook)
    if before.kind is not after.kind:
        raise InvalidType("after", after.kind, f"a rulebook of kind {before.kind}")
    paths = sorted({*SCHEMAS[before.kind], *before, *after} - _PATTERNS)
    changes = (Change(path, before[path], after[path]) for path in paths)
    return tuple(each for each in changes if _said(each.before) != _said(each.after))


_PATTERNS = {path for schema in SCHEMAS.values() for path in schema if "{" in path}


def _said(value: Value[Any]) -> tuple[object, ...]:
    match value:
        case Cited(value=stated):
            return ("cited", stated)
        case Unlimited() | NotOpen() | NotFound():
            return (type(value).__name__,)
        case _:
            return ("disputed", *(_said(each) for each in value.alternatives))
