"""What kipp writes reads back equal, of the same types; what it cannot write it refuses."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kipp.testing as draw
from kipp import assumptions, rulebooks
from kipp.domain.agency import Agency, AgencyKey
from kipp.domain.assessment import Assessor, Relation, RelationKind, ScoreSheet
from kipp.domain.award import AwardHistory
from kipp.domain.citation import Citation, Cited, Disputed, Evidence, NotFound, Source, Term
from kipp.domain.cycle import Group, Stage
from kipp.domain.dates import Date, DateRange, DateTime, Period
from kipp.domain.errors import InvalidType, InvalidValue
from kipp.domain.incentive import FiscalRecord, Grade, Opinion
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.io import (
    Submission,
    from_json,
    read_ndjson,
    read_submissions,
    to_json,
    to_ndjson,
)
from kipp.io.typed import vocabulary
from kipp.registry import registry
from kipp.rules.decision import Classification, Decision, Judgement, Outcome, Reason, RuleId
from kipp.rules.judge import judge
from kipp.rules.resolution import resolve
from kipp.rules.results import Results
from kipp.rules.rulebook import Rulebook
from kipp.rules.selection import Selection, select

BOOK = rulebooks.rulebook(2021)


def same(value: object, kind: Any) -> None:
    """*value* survives, and so do the types inside it."""
    for indent in (None, 2):
        text = to_json(value, indent=indent)
        back = from_json(text, kind)
        assert back == value
        assert types_in(back) == types_in(value)
        assert to_json(back, indent=indent) == text


def types_in(value: object) -> Any:
    """The types of a value, all the way down: equal texts and enums are told apart."""
    kind: Any = type(value)
    if attrs.has(kind):
        fields = attrs.fields(kind)
        return kind, [types_in(getattr(value, f.name)) for f in fields if f.eq]
    if isinstance(value, (tuple, Results)):
        return tuple, [types_in(item) for item in value]
    if isinstance(value, dict):
        return [(key, types_in(item)) for key, item in value.items()]
    return type(value)


@given(draw.proposals())
def test_proposals(proposal: Proposal) -> None:
    same(proposal, Proposal)


@given(draw.award_histories())
def test_award_histories(history: AwardHistory) -> None:
    same(history, AwardHistory)


names = st.text(min_size=1).filter(str.strip)
marks = st.integers(-(10**20), 10**20) | st.fractions()


@given(st.dictionaries(names, marks, max_size=4), st.sampled_from(Stage), names)
def test_score_sheets(given_marks: dict[str, Any], stage: Stage, name: str) -> None:
    sheet = ScoreSheet(proposal=name, stage=stage, assessor="a", marks=given_marks)

    same(sheet, ScoreSheet)


@given(st.fractions(min_value=Fraction(1, 100)))
def test_assessors(weight: Fraction) -> None:
    tie = Relation(AgencyKey("kota-ambon"), RelationKind.FAMILY)

    same(Assessor(key="a", weight=weight, relations=(tie,)), Assessor)


@given(
    st.dictionaries(st.integers(2010, 2022), st.sampled_from(Opinion)),
    st.none() | st.booleans(),
    st.none() | st.sampled_from(Grade),
)
def test_fiscal_records(
    opinions: dict[int, Opinion], late: bool | None, grade: Grade | None
) -> None:
    record = FiscalRecord(
        agency=AgencyKey("kota-ambon"),
        fiscal_year=2020,
        opinions=tuple(opinions.items()),
        apbd_on_time=late,
        eprocurement_grade=grade,
    )

    same(record, FiscalRecord)


def test_every_agency() -> None:
    for agency in registry():
        same(agency, Agency)


@pytest.mark.parametrize("year", rulebooks.cycles())
def test_every_rulebook_of_a_cycle(year: int) -> None:
    same(rulebooks.rulebook(year), Rulebook)


@pytest.mark.parametrize("year", rulebooks.fiscal_years())
def test_every_rulebook_of_a_fiscal_year(year: int) -> None:
    same(rulebooks.incentive_book(year), Rulebook)


def test_a_rulebook_with_assumptions() -> None:
    same(BOOK.assume(assumptions.example(2021)), Rulebook)


@given(st.data(), st.sampled_from(rulebooks.cycles()))
def test_judgements(data: st.DataObject, year: int) -> None:
    proposal = data.draw(draw.proposals(cycle=year))
    history = data.draw(st.none() | draw.award_histories())

    answer = judge(rulebooks.rulebook(year), proposal, history=history)

    same(answer, Judgement)
    same(answer.decisions, tuple[Decision, ...])
    same(answer.reasons, tuple[Reason, ...])
    same(answer.classifications, tuple[Classification[Any], ...])


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text()
    | st.fractions()
    | draw.days()
    | draw.moments()
    | st.builds(Period, st.integers(0, 9), st.integers(0, 30), st.integers(0, 400))
    | st.sampled_from(Group)
    | draw.tiers(),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=6,
)


@given(st.dictionaries(st.text(), anything, max_size=4), st.sampled_from([None, *Outcome]))
def test_reasons_with_any_values(values: dict[str, object], outcome: Outcome | None) -> None:
    same(Reason(outcome, "CODE", tuple(values.items())), Reason)


@given(anything)
def test_terms_in_every_state(value: object) -> None:
    citation = Citation(Source(key="k", title="t"), Evidence.PRESS)
    stated = Cited(value, (citation,))
    for state in (stated, NotFound("here"), Disputed((stated, stated), note="n")):
        same(Term("a.path", state), Term)


def test_a_classification_keeps_the_type_of_its_value() -> None:
    for value in (Group.GENERAL, 2021, None, DateRange(Date(2021, 1, 1), Date(2021, 1, 2))):
        answer: Classification[object] = Classification(
            rule=RuleId("r"), subject="s", value=value, reasons=()
        )
        same(answer, Classification)


@pytest.mark.parametrize("name", ["Kota Ambon", "Kota Atlantis", "3578", "Kab. X (Puskesmas Y)"])
@pytest.mark.parametrize("on", [2021, "2021-03-01", Date(2021, 3, 1), None])
def test_resolutions(name: str, on: Any) -> None:
    answer = resolve(registry(), name, on)

    same(answer, type(answer))


def selection(book: Rulebook) -> Selection:
    entered = [
        Proposal(
            id=f"p{number}",
            innovation=Innovation(id=f"i{number}", title="t", agency=AgencyKey("kota-ambon")),
            cycle=2021,
            group=Group.REPLICATION,
        )
        for number in range(3)
    ]
    value = book["groups.replication.criteria"]
    keys = [c.key for c in value.value] if isinstance(value, Cited) else ["nilai"]
    sheets = [
        ScoreSheet(
            proposal=each.id, stage=stage, assessor=f"a{juror}", marks=dict.fromkeys(names, 70)
        )
        for each in entered
        for stage, names in (
            (Stage.EVALUATION, keys),
            (Stage.FINALISTS, ["nilai"]),
            (Stage.PANEL, ["nilai"]),
        )
        for juror in range(3)
    ]
    return select(book, entered, sheets, screened={each.id: Outcome.MET for each in entered})


def test_a_selection_whole_tied_and_stopped() -> None:
    assumed = BOOK.assume(assumptions.example(2021))
    tied = assumed.reform({"groups.replication.winners": 1}, name="one place")
    open_tie = tied.reform({"ties.cascade": []}, name="no policy")
    runs = [selection(book) for book in (assumed, tied, open_tie, BOOK)]

    assert [bool(run.stopped) for run in runs] == [False, False, True, True]
    assert runs[1].settlements
    for run in runs:
        same(run, Selection)
        cuts = [made for record in run.stages for made in record.cuts]
        again = from_json(to_json(run), Selection)
        cuts_again = [made for record in again.stages for made in record.cuts]
        for cut, cut_again in zip(cuts, cuts_again, strict=True):
            assert [cut.scores.value(key) for key in cut.order] == [
                cut_again.scores.value(key) for key in cut.order
            ]


# What the text looks like


def test_the_documented_form_of_a_proposal() -> None:
    proposal = Proposal(
        id="P-1",
        innovation=Innovation(
            id="I-1",
            title="Ambon City of Music",
            agency=AgencyKey("kota-ambon"),
            started=Date(2018, 3, 1),
        ),
        cycle=2019,
        group=Group.GENERAL,
        submitted_at=pendulum.datetime(2019, 3, 1, 23, 59, tz="Asia/Jayapura"),
        words=(("summary", 200),),
    )

    assert json.loads(to_json(proposal)) == {
        "id": "P-1",
        "innovation": {
            "id": "I-1",
            "title": "Ambon City of Music",
            "agency": "kota-ambon",
            "started": "2018-03-01",
        },
        "cycle": 2019,
        "group": "umum",
        "submitted_at": "2019-03-01T23:59:00+09:00",
        "words": [["summary", 200]],
    }


def test_the_documented_form_of_a_decision() -> None:
    reason = Reason(
        Outcome.UNKNOWN, "TOO_SOON", (("on", Date(2021, 3, 17)), ("age", Period(years=2)))
    )
    decision = Decision(rule=RuleId("my-rule"), subject="P-1", reasons=(reason,))

    assert json.loads(to_json(decision)) == {
        "rule": "my-rule",
        "subject": "P-1",
        "outcome": "belum dapat dipastikan",
        "evidence": None,
        "reasons": [
            {
                "outcome": "belum dapat dipastikan",
                "code": "TOO_SOON",
                "values": [
                    ["on", {"type": "Date", "value": "2021-03-17"}],
                    ["age", {"type": "Period", "value": "P2Y"}],
                ],
            }
        ],
    }


def test_marks_are_whole_numbers_or_fractions() -> None:
    sheet = ScoreSheet(
        proposal="p", stage=Stage.PANEL, assessor="a", marks={"x": 80, "y": Fraction(161, 2)}
    )

    assert json.loads(to_json(sheet))["marks"] == {"x": 80, "y": "161/2"}


def test_letters_stay_letters() -> None:
    assert "Cimahi – é" in to_json(Source(key="k", title="Cimahi – é"))


def test_lists_are_arrays_and_lines() -> None:
    sources = [Source(key="a", title="A"), Source(key="b", title="B")]

    assert from_json(to_json(sources), tuple[Source, ...]) == tuple(sources)
    assert to_ndjson(sources).count("\n") == 2
    assert read_ndjson(to_ndjson(sources), Source) == tuple(sources)


def test_lines_are_cut_at_line_feeds_only() -> None:
    source = Source(key="a", title="one\u2028two\x85three")

    assert read_ndjson(to_ndjson([source]), Source) == (source,)


def test_blank_lines_and_open_files_are_read() -> None:
    lines = iter(['{"key": "a", "title": "A"}\n', "\n", '{"key": "b", "title": "B"}'])

    assert [each.key for each in read_ndjson(lines, Source)] == ["a", "b"]


# Submissions


P = '{"id":"p","innovation":{"id":"i","title":"t","agency":"kota-ambon"},"cycle":2021}'
WITH_HISTORY = f'{{"proposal":{P},"history":{{"innovation":"i"}}}}'


@pytest.mark.parametrize(
    ("text", "recorded"),
    [
        (P, [False]),
        (WITH_HISTORY, [True]),
        (f"[{P},{WITH_HISTORY}]", [False, True]),
        (f"{P}\n\n{WITH_HISTORY}\n", [False, True]),
        (json.dumps(json.loads(P), indent=2), [False]),
        ("[]", []),
    ],
)
def test_submissions(text: str, recorded: list[bool]) -> None:
    found = read_submissions(text)

    assert [each.history is not None for each in found] == recorded
    assert {each.proposal.id for each in found} <= {"p"}


@given(draw.proposals(), st.none() | draw.award_histories())
def test_submissions_survive(proposal: Proposal, history: AwardHistory | None) -> None:
    same(Submission(proposal=proposal, history=history), Submission)


# What is refused


def innovation(**facts: Any) -> Innovation:
    return Innovation(**{"id": "i", "title": "t", "agency": "a", **facts})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: innovation(title=7), "expected a text, got 7"),
        (lambda: innovation(running=1), "expected true or false, or none, got 1"),
        (lambda: innovation(sdgs=(True,)), "expected a tuple, each item a whole number, or none"),
        (
            lambda: FiscalRecord(agency=AgencyKey("a"), fiscal_year=2**53),
            "expected a whole number up to 9007199254740991",
        ),
        (lambda: innovation(sdgs=[1]), "expected a tuple, each item a whole number, or none"),
        (lambda: innovation(started=dt.date(2020, 1, 1)), "expected a pendulum date"),
        (lambda: innovation(title="\ud800"), "a text without half of a surrogate pair"),
        (lambda: innovation(origin=3), "got 3"),
        (lambda: Reason(None, "C", (("x", 0.5),)), "expected a value that kipp can write, got 0.5"),
        (
            lambda: Reason(None, "C", (("x", {1}),)),
            r"expected a value that kipp can write, got \{1",
        ),
        (lambda: {"a": 1}, "expected a value that kipp can write, got {'a': 1}"),
        (lambda: DateTime(2021, 1, 1), "a pendulum moment with its offset"),
    ],
)
def test_what_cannot_be_written(make: Callable[[], Any], message: str) -> None:
    with pytest.raises((InvalidType, InvalidValue), match=message):
        to_json(make())


def test_names_of_types_are_unique() -> None:
    """A type is written by its bare name, so no two may share one."""
    assert all(name == kind.__name__ for name, kind in vocabulary().items())
    assert len(set(vocabulary().values())) == len(vocabulary())


def test_demands_of_composition() -> None:
    demand = {"stage": "finalists", "group": "general", "by": "cluster", "of": "city", "at_most": 3}
    book = rulebooks.rulebook(2021).reform(
        {
            "composition.quota": "demands",
            "composition.demands": [demand],
            "composition.shares": [{"stage": "winners", "by": "region", "method": "dhondt"}],
        },
        name="a quota",
    )

    assert from_json(to_json(book), Rulebook) == book
