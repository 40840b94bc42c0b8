"""What no source was seen to state, and what sources state differently, over every rulebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from docutils import nodes

from kipp.domain.citation import Disputed, NotFound
from kipp.rules.rulebook import Rulebook
from kipp.rules.terms import SCHEMAS, BookKind
from kippdocs.books import all_books
from kippdocs.nodes import code, joined, paragraph, section, slug, table, to_term
from kippdocs.values import value_cell

__all__ = ["disputed", "not_found", "unfilled"]

_YEAR = re.compile(r"(?<=\.)\d{4}(?=\.|$)", re.ASCII)
_TITLES = {
    BookKind.CYCLE: "The contest, year by year",
    BookKind.INCENTIVE: "The regional incentive, fiscal year by fiscal year",
    BookKind.HUBS: "The innovation hubs",
    BookKind.DUTY: "One Agency One Innovation",
}


def _by_kind() -> Iterator[tuple[BookKind, list[tuple[str, Rulebook]]]]:
    books = list(all_books())
    for kind in BookKind:
        yield kind, [(word, book) for word, book in books if book.kind is kind]


def not_found() -> list[nodes.Node]:
    """Every value that a rulebook marks as not found; equal searches stand in one row."""
    return [_searched(kind, books) for kind, books in _by_kind()]


def _searched(kind: BookKind, books: Iterable[tuple[str, Rulebook]]) -> nodes.section:
    rows: dict[str, dict[NotFound, list[nodes.Node]]] = {}
    for word, book in books:
        for path in book:
            value = book[path]
            if isinstance(value, NotFound):
                found = rows.setdefault(_YEAR.sub("{year}", path), {})
                found.setdefault(value, []).append(to_term(_when(book, path), word, path))
    made = ([[paragraph(code(path))], [_searches(rows[path])]] for path in sorted(rows))
    listed = table(("path", "what was searched"), (30, 70), made)
    return section(_TITLES[kind], slug("unknown", kind), listed)


def _searches(found: dict[NotFound, list[nodes.Node]]) -> nodes.bullet_list:
    """A line per search: the years it was made for, what was looked at, the note."""
    made = nodes.bullet_list(bullet="-")
    for value, where in found.items():
        line = paragraph(*joined([each] for each in where), f": {value.searched}")
        noted = [paragraph(nodes.emphasis("", value.note), classes=["note"])] if value.note else []
        made += nodes.list_item("", line, *noted)
    return made


def _when(book: Rulebook, path: str) -> str:
    """The years of a value: of its rulebook, and of its path where that names another."""
    year = _YEAR.search(path)
    inside = year[0] if year else ""
    if book.year is None:
        return inside or book.name
    return f"{book.year} ({inside})" if inside else str(book.year)


def disputed() -> list[nodes.Node]:
    """Every value on which sources disagree, each reading with its sources."""
    rows = (
        ([paragraph(code(path)), paragraph(to_term(book.name, word, path))], value_cell(book[path]))
        for word, book in all_books()
        for path in book
        if isinstance(book[path], Disputed)
    )
    return [table(("path", "readings, the stronger first"), (30, 70), rows)]


def unfilled() -> list[nodes.Node]:
    """Paths the library can hold and no packaged rulebook fills, in any year."""
    made: list[nodes.Node] = []
    for kind, books in _by_kind():
        filled = {_YEAR.sub("{year}", path) for _, book in books for path in book}
        empty = sorted(path for path in SCHEMAS[kind] if path not in filled)
        if empty:
            shown = joined([code(path)] for path in empty)
            made.append(paragraph(nodes.strong("", f"{_TITLES[kind]}: "), *shown))
    return made
