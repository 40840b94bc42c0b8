"""The regional incentive (*Dana Insentif Daerah*, from 2023 *Insentif Fiskal*) around the contest.

The Ministry of State Apparatus proposes, the Ministry of Finance decides: nothing here is ever
"granted".  In facts ``None`` means *not recorded* and nothing else does.
"""

from __future__ import annotations

import enum

import attrs

from kipp.domain.agency import AgencyKey
from kipp.domain.award import Tier
from kipp.domain.checks import COUNT, FLAG, NAME, NUMBER, every, held, maybe, of, require, row
from kipp.domain.errors import InvalidValue

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


_FISCAL = {
    "agency": NAME,
    "fiscal_year": NUMBER,
    "opinions": every(row("an audited year and its Opinion", NUMBER, of(Opinion))),
    "latest_audit": maybe(NUMBER),
    "apbd_on_time": maybe(FLAG),
    "eprocurement": maybe(FLAG),
    "eprocurement_grade": maybe(of(Grade)),
    "ebudgeting": maybe(FLAG),
    "eplanning": maybe(FLAG),
    "egovernment": maybe(FLAG),
    "one_stop_service": maybe(FLAG),
    "supplied": every(row("a FiscalCriterion and true or false", of(FiscalCriterion), FLAG)),
}


@attrs.frozen(kw_only=True, field_transformer=held(_FISCAL))
class FiscalRecord:
    """What is recorded about a region's finances for one fiscal year (*tahun anggaran*).

    *opinions* are (audited year, opinion); a year that is not there is not recorded.
    *latest_audit* is the last audited year when the incentive was computed.  *supplied* holds
    (criterion, whether the ministry that owns the data supplied them).

    Raises:
        InvalidType: a field of another type.
        InvalidValue: two opinions on one year, two statements on one criterion; a latest audit
            that is not of a year before the fiscal year.
    """

    agency: AgencyKey
    fiscal_year: int
    opinions: tuple[tuple[int, Opinion], ...] = ()
    latest_audit: int | None = None
    apbd_on_time: bool | None = None
    eprocurement: bool | None = None
    eprocurement_grade: Grade | None = None
    ebudgeting: bool | None = None
    eplanning: bool | None = None
    egovernment: bool | None = None
    one_stop_service: bool | None = None
    supplied: tuple[tuple[FiscalCriterion, bool], ...] = ()

    def __attrs_post_init__(self) -> None:
        require(self)
        if len(dict(self.opinions)) < len(self.opinions):
            expected = "one opinion per audited year"
            raise InvalidValue("FiscalRecord.opinions", self.opinions, expected)
        if len(dict(self.supplied)) < len(self.supplied):
            expected = "one statement per criterion"
            raise InvalidValue("FiscalRecord.supplied", self.supplied, expected)
        if self.latest_audit is not None and self.latest_audit >= self.fiscal_year:
            expected = f"a year before the fiscal year {self.fiscal_year}"
            raise InvalidValue("FiscalRecord.latest_audit", self.latest_audit, expected)

    def opinion(self, year: int) -> Opinion | None:
        """The opinion on the accounts of *year*, if recorded."""
        return dict(self.opinions).get(year)

    def has_data(self, criterion: FiscalCriterion) -> bool | None:
        """Whether the data for *criterion* were supplied, if recorded."""
        return dict(self.supplied).get(criterion)


_COUNTS = {"passed": maybe(COUNT), "finalists": maybe(COUNT), "winners": maybe(COUNT)}


@attrs.frozen(kw_only=True, field_transformer=held(_COUNTS))
class InnovationCounts:
    """How many innovations of a region passed screening, became finalists, and won.

    A winner also counts as a finalist, a finalist as having passed.

    Raises:
        InvalidType: a number that is not whole.
        InvalidValue: a number below 0; more winners than finalists, or finalists than passed.
    """

    passed: int | None = None
    finalists: int | None = None
    winners: int | None = None

    def __attrs_post_init__(self) -> None:
        require(self)
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


_PROPOSAL = {
    "agency": NAME,
    "tier": of(Tier),
    "fiscal_year": maybe(NUMBER),
    "innovation": maybe(NAME),
}


@attrs.frozen(kw_only=True, field_transformer=held(_PROPOSAL))
class IncentiveProposal:
    """A proposal to the Ministry of Finance (*usulan DID*) that follows from a tier reached.

    *fiscal_year* is none where the sources do not agree on it.
    """

    agency: AgencyKey
    tier: Tier
    fiscal_year: int | None
    innovation: str | None = None

    def __attrs_post_init__(self) -> None:
        require(self)
