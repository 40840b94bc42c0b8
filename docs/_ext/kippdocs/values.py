"""A rulebook value as a reader sees it: its state, its reading, its sources, its note."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from fractions import Fraction

from docutils import nodes

from kipp.domain.assessment import Criterion
from kipp.domain.citation import (
    Citation,
    Cited,
    Disputed,
    NotFound,
    NotOpen,
    Term,
    Unlimited,
    Value,
)
from kipp.domain.dates import DateRange
from kippdocs.nodes import badge, bullets, code, joined, link, paragraph, slug, target, term_label

__all__ = ["citations", "path_cell", "reading", "said", "short", "value_cell"]

_LONG = 60


def path_cell(term: Term[object], book: str) -> list[nodes.Node]:
    """The path in its own type, as an anchor one can link to."""
    cell = paragraph(code(term.path))
    cell["ids"] = [term_label(book, term.path)]
    return [cell]


def said(value: object) -> str:
    """One plain value in words."""
    match value:
        case bool():
            return "yes" if value else "no"
        case enum.StrEnum():
            return f"{value.name.lower()} ({value})"
        case DateRange():
            return f"{value.first} to {value.last}"
        case Fraction():
            return str(value)
        case Criterion():
            return f"{value.key}: {value.weight}"
        case _:
            return str(value)


def reading(value: object) -> list[nodes.Node]:
    """One stated value as blocks: a list where it has several long parts."""
    if not isinstance(value, tuple):
        return [paragraph(said(value))]
    parts = [said(each) for each in value]
    if not parts:
        return [paragraph("none")]
    if any(isinstance(each, Criterion) for each in value) or sum(map(len, parts)) > _LONG:
        return [bullets([nodes.Text(part)] for part in parts)]
    return [paragraph(", ".join(parts))]


def citations(found: Iterable[Citation], book: str) -> list[nodes.Node]:
    """Each source by its key with the class of the passage.

    On the page of a rulebook the key leads to the list of sources below; elsewhere (*book* empty)
    to the source itself.
    """
    return joined([_source(each, book), nodes.Text(" "), _class(each)] for each in found)


def _source(citation: Citation, book: str) -> nodes.Node:
    source = citation.source
    if book:
        return target(source.key, slug("source", book, source.key))
    return nodes.Text(source.title) if source.url is None else link(source.title, source.url)


def _class(citation: Citation) -> nodes.inline:
    return badge(str(citation.evidence))


def value_cell(value: Value[object], book: str = "") -> list[nodes.Node]:
    """State, reading, sources and note of one value."""
    return [*_stated(value, book), *_note(value.note)]


def _stated(value: Value[object], book: str) -> Sequence[nodes.Node]:
    match value:
        case Cited():
            return [*reading(value.value), _from(value.citations, book)]
        case Unlimited():
            return [paragraph(badge("unlimited")), _from(value.citations, book)]
        case NotOpen():
            return [paragraph(badge("not open")), _from(value.citations, book)]
        case NotFound():
            return [paragraph(badge("not found"), " searched: ", value.searched)]
        case Disputed():
            readings = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
            for each in value.alternatives:
                readings += nodes.list_item("", *_stated(each, book), *_note(each.note))
            return [paragraph(badge("disputed"), " the sources say different things:"), readings]
    raise TypeError(f"not a state of a value: {value!r}")


def _from(found: Iterable[Citation], book: str) -> nodes.paragraph:
    return paragraph(*citations(found, book), classes=["sources"])


def _note(text: str) -> list[nodes.Node]:
    return [paragraph(nodes.emphasis("", text), classes=["note"])] if text else []


def short(value: Value[object]) -> list[nodes.Node]:
    """One value in a line, for a table over several rulebooks."""
    match value:
        case Cited():
            return [nodes.Text(_line(value.value)), nodes.Text(" "), badge(str(value.evidence))]
        case Unlimited():
            return [badge("unlimited"), nodes.Text(" "), badge(str(value.evidence))]
        case NotOpen():
            return [badge("not open"), nodes.Text(" "), badge(str(value.evidence))]
        case NotFound():
            return [badge("not found")]
        case Disputed():
            return [badge("disputed"), nodes.Text(" "), *_readings(value)]
    raise TypeError(f"not a state of a value: {value!r}")


def _readings(value: Disputed[object]) -> list[nodes.Node]:
    return joined((short(each) for each in value.alternatives), " or ")


def _line(value: object) -> str:
    return "; ".join(map(said, value)) if isinstance(value, tuple) else said(value)
