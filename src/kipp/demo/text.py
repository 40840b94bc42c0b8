"""The demonstration as text, in Indonesian or English."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator

from kipp import messages
from kipp.demo.lines import Line, Section
from kipp.domain.assessment import Criterion
from kipp.domain.errors import InvalidValue

__all__ = ["as_text"]


def as_text(sections: Iterable[Section], lang: str = "id") -> Iterator[str]:
    """The demonstration as lines of text in *lang*, each figure followed by its source.

    Raises:
        UnknownName: another language than ``id`` and ``en``.
    """
    for section in sections:
        yield _say(section.heading, lang)
        for line in section.lines:
            yield f"  {_say(line, lang)}"
            yield f"    {_source_of(line, lang)}"
        yield ""


def _say(line: Line, lang: str) -> str:
    values = {name: _shown(name, value, lang) for name, value in line.values}
    return messages.line(line.code, lang, **values)


def _source_of(line: Line, lang: str) -> str:
    if not line.sources:
        return messages.line("demo.no-source", lang)
    more = len(line.sources) - 1 or None
    return messages.line(
        "demo.source", lang, evidence=line.evidence, source=line.sources[0], more=more
    )


def _shown(name: str, value: object, lang: str) -> object:
    match name, value:
        case "parts", tuple():
            return ", ".join(_part(part, lang) for part in value)
        case "levels", tuple():
            return "; ".join(_level(each, lang) for each in value)
        case "value", tuple():
            return ", ".join(_worth(item) for item in value)
        case "key", str():
            return messages.line(f"demo.key.{value}", lang)
        case _:
            return value


def _level(named: tuple[object, ...], lang: str) -> str:
    size, level, group = named
    return messages.line("demo.level", lang, size=size, level=level, group=group)


def _worth(item: object) -> str:
    return f"{item.key} {item.weight}" if isinstance(item, Criterion) else str(item)


def _part(part: tuple[object, ...], lang: str) -> str:
    match part:
        case (str(kind), innovations, agencies):
            named = messages.line(f"demo.kind.{kind}", lang)
            return messages.line(
                "demo.part", lang, kind=named, innovations=innovations, agencies=agencies
            )
        case (enum.Enum() as word, count):
            return messages.line("demo.count", lang, word=word, count=count)
        case _:
            raise InvalidValue("parts", part, "a kind with its numbers, or a word with a count")
