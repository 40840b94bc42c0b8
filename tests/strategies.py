"""Hypothesis strategies for the tests: one per domain class, and imagined rulebooks.

The strategies of domain classes are those that users get (:mod:`kipp.testing`); here stand the
ones that only the library's own laws need.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import strategies as st

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
)
from kipp.domain.cycle import Group
from kipp.rules.rulebook import Rulebook
from kipp.rules.terms import BookKind
from kipp.testing import (
    Case,
    agencies,
    award_histories,
    awards,
    compliant,
    days,
    fields_of_proposals,
    identifiers,
    innovations,
    instruments,
    moments,
    proposals,
    replica_sources,
    spans,
    tiers,
)

__all__ = [
    "Case",
    "agencies",
    "award_histories",
    "awards",
    "citations",
    "cited_books",
    "compliant",
    "days",
    "fields_of_proposals",
    "identifiers",
    "innovations",
    "instruments",
    "moments",
    "proposals",
    "replica_sources",
    "spans",
    "stated",
    "tiers",
    "values",
]

_SOURCES = st.sampled_from(("a", "b", "c")).map(lambda key: Source(key=key, title=key))

citations: st.SearchStrategy[tuple[Citation, ...]] = st.lists(
    st.builds(Citation, source=_SOURCES, evidence=st.sampled_from(Evidence)),
    min_size=1,
    max_size=2,
).map(tuple)


def stated(plain: st.SearchStrategy[Any]) -> st.SearchStrategy[Cited[Any]]:
    """*plain* with its sources."""
    return st.builds(Cited, plain, citations)


def values(
    plain: st.SearchStrategy[Any], *, disputed: bool = False
) -> st.SearchStrategy[Value[Any]]:
    """A value in any state a rulebook knows; cited ones as often as all others together."""
    settled = st.one_of(
        stated(plain), citations.map(Unlimited), citations.map(NotOpen), stated(plain)
    )
    missing: st.SearchStrategy[Value[Any]] = st.just(NotFound("everywhere"))
    if not disputed:
        return settled | stated(plain) | missing
    pairs = st.lists(stated(plain), min_size=2, max_size=2).map(lambda a: Disputed(tuple(a)))
    return settled | pairs | missing


def cited_books(
    paths: Mapping[str, st.SearchStrategy[Any]],
    *,
    year: int = 2021,
    offered: Iterable[Group] = (),
    certain: Mapping[str, Any] = {},
    disputed: bool = False,
) -> st.SearchStrategy[Rulebook]:
    """An imagined cycle whose *paths* hold any state; *offered* groups and *certain* are cited.

    ``{}`` in a path stands for every group, all with the one value drawn.
    """
    cite = (Citation(Source(key="s", title="s"), Evidence.MINISTRY),)
    fixed: dict[str, Value[Any]] = {path: Cited(value, cite) for path, value in certain.items()}
    fixed |= {f"groups.{group.key}.offered": Cited(True, cite) for group in offered}
    drawn = st.fixed_dictionaries(
        {path: values(plain, disputed=disputed) for path, plain in paths.items()}
    )

    def book(terms: Mapping[str, Value[Any]]) -> Rulebook:
        everywhere = {path.format(group.key): terms[path] for path in terms for group in Group}
        return Rulebook(
            kind=BookKind.CYCLE, name=f"imagined {year}", year=year, terms={**everywhere, **fixed}
        )

    return drawn.map(book)
