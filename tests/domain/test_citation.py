"""A value of the law is one of five things, and as sure as its sources."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.citation import (
    Citation,
    Cited,
    Disputed,
    Evidence,
    NotFound,
    NotOpen,
    Source,
    Term,
    Unlimited,
    Value,
    alternatives,
    cited,
    strongest,
    weakest,
)
from kipp.domain.errors import InvalidValue

SOURCE = Source(key="launch", title="Ministry page")
MINISTRY = Citation(SOURCE, Evidence.MINISTRY)
PRESS = Citation(Source(key="news", title="A newspaper"), Evidence.PRESS)
ORDER = ["regulation", "secondhand", "ministry", "press", "inferred", "assumed"]

classes = st.sampled_from(Evidence)


class TestEvidence:
    """Strongest first: regulation, summary of it, ministry, press, inference, assumption."""

    def test_order(self) -> None:
        assert [evidence.value for evidence in sorted(Evidence, key=lambda e: e.rank)] == ORDER

    @given(classes, classes)
    def test_weaker_than_is_a_strict_order(self, one: Evidence, other: Evidence) -> None:
        assert one.weaker_than(other) == (ORDER.index(one) > ORDER.index(other))

    @given(st.lists(classes))
    def test_strongest_and_weakest(self, some: list[Evidence]) -> None:
        ordered = [evidence for name in ORDER for evidence in some if evidence == name]

        assert strongest(some) == (ordered[0] if some else None)
        assert weakest(some) == (ordered[-1] if some else None)


@pytest.mark.parametrize("state", [lambda c: Cited(10, c), Unlimited, NotOpen])
def test_nothing_can_be_stated_without_a_source(state: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        state(())

    assert str(caught.value).endswith(
        ".citations: expected at least one citation, got (); a value nobody states is NotFound"
    )
    assert state((PRESS, MINISTRY)).evidence is Evidence.MINISTRY


def test_not_found_cites_and_claims_nothing() -> None:
    value = NotFound("decree, annexes")

    assert value.citations == ()
    assert value.evidence is None


class TestDisputed:
    """Every alternative is kept; what rests on a dispute is as sure as its weakest."""

    VALUE: Disputed[int] = Disputed(
        (Cited(45, (MINISTRY,)), Cited(46, (PRESS,)), Unlimited((PRESS,)))
    )

    def test_at_least_two(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            Disputed((Cited(45, (MINISTRY,)),))

        assert "Disputed.alternatives: expected at least two alternatives" in str(caught.value)

    def test_sources_and_class(self) -> None:
        assert self.VALUE.citations == (MINISTRY, PRESS, PRESS)
        assert self.VALUE.evidence is Evidence.PRESS

    def test_readings(self) -> None:
        assert alternatives(self.VALUE) == self.VALUE.alternatives
        assert list(cited(self.VALUE)) == [45, 46]


@pytest.mark.parametrize(
    ("value", "stated"),
    [
        (Cited(10, (MINISTRY,)), [10]),
        (Unlimited((MINISTRY,)), []),
        (NotOpen((MINISTRY,)), []),
        (NotFound("x"), []),
    ],
)
def test_an_undisputed_value_is_its_own_reading(value: Value[int], stated: list[int]) -> None:
    assert alternatives(value) == (value,)
    assert list(cited(value)) == stated


def test_a_term_is_as_sure_as_its_value() -> None:
    term = Term("groups.general.cap", Cited(10, (PRESS, MINISTRY)))

    assert term.citations == (PRESS, MINISTRY)
    assert term.evidence is Evidence.MINISTRY
