"""Screening asks only for facts that could change the answer, and reforms add up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKey
from kipp.domain.citation import Evidence
from kipp.domain.dates import DateTime
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rulebooks import rulebook
from kipp.rules.decision import Decision, Outcome
from kipp.rules.rulebook import Rulebook
from kipp.rules.screening import (
    CARELESS_REASON,
    TITLE_REASON,
    careful_answers,
    documents_complete,
    submitted_in_time,
    title_once,
    video_length,
    word_limit,
)

TITLES = ("Contoh Satu", "contoh  satu", " CONTOH SATU")
NAMES = ("innovator-decree", "supporting-documents", "video")
BLANK = Proposal(
    id="p",
    innovation=Innovation(id="i", title="Contoh", agency=AgencyKey("kab-contoh")),
    cycle=2022,
)
subsets = [tuple(chosen) for size in range(1 + len(NAMES)) for chosen in combinations(NAMES, size)]


def agreed(answers: Iterable[Decision]) -> Outcome:
    """The one outcome of all *answers*; UNKNOWN where they differ."""
    outcomes = {answer.outcome for answer in answers}
    return outcomes.pop() if len(outcomes) == 1 else Outcome.UNKNOWN


def tried(
    decide: Callable[[Rulebook, Proposal], Decision], book: Rulebook, fact: str, values: Any
) -> Outcome:
    """What all ways to record *fact* agree on."""
    return agreed(decide(book, attrs.evolve(BLANK, **{fact: value})) for value in values)


@given(st.sampled_from(subsets))
def test_documents_are_asked_only_where_some_are_required(required: tuple[str, ...]) -> None:
    book = rulebook(2022).reform({"documents.required": required}, name="list")

    assert documents_complete(book, BLANK).outcome is tried(
        documents_complete, book, "documents", subsets
    )


@given(st.sampled_from(((), (CARELESS_REASON,), (TITLE_REASON,), (TITLE_REASON, CARELESS_REASON))))
def test_a_readers_finding_is_asked_only_where_it_is_a_reason_to_fail(
    listed: tuple[str, ...],
) -> None:
    book = rulebook(2022).reform({"screening.fail_reasons": listed}, name="reasons")

    assert careful_answers(book, BLANK).outcome is tried(
        careful_answers, book, "careless", (True, False)
    )


@given(st.lists(st.sampled_from((CARELESS_REASON, TITLE_REASON, "too young")), unique=True))
def test_only_what_is_a_reason_to_fail_fails(listed: list[str]) -> None:
    book = rulebook(2022).reform({"screening.fail_reasons": listed}, name="reasons")
    careless = careful_answers(book, attrs.evolve(BLANK, careless=True))
    twice = title_once(book, BLANK, others=[attrs.evolve(BLANK, id="q")])

    assert (careless.outcome is Outcome.NOT_MET) is (CARELESS_REASON in listed)
    assert (twice.outcome is Outcome.NOT_MET) is (TITLE_REASON in listed)


@given(st.sampled_from(TITLES), st.sampled_from(TITLES))
def test_no_proposal_is_a_duplicate_of_itself(title: str, held: str) -> None:
    """The field may hold it as it was entered first, with other capitals and blanks."""
    now, then = (
        attrs.evolve(BLANK, cycle=2018, innovation=attrs.evolve(BLANK.innovation, title=each))
        for each in (title, held)
    )

    assert title_once(rulebook(2018), now, others=[then]).outcome is Outcome.MET


@given(
    st.sampled_from(((2020, "2020-05-11T00:00"), (2021, "2021-05-12T00:00"))),
    st.integers(-(48 * 60), 48 * 60),
    st.integers(-12, 14),
)
def test_the_clock_of_jakarta_decides_whatever_clock_was_written(
    closing: tuple[int, str], minutes: int, offset: int
) -> None:
    """In time is before the first minute after the close, as instants are compared."""
    cycle, over = closing
    first_late = dt.datetime.fromisoformat(f"{over}+07:00")
    moment = first_late + dt.timedelta(minutes=minutes)
    written = moment.astimezone(dt.timezone(dt.timedelta(hours=offset)))
    proposal = attrs.evolve(BLANK, cycle=cycle, submitted_at=DateTime.instance(written))

    expected = Outcome.MET if moment < first_late else Outcome.NOT_MET
    assert submitted_in_time(rulebook(cycle), proposal).outcome is expected


@given(st.integers(0, 400))
def test_every_limit_leaves_an_uncounted_text_open(most: int) -> None:
    """Some length is within the limit and some is above it, whatever the limit."""
    book = rulebook(2022).reform({"summary.words": most, "video.minutes": most}, name="limits")
    lengths = (most, most + 1)

    assert word_limit(book, BLANK).outcome is Outcome.UNKNOWN
    assert tried(word_limit, book, "words", [(("summary", n),) for n in lengths]) is (
        Outcome.UNKNOWN
    )
    assert video_length(book, BLANK).outcome is Outcome.UNKNOWN
    assert tried(video_length, book, "video_minutes", lengths) is Outcome.UNKNOWN


@given(st.integers(0, 400), st.integers(0, 10), st.integers(0, 400), st.integers(0, 10))
def test_two_reforms_both_survive(words: int, minutes: int, written: int, filmed: int) -> None:
    """The limits of words and minutes, reformed apart, each decide as a plain comparison."""
    first, second = {"summary.words": words}, {"video.minutes": minutes}
    book = rulebook(2022).reform(first, name="r").reform(second, name="r")
    other = rulebook(2022).reform(second, name="r").reform(first, name="r")
    proposal = attrs.evolve(BLANK, words=(("summary", written),), video_minutes=filmed)

    assert book == other
    for decide, kept in ((word_limit, written <= words), (video_length, filmed <= minutes)):
        decision = decide(book, proposal)
        assert decision.outcome is (Outcome.MET if kept else Outcome.NOT_MET)
        assert decision.evidence is Evidence.ASSUMED
