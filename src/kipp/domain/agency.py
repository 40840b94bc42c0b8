"""Agencies (*instansi*) and the service units inside them.

An agency keeps the library's own stable key.  Its names, codes and (for a regency or city) its
province are dated, each on its own clock.  Validity is half-open: ``valid_to`` is the first day
a row no longer holds; an absent bound means "since before 2014" or "still", unless the bounds
are marked unknown.
"""

from __future__ import annotations

import enum
from typing import NewType

import attrs

from kipp.domain.checks import DAY, FLAG, NAME, TEXT, either, every, held, maybe, of, require
from kipp.domain.dates import Date, DateRange, earliest, latest
from kipp.domain.errors import InvalidValue

__all__ = [
    "Agency",
    "AgencyKey",
    "AgencyKind",
    "DatedName",
    "Identifier",
    "Membership",
    "ServiceUnit",
    "Span",
]

AgencyKey = NewType("AgencyKey", str)


class AgencyKind(enum.StrEnum):
    """Kind of agency (*jenis instansi*); the values are the official terms."""

    MINISTRY = "kementerian"
    STATE_INSTITUTION = "lembaga"
    PROVINCE = "provinsi"
    REGENCY = "kabupaten"
    CITY = "kota"
    BUMN = "bumn"
    BUMD = "bumd"

    @property
    def is_local_government(self) -> bool:
        """Whether this is a province, regency or city (*pemerintah daerah*)."""
        return self in _LOCAL

    @property
    def is_enterprise(self) -> bool:
        """Whether this is a state or regional enterprise (BUMN, BUMD)."""
        return self in _ENTERPRISES


_LOCAL = frozenset({AgencyKind.PROVINCE, AgencyKind.REGENCY, AgencyKind.CITY})
_ENTERPRISES = frozenset({AgencyKind.BUMN, AgencyKind.BUMD})


_BOUND = maybe(either(DAY, of(DateRange)))
_SPAN = {"valid_from": _BOUND, "valid_to": _BOUND, "known": FLAG}


@attrs.frozen(field_transformer=held(_SPAN))
class Span:
    """A half-open stretch of days; each bound a day, a range for a day not exactly known, or open.

    *known* is false where the bounds were never read: then absence proves nothing.

    Raises:
        InvalidType: a field of another type.
        InvalidValue: an end that cannot be later than the beginning.
    """

    valid_from: Date | DateRange | None = None
    valid_to: Date | DateRange | None = None
    known: bool = True

    def __attrs_post_init__(self) -> None:
        require(self)
        if self.valid_from is None or self.valid_to is None:
            return
        if latest(self.valid_to) <= earliest(self.valid_from):
            raise InvalidValue("Span.valid_to", self.valid_to, f"a day after {self.valid_from}")

    def covers(self, day: Date) -> bool | None:
        """Whether *day* lies inside; none where a bound is not known well enough to say."""
        return self.meets(day, day)

    def meets(self, first: Date, last: Date) -> bool | None:
        """Whether some day from *first* to *last* (both included) lies inside; none: cannot say."""
        if not self.known:
            return None
        started = _reached(self.valid_from, last)
        ended = False if self.valid_to is None else _reached(self.valid_to, first)
        if started is False or ended is True:
            return False
        return None if started is None or ended is None else True

    def begins_after(self, day: Date) -> bool:
        """Whether the stretch certainly begins later than *day*."""
        return self.known and _reached(self.valid_from, day) is False


def _reached(bound: Date | DateRange | None, day: Date) -> bool | None:
    if bound is None:
        return True
    if not isinstance(bound, DateRange):
        return bound <= day
    if bound.last <= day:
        return True
    return None if bound.first <= day else False


_NAME = {"text": NAME, "span": of(Span), "official": FLAG}


@attrs.frozen(field_transformer=held(_NAME))
class DatedName:
    """A name an agency bore during a span; *official* is false for aliases and other spellings."""

    text: str
    span: Span = Span()
    official: bool = True

    def __attrs_post_init__(self) -> None:
        require(self)


_IDENTIFIER = {"scheme": NAME, "code": NAME, "span": of(Span)}


@attrs.frozen(field_transformer=held(_IDENTIFIER))
class Identifier:
    """A code with its scheme (``kemendagri:35.78``) and the span it held for."""

    scheme: str
    code: str
    span: Span = Span()

    def __attrs_post_init__(self) -> None:
        require(self)

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"


_MEMBERSHIP = {"province": NAME, "span": of(Span)}


@attrs.frozen(field_transformer=held(_MEMBERSHIP))
class Membership:
    """The province a regency or city belonged to during a span."""

    province: AgencyKey
    span: Span = Span()

    def __attrs_post_init__(self) -> None:
        require(self)


_AGENCY = {
    "key": NAME,
    "kind": maybe(of(AgencyKind)),
    "names": every(of(DatedName)),
    "span": of(Span),
    "sub_kind": TEXT,
    "autonomous": FLAG,
    "identifiers": every(of(Identifier)),
    "memberships": every(of(Membership)),
    "predecessors": every(NAME),
    "successors": every(NAME),
    "public_service_obligation": maybe(FLAG),
    "owner": maybe(NAME),
    "legal_form": TEXT,
    "source": TEXT,
    "note": TEXT,
}


@attrs.frozen(kw_only=True, field_transformer=held(_AGENCY))
class Agency:
    """An agency (*instansi*): the unit that duties, caps and incentives count by.

    *kind* is none where it is not known (Otorita Ibu Kota Nusantara); *autonomous* is false for
    the administrative regency and cities of Jakarta, which are no local governments.  *owner* is
    set for enterprises: the key of the owning region, or ``ri`` for the state.

    Raises:
        InvalidType: a field of another type.
        InvalidValue: a blank key.
    """

    key: AgencyKey
    kind: AgencyKind | None
    names: tuple[DatedName, ...]
    span: Span = Span()
    sub_kind: str = ""
    autonomous: bool = True
    identifiers: tuple[Identifier, ...] = ()
    memberships: tuple[Membership, ...] = ()
    predecessors: tuple[AgencyKey, ...] = ()
    successors: tuple[AgencyKey, ...] = ()
    public_service_obligation: bool | None = None
    owner: str | None = None
    legal_form: str = ""
    source: str = ""
    note: str = ""

    def __attrs_post_init__(self) -> None:
        require(self)

    @property
    def name(self) -> str:
        """The latest official name."""
        official = [name.text for name in self.names if name.official]
        return official[-1] if official else self.key

    def name_on(self, day: Date) -> str | None:
        """The official name borne on *day*, or none."""
        borne = [n.text for n in self.names if n.official and n.span.covers(day) is not False]
        return borne[-1] if borne else None

    @property
    def is_local_government(self) -> bool:
        """Whether this is an autonomous province, regency or city (*pemerintah daerah*)."""
        return self.autonomous and self.kind is not None and self.kind.is_local_government

    def province_on(self, day: Date) -> AgencyKey | None:
        """The province the regency or city belonged to on *day*, or none."""
        found = [m.province for m in self.memberships if m.span.covers(day)]
        return found[-1] if found else None


_UNIT = {"name": NAME, "agency": maybe(NAME)}


@attrs.frozen(kw_only=True, field_transformer=held(_UNIT))
class ServiceUnit:
    """A service unit (*unit penyelenggara pelayanan*, UPP); it counts for its agency."""

    name: str
    agency: AgencyKey | None = None

    def __attrs_post_init__(self) -> None:
        require(self)
