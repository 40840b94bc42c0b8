"""Laws of administrative screening, for every rulebook and every record the types allow."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from typing import Any

import attrs
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKey
from kipp.domain.citation import Cited
from kipp.domain.dates import Date, DateTime
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rulebooks import cycles, rulebook
from kipp.rules.decision import Decision, Outcome
from kipp.rules.field import field_of
from kipp.rules.judge import judge
from kipp.rules.rulebook import Rulebook
from kipp.rules.screening import (
    CARELESS_REASON,
    RULE_IDS,
    TITLE_REASON,
    careful_answers,
    documents_complete,
    innovation_once,
    still_entered,
    submitted_in_time,
    title_once,
    video_length,
    word_limit,
)
from kipp.testing import Case, compliant
from tests.strategies import cited_books, days, proposals

RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}
DOCUMENTS = ("video", "innovator-decree", "supporting-documents")
PATHS: dict[str, st.SearchStrategy[Any]] = {
    "documents.required": st.lists(st.sampled_from(DOCUMENTS), max_size=3, unique=True).map(tuple),
    "summary.words": st.integers(0, 400),
    "video.minutes": st.integers(0, 10),
    "screening.fail_reasons": st.lists(
        st.sampled_from((CARELESS_REASON, TITLE_REASON, "too young")), max_size=3, unique=True
    ).map(tuple),
    "schedule.registration_closes": st.lists(
        days(Date(2021, 5, 9), Date(2021, 5, 12)), min_size=1, max_size=2, unique=True
    ).map(lambda closes: tuple(sorted(closes))),
    "schedule.closing_zone": st.sampled_from(("Asia/Jakarta", "Asia/Jayapura")),
    "schedule.closing_time": st.sampled_from(("12:00", "23:59")),
}
books = cited_books(PATHS, certain={"held": True}, disputed=True)
close_calls = st.builds(
    lambda day, minutes, offset: DateTime.instance(
        dt.datetime.combine(day, dt.time(), dt.timezone(dt.timedelta(hours=offset)))
        + dt.timedelta(minutes=minutes)
    ),
    days(Date(2021, 5, 8), Date(2021, 5, 13)),
    st.integers(0, 24 * 60 - 1),
    st.sampled_from((0, 7, 9)),
)
facts = st.builds(
    attrs.evolve,
    proposals(cycle=2021, agency="kab-contoh"),
    submitted_at=st.none() | close_calls,
    withdrawn=st.just(False),
)


def once(book: Rulebook, proposal: Proposal) -> Decision:
    return title_once(book, proposal, others=())


SIMPLE: Sequence[Callable[[Rulebook, Proposal], Decision]] = (
    documents_complete,
    word_limit,
    video_length,
    careful_answers,
    submitted_in_time,
    once,
)
LEARNT: dict[str, st.SearchStrategy[Any]] = {
    "documents": st.lists(st.sampled_from(DOCUMENTS), max_size=3).map(tuple),
    "words": st.integers(0, 400).map(lambda words: (("summary", words),)),
    "video_minutes": st.integers(0, 10),
    "careless": st.booleans(),
    "submitted_at": close_calls,
}


@given(books, facts, st.data())
def test_knowledge_only_settles(book: Rulebook, proposal: Proposal, data: st.DataObject) -> None:
    filled: dict[str, Any] = {
        name: data.draw(st.none() | known, label=name)
        for name, known in LEARNT.items()
        if getattr(proposal, name) is None
    }
    learnt = attrs.evolve(proposal, **filled)

    for decide in SIMPLE:
        before = decide(book, proposal).outcome
        if before is not Outcome.UNKNOWN:
            assert decide(book, learnt).outcome is before


@given(st.sampled_from(cycles()), st.data())
def test_built_to_comply_is_never_refused(cycle: int, data: st.DataObject) -> None:
    """UNKNOWN only where the cycle's own value was not found."""
    book = rulebook(cycle)
    assume(cycle != 2024)
    case: Case = data.draw(compliant(book))
    judgement = judge(book, case.proposal, **case.facts)
    mine = [d for d in judgement.decisions if d.rule in RULE_IDS]

    for decision in mine:
        assert {r.code for r in decision.reasons if r.outcome is not Outcome.MET} <= {
            "VALUE_NOT_FOUND"
        }


@given(
    books,
    st.sampled_from(("summary.words", "video.minutes")),
    facts,
    st.integers(0, 50),
    st.integers(0, 50),
)
def test_a_laxer_limit_never_hurts(
    book: Rulebook, path: str, proposal: Proposal, limit: int, more: int
) -> None:
    book = book.reform({path: limit}, name="strict")
    laxer = book.reform({path: limit + more}, name="laxer")

    for decide in (word_limit, video_length):
        assert RANK[decide(laxer, proposal).outcome] >= RANK[decide(book, proposal).outcome]


@given(st.integers(0, 400), st.integers(0, 400))
@example(200, 200)
@example(201, 200)
def test_a_limit_includes_its_end(length: int, most: int) -> None:
    book = rulebook(2023).reform({"summary.words": most, "video.minutes": most}, name="limit")
    proposal = attrs.evolve(_bare(2023), words=(("summary", length),), video_minutes=length)
    expected = Outcome.MET if length <= most else Outcome.NOT_MET

    assert word_limit(book, proposal).outcome is expected
    assert video_length(book, proposal).outcome is expected


def _bare(cycle: int) -> Proposal:
    innovation = Innovation(id="i", title="Contoh", agency=AgencyKey("kab-contoh"))
    return Proposal(id="p", innovation=innovation, cycle=cycle)


@given(st.lists(st.sampled_from(DOCUMENTS)), st.lists(st.sampled_from(DOCUMENTS), unique=True))
def test_documents_agree_with_sets(there: list[str], required: list[str]) -> None:
    book = rulebook(2022).reform({"documents.required": required}, name="list")
    decision = documents_complete(book, attrs.evolve(_bare(2022), documents=tuple(there)))

    missing = [each for each in required if each not in set(there)]
    assert decision.outcome is (Outcome.NOT_MET if missing else Outcome.MET)
    assert dict(decision.reasons[0].values).get("missing", ()) == tuple(missing)


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from(("X", "x ", "Y")), st.booleans()),
        max_size=6,
    ),
    st.integers(0, 99),
)
def test_titles_agree_with_a_plain_count(rows: list[tuple[str, str, bool]], seed: int) -> None:
    """Against every pair looked at one by one, in any order of the field."""
    field = []
    for number, (agency, title, withdrawn) in enumerate(rows):
        innovation = attrs.evolve(_bare(2018).innovation, agency=AgencyKey(agency), title=title)
        field.append(
            attrs.evolve(_bare(2018), id=f"p{number}", innovation=innovation, withdrawn=withdrawn)
        )
    turned = field[:]
    random.Random(seed).shuffle(turned)
    for mine in field:
        twins = [
            other
            for other in field
            if other.id != mine.id
            and not other.withdrawn
            and other.agency == mine.agency
            and other.title.strip().lower() == mine.title.strip().lower()
        ]
        decision = title_once(rulebook(2018), mine, others=turned)
        assert decision.outcome is (Outcome.NOT_MET if twins else Outcome.MET)
        assert decision == title_once(rulebook(2018), mine, others=field)
        alone = [each for each in field if each.id != mine.id]
        assert decision == title_once(rulebook(2018), mine, others=alone)


@given(
    st.integers(-3 * 24 * 60, 3 * 24 * 60),
    st.sampled_from((-5, 0, 7, 9)),
    st.sampled_from((("12:00", 12 * 60), ("23:59", 24 * 60 - 1), (None, 24 * 60 - 1))),
)
@example(12 * 60, 7, ("12:00", 12 * 60))
@example(12 * 60 + 1, 7, ("12:00", 12 * 60))
@example(24 * 60 - 1, 7, (None, 24 * 60 - 1))
@example(24 * 60, 7, (None, 24 * 60 - 1))
def test_the_deadline_is_the_last_minute_wherever_the_clock_stands(
    minutes: int, offset: int, closing: tuple[str | None, int]
) -> None:
    """Minutes from midnight in Jakarta (UTC+7) at the last announced close, as plain arithmetic."""
    text, last = closing
    terms = {
        path: value
        for path, value in rulebook(2022).terms.items()
        if path != "schedule.closing_time"
    }
    book = attrs.evolve(rulebook(2022), terms=terms)
    book = book if text is None else book.reform({"schedule.closing_time": text}, name="hour")
    midnight = dt.datetime(2022, 4, 15, 17, tzinfo=dt.UTC)  # 16 April in Jakarta
    moment = midnight + dt.timedelta(minutes=minutes, seconds=59)
    local = moment.astimezone(dt.timezone(dt.timedelta(hours=offset)))
    proposal = attrs.evolve(_bare(2022), submitted_at=DateTime.instance(local))

    decision = submitted_in_time(book, proposal)
    assert decision.outcome is (Outcome.MET if minutes <= last else Outcome.NOT_MET)


@given(books, facts, close_calls)
def test_an_earlier_moment_never_hurts(
    book: Rulebook, proposal: Proposal, moment: DateTime
) -> None:
    assume(proposal.submitted_at is not None)
    earlier = min(moment, proposal.submitted_at or moment)
    sooner = attrs.evolve(proposal, submitted_at=earlier)

    before = submitted_in_time(book, proposal).outcome
    assert RANK[submitted_in_time(book, sooner).outcome] >= RANK[before] or (
        before is Outcome.UNKNOWN
    )


@given(st.integers(-3, 3), st.integers(0, 3), st.integers(-12, 14), st.integers(0, 86399))
def test_the_first_day_counts_by_the_clock_of_jakarta(
    day: int, length: int, offset: int, second: int
) -> None:
    """Days from the first on which registration may have opened, as plain arithmetic; before it
    early, from the last such day on time, between them not known."""
    first, last = Date(2022, 3, 16), Date(2022, 3, 16).add(days=length)
    opens = {"first": str(first), "last": str(last)} if length else str(first)
    book = rulebook(2022).reform({"schedule.registration_opens": opens}, name="opens")
    midnight = dt.datetime(2022, 3, 15, 17, tzinfo=dt.UTC)  # 16 March in Jakarta
    moment = midnight + dt.timedelta(days=day, seconds=second)
    local = moment.astimezone(dt.timezone(dt.timedelta(hours=offset)))
    proposal = attrs.evolve(_bare(2022), submitted_at=DateTime.instance(local))

    expected = Outcome.NOT_MET if day < 0 else Outcome.UNKNOWN if day < length else Outcome.MET
    assert submitted_in_time(book, proposal).outcome is expected


@given(
    st.lists(st.tuples(*[st.sampled_from((0, 1))] * 3, st.booleans()), max_size=6), st.booleans()
)
def test_an_innovation_entered_twice_agrees_with_a_plain_count(
    rows: list[tuple[int, int, int, bool]], gone: bool
) -> None:
    """By agency, innovation and cycle; withdrawn ones and the proposal itself do not count."""
    field = [
        attrs.evolve(
            _bare(2021 - cycle),
            id=f"q{number}",
            withdrawn=withdrawn,
            innovation=Innovation(id=f"i{which}", title="t", agency=AgencyKey(f"a{agency}")),
        )
        for number, (agency, which, cycle, withdrawn) in enumerate(rows)
    ]
    own = Innovation(id="i0", title="t", agency=AgencyKey("a0"))
    mine = attrs.evolve(_bare(2021), innovation=own, withdrawn=gone)
    also = rows.count((0, 0, 0, False))

    for others in (field, [*field, mine], field_of(field, 2021)):
        decision = innovation_once(rulebook(2021), mine, others=others)
        assert dict(decision.reasons[0].values)["also"] == also
        assert decision.outcome is (Outcome.UNKNOWN if also else Outcome.MET)


@given(facts, st.booleans(), st.booleans())
def test_only_what_left_is_not_entered_any_more(
    proposal: Proposal, withdrawn: bool, disqualified: bool
) -> None:
    proposal = attrs.evolve(proposal, withdrawn=withdrawn, disqualified=disqualified)
    left = withdrawn or disqualified

    assert still_entered(proposal).outcome is (Outcome.NOT_MET if left else Outcome.MET)


@given(books, facts)
def test_every_reason_rests_on_what_was_read(book: Rulebook, proposal: Proposal) -> None:
    """And a reform of a path that was not read leaves the answer as it is."""
    for decide in SIMPLE:
        decision = decide(book, proposal)
        assert all(reason.terms for reason in decision.reasons)
        assert all(term.value == book[term.path] for r in decision.reasons for term in r.terms)
        other = book.reform({"theme": "another"}, name="beside the point")
        assert decide(other, proposal) == decision


@pytest.mark.parametrize("cycle", [2017, 2018])
def test_the_words_of_the_reasons_are_those_of_the_files(cycle: int) -> None:
    """The two rules answer to words of the rulebook: if these change, nothing is asked any more."""
    value = rulebook(cycle)["screening.fail_reasons"]
    assert isinstance(value, Cited)

    assert {CARELESS_REASON, TITLE_REASON} <= set(value.value)
