"""Whether an innovation may take part: held, who, group, age, earlier awards, category, SDG.

Indonesian: *persyaratan peserta dan inovasi*.  One small rule per requirement, each about one
proposal in one cycle.  Every number (years of age, tiers that exclude, how often in the Top 99)
stands in the rulebook of the cycle; what a cycle never published answers ``UNKNOWN``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from kipp.domain.agency import Agency, AgencyKind
from kipp.domain.award import Award, AwardHistory, AwardSpan, Level
from kipp.domain.citation import Cited, NotFound, NotOpen, Settled, Term, Unlimited, cited
from kipp.domain.cycle import Group, Schedule
from kipp.domain.dates import Date, DateRange, Period
from kipp.domain.errors import InvalidValue
from kipp.domain.innovation import Innovation
from kipp.domain.proposal import Proposal
from kipp.rules.agency import CODES as AGENCY_CODES
from kipp.rules.agency import doubts, refusal, unregistered, year_days
from kipp.rules.decision import (
    UNSETTLED,
    Decision,
    Outcome,
    Reason,
    RuleId,
    settle,
    unrecorded,
)
from kipp.rules.field import (
    group_of,
    held_reason,
    not_offered,
    offered_reason,
    plain,
    settle_held,
)
from kipp.rules.history import earlier, finalist_years, reached
from kipp.rules.rulebook import Rulebook

__all__ = [
    "CODES",
    "CODES_OF",
    "RULE_IDS",
    "age_reason",
    "award_reasons",
    "category_offered",
    "cycle_held",
    "earlier_awards",
    "group_offered",
    "invitation",
    "minimum_age",
    "participant",
    "sdg_link",
]

HELD = RuleId("cycle-held")
PARTICIPANT = RuleId("participant")
GROUP = RuleId("group-offered")
INVITATION = RuleId("invitation")
AGE = RuleId("minimum-age")
AWARDS = RuleId("earlier-awards")
CATEGORY = RuleId("category-offered")
SDG = RuleId("sdg-link")

RULE_IDS: tuple[RuleId, ...] = (
    HELD,
    PARTICIPANT,
    GROUP,
    INVITATION,
    AGE,
    AWARDS,
    CATEGORY,
    SDG,
)

# The one day that ``minimum_age.counts_from`` may name.
COUNTS_FROM_CLOSE = "registration_closes"

__all__ += [
    "AGE",
    "AGE_CODES",
    "AWARDS",
    "AWARD_CODES",
    "CATEGORY",
    "COUNTS_FROM_CLOSE",
    "GROUP",
    "HELD",
    "INVITATION",
    "PARTICIPANT",
    "REPLICA_AWARD_CODES",
    "SDG",
]

AGE_CODES: tuple[str, ...] = ("OLD_ENOUGH", "TOO_YOUNG", "NO_MINIMUM_AGE")
"""What :func:`age_reason` says beside the codes that any rule may give."""

REPLICA_AWARD_CODES: tuple[str, ...] = (
    "NO_EXCLUDING_AWARD",
    "HIGHEST_TIER_BEFORE",
    "TOP99_WITHIN_LIMIT",
    "TOP99_TWICE",
    "NEVER_AWARDED",
    "REPLICA_ALREADY_AWARDED",
    "EARLIER_AWARDS_ALLOWED",
    "AWARD_GROUP_NOT_RECORDED",
)
"""What :func:`award_reasons` says of the replication group, the general one's among them."""

AWARD_CODES: tuple[str, ...] = (
    *REPLICA_AWARD_CODES,
    "SPECIAL_TIER_BEFORE",
    "SPECIAL_TIER_MISSING",
    "TERPUJI_TOO_RECENT_FOR_SPECIAL",
    "NO_BARRING_AWARD",
    "BARRED_BY_AWARD",
    "OWN_TIER_WITHIN_LIMIT",
    "OWN_TIER_TOO_OFTEN",
)
"""What :func:`award_reasons` says of any group."""

_OPEN = ("GROUP_NOT_OFFERED", *UNSETTLED)

CODES_OF: Mapping[RuleId, tuple[str, ...]] = {
    HELD: ("KIPP_HELD", "NO_KIPP_HELD", *UNSETTLED[1:]),
    PARTICIPANT: (
        "PARTICIPANT_ADMITTED",
        "PARTICIPANT_NOT_ADMITTED",
        *AGENCY_CODES,
        "NO_KIPP_HELD",
        *UNSETTLED,
    ),
    GROUP: ("GROUP_OFFERED", *_OPEN),
    INVITATION: ("INVITED", "NOT_INVITED", "INVITATION_NOT_NEEDED", *_OPEN),
    AGE: (*AGE_CODES, *_OPEN),
    AWARDS: (*AWARD_CODES, *_OPEN),
    CATEGORY: ("CATEGORY_OFFERED", "CATEGORY_NOT_OFFERED", "NO_KIPP_HELD", *UNSETTLED),
    SDG: ("SDG_LINKED", "SDG_MISSING", "NO_KIPP_HELD", *UNSETTLED),
}

CODES: tuple[str, ...] = tuple(dict.fromkeys(code for codes in CODES_OF.values() for code in codes))

_Awards = tuple[Award, ...] | None
_Check = Callable[[Term[Any], _Awards], Reason]


def cycle_held(book: Rulebook, proposal: Proposal) -> Decision:
    """Whether the contest (*periode KIPP*) was held at all: not in 2024, not known of 2026."""
    return Decision(rule=HELD, subject=proposal.id, reasons=(held_reason(book),))


def participant(book: Rulebook, proposal: Proposal, *, agency: Agency | None) -> Decision:
    """Whether an agency of this kind may enter (*peserta*): ``participants`` lists the kinds.

    It must have stood on some day of the registration period; where a source does not state an
    end of that, the year of the contest has it.  An agency without autonomy is no local
    government: its province enters.  *agency* is none where the registry does not hold the
    proposal's; that, or a kind not known, answers ``UNKNOWN``.

    Raises:
        InvalidValue: the cycle of *proposal* is no year of the calendar.
    """
    held = held_reason(book)
    if held.outcome is Outcome.NOT_MET:
        reasons: tuple[Reason, ...] = (held,)
    elif agency is None:
        reasons = (unregistered(proposal.agency, book.term("participants")),)
    else:
        reasons = _entering(book, proposal, agency)
    return Decision(rule=PARTICIPANT, subject=proposal.id, reasons=reasons)


def _entering(book: Rulebook, proposal: Proposal, agency: Agency) -> tuple[Reason, ...]:
    first, last = _registration(book, proposal.cycle)
    terms = tuple(book.term(path) for path in _PERIOD if path in book.terms)
    refused = refusal(agency, first, last, *terms)
    if refused is not None:
        return (refused,)
    participants = book.term("participants")
    admitted = settle(participants, lambda kinds: _admitted(kinds, agency.kind))
    return (*doubts(agency, first, last, *terms), admitted)


_PERIOD = ("schedule.registration_opens", "schedule.registration_closes")


def _registration(book: Rulebook, year: int) -> tuple[Date, Date]:
    """The registration period at its longest: what no source states is the year's own end."""
    opens, closes = (tuple(cited(book[path])) for path in _PERIOD)
    first, last = year_days(year)
    ends = [each for days in closes for each in days]
    begins = [each.first if isinstance(each, DateRange) else each for each in opens]
    last = max(ends, default=last)
    return min(begins, default=min(first, last)), last


def _admitted(kinds: Settled[tuple[AgencyKind, ...]], kind: AgencyKind | None) -> Reason:
    values = (("kind", kind),)
    if isinstance(kinds, Cited) and kind is None:
        return unrecorded("agency.kind")
    if isinstance(kinds, Unlimited) or (isinstance(kinds, Cited) and kind in kinds.value):
        return Reason(Outcome.MET, "PARTICIPANT_ADMITTED", values)
    return Reason(Outcome.NOT_MET, "PARTICIPANT_NOT_ADMITTED", values)


def group_offered(book: Rulebook, proposal: Proposal) -> Decision:
    """Whether the cycle has the group (*kelompok*) that the proposal is entered in."""
    return _by_group(GROUP, book, proposal, lambda group: (offered_reason(book, group),))


def invitation(book: Rulebook, proposal: Proposal) -> Decision:
    """Whether the minister invited the proposal, where its group is entered by invitation only.

    ``groups.<group>.all_invited`` may assume it for proposals about which nothing is recorded.

    Source: ministry, 17 March 2021, on the special group (*kelompok khusus*).
    """

    def judge(group: Group) -> tuple[Reason, ...]:
        term = book.term(f"groups.{group.key}.by_invitation")
        everybody = book.term(f"groups.{group.key}.all_invited")
        return (settle(term, lambda flag: _invited(flag, group, proposal.invited, everybody)),)

    return _by_group(INVITATION, book, proposal, judge)


def _invited(
    flag: Settled[bool], group: Group, invited: bool | None, everybody: Term[bool]
) -> Reason:
    values = (("group", group),)
    if isinstance(flag, NotOpen):
        return not_offered(group)
    if isinstance(flag, Unlimited) or not flag.value:
        return Reason(Outcome.MET, "INVITATION_NOT_NEEDED", values)
    if invited:
        return Reason(Outcome.MET, "INVITED", values)
    if invited is False:
        return Reason(Outcome.NOT_MET, "NOT_INVITED", values)
    if isinstance(everybody.value, Cited) and everybody.value.value:
        return Reason(Outcome.MET, "INVITED", values, (everybody,))
    return unrecorded("invited")


def minimum_age(book: Rulebook, proposal: Proposal) -> Decision:
    """Whether the innovation ran long enough (*usia minimal inovasi*), to the day.

    It must have started no later than the minimum age before the last announced close of
    registration; 29 February goes to 28 February.  An innovation related to the pandemic has an
    age of its own where the cycle sets one.  Where no source says from which day the age counts,
    the answer is given when every day of the registration period leads to it.

    Raises:
        InvalidValue: the rulebook counts from another day than the close of registration.
    """

    def judge(group: Group) -> tuple[Reason, ...]:
        return (age_reason(book, proposal.innovation, group),)

    return _by_group(AGE, book, proposal, judge)


def age_reason(book: Rulebook, innovation: Innovation, group: Group) -> Reason:
    """What the minimum age of *group* says about *innovation*."""
    general = f"groups.{group.key}.minimum_age"
    pandemic = f"groups.{group.key}.minimum_age_pandemic"
    if pandemic not in book.terms or innovation.pandemic_related is False:
        return _aged(book, general, innovation.started, group)
    if innovation.pandemic_related:
        return _aged(book, pandemic, innovation.started, group)
    one, other = (_aged(book, path, innovation.started, group) for path in (general, pandemic))
    if one.outcome is not other.outcome:
        return unrecorded("pandemic_related", book.term(general), book.term(pandemic))
    return attrs.evolve(one, terms=tuple(dict.fromkeys((*one.terms, *other.terms))))


def _aged(book: Rulebook, path: str, started: Date | None, group: Group) -> Reason:
    def judge(age: Settled[Period]) -> Reason:
        match age:
            case Cited(value=period):
                return _at_close(book, period, started, group)
            case NotOpen():
                return not_offered(group)
            case _:
                return Reason(Outcome.MET, "NO_MINIMUM_AGE", (("group", group),))

    return settle(book.term(path), judge)


def _at_close(book: Rulebook, period: Period, started: Date | None, group: Group) -> Reason:
    def judge(closes: Settled[tuple[Date, ...]]) -> Reason:
        if not isinstance(closes, Cited):
            return Reason(Outcome.MET, "NO_MINIMUM_AGE", (("group", group),))
        close = Schedule(opens=None, closes=closes.value).close
        return _compare(book, period, started, group, close)

    return settle(book.term("schedule.registration_closes"), judge)


def _compare(
    book: Rulebook, period: Period, started: Date | None, group: Group, close: Date
) -> Reason:
    counts_from = book.term("minimum_age.counts_from")
    if started is None:
        return unrecorded("started", counts_from)
    latest = period.before(close)
    values = (
        ("group", group),
        ("started", started),
        ("latest_start", latest),
        ("minimum_age", period),
        ("close", close),
    )
    if started > latest:
        return Reason(Outcome.NOT_MET, "TOO_YOUNG", values, (counts_from,))
    old = Reason(Outcome.MET, "OLD_ENOUGH", values)
    if isinstance(counts_from.value, NotFound):
        opens = book.term("schedule.registration_opens")
        if _old_at_opening(opens, period, started):
            return attrs.evolve(old, terms=(counts_from, opens))
        return settle(counts_from, lambda _: old)
    return settle(counts_from, lambda day: _from_the_close(day, old))


def _from_the_close(day: Settled[str], old: Reason) -> Reason:
    if not isinstance(day, Cited) or day.value == COUNTS_FROM_CLOSE:
        return old
    raise InvalidValue("minimum_age.counts_from", day.value, COUNTS_FROM_CLOSE)


def _old_at_opening(opens: Term[Date | DateRange], period: Period, started: Date) -> bool:
    if not isinstance(opens.value, Cited):
        return False
    first = opens.value.value
    return started <= period.before(first.first if isinstance(first, DateRange) else first)


def earlier_awards(book: Rulebook, proposal: Proposal, *, history: AwardHistory | None) -> Decision:
    """Whether what the innovation reached before (*riwayat penghargaan*) fits the group.

    General: no excluding tier, and fewer than two Top 99.  Replication: itself never awarded,
    where the cycle asks it.  Special: a highest tier inside the cycle's range, no barring award,
    not too often in the group's own tier.  Only tiers of earlier years count.  *history* is none
    where nobody recorded it; a finalist whose group is not recorded leaves ``UNKNOWN`` where it
    matters.
    """

    def judge(group: Group) -> tuple[Reason, ...]:
        return award_reasons(book, group, history)

    return _by_group(AWARDS, book, proposal, judge)


def award_reasons(book: Rulebook, group: Group, history: AwardHistory | None) -> tuple[Reason, ...]:
    """Every reason that the earlier awards give for or against *group*; at least one."""
    offered = offered_reason(book, group)
    if offered.outcome is Outcome.NOT_MET:
        return (offered,)
    awards = None if history is None else earlier(history, book.year)
    terms = {leaf: book.term(f"groups.{group.key}.{leaf}") for leaf in _CHECKS[group]}
    return tuple(
        check(terms[leaf], awards)
        for leaf, check in _CHECKS[group].items()
        if leaf in _ALWAYS[group] or terms[leaf].path in book.terms
    )


def _excluded(term: Term[tuple[AwardSpan, ...]], awards: _Awards) -> Reason:
    return _in_none(term, awards, "NO_EXCLUDING_AWARD", "HIGHEST_TIER_BEFORE")


def _barred(term: Term[tuple[AwardSpan, ...]], awards: _Awards) -> Reason:
    return _in_none(term, awards, "NO_BARRING_AWARD", "BARRED_BY_AWARD")


def _in_none(term: Term[tuple[AwardSpan, ...]], awards: _Awards, free: str, caught: str) -> Reason:
    """Met when no award lies in the spans; an innovation never awarded needs no list."""
    if awards == ():
        return Reason(Outcome.MET, free, (), (term,))

    def judge(spans: Settled[tuple[AwardSpan, ...]]) -> Reason:
        if not isinstance(spans, Cited):
            return Reason(Outcome.MET, free)
        if awards is None:
            return unrecorded("history")
        match reached(spans.value, (award.tier for award in awards)):
            case True:
                return Reason(Outcome.NOT_MET, caught, _labels(awards))
            case False:
                return Reason(Outcome.MET, free, _labels(awards))
            case _:
                return Reason(Outcome.UNKNOWN, "AWARD_GROUP_NOT_RECORDED", _labels(awards))

    return settle(term, judge)


def _top99(term: Term[int], awards: _Awards) -> Reason:
    return _at_most(term, awards, Group.GENERAL, "TOP99_WITHIN_LIMIT", "TOP99_TWICE")


def _own_tier(term: Term[int], awards: _Awards) -> Reason:
    return _at_most(term, awards, Group.SPECIAL, "OWN_TIER_WITHIN_LIMIT", "OWN_TIER_TOO_OFTEN")


def _at_most(term: Term[int], awards: _Awards, group: Group, within: str, above: str) -> Reason:
    """Met when a finalist of *group* in no more years than the term; none at all needs no term."""
    if awards == ():
        return Reason(Outcome.MET, within, (("years", 0),), (term,))

    def judge(limit: Settled[int]) -> Reason:
        if not isinstance(limit, Cited):
            return Reason(Outcome.MET, within)
        if awards is None:
            return unrecorded("history")
        surely, perhaps = finalist_years(awards, group)
        values = (("years", surely), ("at_most", limit.value), *_labels(awards))
        if surely > limit.value:
            return Reason(Outcome.NOT_MET, above, values)
        if perhaps > limit.value:
            return Reason(Outcome.UNKNOWN, "AWARD_GROUP_NOT_RECORDED", values)
        return Reason(Outcome.MET, within, values)

    return settle(term, judge)


def _never_awarded(term: Term[bool], awards: _Awards) -> Reason:
    """Whether a replica was itself never awarded, where the cycle asks that."""
    if awards == ():
        return Reason(Outcome.MET, "NEVER_AWARDED", (), (term,))

    def judge(asked: Settled[bool]) -> Reason:
        if not isinstance(asked, Cited) or not asked.value:
            return Reason(Outcome.MET, "EARLIER_AWARDS_ALLOWED")
        if awards is None:
            return unrecorded("history")
        return Reason(Outcome.NOT_MET, "REPLICA_ALREADY_AWARDED", _labels(awards))

    return settle(term, judge)


def _special(term: Term[tuple[AwardSpan, ...]], awards: _Awards) -> Reason:
    def judge(spans: Settled[tuple[AwardSpan, ...]]) -> Reason:
        if not isinstance(spans, Cited):
            return Reason(Outcome.MET, "EARLIER_AWARDS_ALLOWED")
        if awards is None:
            return unrecorded("history")
        match reached(spans.value, (award.tier for award in awards)):
            case True:
                return Reason(Outcome.MET, "SPECIAL_TIER_BEFORE", _labels(awards))
            case False:
                return Reason(Outcome.NOT_MET, _missing(spans.value, awards), _labels(awards))
            case _:
                return Reason(Outcome.UNKNOWN, "AWARD_GROUP_NOT_RECORDED", _labels(awards))

    return settle(term, judge)


def _missing(spans: tuple[AwardSpan, ...], awards: tuple[Award, ...]) -> str:
    """A highest tier newer than every span is a case of its own: it fits no group that year."""
    last = max((span.last_year for span in spans), default=0)
    newer = any(award.tier.level is Level.WINNER and award.tier.year > last for award in awards)
    return "TERPUJI_TOO_RECENT_FOR_SPECIAL" if newer else "SPECIAL_TIER_MISSING"


def _labels(awards: tuple[Award, ...]) -> tuple[tuple[str, object], ...]:
    return (("awards", tuple(sorted({award.tier.label for award in awards}))),)


# What each group asks of the innovation's own awards, in the order of the reasons.
_CHECKS: Mapping[Group, Mapping[str, _Check]] = {
    Group.GENERAL: {
        "excluding_awards": _excluded,
        "top99_before": _top99,
    },
    Group.REPLICATION: {
        "itself_never_awarded": _never_awarded,
        "excluding_awards": _excluded,
        "top99_before": _top99,
    },
    Group.SPECIAL: {
        "source_awards": _special,
        "barring_awards": _barred,
        "own_tier_before": _own_tier,
        "excluding_awards": _excluded,
    },
}
_ALWAYS: Mapping[Group, tuple[str, ...]] = {
    Group.GENERAL: ("excluding_awards", "top99_before"),
    Group.REPLICATION: ("itself_never_awarded",),
    Group.SPECIAL: ("source_awards",),
}


def category_offered(book: Rulebook, proposal: Proposal) -> Decision:
    """Whether the category (*kategori*) is one of the cycle's; case and blanks aside."""
    reason = settle_held(
        book, "categories.names", lambda names: _in_category(names, proposal.category)
    )
    return Decision(rule=CATEGORY, subject=proposal.id, reasons=(reason,))


def _in_category(names: Settled[tuple[str, ...]], category: str | None) -> Reason:
    if category is None and isinstance(names, Cited):
        return unrecorded("category")
    values = (("category", category),)
    known = {plain(name) for name in names.value} if isinstance(names, Cited) else None
    if known is None or plain(category or "") in known:
        return Reason(Outcome.MET, "CATEGORY_OFFERED", values)
    return Reason(Outcome.NOT_MET, "CATEGORY_NOT_OFFERED", values)


def sdg_link(book: Rulebook, proposal: Proposal) -> Decision:
    """Whether the innovation is linked to enough Sustainable Development Goals (*TPB/SDGs*)."""
    reason = settle_held(book, "sdg_minimum", lambda least: _linked(least, proposal.innovation))
    return Decision(rule=SDG, subject=proposal.id, reasons=(reason,))


def _linked(least: Settled[int], innovation: Innovation) -> Reason:
    if not isinstance(least, Cited) or not least.value:
        return Reason(Outcome.MET, "SDG_LINKED")
    if innovation.sdgs is None:
        return unrecorded("sdgs")
    linked = len(set(innovation.sdgs))
    values = (("linked", linked), ("at_least", least.value))
    if linked < least.value:
        return Reason(Outcome.NOT_MET, "SDG_MISSING", values)
    return Reason(Outcome.MET, "SDG_LINKED", values)


def _by_group(
    rule: RuleId,
    book: Rulebook,
    proposal: Proposal,
    judge: Callable[[Group], tuple[Reason, ...]],
) -> Decision:
    group = group_of(book, proposal.group)
    reasons = (unrecorded("group"),) if group is None else judge(group)
    return Decision(rule=rule, subject=proposal.id, reasons=reasons)
