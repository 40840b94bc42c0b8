"""Results are made when they are read, and are then as if they had always been there."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.cycle import Group, Stage
from kipp.domain.selection import Standing
from kipp.rules.decision import Outcome, Reason
from kipp.rules.results import Answer, Answers, Result, Results, in_order
from kipp.rules.scoring import Scores

REASONS = (Reason(Outcome.MET, "SELECTED"),)
IN, OUT = Answer(Standing.SELECTED, REASONS), Answer(Standing.NOT_SELECTED, REASONS)
GENERAL = Answers(
    stage=Stage.FINALISTS,
    group=Group.GENERAL,
    by_id={"b": IN, "a": OUT},
    scores=Scores(points={"b": 3}, unit=Fraction(1, 2)),
    ranks={"b": 1},
)
NOBODY = Answers(stage=Stage.FINALISTS, group=None, by_id={"c": OUT})


def result(key: str, group: Group | None, standing: Standing, **known: Any) -> Result:
    return Result(key, group, Stage.FINALISTS, standing, REASONS, **known)


EXPECTED = (
    result("b", Group.GENERAL, Standing.SELECTED, score=Fraction(3, 2), rank=1),
    result("a", Group.GENERAL, Standing.NOT_SELECTED),
    result("c", None, Standing.NOT_SELECTED),
)


class TestResults:
    """One result for each answer, in the order of the answers; a tuple in all but name."""

    def test_one_for_each_answer(self) -> None:
        made = Results.of([GENERAL, NOBODY])

        assert tuple(made) == EXPECTED
        assert (len(made), made[0], made[1:]) == (len(EXPECTED), EXPECTED[0], EXPECTED[1:])

    def test_equal_to_a_tuple_of_them(self) -> None:
        made = Results.of([GENERAL, NOBODY])

        assert made == EXPECTED
        assert tuple(made) == EXPECTED
        assert made == Results.of([GENERAL, NOBODY])
        assert made != EXPECTED[1:]
        assert made != list(EXPECTED)
        assert hash(made) == hash(EXPECTED)
        assert repr(made) == repr(EXPECTED)

    def test_pickled_with_what_they_say(self) -> None:
        assert pickle.loads(pickle.dumps(Results.of([GENERAL, NOBODY]))) == EXPECTED

    def test_made_once(self) -> None:
        asked: list[str] = []

        def make() -> tuple[Result, ...]:
            asked.append("made")
            return EXPECTED

        made = Results(make)

        assert asked == []
        assert (len(made), tuple(made), asked) == (len(EXPECTED), EXPECTED, ["made"])

    @given(st.permutations([GENERAL, NOBODY]))
    def test_groups_in_order_whatever_the_input(self, answers: list[Answers]) -> None:
        assert in_order(answers) == (GENERAL, NOBODY)
