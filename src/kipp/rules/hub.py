"""Who is an innovation hub, who may become one, how mature one is (DR-B1 to DR-B3).

Indonesian: *hub Jaringan Inovasi Pelayanan Publik (JIPP)*.  A hub is named by decree, by a signed
commitment, or by the ministry's statement.  The register holds those whom the sources name; from
the year after ``register.complete_to`` a body that is not named may be a hub all the same.  Being
a hub changes nothing in the contest: no rule of that kind was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from kipp.domain.agency import Agency, AgencyKey, AgencyKind
from kipp.domain.citation import Citation, Cited, Source, Term, cited
from kipp.domain.dates import Date, DateRange
from kipp.domain.errors import InvalidValue
from kipp.domain.hub import HubCandidate, HubCounts, HubMaturity, HubStatus
from kipp.domain.record import HubBasis, HubRow
from kipp.rules.agency import CODES as AGENCY_CODES
from kipp.rules.agency import doubts, refusal, unregistered
from kipp.rules.decision import (
    Classification,
    Decision,
    Outcome,
    Reason,
    RuleId,
    note,
    unrecorded,
)
from kipp.rules.rulebook import Rulebook

__all__ = [
    "CANDIDATE",
    "CODES",
    "CODES_OF",
    "CRITERIA",
    "MATURITY",
    "RULE_IDS",
    "STATUS",
    "hub_candidate",
    "hub_counts",
    "hub_maturity",
    "hub_status",
]

STATUS = RuleId("hub-status")
CANDIDATE = RuleId("hub-candidate")
MATURITY = RuleId("hub-maturity")

RULE_IDS: tuple[RuleId, ...] = (STATUS, CANDIDATE, MATURITY)

CODES_OF: Mapping[RuleId, tuple[str, ...]] = {
    STATUS: (
        "HUB_BY_DECREE",
        "HUB_BY_COMMITMENT_ONLY",
        "HUB_BY_STATEMENT",
        "COVERED_BY_PROVINCIAL_HUB",
        "NOT_IN_KNOWN_LIST",
        "LIST_INCOMPLETE",
        "YEAR_PRECISION_ONLY",
        *AGENCY_CODES,
        "FACT_NOT_RECORDED",
    ),
    CANDIDATE: (
        "LEADER_COMMITTED",
        "POTENTIAL_FITS",
        "BUREAUCRACY_SUPPORTS",
        "STAKEHOLDERS_SUPPORT",
        "NO_LEADER_COMMITMENT",
        "NO_POTENTIAL",
        "NO_BUREAUCRATIC_SUPPORT",
        "NO_EXTERNAL_SUPPORT",
        "CRITERION_JUDGED_NOT_MEASURED",
        "CRITERIA_OF_OTHER_YEARS",
        "FACT_NOT_RECORDED",
        "VALUE_NOT_FOUND",
    ),
    MATURITY: ("SCALE_NOT_PUBLISHED", "MATURITY_NOT_YET_ASKED"),
}

CODES: tuple[str, ...] = tuple(dict.fromkeys(code for codes in CODES_OF.values() for code in codes))

_NAMED = {
    HubBasis.DECREE: (HubStatus.BY_DECREE, "HUB_BY_DECREE"),
    HubBasis.COMMITMENT: (HubStatus.BY_COMMITMENT, "HUB_BY_COMMITMENT_ONLY"),
    HubBasis.STATEMENT: (HubStatus.BY_STATEMENT, "HUB_BY_STATEMENT"),
}
_STRONGEST = list(HubBasis)
_IN_A_PROVINCE = (AgencyKind.REGENCY, AgencyKind.CITY)
CRITERIA: Mapping[str, tuple[str, str]] = {
    "leader_commitment": ("LEADER_COMMITTED", "NO_LEADER_COMMITMENT"),
    "potential_fits_need": ("POTENTIAL_FITS", "NO_POTENTIAL"),
    "bureaucratic_support": ("BUREAUCRACY_SUPPORTS", "NO_BUREAUCRATIC_SUPPORT"),
    "external_support": ("STAKEHOLDERS_SUPPORT", "NO_EXTERNAL_SUPPORT"),
}
"""The criteria that a candidate records, each with the codes of met and not met."""
_EXTERNAL = "external_support"


# --- DR-B1: who is a hub ----------------------------------------------------------------------


def hub_status(
    book: Rulebook, rows: Iterable[HubRow], agency: Agency | AgencyKey, on: Date
) -> Classification[HubStatus]:
    """What the register *rows* say of *agency* on the day *on*.

    A decree known only by its year was there at the end of it, with a note; on an earlier day of
    that year it may have been or not, and where that matters there is no value.  A regency or city
    is covered by the hub of the province it then belonged to; a province not recorded gives no
    value.  Where the list is not complete for the year and nothing names the body, there is no
    value either: it may be a hub.  An administrative region without autonomy, and a body that
    does not exist on that day, have none; one that is not registered is given by its key.

    Sources: decrees 94/2020, 359/2021, 305/2024; ministry, 2021 to 2024 (each row has its own).
    """
    if not isinstance(agency, Agency):
        return _without(agency, unregistered(agency, book.term("register.complete_to")))
    refused = refusal(agency, on, on)
    return _without(agency.key, refused) if refused else _on_day(book, tuple(rows), agency, on)


def _without(key: AgencyKey, *reasons: Reason) -> Classification[HubStatus]:
    return Classification(rule=STATUS, subject=key, value=None, reasons=reasons)


def _on_day(
    book: Rulebook, known: tuple[HubRow, ...], agency: Agency, on: Date
) -> Classification[HubStatus]:
    """What the rows say, if those whose day may not have come say the same as without them."""
    perhaps = _listed(book, [row for row in known if _first(row) <= on], agency, on)
    surely = _listed(book, [row for row in known if _last(row) <= on], agency, on)
    if perhaps.value is surely.value:
        return perhaps
    return attrs.evolve(perhaps, value=None, reasons=tuple(map(_open, perhaps.reasons)))


def _open(reason: Reason) -> Reason:
    """The reason; UNKNOWN where it is the note that a day is known by its year only."""
    unsure = reason.code == "YEAR_PRECISION_ONLY"
    return attrs.evolve(reason, outcome=Outcome.UNKNOWN) if unsure else reason


def _listed(
    book: Rulebook, known: Sequence[HubRow], agency: Agency, on: Date
) -> Classification[HubStatus]:
    """What the rows say of the day if each of them holds by then."""
    own = _named(known, agency.key)
    province = agency.province_on(on)
    above = _named(known, province) if own is None and province is not None else None
    status: HubStatus | None
    if own is not None:
        status, reasons = _as_named(own, on)
    elif above is not None:
        coverage = (("agency", agency.key), ("province", province))
        covered = Reason(None, "COVERED_BY_PROVINCIAL_HUB", coverage, (book.term("coverage"),))
        status, reasons = HubStatus.COVERED, (covered, *_as_named(above, on)[1])
    elif province is None and agency.kind in _IN_A_PROVINCE:
        status, reasons = None, (unrecorded("province", book.term("coverage")),)
    else:
        return _unnamed(book, agency, on)
    return Classification(rule=STATUS, subject=agency.key, value=status, reasons=reasons)


def _named(rows: Iterable[HubRow], key: AgencyKey | None) -> HubRow | None:
    """The strongest row that names *key*, the earliest among equals."""
    held = [row for row in rows if row.agency == key and row.agency]
    return min(held, key=_strongest_first, default=None)


def _strongest_first(row: HubRow) -> tuple[object, ...]:
    """A full order, so that the order of the register never shows."""
    equals = (row.act, row.evidence.rank, row.source_url)
    return _STRONGEST.index(row.basis), _first(row), _last(row), *equals


def _first(row: HubRow) -> Date:
    when = row.basis_date
    return when.first if isinstance(when, DateRange) else when


def _last(row: HubRow) -> Date:
    when = row.basis_date
    return when.last if isinstance(when, DateRange) else when


def _as_named(row: HubRow, on: Date) -> tuple[HubStatus, tuple[Reason, ...]]:
    status, code = _NAMED[row.basis]
    about = (("agency", row.agency), ("year", row.year), ("act", row.act or None))
    reason = Reason(None, code, about, (_entry(row),))
    if isinstance(row.basis_date, DateRange) and on in row.basis_date:
        return status, (reason, note("YEAR_PRECISION_ONLY", _entry(row), period=row.basis_date))
    return status, (reason,)


def _entry(row: HubRow) -> Term[object]:
    """The register's entry as a term, so that a reason cites it."""
    source = Source(key=f"hub-{row.year}", title=row.act or row.source_url, url=row.source_url)
    value = Cited(row.basis, (Citation(source, row.evidence),))
    return Term(f"register.{row.agency}.{row.year}", value)


def _unnamed(book: Rulebook, agency: Agency, on: Date) -> Classification[HubStatus]:
    term = book.term("register.complete_to")
    complete = max(cited(term.value), default=None)
    about = (("agency", agency.key), ("on", on), ("complete_to", complete))
    if complete is None or on.year > complete:
        return _without(agency.key, Reason(Outcome.UNKNOWN, "LIST_INCOMPLETE", about, (term,)))
    absent = Reason(None, "NOT_IN_KNOWN_LIST", about, (term,))
    unclear = doubts(agency, on, on, term)
    there = all(reason.outcome is None for reason in unclear)
    return Classification(
        rule=STATUS,
        subject=agency.key,
        value=HubStatus.NOT_IN_KNOWN_LIST if there else None,
        reasons=(*unclear, absent),
    )


def hub_counts(rows: Iterable[HubRow], year: int) -> HubCounts:
    """Local hubs at the end of *year*: named, unnamed, and both together by basis.

    A body named twice counts once, by its strongest basis.
    """
    local = [row for row in rows if row.local and row.year <= year]
    best: dict[AgencyKey, HubRow] = {}
    for row in sorted(local, key=lambda row: _STRONGEST.index(row.basis)):
        if row.agency is not None:
            best.setdefault(row.agency, row)
    by_basis = Counter(row.basis for row in best.values())
    for row in local:
        by_basis[row.basis] += row.unnamed
    return HubCounts(
        year=year,
        named=len(best),
        unnamed=sum(row.unnamed for row in local),
        by_basis={basis: by_basis[basis] for basis in HubBasis},
    )


# --- DR-B2: who may become one ----------------------------------------------------------------


def hub_candidate(book: Rulebook, candidate: HubCandidate, year: int) -> Decision:
    """Decide whether *candidate* meets each criterion that was listed for hubs in *year*.

    The sources list the criteria without score or threshold: each is judged by people.  Support
    from outside government is asked from ``criteria.external_from``.  For a year before or after
    those the sources speak of, the answer is ``UNKNOWN``.

    Sources: ministry, 2020, 2021 and 2023; that each criterion is needed is inferred.

    Raises:
        InvalidValue: *book* names a criterion of which a candidate records nothing.
    """
    first, last = book.term("criteria.first_year"), book.term("criteria.last_year")
    if not (_latest(first) <= year <= _earliest(last)):
        outside = (("year", year), ("first", _latest(first)), ("last", _earliest(last)))
        reason = Reason(Outcome.UNKNOWN, "CRITERIA_OF_OTHER_YEARS", outside, (first, last))
        return Decision(rule=CANDIDATE, subject=candidate.agency, reasons=(reason,))
    names = book.term("criteria.names")
    asked = _asked(names, book.term("criteria.external_from"), year)
    reasons = [_criterion(candidate, name, names) for name in asked]
    if not reasons:
        reasons = [Reason(Outcome.UNKNOWN, "VALUE_NOT_FOUND", (("path", names.path),), (names,))]
    judged = note("CRITERION_JUDGED_NOT_MEASURED", names, book.term("criteria.all_needed"))
    return Decision(rule=CANDIDATE, subject=candidate.agency, reasons=(*reasons, judged))


def _asked(names: Term[tuple[str, ...]], external: Term[int], year: int) -> tuple[str, ...]:
    """The criteria of *year*, in the book's order."""
    listed: tuple[str, ...] = next(cited(names.value), ())
    for name in listed:
        if name not in CRITERIA:
            raise InvalidValue(names.path, name, f"one of {', '.join(CRITERIA)}")
    since = _earliest(external)
    return tuple(name for name in listed if name != _EXTERNAL or year >= since)


def _earliest(term: Term[int]) -> int:
    return min(cited(term.value), default=0)


def _latest(term: Term[int]) -> int:
    return max(cited(term.value), default=0)


def _criterion(candidate: HubCandidate, name: str, names: Term[object]) -> Reason:
    met, missing = CRITERIA[name]
    recorded: bool | None = getattr(candidate, name)
    if recorded is None:
        return unrecorded(name, names)
    outcome = Outcome.MET if recorded else Outcome.NOT_MET
    return Reason(outcome, met if recorded else missing, (("agency", candidate.agency),), (names,))


# --- DR-B3: how mature one is -----------------------------------------------------------------


def hub_maturity(
    book: Rulebook, agency: AgencyKey, maturity: HubMaturity, on: Date
) -> Classification[HubMaturity]:
    """The four aspects of maturity as recorded, without a level: no scale was published.

    Before the instrument was introduced there is no value.

    Source: a province's report of the ministry's briefing, October 2025.
    """
    introduced = book.term("maturity.introduced")
    since = min(cited(introduced.value), default=None)
    if since is None or on < since:
        early = Reason(None, "MATURITY_NOT_YET_ASKED", (("on", on),), (introduced,))
        return Classification(rule=MATURITY, subject=agency, value=None, reasons=(early,))
    terms = (book.term("maturity.aspects"), book.term("maturity.levels"))
    unscaled = Reason(None, "SCALE_NOT_PUBLISHED", (("agency", agency),), terms)
    return Classification(rule=MATURITY, subject=agency, value=maturity, reasons=(unscaled,))
