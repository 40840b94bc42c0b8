"""The types that ``kipp`` offers, each with its first line and a link to its full description."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from docutils import nodes
from sphinx.addnodes import pending_xref

import kipp
from kippdocs.nodes import code, paragraph, table

__all__ = ["public_types"]


def public_types() -> nodes.table:
    """A row per public type, in the order of the alphabet."""
    rows = (
        ([paragraph(_to(kind, name))], [paragraph(_first_line(kind))]) for name, kind in _types()
    )
    return table(("name", "is"), (30, 70), rows)


def _types() -> Iterator[tuple[str, type]]:
    for name in sorted(kipp.__all__):
        kind = getattr(kipp, name)
        if inspect.isclass(kind):
            yield name, kind


def _to(kind: type, name: str) -> pending_xref:
    made = pending_xref(
        "",
        refdomain="py",
        reftype="obj",
        reftarget=f"{kind.__module__}.{kind.__qualname__}",
        refexplicit=True,
        refwarn=True,
    )
    made += code(name)
    return made


def _first_line(kind: type) -> str:
    line = (inspect.getdoc(kind) or "").partition("\n")[0]
    return line.replace("``", "").replace("*", "")
