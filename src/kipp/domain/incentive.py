"""The regional incentive (*Dana Insentif Daerah*, from 2023 *Insentif Fiskal*) around the contest.

The Ministry of State Apparatus proposes, the Ministry of Finance decides: nothing here is ever
"granted".  In facts ``None`` means *not recorded* and nothing else does.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

import attrs

from kipp.domain.agency import AgencyKey
from kipp.domain.award import Tier
from kipp.domain.errors import InvalidType, InvalidValue

__all__ = [
    "FiscalCluster",
    "FiscalCriterion",
    "FiscalRecord",
    "Grade",
    "IncentiveProposal",
    "IncentiveStatus",
    "InnovationCounts",
    "Opinion",
]


class Opinion(enum.StrEnum):
    """Audit opinion on a region's accounts (*opini BPK*), best first: WTP, WDP, TW, TMP."""

    UNQUALIFIED = "wajar tanpa pengecualian"
    QUALIFIED = "wajar dengan pengecualian"
    ADVERSE = "tidak wajar"
    DISCLAIMER = "tidak menyatakan pendapat"


class Grade(enum.StrEnum):
    """Grade of e-procurement, best first; the sources only say that B is the least in FY2022."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"

    def at_least(self, other: Grade) -> bool:
        """Whether this grade is *other* or better."""
        order = tuple(Grade)
        return order.index(self) <= order.index(other)


class FiscalCriterion(enum.StrEnum):
    """One main criterion (*kriteria utama*) as the sources name it."""

    UNQUALIFIED_OPINION = "opini WTP"
    QUALIFIED_OPINION = "opini WTP atau WDP"
    APBD_ON_TIME = "perda APBD tepat waktu"
    EPROCUREMENT = "e-procurement"
    EPROCUREMENT_GRADE = "nilai e-procurement"
    EBUDGETING = "e-budgeting"
    EPLANNING = "e-planning"
    EGOVERNMENT = "e-government"
    ONE_STOP_SERVICE = "pelayanan terpadu satu pintu"
    EGOVERNMENT_OR_ONE_STOP = "e-government dan/atau pelayanan terpadu satu pintu"


class FiscalCluster(enum.StrEnum):
    """Cluster of the incentive for FY2022 (*klaster*), the strictest first."""

    A = "klaster a"
    B = "klaster b"
    C = "klaster c"


class IncentiveStatus(enum.StrEnum):
    """How far a proposal can get before the Ministry of Finance decides; there is no "granted"."""

    ELIGIBLE_PENDING_MOF = "memenuhi syarat, menunggu Kementerian Keuangan"
    NOT_ELIGIBLE = "tidak memenuhi syarat"


def _one_for_each(expected: str) -> Callable[[object, attrs.Attribute[Any], Any], None]:
    def check(_record: object, attribute: attrs.Attribute[Any], pairs: Any) -> None:
        keys = [key for key, _said in pairs]
        if len(set(keys)) != len(keys):
            raise InvalidValue(f"FiscalRecord.{attribute.name}", pairs, expected)

    return check


@attrs.frozen(kw_only=True)
class FiscalRecord:
    """What is recorded about a region's finances for one fiscal year (*tahun anggaran*).

    *opinions* are (audited year, opinion); a year that is not there is not recorded.
    *latest_audit* is the last audited year when the incentive was computed.  *supplied* holds
    (criterion, whether the ministry that owns the data supplied them).
    """

    agency: AgencyKey
    fiscal_year: int
    opinions: tuple[tuple[int, Opinion], ...] = attrs.field(
        default=(), validator=_one_for_each("one opinion per audited year")
    )
    latest_audit: int | None = None
    apbd_on_time: bool | None = None
    eprocurement: bool | None = None
    eprocurement_grade: Grade | None = None
    ebudgeting: bool | None = None
    eplanning: bool | None = None
    egovernment: bool | None = None
    one_stop_service: bool | None = None
    supplied: tuple[tuple[FiscalCriterion, bool], ...] = attrs.field(
        default=(), validator=_one_for_each("one statement per criterion")
    )

    def opinion(self, year: int) -> Opinion | None:
        """The opinion on the accounts of *year*, if recorded."""
        return dict(self.opinions).get(year)

    def has_data(self, criterion: FiscalCriterion) -> bool | None:
        """Whether the data for *criterion* were supplied, if recorded."""
        return dict(self.supplied).get(criterion)


def _whole(instance: object, attribute: attrs.Attribute[Any], value: int | None) -> None:
    name = f"{type(instance).__name__}.{attribute.name}"
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidType(name, value, "a whole number from 0, or none")
    if value < 0:
        raise InvalidValue(name, value, "a whole number from 0, or none")


@attrs.frozen(kw_only=True)
class InnovationCounts:
    """How many innovations of a region passed screening, became finalists, and won.

    A winner also counts as a finalist, a finalist as having passed.
    """

    passed: int | None = attrs.field(default=None, validator=_whole)
    finalists: int | None = attrs.field(default=None, validator=_whole)
    winners: int | None = attrs.field(default=None, validator=_whole)

    def __attrs_post_init__(self) -> None:
        known = [each for each in (self.passed, self.finalists, self.winners) if each is not None]
        if known != sorted(known, reverse=True):
            raise InvalidValue("InnovationCounts", tuple(known), "winners <= finalists <= passed")

    def __add__(self, other: InnovationCounts) -> InnovationCounts:
        """Both together; what one side does not record, the sum does not either."""
        return InnovationCounts(
            passed=_sum(self.passed, other.passed),
            finalists=_sum(self.finalists, other.finalists),
            winners=_sum(self.winners, other.winners),
        )


def _sum(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left + right


@attrs.frozen(kw_only=True)
class IncentiveProposal:
    """A proposal to the Ministry of Finance (*usulan DID*) that follows from a tier reached.

    *fiscal_year* is none where the sources do not agree on it.
    """

    agency: AgencyKey
    tier: Tier
    fiscal_year: int | None
    innovation: str | None = None
