"""Rulebook files: read whole, or refused whole with every fault at its place.

A file is TOML.  At the top ``kind``, ``name`` and (for a cycle or a fiscal year) ``year``; then
nested tables.  A table at a path of the schema is a value: exactly one of ``value``,
``unlimited``, ``not_open``, ``not_found`` or ``disputed``, with its ``sources`` and perhaps a
``note``.  ``[sources.KEY]`` holds the sources; each must be cited by a value.  The packaged files
and a provincial contest's own file go through the same door: :func:`load`.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs

from kipp.domain.citation import (
    Citation,
    Cited,
    Disputed,
    Evidence,
    NotFound,
    NotOpen,
    Source,
    Unlimited,
    Value,
    cited,
)
from kipp.domain.cycle import Group
from kipp.domain.errors import Faults, InvalidType, InvalidValue, KippError, UnknownName
from kipp.rules.rulebook import Rulebook
from kipp.rules.terms import BookKind, TermSpec, leads_on, read, spec

__all__ = ["cycles", "duty_book", "fiscal_years", "hubs_book", "incentive_book", "load", "rulebook"]

_STATES = ("value", "unlimited", "not_open", "not_found", "disputed")
_ALTERNATIVE_STATES = ("value", "unlimited", "not_open")
_HEAD = ("kind", "name", "year", "sources")
_OF_A_YEAR = (BookKind.CYCLE, BookKind.INCENTIVE)
_CLASSES = tuple(evidence for evidence in Evidence if evidence is not Evidence.ASSUMED)
_AS_FILE = "the name of a file is given as a Path"
_LINE = re.compile(r"\(at (line \d+), column \d+\)$", re.ASCII)

# Stages of a contest from wide to narrow: none may be larger than the one before it.
_TIERS = (
    *(
        tuple(f"groups.{g.key}.{tier}" for tier in ("nominees", "finalists", "winners"))
        for g in Group
    ),
    ("evaluation.nominees", "finalists.total", "intermediate.size", "winners.total"),
    (
        "evaluation.nominees",
        "groups.general.finalists",
        "intermediate.size",
        "groups.general.winners",
    ),
)


def load(source: str | os.PathLike[str]) -> Rulebook:
    """Read a rulebook: a ``Path`` is the file of one, a ``str`` is its text in TOML.

    Raises:
        InvalidType: neither a text nor a path.
        Faults: everything wrong with it, all at once, each ``@ file:dotted.place``.
    """
    if isinstance(source, str):
        if not source.strip():
            raise Faults([InvalidValue("text", source, "a rulebook in TOML", cure=_AS_FILE)])
        return _read(source, "text")
    if not isinstance(source, os.PathLike):
        raise InvalidType("source", source, "a Path to a file, or the text of a rulebook")
    where = os.fsdecode(source)
    try:
        text = Path(where).read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise Faults([InvalidValue("file", where, "a readable file in UTF-8")]) from None
    return _read(text, where)


def cycles() -> tuple[int, ...]:
    """The years for which a rulebook of a cycle is packaged, in order."""
    return _years("cycles", "")


def fiscal_years() -> tuple[int, ...]:
    """The fiscal years for which a rulebook of the incentive is packaged, in order."""
    return _years("incentive", "FY")


def rulebook(year: int) -> Rulebook:
    """The rulebook of the cycle of *year*; one of a year without contest says so at every path.

    Raises:
        InvalidType: *year* is not a whole number.
        UnknownName: no rulebook of that year is packaged.
    """
    return _of_year("cycles", "", year)


def incentive_book(year: int) -> Rulebook:
    """The rulebook of the incentive (*DID*, *insentif fiskal*) of the fiscal year *year*.

    Raises:
        InvalidType, UnknownName: as :func:`rulebook`.
    """
    return _of_year("incentive", "FY", year)


def hubs_book() -> Rulebook:
    """The rulebook of the innovation hubs (*hub JIPP*)."""
    return _packaged("hubs.toml")


def duty_book() -> Rulebook:
    """The rulebook of One Agency One Innovation (*satu instansi satu inovasi*)."""
    return _packaged("duty.toml")


@functools.cache
def _packaged(name: str) -> Rulebook:
    text = resources.files(__package__).joinpath(*name.split("/")).read_text(encoding="utf-8")
    return _read(text, name)


@functools.cache
def _years(folder: str, prefix: str) -> tuple[int, ...]:
    files = resources.files(__package__).joinpath(folder).iterdir()
    names = (file.name for file in files if file.name.endswith(".toml"))
    return tuple(sorted(int(name.removeprefix(prefix).removesuffix(".toml")) for name in names))


def _of_year(folder: str, prefix: str, year: int) -> Rulebook:
    if isinstance(year, bool) or not isinstance(year, int):
        raise InvalidType("year", year, "a year such as 2021")
    known = _years(folder, prefix)
    if year not in known:
        raise UnknownName("year", year, f"one of {', '.join(map(str, known))}")
    return _packaged(f"{folder}/{prefix}{year}.toml")


def _read(text: str, where: str) -> Rulebook:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Faults([_not_toml(text, where, str(error))]) from None
    reading = _Reading(where)
    book = reading.book(document)
    if reading.faults or book is None:
        raise Faults(reading.faults)
    return book


def _not_toml(text: str, where: str, message: str) -> KippError:
    at = _LINE.search(message)
    place = f"{where}, {at[1]}" if at else f"{where}, last line"
    lines = text.splitlines() or [""]
    number = int(at[1].split()[1]) if at else len(lines)
    cure = "" if "\n" in text else _AS_FILE
    return InvalidValue("file", lines[min(number, len(lines)) - 1], "TOML", place, cure)


@attrs.define
class _Reading:
    """One pass over one file: what it found and what was wrong."""

    where: str
    faults: list[KippError] = attrs.Factory(list)
    sources: dict[str, Citation | None] = attrs.Factory(dict)
    used: set[str] = attrs.Factory(set)
    terms: dict[str, Value[Any]] = attrs.Factory(dict)

    def at(self, place: str) -> str:
        return f"{self.where}:{place}"

    def attempt(self, read: Callable[..., Any], *arguments: object, **named: object) -> Any:
        """What *read* gives, or none with its fault noted."""
        try:
            return read(*arguments, **named)
        except KippError as fault:
            self.faults.append(fault)
            return None

    def book(self, document: Mapping[str, object]) -> Rulebook | None:
        kind = self.attempt(_kind, document.get("kind"), self.at("kind"))
        name = self.attempt(_text, "name", document.get("name"), self.at("name"))
        year = self.attempt(_year, kind, document.get("year"), self.at("year"))
        if kind is None:
            return None
        self.declare(document.get("sources", {}))
        self.walk(kind, {key: node for key, node in document.items() if key not in _HEAD}, "")
        self.check_use()
        self.check_tiers(kind)
        if self.faults:
            return None
        return Rulebook(kind=kind, name=name, year=year, terms=self.terms)

    def declare(self, table: object) -> None:
        if not isinstance(table, Mapping):
            self.faults.append(
                InvalidType("sources", table, "a table of sources", self.at("sources"))
            )
            return
        for key, node in table.items():
            self.sources[key] = self.attempt(_source, key, node, self.at(f"sources.{key}"))
        self.check_addresses()

    def check_addresses(self) -> None:
        first: dict[str, str] = {}
        for key, citation in self.sources.items():
            url = citation and citation.source.url
            if url and first.setdefault(url, key) != key:
                place = self.at(f"sources.{key}.url")
                expected = f"an address of its own, not that of sources.{first[url]}"
                self.faults.append(InvalidValue(f"sources.{key}.url", url, expected, place))

    def walk(self, kind: BookKind, table: Mapping[str, object], prefix: str) -> None:
        for key, node in table.items():
            path = f"{prefix}{key}"
            if leads_on(kind, path) and isinstance(node, Mapping):
                self.walk(kind, node, f"{path}.")
            elif (declared := self.attempt(spec, kind, path, where=self.at(path))) is not None:
                self.leaf(declared, node)

    def leaf(self, declared: TermSpec, node: object) -> None:
        value = self.state(declared, node, self.at(declared.path), _STATES)
        if value is not None:
            self.terms[declared.path] = value

    def state(
        self, declared: TermSpec, node: object, place: str, allowed: tuple[str, ...]
    ) -> Value[Any] | None:
        """The value that *node* states, or none with the faults noted."""
        expected = f"a table with one of {', '.join(allowed)}"
        if not isinstance(node, Mapping):
            self.faults.append(InvalidType(declared.path, node, expected, place))
            return None
        self.check_keys(node, (*allowed, "sources", "note"), place)
        stated = [state for state in allowed if state in node]
        if len(stated) != 1:
            expected = f"exactly one of {', '.join(allowed)}"
            self.faults.append(InvalidValue(declared.path, stated, expected, place))
            return None
        note = self.note(declared.path, node, place)
        return self.readers(declared, node, place, note)[stated[0]]()

    def readers(
        self, declared: TermSpec, node: Mapping[str, object], place: str, note: str
    ) -> Mapping[str, Callable[[], Value[Any] | None]]:
        return {
            "value": lambda: self.stated(declared, node, place, note),
            "unlimited": lambda: self.flagged(Unlimited, "unlimited", declared, node, place, note),
            "not_open": lambda: self.flagged(NotOpen, "not_open", declared, node, place, note),
            "not_found": lambda: self.missing(declared, node, place, note),
            "disputed": lambda: self.disputed(declared, node, place, note),
        }

    def check_keys(self, node: Mapping[str, object], known: tuple[str, ...], place: str) -> None:
        for key in node:
            if key not in known:
                fault = UnknownName("key", key, f"one of {', '.join(known)}", f"{place}.{key}")
                self.faults.append(fault)

    def note(self, path: str, node: Mapping[str, object], place: str) -> str:
        if "note" not in node:
            return ""
        return self.attempt(_text, path, node["note"], f"{place}.note") or ""

    def stated(
        self, declared: TermSpec, node: Mapping[str, object], place: str, note: str
    ) -> Value[Any] | None:
        citations = self.citations(declared.path, node, place)
        value = self.attempt(read, declared, node["value"], where=f"{place}.value")
        return Cited(value, citations, note) if citations and value is not None else None

    def flagged(
        self,
        state: type[Unlimited | NotOpen],
        key: str,
        declared: TermSpec,
        node: Mapping[str, object],
        place: str,
        note: str,
    ) -> Value[Any] | None:
        citations = self.citations(declared.path, node, place)
        if node[key] is not True:
            fault = InvalidValue(declared.path, node[key], "true", f"{place}.{key}")
            self.faults.append(fault)
        return state(citations, note) if citations else None

    def missing(
        self, declared: TermSpec, node: Mapping[str, object], place: str, note: str
    ) -> Value[Any] | None:
        if "sources" in node:
            expected = "no sources: what was searched is said in not_found and note"
            fault = InvalidValue(declared.path, node["sources"], expected, f"{place}.sources")
            self.faults.append(fault)
        searched = self.attempt(_text, declared.path, node["not_found"], f"{place}.not_found")
        return NotFound(searched, note) if searched else None

    def disputed(
        self, declared: TermSpec, node: Mapping[str, object], place: str, note: str
    ) -> Value[Any] | None:
        rows = node["disputed"]
        place = f"{place}.disputed"
        if "sources" in node:
            expected = "no sources beside disputed: each alternative has its own"
            self.faults.append(InvalidValue(declared.path, node["sources"], expected, place))
        if not isinstance(rows, list) or len(rows) <= 1:
            expected = "a list of at least two alternatives"
            self.faults.append(InvalidValue(declared.path, rows, expected, place))
            return None
        found = [
            self.state(declared, row, f"{place}[{index}]", _ALTERNATIVE_STATES)
            for index, row in enumerate(rows)
        ]
        readings = tuple(each for each in found if isinstance(each, Cited | Unlimited | NotOpen))
        if len(readings) < len(found):
            return None
        self.check_dispute(declared.path, readings, place)
        return Disputed(readings, note)

    def check_dispute(
        self, path: str, readings: tuple[Cited[Any] | Unlimited | NotOpen, ...], place: str
    ) -> None:
        classes = [reading.evidence for reading in readings]
        if any(a and b and a.weaker_than(b) for a, b in pairwise(classes)):
            expected = "the stronger alternative first"
            self.faults.append(InvalidValue(path, [str(each) for each in classes], expected, place))
        said = [(type(each), getattr(each, "value", None)) for each in readings]
        if any(each in said[:index] for index, each in enumerate(said)):
            shown = [value for _, value in said]
            expected = "alternatives that differ"
            self.faults.append(InvalidValue(path, shown, expected, place))

    def citations(self, path: str, node: Mapping[str, object], place: str) -> tuple[Citation, ...]:
        rows = node.get("sources")
        place = f"{place}.sources"
        if not isinstance(rows, list) or not rows:
            cure = "a value nobody states is not_found"
            self.faults.append(InvalidValue(path, rows, "a list of source keys", place, cure))
            return ()
        read = [self.attempt(self.citation, path, row, place) for row in rows]
        found = [each for each in read if each is not None]
        keys = [each.source.key for each in found]
        if len(set(keys)) < len(keys):
            self.faults.append(InvalidValue(path, keys, "each source once", place))
        return tuple(found)

    def citation(self, path: str, row: object, place: str) -> Citation | None:
        """The citation that *row* names; none when its source is itself at fault."""
        key, evidence = (row, None) if isinstance(row, str) else _own_class(path, row, place)
        if key not in self.sources:
            raise UnknownName(path, key, "a key of [sources]", place)
        self.used.add(key)
        declared = self.sources[key]
        if declared is None or evidence is None:
            return declared
        return Citation(declared.source, evidence)

    def check_use(self) -> None:
        for key in self.sources:
            if key not in self.used:
                place = self.at(f"sources.{key}")
                expected = "a source that a value cites"
                self.faults.append(InvalidValue(f"sources.{key}", key, expected, place))

    def check_tiers(self, kind: BookKind) -> None:
        if kind is not BookKind.CYCLE:
            return
        seen = set()
        for wide, narrow in self.stages():
            most, fewest = max(cited(self.terms[wide])), min(cited(self.terms[narrow]))
            if most < fewest and (wide, narrow) not in seen:
                seen.add((wide, narrow))
                place = self.at(f"{narrow}.value")
                expected = f"at most {most}, the size of {wide}"
                self.faults.append(InvalidValue(narrow, fewest, expected, place))

    def stages(self) -> Iterator[tuple[str, str]]:
        for chain in _TIERS:
            counted = [path for path in chain if path in self.terms and any(self.counts(path))]
            yield from pairwise(counted)

    def counts(self, path: str) -> Iterator[bool]:
        return (True for _ in cited(self.terms[path]))


def _text(name: str, raw: object, where: str) -> str:
    if not isinstance(raw, str):
        raise InvalidType(name, raw, "a text", where)
    if not raw.strip():
        raise InvalidValue(name, raw, "a text that is not blank", where)
    return raw


def _kind(raw: object, where: str) -> BookKind:
    try:
        return BookKind(_text("kind", raw, where))
    except ValueError:
        known = ", ".join(BookKind)
        raise InvalidValue("kind", raw, f"one of {known}", where) from None


def _year(kind: BookKind | None, raw: object, where: str) -> int | None:
    if raw is None and kind not in _OF_A_YEAR:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise InvalidType("year", raw, "a year such as 2021", where)
    if kind is not None and kind not in _OF_A_YEAR:
        raise InvalidValue("year", raw, f"no year in a rulebook of kind {kind}", where)
    if not dt.MINYEAR <= raw <= dt.MAXYEAR:
        raise InvalidValue("year", raw, "a year of the calendar", where)
    return raw


def _source(key: str, node: object, where: str) -> Citation:
    """The source with the class of its passages unless a value says otherwise."""
    name = f"sources.{key}"
    if not isinstance(node, Mapping):
        raise InvalidType(name, node, "a table with title and evidence", where)
    known = ("title", "evidence", "date", "url")
    for extra in node:
        if extra not in known:
            raise UnknownName("key", extra, f"one of {', '.join(known)}", f"{where}.{extra}")
    source = Source(
        key=key,
        title=_text(f"{name}.title", node.get("title"), f"{where}.title"),
        date=_printed(f"{name}.date", node.get("date"), f"{where}.date"),
        url=_optional(f"{name}.url", node.get("url"), f"{where}.url"),
    )
    return Citation(source, _evidence(f"{name}.evidence", node.get("evidence"), where))


def _optional(name: str, raw: object, where: str) -> str | None:
    return None if raw is None else _text(name, raw, where)


def _printed(name: str, raw: object, where: str) -> str | None:
    """A date as printed: a TOML date, or text such as ``2014`` or ``May 2020``."""
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw.isoformat()
    return _optional(name, raw, where)


def _evidence(name: str, raw: object, where: str) -> Evidence:
    if raw not in list(_CLASSES):
        raise InvalidValue(name, raw, f"one of {', '.join(_CLASSES)}", f"{where}.evidence")
    return Evidence(str(raw))


def _own_class(path: str, row: object, place: str) -> tuple[str, Evidence]:
    if not isinstance(row, Mapping) or set(row) != {"key", "evidence"}:
        raise InvalidType(path, row, "a source key, or a table with key and evidence", place)
    return str(row["key"]), _evidence(path, row["evidence"], place)
