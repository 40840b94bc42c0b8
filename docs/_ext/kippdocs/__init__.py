"""Pages made from the library itself: rulebooks, rules, and what nobody was seen to state.

Directives, each usable on any page:

``kipp-rulebook WORD``      the contents of ``cycle 2021``, ``incentive 2020``, ``hubs``, ``duty``
``kipp-terms KIND``         a table over all ``cycle`` or ``incentive`` rulebooks; one line of the
                            body per column: ``path | heading``
``kipp-unknown WHICH``      ``not-found``, ``disputed`` or ``unfilled``
``kipp-catalogue``          every rule with its titles, codes, sentences and paths
``kipp-types``              the public types, each with its first line

Before the pages are read, a short page per cycle and per fiscal year is written beside their
index; git ignores those, so that a new rulebook file is a new page and nothing else.  Every value
has a label for links from any page: ``term-cycle-2021-groups-general-cap``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import kipp
from kipp.rulebooks import cycles, fiscal_years
from kippdocs import books, names, rules, unknown
from kippdocs.nodes import term_label

__all__ = ["setup"]


class _Generated(SphinxDirective):
    """What all share: the page is made again whenever the library changes."""

    def note_library(self) -> None:
        for path in Path(kipp.__file__).parent.rglob("*"):
            if path.suffix in {".py", ".toml", ".po"}:
                self.env.note_dependency(str(path))


class RulebookContents(_Generated):
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        self.note_library()
        word = self.arguments[0]
        found = books.book(word)
        standard = self.env.domains.standard_domain
        for path in found:
            label = term_label(word, path)
            standard.labels[label] = (self.env.docname, label, f"{found.name}, {path}")
            standard.anonlabels[label] = (self.env.docname, label)
        return books.contents(word)


class Terms(_Generated):
    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        self.note_library()
        kind = self.arguments[0]
        years = cycles() if kind == "cycle" else fiscal_years()
        columns = [tuple(part.strip() for part in line.split("|")) for line in self.content if line]
        return [books.across([f"{kind} {year}" for year in years], columns)]


class Unknown(_Generated):
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.note_library()
        made = {
            "not-found": unknown.not_found,
            "disputed": unknown.disputed,
            "unfilled": unknown.unfilled,
        }
        return made[self.arguments[0]]()


class Catalogue(_Generated):
    def run(self) -> list[nodes.Node]:
        self.note_library()
        return rules.catalogue()


class PublicTypes(_Generated):
    def run(self) -> list[nodes.Node]:
        self.note_library()
        return [names.public_types()]


def write_year_pages(app: Sphinx) -> None:
    """A page per cycle and per fiscal year, rewritten only where its text changed."""
    reference = Path(app.srcdir) / "reference"
    pages = {
        reference / "cycles" / f"{year}.md": (f"KIPP {year}", f"cycle {year}") for year in cycles()
    }
    for year in fiscal_years():
        pages[reference / "incentive" / f"FY{year}.md"] = (f"FY{year}", f"incentive {year}")
    for path, (title, word) in pages.items():
        name = books.book(word).name
        lead = "" if name == title else f"{name}\n\n"
        text = f"# {title}\n\n{lead}```{{kipp-rulebook}} {word}\n```\n"
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("kipp-rulebook", RulebookContents)
    app.add_directive("kipp-terms", Terms)
    app.add_directive("kipp-unknown", Unknown)
    app.add_directive("kipp-catalogue", Catalogue)
    app.add_directive("kipp-types", PublicTypes)
    app.connect("builder-inited", write_year_pages)
    app.add_css_file("kipp.css")
    return {"version": kipp.__version__, "parallel_read_safe": True, "parallel_write_safe": True}
