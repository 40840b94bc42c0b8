"""How firmly a cut stands: distances, changes that would alter it, who hangs on one assessor.

Indonesian: *margin*, *selisih* (distance to the line).  Everything is computed from the cut and
the sheets it was made by, exactly.  Where scores are no sums of marks (median, trimmed mean) the
fewest changes are a bound, and where demands of composition or proposals of unknown fate stand
between scores and places all is said of the line of the whole list; both are marked as not exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import lcm

import attrs

from kipp.domain.assessment import Assessor, ScoreSheet
from kipp.domain.cycle import Group, Stage
from kipp.domain.errors import InvalidValue
from kipp.rules.arguments import instance, items, text
from kipp.rules.changes import FewestChanges, fewest_changes
from kipp.rules.cuts import Cut
from kipp.rules.intervals import NoInterval, WeightInterval, weight_intervals
from kipp.rules.line import Line, Moved
from kipp.rules.redraws import Frequency, resampled
from kipp.rules.tally import Division, Joined, points_of

__all__ = ["Margins", "margins"]


@attrs.frozen(kw_only=True)
class Margins:
    """How firmly one cut stands.

    *exact* is false where demands of composition held, or where results hang on proposals of
    unknown fate: then everything here is said of the line of the whole list, that is of the places
    given to the highest scores, and only roughly of who was selected.

    *distances* are those of every candidate to the line, on the scale of the marks: of who is in
    to the best who is out, of who is out to the last who is in; 0 for equals at the line, parted
    or not; none without a score, and where nobody is on the other side.
    *fewest_changes* is none where nobody is in or nobody is out, 0 with equals at the line.
    *without_assessor* says who moves when all sheets of one assessor are left out; a quorum is
    not asked for again beyond one sheet that counts (and, for a trimmed mean, one left inside).
    *weight_intervals* are by criterion, with the sheets that count held the same.
    *resampled* says, in *resamples* draws of assessors with replacement, how often each was in.
    *contested* are those level at the line or moved by leaving out some assessor, and those whose
    result is open; *safe_in* and *safe_out* the others, by what they are.
    """

    stage: Stage
    group: Group
    by: Stage
    exact: bool
    distances: Mapping[str, Fraction | None]
    fewest_changes: FewestChanges | None
    without_assessor: Mapping[str, Moved]
    weight_intervals: Mapping[str, WeightInterval | NoInterval]
    resamples: int
    resampled: Mapping[str, Frequency]
    safe_in: tuple[str, ...]
    contested: tuple[str, ...]
    safe_out: tuple[str, ...]


def margins(
    cut: Cut,
    sheets: Iterable[ScoreSheet],
    assessors: Iterable[Assessor] | None = None,
    *,
    resamples: int = 0,
    seed: str = "",
) -> Margins:
    """The margins of *cut*, which was made from *sheets* by *assessors* (as given to ``select``).

    *seed* keys the draws of assessors: draw *d* of resample *r* is the SHA-256 of
    ``seed|stage|group|r|d`` (UTF-8, the Indonesian terms of stage and group, from 0), read as a
    number, modulo the number of assessors in the order of their keys.

    Raises:
        InvalidType: an argument of another type.
        InvalidValue: sheets that do not give the scores of the cut, or one of them twice;
            resamples below 0, or any without a seed.
    """
    if instance("resamples", resamples, int) < 0:
        raise InvalidValue("resamples", resamples, "0 or more")
    if resamples and not text("seed", seed):
        raise InvalidValue("seed", seed, "a text that keys the draws of assessors")
    field = Division(
        instance("cut", cut, Cut),
        items("sheets", sheets, ScoreSheet),
        items("assessors", assessors or (), Assessor),
    )
    moved = _without_assessor(field)
    contested = frozenset(_contested(field, moved.values()))
    ins, outs = field.ins, field.outs
    return Margins(
        stage=cut.stage,
        group=cut.group,
        by=cut.by,
        exact=field.exact,
        distances=_distances(field),
        fewest_changes=fewest_changes(field),
        without_assessor=moved,
        weight_intervals=weight_intervals(field),
        resamples=resamples,
        resampled=resampled(field, resamples, seed) if resamples else {},
        safe_in=tuple(key for key in ins if key not in contested),
        contested=tuple(key for key in field.order if key in contested),
        safe_out=tuple(key for key in outs if key not in contested),
    )


def _distances(field: Division) -> Mapping[str, Fraction | None]:
    points, unit = field.cut.scores.points, field.cut.scores.unit
    ins, outs = field.ins, field.outs
    last_in = points[(field.level or ins)[-1]] if field.level or ins else None
    first_out = points[(field.level or outs)[0]] if field.level or outs else None

    def to(line: int | None, key: str) -> Fraction | None:
        if line is None:
            return None
        return Fraction((points[key] - line) * unit.numerator, unit.denominator)

    return {
        **{key: to(first_out, key) for key in ins},
        **{key: to(last_in, key) for key in outs},
        **dict.fromkeys(field.cut.unmarked),
    }


def _without_assessor(field: Division) -> Mapping[str, Moved]:
    """Who moves when all sheets of one assessor are left out, by assessor."""
    tally = field.tally
    left: defaultdict[str, dict[str, Joined | None]] = defaultdict(dict)
    for key in field.order:
        for assessor, joined in tally.without(key):
            left[assessor][key] = joined
    divisors = {joined[1] for joined in tally.joined.values()}
    divisors |= {joined[1] for each in left.values() for joined in each.values() if joined}
    common = lcm(*divisors)
    points = {key: points_of(tally.joined[key], common) for key in field.order}
    line = Line(field.order, points, field.places, field.seated)
    return {
        assessor: line.moved(
            {key: joined and points_of(joined, common) for key, joined in left[assessor].items()}
        )
        for assessor in sorted(left)
    }


def _contested(field: Division, every: Iterable[Moved]) -> Iterator[str]:
    yield from field.level
    yield from field.cut.open
    for moved in every:
        yield from (*moved.came_in, *moved.fell_out, *moved.tied, *moved.unscored)
