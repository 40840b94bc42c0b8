"""Laws of exact scores: the mean over assessors of weighted marks, recounted with fractions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from random import Random
from statistics import median
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kipp.domain.assessment import Assessor, Criterion, ScoreSheet, exact
from kipp.domain.cycle import Stage
from kipp.domain.errors import Faults, InvalidType, InvalidValue
from kipp.rules.scoring import Combine, Scale, Scheme, Scores, score

KEYS = ("novelty", "benefit", "spread")
PROPOSALS = ("p", "q", "r")
WEIGHTS = st.fractions(min_value=0, max_value=3, max_denominator=6)


class Case(NamedTuple):
    """What is given to ``score``."""

    sheets: tuple[ScoreSheet, ...]
    criteria: tuple[Criterion, ...]
    scale: Scale
    quorum: int
    assessors: Mapping[str, Assessor]

    def scored(self, **changes: object) -> Scores:
        given = {**self._asdict(), **changes}
        sheets, assessors = given.pop("sheets"), given.pop("assessors")
        return score(sheets, Scheme(**given), assessors)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    quantum = Fraction(1, draw(st.integers(1, 4)))
    lowest, above = draw(st.integers(-2, 2)), draw(st.integers(1, 4))
    return Scale(lowest=Fraction(lowest), highest=Fraction(lowest + above), quantum=quantum)


def marks(scale: Scale) -> st.SearchStrategy[Fraction]:
    """Every mark of the scale, its two ends by name."""
    steps = int((scale.highest - scale.lowest) / scale.quantum)
    inside = st.integers(0, steps).map(lambda step: scale.lowest + step * scale.quantum)
    return st.sampled_from([scale.lowest, scale.highest]) | inside


@st.composite
def cases(draw: st.DrawFn) -> Case:
    scale = draw(scales())
    weights = draw(st.lists(WEIGHTS, min_size=len(KEYS), max_size=len(KEYS)).filter(any))
    jury = [f"E{number}" for number in range(draw(st.integers(1, 4)))]
    listed = draw(st.lists(st.sampled_from(jury), unique=True))
    assessors = {
        key: Assessor(key=key, weight=draw(st.fractions("1/3", 3, max_denominator=3)))
        for key in listed
    }
    sheets = tuple(
        ScoreSheet(
            proposal=proposal,
            stage=Stage.EVALUATION,
            assessor=assessor,
            marks={key: draw(marks(scale)) for key in KEYS if draw(st.integers(0, 7))},
        )
        for proposal in PROPOSALS
        for assessor in jury
        if draw(st.integers(0, 7))
    )
    criteria = tuple(Criterion(key, weight) for key, weight in zip(KEYS, weights, strict=True))
    return Case(sheets, criteria, scale, draw(st.integers(0, 4)), assessors)


def recount(case: Case, proposal: str) -> Fraction | None:
    """The clause, with fractions throughout."""
    total = heads = Fraction(0)
    for sheet in case.sheets:
        given = dict(sheet.marks)
        if sheet.proposal != proposal:
            continue
        if any(each.weight and each.key not in given for each in case.criteria):
            continue
        share = case.assessors[sheet.assessor].weight if sheet.assessor in case.assessors else 1
        weighted = sum(each.weight * given.get(each.key, 0) for each in case.criteria)
        total += share * Fraction(weighted) / sum(each.weight for each in case.criteria)
        heads += share
    return total / heads if heads and heads >= case.quorum else None


class TestTheScore:
    @given(cases())
    def test_is_the_weighted_mean(self, case: Case) -> None:
        found = case.scored()

        assert {key: found.value(key) for key in PROPOSALS} == {
            key: recount(case, key) for key in PROPOSALS
        }

    @given(cases())
    def test_orders_as_the_points_do(self, case: Case) -> None:
        found = case.scored()

        for one in found.points:
            for other in found.points:
                less = found.points[one] < found.points[other]
                assert less is (recount(case, one) < recount(case, other))  # type: ignore[operator]  # whoever has points has a score

    @given(cases())
    def test_lies_on_the_scale(self, case: Case) -> None:
        found = case.scored()

        for key in found.points:
            assert case.scale.lowest <= found.value(key) <= case.scale.highest  # type: ignore[operator]  # whoever has points has a score

    @given(cases(), st.randoms(use_true_random=False))
    def test_forgets_the_order_of_the_sheets(self, case: Case, luck: Random) -> None:
        sheets = list(case.sheets)
        luck.shuffle(sheets)

        assert case.scored(sheets=sheets) == case.scored()

    @given(cases(), st.fractions("1/7", 7, max_denominator=7))
    def test_does_not_know_the_unit_of_the_weights(self, case: Case, factor: Fraction) -> None:
        scaled = tuple(Criterion(each.key, each.weight * factor) for each in case.criteria)

        assert case.scored(criteria=scaled) == case.scored()

    @given(cases(), st.sampled_from(PROPOSALS))
    def test_does_not_know_the_other_proposals(self, case: Case, kept: str) -> None:
        alone = [sheet for sheet in case.sheets if sheet.proposal == kept]

        assert case.scored(sheets=alone).value(kept) == case.scored().value(kept)

    @given(cases())
    def test_a_larger_quorum_only_takes_away(self, case: Case) -> None:
        fewer, more = case.scored(quorum=case.quorum + 1), case.scored()

        for key in fewer.points:
            assert fewer.value(key) == more.value(key)


def weighed(case: Case, proposal: str) -> list[Fraction]:
    """The score of each counted sheet, once for every sixth of an assessor, lowest first."""
    found: list[Fraction] = []
    for sheet in case.sheets:
        alone = case._replace(sheets=(sheet,), quorum=0)
        value = recount(alone, proposal)
        if value is not None:
            share = case.assessors.get(sheet.assessor, Assessor(key="any")).weight
            found += [value] * int(share * PARTS)
    return sorted(found)


PARTS = 6
"""Every weight of an assessor drawn here is a whole number of sixths."""


class TestTheMedian:
    """Half the weight of the assessors lies on either side of it."""

    @given(cases())
    def test_is_the_middle_of_the_two_middle_ones(self, case: Case) -> None:
        found = case.scored(combine=Combine.MEDIAN)

        for key in PROPOSALS:
            given = weighed(case, key)
            enough = given and len(given) >= case.quorum * PARTS
            assert found.value(key) == (median(given) if enough else None)

    @given(cases(), st.fractions("1/7", 7, max_denominator=7))
    def test_does_not_know_the_unit_of_the_weights(self, case: Case, factor: Fraction) -> None:
        scaled = tuple(Criterion(each.key, each.weight * factor) for each in case.criteria)
        found = case.scored(combine=Combine.MEDIAN, criteria=scaled)

        assert found == case.scored(combine=Combine.MEDIAN)


class TestTheTrimmedMean:
    """The mean of what is left without a stated weight of the highest and of the lowest."""

    @given(cases(), st.sampled_from([Fraction(1, 6), Fraction(1, 2), Fraction(2, 3), Fraction(1)]))
    def test_leaves_out_both_ends(self, case: Case, trim: Fraction) -> None:
        assume(trim + trim < case.quorum)
        found = case.scored(combine=Combine.TRIMMED, trim=trim)

        for key in PROPOSALS:
            given = weighed(case, key)
            inner = given[int(trim * PARTS) : len(given) - int(trim * PARTS)]
            enough = len(given) >= case.quorum * PARTS
            assert found.value(key) == (sum(inner) / len(inner) if enough else None)

    @given(cases(), st.fractions(0, 3, max_denominator=6))
    def test_a_trim_that_can_leave_nobody_is_refused(self, case: Case, trim: Fraction) -> None:
        assume(not trim or trim + trim >= case.quorum)

        with pytest.raises(InvalidValue, match="trim: expected above 0 and less than half"):
            case.scored(combine=Combine.TRIMMED, trim=trim)


class TestWhatIsOffTheScale:
    @given(cases(), st.booleans(), st.data())
    def test_is_refused(self, case: Case, above: bool, data: st.DataObject) -> None:
        """One step beyond either end; one half step between two marks."""
        scale = case.scale
        beyond = scale.highest + scale.quantum if above else scale.lowest - scale.quantum
        mark = data.draw(st.sampled_from([beyond, scale.lowest + scale.quantum / 2]))
        bad = ScoreSheet(
            proposal="p", stage=Stage.EVALUATION, assessor="bad", marks={KEYS[0]: mark}
        )

        with pytest.raises(Faults) as caught:
            case.scored(sheets=[*case.sheets, bad])
        assert [fault.where for fault in caught.value.faults] == [bad.where]  # type: ignore[attr-defined]  # faults of values all have a place

    @given(cases(), st.text(min_size=1, max_size=5).filter(str.strip))
    def test_so_is_an_unknown_criterion(self, case: Case, key: str) -> None:
        assume(key not in KEYS)
        bad = ScoreSheet(
            proposal="p",
            stage=Stage.EVALUATION,
            assessor="bad",
            marks={key: case.scale.lowest},
        )

        with pytest.raises(Faults, match="a criterion among"):
            case.scored(sheets=[bad, *case.sheets])


class TestExactNumbers:
    @given(st.fractions(max_denominator=1000))
    def test_a_fraction_is_kept(self, value: Fraction) -> None:
        assert exact(value) == value

    @given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
    def test_a_decimal_is_kept(self, value: Decimal) -> None:
        assert exact(value) == Fraction(value)

    @given(st.floats())
    def test_a_float_alone_is_refused(self, value: float) -> None:
        with pytest.raises(InvalidType):
            exact(value)

    @given(st.integers(-10_000, 10_000), st.integers(1, 1000))
    def test_the_nearest_float_of_a_step_is_that_step(self, steps: int, parts: int) -> None:
        quantum = Fraction(1, parts)

        assert exact(float(steps * quantum), quantum=quantum) == steps * quantum

    @given(st.integers(-1000, 1000), st.integers(1, 100))
    def test_a_float_half_a_step_off_is_refused(self, steps: int, parts: int) -> None:
        quantum = Fraction(1, parts)

        with pytest.raises(InvalidValue):
            exact(float((steps + Fraction(1, 2)) * quantum), quantum=quantum)
