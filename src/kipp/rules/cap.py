"""How many proposals one agency may enter in one cycle.

Indonesian: *batas jumlah proposal per instansi*, one cap per group.  The numbers are data, cycle
by cycle (``groups.<group>.cap`` in the rulebook).  The duty to enter at least one is another
rule: see :mod:`kipp.rules.duty`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kipp.domain.agency import AgencyKey
from kipp.domain.citation import Cited, NotOpen, Settled
from kipp.domain.cycle import Group
from kipp.domain.proposal import Proposal
from kipp.rules.decision import UNSETTLED, Decision, Outcome, Reason, RuleId, settle
from kipp.rules.field import Field, field_of, group_of
from kipp.rules.rulebook import Rulebook

__all__ = ["CODES", "CODES_OF", "RULE_ID", "cap_reason", "proposal_cap"]

RULE_ID = RuleId("proposal-cap")

_Values = tuple[tuple[str, object], ...]

CODES: tuple[str, ...] = (
    "WITHIN_CAP",
    "CAP_REACHED",
    "CAP_UNLIMITED",
    "GROUP_NOT_OFFERED",
    "GROUP_NOT_ENTERED",
    *UNSETTLED,
)

CODES_OF: Mapping[RuleId, tuple[str, ...]] = {RULE_ID: CODES}


def proposal_cap(
    book: Rulebook,
    agency: AgencyKey,
    proposals: Iterable[Proposal] | Field,
    *,
    groups: Iterable[Group] = Group,
) -> Decision:
    """Decide whether *agency* entered no more proposals than each of *groups* allows.

    Withdrawn proposals, and proposals of other agencies and cycles, do not count.  A proposal
    whose group is not recorded counts where it could tip the answer.

    Source of the caps: ministry, 17 March 2021 (10 general, 5 replication, special by invitation
    outside them); before 2021 there was none; for 2022 on none was found.
    """
    field = field_of(proposals, book.year)
    wanted = frozenset(groups)
    reasons = tuple(cap_reason(book, agency, field, group) for group in Group if group in wanted)
    return Decision(rule=RULE_ID, subject=agency, reasons=reasons)


def cap_reason(book: Rulebook, agency: AgencyKey, field: Field, group: Group) -> Reason:
    """What the cap of *group* says about the proposals of *agency* in *field*."""
    unplaced = field.count(agency, None)
    placed = field.count(agency, group)
    pool = group_of(book, None)
    if pool is not None:
        placed, unplaced = placed + (unplaced if pool is group else 0), 0
    at_most = placed + unplaced
    term = book.term(f"groups.{group.key}.cap")
    return settle(term, lambda cap: _compare(group, cap, placed, at_most))


def _compare(group: Group, cap: Settled[int], placed: int, at_most: int) -> Reason:
    match cap:
        case Cited(value=most):
            values = (("group", group), ("entered", placed), ("at_most", most))
            return _verdict(most, placed, at_most, ("WITHIN_CAP", "CAP_REACHED"), values)
        case NotOpen():
            values = (("group", group), ("entered", placed), ("at_most", 0))
            codes = ("GROUP_NOT_ENTERED", "GROUP_NOT_OFFERED")
            return _verdict(0, placed, at_most, codes, values)
        case _:
            counted = (("group", group), ("entered", placed))
            return Reason(Outcome.MET, "CAP_UNLIMITED", counted)


def _verdict(
    most: int, placed: int, at_most: int, codes: tuple[str, str], values: _Values
) -> Reason:
    """Above *most* for certain, possibly above it (proposals without a group), or within."""
    within, above = codes
    if placed > most:
        return Reason(Outcome.NOT_MET, above, values)
    if at_most > most:
        missing = (("fact", "group"), *values, ("unplaced", at_most - placed))
        return Reason(Outcome.UNKNOWN, "FACT_NOT_RECORDED", missing)
    return Reason(Outcome.MET, within, values)
