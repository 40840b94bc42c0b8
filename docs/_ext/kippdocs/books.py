"""Every packaged rulebook by the word that pages use for it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from docutils import nodes

from kipp.domain.citation import Citation
from kipp.rulebooks import cycles, duty_book, fiscal_years, hubs_book, incentive_book, rulebook
from kipp.rules.rulebook import Rulebook
from kippdocs.nodes import badge, code, link, paragraph, section, slug, table
from kippdocs.values import path_cell, short, value_cell

__all__ = ["across", "all_books", "book", "contents", "head"]


def book(word: str) -> Rulebook:
    """The rulebook that ``cycle 2021``, ``incentive 2020``, ``hubs`` or ``duty`` names."""
    match word.split():
        case ["cycle", year]:
            return rulebook(int(year))
        case ["incentive", year]:
            return incentive_book(int(year))
        case ["hubs"]:
            return hubs_book()
        case ["duty"]:
            return duty_book()
    raise LookupError(f"no rulebook is called {word!r}")


def all_books() -> Iterator[tuple[str, Rulebook]]:
    """Every packaged rulebook under its word: cycles, fiscal years, hubs, duty."""
    words = [f"cycle {year}" for year in cycles()]
    words += [f"incentive {year}" for year in fiscal_years()]
    for word in (*words, "hubs", "duty"):
        yield word, book(word)


def head(word: str) -> list[nodes.Node]:
    """How many values, in which states: one line above the contents."""
    found = book(word)
    states: dict[str, int] = {}
    for path in found:
        name = type(found[path]).__name__
        states[name] = states.get(name, 0) + 1
    order = {
        "Cited": "cited",
        "Unlimited": "unlimited",
        "NotOpen": "not open",
        "NotFound": "not found",
        "Disputed": "disputed",
    }
    counts = [f"{states[name]} {word}" for name, word in order.items() if name in states]
    return [paragraph(f"{sum(states.values())} paths: {', '.join(counts)}.")]


def contents(word: str) -> list[nodes.Node]:
    """A section per top-level name of the rulebook, then its sources."""
    found = book(word)
    parts = [
        section(_heading(first), slug("part", word, first), _terms(found, paths, word))
        for first, paths in groupby(found, key=lambda path: path.split(".")[0])
    ]
    return [*head(word), *parts, _sources(found, word)]


def _heading(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _terms(found: Rulebook, paths: Iterator[str], word: str) -> nodes.table:
    rows = ((path_cell(found.term(path), word), value_cell(found[path], word)) for path in paths)
    return table(("path", "what the sources say"), (35, 65), rows)


def _sources(found: Rulebook, word: str) -> nodes.section:
    cited: dict[str, list[tuple[Citation, str]]] = {}
    for path in found:
        for citation in found[path].citations:
            cited.setdefault(citation.source.key, []).append((citation, path))
    rows = (_source(word, uses) for _, uses in sorted(cited.items()))
    listed = table(("key", "source", "states"), (20, 60, 20), rows)
    return section("Sources", slug("part", word, "sources"), listed)


def _source(word: str, uses: list[tuple[Citation, str]]) -> list[list[nodes.Node]]:
    source = uses[0][0].source
    name = paragraph(code(source.key))
    name["ids"] = [slug("source", word, source.key)]
    title = [nodes.Text(source.title)] if source.url is None else [link(source.title, source.url)]
    dated = [f", {source.date}"] if source.date else []
    classes = sorted({citation.evidence for citation, _ in uses}, key=lambda each: each.rank)
    badges: list[nodes.Node | str] = []
    for evidence in classes:
        badges += [" ", badge(str(evidence))]
    count = "1 value" if len(uses) == 1 else f"{len(uses)} values"
    return [[name], [paragraph(*title, *dated)], [paragraph(count, *badges)]]


def across(words: list[str], columns: list[tuple[str, str]]) -> nodes.table:
    """A table over several rulebooks: a row each, a column per (path, heading)."""
    rows = ([_name(word), *(_cell(word, path) for path, _ in columns)] for word in words)
    widths = [10, *(90 // len(columns) for _ in columns)]
    return table(("", *(heading for _, heading in columns)), widths, rows)


def _name(word: str) -> list[nodes.Node]:
    found = book(word)
    return [paragraph(str(found.year) if found.year else found.name)]


def _cell(word: str, path: str) -> list[nodes.Node]:
    return [paragraph(*short(book(word)[path]))]
