"""The main criteria that the Ministry of Finance applies to whom it gets proposed (DR-A3).

*Kriteria utama*: opinion of the auditors, budget on time, e-government and the like, by fiscal
year; in FY2022 by cluster.  Which hold, and how strictly, are data.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from kipp.domain.agency import AgencyKey
from kipp.domain.citation import (
    Cited,
    Disputed,
    NotFound,
    NotOpen,
    Term,
    Unlimited,
    alternatives,
    cited,
)
from kipp.domain.errors import InvalidValue
from kipp.domain.incentive import FiscalCluster, FiscalCriterion, FiscalRecord, Grade, Opinion
from kipp.rules.decision import (
    UNSETTLED,
    Classification,
    Decision,
    Outcome,
    Reason,
    RuleId,
    note,
    settle,
    unrecorded,
)
from kipp.rules.incentive_link import says_no
from kipp.rules.rulebook import Rulebook

__all__ = [
    "CLUSTER",
    "CLUSTER_CODES",
    "CRITERIA",
    "MAIN_CODES",
    "fiscal_cluster",
    "main_criteria",
    "same_agency",
]

CRITERIA = RuleId("incentive-main-criteria")
CLUSTER = RuleId("incentive-cluster")

_CRITERIA_CODES = (
    "CRITERIA_NOT_PUBLISHED_HERE",
    "CRITERIA_BY_CLUSTER",
    "CRITERIA_SET_DISPUTED",
    "CRITERIA_LIST_OPEN",
    "NO_MAIN_CRITERIA",
    "CRITERION_MET",
    "CRITERION_SKIPPED_NO_DATA",
    "OPINION_SUFFICIENT",
    "OPINION_BELOW_REQUIRED",
    "OPINION_STREAK_TOO_SHORT",
    "APBD_LATE",
    "EPROC_MISSING",
    "EPROC_BELOW_B",
    "EBUDGETING_MISSING",
    "EPLANNING_MISSING",
    "EGOVERNMENT_MISSING",
    "PTSP_MISSING",
    "EGOVERNMENT_AND_PTSP_MISSING",
)

MAIN_CODES: tuple[str, ...] = (*_CRITERIA_CODES, "EVERY_CRITERION_SKIPPED", *UNSETTLED)
"""The codes of :func:`main_criteria`."""

CLUSTER_CODES: tuple[str, ...] = (*_CRITERIA_CODES, "DEFAULT_CLUSTER_INFERRED", *UNSETTLED)
"""The codes of :func:`fiscal_cluster`."""


def main_criteria(
    book: Rulebook, agency: AgencyKey, record: FiscalRecord | None = None
) -> Decision:
    """Decide whether *agency* fulfils the main criteria (*kriteria utama*) of a fiscal year.

    Met means: every criterion that a source names is fulfilled; no source closes the list, and a
    note says so.  Where sources name different sets, what all name decides, and the rest only
    where every set gives the same.  A fact that is not recorded gives UNKNOWN.

    Raises:
        InvalidValue: *record* is of another fiscal year or agency.
    """
    facts = _facts(book, agency, record)
    reasons = _criteria(book, "criteria", facts)
    if all(reason.outcome is None for reason in reasons):
        reasons.append(Reason(Outcome.UNKNOWN, "EVERY_CRITERION_SKIPPED"))
    return Decision(
        rule=CRITERIA, subject=agency, reasons=(*reasons, *_open_list(book, "criteria"))
    )


def fiscal_cluster(
    book: Rulebook, agency: AgencyKey, record: FiscalRecord | None = None
) -> Classification[FiscalCluster]:
    """The first cluster whose criteria *agency* fulfils; none where a missing fact could move it.

    FY2022 only: what fails the stricter clusters comes to the one without main criteria, it is
    not left out (how regions come to that cluster is inferred).

    Raises:
        InvalidValue: *record* is of another fiscal year or agency.
    """
    facts = _facts(book, agency, record)
    reasons: list[Reason] = []
    value = None
    for cluster in FiscalCluster:
        found = _criteria(book, f"clusters.{cluster.name.lower()}", facts)
        reasons += found
        outcome = _worst(found)
        if outcome is not Outcome.NOT_MET:
            value = cluster if outcome is Outcome.MET else None
            break
    if any(reason.code == "NO_MAIN_CRITERIA" for reason in reasons):
        reasons.append(note("DEFAULT_CLUSTER_INFERRED", *reasons[-1].terms))
    return Classification(
        rule=CLUSTER,
        subject=agency,
        value=value,
        reasons=(*reasons, *_open_list(book, "clusters.a")),
    )


def _facts(book: Rulebook, agency: AgencyKey, record: FiscalRecord | None) -> FiscalRecord:
    if record is None:
        return FiscalRecord(agency=agency, fiscal_year=book.year or 0)
    if record.fiscal_year != book.year:
        raise InvalidValue("record.fiscal_year", record.fiscal_year, f"{book.year}, as the book")
    same_agency(agency, record)
    return record


def same_agency(agency: AgencyKey, record: FiscalRecord) -> None:
    """Refuse the record of another agency.

    Raises:
        InvalidValue: it is one.
    """
    if record.agency != agency:
        raise InvalidValue("record.agency", record.agency, f"{agency}, the agency asked about")


def _worst(reasons: Iterable[Reason]) -> Outcome:
    """The worst outcome; nothing that decides leaves nothing to hold against the region."""
    found = {reason.outcome for reason in reasons}
    return next((outcome for outcome in Outcome if outcome in found), Outcome.MET)


def _criteria(book: Rulebook, prefix: str, facts: FiscalRecord) -> list[Reason]:
    """One reason per criterion of the list below *prefix*, in the order of the source."""
    term = book.term(_list_path(prefix))
    match term.value:
        case NotFound(searched=searched):
            missing = (("path", term.path), ("searched", searched))
            return [Reason(Outcome.UNKNOWN, "CRITERIA_NOT_PUBLISHED_HERE", missing, (term,))]
        case Disputed():
            return _disputed_sets(book, prefix, term, facts)
        case Cited(value=criteria):
            judged = [_criterion(book, prefix, each, term, facts) for each in criteria]
            return judged or [Reason(Outcome.MET, "NO_MAIN_CRITERIA", (), (term,))]
        case _:
            return [Reason(Outcome.UNKNOWN, "CRITERIA_BY_CLUSTER", (), (term,))]


def _disputed_sets(
    book: Rulebook, prefix: str, term: Term[tuple[FiscalCriterion, ...]], facts: FiscalRecord
) -> list[Reason]:
    sets = [
        reading.value if isinstance(reading, Cited) else () for reading in alternatives(term.value)
    ]
    judged = {
        each: _criterion(book, prefix, each, term, facts) for criteria in sets for each in criteria
    }
    shared = [each for each in judged if all(each in criteria for criteria in sets)]
    rests = [[judged[each] for each in criteria if each not in shared] for criteria in sets]
    outcomes = {_worst(rest) for rest in rests}
    outcome = outcomes.pop() if len(outcomes) == 1 else Outcome.UNKNOWN
    seen = (("path", term.path), ("readings", tuple(sets)))
    only_some = [attrs.evolve(reason, outcome=None) for rest in rests for reason in rest]
    return [
        *(judged[each] for each in shared),
        Reason(outcome, "CRITERIA_SET_DISPUTED", seen, (term,)),
        *dict.fromkeys(only_some),
    ]


def _list_path(prefix: str) -> str:
    return f"{prefix}.required" if prefix == "criteria" else f"{prefix}.criteria"


def _open_list(book: Rulebook, prefix: str) -> tuple[Reason, ...]:
    """A note that the list read may name too few criteria, unless a source closes it."""
    closed = book.term("criteria.closed_list")
    if any(cited(closed.value)) or not any(cited(book[_list_path(prefix)])):
        return ()
    return (note("CRITERIA_LIST_OPEN", closed),)


def _criterion(
    book: Rulebook,
    prefix: str,
    criterion: FiscalCriterion,
    term: Term[tuple[FiscalCriterion, ...]],
    facts: FiscalRecord,
) -> Reason:
    reason = _fulfilled(book, prefix, criterion, facts)
    reason = attrs.evolve(reason, terms=(term, *reason.terms))
    return _left_out(book.term("criteria.skip_without_data"), criterion, reason, facts)


def _left_out(
    skip: Term[bool], criterion: FiscalCriterion, reason: Reason, facts: FiscalRecord
) -> Reason:
    """The reason, unless the criterion is left out because its owner supplied no data."""
    supplied = facts.has_data(criterion)
    if reason.outcome is Outcome.MET or supplied or isinstance(skip.value, NotFound):
        return reason

    def judge(stated: object) -> Reason:
        if says_no(stated):
            return reason
        if supplied is None:
            return reason if reason.outcome is Outcome.UNKNOWN else unrecorded("supplied")
        return Reason(None, "CRITERION_SKIPPED_NO_DATA", (("criterion", criterion),))

    return settle(skip, judge)


def _fulfilled(
    book: Rulebook, prefix: str, criterion: FiscalCriterion, facts: FiscalRecord
) -> Reason:
    match criterion:
        case FiscalCriterion.UNQUALIFIED_OPINION | FiscalCriterion.QUALIFIED_OPINION:
            return _audited(book.term(f"{prefix}.opinion_years"), _ACCEPTED[criterion], facts)
        case FiscalCriterion.EPROCUREMENT_GRADE:
            return _graded(book.term(f"{prefix}.eprocurement_grade"), facts.eprocurement_grade)
        case _:
            return _in_place(criterion, facts)


_ACCEPTED = {
    FiscalCriterion.UNQUALIFIED_OPINION: (Opinion.UNQUALIFIED,),
    FiscalCriterion.QUALIFIED_OPINION: (Opinion.UNQUALIFIED, Opinion.QUALIFIED),
}


def _audited(term: Term[int], accepted: tuple[Opinion, ...], facts: FiscalRecord) -> Reason:
    """The latest audited year decides where no source asks for more years than that."""

    def judge(stated: object) -> Reason:
        years = stated.value if isinstance(stated, Cited) else 1
        return _opinions(years, accepted, facts)

    return judge(term.value) if isinstance(term.value, NotFound) else settle(term, judge)


def _opinions(years: int, accepted: tuple[Opinion, ...], facts: FiscalRecord) -> Reason:
    latest = facts.latest_audit
    if latest is None:
        return unrecorded("latest_audit")
    seen = [(year, facts.opinion(year)) for year in range(latest, latest - years, -1)]
    asked = (("years", years), ("accepted", accepted))
    for year, opinion in seen:
        if opinion is not None and opinion not in accepted:
            code = "OPINION_BELOW_REQUIRED" if year == latest else "OPINION_STREAK_TOO_SHORT"
            return Reason(Outcome.NOT_MET, code, (*asked, ("year", year), ("opinion", opinion)))
    if any(opinion is None for _year, opinion in seen):
        return unrecorded("opinions")
    return Reason(Outcome.MET, "OPINION_SUFFICIENT", asked)


def _graded(least: Term[Grade], grade: Grade | None) -> Reason:
    if grade is None:
        return unrecorded("eprocurement_grade", least)

    def judge(stated: Cited[Grade] | Unlimited | NotOpen) -> Reason:
        if not isinstance(stated, Cited) or grade.at_least(stated.value):
            return Reason(
                Outcome.MET, "CRITERION_MET", (("criterion", FiscalCriterion.EPROCUREMENT_GRADE),)
            )
        return Reason(
            Outcome.NOT_MET, "EPROC_BELOW_B", (("grade", grade), ("at_least", stated.value))
        )

    return settle(least, judge)


# Criterion: the facts of which one is enough, and the code when none is there.
_FACTS = {
    FiscalCriterion.APBD_ON_TIME: (("apbd_on_time",), "APBD_LATE"),
    FiscalCriterion.EPROCUREMENT: (("eprocurement",), "EPROC_MISSING"),
    FiscalCriterion.EBUDGETING: (("ebudgeting",), "EBUDGETING_MISSING"),
    FiscalCriterion.EPLANNING: (("eplanning",), "EPLANNING_MISSING"),
    FiscalCriterion.EGOVERNMENT: (("egovernment",), "EGOVERNMENT_MISSING"),
    FiscalCriterion.ONE_STOP_SERVICE: (("one_stop_service",), "PTSP_MISSING"),
    FiscalCriterion.EGOVERNMENT_OR_ONE_STOP: (
        ("egovernment", "one_stop_service"),
        "EGOVERNMENT_AND_PTSP_MISSING",
    ),
}


def _in_place(criterion: FiscalCriterion, facts: FiscalRecord) -> Reason:
    fields, missing = _FACTS[criterion]
    recorded = {field: getattr(facts, field) for field in fields}
    if True in recorded.values():
        return Reason(Outcome.MET, "CRITERION_MET", (("criterion", criterion),))
    for field, fact in recorded.items():
        if fact is None:
            return unrecorded(field)
    return Reason(Outcome.NOT_MET, missing, (("criterion", criterion),))
