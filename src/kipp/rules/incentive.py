"""From a tier reached to a proposal for the regional incentive (DR-A1 to DR-A5).

*Usulan Dana Insentif Daerah*: the Ministry of State Apparatus proposes local governments whose
innovation reached the highest tier, the Ministry of Finance applies its main criteria (*kriteria
utama*) and decides.  Which cycles are proposed, from which groups, for which fiscal year, and
which criteria hold, are data: one rulebook per fiscal year, ``cycles.<year>.…`` for the cycle
that counts for it.  Nothing here is ever "granted".

The fiscal year of a cycle stands in :mod:`kipp.rules.incentive_link`, the main criteria in
:mod:`kipp.rules.incentive_criteria`; their rules are found here, too.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence

import attrs

from kipp.domain.agency import Agency, AgencyKey
from kipp.domain.award import GROUPS_OF, KIPP, Level, Tier
from kipp.domain.citation import (
    Cited,
    NotFound,
    NotOpen,
    Term,
    Unlimited,
    cited,
)
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue
from kipp.domain.incentive import (
    FiscalCluster,
    FiscalRecord,
    IncentiveProposal,
    IncentiveStatus,
    InnovationCounts,
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
from kipp.rules.incentive_criteria import (
    CLUSTER,
    CLUSTER_CODES,
    CRITERIA,
    MAIN_CODES,
    fiscal_cluster,
    main_criteria,
    same_agency,
)
from kipp.rules.incentive_link import (
    FISCAL_YEAR,
    LINK_CODES,
    YEAR_CODES,
    by_year,
    fiscal_year,
    link,
)
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
    "receives",
]

PROPOSE = RuleId("incentive-proposal")
COUNTS = RuleId("incentive-counts")
STATUS = RuleId("incentive-status")

RULE_IDS: tuple[RuleId, ...] = (PROPOSE, FISCAL_YEAR, CRITERIA, CLUSTER, COUNTS, STATUS)

_PROPOSE_CODES = (
    *LINK_CODES,
    *AGENCY_CODES,
    "LOCAL_GOVERNMENT",
    "NOT_LOCAL_GOVERNMENT",
    "TOP_TIER_REACHED",
    "BELOW_TOP_TIER",
    "OTHER_ORGANISER",
    "GROUP_NOT_OFFERED",
    "GROUP_NOT_STATED",
    "TIER_SIZE_NOT_OF_CYCLE",
    "WORDING_CONSIDERATION",
    "WORDING_ENTITLEMENT",
)

CODES_OF: Mapping[RuleId, tuple[str, ...]] = {
    PROPOSE: (*_PROPOSE_CODES, "LAG_STATED", "LAG_CONFLICT", *UNSETTLED),
    FISCAL_YEAR: YEAR_CODES,
    CRITERIA: MAIN_CODES,
    CLUSTER: CLUSTER_CODES,
    COUNTS: ("COUNTS_ADDED", "WEIGHTS_NOT_PUBLISHED", *UNSETTLED),
    STATUS: tuple(
        dict.fromkeys((*_PROPOSE_CODES, *YEAR_CODES, *MAIN_CODES, *CLUSTER_CODES, "DECIDED_BY_MOF"))
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
    home, linked = link(cycle, books)
    reasons: tuple[Reason, ...] = (linked,)
    if home is not None and linked.outcome is Outcome.MET:
        received = receives(home, agency, tier.year)
        reached = tier_refusal(cycle, tier) or _reached(home, tier)
        reasons = (linked, *received, reached, *_wording(home, tier.year))
    return Decision(rule=PROPOSE, subject=key_of(agency), reasons=reasons)


def _same_year(cycle: Rulebook, tier: Tier) -> None:
    if tier.year != cycle.year:
        raise InvalidValue("tier.year", tier.year, f"the year of the cycle, {cycle.year}")


def receives(home: Rulebook, agency: Agency | AgencyKey, year: int) -> tuple[Reason, ...]:
    """Whether *agency* is of a kind that receives the incentive of *home*, and stood in *year*."""
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
    ordered = by_year(books)
    key = key_of(agency)
    recorded = _one_a_year(key, records)
    home, _link_reason = link(cycle, ordered)
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
        same_agency(agency, record)
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
