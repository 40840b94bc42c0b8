"""``kipp demo``, ``rulebook``, ``rules``: what the library knows."""

from __future__ import annotations

import enum
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from kipp import messages
from kipp.cli.files import text_of
from kipp.cli.shown import Exit, Shown
from kipp.domain.citation import Cited, Disputed, NotFound, NotOpen, Term, Unlimited
from kipp.domain.errors import InvalidValue

if TYPE_CHECKING:
    from kipp.rules.rulebook import Rulebook

__all__ = ["assumed_book", "demonstration", "every_rule", "is_number", "rulebook_terms"]


def demonstration(lang: str) -> Shown:
    """``kipp demo``: the rules at work on the packaged data."""
    from kipp import demo

    sections = demo.demonstrate(demo.packaged(), lang)
    return Shown(sections, demo.as_text(sections, lang))


def rulebook_terms(lang: str, year: str, path: str | None) -> Shown:
    """``kipp rulebook``: every term of a rulebook, or the one at *path*."""
    book = _book(year)
    if path is None:
        lines = (_term_line(book.term(each), lang) for each in book)
        return Shown((book,), (book.name, *lines))
    term = book.term(path)
    open_ = isinstance(term.value, (NotFound, Disputed))
    return Shown((term,), (_term_line(term, lang),), Exit.UNKNOWN if open_ else Exit.MET)


def _book(name: str) -> Rulebook:
    """The rulebook of a cycle (``2021``), a fiscal year (``FY2021``), the hubs or the duty."""
    from kipp import rulebooks

    others = {"hubs": rulebooks.hubs_book, "duty": rulebooks.duty_book}
    if name in others:
        return others[name]()
    fiscal = name.removeprefix("FY")
    if not is_number(fiscal):
        raise InvalidValue("YEAR", name, "a year, FY and a year, hubs or duty")
    return (
        rulebooks.rulebook(int(name)) if fiscal == name else rulebooks.incentive_book(int(fiscal))
    )


def assumed_book(cycle: int, assume: str | None) -> Rulebook:
    """The packaged rulebook of a cycle, with the assumptions of a file."""
    from kipp import assumptions, rulebooks

    book = rulebooks.rulebook(cycle)
    if assume is None:
        return book
    text, name = text_of(assume)
    # Always in the reference language: the law a certificate states is the same for everybody.
    return book.assume(assumptions.read(text, source=name), name=Path(name).name)


_YEAR = re.compile(r"[1-9]\d{3}", re.ASCII)


def is_number(text: str) -> bool:
    """Whether *text* is a year as people write it: four digits."""
    return _YEAR.fullmatch(text) is not None


def _term_line(term: Term[Any], lang: str) -> str:
    return messages.line(
        "cli.term",
        lang,
        path=term.path,
        value=_state(term.value, lang),
        sources=messages.sources(term.citations, lang),
    )


def _state(value: object, lang: str) -> str:
    match value:
        case Cited(value=stated):
            return messages.shown(stated, lang)
        case Unlimited():
            return messages.line("state.unlimited", lang)
        case NotOpen():
            return messages.line("state.not_open", lang)
        case NotFound(searched=searched):
            return messages.line("state.not_found", lang, searched=searched)
        case Disputed(alternatives=readings):
            said = tuple(_state(reading, lang) for reading in readings)
            return messages.line("state.disputed", lang, readings=said)
        case _:
            raise InvalidValue("value", value, "a state of a rulebook value")


@attrs.frozen(kw_only=True)
class _RuleRow:
    """A rule as ``kipp rules --json`` lists it."""

    id: str
    title: str
    family: str
    answer: enum.StrEnum
    paths: tuple[str, ...]
    codes: tuple[str, ...]


def every_rule(lang: str) -> Shown:
    """``kipp rules``: every rule with its title."""
    from kipp.rules.catalogue import RULES

    rows = tuple(
        _RuleRow(
            id=rule.id,
            title=messages.title(rule.id, lang),
            family=rule.family,
            answer=rule.answer,
            paths=rule.paths,
            codes=rule.codes,
        )
        for rule in RULES
    )
    width = max(len(row.id) for row in rows)
    return Shown(rows, (f"{row.id:{width}}  {row.title}" for row in rows))
