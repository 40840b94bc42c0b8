"""What kipp raises: one hierarchy, each leaf also the fitting built-in.

A rule that is not met is an answer, never an exception.  Exceptions are for misuse and for
broken input.  Every error keeps its facts as attributes and survives pickling.
"""

from __future__ import annotations

from collections.abc import Sequence
from reprlib import Repr

__all__ = [
    "Faults",
    "InvalidType",
    "InvalidValue",
    "KippError",
    "MissingExtra",
    "NotTwoValued",
    "UnknownName",
]


# Long values are cut in the message; the attribute keeps them whole.
_short = Repr().repr


class KippError(Exception):
    """Everything kipp raises on purpose descends from this."""


class _Fault(KippError):
    """A value that is not what was expected: its name, itself, the expectation, place and cure."""

    def __init__(
        self, name: str, value: object, expected: str, where: str = "", cure: str = ""
    ) -> None:
        self.name = name
        self.value = value
        self.expected = expected
        self.where = where
        self.cure = cure
        super().__init__(name, value, expected, where, cure)

    def __str__(self) -> str:
        text = f"{self.name}: expected {self.expected}, got {_short(self.value)}"
        text += f" @ {self.where}" if self.where else ""
        return text + (f"; {self.cure}" if self.cure else "")


class InvalidValue(_Fault, ValueError):
    """A value of the right type that cannot be right."""


class InvalidType(_Fault, TypeError):
    """A value of the wrong type."""


class UnknownName(_Fault, LookupError):
    """A name, key or path that does not exist."""


class MissingExtra(KippError, ImportError):
    """An optional dependency is needed for *purpose* and is not installed."""

    def __init__(self, purpose: str, package: str, extra: str) -> None:
        self.purpose = purpose
        self.package = package
        self.extra = extra
        super().__init__(purpose, package, extra)

    def __str__(self) -> str:
        return (
            f"{self.purpose} needs the package {self.package}, which is not installed; "
            f"install it with: pip install 'kipp-id[{self.extra}]'"
        )


class NotTwoValued(KippError, TypeError):
    """An answer of three outcomes was used as if it were true or false."""


class Faults(KippError, ValueError):
    """Several faults of one input, all at once, in the order of the input."""

    def __init__(self, faults: Sequence[KippError]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
