"""Replicas: what may be entered as one, which group an innovation fits, what kind of spread it is.

Indonesian: *kelompok replikasi*; *replikasi* carries an innovation from agency to agency,
*scaling up* needs a national sponsor and a policy.  No cycle is known to ask for an MoU or a
permission of the originator: it is noted, never tested.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

from kipp.domain.agency import AgencyKey
from kipp.domain.award import AwardHistory, AwardSpan
from kipp.domain.citation import NotFound, NotOpen, Settled, Unlimited
from kipp.domain.cycle import Group
from kipp.domain.innovation import Innovation, Origin, ReplicaSource
from kipp.domain.proposal import Proposal
from kipp.rules import cap
from kipp.rules.cap import cap_reason
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
from kipp.rules.eligibility import (
    AGE_CODES,
    AWARD_CODES,
    REPLICA_AWARD_CODES,
    age_reason,
    award_reasons,
)
from kipp.rules.field import Field, field_of, offered_reason
from kipp.rules.history import any_of, reached
from kipp.rules.rulebook import Rulebook

__all__ = [
    "CODES",
    "CODES_OF",
    "ENTRY",
    "ROUTER",
    "RULE_IDS",
    "SPREAD",
    "SpreadKind",
    "group_router",
    "replication_entry",
    "source_reasons",
    "spread_kind",
]

ENTRY = RuleId("replication-entry")
ROUTER = RuleId("group-router")
SPREAD = RuleId("spread-kind")

RULE_IDS: tuple[RuleId, ...] = (ENTRY, ROUTER, SPREAD)

_SOURCES = (
    "GROUP_OFFERED",
    "GROUP_NOT_OFFERED",
    "SOURCE_IN_LIST",
    "SOURCE_NOT_IN_LIST",
    "SOURCE_YEAR_OUT_OF_RANGE",
    "NO_SOURCE_NAMED",
    "CONDITIONS_NOT_PUBLISHED_HERE",
)
_ENTRY_CODES = (
    *_SOURCES,
    *REPLICA_AWARD_CODES,
    *AGE_CODES,
    *cap.CODES,
    "MOU_PRESENT",
    "MOU_ABSENT",
)

CODES_OF: Mapping[RuleId, tuple[str, ...]] = {
    ENTRY: tuple(dict.fromkeys((*_ENTRY_CODES, *UNSETTLED))),
    ROUTER: (
        *_SOURCES,
        *AWARD_CODES,
        "FITS_GROUP",
        "NO_GROUP_FITS",
        "TERPUJI_MAY_REPLICATE_UNCLEAR",
        *UNSETTLED,
    ),
    SPREAD: (
        "NATIONAL_SPONSOR",
        "NO_NATIONAL_SPONSOR",
        "NO_NATIONAL_POLICY_YET",
        "SAME_AGENCY",
        "OTHER_AGENCY",
        "FACT_NOT_RECORDED",
    ),
}

CODES: tuple[str, ...] = tuple(dict.fromkeys(code for codes in CODES_OF.values() for code in codes))


class SpreadKind(enum.StrEnum):
    """How an innovation spread (*penyebarluasan*); the values are the field's terms."""

    INTERNAL_SPREAD = "replikasi internal"
    REPLICATION = "replikasi"
    SCALING_UP = "scaling up"


def replication_entry(
    book: Rulebook,
    proposal: Proposal,
    *,
    history: AwardHistory | None,
    others: Iterable[Proposal] | Field = (),
) -> Decision:
    """Whether *proposal* may stand in the replication group (*kelompok replikasi*): all of it.

    The group exists, a source in the cycle's list is named, the replica itself fits (2020: never
    awarded), it is old enough, and its agency stays within the cap.  *others* are the proposals
    of the cycle, this one among them or not.  An MoU is only noted.

    Sources: ministry, 2020 and 2021; for 2025 the conditions were not found.
    """
    group = Group.REPLICATION
    reasons: tuple[Reason, ...] = (offered_reason(book, group),)
    if reasons[0].outcome is not Outcome.NOT_MET:
        field = field_of(others, book.year)
        reasons += (
            *source_reasons(book, proposal.innovation),
            *award_reasons(book, group, history),
            age_reason(book, proposal.innovation, group),
            cap_reason(book, proposal.agency, field, group),
        )
    return Decision(rule=ENTRY, subject=proposal.id, reasons=(*reasons, *_mou(proposal)))


def _mou(proposal: Proposal) -> tuple[Reason, ...]:
    if proposal.mou is None:
        return ()
    return (note("MOU_PRESENT" if proposal.mou else "MOU_ABSENT"),)


def source_reasons(book: Rulebook, innovation: Innovation) -> tuple[Reason, ...]:
    """What the cycle's list of sources says about what *innovation* replicates; at least one."""
    term = book.term(f"groups.{Group.REPLICATION.key}.source_awards")
    if innovation.replica_of is None and innovation.origin is not Origin.ORIGINAL:
        return (unrecorded("replica_of", term),)
    if not innovation.replica_of:
        return (Reason(Outcome.NOT_MET, "NO_SOURCE_NAMED", (), (term,)),)
    sources = innovation.replica_of
    reason = settle(term, lambda spans: _listed(spans, sources))
    if isinstance(term.value, NotFound):
        return reason, note("CONDITIONS_NOT_PUBLISHED_HERE", term)
    return (reason,)


def _listed(spans: Settled[tuple[AwardSpan, ...]], sources: tuple[ReplicaSource, ...]) -> Reason:
    named = (("sources", tuple(sorted(source.title for source in sources))),)
    if isinstance(spans, Unlimited):
        return Reason(Outcome.MET, "SOURCE_IN_LIST", named)
    if isinstance(spans, NotOpen):
        return Reason(Outcome.NOT_MET, "SOURCE_NOT_IN_LIST", named)
    match any_of(_in_list(spans.value, source) for source in sources):
        case True:
            return Reason(Outcome.MET, "SOURCE_IN_LIST", named)
        case False:
            return Reason(Outcome.NOT_MET, _outside(spans.value, sources), named)
        case _:
            missing = (("fact", "replica_of.tiers"), *named)
            return Reason(Outcome.UNKNOWN, "FACT_NOT_RECORDED", missing)


def _in_list(spans: tuple[AwardSpan, ...], source: ReplicaSource) -> bool | None:
    return None if source.tiers is None else reached(spans, source.tiers)


def _outside(spans: tuple[AwardSpan, ...], sources: tuple[ReplicaSource, ...]) -> str:
    """Whether a source reached such a tier in another year, or none at all."""
    tiers = [tier for source in sources for tier in source.tiers or ()]
    any_year = [
        AwardSpan(level=span.level, first_year=tier.year, last_year=tier.year, group=span.group)
        for span in spans
        for tier in tiers
    ]
    return "SOURCE_YEAR_OUT_OF_RANGE" if reached(any_year, tiers) else "SOURCE_NOT_IN_LIST"


def group_router(
    book: Rulebook, innovation: Innovation, *, history: AwardHistory | None
) -> Classification[Group]:
    """Which group (*kelompok*) an innovation fits by what it is and reached before.

    Order: a highest tier inside the special group's range gives special; else an adaptation of a
    listed innovation gives replication; else general, unless its awards bar it.  The order is
    inferred from the definitions of 2020, 2021 and 2023.  A highest tier newer than the special
    range fits no group.  Whether an innovation with a highest tier that is recorded as an
    adaptation may enter as a replica was not found for 2021: none there.

    Age, cap, category and invitation are other rules.
    """
    by_group = {group: _fit(book, innovation, group, history) for group in _ORDER}
    seen: list[Reason] = []
    for group, reasons in by_group.items():
        seen += reasons
        match _worst(reasons):
            case Outcome.UNKNOWN:
                return _routed(innovation, None, seen)
            case Outcome.MET:
                doubt = _doubt(group, innovation, by_group[Group.REPLICATION])
                return _routed(innovation, None if doubt else group, [*seen, *doubt])
            case _:
                continue
    return _routed(innovation, None, [*seen, Reason(Outcome.NOT_MET, "NO_GROUP_FITS")])


_ORDER = (Group.SPECIAL, Group.REPLICATION, Group.GENERAL)


def _routed(
    innovation: Innovation, group: Group | None, seen: list[Reason]
) -> Classification[Group]:
    fits = () if group is None else (Reason(Outcome.MET, "FITS_GROUP", (("group", group),)),)
    reasons = tuple(dict.fromkeys((*seen, *fits)))
    return Classification(rule=ROUTER, subject=innovation.id, value=group, reasons=reasons)


def _fit(
    book: Rulebook, innovation: Innovation, group: Group, history: AwardHistory | None
) -> tuple[Reason, ...]:
    offered = offered_reason(book, group)
    if offered.outcome is Outcome.NOT_MET:
        return (offered,)
    own = award_reasons(book, group, history)
    if group is not Group.REPLICATION:
        return offered, *own
    sources = source_reasons(book, innovation)
    if _worst(sources) is Outcome.NOT_MET:
        return offered, *sources
    return offered, *sources, *own


def _worst(reasons: Iterable[Reason]) -> Outcome:
    found = {reason.outcome for reason in reasons}
    return next(outcome for outcome in Outcome if outcome in found)


def _doubt(
    group: Group, innovation: Innovation, replication: tuple[Reason, ...]
) -> tuple[Reason, ...]:
    """A recorded adaptation in the special range that may or may not enter as a replica."""
    adapts = innovation.origin is Origin.REPLICA or bool(innovation.replica_of)
    if group is not Group.SPECIAL or not adapts or _worst(replication) is not Outcome.UNKNOWN:
        return ()
    terms = tuple(
        term for each in replication if each.outcome is Outcome.UNKNOWN for term in each.terms
    )
    return (Reason(Outcome.UNKNOWN, "TERPUJI_MAY_REPLICATE_UNCLEAR", (), terms),)


def spread_kind(
    subject: str,
    *,
    owner_before: AgencyKey | None,
    owner_after: AgencyKey | None,
    national_sponsor: bool | None,
    national_policy: bool | None,
) -> Classification[SpreadKind]:
    """What kind of spread it is when *owner_after* runs what *owner_before* began.

    Scaling up needs a national sponsor (ministry, Polri) and a national policy; short of that,
    inside one agency it is internal spread, between two it is replication.  Facts that are not
    recorded and could change the answer leave none.

    Sources: ministry, 2019, 2021, 2024, 2025; that scaling up needs both is inferred.
    """
    if national_sponsor and national_policy:
        reason = Reason(None, "NATIONAL_SPONSOR")
        return Classification(
            rule=SPREAD, subject=subject, value=SpreadKind.SCALING_UP, reasons=(reason,)
        )
    sponsor = _not_national(national_sponsor, national_policy)
    kind, owners = _between(owner_before, owner_after)
    settled = sponsor.outcome is not Outcome.UNKNOWN
    return Classification(
        rule=SPREAD, subject=subject, value=kind if settled else None, reasons=(sponsor, owners)
    )


def _not_national(sponsor: bool | None, policy: bool | None) -> Reason:
    if sponsor is False:
        return note("NO_NATIONAL_SPONSOR")
    if policy is False:
        return note("NO_NATIONAL_POLICY_YET", sponsor=sponsor)
    return unrecorded("national_sponsor" if sponsor is None else "national_policy")


def _between(before: AgencyKey | None, after: AgencyKey | None) -> tuple[SpreadKind | None, Reason]:
    if before is None or after is None:
        return None, unrecorded("owner_before" if before is None else "owner_after")
    if before == after:
        return SpreadKind.INTERNAL_SPREAD, note("SAME_AGENCY", owner=before)
    return SpreadKind.REPLICATION, note("OTHER_AGENCY", before=before, after=after)
