"""Administrative screening: documents, lengths, careful answers, titles, the deadline."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from kipp.domain.agency import AgencyKey
from kipp.domain.citation import Cited, Disputed, NotOpen, Unlimited
from kipp.domain.dates import Date, DateTime
from kipp.domain.errors import InvalidValue
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.messages import say
from kipp.rulebooks import rulebook
from kipp.rules.decision import Decision, Outcome
from kipp.rules.field import field_of
from kipp.rules.rulebook import Rulebook
from kipp.rules.screening import (
    careful_answers,
    documents_complete,
    innovation_once,
    still_entered,
    submitted_in_time,
    title_once,
    video_length,
    word_limit,
)

OWNER = AgencyKey("kab-contoh")
OTHER = AgencyKey("kota-contoh")


def proposal(cycle: int, number: int = 1, *, title: str = "Contoh", **facts: Any) -> Proposal:
    agency = facts.pop("agency", OWNER)
    innovation = Innovation(id=f"i{number}", title=title, agency=agency)
    known = Proposal(id=f"p{number}", innovation=innovation, cycle=cycle)
    return attrs.evolve(known, **facts)


def answered(decision: Decision) -> tuple[Outcome, tuple[str, ...]]:
    return decision.outcome, decision.codes


MISSING = (Outcome.UNKNOWN, ("FACT_NOT_RECORDED",))
NOT_FOUND = (Outcome.UNKNOWN, ("VALUE_NOT_FOUND",))


class TestDocuments:
    """2022: a decree naming the innovator, and a video.  2025: four documents."""

    @pytest.mark.parametrize(
        ("there", "answer"),
        [
            (("innovator-decree", "video"), (Outcome.MET, ("DOCUMENTS_COMPLETE",))),
            (("video", "innovator-decree", "more"), (Outcome.MET, ("DOCUMENTS_COMPLETE",))),
            (("video",), (Outcome.NOT_MET, ("DOCUMENT_MISSING",))),
            ((), (Outcome.NOT_MET, ("DOCUMENT_MISSING",))),
            (None, MISSING),
        ],
    )
    def test_2022(
        self, there: tuple[str, ...] | None, answer: tuple[Outcome, tuple[str, ...]]
    ) -> None:
        decision = documents_complete(rulebook(2022), proposal(2022, documents=there))

        assert answered(decision) == answer

    def test_the_missing_ones_are_named_in_the_order_of_the_law(self) -> None:
        decision = documents_complete(rulebook(2025), proposal(2025, documents=("video",)))

        assert dict(decision.reasons[0].values)["missing"] == (
            "supporting-documents",
            "statement-of-identity",
            "statement-of-willingness",
        )

    def test_where_no_list_was_found_nobody_knows(self) -> None:
        decision = documents_complete(rulebook(2021), proposal(2021, documents=()))

        assert answered(decision) == NOT_FOUND


class TestLengths:
    """2023: a summary of at most 200 words.  2022: a video of at most 3 minutes; 2025: 5."""

    @pytest.mark.parametrize(
        ("words", "answer"),
        [
            (0, (Outcome.MET, ("WITHIN_WORD_LIMIT",))),
            (200, (Outcome.MET, ("WITHIN_WORD_LIMIT",))),
            (201, (Outcome.NOT_MET, ("TOO_MANY_WORDS",))),
        ],
    )
    def test_words(self, words: int, answer: tuple[Outcome, tuple[str, ...]]) -> None:
        entered = proposal(2023, words=(("other", 900), ("summary", words)))

        assert answered(word_limit(rulebook(2023), entered)) == answer

    @pytest.mark.parametrize("words", [None, (), (("other", 900),)])
    def test_words_nobody_counted(self, words: tuple[tuple[str, int], ...] | None) -> None:
        assert answered(word_limit(rulebook(2023), proposal(2023, words=words))) == MISSING

    @pytest.mark.parametrize(
        ("cycle", "minutes", "answer"),
        [
            (2022, 3, (Outcome.MET, ("WITHIN_VIDEO_LIMIT",))),
            (2022, 4, (Outcome.NOT_MET, ("VIDEO_TOO_LONG",))),
            (2025, 5, (Outcome.MET, ("WITHIN_VIDEO_LIMIT",))),
            (2025, 6, (Outcome.NOT_MET, ("VIDEO_TOO_LONG",))),
            (2025, None, MISSING),
            (2021, 9, NOT_FOUND),
        ],
    )
    def test_minutes(
        self, cycle: int, minutes: int | None, answer: tuple[Outcome, tuple[str, ...]]
    ) -> None:
        entered = proposal(cycle, video_minutes=minutes)

        assert answered(video_length(rulebook(cycle), entered)) == answer


class TestCarefulAnswers:
    """2017 and 2018: complete but careless answers fail; in 2020 they are not filtered."""

    @pytest.mark.parametrize("cycle", [2017, 2018])
    @pytest.mark.parametrize(
        ("careless", "answer"),
        [
            (False, (Outcome.MET, ("CAREFUL_ANSWERS",))),
            (True, (Outcome.NOT_MET, ("CARELESS_ANSWERS",))),
            (None, MISSING),
        ],
    )
    def test_asked(
        self, cycle: int, careless: bool | None, answer: tuple[Outcome, tuple[str, ...]]
    ) -> None:
        entered = proposal(cycle, careless=careless)

        assert answered(careful_answers(rulebook(cycle), entered)) == answer

    def test_not_asked_in_2020(self) -> None:
        """2020: only age and sufficient completeness are filtered (ministry)."""
        decision = careful_answers(rulebook(2020), proposal(2020, careless=True))

        assert answered(decision) == (Outcome.MET, ("NOT_ASKED",))

    def test_2022_not_found(self) -> None:
        assert answered(careful_answers(rulebook(2022), proposal(2022))) == NOT_FOUND


class TestTitleOnce:
    """2017 and 2018: one title for more than one proposal fails; titles of two agencies may be
    alike."""

    mine = proposal(2018, 1, title="Si Contoh")

    def title(self, *others: Proposal, cycle: int = 2018) -> tuple[Outcome, tuple[str, ...]]:
        mine = attrs.evolve(self.mine, cycle=cycle)
        return answered(title_once(rulebook(cycle), mine, others=others))

    def test_alone(self) -> None:
        assert self.title() == (Outcome.MET, ("TITLE_USED_ONCE",))
        assert self.title(self.mine) == (Outcome.MET, ("TITLE_USED_ONCE",))

    @pytest.mark.parametrize("text", ["Si Contoh", "si contoh", " SI   CONTOH "])
    def test_twice(self, text: str) -> None:
        other = proposal(2018, 2, title=text)

        assert self.title(other) == (Outcome.NOT_MET, ("DUPLICATE_TITLE",))
        assert self.title(self.mine, other) == (Outcome.NOT_MET, ("DUPLICATE_TITLE",))

    @pytest.mark.parametrize(
        "other",
        [
            proposal(2018, 2, title="Si Contoh", agency=OTHER),
            proposal(2018, 2, title="Si Contoh", withdrawn=True),
            proposal(2017, 2, title="Si Contoh"),
            proposal(2018, 2, title="Si Contoh 2"),
        ],
        ids=["another agency", "withdrawn", "another year", "another title"],
    )
    def test_no_duplicate(self, other: Proposal) -> None:
        assert self.title(self.mine, other) == (Outcome.MET, ("TITLE_USED_ONCE",))

    def test_the_field_may_hold_it_in_another_form(self) -> None:
        """An id that bore another title, another agency, or was withdrawn does not count itself."""
        twin = proposal(2018, 2, title="Si Contoh")
        for form in (
            attrs.evolve(self.mine, withdrawn=True),
            proposal(2018, 1, title="Lain"),
            proposal(2018, 1, title="Si Contoh", agency=OTHER),
        ):
            assert self.title(form) == (Outcome.MET, ("TITLE_USED_ONCE",))
            assert self.title(form, twin) == (Outcome.NOT_MET, ("DUPLICATE_TITLE",))

    def test_a_field_counted_once(self) -> None:
        field = field_of([self.mine, proposal(2018, 2, title="Si Contoh")], 2018)
        decision = title_once(rulebook(2018), self.mine, others=field)

        assert dict(decision.reasons[0].values) == {"title": "Si Contoh", "also": 1}

    def test_not_asked_in_2020(self) -> None:
        other = proposal(2020, 2, title="Si Contoh")

        assert self.title(other, cycle=2020) == (Outcome.MET, ("NOT_ASKED",))


def at(text: str) -> DateTime:
    return DateTime.fromisoformat(text)


class TestTheDeadline:
    """2021: closed on 11 May, 23:59 (a regional page), in Jakarta's time (inferred).
    2022: closed on 16 April, 12:00, after 15 April had been announced."""

    @pytest.mark.parametrize(
        ("cycle", "moment", "late"),
        [
            (2021, "2021-05-11T00:00:00+07:00", False),
            (2021, "2021-05-11T23:59:59+07:00", False),
            (2021, "2021-05-12T00:00:00+07:00", True),
            (2021, "2021-05-11T16:59:59+00:00", False),
            (2021, "2021-05-11T17:00:00+00:00", True),
            (2021, "2021-05-12T00:30:00+09:00", False),
            (2021, "2021-01-01T00:00:00+07:00", False),
            (2022, "2022-04-16T12:00:59+07:00", False),
            (2022, "2022-04-16T12:01:00+07:00", True),
            (2022, "2022-04-15T23:00:00+07:00", False),
            (2022, "2022-04-17T00:00:00+07:00", True),
            (2020, "2020-04-27T00:00:00+07:00", False),
            (2020, "2020-05-10T23:59:59+07:00", False),
            (2020, "2020-05-11T00:00:00+07:00", True),
        ],
    )
    def test_boundaries(self, cycle: int, moment: str, late: bool) -> None:
        decision = submitted_in_time(rulebook(cycle), proposal(cycle, submitted_at=at(moment)))

        expected = (
            (Outcome.NOT_MET, ("SUBMITTED_LATE",))
            if late
            else (Outcome.MET, ("SUBMITTED_IN_TIME",))
        )
        assert answered(decision) == expected

    @pytest.mark.parametrize(
        ("moment", "codes"),
        [
            ("2022-03-15T23:59:59+07:00", ("SUBMITTED_IN_TIME", "SUBMITTED_EARLY")),
            ("2022-03-16T00:59:59+08:00", ("SUBMITTED_IN_TIME", "SUBMITTED_EARLY")),
            ("2022-03-16T00:00:00+07:00", ("SUBMITTED_IN_TIME",)),
            ("2022-04-16T12:00:59+07:00", ("SUBMITTED_IN_TIME",)),
            ("2022-04-16T12:01:00+07:00", ("SUBMITTED_LATE",)),
        ],
    )
    def test_both_ends(self, moment: str, codes: tuple[str, ...]) -> None:
        """KIPP 2022: open from 16 March; the close was extended to 16 April, 12:00."""
        decision = submitted_in_time(rulebook(2022), proposal(2022, submitted_at=at(moment)))

        in_time = codes == ("SUBMITTED_IN_TIME",)
        assert answered(decision) == (Outcome.MET if in_time else Outcome.NOT_MET, codes)

    def test_the_first_day_is_told_with_its_source(self) -> None:
        entered = proposal(2022, submitted_at=at("2022-04-01T00:00:00+07:00"))
        reason = submitted_in_time(rulebook(2022), entered).reasons[0]

        assert dict(reason.values)["opens"] == Date(2022, 3, 16)
        assert "schedule.registration_opens" in [term.path for term in reason.terms]
        assert say(reason, "en").startswith(
            "met: submitted on 1 April 2022 00:00:00 WIB, by the close of 16 April 2022, "
            "registration opened 16 March 2022 (Asia/Jakarta)"
        )

    @pytest.mark.parametrize(
        ("moment", "said"),
        [
            (
                "2022-04-16T12:00:59+07:00",
                "on 16 April 2022 12:00:59 WIB, by the close of 16 April",
            ),
            (
                "2022-04-16T14:00:59+09:00",
                "on 16 April 2022 12:00:59 WIB, by the close of 16 April",
            ),
            ("2022-04-16T05:01:00Z", "on 16 April 2022 12:01:00 WIB, after the close of 16 April"),
        ],
    )
    def test_the_last_minute_is_told_in_the_zone_of_the_close(self, moment: str, said: str) -> None:
        """The whole minute counts: what came in it came by the close, not before it."""
        reason = submitted_in_time(rulebook(2022), proposal(2022, submitted_at=at(moment))).reasons[
            0
        ]

        assert f"{said} 2022 at 12:00" in say(reason, "en")
        assert ("pada atau sebelum penutupan" in say(reason)) is (reason.outcome is Outcome.MET)

    def test_an_early_one_is_early_whatever_the_close(self) -> None:
        """No close of 2014 was found; what came in 2013 came before any of its days."""
        book = rulebook(2014).reform({"schedule.closing_zone": "Asia/Jakarta"}, name="zone")
        early = submitted_in_time(
            book, proposal(2014, submitted_at=at("2013-12-31T23:59:59+07:00"))
        )

        assert answered(early) == (Outcome.NOT_MET, ("VALUE_NOT_FOUND", "SUBMITTED_EARLY"))

    def test_no_zone_no_comparison(self) -> None:
        cites = rulebook(2022)["held"].citations
        book = rulebook(2022).reform({"schedule.closing_zone": Unlimited(cites)}, name="anywhere")
        early = proposal(2022, submitted_at=at("2021-01-01T00:00:00+07:00"))

        assert answered(submitted_in_time(book, early)) == (Outcome.MET, ("NOT_ASKED",))

    def test_a_contest_that_was_always_open(self) -> None:
        cites = rulebook(2022)["held"].citations
        book = rulebook(2022).reform(
            {"schedule.registration_opens": Unlimited(cites)}, name="always"
        )
        early = proposal(2022, submitted_at=at("2021-01-01T00:00:00+07:00"))

        assert submitted_in_time(book, early).outcome is Outcome.MET

    def test_two_first_days(self) -> None:
        """Where sources differ, every reading is tried."""
        cites = rulebook(2022)["held"].citations
        days = Disputed((Cited(Date(2022, 3, 16), cites), Cited(Date(2022, 3, 20), cites)))
        terms = {**rulebook(2022).terms, "schedule.registration_opens": days}
        book = attrs.evolve(rulebook(2022), terms=terms)

        found = [
            submitted_in_time(
                book, proposal(2022, submitted_at=at(f"2022-03-{day}T09:00:00+07:00"))
            )
            for day in (15, 18, 21)
        ]
        assert [decision.outcome for decision in found] == [
            Outcome.NOT_MET,
            Outcome.UNKNOWN,
            Outcome.MET,
        ]

    def test_a_moment_nobody_recorded(self) -> None:
        assert answered(submitted_in_time(rulebook(2021), proposal(2021))) == MISSING

    def test_a_close_nobody_found(self) -> None:
        decision = submitted_in_time(
            rulebook(2016), proposal(2016, submitted_at=at("2016-01-01T00:00:00+07:00"))
        )

        assert answered(decision) == NOT_FOUND

    def test_the_zone_is_inferred_and_told(self) -> None:
        decision = submitted_in_time(
            rulebook(2021), proposal(2021, submitted_at=at("2021-05-11T12:00:00+07:00"))
        )

        assert [term.path for term in decision.reasons[0].terms] == [
            "schedule.registration_closes",
            "schedule.closing_zone",
            "schedule.closing_time",
        ]
        assert str(decision.evidence) == "inferred"

    def test_a_moment_without_a_zone_is_refused(self) -> None:
        """Without its offset nobody could say whether it came in time, so no proposal has one."""
        with pytest.raises(InvalidValue) as caught:
            proposal(2021, submitted_at=at("2021-05-11T12:00:00"))

        assert "Proposal.submitted_at: expected a moment with its offset" in str(caught.value)

    @pytest.mark.parametrize(
        ("path", "value", "expected"),
        [
            ("schedule.closing_zone", "Asia/Nowhere", "the name of a time zone"),
            ("schedule.closing_zone", "/Asia/Jakarta", "the name of a time zone"),
            ("schedule.closing_zone", "../Jakarta", "the name of a time zone"),
            ("schedule.closing_time", "noon", "a time written HH:MM"),
            ("schedule.closing_time", "12", "a time written HH:MM"),
            ("schedule.closing_time", "1200", "a time written HH:MM"),
            ("schedule.closing_time", "12:00:30", "a time written HH:MM"),
            ("schedule.closing_time", "12:00+07:00", "a time written HH:MM"),
        ],
    )
    def test_a_book_that_cannot_be_read(self, path: str, value: str, expected: str) -> None:
        odd = {path: Cited(value, rulebook(2021)[path].citations)}
        book = attrs.evolve(rulebook(2021), terms={**rulebook(2021).terms, **odd})
        entered = proposal(2021, submitted_at=at("2021-05-11T12:00:00+07:00"))

        with pytest.raises(InvalidValue, match=f"{path}: expected {expected}"):
            submitted_in_time(book, entered)


class TestEnteredOnceAndStill:
    """Said in words: what was entered twice, what left."""

    def test_twice(self) -> None:
        mine, again = proposal(2021), attrs.evolve(proposal(2021), id="q")

        for others in ([again], [mine, again], field_of([mine, again], 2021)):
            decision = innovation_once(rulebook(2021), mine, others=others)
            assert answered(decision) == (Outcome.UNKNOWN, ("INNOVATION_ENTERED_TWICE",))
            assert say(decision.reasons[0], "en") == (
                "unknown: the agency entered one innovation in more than one proposal of the "
                "cycle: i1 (others: 1); no source says whether it may"
            )

    def test_left(self) -> None:
        gone = attrs.evolve(proposal(2021), withdrawn=True)

        assert answered(still_entered(gone)) == (Outcome.NOT_MET, ("WITHDRAWN",))
        assert answered(still_entered(proposal(2021))) == (Outcome.MET, ("STILL_ENTERED",))


LATE = proposal(
    2021,
    documents=(),
    words=(("summary", 10**6),),
    video_minutes=10**6,
    submitted_at=at("2030-01-01T00:00:00+07:00"),
)


class TestWithoutALimit:
    """Unlimited, or never asked: met whatever was handed in."""

    @pytest.mark.parametrize("state", [Unlimited, NotOpen])
    def test_no_limit(self, state: type[Unlimited | NotOpen]) -> None:
        cites = rulebook(2021)["held"].citations
        for path, decide in {
            "documents.required": documents_complete,
            "summary.words": word_limit,
            "video.minutes": video_length,
            "schedule.registration_closes": submitted_in_time,
            "schedule.closing_zone": submitted_in_time,
            "screening.fail_reasons": careful_answers,
        }.items():
            book = rulebook(2021).reform({path: state(cites)}, name="free")
            assert decide(book, LATE).outcome is Outcome.MET, path

    def test_an_empty_list_asks_for_nothing(self) -> None:
        book = rulebook(2022).reform({"documents.required": []}, name="none")

        assert answered(documents_complete(book, proposal(2022))) == (Outcome.MET, ("NOT_ASKED",))

    def test_registration_that_never_closes_needs_no_zone(self) -> None:
        """Nobody found the zone of 2014; with no close there is nothing to compare it with."""
        never = Unlimited(rulebook(2014)["held"].citations)
        book = rulebook(2014).reform({"schedule.registration_closes": never}, name="open")

        assert answered(submitted_in_time(book, proposal(2014))) == (Outcome.MET, ("NOT_ASKED",))

    def test_no_hour(self) -> None:
        cites = rulebook(2021)["held"].citations
        book = rulebook(2021).reform({"schedule.closing_time": Unlimited(cites)}, name="all day")
        entered = proposal(2021, submitted_at=at("2021-05-11T23:59:59+07:00"))

        assert submitted_in_time(book, entered).outcome is Outcome.MET


@pytest.mark.parametrize(
    "decide",
    [documents_complete, word_limit, video_length, careful_answers, submitted_in_time],
)
def test_a_year_without_contest_refuses_everything(decide: object) -> None:
    assert callable(decide)
    book: Rulebook = rulebook(2024)

    assert decide(book, proposal(2024)).codes == ("NO_KIPP_HELD",)
    assert title_once(book, proposal(2024), others=()).codes == ("NO_KIPP_HELD",)
