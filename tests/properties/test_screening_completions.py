"""Screening asks only for facts that could change the answer, and reforms add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKey
from kipp.domain.citation import Evidence
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
    video_length,
    word_limit,
)

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
