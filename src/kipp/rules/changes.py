"""The fewest marks that must change before a cut is another one, or tied.

Exact where a score is a sum of marks; a lower bound where it is not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import lcm
from typing import TypeAlias

import attrs

from kipp.domain.assessment import Mark, exact
from kipp.rules.tally import Counted, Division, Tally

__all__ = ["Change", "FewestChanges", "fewest_changes"]


@attrs.frozen(kw_only=True)
class Change:
    """One mark of one assessor under one criterion, *before* and *after*."""

    proposal: str
    assessor: str
    criterion: str
    before: Mark
    after: Mark


@attrs.frozen(kw_only=True)
class FewestChanges:
    """How many single marks must change before somebody outside is level with somebody inside.

    *changes* are so many that suffice; none are given where it is not *exact*.  Where a score is
    no sum of marks, *count* is a lower bound: so many changes move no sheet further than its
    largest so many moves, and whatever the way of combining, no score moves further than the sheet
    that moves furthest.  Where the margins are not exact, it is said of the line of the whole list.
    """

    count: int
    exact: bool
    changes: tuple[Change, ...] = ()


_Reach: TypeAlias = Iterable[tuple[str, Sequence[int]]]
"""By proposal, how far it gets with 0, 1, 2… changes."""


def fewest_changes(field: Division) -> FewestChanges | None:
    """The least number of raises of one outsider and falls of one insider that make them meet.

    None where nobody is in or nobody is out; 0 with equals at the line.

    What one proposal gains by a number of changes does not depend on the other's, so that the
    best outsider for every number of raises and the lowest insider for every number of falls
    suffice.
    """
    exactly = field.exact and field.tally.additive
    if field.level:
        return FewestChanges(count=0, exact=exactly)
    ins, outs = field.ins, field.outs
    if not ins or not outs:
        return None
    joined = field.tally.joined
    common = lcm(*{joined[key][1] for key in field.order})
    up = _furthest((key, _reach(field.tally, key, common, 1)) for key in outs)
    down = _furthest((key, _reach(field.tally, key, common, -1)) for key in ins)
    lows = [height for height, _ in down]
    falls = [bisect_left(lows, -height) for height, _ in up]
    _, raised, fallen = min(
        (raised + fallen, raised, fallen)
        for raised, fallen in enumerate(falls)
        if fallen < len(lows)
    )
    changes: tuple[Change, ...] = ()
    if exactly:
        raises = _changes(field.tally, up[raised][1], 1)[:raised]
        changes = (*raises, *_changes(field.tally, down[fallen][1], -1)[:fallen])
    return FewestChanges(count=raised + fallen, exact=exactly, changes=changes)


def _moves(tally: Tally, sheet: Counted, sign: int) -> list[int]:
    """How far each mark of *sheet* can raise its total (*sign* 1) or lower it (-1)."""
    far = tally.most if sign > 0 else tally.least
    return [
        weight * sign * (far - step)
        for weight, step in zip(tally.weights, sheet.steps, strict=True)
    ]


def _reach(tally: Tally, proposal: str, common: int, sign: int) -> Sequence[int]:
    """*sign* × how far the score of *proposal* gets with 0, 1, 2… changes; a bound if not a sum."""
    total, divisor = tally.joined[proposal]
    sheets = tally.sheets[proposal]
    factor = common // divisor
    if not tally.additive:
        each = (
            accumulate(sorted(_moves(tally, sheet, sign), reverse=True), initial=0)
            for sheet in sheets
        )
        return [sign * total * factor + common * max(far) for far in zip(*each, strict=True)]
    moves = [move * sheet.parts for sheet in sheets for move in _moves(tally, sheet, sign)]
    moves.sort(reverse=True)
    return [height * factor for height in accumulate(moves, initial=sign * total)]


def _furthest(reaches: _Reach) -> list[tuple[int, str]]:
    """For every number of changes how far the furthest gets with so many, and who it is."""
    furthest: list[tuple[int, str]] = []
    for key, heights in reaches:
        for number, height in enumerate(heights):
            if number == len(furthest):
                furthest.append((height, key))
            elif height > furthest[number][0]:
                furthest[number] = height, key
    # More changes never get less far, though a proposal may have no more marks to move.
    return list(accumulate(furthest, _further))


def _further(fewer: tuple[int, str], more: tuple[int, str]) -> tuple[int, str]:
    return fewer if fewer[0] > more[0] else more


def _changes(tally: Tally, proposal: str, sign: int) -> list[Change]:
    """The moves of the marks of *proposal*, furthest first."""
    far = exact((tally.most if sign > 0 else tally.least) * tally.quantum)
    found = [
        (
            -move * sheet.parts,
            Change(
                proposal=proposal,
                assessor=sheet.assessor,
                criterion=criterion,
                before=exact(step * tally.quantum),
                after=far,
            ),
        )
        for sheet in tally.sheets[proposal]
        for criterion, step, move in zip(
            tally.criteria, sheet.steps, _moves(tally, sheet, sign), strict=True
        )
    ]
    return [change for _, change in sorted(found, key=lambda each: each[0])]
