"""Whether an agency is one that a rule can be about: registered, autonomous, there on the day.

Indonesian: *instansi yang dimaksud*.  Every rule that asks for the kind of an agency asks this
first, here and nowhere else.  An agency that the registry does not hold is unknown, not refused;
an administrative region of Jakarta is no agency of the contest; one not yet founded or no longer
there is none on that day, whatever its kind.
"""

from __future__ import annotations

import datetime as dt

from kipp.domain.agency import Agency, AgencyKey
from kipp.domain.citation import Term
from kipp.domain.dates import Date
from kipp.domain.errors import InvalidType, InvalidValue
from kipp.rules.decision import Outcome, Reason, note
from kipp.rules.resolution import Unresolvable

__all__ = ["CODES", "REFUSALS", "doubts", "key_of", "refusal", "unregistered", "year_days"]

REFUSALS: tuple[str, ...] = (
    Unresolvable.ADMINISTRATIVE.code,
    "AGENCY_NOT_YET_FOUNDED",
    "AGENCY_NO_LONGER_EXISTS",
)
"""The codes of :func:`refusal`."""

CODES: tuple[str, ...] = (
    "AGENCY_NOT_REGISTERED",
    *REFUSALS,
    "AGENCY_EXISTENCE_UNCLEAR",
    "AGENCY_DATES_NOT_READ",
)


def key_of(agency: Agency | AgencyKey) -> AgencyKey:
    """The key of an agency, or the key itself of one that the registry does not hold."""
    return agency.key if isinstance(agency, Agency) else agency


def unregistered(key: AgencyKey, *terms: Term[object]) -> Reason:
    """UNKNOWN because the registry holds no agency with this *key*; it may be a name."""
    return Reason(Outcome.UNKNOWN, "AGENCY_NOT_REGISTERED", (("agency", key),), terms)


def refusal(
    agency: Agency,
    first: Date,
    last: Date,
    *terms: Term[object],
    outcome: Outcome = Outcome.NOT_MET,
) -> Reason | None:
    """Why *agency* cannot be meant on any day from *first* to *last*, both included; or none.

    It is without autonomy, not yet founded, or no longer there.  *outcome* is what that means to
    the rule, *terms* are those that the days come from.
    """
    if not agency.autonomous:
        about = (("text", agency.name), ("candidates", (agency.key,)))
        return Reason(outcome, Unresolvable.ADMINISTRATIVE.code, about, terms)
    if agency.span.meets(first, last) is not False:
        return None
    later = agency.span.begins_after(last)
    code = "AGENCY_NOT_YET_FOUNDED" if later else "AGENCY_NO_LONGER_EXISTS"
    return Reason(outcome, code, _compared(agency, first, last), terms)


def doubts(agency: Agency, first: Date, last: Date, *terms: Term[object]) -> tuple[Reason, ...]:
    """What keeps from saying that *agency* was there on a day from *first* to *last*; or nothing.

    ``UNKNOWN`` where a bound known to the month or year leaves it open.  Bounds that nobody read
    (a central body known by its name only) are a note: its source takes it to stand, as
    :func:`~kipp.rules.resolution.resolve` does, and none says since when.
    """
    if not agency.span.known:
        return (note("AGENCY_DATES_NOT_READ", *terms, agency=agency.key),)
    if agency.span.meets(first, last) is not None:
        return ()
    compared = _compared(agency, first, last)
    return (Reason(Outcome.UNKNOWN, "AGENCY_EXISTENCE_UNCLEAR", compared, terms),)


def _compared(agency: Agency, first: Date, last: Date) -> tuple[tuple[str, object], ...]:
    bounds = (("founded", agency.span.valid_from), ("ended", agency.span.valid_to))
    return (("agency", agency.key), *bounds, ("first", first), ("last", last))


def year_days(year: int) -> tuple[Date, Date]:
    """The first and the last day of *year*.

    Raises:
        InvalidType: *year* is no whole number.
        InvalidValue: it is no year of the calendar.
    """
    if isinstance(year, bool) or not isinstance(year, int):
        raise InvalidType("year", year, "a year as a whole number")
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise InvalidValue("year", year, "a year of the calendar")
    first = Date(year, 1, 1)
    return first, first.end_of("year")
