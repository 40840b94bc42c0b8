"""Answers carry their reasons, are as sure as the weakest of them, and are never true or false."""

from __future__ import annotations

from itertools import product

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
    Settled,
    Source,
    Term,
    Unlimited,
    Value,
)
from kipp.domain.errors import InvalidValue, NotTwoValued
from kipp.rules.decision import (
    Classification,
    Decision,
    Judgement,
    Outcome,
    Reason,
    RuleId,
    note,
    settle,
    unrecorded,
)

RULE = RuleId("proposal-cap")
MET = Reason(Outcome.MET, "WITHIN_CAP")
UNKNOWN = Reason(Outcome.UNKNOWN, "FACT_NOT_RECORDED")
NOT_MET = Reason(Outcome.NOT_MET, "CAP_REACHED")
NOTE = note("MOU_PRESENT")


def citation(evidence: Evidence, key: str = "launch") -> Citation:
    return Citation(Source(key=key, title="A page"), evidence)


MINISTRY = citation(Evidence.MINISTRY)
PRESS = citation(Evidence.PRESS, "news")
ASSUMED = citation(Evidence.ASSUMED, "assumption")
CAP: Term[int] = Term("groups.general.cap", Cited(10, (MINISTRY,)))
AGE: Term[int] = Term("groups.general.minimum_age", Cited(2, (PRESS, MINISTRY)))
SCALE: Term[int] = Term("marks.highest", Cited(100, (ASSUMED,)))


def decide(*reasons: Reason) -> Decision:
    return Decision(rule=RULE, subject="kota-malang", reasons=reasons)


class TestDecision:
    """The worst outcome among the reasons: not met, then unknown, then met."""

    @pytest.mark.parametrize(
        ("reasons", "outcome"),
        [
            ([MET], Outcome.MET),
            ([MET, MET], Outcome.MET),
            ([MET, NOTE], Outcome.MET),
            ([MET, UNKNOWN], Outcome.UNKNOWN),
            ([UNKNOWN, NOT_MET, MET], Outcome.NOT_MET),
            ([NOTE, NOT_MET], Outcome.NOT_MET),
        ],
    )
    def test_outcome(self, reasons: list[Reason], outcome: Outcome) -> None:
        assert decide(*reasons).outcome is outcome

    @given(st.permutations([MET, UNKNOWN, NOT_MET, NOTE]), st.integers(0, 3))
    def test_one_more_reason_never_makes_it_better(self, reasons: list[Reason], kept: int) -> None:
        order = [Outcome.NOT_MET, Outcome.UNKNOWN, Outcome.MET]
        base = decide(MET, *reasons[:kept])

        more = decide(MET, *reasons[: kept + 1])

        assert order.index(more.outcome) <= order.index(base.outcome)

    @pytest.mark.parametrize("reasons", [[], [NOTE]])
    def test_something_must_decide(self, reasons: list[Reason]) -> None:
        with pytest.raises(InvalidValue, match="a reason that decides"):
            decide(*reasons)

    def test_codes_in_order(self) -> None:
        assert decide(MET, NOTE, UNKNOWN).codes == (
            "WITHIN_CAP",
            "MOU_PRESENT",
            "FACT_NOT_RECORDED",
        )


ANSWERS = [
    decide(MET),
    Classification[int](rule=RULE, subject="x", value=2021, reasons=(NOTE,)),
    Judgement(subject="x", cycle=2021, decisions=(decide(MET),)),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
def test_no_answer_is_true_or_false(answer: object) -> None:
    with pytest.raises(NotTwoValued) as caught:
        bool(answer)

    assert str(caught.value) == (
        f"a {type(answer).__name__} is neither true nor false: compare .outcome or .value instead"
    )


class TestSureness:
    """A value is as sure as its strongest source, an answer as its weakest value."""

    def test_a_reason(self) -> None:
        reason = Reason(Outcome.MET, "X", terms=(CAP, AGE, SCALE))

        assert reason.citations == (MINISTRY, PRESS, ASSUMED)
        assert reason.evidence is Evidence.ASSUMED
        assert MET.evidence is None

    def test_an_answer(self) -> None:
        answer = decide(
            Reason(Outcome.MET, "X", terms=(CAP,)), Reason(Outcome.MET, "Y", terms=(AGE,))
        )

        assert answer.citations == (MINISTRY, PRESS)
        assert answer.evidence is Evidence.MINISTRY
        assert answer.assumptions == ()
        assert decide(MET).evidence is None

    def test_a_value_not_found_claims_nothing(self) -> None:
        missing: Term[int] = Term("x", NotFound("all"))

        assert Reason(Outcome.UNKNOWN, "X", terms=(missing, CAP)).evidence is Evidence.MINISTRY

    def test_assumptions_are_listed_once(self) -> None:
        resting = Reason(Outcome.MET, "X", terms=(SCALE, CAP))

        assert decide(resting, resting).assumptions == (SCALE,)


class TestJudgement:
    """Every answer about one proposal."""

    def test_the_worst_decision(self) -> None:
        judged = Judgement(subject="x", cycle=2021, decisions=(decide(MET), decide(UNKNOWN, NOTE)))

        assert judged.outcome is Outcome.UNKNOWN
        assert judged.codes == ("WITHIN_CAP", "FACT_NOT_RECORDED", "MOU_PRESENT")
        assert judged.decision("proposal-cap") == decide(MET)
        assert judged.decision("duty") is None

    def test_nothing_asked_is_unknown(self) -> None:
        assert Judgement(subject="x", cycle=2024, decisions=()).outcome is Outcome.UNKNOWN


def test_a_note_decides_nothing() -> None:
    reason = note("MOU_ABSENT", CAP, agency="kota-malang")

    assert reason == Reason(None, "MOU_ABSENT", (("agency", "kota-malang"),), (CAP,))


def test_a_fact_not_recorded() -> None:
    reason = unrecorded("started", CAP)

    assert reason == Reason(Outcome.UNKNOWN, "FACT_NOT_RECORDED", (("fact", "started"),), (CAP,))


def within(cap: Settled[int]) -> Reason:
    """Eight proposals against the cap."""
    match cap:
        case Cited(value=most):
            return Reason(Outcome.MET if most >= 8 else Outcome.NOT_MET, f"AT_MOST_{most}")
        case _:
            return Reason(Outcome.MET, type(cap).__name__.upper(), terms=(AGE,))


def settled(value: Value[int]) -> Reason:
    return settle(Term("groups.general.cap", value), within)


class TestSettle:
    """Unknown and disputed values are handled once, for every rule."""

    @pytest.mark.parametrize(
        ("value", "code", "outcome"),
        [
            (Cited(10, (MINISTRY,)), "AT_MOST_10", Outcome.MET),
            (Cited(8, (MINISTRY,)), "AT_MOST_8", Outcome.MET),
            (Cited(7, (MINISTRY,)), "AT_MOST_7", Outcome.NOT_MET),
            (Unlimited((MINISTRY,)), "UNLIMITED", Outcome.MET),
            (NotOpen((MINISTRY,)), "NOTOPEN", Outcome.MET),
        ],
    )
    def test_a_known_value_is_judged(self, value: Value[int], code: str, outcome: Outcome) -> None:
        reason = settled(value)

        assert (reason.code, reason.outcome) == (code, outcome)
        assert reason.terms[0] == Term("groups.general.cap", value)

    def test_the_terms_the_judge_read_come_after(self) -> None:
        value = Unlimited((MINISTRY,))

        assert settled(value).terms == (Term("groups.general.cap", value), AGE)

    def test_not_found(self) -> None:
        assert settled(NotFound("ministry pages")) == Reason(
            Outcome.UNKNOWN,
            "VALUE_NOT_FOUND",
            (("path", "groups.general.cap"), ("searched", "ministry pages")),
            (Term("groups.general.cap", NotFound("ministry pages")),),
        )

    @pytest.mark.parametrize(("strong", "weak"), list(product([7, 8, 9], repeat=2)))
    def test_a_dispute_matters_only_where_the_readings_differ(self, strong: int, weak: int) -> None:
        value = Disputed((Cited(strong, (MINISTRY,)), Cited(weak, (PRESS,))))

        reason = settled(value)

        if (strong < 8) == (weak < 8):
            assert reason.code == f"AT_MOST_{strong}"
            assert reason.outcome is (Outcome.NOT_MET if strong < 8 else Outcome.MET)
        else:
            assert reason.outcome is Outcome.UNKNOWN
            assert reason.code == "VALUE_DISPUTED"
            assert dict(reason.values)["path"] == "groups.general.cap"
            assert dict(reason.values)["readings"] == (f"AT_MOST_{strong}", f"AT_MOST_{weak}")
        assert reason.evidence is Evidence.PRESS
