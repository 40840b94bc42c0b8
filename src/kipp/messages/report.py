"""Faults of records as sentences: where it stands, what is there, what should, what to do.

A sentence is put together from the catalogue: the place (file, sheet, cell or line),
``fault.<CODE>`` filled with the values of the fault, ``cure.<CODE>`` and the sources.  A fault that
a rule found has the rule's own sentence, the one its reason code names, behind the field and its
value.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Iterator

import attrs

from kipp.domain.fault import Fault, Origin
from kipp.messages.catalogue import text
from kipp.messages.sentences import Ready, expectation, filled, line, needed, shown, sources

__all__ = ["cure_text", "place", "quoted", "tell", "told"]

_LONGEST = 80
"""How much of a value a sentence repeats; the fault keeps it whole."""

_PLACES = 3
"""How many of the other records of a conflict a sentence names."""


def tell(fault: Fault, lang: str = "id") -> str:
    """*fault* as one full sentence: place, field, value, expectation, cure and sources.

    A code the catalogue does not hold is shown with its values.

    Raises:
        UnknownName: another language.
    """
    return line(
        "report.sentence",
        lang,
        place=Ready(place(fault.origin, lang, record=fault.record)),
        text=Ready(told(fault, lang)),
        cure=Ready(cure_text(fault, lang)),
        sources=Ready(sources(fault.citations, lang)),
    )


def told(fault: Fault, lang: str = "id") -> str:
    """What is wrong, without the place and the cure: for a note beside the cell itself."""
    values = _values(fault, lang)
    template = text(f"fault.{fault.code}", lang)
    if template is not None and not needed(template) - values.keys():
        return filled(template, values, lang)
    reason = text(fault.code, lang)
    if reason is not None and not needed(reason) - values.keys():
        said = filled(reason, dict(fault.values), lang)
    else:
        stated = (f"{name} = {shown(value, lang)}" for name, value in fault.values)
        said = f"{fault.code}: {', '.join(stated)}" if fault.values else fault.code
    return line("report.reason", lang, **{**_field(values), "text": Ready(said)})


def _field(values: dict[str, object]) -> dict[str, object]:
    return {name: values[name] for name in ("name", "value") if name in values}


def cure_text(fault: Fault, lang: str = "id") -> str:
    """What to do about *fault*; empty where nobody can say."""
    cure = fault.cure
    if cure is None:
        return ""
    template = text(f"cure.{cure.code}", lang)
    values = _values(fault, lang)
    if template is None or needed(template) - values.keys():
        return cure.code
    return filled(template, values, lang)


def place(origin: Origin, lang: str = "id", *, record: str | None = None) -> str:
    """Where something stands: file, sheet and cell or row, or line and byte, and the record."""
    return ", ".join(_steps(origin, lang, record))


def _steps(origin: Origin, lang: str, record: str | None) -> Iterator[str]:
    if origin.file:
        yield origin.file
    if origin.sheet is not None:
        yield line("report.sheet", lang, sheet=origin.sheet)
    if origin.row is not None and origin.column is not None:
        yield line("report.cell", lang, cell=f"{origin.column}{origin.row}")
    elif origin.row is not None:
        yield line("report.row", lang, row=origin.row)
    elif origin.line is not None:
        yield line("report.line", lang, line=origin.line, offset=origin.offset)
    elif origin.offset is not None:
        yield line("report.byte", lang, offset=origin.offset)
    if record is not None:
        yield line("report.record", lang, record=record)


def _values(fault: Fault, lang: str) -> dict[str, object]:
    """What the templates are filled with: the values of the fault, and the other records."""
    values = {name: _said(name, value, lang) for name, value in fault.values}
    if isinstance(expected := values.get("expected"), str):
        values["expected"] = Ready(expectation(expected, dict(fault.values), lang))
    if fault.others:
        values["others"] = Ready(_others(fault.others, fault.origin, lang))
    return values


def _said(name: str, value: object, lang: str) -> object:
    if name in _AS_WRITTEN:
        return Ready(quoted(value, lang))
    return value


_AS_WRITTEN = ("value", "first", "second", "right", "nearest")
"""The values that stand in the record as they are repeated here."""


def quoted(value: object, lang: str = "id") -> str:
    """*value* as it was written, short enough for a sentence: texts in quotes."""
    if value is None:
        return line("report.nothing", lang)
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        return f"“{_short(_visible(value))}”"
    if isinstance(value, bool | int | float | list | dict):
        return _short(_json(value))
    if isinstance(value, tuple):
        return ", ".join(quoted(item, lang) for item in value)
    return _short(shown(value, lang))


def _visible(value: str) -> str:
    """Blanks of every kind as one blank, and what cannot be printed as its number."""
    flat = " ".join(value.split()) if value.strip() else value
    if flat.isprintable():
        return flat
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in flat)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"


def _others(others: Iterable[Origin], origin: Origin, lang: str) -> str:
    """The places of the other records; the file only where it is another one."""
    found = [place(_within(each, origin), lang) for each in others]
    named = "; ".join(found[:_PLACES])
    return line("report.others", lang, places=named, left=len(found[_PLACES:]) or None)


def _within(other: Origin, origin: Origin) -> Origin:
    if other.file != origin.file:
        return other
    sheet = None if other.sheet == origin.sheet else other.sheet
    return attrs.evolve(other, file="", sheet=sheet)
