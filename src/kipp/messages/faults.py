"""Faults of an input as lines of text: the same fault once, with how often and where.

The frame of each line is in the language; names of fields and what was expected there are those
of the library's errors, in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from reprlib import Repr

from kipp.domain.errors import (
    Faults,
    InvalidType,
    InvalidValue,
    KippError,
    MissingExtra,
    UnknownName,
)
from kipp.messages.sentences import line

__all__ = ["fault_lines"]

_Fault = InvalidType | InvalidValue | UnknownName
_PLACES = 3
# Long values are cut in the line, as in the errors' own texts.
_short = Repr().repr


def fault_lines(error: KippError, lang: str = "id") -> Iterator[str]:
    """One line per fault of *error*; faults alike in name and expectation are one, with a count.

    Raises:
        InvalidType, UnknownName: another language.
    """
    alike: dict[tuple[object, ...], list[KippError]] = {}
    for fault in _every(error):
        alike.setdefault(_kind(fault), []).append(fault)
    for faults in alike.values():
        yield _rolled(faults, lang)


def _every(error: KippError) -> Iterable[KippError]:
    return error.faults if isinstance(error, Faults) else (error,)


def _kind(fault: KippError) -> tuple[object, ...]:
    """What faults alike share; another error is like no other."""
    if not isinstance(fault, _Fault):
        return (id(fault),)
    return type(fault), fault.name, fault.expected, fault.cure


def _rolled(faults: list[KippError], lang: str) -> str:
    first, *more = faults
    said = _said(first, lang)
    if not more:
        return said
    places = list(dict.fromkeys(f.where for f in more if isinstance(f, _Fault) and f.where))
    shown = "; ".join(places[:_PLACES])
    left = len(places[_PLACES:]) or None
    return line("fault.more", lang, fault=said, count=len(more), places=shown, left=left)


def _said(fault: KippError, lang: str) -> str:
    if isinstance(fault, MissingExtra):
        about = {"purpose": fault.purpose, "package": fault.package, "extra": fault.extra}
        return line("fault.extra", lang, **about)
    if not isinstance(fault, _Fault):
        return str(fault)
    return line(
        "fault",
        lang,
        name=fault.name,
        expected=fault.expected,
        value=_short(fault.value),
        where=fault.where,
        cure=fault.cure,
    )
