"""Ties at a cut (*nilai sama pada batas*): found, reported, and settled only by a declared policy.

The policy is the rulebook's ``ties.cascade``: keys tried in order, each an earlier stage whose
score parts the tied, or ``draw``, a public draw that anyone can repeat.  No source states a
tie-break of the contest; without a policy a tie stays a tie.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import sha256

import attrs

from kipp.domain.cycle import Group, Stage

__all__ = ["DRAW", "Parting", "Settlement", "Tie", "draw", "part"]

DRAW = "draw"
"""The key of a public draw (*undian*) in a cascade; it always parts, so it comes last."""


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

    *values* are exact scores for a stage, and places in the draw (0 first) for ``draw``;
    *selected* took a seat by this key, *still_tied* went on to the next one.
    """

    stage: Stage
    group: Group
    key: str
    tied: tuple[str, ...]
    seats: int
    values: tuple[tuple[str, object], ...]
    selected: tuple[str, ...]
    still_tied: tuple[str, ...] = ()


@attrs.frozen
class Parting:
    """Who is *above* a cut for certain, who is *tied* across it, and the *seats* left for those."""

    above: tuple[str, ...]
    tied: tuple[str, ...]
    seats: int


def part(proposals: Collection[str], seats: int, points: Mapping[str, int]) -> Parting:
    """Give *seats* to the proposals with the most *points*; equals at the cut are tied."""
    if len(proposals) <= seats:
        return Parting(tuple(proposals), (), 0)
    if not seats:
        return Parting((), (), 0)
    best = sorted((points[each] for each in proposals), reverse=True)
    line = best[seats - 1]
    above = tuple(each for each in proposals if points[each] > line)
    equal = tuple(each for each in proposals if points[each] == line)
    if best[seats] < line:
        return Parting((*above, *equal), (), 0)
    return Parting(above, equal, seats - len(above))


def draw(proposals: Collection[str], *, seed: str, stage: Stage, group: Group) -> dict[str, int]:
    """Places of the tied *proposals* in a public draw, 0 first (*undian terbuka*).

    The tied are numbered from 0 in the order of their ids; number *n* is placed by the SHA-256
    of ``seed|stage|group|n`` (UTF-8, the Indonesian terms of stage and group), smallest first.
    So the order of input changes nothing, and anyone can repeat it from the published seed.
    """
    numbered = dict(enumerate(sorted(proposals)))
    digests = {
        number: sha256(f"{seed}|{stage}|{group}|{number}".encode()).digest() for number in numbered
    }
    drawn = sorted(numbered, key=digests.__getitem__)
    return {numbered[number]: place for place, number in enumerate(drawn)}
