"""Administrative screening: what was handed in, when, and whether it still stands.

Indonesian: *seleksi administrasi*.  What a reader has to judge (careless answers) comes in as a
recorded fact; the rest is compared here.  Reasons for failing differ by cycle
(``screening.fail_reasons``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs
import pendulum
from pendulum.tz.timezone import FixedTimezone, Timezone

from kipp.domain.citation import Cited, NotFound, Settled
from kipp.domain.cycle import Schedule
from kipp.domain.dates import Date, DateRange, DateTime
from kipp.domain.errors import InvalidValue
from kipp.domain.proposal import Proposal
from kipp.rules.decision import UNSETTLED, Decision, Outcome, Reason, RuleId, settle, unrecorded
from kipp.rules.field import Field, field_of, plain, settle_held
from kipp.rules.rulebook import Rulebook

__all__ = [
    "CARELESS",
    "CODES",
    "CODES_OF",
    "DEADLINE",
    "DOCUMENTS",
    "ENTERED",
    "INNOVATION",
    "RULE_IDS",
    "TITLE",
    "VIDEO",
    "WORDS",
    "careful_answers",
    "documents_complete",
    "innovation_once",
    "still_entered",
    "submitted_in_time",
    "title_once",
    "video_length",
    "word_limit",
]

DOCUMENTS = RuleId("documents-complete")
WORDS = RuleId("word-limit")
VIDEO = RuleId("video-length")
CARELESS = RuleId("careful-answers")
TITLE = RuleId("title-once")
DEADLINE = RuleId("submitted-in-time")
INNOVATION = RuleId("innovation-once")
ENTERED = RuleId("still-entered")

_Values = tuple[tuple[str, object], ...]

RULE_IDS: tuple[RuleId, ...] = (
    DOCUMENTS,
    WORDS,
    VIDEO,
    CARELESS,
    TITLE,
    DEADLINE,
    INNOVATION,
    ENTERED,
)

CODES_OF: Mapping[RuleId, tuple[str, ...]] = {
    DOCUMENTS: (
        "DOCUMENTS_COMPLETE",
        "DOCUMENT_MISSING",
        "NOT_ASKED",
        "NO_KIPP_HELD",
        *UNSETTLED,
    ),
    WORDS: (
        "WITHIN_WORD_LIMIT",
        "TOO_MANY_WORDS",
        "NO_KIPP_HELD",
        *UNSETTLED,
    ),
    VIDEO: (
        "WITHIN_VIDEO_LIMIT",
        "VIDEO_TOO_LONG",
        "NO_KIPP_HELD",
        *UNSETTLED,
    ),
    CARELESS: (
        "CAREFUL_ANSWERS",
        "CARELESS_ANSWERS",
        "NOT_ASKED",
        "NO_KIPP_HELD",
        *UNSETTLED,
    ),
    TITLE: (
        "TITLE_USED_ONCE",
        "DUPLICATE_TITLE",
        "NOT_ASKED",
        "NO_KIPP_HELD",
        *UNSETTLED[1:],
    ),
    DEADLINE: (
        "SUBMITTED_IN_TIME",
        "SUBMITTED_LATE",
        "SUBMITTED_EARLY",
        "OPENING_DAY_UNCLEAR",
        "NOT_ASKED",
        "NO_KIPP_HELD",
        *UNSETTLED,
    ),
    INNOVATION: ("INNOVATION_ENTERED_ONCE", "INNOVATION_ENTERED_TWICE"),
    ENTERED: ("STILL_ENTERED", "WITHDRAWN", "DISQUALIFIED"),
}

CODES: tuple[str, ...] = tuple(dict.fromkeys(code for codes in CODES_OF.values() for code in codes))

SUMMARY = "summary"
# The words of ``screening.fail_reasons`` that the two rules below answer to.
CARELESS_REASON = "complete but careless answers"
TITLE_REASON = "one title used for more than one proposal"

__all__ += ["CARELESS_REASON", "SUMMARY", "TITLE_REASON"]


def documents_complete(book: Rulebook, proposal: Proposal) -> Decision:
    """Whether every required document (*dokumen pendukung*) is there: ``documents.required``."""
    reason = settle_held(
        book, "documents.required", lambda required: _documents(required, proposal.documents)
    )
    return Decision(rule=DOCUMENTS, subject=proposal.id, reasons=(reason,))


def _documents(required: Settled[tuple[str, ...]], there: tuple[str, ...] | None) -> Reason:
    if not isinstance(required, Cited) or not required.value:
        return Reason(Outcome.MET, "NOT_ASKED")
    if there is None:
        return unrecorded("documents")
    missing = tuple(document for document in required.value if document not in there)
    if missing:
        return Reason(Outcome.NOT_MET, "DOCUMENT_MISSING", (("missing", missing),))
    return Reason(Outcome.MET, "DOCUMENTS_COMPLETE", (("required", required.value),))


def word_limit(book: Rulebook, proposal: Proposal) -> Decision:
    """Whether the summary (*ringkasan*) keeps to ``summary.words``, both ends included."""
    words = None if proposal.words is None else dict(proposal.words).get(SUMMARY)
    reason = settle_held(
        book,
        "summary.words",
        lambda most: _at_most(most, words, SUMMARY, "WITHIN_WORD_LIMIT", "TOO_MANY_WORDS"),
    )
    return Decision(rule=WORDS, subject=proposal.id, reasons=(reason,))


def video_length(book: Rulebook, proposal: Proposal) -> Decision:
    """Whether the video keeps to ``video.minutes`` (whole minutes), both ends included."""
    reason = settle_held(
        book,
        "video.minutes",
        lambda most: _at_most(
            most, proposal.video_minutes, "video", "WITHIN_VIDEO_LIMIT", "VIDEO_TOO_LONG"
        ),
    )
    return Decision(rule=VIDEO, subject=proposal.id, reasons=(reason,))


def _at_most(most: Settled[int], length: int | None, of: str, met: str, above: str) -> Reason:
    if not isinstance(most, Cited):
        return Reason(Outcome.MET, met, (("of", of), ("length", length)))
    if length is None:
        return unrecorded(of)
    values = (("of", of), ("length", length), ("at_most", most.value))
    if length > most.value:
        return Reason(Outcome.NOT_MET, above, values)
    return Reason(Outcome.MET, met, values)


def careful_answers(book: Rulebook, proposal: Proposal) -> Decision:
    """Whether the answers are careful (*tidak asal-asalan*): a reader's recorded finding.

    Asked where ``screening.fail_reasons`` lists careless answers (ministry, 2017 and 2018).
    """
    reason = settle_held(
        book, "screening.fail_reasons", lambda listed: _careful(listed, proposal.careless)
    )
    return Decision(rule=CARELESS, subject=proposal.id, reasons=(reason,))


def _careful(listed: Settled[tuple[str, ...]], careless: bool | None) -> Reason:
    if not _lists(listed, CARELESS_REASON):
        return Reason(Outcome.MET, "NOT_ASKED")
    if careless is None:
        return unrecorded("careless")
    if careless:
        return Reason(Outcome.NOT_MET, "CARELESS_ANSWERS")
    return Reason(Outcome.MET, "CAREFUL_ANSWERS")


def title_once(
    book: Rulebook, proposal: Proposal, *, others: Iterable[Proposal] | Field
) -> Decision:
    """Whether no other proposal of the same agency bears the same title (*judul ganda*).

    Case and blanks aside; withdrawn proposals do not count.  Asked where
    ``screening.fail_reasons`` lists it (ministry, 2017 and 2018).
    """
    bearing = _also_bearing(field_of(others, book.year), proposal)
    reason = settle_held(
        book, "screening.fail_reasons", lambda listed: _once(listed, proposal, bearing)
    )
    return Decision(rule=TITLE, subject=proposal.id, reasons=(reason,))


def _also_bearing(field: Field, proposal: Proposal) -> int:
    """How many other standing proposals of the agency bear the title."""
    counted = field.proposals.get(proposal.id)
    itself = (
        counted is not None
        and not counted.withdrawn
        and counted.agency == proposal.agency
        and plain(counted.title) == plain(proposal.title)
    )
    return field.bearing(proposal.agency, proposal.title) - itself


def _once(listed: Settled[tuple[str, ...]], proposal: Proposal, also: int) -> Reason:
    if not _lists(listed, TITLE_REASON):
        return Reason(Outcome.MET, "NOT_ASKED")
    values = (("title", proposal.title), ("also", also))
    if also:
        return Reason(Outcome.NOT_MET, "DUPLICATE_TITLE", values)
    return Reason(Outcome.MET, "TITLE_USED_ONCE", values)


def _lists(listed: Settled[tuple[str, ...]], reason: str) -> bool:
    return isinstance(listed, Cited) and reason in listed.value


def innovation_once(
    book: Rulebook, proposal: Proposal, *, others: Iterable[Proposal] | Field
) -> Decision:
    """Whether the agency entered the innovation once in the cycle (*satu inovasi satu proposal*).

    Withdrawn proposals do not count.  No source was found that refuses a second proposal about
    one innovation, or admits it: entered twice it is ``UNKNOWN``, for a person to look at.
    """
    counted = field_of(others, book.year).holding(proposal)
    also = counted.entering(proposal.agency, proposal.innovation.id) - (not proposal.withdrawn)
    values = (("innovation", proposal.innovation.id), ("also", also))
    if also:
        reason = Reason(Outcome.UNKNOWN, "INNOVATION_ENTERED_TWICE", values)
    else:
        reason = Reason(Outcome.MET, "INNOVATION_ENTERED_ONCE", values)
    return Decision(rule=INNOVATION, subject=proposal.id, reasons=(reason,))


def still_entered(proposal: Proposal) -> Decision:
    """Whether the proposal still stands: neither withdrawn (*ditarik*) nor disqualified (*gugur*).

    A judgement about one that left says what it would have been told, and this.  A withdrawn
    proposal counts for nothing: neither for the duty nor for the cap; a disqualified one was
    entered all the same.
    """
    reasons = tuple(
        Reason(Outcome.NOT_MET, code)
        for code, left in (
            ("WITHDRAWN", proposal.withdrawn),
            ("DISQUALIFIED", proposal.disqualified),
        )
        if left
    )
    still = Reason(Outcome.MET, "STILL_ENTERED")
    return Decision(rule=ENTERED, subject=proposal.id, reasons=reasons or (still,))


def submitted_in_time(book: Rulebook, proposal: Proposal) -> Decision:
    """Whether the proposal came while registration was open (*masa pendaftaran*), both ends in.

    The last announced close counts, in the closing zone, its whole last minute included; where
    no hour is known, the whole day.  No source states the zone: Asia/Jakarta is inferred.  The
    first day counts where a source states it; one known to the month leaves the days it may be
    open.

    Raises:
        InvalidValue: the rulebook's zone or time cannot be read.
    """
    moment = proposal.submitted_at
    closed = settle_held(
        book, "schedule.registration_closes", lambda days: _by_the_close(book, days, moment)
    )
    reasons = _since_the_opening(book, moment, closed)
    return Decision(rule=DEADLINE, subject=proposal.id, reasons=reasons)


def _by_the_close(
    book: Rulebook, days: Settled[tuple[Date, ...]], moment: DateTime | None
) -> Reason:
    if not isinstance(days, Cited):
        return Reason(Outcome.MET, "NOT_ASKED")
    close = Schedule(opens=None, closes=days.value).close
    zone = book.term("schedule.closing_zone")
    return settle(zone, lambda name: _in_time(book, close, name, moment))


def _in_time(book: Rulebook, close: Date, zone: Settled[str], moment: DateTime | None) -> Reason:
    if not isinstance(zone, Cited):
        return Reason(Outcome.MET, "NOT_ASKED")
    if moment is None:
        return unrecorded("submitted_at")
    local = moment.in_timezone(_zone(zone.value))
    values: _Values = (("submitted_at", local), ("close", close), ("zone", zone.value))
    if local.date() != close:
        return _verdict(local.date() > close, values)
    hour = book.term("schedule.closing_time")
    if isinstance(hour.value, NotFound):
        return _verdict(False, values)
    return settle(hour, lambda time: _by_the_hour(time, local, values))


def _since_the_opening(
    book: Rulebook, moment: DateTime | None, closed: Reason
) -> tuple[Reason, ...]:
    """What the first day adds to what the close says; nothing where no source states it."""
    opens, zone = book.term("schedule.registration_opens"), book.term("schedule.closing_zone")
    if moment is None or isinstance(opens.value, NotFound):
        return (closed,)
    opened = settle(opens, lambda first: settle(zone, lambda name: _since(first, name, moment)))
    if opened.outcome is not Outcome.MET:
        return closed, opened
    if closed.code != "SUBMITTED_IN_TIME":
        return (closed,)
    terms = tuple(dict.fromkeys((*closed.terms, *opened.terms)))
    return (attrs.evolve(closed, values=(*closed.values, *opened.values), terms=terms),)


def _since(first: Settled[Date | DateRange], zone: Settled[str], moment: DateTime) -> Reason:
    if not isinstance(first, Cited) or not isinstance(zone, Cited):
        return Reason(Outcome.MET, "NOT_ASKED")
    opens, local = first.value, moment.in_timezone(_zone(zone.value))
    earliest, latest = (opens.first, opens.last) if isinstance(opens, DateRange) else (opens, opens)
    values = (("submitted_at", local), ("opens", opens), ("zone", zone.value))
    if local.date() < earliest:
        return Reason(Outcome.NOT_MET, "SUBMITTED_EARLY", values)
    if local.date() < latest:
        return Reason(Outcome.UNKNOWN, "OPENING_DAY_UNCLEAR", values)
    return Reason(Outcome.MET, "SUBMITTED_IN_TIME", (("opens", opens),))


def _by_the_hour(time: Settled[str], local: DateTime, values: _Values) -> Reason:
    if not isinstance(time, Cited):
        return _verdict(False, values)
    last = _time(time.value)
    late = (local.hour, local.minute) > (last.hour, last.minute)
    return _verdict(late, (*values, ("closing_time", time.value)))


def _verdict(late: bool, values: _Values) -> Reason:
    if late:
        return Reason(Outcome.NOT_MET, "SUBMITTED_LATE", values)
    return Reason(Outcome.MET, "SUBMITTED_IN_TIME", values)


def _zone(name: str) -> Timezone | FixedTimezone:
    try:
        return pendulum.timezone(name)
    except ValueError:  # what looks like a path raises another one than an unknown name does
        expected = "the name of a time zone, such as Asia/Jakarta"
        raise InvalidValue("schedule.closing_zone", name, expected) from None


def _time(text: str) -> dt.time:
    try:
        read = dt.time.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or f"{read:%H:%M}" != text:
        raise InvalidValue("schedule.closing_time", text, "a time written HH:MM")
    return read
