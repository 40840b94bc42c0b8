"""Where everybody would stand had the assessors been drawn anew, with replacement (*bootstrap*).

The draws are those of a published seed: anybody can repeat them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from math import lcm
from typing import TypeAlias

import attrs

from kipp.rules.line import line_of
from kipp.rules.tally import Division, Joined, Tally, points_of

__all__ = ["Frequency", "resampled"]


@attrs.frozen(kw_only=True)
class Frequency:
    """In how many of the draws of assessors a proposal was in, tied, out, or without a score."""

    selected: int = 0
    tied: int = 0
    not_selected: int = 0
    unscored: int = 0


_Panels: TypeAlias = Mapping[tuple[str, ...], Sequence[tuple[str, Sequence[int]]]]
"""By the assessors who marked them: the proposals, and what each assessor gave."""


def resampled(field: Division, resamples: int, seed: str) -> Mapping[str, Frequency]:
    """Redraw the assessors, with replacement, and count where everybody would stand."""
    tally = field.tally
    panels = _panels(tally)
    found: Counter[tuple[str, str]] = Counter()
    for resample in range(resamples):
        drawn = _drawn(tally.assessors, f"{seed}|{field.cut.stage}|{field.cut.group}|{resample}")
        joined = dict(_redrawn(tally, panels, drawn))
        common = lcm(*{divisor for _, divisor in joined.values()})
        points = {key: points_of(each, common) for key, each in joined.items()}
        at, tied = line_of(list(points.values()), field.places)
        found.update((key, _standing(points.get(key), at, tied)) for key in field.order)
    standings = [each.name for each in attrs.fields(Frequency)]
    return {key: Frequency(**{each: found[key, each] for each in standings}) for key in field.order}


def _panels(tally: Tally) -> _Panels:
    panels: defaultdict[tuple[str, ...], list[tuple[str, Sequence[int]]]] = defaultdict(list)
    for key, sheets in tally.sheets.items():
        panel = tuple(sheet.assessor for sheet in sheets)
        panels[panel].append((key, [sheet.total for sheet in sheets]))
    return panels


def _drawn(assessors: Sequence[str], key: str) -> Counter[str]:
    """How often each of the *assessors* is drawn, by as many draws as there are assessors."""
    digests = (sha256(f"{key}|{number}".encode()).digest() for number in range(len(assessors)))
    return Counter(assessors[int.from_bytes(each) % len(assessors)] for each in digests)


def _redrawn(
    tally: Tally, panels: _Panels, drawn: Mapping[str, int]
) -> Iterator[tuple[str, Joined]]:
    """The proposals that still have a score when each assessor counts as often as *drawn*."""
    for panel, members in panels.items():
        parts = [drawn[each] * tally.parts(each) for each in panel]
        for key, totals in members:
            given = [(total, part) for total, part in zip(totals, parts, strict=True) if part]
            joined = tally.join(given)
            if joined:
                yield key, joined


def _standing(points: int | None, at: float, tied: bool) -> str:
    if points is None:
        return "unscored"
    if points == at and tied:
        return "tied"
    return "selected" if points >= at else "not_selected"
