"""Small makers of docutils nodes: pages are built from values, never from escaped text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx.addnodes import pending_xref

__all__ = [
    "badge",
    "bullets",
    "code",
    "joined",
    "link",
    "paragraph",
    "section",
    "slug",
    "table",
    "target",
    "term_label",
    "to_term",
]

Inline = Sequence[nodes.Node]


def slug(*parts: str) -> str:
    """An anchor that does not change when words around it do."""
    return nodes.make_id("-".join(part.replace(".", "-").replace("_", "-") for part in parts))


def paragraph(*inline: nodes.Node | str, classes: Sequence[str] = ()) -> nodes.paragraph:
    made = nodes.paragraph(classes=list(classes))
    made += [nodes.Text(each) if isinstance(each, str) else each for each in inline]
    return made


def code(text: str) -> nodes.literal:
    return nodes.literal(text, text)


def badge(word: str) -> nodes.inline:
    """A word in a small frame; its class lets the style sheet colour it."""
    return nodes.inline(word, word, classes=["badge", f"badge-{slug(word)}"])


def link(text: str, url: str) -> nodes.reference:
    return nodes.reference(text, text, refuri=url, internal=False)


def target(text: str, anchor: str) -> nodes.reference:
    """A link to an anchor of the same page."""
    made = nodes.reference("", "", refid=anchor, internal=True)
    made += code(text)
    return made


def term_label(word: str, path: str) -> str:
    """The label of a value on the page of its rulebook, for links from any page."""
    return slug("term", word, path)


def to_term(text: str, word: str, path: str) -> pending_xref:
    """A link to the value at *path* on the page of the rulebook that *word* names."""
    made = pending_xref(
        "",
        refdomain="std",
        reftype="ref",
        reftarget=term_label(word, path),
        refexplicit=True,
        refwarn=True,
    )
    made += nodes.inline(text, text, classes=["xref", "std", "std-ref"])
    return made


def joined(groups: Iterable[Inline], between: str = ", ") -> list[nodes.Node]:
    """Runs of inline nodes with *between* set between them."""
    found: list[nodes.Node] = []
    for group in groups:
        if found:
            found.append(nodes.Text(between))
        found += group
    return found


def bullets(rows: Iterable[Inline]) -> nodes.bullet_list:
    made = nodes.bullet_list(bullet="-")
    for row in rows:
        made += nodes.list_item("", paragraph(*row))
    return made


def section(title: str, anchor: str, *body: nodes.Node) -> nodes.section:
    made = nodes.section(ids=[anchor], names=[anchor])
    made += nodes.title(title, title)
    made += body
    return made


def table(
    head: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Sequence[nodes.Node]]]
) -> nodes.table:
    """A table; each cell is a sequence of block nodes, an id on a cell's first node stays."""
    made = nodes.table(classes=["kipp"])
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=width) for width in widths]
    header = nodes.row()
    header += [nodes.entry("", paragraph(word)) for word in head]
    group += nodes.thead("", header)
    body = nodes.tbody()
    for row in rows:
        line = nodes.row()
        line += [nodes.entry("", *cell) for cell in row]
        body += line
    group += body
    made += group
    return made
