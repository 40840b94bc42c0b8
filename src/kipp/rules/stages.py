"""What a stage of a selection reads: terms, strictly.

A stage asks the rulebook only for what it needs, when it needs it.  A value that nobody
published, that sources dispute, or that is weaker than the caller accepts halts the stage; what
the caller assumed is accepted as such.
"""

from __future__ import annotations

import enum
from typing import Any, TypeVar

from kipp.domain.citation import Cited, Disputed, Evidence, NotFound, NotOpen, Term, Unlimited
from kipp.domain.cycle import Stage
from kipp.domain.errors import InvalidValue
from kipp.rules.decision import Outcome, Reason
from kipp.rules.rulebook import Rulebook

__all__ = ["Halt", "Terms"]

_Word = TypeVar("_Word", bound=enum.StrEnum)


class Halt(Exception):  # not an error: a run that stops with a reason
    """A stage cannot go on: *reason* says which value it lacks."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


class Terms:
    """Reads a rulebook for one stage: strictly where a value is needed, and keeps what was read."""

    def __init__(self, book: Rulebook, stage: Stage, accept: Evidence) -> None:
        self.book = book
        self.stage = stage
        self._accept = accept
        self._read: dict[str, Term[Any]] = {}

    @property
    def read(self) -> tuple[Term[Any], ...]:
        """Every term read, once, in the order of reading."""
        return tuple(self._read.values())

    def term(self, path: str) -> Term[Any]:
        """The term at *path*, whatever its state."""
        return self._read.setdefault(path, self.book.term(path))

    def state(self, path: str) -> Cited[Any] | Unlimited | NotOpen:
        """The settled value at *path*; halts where there is none that the caller accepts."""
        term = self.term(path)
        value = term.value
        about = (("path", path), ("stage", self.stage))
        if isinstance(value, NotFound):
            searched = (*about, ("searched", value.searched)) if value.searched else about
            raise Halt(Reason(Outcome.UNKNOWN, "VALUE_NOT_FOUND", searched, (term,)))
        if isinstance(value, Disputed):
            raise Halt(Reason(Outcome.UNKNOWN, "VALUE_DISPUTED", about, (term,)))
        if self._too_weak(value.evidence):
            weak = (*about, ("evidence", value.evidence), ("accept", self._accept))
            raise Halt(Reason(Outcome.UNKNOWN, "VALUE_TOO_WEAK", weak, (term,)))
        return value

    def value(self, path: str) -> Any:
        """The stated value at *path*; halts as :meth:`state` does.

        Raises:
            InvalidValue: the rulebook says *unlimited* or *not open* where a value is needed.
        """
        found = self.state(path)
        if not isinstance(found, Cited):
            raise InvalidValue(path, found, "a stated value", self.book.name)
        return found.value

    def optional(self, path: str) -> Any:
        """As :meth:`value`, but none where nobody was found to state one, or none is set."""
        if isinstance(self.term(path).value, (NotFound, NotOpen, Unlimited)):
            return None
        return self.value(path)

    def choice(self, path: str, words: type[_Word]) -> _Word:
        """The word at *path*, one of *words*; halts as :meth:`state` does.

        Raises:
            InvalidValue: another word.
        """
        found = self.value(path)
        try:
            return words(found)
        except ValueError:
            known = ", ".join(words)
            raise InvalidValue(path, found, f"one of {known}", self.book.name) from None

    def _too_weak(self, evidence: Evidence | None) -> bool:
        if evidence is None or evidence is Evidence.ASSUMED:
            return False
        return evidence.weaker_than(self._accept)
