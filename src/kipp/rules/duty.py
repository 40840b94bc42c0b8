"""One Agency One Innovation: the duty to create one, the duty to enter one.

Indonesian: *satu instansi satu inovasi*.  Two rules, not one: an agency creates at least one
innovation a year (a duty in the ministry's words from December 2014), and it enters at least one
in the contest (by regulation for 2019 and 2020; elsewhere not found).  It is a minimum, never a
maximum.  Years and numbers are data (the duty rulebook).
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import attrs

from kipp.domain.agency import Agency, AgencyKey, AgencyKind
from kipp.domain.citation import Cited, NotFound, NotOpen, Settled, Term
from kipp.domain.cycle import Group
from kipp.domain.dates import Date, DateRange
from kipp.domain.errors import InvalidValue
from kipp.domain.innovation import Innovation, Origin
from kipp.domain.proposal import Proposal
from kipp.rules.agency import CODES as AGENCY_CODES
from kipp.rules.agency import REFUSALS, doubts, key_of, refusal, unregistered, year_days
from kipp.rules.decision import (
    UNSETTLED,
    Decision,
    Outcome,
    Reason,
    RuleId,
    note,
    settle,
    unrecorded,
)
from kipp.rules.field import field_of
from kipp.rules.rulebook import Rulebook

__all__ = ["CODES", "CODES_OF", "CREATE", "ENTER", "RULE_IDS", "create_one", "enter_one"]

CREATE = RuleId("create-one")
ENTER = RuleId("enter-one")

RULE_IDS: tuple[RuleId, ...] = (CREATE, ENTER)

CODES_OF: Mapping[RuleId, tuple[str, ...]] = {
    CREATE: (
        "SUBJECT_TO_DUTY",
        "NOT_SUBJECT_TO_DUTY",
        "ENTERPRISE_REACH_UNCLEAR",
        *AGENCY_CODES,
        "CREATED_ONE",
        "NONE_THIS_YEAR",
        "NOT_PUBLIC_SERVICE",
        "ONLY_REPLICA",
        "OLDER_INNOVATION_ONLY",
        "BEFORE_COMPULSORY",
        "DUTY_2024_UNCLEAR",
        "DUTY_SUSPENDED",
        "NO_MINIMUM",
        "REPRIMAND_2015_2016",
        "NO_SANCTION_FOUND",
        *UNSETTLED,
    ),
    ENTER: (
        "SUBJECT_TO_DUTY",
        "NOT_SUBJECT_TO_DUTY",
        "ENTERPRISE_REACH_UNCLEAR",
        *AGENCY_CODES,
        "ENTERED",
        "NONE_ENTERED",
        "ENTRY_DUTY_NOT_FOUND",
        "NO_MINIMUM",
        "REPRIMAND_2015_2016",
        "NO_SANCTION_FOUND",
        *UNSETTLED,
    ),
}

CODES: tuple[str, ...] = tuple(dict.fromkeys(code for codes in CODES_OF.values() for code in codes))


def create_one(
    book: Rulebook, agency: Agency | AgencyKey, year: int, innovations: Iterable[Innovation]
) -> Decision:
    """Decide whether *agency* created at least one public-service innovation in *year*.

    An original innovation of the agency that started in the year meets the duty.  Whether a
    replica or an older innovation does was not found: with nothing else the answer is
    ``UNKNOWN``.  Innovations of other agencies, and of later years, do not count; a unit's
    innovation counts for its agency.  What was an agency on no day of the year is asked nothing:
    ``UNKNOWN``, and so is an agency that is not registered, which is given by its key.  The duty
    does not reach an administrative region.

    Sources: ministry, December 2014 to January 2017; PermenPANRB 19/2016 (a summary), 5/2019 and
    7/2021 (considerans); ministry, 2022 and 2023.

    Raises:
        InvalidType: *year* is no whole number.
        InvalidValue: *year* is no year of the calendar, or two different innovations of the
            agency bear one id.
    """
    own = _own(key_of(agency), innovations)
    return _decide(CREATE, book, agency, year, lambda: _created(book, year, own))


def enter_one(
    book: Rulebook, agency: Agency | AgencyKey, year: int, proposals: Iterable[Proposal]
) -> Decision:
    """Decide whether *agency* entered at least one proposal in the contest of *year*.

    Any proposal that was not withdrawn counts, of any group and any age.  Which agencies the
    duty reaches is said at :func:`create_one`.

    Source: PermenPANRB 5/2019, article 3 (a summary), for 2019 and 2020.

    Raises:
        InvalidType: *year* is no whole number.
        InvalidValue: *year* is no year of the calendar, or two different proposals of the agency
            bear one id.
    """
    key = key_of(agency)
    own = field_of((each for each in proposals if each.agency == key), year)
    entered = sum(own.count(key, group) for group in (*Group, None))
    return _decide(ENTER, book, agency, year, lambda: _entered(book, year, entered))


def _own(agency: AgencyKey, innovations: Iterable[Innovation]) -> tuple[Innovation, ...]:
    own: dict[str, Innovation] = {}
    for each in innovations:
        if each.agency == agency and own.setdefault(each.id, each) != each:
            raise InvalidValue("Innovation.id", each.id, "one innovation per id")
    return tuple(own.values())


def _decide(
    rule: RuleId,
    book: Rulebook,
    agency: Agency | AgencyKey,
    year: int,
    judge: Callable[[], Reason],
) -> Decision:
    first, last = year_days(year)
    reach = _reach_of(book, agency, first, last)
    free = any(each.code in _FREE for each in reach)
    judged = () if free else (_held_to(reach, judge()),)
    reasons = (*reach, *judged, _consequence(book, year))
    return Decision(rule=rule, subject=key_of(agency), reasons=reasons)


# Where the duty does not reach there is nothing to look for.
_FREE = ("NOT_SUBJECT_TO_DUTY", *REFUSALS)


def _reach_of(
    book: Rulebook, agency: Agency | AgencyKey, first: Date, last: Date
) -> tuple[Reason, ...]:
    """Whether the duty reaches the agency; what was none all year has nothing to fulfil or miss."""
    subjects = book.term("subjects")
    if not isinstance(agency, Agency):
        return (unregistered(agency, subjects),)
    missing = Outcome.UNKNOWN if agency.autonomous else Outcome.MET
    refused = refusal(agency, first, last, outcome=missing)
    if refused is not None:
        return (refused,)
    return *doubts(agency, first, last), settle(subjects, lambda kinds: _reach(kinds, agency))


def _held_to(reach: Iterable[Reason], judged: Reason) -> Reason:
    """What is missing decides nothing as long as nobody knows that the duty reaches the agency."""
    open_ = any(each.outcome is Outcome.UNKNOWN for each in reach)
    if open_ and judged.outcome is Outcome.NOT_MET:
        return attrs.evolve(judged, outcome=None)
    return judged


def _reach(kinds: Settled[tuple[AgencyKind, ...]], agency: Agency) -> Reason:
    """Whether the duty reaches the agency; an enterprise only with a recorded obligation."""
    values = (("kind", agency.kind),)
    if isinstance(kinds, NotOpen):
        return Reason(Outcome.MET, "NOT_SUBJECT_TO_DUTY", values)
    if agency.kind is None:
        return unrecorded("agency.kind")
    if isinstance(kinds, Cited) and agency.kind not in kinds.value:
        return Reason(Outcome.MET, "NOT_SUBJECT_TO_DUTY", values)
    if not agency.kind.is_enterprise or agency.public_service_obligation:
        return Reason(Outcome.MET, "SUBJECT_TO_DUTY", values)
    if agency.public_service_obligation is None:
        return unrecorded("agency.public_service_obligation")
    return Reason(Outcome.UNKNOWN, "ENTERPRISE_REACH_UNCLEAR", values)


def _consequence(book: Rulebook, year: int) -> Reason:
    term = book.term(f"consequence.{year}")
    on_record = isinstance(term.value, Cited)
    return note("REPRIMAND_2015_2016" if on_record else "NO_SANCTION_FOUND", term)


def _entered(book: Rulebook, year: int, count: int) -> Reason:
    term = book.term(f"enter.minimum.{year}")
    if isinstance(term.value, NotFound):
        found = (("year", year), ("path", term.path), ("searched", term.value.searched))
        return Reason(Outcome.UNKNOWN, "ENTRY_DUTY_NOT_FOUND", found, (term,))

    def judge(least: Settled[int]) -> Reason:
        if not isinstance(least, Cited):
            return Reason(Outcome.MET, "NO_MINIMUM")
        values = (("entered", count), ("at_least", least.value))
        if count < least.value:
            return Reason(Outcome.NOT_MET, "NONE_ENTERED", values)
        return Reason(Outcome.MET, "ENTERED", values)

    return settle(term, judge)


class _Standing(enum.Enum):
    """How an innovation stands to the duty of a year; the doubtful ones name their doubt."""

    COUNTS = "CREATED_ONE"
    UNRECORDED = "FACT_NOT_RECORDED"
    REPLICA = "ONLY_REPLICA"
    OLDER = "OLDER_INNOVATION_ONLY"
    NOT_PUBLIC = "NOT_PUBLIC_SERVICE"
    OUTSIDE = "NONE_THIS_YEAR"


_DOUBTFUL = (_Standing.UNRECORDED, _Standing.REPLICA, _Standing.OLDER)


def _created(book: Rulebook, year: int, own: Iterable[Innovation]) -> Reason:
    """What was created, unless the rulebook asks whether the duty was suspended (2024)."""
    path = f"create.suspended_{year}"
    if path not in book.terms:
        return _owed(book, year, own)
    term = book.term(path)
    values = (("year", year),)
    match _flag(term):
        case True:
            return Reason(Outcome.MET, "DUTY_SUSPENDED", values, (term,))
        case False:
            owed = _owed(book, year, own)
            return attrs.evolve(owed, terms=(*owed.terms, term))
        case _:
            return _unclear(book, term, values)


def _unclear(book: Rulebook, term: Term[bool], values: tuple[tuple[str, object], ...]) -> Reason:
    """What was searched, and the words of the duty, which no source withdraws."""
    value = term.value
    searched = value.searched if isinstance(value, NotFound) else None
    terms = (term, book.term("create.wording"))
    return Reason(Outcome.UNKNOWN, "DUTY_2024_UNCLEAR", (*values, ("searched", searched)), terms)


def _owed(book: Rulebook, year: int, own: Iterable[Innovation]) -> Reason:
    possible = [each for each in own if each.started is None or each.started.year <= year]
    replicas = book.term("create.replica_counts")
    older = book.term("create.older_counts")
    found = Counter(_standing(each, year, _flag(replicas), _flag(older)) for each in possible)
    mattered = (
        (replicas, any(each.origin is not Origin.ORIGINAL for each in possible)),
        (older, any(each.started is None or each.started.year < year for each in possible)),
    )
    read = tuple(term for term, matters in mattered if matters)
    minimum = book.term(f"create.minimum.{year}")
    created = settle(minimum, lambda least: _enough(least, found, read))
    if created.outcome is Outcome.MET:
        return created
    since = book.term("create.duty_from")
    return settle(since, lambda begun: _compulsory(begun, year, created))


def _compulsory(begun: Settled[Date | DateRange], year: int, created: Reason) -> Reason:
    """What was created, unless the duty may have begun later than the first day of the year."""
    if not isinstance(begun, Cited):
        return created
    last = begun.value.last if isinstance(begun.value, DateRange) else begun.value
    if last > Date(year, 1, 1):
        return Reason(Outcome.UNKNOWN, "BEFORE_COMPULSORY", (("year", year),), created.terms)
    return created


def _enough(least: Settled[int], found: Counter[_Standing], read: tuple[Term[bool], ...]) -> Reason:
    if not isinstance(least, Cited):
        return Reason(Outcome.MET, "NO_MINIMUM")
    surely = found[_Standing.COUNTS]
    values = (
        ("created", surely),
        ("at_least", least.value),
        ("replicas", found[_Standing.REPLICA]),
        ("older", found[_Standing.OLDER]),
        ("unrecorded", found[_Standing.UNRECORDED]),
    )
    if surely >= least.value:
        return Reason(Outcome.MET, "CREATED_ONE", values, read)
    if surely + sum(found[each] for each in _DOUBTFUL) < least.value:
        missed = _Standing.NOT_PUBLIC if found[_Standing.NOT_PUBLIC] else _Standing.OUTSIDE
        return Reason(Outcome.NOT_MET, missed.value, values, read)
    doubt = next(each for each in _DOUBTFUL if found[each])
    fact = (("fact", "innovation"),) if doubt is _Standing.UNRECORDED else ()
    return Reason(Outcome.UNKNOWN, doubt.value, (*fact, *values), read)


def _standing(
    innovation: Innovation, year: int, replicas_count: bool | None, older_count: bool | None
) -> _Standing:
    """How an innovation that did not start later stands to the duty of *year*."""
    started = None if innovation.started is None else innovation.started.year
    replica = innovation.origin is Origin.REPLICA
    older = started is not None and started < year
    if innovation.public_service is False:
        return _Standing.NOT_PUBLIC if started == year else _Standing.OUTSIDE
    if (replica and replicas_count is False) or (older and older_count is False):
        return _Standing.OUTSIDE
    if replica and not replicas_count:
        return _Standing.REPLICA
    if older and not older_count:
        return _Standing.OLDER
    origin_matters = innovation.origin is None and not replicas_count
    missing = started is None or innovation.public_service is None or origin_matters
    return _Standing.UNRECORDED if missing else _Standing.COUNTS


def _flag(term: Term[bool]) -> bool | None:
    return term.value.value if isinstance(term.value, Cited) else None
