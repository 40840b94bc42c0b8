"""The line of a cut (*batas*) in whole points: where it lies, and who moves when points do."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from math import inf

import attrs

__all__ = ["Line", "Moved", "line_of"]


def line_of(points: Sequence[int], places: int) -> tuple[float, bool]:
    """The least points that can take one of *places*, and whether equals there do not all fit.

    Everybody can where there are enough places, nobody where there is none.
    """
    if len(points) <= places:
        return -inf, False
    if not places:
        return inf, False
    best = sorted(points, reverse=True)
    return best[places - 1], best[places] == best[places - 1]


@attrs.frozen(kw_only=True)
class Moved:
    """Who of a field would come in, fall out, be tied at the line, have no score."""

    came_in: tuple[str, ...] = ()
    fell_out: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()
    unscored: tuple[str, ...] = ()


class Line:
    """The line in a field: candidates in *order*, best first, the first *seated* of them in.

    Every answer takes time for what changes, not for the field.
    """

    def __init__(
        self, order: Sequence[str], points: Mapping[str, int], places: int, seated: int
    ) -> None:
        self.order = order
        self.points = points
        self.places = places
        self.seated = seated
        self._rank = {key: rank for rank, key in enumerate(order)}
        self._falling = [-points[key] for key in order]

    def moved(self, changed: Mapping[str, int | None]) -> Moved:
        """Who moves when the *changed* have other points, or none."""
        at, tied_at = self._line_with(changed)
        falling = self._falling
        start, stop = bisect_left(falling, -at), bisect_right(falling, -at)
        end = start if tied_at else stop
        now = {
            key
            for key, new in changed.items()
            if new is not None and (new > at or (new == at and not tied_at))
        }
        tied = [key for key, new in changed.items() if tied_at and new == at]
        tied += [key for key in self.order[start:stop] if tied_at and key not in changed]
        among = set(tied)
        gone = {key for key, new in changed.items() if new is None}
        came_in = [key for key in now if self._rank[key] >= self.seated]
        came_in += [key for key in self.order[self.seated : end] if key not in changed]
        fell_out = [key for key in changed if self._rank[key] < self.seated and key not in now]
        fell_out += [key for key in self.order[end : self.seated] if key not in changed]
        return Moved(
            came_in=self._in_order(came_in),
            fell_out=self._in_order(key for key in fell_out if key not in among | gone),
            tied=self._in_order(tied),
            unscored=self._in_order(gone),
        )

    def _line_with(self, changed: Mapping[str, int | None]) -> tuple[float, bool]:
        """The line when the *changed* have other points, looked for where it can be.

        It moves by no more ranks than there are changed; who is further up stays above it.
        """
        first = max(self.places - len(changed) - 1, 0)
        last = self.places + len(changed) + 1
        near = [self.points[key] for key in self.order[first:last] if key not in changed]
        near += [new for new in changed.values() if new is not None]
        above = first - sum(1 for key in changed if self._rank[key] < first)
        return line_of(near, self.places - above)

    def _in_order(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(keys, key=self._rank.__getitem__))
