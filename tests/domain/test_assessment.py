from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest

from kipp.domain.agency import AgencyKey
from kipp.domain.assessment import Assessor, Criterion, Relation, RelationKind, ScoreSheet, exact
from kipp.domain.cycle import Stage
from kipp.domain.errors import InvalidType, InvalidValue


class TestExactNumbers:
    """A mark or weight is an int, a Decimal or a Fraction; it is kept without rounding."""

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            (87, 87),
            (Decimal("87.5"), Fraction(175, 2)),
            (Decimal("87.0"), 87),
            (Fraction(1, 3), Fraction(1, 3)),
            (Fraction(6, 2), 3),
        ],
    )
    def test_is_kept(self, given: object, kept: object) -> None:
        found = exact(given)

        assert found == kept
        assert type(found) is type(kept)

    @pytest.mark.parametrize("given", [87.5, 87.0, float("nan"), float("inf")])
    def test_a_float_is_refused_without_a_quantum(self, given: float) -> None:
        with pytest.raises(InvalidType, match="not a float"):
            exact(given, name="marks.novelty", where="sheet 7")

    def test_the_refusal_names_field_place_and_cure(self) -> None:
        with pytest.raises(InvalidType) as caught:
            exact(87.5, name="marks.novelty", where="sheet 7")

        assert str(caught.value) == (
            "marks.novelty: expected an exact number, not a float, got 87.5 @ sheet 7; "
            "declare the quantum of the scale, or give an int, Decimal or Fraction"
        )

    @pytest.mark.parametrize(
        ("given", "quantum", "kept"),
        [
            (87.5, Fraction(1, 2), Fraction(175, 2)),
            (0.1, Fraction(1, 10), Fraction(1, 10)),
            (0.3, Fraction(1, 100), Fraction(3, 10)),
            (88.0, Fraction(1), 88),
        ],
    )
    def test_a_float_is_its_step_of_the_quantum(
        self, given: float, quantum: Fraction, kept: Fraction
    ) -> None:
        assert exact(given, quantum=quantum) == kept

    @pytest.mark.parametrize(
        ("given", "quantum"),
        [(87.25, Fraction(1, 2)), (0.1 + 0.2, Fraction(1, 10)), (0.35, Fraction(1, 10))],
    )
    def test_a_float_between_two_steps_is_refused(self, given: float, quantum: Fraction) -> None:
        with pytest.raises(InvalidValue, match="a whole number of steps"):
            exact(given, quantum=quantum)

    @pytest.mark.parametrize(
        "given", [Decimal("NaN"), Decimal("Infinity"), float("nan"), float("-inf")]
    )
    def test_what_is_not_finite_is_refused(self, given: object) -> None:
        with pytest.raises(InvalidValue, match="a finite number"):
            exact(given, quantum=Fraction(1))

    @pytest.mark.parametrize("given", [True, "87", None, 1j])
    def test_what_is_no_number_is_refused(self, given: object) -> None:
        with pytest.raises(InvalidType, match="an exact number"):
            exact(given)


class TestWeights:
    def test_a_weight_is_exact(self) -> None:
        assert Criterion("novelty", Decimal("0.15")).weight == Fraction(3, 20)
        assert Criterion("summary", 0).weight == 0

    def test_a_criterion_weighs_nothing_less_than_nothing(self) -> None:
        with pytest.raises(InvalidValue, match=r"Criterion\.weight: expected .* 0 or more"):
            Criterion("novelty", Fraction(-1))

    @pytest.mark.parametrize("weight", [0, -1])
    def test_an_assessor_weighs_something(self, weight: int) -> None:
        with pytest.raises(InvalidValue, match=r"Assessor\.weight: expected a weight above 0"):
            Assessor(key="E1", weight=weight)

    def test_an_assessor_weighs_one_unless_said(self) -> None:
        assert Assessor(key="E1").weight == 1


def test_a_conflict_of_interest_is_with_one_agency() -> None:
    relation = Relation(AgencyKey("kemkes"), RelationKind.WORKED_THERE)
    assessor = Assessor(key="E1", relations=(relation,))

    assert assessor.bound_to(AgencyKey("kemkes"))
    assert not assessor.bound_to(AgencyKey("kemenkeu"))


@pytest.mark.parametrize("value", [Decimal("nan"), Decimal("snan"), Decimal("inf"), float("nan")])
def test_what_is_not_finite_is_no_mark(value: object) -> None:
    with pytest.raises(InvalidValue, match="a finite number"):
        exact(value, quantum=Fraction(1))


@pytest.mark.parametrize("quantum", [0, -1])
def test_a_quantum_is_above_nothing(quantum: int) -> None:
    with pytest.raises(InvalidValue, match="quantum: expected a quantum above 0"):
        exact(0.5, quantum=Fraction(quantum))


class TestScoreSheet:
    def test_keeps_marks_in_the_order_given(self) -> None:
        sheet = ScoreSheet(
            proposal="Contoh 0001",
            stage=Stage.EVALUATION,
            assessor="E1",
            marks={"novelty": Decimal("80.5"), "benefit": 70},
        )

        assert sheet.marks == (("novelty", Fraction(161, 2)), ("benefit", 70))
        assert sheet.where == "Contoh 0001, penilaian tim evaluasi, E1"

    def test_takes_pairs_and_a_quantum(self) -> None:
        sheet = ScoreSheet(
            proposal="p",
            stage=Stage.PANEL,
            assessor="P1",
            marks=[("nilai", 80.5)],
            quantum=Fraction(1, 2),
        )

        assert sheet.marks == (("nilai", Fraction(161, 2)),)

    def test_takes_keys_of_a_kind_of_text(self) -> None:
        class Key(str):
            __slots__ = ()

        marks: dict[str, int] = {Key("nilai"): 80}
        sheet = ScoreSheet(proposal="p", stage=Stage.PANEL, assessor="P1", marks=marks)

        assert sheet.marks == (("nilai", 80),)

    def test_is_a_value(self) -> None:
        first, second = (
            ScoreSheet(proposal="p", stage=Stage.PANEL, assessor="P1", marks={"nilai": 80})
            for _ in range(2)
        )

        assert first == second
        assert len({first, second, pickle.loads(pickle.dumps(first))}) == 1

    def test_refuses_a_criterion_twice(self) -> None:
        with pytest.raises(InvalidValue, match=r"each criterion once.*p, tim panel independen, P1"):
            ScoreSheet(proposal="p", stage=Stage.PANEL, assessor="P1", marks=[("a", 1), ("a", 2)])

    def test_names_sheet_and_criterion_of_a_bad_mark(self) -> None:
        with pytest.raises(InvalidType) as caught:
            ScoreSheet(proposal="p", stage=Stage.PANEL, assessor="P1", marks={"nilai": 0.1})

        assert caught.value.name == "marks.nilai"
        assert caught.value.where == "p, tim panel independen, P1"
