from __future__ import annotations

from fractions import Fraction

import pytest

from kipp.domain.assessment import Assessor, Criterion, ScoreSheet
from kipp.domain.cycle import Stage
from kipp.domain.errors import Faults, InvalidValue
from kipp.rules.scoring import Combine, Scale, Scheme, Scores, score
from tests.contest import evaluated

WHOLE = Scale(lowest=Fraction(0), highest=Fraction(100), quantum=Fraction(1))
HALVES = Scale(lowest=Fraction(0), highest=Fraction(100), quantum=Fraction(1, 2))
CRITERIA = (Criterion("novelty", Fraction(3)), Criterion("benefit", Fraction(1)))


def scored(*sheets: ScoreSheet, quorum: int = 1, scale: Scale = WHOLE, **options: object) -> Scores:
    assessors = options.pop("assessors", None)
    given = {"criteria": CRITERIA, "scale": scale, "quorum": quorum, **options}
    return score(sheets, Scheme(**given), assessors)  # type: ignore[arg-type]  # as each test says


class TestWeightedScore:
    """A sheet's score is the sum of mark × weight over the sum of the weights."""

    def test_weights(self) -> None:
        assert scored(evaluated("p", 80, 60)).value("p") == 75

    def test_the_mean_of_two_evaluators(self) -> None:
        """2018: two evaluators read each proposal."""
        sheets = evaluated("p", 80, 60, "E1"), evaluated("p", 81, 60, "E2")

        assert scored(*sheets, quorum=2).value("p") == Fraction(603, 8)

    def test_a_third_is_a_third(self) -> None:
        sheets = [evaluated("p", mark, mark, f"E{mark}") for mark in (80, 80, 81)]

        assert scored(*sheets).value("p") == Fraction(241, 3)

    def test_equal_scores_from_different_panels_are_equal(self) -> None:
        """Ten assessors who give 70 and three who give 70 say the same; floats would not."""
        many = [evaluated("many", 70, 70, f"E{number}") for number in range(10)]
        few = [evaluated("few", 70, 70, f"E{number}") for number in range(3)]

        found = scored(*many, *few)

        assert found.points["many"] == found.points["few"]

    def test_an_assessor_of_double_weight_counts_double(self) -> None:
        chair = {"E1": Assessor(key="E1", weight=Fraction(2))}
        sheets = evaluated("p", 90, 90, "E1"), evaluated("p", 60, 60, "E2")

        assert scored(*sheets, assessors=chair).value("p") == 80

    def test_marks_in_halves(self) -> None:
        sheet = evaluated("p", Fraction(161, 2), 60)

        assert scored(sheet, scale=HALVES).value("p") == Fraction(603, 8)


class TestCombining:
    """How the scores of several assessors become one."""

    MARKS = (10, 60, 70, 71, 100)

    @pytest.mark.parametrize(
        ("heads", "combine", "options", "expected"),
        [
            (5, Combine.MEAN, {}, Fraction(311, 5)),
            (5, Combine.MEDIAN, {}, 70),
            (4, Combine.MEDIAN, {}, 65),
            (5, Combine.TRIMMED, {"trim": Fraction(1), "quorum": 3}, 67),
            (5, Combine.TRIMMED, {"trim": Fraction(1, 2), "quorum": 3}, 64),
        ],
    )
    def test_five_assessors(
        self, heads: int, combine: Combine, options: dict[str, object], expected: Fraction
    ) -> None:
        given = [evaluated("p", mark, mark, f"E{mark}") for mark in self.MARKS[:heads]]

        assert scored(*given, combine=combine, **options).value("p") == expected  # type: ignore[arg-type]  # as each row says

    def test_a_trim_that_leaves_nobody(self) -> None:
        with pytest.raises(InvalidValue, match="less than half of the quorum of 2, got Fraction"):
            scored(quorum=2, combine=Combine.TRIMMED, trim=Fraction(1))


class TestMissingMarks:
    """A missing mark is missing, not zero."""

    def test_a_proposal_nobody_marked_has_no_score(self) -> None:
        assert scored(evaluated("p", 80, 60)).value("q") is None
        assert scored().points == {}

    def test_a_sheet_without_a_needed_mark_does_not_count(self) -> None:
        half = ScoreSheet(
            proposal="p", stage=Stage.EVALUATION, assessor="E2", marks={"novelty": 90}
        )

        assert scored(half).value("p") is None
        assert scored(evaluated("p", 80, 60), half).value("p") == 75
        assert scored(evaluated("p", 80, 60), half, quorum=2).value("p") is None

    def test_a_criterion_without_weight_need_not_be_marked(self) -> None:
        """2023: the summary weighs 0."""
        criteria = (*CRITERIA, Criterion("summary", Fraction(0)))

        assert scored(evaluated("p", 80, 60), criteria=criteria).value("p") == 75

    def test_a_mark_without_weight_changes_nothing(self) -> None:
        criteria = (*CRITERIA, Criterion("summary", Fraction(0)))
        marks = {"novelty": 80, "benefit": 60, "summary": 1}
        sheet = ScoreSheet(proposal="p", stage=Stage.EVALUATION, assessor="E1", marks=marks)

        assert scored(sheet, criteria=criteria).value("p") == 75

    @pytest.mark.parametrize(("heads", "there"), [(1, False), (2, True), (3, True)])
    def test_the_quorum(self, heads: int, there: bool) -> None:
        sheets = [evaluated("p", 80, 60, f"E{number}") for number in range(heads)]

        assert (scored(*sheets, quorum=2).value("p") is not None) is there

    def test_two_of_half_weight_are_one_towards_the_quorum(self) -> None:
        halves = {key: Assessor(key=key, weight=Fraction(1, 2)) for key in ("E1", "E2")}
        sheets = evaluated("p", 80, 60, "E1"), evaluated("p", 80, 60, "E2")

        assert scored(*sheets, quorum=2, assessors=halves).value("p") is None
        assert scored(*sheets, quorum=1, assessors=halves).value("p") == 75


class TestBadMarks:
    """Every mark that cannot be is reported, with sheet and criterion."""

    def test_all_at_once(self) -> None:
        off = evaluated("p", 101, -1)
        between = evaluated("q", Fraction(161, 2), 60)
        foreign = ScoreSheet(
            proposal="r", stage=Stage.EVALUATION, assessor="E1", marks={"nilai": 500}
        )

        with pytest.raises(Faults) as caught:
            scored(off, between, foreign)

        off_scale = "expected a mark from 0 to 100, a multiple of 1, got"
        assert [str(fault) for fault in caught.value.faults] == [
            f"marks.novelty: {off_scale} 101 @ p, penilaian tim evaluasi, E1",
            f"marks.benefit: {off_scale} -1 @ p, penilaian tim evaluasi, E1",
            f"marks.novelty: {off_scale} Fraction(161, 2) @ q, penilaian tim evaluasi, E1",
            "marks.nilai: expected a criterion among novelty, benefit, got 500 @ " + foreign.where,
            f"marks.nilai: {off_scale} 500 @ r, penilaian tim evaluasi, E1",
        ]

    @pytest.mark.parametrize("mark", [0, 100])
    def test_the_ends_of_the_scale_belong_to_it(self, mark: int) -> None:
        assert scored(evaluated("p", mark, mark)).value("p") == mark

    @pytest.mark.parametrize("mark", [-1, 101])
    def test_what_is_next_to_them_does_not(self, mark: int) -> None:
        with pytest.raises(Faults, match="a mark from 0 to 100"):
            scored(evaluated("p", mark, 50))

    def test_weights_that_are_all_nothing(self) -> None:
        with pytest.raises(InvalidValue, match="criteria: expected a weight above 0"):
            scored(evaluated("p", 1, 1), criteria=(Criterion("novelty", Fraction(0)),))

    def test_a_criterion_twice(self) -> None:
        twice = (Criterion("novelty", Fraction(1)), Criterion("novelty", Fraction(2)))

        with pytest.raises(InvalidValue, match="criteria: expected each criterion once"):
            scored(criteria=twice)


class TestScale:
    @pytest.mark.parametrize("quantum", [0, -1])
    def test_a_step_is_above_nothing(self, quantum: int) -> None:
        with pytest.raises(InvalidValue, match=r"marks\.quantum: expected a step above 0"):
            Scale(lowest=Fraction(0), highest=Fraction(1), quantum=Fraction(quantum))

    @pytest.mark.parametrize("highest", [0, -1])
    def test_the_highest_is_above_the_lowest(self, highest: int) -> None:
        with pytest.raises(InvalidValue, match=r"marks\.highest: expected a mark above 0"):
            Scale(lowest=Fraction(0), highest=Fraction(highest), quantum=Fraction(1))
