"""Ties at a cut (*nilai sama pada batas*): found and reported as values, never broken in silence.

Candidates stand in classes, best first, equals in one class.  Whoever is taken whatever becomes of
the equals is in, whoever is not is out, the others are tied.  What parts the tied is the declared
policy (:mod:`kipp.rules.cascade`); no source states a tie-break of the contest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TypeAlias

import attrs

from kipp.domain.cycle import Group, Stage
from kipp.rules.composition import TiedClass

__all__ = ["Classes", "Placing", "Settlement", "Tie", "classes_of", "place", "refine"]

Classes: TypeAlias = tuple[tuple[str, ...], ...]
"""Candidates, best class first; those of one class are equal."""


@attrs.frozen(kw_only=True)
class Tie:
    """Proposals equal at a cut that nothing declared parts, and the seats left for them."""

    stage: Stage
    group: Group
    proposals: tuple[str, ...]
    seats: int


@attrs.frozen(kw_only=True)
class Settlement:
    """One key of the policy at work: who was tied, what the key said of each, who came out.

    *values* are exact scores for a stage or a criterion, days or moments for a dated fact, places
    (0 first) for a draw; *selected* took a seat by this key, *still_tied* went on to the next
    one.  *basis* is the key of a draw, or the minutes of a recorded decision.
    """

    stage: Stage
    group: Group
    key: str
    tied: tuple[str, ...]
    seats: int
    values: tuple[tuple[str, object], ...]
    selected: tuple[str, ...]
    still_tied: tuple[str, ...] = ()
    basis: str = ""


@attrs.frozen(kw_only=True)
class Placing:
    """Who is *taken* for certain, and every class of equals of whom only some can be.

    *bound_by* names, for who is refused under demands of composition, those that left no seat.
    """

    taken: tuple[str, ...]
    ties: tuple[TiedClass, ...] = ()
    bound_by: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)


def classes_of(candidates: Iterable[str], points: Mapping[str, int]) -> Classes:
    """*candidates* by *points*, most first; equals stay in the order given."""
    best_first = sorted(candidates, key=lambda each: -points[each])
    return tuple(tuple(equals) for _, equals in groupby(best_first, key=points.__getitem__))


def place(classes: Sequence[Sequence[str]], places: int) -> Placing:
    """Give *places* to the best; equals of whom only some can have one are tied."""
    taken: list[str] = []
    for equals in classes:
        left = places - len(taken)
        if left and len(equals) > left:
            tied = TiedClass(candidates=tuple(equals), seats=left)
            return Placing(taken=tuple(taken), ties=(tied,))
        taken += equals if left else ()
    return Placing(taken=tuple(taken))


def refine(classes: Classes, tied: Iterable[str], points: Mapping[str, int]) -> Classes:
    """Part the *tied*, all of one class, by *points*; others of that class come before them."""
    asked = frozenset(tied)
    refined: list[tuple[str, ...]] = []
    for equals in classes:
        if asked.isdisjoint(equals):
            refined.append(equals)
            continue
        sure = tuple(each for each in equals if each not in asked)
        refined += [sure] if sure else []
        refined += classes_of((each for each in equals if each in asked), points)
    return tuple(refined)
