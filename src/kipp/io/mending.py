"""A record without its faulty parts, so that one fault does not hide what else is wrong with it.

A faulty field that may be left out is left out; one that must be there gets something that stands
for it.  What a rule then says of such a field is not said: nobody knows what belongs there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, get_type_hints

import attrs

from kipp.domain.errors import KippError
from kipp.domain.fault import Fault
from kipp.domain.proposal import Proposal
from kipp.io.document import Path
from kipp.io.patches import from_pointer
from kipp.io.shape import parts_of
from kipp.io.submission import Submission

__all__ = ["about_others", "mended"]

_ANY_TEXT = "-"


def mended(rest: object, faults: Iterable[Fault], kind: type, year: int | None) -> Any:
    """The value of *kind* that *rest* comes to without what *faults* are about; none for none.

    *rest* is what is sound of a record (:class:`kipp.io.checking.Checked`).  A list with a faulty
    item is left out as a whole.  *year* stands for a year that must be there.
    """
    made = _made(rest, {_field(path) for fault in faults for path in _about(fault)}, year)
    return Submission(proposal=made) if kind is Submission and isinstance(made, Proposal) else made


def _about(fault: Fault) -> Iterator[Path]:
    """The parts that *fault* is about: a field by another name is the one that was meant, too."""
    path = from_pointer(fault.pointer)
    yield path
    meant = dict(fault.values).get("nearest")
    if fault.code == "FIELD_UNKNOWN" and isinstance(meant, str):
        yield (*path[:-1], meant)


def about_others(found: Iterable[Fault], faults: Iterable[Fault]) -> Iterator[Fault]:
    """Those *found* that are about other parts than *faults* are."""
    faulty = [_field(path) for fault in faults for path in _about(fault)]
    for each in found:
        path = from_pointer(each.pointer)
        if not any(_overlap(path, other) for other in faulty):
            yield each


def _overlap(one: Path, other: Path) -> bool:
    return all(a == b for a, b in zip(one, other, strict=False))


def _field(path: Path) -> Path:
    """The field that *path* lies in: up to the first position in a list."""
    positions = (at for at, step in enumerate(path) if isinstance(step, int))
    return path[: next(positions, len(path))]


def _made(value: object, faulty: Collection[Path], year: int | None) -> Any:
    """*value* without its *faulty* parts; none where what must be there has no stand-in."""
    record = parts_of(value)
    if record is None or () in faulty:
        return None
    cls, parts = record
    given: dict[str, Any] = {}
    for name, part in parts.items():
        inside = {path[1:] for path in faulty if path[0] == name}
        if () in inside:
            continue
        given[name] = _made(part, inside, year) if inside else part
        if given[name] is None and inside:
            return None
    for name, needed in _needed(cls).items():
        if name not in given:
            if needed not in (str, int):
                return None
            given[name] = _ANY_TEXT if needed is str else year or 1
    try:
        return cls(**given)
    except KippError:
        return None


@cache
def _needed(owner: type) -> Mapping[str, Any]:
    """The type of each field of *owner* that may not be left out."""
    hints = get_type_hints(owner)
    return {
        each.name: getattr(hints[each.name], "__supertype__", hints[each.name])
        for each in attrs.fields(owner)
        if each.default is attrs.NOTHING
    }
