"""Laws of margins: every figure recounted by brute force, with fractions, on small contests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from hashlib import sha256
from itertools import combinations, pairwise, product
from random import Random
from statistics import median
from typing import Any, NamedTuple

import attrs
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from kipp.domain.assessment import Assessor, ScoreSheet
from kipp.domain.cycle import Group, Stage
from kipp.domain.proposal import Proposal
from kipp.rules.changes import Change
from kipp.rules.cuts import Cut
from kipp.rules.decision import Outcome
from kipp.rules.intervals import NoInterval, WeightInterval
from kipp.rules.line import Line, Moved
from kipp.rules.margins import Margins, margins
from kipp.rules.rulebook import Rulebook
from kipp.rules.selection import select
from tests.contest import contest, entry, panel_mark, stated

CRITERIA = ("novelty", "benefit")
JURY = ("E1", "E2", "E3")
PARTS = 6
"""Every weight of an assessor drawn here is a whole number of sixths."""
TRIM = Fraction(1, 3)
CASCADES: tuple[list[str] | None, ...] = (
    None,
    ["evaluation.novelty", "draw"],
    ["evaluation.benefit"],
    ["draw"],
    ["all"],
    ["fewer"],
)
Scored = Mapping[str, Fraction | None]


class Case(NamedTuple):
    """A cycle of which the cut of nominations is looked at."""

    book: Rulebook
    proposals: tuple[Proposal, ...]
    sheets: tuple[ScoreSheet, ...]
    assessors: tuple[Assessor, ...]
    cut: Cut

    def margins(self, **options: Any) -> Margins:
        return margins(self.cut, self.sheets, self.assessors, **options)

    def but(self, **changes: Any) -> Case:
        """The same with *changes*, cut again."""
        after = self._replace(**changes)
        return after._replace(
            cut=cut_of(after.book, after.proposals, after.sheets, after.assessors)
        )


def cut_of(
    book: Rulebook,
    proposals: Iterable[Proposal],
    sheets: Iterable[ScoreSheet],
    assessors: Iterable[Assessor],
) -> Cut:
    found = select(
        book,
        proposals,
        sheets,
        screened=lambda _: Outcome.MET,
        assessors=assessors,
        traits={each.id: {"agency": "made-up"} for each in proposals},
    ).at(Stage.NOMINATION)
    assume(found and found.cuts)
    assert found is not None
    return found.cuts[0]


def drawn_book(luck: Random, combine: str, proposals: int, jury: int) -> Rulebook:
    weights = luck.choice([(1, 1), (3, 1), (1, 2), (2, 3), (0, 1), ("1/2", "2/3"), (1, 0)])
    scales = [(0, 2, 1), (-1, 1, 1), (1, 3, 1), (0, 1, "1/2"), (0, "5/2", 1)]
    lowest, highest, quantum = luck.choice(scales)
    changes: dict[str, object] = {
        "marks.lowest": lowest,
        "marks.highest": highest,
        "marks.quantum": quantum,
        "evaluation.evaluators": luck.choice([1, 1, jury]),
        "evaluation.combine": combine,
        "groups.general.criteria": dict(zip(CRITERIA, weights, strict=True)),
        "groups.general.nominees": luck.choice([1, 2, 1, 2, 3, 1, 2, 3, 0, proposals]),
        "ties.draw_seed": "one seed",
    }
    if combine == "trimmed mean":
        changes["evaluation.trim"] = str(TRIM)
    cascade = luck.choice(CASCADES)
    if cascade is not None:
        changes["ties.cascade"] = cascade
    return contest(changes)


@st.composite
def cases(
    draw: st.DrawFn,
    combine: str = "mean",
    missing: bool = True,
    most: int = len(JURY),
    sizes: tuple[int, ...] = (2, 3, 4, 4, 5),
) -> Case:
    """A few proposals, one to three assessors, marks on a scale of three.

    Chance of its own, from a seed that is drawn: marks drawn one by one come out equal too often
    for a cut to have two sides.
    """
    luck = draw(st.randoms(use_true_random=True))
    keys = [f"p{number}" for number in range(luck.choice(sizes))]
    jury = JURY[: luck.randint(1, most)]
    book = drawn_book(luck, combine, len(keys), len(jury))
    scale = marks_of(book)
    assessors = [
        Assessor(key=key, weight=luck.choice([Fraction(1), Fraction(1), Fraction(1, 2)]))
        for key in jury
    ]
    sheets = []
    for key, assessor in product(keys, jury):
        marks = {each: luck.choice(scale) for each in CRITERIA}
        if missing and luck.random() < 1 / 12:
            del marks[luck.choice(CRITERIA)]
        if not missing or luck.random() > 1 / 12:
            sheets.append(sheet_of(key, assessor, marks))
    proposals = tuple(map(entry, keys))
    made = cut_of(book, proposals, sheets, assessors)
    return Case(book, proposals, tuple(sheets), tuple(assessors), made)


def marks_of(book: Rulebook) -> list[Fraction]:
    """Every mark of the scale, lowest first."""
    lowest, highest, quantum = (
        Fraction(value(book, f"marks.{name}")) for name in ("lowest", "highest", "quantum")
    )
    return [lowest + number * quantum for number in range(int((highest - lowest) / quantum) + 1)]


def value(book: Rulebook, path: str) -> Any:
    return stated(book, path)


def sheet_of(key: str, assessor: str, marks: Mapping[str, object]) -> ScoreSheet:
    return ScoreSheet(proposal=key, stage=Stage.EVALUATION, assessor=assessor, marks=marks)


def weights_of(case: Case) -> dict[str, Fraction]:
    return {each.key: each.weight for each in value(case.book, "groups.general.criteria")}


def counted(case: Case) -> dict[str, list[tuple[str, dict[str, Fraction]]]]:
    """By candidate of the cut: the assessors whose sheets count, and their marks."""
    found: dict[str, list[tuple[str, dict[str, Fraction]]]] = {key: [] for key in case.cut.order}
    for sheet in case.sheets:
        marks = {key: Fraction(mark) for key, mark in sheet.marks}
        if sheet.proposal in found and all(
            key in marks for key, weight in weights_of(case).items() if weight
        ):
            found[sheet.proposal].append((sheet.assessor, marks))
    return found


def combined(
    case: Case,
    given: Iterable[tuple[str, Mapping[str, Fraction]]],
    weights: Mapping[str, Fraction] | None = None,
    times: Callable[[str], int] = lambda _: 1,
) -> Fraction | None:
    """The score as the clause states it, each assessor taken so many *times*."""
    weights = weights or weights_of(case)
    shares = {each.key: each.weight for each in case.assessors}
    sixths: list[Fraction] = []
    for assessor, marks in given:
        total = sum((marks.get(key, Fraction(0)) * w for key, w in weights.items()), Fraction(0))
        count = int(shares[assessor] * times(assessor) * PARTS)
        sixths += [total / sum(weights.values())] * count
    combine = value(case.book, "evaluation.combine")
    if combine == "median":
        return Fraction(median(sixths)) if sixths else None
    if combine == "trimmed mean":
        out = int(TRIM * PARTS)
        sixths = sorted(sixths)[out : len(sixths) - out]
    return sum(sixths, Fraction(0)) / len(sixths) if sixths else None


def scores_of(case: Case) -> dict[str, Fraction]:
    found = {key: combined(case, given) for key, given in counted(case).items()}
    return {key: mark for key, mark in found.items() if mark is not None}


def placed(case: Case, scores: Scored) -> dict[str, str]:
    """Where everybody stands by scores alone: in, tied, out, or unscored."""
    places = value(case.book, "groups.general.nominees")
    standings = {}
    for key, mark in scores.items():
        better = sum(
            1 for each in scores.values() if each is not None and mark is not None and each > mark
        )
        equal = sum(1 for each in scores.values() if each == mark)
        if mark is None:
            standings[key] = "unscored"
        elif better + equal <= places:
            standings[key] = "selected"
        else:
            standings[key] = "tied" if better < places else "not_selected"
    return standings


def sides(case: Case) -> tuple[list[str], list[str], list[str]]:
    """Who is in, who is not, and who is level at the line."""
    made = case.cut
    plain = placed(case, scores_of(case))
    level = [key for key in made.order if plain[key] == "tied"]
    ins = list(made.selected)
    if made.open or made.demands:
        ins = [key for key in made.order if plain[key] == "selected"]
    return ins, [key for key in made.order if key not in ins], level


class TestDistances:
    """Of who is in to the best who is out, of who is out to the last who is in."""

    @given(cases())
    def test_by_definition(self, case: Case) -> None:
        ins, outs, level = sides(case)
        scores = scores_of(case)
        found = case.margins().distances

        for key, mark in scores.items():
            others = [scores[each] for each in level or (outs if key in ins else ins)]
            line = None if not others else max(others) if key in ins else min(others)
            assert found[key] == (None if line is None else mark - line)
        assert {key for key in found if key not in scores} == set(case.cut.unmarked)
        event("level" if level else "parted")

    @given(cases())
    def test_the_sign_says_the_side(self, case: Case) -> None:
        ins, _, level = sides(case)

        for key, distance in case.margins().distances.items():
            if distance is not None:
                assert (distance > 0) is (key in ins and key not in level)
                assert (distance == 0) is (key in level)


class TestFewestChanges:
    """So many changes of single marks put an outsider level with an insider, and no fewer."""

    @given(cases(most=2))
    def test_brute_force(self, case: Case) -> None:
        found = case.margins().fewest_changes
        expected = fewest_by_force(case)
        event(f"{expected} changes")

        assert (found and found.count) == expected
        assert found is None or found.exact is not bool(case.cut.open)

    @given(cases("median", most=2) | cases("trimmed mean", most=2))
    def test_never_more_than_there_are(self, case: Case) -> None:
        """Where a score is no sum of marks, it is a lower bound; above 0 unless there is a tie."""
        found = case.margins().fewest_changes
        expected = fewest_by_force(case)

        assert (found is None) is (expected is None)
        if found and expected is not None:
            assert min(expected, 1) <= found.count <= expected
            assert (found.exact, found.changes) == (False, ())

    @given(cases(missing=False))
    def test_the_changes_suffice(self, case: Case) -> None:
        made = case.cut
        found = case.margins().fewest_changes
        assume(found is not None and found.count)
        assert found is not None
        changed = case.but(sheets=with_changes(case.sheets, found.changes)).cut

        assert len(found.changes) == found.count
        assert len({(each.proposal, each.assessor, each.criterion) for each in found.changes}) == (
            found.count
        )
        scores = changed.scores.points
        ins, outs, _ = sides(case)
        assert max(scores[key] for key in outs) >= min(scores[key] for key in ins)
        assert changed.ties or changed.settlements or set(changed.selected) != set(made.selected)
        event(f"{found.count} changes")


def fewest_by_force(case: Case) -> int | None:
    """Every assignment of marks to every outsider and every insider."""
    ins, outs, level = sides(case)
    if level:
        return 0
    up = [reached(case, key, max) for key in outs]
    down = [reached(case, key, min) for key in ins]
    return min(
        (
            raised + fallen
            for highs, lows in product(up, down)
            for (raised, high), (fallen, low) in product(highs.items(), lows.items())
            if high >= low
        ),
        default=None,
    )


def reached(case: Case, key: str, best: Callable[..., Fraction]) -> dict[int, Fraction]:
    """By the number of marks that are changed, the best score of *key*."""
    given = counted(case)[key]
    slots = [(number, name) for number, (_, marks) in enumerate(given) for name in sorted(marks)]
    # A mark under a criterion that weighs nothing changes nothing.
    slots = [(number, name) for number, name in slots if weights_of(case)[name]]
    found: dict[int, Fraction] = {}
    for marks in product(marks_of(case.book), repeat=len(slots)):
        again = [(assessor, dict(before)) for assessor, before in given]
        for (number, name), mark in zip(slots, marks, strict=True):
            again[number][1][name] = mark
        changes = sum(again[number][1][name] != given[number][1][name] for number, name in slots)
        score = combined(case, again)
        assert score is not None
        found[changes] = best(found.get(changes, score), score)
    return found


def with_changes(sheets: Iterable[ScoreSheet], changes: Iterable[Change]) -> tuple[ScoreSheet, ...]:
    """The sheets with the *changes*; each change names the mark that was there."""
    after = {(each.proposal, each.assessor, each.criterion): each for each in changes}
    changed = []
    for sheet in sheets:
        marks = dict(sheet.marks)
        for key, mark in sheet.marks:
            if change := after.get((sheet.proposal, sheet.assessor, key)):
                assert change.before == mark
                marks[key] = change.after
        changed.append(sheet_of(sheet.proposal, sheet.assessor, marks))
    return tuple(changed)


ANY = cases() | cases("median") | cases("trimmed mean")


class TestWithoutAnAssessor:
    """The cut made again, of the same candidates, as if one assessor had given no sheet."""

    @given(ANY)
    def test_brute_force(self, case: Case) -> None:
        ins, _, _ = sides(case)
        given = counted(case)
        found = case.margins().without_assessor
        jury = {assessor for each in given.values() for assessor, _ in each}

        assert list(found) == sorted(jury)
        for assessor in jury:
            left = {
                key: combined(case, [each for each in sheets if each[0] != assessor])
                for key, sheets in given.items()
            }
            assert found[assessor] == moved_by_hand(case.cut.order, ins, placed(case, left))

    @given(ANY)
    def test_the_three_lists(self, case: Case) -> None:
        ins, outs, level = sides(case)
        found = case.margins()
        moved = {
            key
            for each in found.without_assessor.values()
            for keys in (each.came_in, each.fell_out, each.tied, each.unscored)
            for key in keys
        }
        contested = moved | set(level) | set(case.cut.open)
        event("contested" if contested else "all safe")

        assert set(found.contested) == contested
        assert found.safe_in == tuple(key for key in ins if key not in contested)
        assert found.safe_out == tuple(key for key in outs if key not in contested)


def moved_by_hand(order: Iterable[str], ins: Iterable[str], now: Mapping[str, str]) -> Moved:
    inside = set(ins)
    by_standing: dict[str, list[str]] = {each.name: [] for each in attrs.fields(Moved)}
    for key in order:
        if now[key] in ("tied", "unscored"):
            by_standing[now[key]].append(key)
        elif now[key] == "selected" and key not in inside:
            by_standing["came_in"].append(key)
        elif now[key] == "not_selected" and key in inside:
            by_standing["fell_out"].append(key)
    return Moved(**{name: tuple(keys) for name, keys in by_standing.items()})


class TestTheLine:
    """Whoever moves, however many change: as if the whole field were cut again."""

    @settings(max_examples=200)
    @given(st.randoms(use_true_random=True), st.integers(0, 15))
    def test_brute_force(self, luck: Random, places: int) -> None:
        points = [luck.randint(0, 9) for _ in range(luck.randint(1, 14))]
        numbers = luck.sample(range(len(points)), luck.randint(1, min(4, len(points))))
        changes = {number: luck.choice([None, *range(10)]) for number in numbers}
        falling = sorted(points, reverse=True)
        keys = {f"{number:02}": each for number, each in enumerate(falling)}
        changed = {f"{number:02}": new for number, new in changes.items()}
        before = standings(keys, places)
        seated = sum(1 for each in before.values() if each == "selected")
        now = standings({**keys, **changed}, places)
        line = Line(tuple(keys), keys, places, seated)

        assert line.moved(changed) == moved_by_hand(keys, list(keys)[:seated], now)


def standings(points: Mapping[str, int | None], places: int) -> dict[str, str]:
    best = sorted((each for each in points.values() if each is not None), reverse=True)
    found = {}
    for key, each in points.items():
        if each is None:
            found[key] = "unscored"
        elif best.index(each) + best.count(each) <= places:
            found[key] = "selected"
        else:
            found[key] = "tied" if best.index(each) < places else "not_selected"
    return found


class TestWeightIntervals:
    """A weight is in the interval exactly where nobody outside catches up with anybody inside."""

    @given(cases() | cases(sizes=(9,)))
    def test_at_every_crossing_and_between(self, case: Case) -> None:
        ins, outs, level = sides(case)
        filled = len(ins) == min(value(case.book, "groups.general.nominees"), len(case.cut.order))
        given = counted(case)
        for name, interval in case.margins().weight_intervals.items():
            weights = weights_of(case)
            event(type(interval).__name__)
            if level and not filled:
                assert interval is NoInterval.TIED
                continue
            if any(name not in marks for sheets in given.values() for _, marks in sheets):
                assert interval is NoInterval.UNMARKED
                continue
            assert isinstance(interval, WeightInterval)
            assert interval.weight == weights[name]
            for weight in probed(case, name):
                stands = not_overtaken(case, {**weights, name: weight}, ins, outs, bool(level))
                assert (weight in interval) is stands
            event("bounded above" if interval.highest else "unbounded")
            event("bounded below" if interval.lowest else "down to 0")

    @given(cases())
    def test_an_end_is_where_somebody_is_level(self, case: Case) -> None:
        ins, outs, _ = sides(case)
        for name, interval in case.margins().weight_intervals.items():
            if not isinstance(interval, WeightInterval):
                continue
            for edge in (interval.lowest, interval.highest):
                weights = {**weights_of(case), name: edge or Fraction(0)}
                if edge:
                    given = counted(case)
                    least = min(combined(case, given[key], weights) for key in ins)  # type: ignore[type-var]  # all have a score
                    most = max(combined(case, given[key], weights) for key in outs)  # type: ignore[type-var]  # all have a score
                    assert least == most

    @given(cases("median") | cases("trimmed mean"))
    def test_none_where_scores_are_no_sums(self, case: Case) -> None:
        found = case.margins().weight_intervals

        assert found == dict.fromkeys(CRITERIA, NoInterval.NOT_ADDITIVE)


def probed(case: Case, name: str) -> Iterator[Fraction]:
    """0, every weight at which two candidates are equal, one between each two, one beyond."""
    (other,) = (weight for key, weight in weights_of(case).items() if key != name)
    (another,) = (key for key in CRITERIA if key != name)
    averages = {
        key: {each: combined(case, given, {each: Fraction(1)}) for each in CRITERIA}
        for key, given in counted(case).items()
    }
    crossings = {Fraction(0), weights_of(case)[name]}
    for one, two in combinations(averages.values(), 2):
        rise = (one[name] or 0) - (two[name] or 0)
        if rise:
            crossings.add(other * ((two[another] or 0) - (one[another] or 0)) / Fraction(rise))
    points = sorted(each for each in crossings if each >= 0)
    yield from points
    yield from ((one + two) / 2 for one, two in pairwise(points))
    yield points[-1] + 1


def not_overtaken(
    case: Case,
    weights: Mapping[str, Fraction],
    ins: Iterable[str],
    outs: Iterable[str],
    level: bool,
) -> bool:
    if not any(weights.values()):
        return False
    given = counted(case)
    return all(
        low > high or (level and low == high)  # type: ignore[operator]  # all have a score
        for low in (combined(case, given[key], weights) for key in ins)
        for high in (combined(case, given[key], weights) for key in outs)
    )


class TestResampling:
    """So many draws of assessors with replacement, each a whole recount."""

    @given(ANY, st.integers(1, 4), st.sampled_from(["a seed", "another"]))
    def test_brute_force(self, case: Case, resamples: int, seed: str) -> None:
        found = case.margins(resamples=resamples, seed=seed).resampled
        given = counted(case)
        jury = sorted({assessor for each in given.values() for assessor, _ in each})
        expected: dict[str, Counter[str]] = {key: Counter() for key in case.cut.order}
        for resample in range(resamples):
            drawn = [
                jury[int(sha256(text.encode()).hexdigest(), 16) % len(jury)]
                for number in range(len(jury))
                for text in (f"{seed}|nominasi|umum|{resample}|{number}",)
            ]
            scores = {
                key: combined(case, sheets, times=drawn.count) for key, sheets in given.items()
            }
            for key, standing in placed(case, scores).items():
                expected[key][standing] += 1

        for key, frequency in found.items():
            counts = {name: count for name, count in attrs.asdict(frequency).items() if count}
            assert counts == dict(expected[key])
            assert sum(counts.values()) == resamples
        assert set(found) == set(expected)


class TestNothingBesideThePoint:
    """Order, other stages and other groups, the unit of the weights change no margin."""

    @given(ANY, st.randoms(use_true_random=False))
    def test_order_of_input(self, case: Case, luck: Any) -> None:
        sheets, assessors = list(case.sheets), list(case.assessors)
        luck.shuffle(sheets)
        luck.shuffle(assessors)
        shuffled = case.but(sheets=tuple(sheets), assessors=tuple(assessors))
        options = {"resamples": 2, "seed": "a seed"}

        assert shuffled.margins(**options) == case.margins(**options)

    @given(ANY)
    def test_sheets_of_other_stages_and_proposals(self, case: Case) -> None:
        others = (
            panel_mark("p0", Stage.PANEL, 1),
            sheet_of("elsewhere", "E1", dict.fromkeys(CRITERIA, 1)),
        )

        assert margins(case.cut, (*case.sheets, *others), case.assessors) == case.margins()

    @given(cases(), st.fractions("1/7", 7, max_denominator=7).filter(bool))
    def test_the_unit_of_the_weights(self, case: Case, factor: Fraction) -> None:
        """Intervals are in the unit of the weights; all else does not know it."""
        scaled = {key: str(weight * factor) for key, weight in weights_of(case).items()}
        book = case.book.reform({"groups.general.criteria": scaled}, name="scaled")
        before, after = case.margins(), case.but(book=book).margins()

        for name, interval in before.weight_intervals.items():
            other = after.weight_intervals[name]
            if isinstance(interval, WeightInterval) and isinstance(other, WeightInterval):
                assert other.lowest == interval.lowest * factor
                assert other.highest == (interval.highest and interval.highest * factor)
        assert attrs.evolve(after, weight_intervals=before.weight_intervals) == before

    @given(cases(missing=False))
    def test_demands_that_bind_nobody(self, case: Case) -> None:
        """The figures are then those of the list, as bounds."""
        stated = [{"stage": "nomination", "by": "agency", "of": "made-up", "at_most": 9}]
        book = case.book.reform(
            {"composition.quota": "demands", "composition.demands": stated}, name="demands"
        )
        assume(getattr(case.book["ties.cascade"], "value", ()) not in (("all",), ("fewer",)))
        free, bound = case.margins(), case.but(book=book).margins()

        assert bound.exact is False
        assert bound.distances == free.distances
        assert bound.contested == free.contested


def test_the_groups_of_the_seeds() -> None:
    assert (str(Stage.NOMINATION), str(Group.GENERAL)) == ("nominasi", "umum")
