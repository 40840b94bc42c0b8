"""Sentences from templates: placeholders filled, parts left out where nothing is known.

A template is a text with named placeholders.  ``{entered}`` is the value; ``{entered:proposal|
proposals}`` the number with the fitting form of the noun; ``<…>`` a part that stands only if all
its placeholders are filled.  Values are shown in the language: days, periods, official terms.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import attrs

from kipp.domain.assessment import Criterion
from kipp.domain.award import Award, AwardSpan, Tier
from kipp.domain.citation import Citation, Source
from kipp.domain.dates import Date, DateRange, DateTime, Period
from kipp.domain.errors import InvalidType, UnknownName
from kipp.messages.catalogue import text
from kipp.rules.decision import Reason

__all__ = [
    "Ready",
    "expectation",
    "filled",
    "line",
    "needed",
    "say",
    "shown",
    "sources",
    "title",
    "word",
]

_OPTIONAL = re.compile(r"<([^<>]*)>")
_PLACE = re.compile(r"\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}")
_PRINTED_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)
# Placeholders whose values are codes or words of the catalogue, and the prefix they have there.
_WORDS = {"fact": "fact."}


def say(reason: Reason, lang: str = "id") -> str:
    """*reason* as one sentence: outcome, what was compared, and the sources behind it.

    *lang* is ``id`` (the reference text) or ``en``.  A code the catalogue does not hold, of
    somebody's own rule, is shown with its values; so is a reason that lacks a value its sentence
    needs, for a sentence would say *not recorded* of what nobody asked.

    Raises:
        InvalidType: *reason* is no reason.
        UnknownName: another language.
    """
    if not isinstance(reason, Reason):
        raise InvalidType("reason", reason, "a Reason; a decision has several: say each")
    template = text(reason.code, lang)
    values = dict(reason.values)
    if template is None or needed(template) - values.keys():
        stated = ", ".join(f"{name} = {shown(value, lang)}" for name, value in values.items())
        sentence = f"{reason.code}: {stated}" if stated else reason.code
    else:
        sentence = filled(template, values, lang)
    return line(
        "sentence",
        lang,
        outcome=word(reason.outcome, lang),
        text=Ready(sentence),
        sources=Ready(sources(reason.citations, lang)),
    )


def title(rule: str, lang: str = "id") -> str:
    """The title of a rule by its id; the id itself for somebody's own rule."""
    return text(f"rule.{rule}", lang) or rule


def word(value: enum.Enum | None, lang: str = "id") -> str:
    """The word for an outcome or another closed value; none is a note that decides nothing."""
    if value is None:
        return line("outcome.note", lang)
    found = text(f"{type(value).__name__}.{value.name}", lang)
    return str(value.value) if found is None else found


def line(code: str, lang: str = "id", **values: object) -> str:
    """A line of the catalogue by its code, filled with *values*.

    Raises:
        UnknownName: no such code, or another language.
    """
    template = text(code, lang)
    if template is None:
        raise UnknownName("code", code, "a code of the catalogue")
    return filled(template, values, lang)


def sources(citations: Iterable[Citation], lang: str = "id") -> str:
    """The citations as one text: title, date and class of each; empty for none."""
    return "; ".join(_source(each.source, each, lang) for each in citations)


def _source(source: Source, citation: Citation, lang: str) -> str:
    return line(
        "citation",
        lang,
        title=source.title,
        date=None if source.date is None else Ready(_printed(source.date, lang)),
        evidence=citation.evidence,
    )


class Ready(str):
    """A text that is shown as it is."""

    __slots__ = ()


def filled(template: str, values: Mapping[str, object], lang: str = "id") -> str:
    """*template* with its placeholders filled; parts with nothing to fill them are left out."""
    said: list[str] = []
    for part in _parts(template):
        if not part.optional or all(values.get(name) not in _NOTHING for name in part.names):
            said += [
                piece if isinstance(piece, str) else _placed(piece, values, lang)
                for piece in part.pieces
            ]
    return "".join(said)


_NOTHING = (None, "", ())


@attrs.frozen
class _Place:
    """A placeholder; *one* and *many* are the forms of a noun, where it has them."""

    name: str
    one: str | None
    many: str | None


@attrs.frozen
class _Part:
    """Texts and placeholders that stand together, or not at all if *optional*."""

    pieces: tuple[str | _Place, ...]
    names: tuple[str, ...]
    optional: bool


@lru_cache(maxsize=4_096)
def _parts(template: str) -> tuple[_Part, ...]:
    # Every other part was in angle brackets.
    split = enumerate(_OPTIONAL.split(template))
    return tuple(_part(text, optional=number % 2 == 1) for number, text in split if text)


def _part(text: str, *, optional: bool) -> _Part:
    pieces: list[str | _Place] = []
    end = 0
    for match in _PLACE.finditer(text):
        pieces += [text[end : match.start()], _Place(*match.groups())]
        end = match.end()
    kept = tuple(piece for piece in (*pieces, text[end:]) if piece != "")
    return _Part(kept, tuple(each.name for each in kept if isinstance(each, _Place)), optional)


def expectation(key: str, values: Mapping[str, object], lang: str = "id") -> str:
    """What should stand in a field, in words: ``expects.<key>``; ``|`` parts several keys.

    A key the catalogue does not hold is shown as it is.
    """
    found = [_expectation(each, values, lang) for each in key.split("|")]
    while len(found) > 1:
        left, right, *rest = found
        found = [line("expects.or", lang, left=Ready(left), right=Ready(right)), *rest]
    return found[0]


def _expectation(key: str, values: Mapping[str, object], lang: str) -> str:
    template = text(f"expects.{key}", lang)
    return key if template is None else filled(template, values, lang)


def needed(template: str) -> set[str]:
    """The placeholders of *template* that stand outside the parts that may be left out."""
    return {name for part in _parts(template) if not part.optional for name in part.names}


def _placed(place: _Place, values: Mapping[str, object], lang: str) -> str:
    value = values.get(place.name)
    if place.one is not None:
        return f"{shown(value, lang)} {place.one if value == 1 else place.many}"
    prefix = _WORDS.get(place.name)
    known = text(f"{prefix}{value}", lang) if prefix else None
    return known or shown(value, lang)


def shown(value: object, lang: str = "id") -> str:
    """*value* as a person of the language reads it; none reads "not recorded"."""
    if type(value) in _AS_THEY_ARE:
        return str(value)
    match value:
        case None:
            return line("value.none", lang)
        case bool():
            return line("value.yes" if value else "value.no", lang)
        case enum.Enum():
            return word(value, lang)
        case DateTime():
            zone = value.strftime("%Z")
            return f"{_day(value.date(), lang)} {value.time().isoformat()} {zone}"
        case Date():
            return _day(value, lang)
        case DateRange(first=first, last=last):
            return line("value.range", lang, first=first, last=last)
        case Period():
            return _period(value, lang)
        case Tier():
            return value.label
        case AwardSpan():
            return _span(value, lang)
        case Criterion(key=key, weight=weight):
            return f"{key} {weight}"
        case Award(innovation=innovation, tier=tier):
            return f"{innovation} ({tier.label})"
        case tuple() if any(isinstance(item, tuple) for item in value):
            return "; ".join(shown(item, lang) for item in value)
        case tuple():
            return ", ".join(shown(item, lang) for item in value) or line("value.empty", lang)
        case _:
            return str(value)


_AS_THEY_ARE = (str, Ready, int)


def _span(span: AwardSpan, lang: str) -> str:
    years = dict.fromkeys((span.first_year, span.last_year))
    group = "" if span.group is None else f" ({word(span.group, lang)})"
    return f"{word(span.level, lang)}{group} {'–'.join(str(year) for year in years)}"


def _period(period: Period, lang: str) -> str:
    parts = (("years", period.years), ("months", period.months), ("days", period.days))
    said = [line(f"period.{unit}", lang, count=count) for unit, count in parts if count]
    return " ".join(said) or line("period.days", lang, count=0)


def _day(day: Date, lang: str) -> str:
    return f"{day.day} {_month(day.month, lang)} {day.year}"


def _month(month: int, lang: str) -> str:
    return line("months", lang).split()[month - 1]


def _printed(date: str, lang: str) -> str:
    """A date as a source prints it; a day or month in digits is written out."""
    match = _PRINTED_DAY.fullmatch(date)
    if match is None or not 1 <= int(match[2]) <= len(line("months", lang).split()):
        return date
    year, month, day = match.groups()
    written = f"{_month(int(month), lang)} {year}"
    return f"{int(day)} {written}" if day else written
