"""Kinds can be looked into: form, parts, limits and the key of their expectation."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kipp.domain.assessment import ScoreSheet
from kipp.domain.checks import (
    COUNT,
    DAY,
    EXACT,
    FLAG,
    MOMENT,
    NAME,
    NUMBER,
    TEXT,
    WHOLE,
    Form,
    Kind,
    among,
    bounded,
    either,
    every,
    kinds_of,
    maybe,
    narrowed,
    of,
    row,
    several,
    table,
)
from kipp.domain.cycle import Group, Stage
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal

GOAL = kinds_of(Innovation)["sdgs"].parts[0].parts[0]
SECTION = kinds_of(Proposal)["words"].parts[0].parts[0]


@pytest.mark.parametrize(
    ("kind", "form", "key", "limits"),
    [
        (TEXT, Form.TEXT, "text", {}),
        (NAME, Form.TEXT, "name", {"filled": True}),
        (FLAG, Form.FLAG, "flag", {}),
        (DAY, Form.DAY, "day", {}),
        (MOMENT, Form.MOMENT, "moment", {}),
        (WHOLE, Form.WHOLE, "whole", {}),
        (COUNT, Form.WHOLE, "whole.least", {"least": 0}),
        (NUMBER, Form.WHOLE, "whole.least", {"least": 1}),
        (GOAL, Form.WHOLE, "goal", {"least": 1, "most": 17}),
        (bounded(EXACT, "", above=0), Form.EXACT, "exact.above", {"above": 0}),
        (of(Group), Form.WORD, "word", {}),
        (of(Proposal), Form.RECORD, "record", {}),
        (maybe(NAME), Form.MAYBE, "maybe", {}),
        (either(WHOLE, EXACT), Form.EITHER, "either", {}),
        (every(NAME), Form.EVERY, "every", {}),
        (SECTION, Form.ROW, "row", {}),
        (table("", NAME, COUNT), Form.TABLE, "table", {}),
        (several(every(NAME), "", items=1), Form.EVERY, "every.items", {"items": 1}),
        (narrowed(NAME, "", bool), Form.TEXT, "name", {"filled": True}),
    ],
)
def test_what_a_kind_says_of_itself(
    kind: Kind, form: Form, key: str, limits: dict[str, Any]
) -> None:
    assert (kind.form, kind.key, dict(kind.limits)) == (form, key, limits)


def test_parts_and_classes() -> None:
    assert maybe(NAME).parts == every(NAME).parts == (NAME,)
    assert SECTION.parts == (NAME, COUNT)
    assert either(WHOLE, EXACT).parts == (WHOLE, EXACT)
    assert either(WHOLE, EXACT).classes == (int, Fraction)
    assert of(Group, Stage).classes == (Group, Stage)
    assert kinds_of(ScoreSheet)["marks"].parts[0] is NAME


def test_a_limit_is_what_is_checked() -> None:
    words = among(of(Stage), "a cut", (Stage.FINALISTS, Stage.WINNERS))
    once = several(every(NAME), "each once", distinct=True)
    by_first = several(every(row("", NAME, COUNT)), "each once", distinct="first")

    assert [each for each in Stage if words.accepts(each)] == [*words.limits["words"]]
    assert [each for each in range(-1, 20) if GOAL.accepts(each)] == [*range(1, 18)]
    assert once.accepts(("a", "b"))
    assert not once.accepts(("a", "a"))
    assert by_first.accepts((("a", 1), ("b", 1)))
    assert not by_first.accepts((("a", 1), ("a", 2)))


@pytest.mark.parametrize(
    "kind", [TEXT, FLAG, DAY, WHOLE, EXACT, of(Group), maybe(FLAG), either(WHOLE, EXACT)]
)
def test_the_sure_types_are_accepted(kind: Kind) -> None:
    examples: dict[type, object] = {
        str: "",
        bool: False,
        int: -1,
        Fraction: Fraction(1, 2),
        Group: Group.GENERAL,
        type(None): None,
    }

    assert kind.sure
    assert all(kind.accepts(examples[cls]) for cls in kind.sure if cls in examples)
