"""Clauses of the administrative selection: the docstring is the clause, the methods its properties.

The wording is ours; the source stands behind each clause, with its class.
"""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kipp.domain.agency import AgencyKey
from kipp.domain.dates import DateTime
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rulebooks import rulebook
from kipp.rules.decision import Outcome
from kipp.rules.screening import (
    careful_answers,
    documents_complete,
    submitted_in_time,
    title_once,
    video_length,
    word_limit,
)

MET, NOT_MET, UNKNOWN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN
offsets = st.integers(-12, 14)


def entered(
    cycle: int, number: int = 0, *, title: str = "Contoh", agency: str = "kab-contoh", **facts: Any
) -> Proposal:
    innovation = Innovation(id=f"i{number}", title=title, agency=AgencyKey(agency))
    return Proposal(id=f"p{number}", innovation=innovation, cycle=cycle, **facts)


def jakarta(moment: str, *, seconds: int = 0, seen_from: int = 7) -> DateTime:
    """A moment by the clock of Jakarta (seven hours ahead of UTC), written with another offset."""
    clock = dt.datetime.fromisoformat(f"{moment}+07:00") + dt.timedelta(seconds=seconds)
    return DateTime.instance(clock.astimezone(dt.timezone(dt.timedelta(hours=seen_from))))


def handed_in(cycle: int, moment: DateTime) -> Outcome:
    return submitted_in_time(rulebook(cycle), entered(cycle, submitted_at=moment)).outcome


class TestOpenFrom16March2022:
    """Registration opens on 16 March 2022 (press)."""

    @given(st.integers(0, 30 * 86400), offsets)
    def test_from_its_first_second_by_the_clock_of_jakarta(self, later: int, offset: int) -> None:
        moment = jakarta("2022-03-16T00:00:00", seconds=later, seen_from=offset)

        assert handed_in(2022, moment) is MET

    @given(st.integers(1, 400 * 86400), offsets)
    def test_a_second_before_it_is_early(self, sooner: int, offset: int) -> None:
        moment = jakarta("2022-03-16T00:00:00", seconds=-sooner, seen_from=offset)

        assert handed_in(2022, moment) is NOT_MET


class TestOpenSinceSomeDayOfJanuary2014:
    """Registration is open in January 2014 (ministry); neither day nor close is known."""

    @given(st.integers(-60, 60))
    def test_before_it_early_and_inside_it_unknown(self, day: int) -> None:
        moment = jakarta("2014-01-01T12:00:00", seconds=day * 86400)
        book = rulebook(2014).reform({"schedule.closing_zone": "Asia/Jakarta"}, name="zone")
        decision = submitted_in_time(book, entered(2014, submitted_at=moment))

        assert decision.outcome is (NOT_MET if day < 0 else UNKNOWN)
        unclear = 0 <= day < 30
        assert ("OPENING_DAY_UNCLEAR" in decision.codes) is unclear


class TestClosedAtNoonOn16April2022:
    """Registration, extended from 15 April, closes on 16 April 2022 at 12:00 (ministry).  The zone
    is not stated; Jakarta is inferred."""

    @given(st.integers(0, 31 * 86400), offsets)
    def test_up_to_the_last_second_of_that_minute(self, sooner: int, offset: int) -> None:
        moment = jakarta("2022-04-16T12:00:59", seconds=-sooner, seen_from=offset)

        assert handed_in(2022, moment) is MET

    @given(st.integers(0, 90 * 86400), offsets)
    def test_from_the_next_minute_it_is_late(self, later: int, offset: int) -> None:
        moment = jakarta("2022-04-16T12:01:00", seconds=later, seen_from=offset)

        assert handed_in(2022, moment) is NOT_MET


class TestClosedOn11May2021:
    """Registration closes on 11 May 2021 at 23:59 (press)."""

    @given(st.integers(0, 86400), offsets)
    def test_the_whole_last_day_and_no_more(self, away: int, offset: int) -> None:
        last = jakarta("2021-05-11T23:59:59", seconds=-away, seen_from=offset)
        after = jakarta("2021-05-12T00:00:00", seconds=away, seen_from=offset)

        assert handed_in(2021, last) is MET
        assert handed_in(2021, after) is NOT_MET


class TestClosedOn10May2020:
    """Registration, extended from 26 April, closes on 10 May 2020; no hour was found, so the
    whole day counts (ministry)."""

    @given(st.integers(0, 86399), offsets)
    def test_any_hour_of_the_last_day(self, second: int, offset: int) -> None:
        day = jakarta("2020-05-10T00:00:00", seconds=second, seen_from=offset)
        next_day = jakarta("2020-05-11T00:00:00", seconds=second, seen_from=offset)

        assert handed_in(2020, day) is MET
        assert handed_in(2020, next_day) is NOT_MET


class TestCarefulAnswers2017And2018:
    """A proposal fails whose answers are complete but careless.  KIPP 2017 (ministry), 2018."""

    @given(st.sampled_from((2017, 2018)), st.none() | st.booleans())
    def test_a_readers_finding_decides(self, cycle: int, careless: bool | None) -> None:
        expected = {None: UNKNOWN, True: NOT_MET, False: MET}[careless]

        assert careful_answers(rulebook(cycle), entered(cycle, careless=careless)).outcome is (
            expected
        )

    @given(st.none() | st.booleans())
    def test_in_2020_only_age_and_completeness_are_filtered(self, careless: bool | None) -> None:
        assert careful_answers(rulebook(2020), entered(2020, careless=careless)).outcome is MET


class TestOneTitleOnce2017And2018:
    """A proposal fails whose title is used for more than one proposal.  KIPP 2017 (ministry),
    2018."""

    @given(st.sampled_from((2017, 2018)), st.permutations(("Contoh", " contoh", "CONTOH  ")))
    def test_each_of_the_two_fails(self, cycle: int, titles: list[str]) -> None:
        both = [entered(cycle, number, title=titles[number]) for number in range(2)]

        for proposal in both:
            assert title_once(rulebook(cycle), proposal, others=both).outcome is NOT_MET

    @given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=4))
    def test_only_a_standing_proposal_of_the_same_agency_counts(
        self, rows: list[tuple[bool, bool, bool]]
    ) -> None:
        """A plain count over same title, same agency, withdrawn or not."""
        others = [
            entered(
                2018,
                1 + number,
                title="Contoh" if same else "Lain",
                agency="kab-contoh" if own else "kota-contoh",
                withdrawn=withdrawn,
            )
            for number, (same, own, withdrawn) in enumerate(rows)
        ]
        twice = any(same and own and not withdrawn for same, own, withdrawn in rows)
        proposal = entered(2018)

        decision = title_once(rulebook(2018), proposal, others=[proposal, *others])
        assert decision.outcome is (NOT_MET if twice else MET)

    def test_every_row_of_the_count(self) -> None:
        """One other proposal: of the eight ways it can stand, one makes a duplicate."""
        found = {}
        for same, own, withdrawn in product((True, False), repeat=3):
            other = entered(
                2017,
                1,
                title="Contoh" if same else "Lain",
                agency="kab-contoh" if own else "kota-contoh",
                withdrawn=withdrawn,
            )
            found[same, own, withdrawn] = title_once(
                rulebook(2017), entered(2017), others=[other]
            ).outcome
        refused = [row for row, outcome in found.items() if outcome is NOT_MET]
        assert refused == [(True, True, False)]


class TestDocuments2022:
    """An official decree that names whose idea it is, and a video.  KIPP 2022 (ministry)."""

    @given(st.sets(st.sampled_from(("innovator-decree", "video", "supporting-documents"))))
    def test_both_are_needed_and_nothing_else(self, there: set[str]) -> None:
        proposal = entered(2022, documents=tuple(sorted(there)))
        complete = {"innovator-decree", "video"} <= there

        assert documents_complete(rulebook(2022), proposal).outcome is (
            MET if complete else NOT_MET
        )


class TestTheVideo:
    """At most three minutes in 2022 (ministry), at most five in 2025 (press)."""

    @given(st.sampled_from(((2022, 3), (2025, 5))), st.integers(0, 20))
    def test_the_last_minute_is_included(self, limit: tuple[int, int], minutes: int) -> None:
        cycle, most = limit
        expected = MET if minutes <= most else NOT_MET

        assert video_length(rulebook(cycle), entered(cycle, video_minutes=minutes)).outcome is (
            expected
        )


class TestTheSummary2023:
    """A summary of at most 200 words.  KIPP 2023 (guideline)."""

    @given(st.integers(0, 400), st.integers(0, 400))
    def test_the_200th_word_is_the_last(self, words: int, elsewhere: int) -> None:
        """Other sections have no limit that was found."""
        counted = (("background", elsewhere), ("summary", words))
        expected = MET if words <= 200 else NOT_MET

        assert word_limit(rulebook(2023), entered(2023, words=counted)).outcome is expected
