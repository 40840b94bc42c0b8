"""From a tier reached to a proposal for the regional incentive (DR-A1 to DR-A5).

*Usulan Dana Insentif Daerah*: the Ministry of State Apparatus proposes local governments whose
innovation reached the highest tier, the Ministry of Finance applies its main criteria (*kriteria
utama*) and decides.  Which cycles are proposed, from which groups, for which fiscal year, and
which criteria hold, are data: one rulebook per fiscal year, ``cycles.<year>.…`` for the cycle
that counts for it.  Nothing here is ever "granted".
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence

import attrs

from kipp.domain.agency import Agency, AgencyKey
from kipp.domain.award import GROUPS_OF, KIPP, Level, Tier
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
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue
from kipp.domain.incentive import (
    FiscalCluster,
    FiscalCriterion,
    FiscalRecord,
    Grade,
    IncentiveProposal,
    IncentiveStatus,
    InnovationCounts,
    Opinion,
)
from kipp.rules.agency import CODES as AGENCY_CODES
from kipp.rules.agency import doubts, key_of, refusal, unregistered, year_days
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
from kipp.rules.history import tier_refusal
from kipp.rules.rulebook import Rulebook

__all__ = [
    "CLUSTER",
    "CODES",
    "CODES_OF",
    "COUNTS",
    "CRITERIA",
    "FISCAL_YEAR",
    "PROPOSE",
    "RULE_IDS",
    "STATUS",
    "fiscal_cluster",
    "fiscal_year",
    "incentive_proposal",
    "incentive_status",
    "innovation_counts",
    "main_criteria",
    "propose",
]

PROPOSE = RuleId("incentive-proposal")
FISCAL_YEAR = RuleId("incentive-fiscal-year")
CRITERIA = RuleId("incentive-main-criteria")
CLUSTER = RuleId("incentive-cluster")
COUNTS = RuleId("incentive-counts")
STATUS = RuleId("incentive-status")

RULE_IDS: tuple[RuleId, ...] = (PROPOSE, FISCAL_YEAR, CRITERIA, CLUSTER, COUNTS, STATUS)

_LINK_CODES = (
    "NO_KIPP_HELD",
    "KIPP_YEAR_LINKED",
    "KIPP_YEAR_BEFORE_LINK",
    "POST_2022_LINK_UNPROVEN",
)
_PROPOSE_CODES = (
    *_LINK_CODES,
    *AGENCY_CODES,
    "LOCAL_GOVERNMENT",
    "NOT_LOCAL_GOVERNMENT",
    "TOP_TIER_REACHED",
    "BELOW_TOP_TIER",
    "OTHER_ORGANISER",
    "GROUP_NOT_OFFERED",
    "GROUP_NOT_STATED",
    "WORDING_CONSIDERATION",
    "WORDING_ENTITLEMENT",
)
_YEAR_CODES = (*(code for code in _LINK_CODES if code != "KIPP_YEAR_LINKED"), "LAG_STATED")
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

CODES_OF: Mapping[RuleId, tuple[str, ...]] = {
    PROPOSE: (*_PROPOSE_CODES, "LAG_STATED", "LAG_CONFLICT", *UNSETTLED),
    FISCAL_YEAR: (*_YEAR_CODES, "LAG_CONFLICT", *UNSETTLED[1:]),
    CRITERIA: (*_CRITERIA_CODES, "EVERY_CRITERION_SKIPPED", *UNSETTLED),
    CLUSTER: (*_CRITERIA_CODES, "DEFAULT_CLUSTER_INFERRED", *UNSETTLED),
    COUNTS: ("COUNTS_ADDED", "WEIGHTS_NOT_PUBLISHED", *UNSETTLED),
    STATUS: (
        *_PROPOSE_CODES,
        "LAG_STATED",
        "LAG_CONFLICT",
        *_CRITERIA_CODES,
        "EVERY_CRITERION_SKIPPED",
        "DEFAULT_CLUSTER_INFERRED",
        "DECIDED_BY_MOF",
        *UNSETTLED,
    ),
}

CODES: tuple[str, ...] = tuple(dict.fromkeys(code for codes in CODES_OF.values() for code in codes))

_WORDINGS = {
    "consideration": "WORDING_CONSIDERATION",
    "entitlement": "WORDING_ENTITLEMENT",
}
_ALONG = tuple(level for level in Level if level is not Level.SEPARATE)
_TERPUJI = (Level.WINNER, Level.OUTSTANDING)


# --- DR-A1: who is proposed -------------------------------------------------------------------


def propose(
    cycle: Rulebook, books: Iterable[Rulebook], agency: Agency | AgencyKey, tier: Tier
) -> Decision:
    """Decide whether *agency* is proposed for the incentive after reaching *tier* in *cycle*.

    *books* are the incentive rulebooks, one per fiscal year, in any order; *cycle* says whether
    the contest was held.  Where the source does not say the group of a tier, every group that
    was open is tried.  The ministry's words name a tier by its size (Top 45): that size means
    the general group.  A tier of a group that was not open that year was given to nobody.  An
    agency that is not registered is given by its key; one that stood on no day of the year of the
    tier receives nothing.

    Raises:
        InvalidValue: *tier* is of another year than *cycle*.
    """
    _same_year(cycle, tier)
    home, linked = _link(cycle, books)
    reasons: tuple[Reason, ...] = (linked,)
    if home is not None and linked.outcome is Outcome.MET:
        receives = _receives(home, agency, tier.year)
        reached = tier_refusal(cycle, tier) or _reached(home, tier)
        reasons = (linked, *receives, reached, *_wording(home, tier.year))
    return Decision(rule=PROPOSE, subject=key_of(agency), reasons=reasons)


def _same_year(cycle: Rulebook, tier: Tier) -> None:
    if tier.year != cycle.year:
        raise InvalidValue("tier.year", tier.year, f"the year of the cycle, {cycle.year}")


def _link(cycle: Rulebook, books: Iterable[Rulebook]) -> tuple[Rulebook | None, Reason]:
    """The incentive rulebook that speaks of *cycle*, and whether proposals followed from it."""
    held = cycle.term("held")
    if any(_says_no(reading) for reading in alternatives(held.value)):
        return None, settle(held, functools.partial(_held, cycle.year))
    ordered = _by_year(books)
    path = f"cycles.{cycle.year}.proposed"
    home = next((book for book in ordered if path in book.terms), None)
    term = (home or ordered[-1]).term(path)
    if isinstance(term.value, NotFound) and (home or _after_the_link(cycle, ordered[-1])):
        searched = (("cycle", cycle.year), ("searched", term.value.searched))
        return home, Reason(Outcome.UNKNOWN, "POST_2022_LINK_UNPROVEN", searched, (term,))
    return home, settle(term, functools.partial(_linked, cycle.year))


def _after_the_link(cycle: Rulebook, latest: Rulebook) -> bool:
    """Whether *cycle* is no earlier than the latest fiscal year, of which no link is known."""
    return isinstance(latest["link"], NotFound) and (cycle.year or 0) >= (latest.year or 0)


def _held(year: int | None, stated: object) -> Reason:
    if _says_no(stated):
        return Reason(Outcome.NOT_MET, "NO_KIPP_HELD", (("cycle", year),))
    return _linked(year, stated)


def _by_year(books: Iterable[Rulebook]) -> Sequence[Rulebook]:
    ordered = sorted(books, key=lambda book: book.year or 0)
    if not ordered:
        raise InvalidValue("books", ordered, "at least one incentive rulebook")
    return ordered


def _says_no(reading: object) -> bool:
    return isinstance(reading, NotOpen) or (isinstance(reading, Cited) and reading.value is False)


def _linked(year: int | None, stated: object) -> Reason:
    if _says_no(stated):
        return Reason(Outcome.NOT_MET, "KIPP_YEAR_BEFORE_LINK", (("cycle", year),))
    return Reason(Outcome.MET, "KIPP_YEAR_LINKED", (("cycle", year),))


def _receives(home: Rulebook, agency: Agency | AgencyKey, year: int) -> tuple[Reason, ...]:
    recipients = home.term("recipients")
    if not isinstance(agency, Agency):
        return (unregistered(agency, recipients),)
    days = year_days(year)
    refused = refusal(agency, *days)
    if refused is not None:
        return (refused,)
    if agency.kind is None:
        received = unrecorded("kind", recipients)
    else:
        received = settle(recipients, functools.partial(_is_recipient, agency))
    return *doubts(agency, *days), received


def _is_recipient(agency: Agency, stated: Cited[object] | Unlimited | NotOpen) -> Reason:
    kinds = stated.value if isinstance(stated, Cited) else ()
    compared = (("kind", agency.kind),)
    if isinstance(kinds, tuple) and agency.kind in kinds:
        return Reason(Outcome.MET, "LOCAL_GOVERNMENT", compared)
    return Reason(Outcome.NOT_MET, "NOT_LOCAL_GOVERNMENT", compared)


def _reached(home: Rulebook, tier: Tier) -> Reason:
    if tier.organiser != KIPP:
        return Reason(Outcome.NOT_MET, "OTHER_ORGANISER", (("organiser", tier.organiser),))
    terms = _levels(home, tier)
    reasons = [_in_group(home, term, tier) for term in terms]
    if len({reason.outcome for reason in reasons}) == 1:
        return reasons[0]
    return Reason(Outcome.UNKNOWN, "GROUP_NOT_STATED", (("tier", tier.label),), tuple(terms))


def _levels(home: Rulebook, tier: Tier) -> Sequence[Term[tuple[Level, ...]]]:
    """The levels that lead to a proposal, for each group *tier* may belong to."""
    groups = (tier.group,) if tier.group is not None else _groups(home, tier)
    terms = [home.term(f"cycles.{tier.year}.levels.{group.key}") for group in groups]
    return [term for term in terms if not isinstance(term.value, NotOpen)] or terms


def _groups(home: Rulebook, tier: Tier) -> tuple[Group, ...]:
    """The groups that a tier of this level and size may belong to."""
    alone = GROUPS_OF[tier.level]
    if alone and Group.GENERAL not in alone:
        return alone
    named = tier.size in cited(home[f"cycles.{tier.year}.top_tier"])
    return (Group.GENERAL,) if named else tuple(Group)


def _in_group(home: Rulebook, term: Term[tuple[Level, ...]], tier: Tier) -> Reason:
    """Whether *tier* is high enough in one group; what no source proposes is below in any."""
    compared = (("tier", tier.label), ("level", tier.level))
    if isinstance(term.value, NotFound):
        if tier.level not in _TERPUJI:
            words = home.term(f"cycles.{tier.year}.levels.{Group.GENERAL.key}")
            return Reason(Outcome.NOT_MET, "BELOW_TOP_TIER", compared, (term, words))
        return Reason(Outcome.UNKNOWN, "GROUP_NOT_STATED", compared, (term,))

    def judge(stated: Cited[tuple[Level, ...]] | Unlimited | NotOpen) -> Reason:
        if not isinstance(stated, Cited):
            return Reason(Outcome.NOT_MET, "GROUP_NOT_OFFERED", compared)
        if _as_high(tier.level, stated.value):
            return Reason(Outcome.MET, "TOP_TIER_REACHED", compared)
        return Reason(Outcome.NOT_MET, "BELOW_TOP_TIER", compared)

    return settle(term, judge)


def _as_high(level: Level, levels: tuple[Level, ...]) -> bool:
    """Whether *level* is one of *levels* or above the lowest of them; a separate award is none."""
    return level in _ALONG and any(
        _ALONG.index(level) >= _ALONG.index(each) for each in levels if each in _ALONG
    )


def _wording(home: Rulebook, year: int) -> tuple[Reason, ...]:
    term = home.term(f"cycles.{year}.wording")
    codes = (_WORDINGS.get(word) for word in cited(term.value))
    return tuple(note(code, term) for code in codes if code is not None)


def incentive_proposal(
    cycle: Rulebook,
    books: Iterable[Rulebook],
    agency: Agency | AgencyKey,
    tier: Tier,
    *,
    innovation: str | None = None,
) -> Classification[IncentiveProposal]:
    """The proposal that follows from *tier*, or none with the reasons of :func:`propose`.

    Raises:
        InvalidValue: as :func:`propose`.
    """
    books = tuple(books)
    key = key_of(agency)
    proposed = propose(cycle, books, agency, tier)
    year = fiscal_year(cycle, books)
    met = proposed.outcome is Outcome.MET
    return Classification(
        rule=PROPOSE,
        subject=key,
        value=IncentiveProposal(
            agency=key, tier=tier, fiscal_year=year.value, innovation=innovation
        )
        if met
        else None,
        reasons=(*proposed.reasons, *year.reasons) if met else proposed.reasons,
    )


# --- DR-A2: the fiscal year -------------------------------------------------------------------


def fiscal_year(cycle: Rulebook, books: Iterable[Rulebook]) -> Classification[int]:
    """The fiscal year (*tahun anggaran*) that the result of *cycle* counts for.

    None where sources disagree (KIPP 2022: ``LAG_CONFLICT``) or no link is stated.  A weaker
    counter-source that does not move the answer is noted.
    """
    home, linked = _link(cycle, books)
    subject = f"{KIPP} {cycle.year}"
    if home is None or linked.outcome is not Outcome.MET:
        return Classification(rule=FISCAL_YEAR, subject=subject, value=None, reasons=(linked,))
    term = home.term(f"cycles.{cycle.year}.fiscal_year")
    also = home.term(f"cycles.{cycle.year}.fiscal_year_also_said")
    reasons = [_lag(cycle.year, term)]
    reasons += [note("LAG_CONFLICT", also, cycle=cycle.year, years=(y,)) for y in cited(also.value)]
    value = term.value.value if isinstance(term.value, Cited) else None
    return Classification(rule=FISCAL_YEAR, subject=subject, value=value, reasons=tuple(reasons))


def _lag(cycle: int | None, term: Term[int]) -> Reason:
    years = tuple(cited(term.value))
    said = (("cycle", cycle), ("years", years))
    if isinstance(term.value, Disputed):
        return Reason(Outcome.UNKNOWN, "LAG_CONFLICT", said, (term,))
    return settle(term, lambda _: Reason(None, "LAG_STATED", said))


# --- DR-A3: the main criteria of the Ministry of Finance --------------------------------------


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
    _same_agency(agency, record)
    return record


def _same_agency(agency: AgencyKey, record: FiscalRecord) -> None:
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
        if _says_no(stated):
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


# --- DR-A4: what the Ministry of Finance counts -----------------------------------------------


def innovation_counts(
    book: Rulebook, agency: AgencyKey, reached: Iterable[InnovationCounts]
) -> Classification[InnovationCounts]:
    """What is counted for *agency*: innovations passed, among the finalists, among the winners.

    Several counts add up (inferred).  The weights were never published, so that no amount of
    money can follow: the shape is all there is.
    """
    total = InnovationCounts(passed=0, finalists=0, winners=0)
    for each in reached:
        total += each
    counted = book.term("innovation.counts")
    reasons = [settle(counted, lambda _: Reason(None, "COUNTS_ADDED"))]
    fields = attrs.asdict(total).items()
    reasons += [unrecorded(field, counted) for field, count in fields if count is None]
    settled = all(reason.outcome is None for reason in reasons)
    reasons.append(note("WEIGHTS_NOT_PUBLISHED", book.term("innovation.weight")))
    return Classification(
        rule=COUNTS, subject=agency, value=total if settled else None, reasons=tuple(reasons)
    )


# --- DR-A5: how far the proposal gets ---------------------------------------------------------


def incentive_status(
    cycle: Rulebook,
    books: Iterable[Rulebook],
    agency: Agency | AgencyKey,
    tier: Tier,
    records: Iterable[FiscalRecord] = (),
) -> Classification[IncentiveStatus]:
    """Whether *agency* can receive the incentive for *tier*, as far as known before the decision.

    Combines :func:`propose`, :func:`fiscal_year` and the criteria of that year.  *records* are
    the agency's fiscal records; a year without one is not recorded.  Where the fiscal year is
    disputed every reading is tried.  There is no value for "granted": only the Ministry of
    Finance says that.

    Raises:
        InvalidValue: as :func:`propose`; a record of another agency, or two of one year.
    """
    ordered = _by_year(books)
    key = key_of(agency)
    recorded = _one_a_year(key, records)
    home, _link_reason = _link(cycle, ordered)
    proposed = propose(cycle, ordered, agency, tier)
    if home is None or proposed.outcome is not Outcome.MET:
        refused = proposed.outcome is Outcome.NOT_MET
        value = IncentiveStatus.NOT_ELIGIBLE if refused else None
        return Classification(rule=STATUS, subject=key, value=value, reasons=proposed.reasons)
    year = fiscal_year(cycle, ordered)
    years = cited(home[f"cycles.{cycle.year}.fiscal_year"])
    readings = [_in_year(ordered, each, key, recorded.get(each)) for each in years]
    values = {value for value, _reasons in readings}
    return Classification(
        rule=STATUS,
        subject=key,
        value=values.pop() if len(values) == 1 else None,
        reasons=(
            *proposed.reasons,
            *year.reasons,
            *(reason for _value, reasons in readings for reason in reasons),
            note("DECIDED_BY_MOF", home.term("decider")),
        ),
    )


def _one_a_year(agency: AgencyKey, records: Iterable[FiscalRecord]) -> dict[int, FiscalRecord]:
    found: dict[int, FiscalRecord] = {}
    for record in records:
        _same_agency(agency, record)
        if found.setdefault(record.fiscal_year, record) != record:
            raise InvalidValue("records", record.fiscal_year, "one record per fiscal year")
    return found


def _in_year(
    books: Sequence[Rulebook], year: int, agency: AgencyKey, record: FiscalRecord | None
) -> tuple[IncentiveStatus | None, tuple[Reason, ...]]:
    """The status by the criteria of one fiscal year.

    A cluster whose criteria are fulfilled can receive.  That a region which fails them comes to
    the cluster without criteria, and is not left out, is inferred: there the status stays open.
    """
    book = next((each for each in books if each.year == year), None)
    if book is None:
        missing = (("path", f"FY{year}"), ("searched", ""))
        return None, (Reason(Outcome.UNKNOWN, "CRITERIA_NOT_PUBLISHED_HERE", missing),)
    if any(f"clusters.{each.name.lower()}.criteria" in book.terms for each in FiscalCluster):
        cluster = fiscal_cluster(book, agency, record)
        sure = cluster.value is not None and "DEFAULT_CLUSTER_INFERRED" not in cluster.codes
        return (IncentiveStatus.ELIGIBLE_PENDING_MOF if sure else None), cluster.reasons
    decision = main_criteria(book, agency, record)
    return _BY_OUTCOME[decision.outcome], decision.reasons


_BY_OUTCOME = {
    Outcome.MET: IncentiveStatus.ELIGIBLE_PENDING_MOF,
    Outcome.NOT_MET: IncentiveStatus.NOT_ELIGIBLE,
    Outcome.UNKNOWN: None,
}
