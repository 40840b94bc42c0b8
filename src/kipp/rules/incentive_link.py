"""Which fiscal year the result of a contest counts for (DR-A2), and whether it counts at all.

*Tahun anggaran*: one incentive rulebook per fiscal year, which names the cycle that counts for it
under ``cycles.<year>.…``.  The rules of the incentive all ask here first.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from kipp.domain.award import KIPP
from kipp.domain.citation import Cited, Disputed, NotFound, NotOpen, Term, alternatives, cited
from kipp.domain.errors import InvalidValue
from kipp.rules.decision import UNSETTLED, Classification, Outcome, Reason, RuleId, note, settle
from kipp.rules.rulebook import Rulebook

__all__ = [
    "FISCAL_YEAR",
    "LINK_CODES",
    "YEAR_CODES",
    "by_year",
    "fiscal_year",
    "link",
    "says_no",
]

FISCAL_YEAR = RuleId("incentive-fiscal-year")

LINK_CODES: tuple[str, ...] = (
    "NO_KIPP_HELD",
    "KIPP_YEAR_LINKED",
    "KIPP_YEAR_BEFORE_LINK",
    "POST_2022_LINK_UNPROVEN",
)
"""The codes of :func:`link` beside those that any rule may give."""

YEAR_CODES: tuple[str, ...] = (
    *(code for code in LINK_CODES if code != "KIPP_YEAR_LINKED"),
    "LAG_STATED",
    "LAG_CONFLICT",
    *UNSETTLED[1:],
)
"""The codes of :func:`fiscal_year`."""


def fiscal_year(cycle: Rulebook, books: Iterable[Rulebook]) -> Classification[int]:
    """The fiscal year (*tahun anggaran*) that the result of *cycle* counts for.

    None where sources disagree (KIPP 2022: ``LAG_CONFLICT``) or no link is stated.  A weaker
    counter-source that does not move the answer is noted.
    """
    home, linked = link(cycle, books)
    subject = f"{KIPP} {cycle.year}"
    if home is None or linked.outcome is not Outcome.MET:
        return Classification(rule=FISCAL_YEAR, subject=subject, value=None, reasons=(linked,))
    term = home.term(f"cycles.{cycle.year}.fiscal_year")
    also = home.term(f"cycles.{cycle.year}.fiscal_year_also_said")
    reasons = [_lag(cycle.year, term)]
    reasons += [note("LAG_CONFLICT", also, cycle=cycle.year, years=(y,)) for y in cited(also.value)]
    value = term.value.value if isinstance(term.value, Cited) else None
    return Classification(rule=FISCAL_YEAR, subject=subject, value=value, reasons=tuple(reasons))


def _lag(cycle: int | None, term: Term[int]) -> Reason:
    years = tuple(cited(term.value))
    said = (("cycle", cycle), ("years", years))
    if isinstance(term.value, Disputed):
        return Reason(Outcome.UNKNOWN, "LAG_CONFLICT", said, (term,))
    return settle(term, lambda _: Reason(None, "LAG_STATED", said))


def link(cycle: Rulebook, books: Iterable[Rulebook]) -> tuple[Rulebook | None, Reason]:
    """The incentive rulebook that speaks of *cycle*, and whether proposals followed from it."""
    held = cycle.term("held")
    if any(says_no(reading) for reading in alternatives(held.value)):
        return None, settle(held, functools.partial(_held, cycle.year))
    ordered = by_year(books)
    path = f"cycles.{cycle.year}.proposed"
    home = next((book for book in ordered if path in book.terms), None)
    term = (home or ordered[-1]).term(path)
    if isinstance(term.value, NotFound) and (home or _after_thelink(cycle, ordered[-1])):
        searched = (("cycle", cycle.year), ("searched", term.value.searched))
        return home, Reason(Outcome.UNKNOWN, "POST_2022_LINK_UNPROVEN", searched, (term,))
    return home, settle(term, functools.partial(_linked, cycle.year))


def _after_thelink(cycle: Rulebook, latest: Rulebook) -> bool:
    """Whether *cycle* is no earlier than the latest fiscal year, of which no link is known."""
    return isinstance(latest["link"], NotFound) and (cycle.year or 0) >= (latest.year or 0)


def _held(year: int | None, stated: object) -> Reason:
    if says_no(stated):
        return Reason(Outcome.NOT_MET, "NO_KIPP_HELD", (("cycle", year),))
    return _linked(year, stated)


def by_year(books: Iterable[Rulebook]) -> Sequence[Rulebook]:
    """The incentive rulebooks, the earliest fiscal year first.

    Raises:
        InvalidValue: there is none.
    """
    ordered = sorted(books, key=lambda book: book.year or 0)
    if not ordered:
        raise InvalidValue("books", ordered, "at least one incentive rulebook")
    return ordered


def says_no(reading: object) -> bool:
    """Whether a reading of a term says no: cited as false, or not open."""
    return isinstance(reading, NotOpen) or (isinstance(reading, Cited) and reading.value is False)


def _linked(year: int | None, stated: object) -> Reason:
    if says_no(stated):
        return Reason(Outcome.NOT_MET, "KIPP_YEAR_BEFORE_LINK", (("cycle", year),))
    return Reason(Outcome.MET, "KIPP_YEAR_LINKED", (("cycle", year),))
