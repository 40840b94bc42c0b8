"""The register of agencies as one frozen value: by key, by name, by code, by day.

Rules and callers get it as an argument.  The packaged tables are one such value
(:func:`kipp.registry.registry`); :meth:`Registry.extended` makes another with rows of the user.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

import attrs

from kipp.domain.agency import (
    Agency,
    AgencyKey,
    AgencyKind,
    DatedName,
    Identifier,
    Span,
)
from kipp.domain.checks import (
    COUNT,
    DAY,
    FLAG,
    NAME,
    TEXT,
    either,
    every,
    held,
    maybe,
    narrowed,
    of,
    require,
)
from kipp.domain.dates import Date, DateRange, day, earliest, latest
from kipp.domain.errors import Faults, InvalidType, InvalidValue, KippError, UnknownName
from kipp.domain.naming import glued_readings, heads, name_keys, readings

__all__ = ["STATE", "USER_PREFIX", "Borne", "HeadCount", "Registry", "UserAgency"]

USER_PREFIX = "user:"
STATE = "ri"


_HEAD_COUNT = {"sure": COUNT, "possible": COUNT}


@attrs.frozen(field_transformer=held(_HEAD_COUNT))
class HeadCount:
    """How many agencies stand on a day: *sure* ones, and those *possible* (sure ones included).

    The two differ where a founding day is known to the month only, or was never read.
    """

    sure: int
    possible: int

    def __attrs_post_init__(self) -> None:
        require(self)


_BORNE = {"agency": NAME, "span": of(Span), "standing": of(Span)}


@attrs.frozen(field_transformer=held(_BORNE))
class Borne:
    """A name or code, borne by an agency during *span*, which itself stood during *standing*."""

    agency: AgencyKey
    span: Span
    standing: Span

    def __attrs_post_init__(self) -> None:
        require(self)

    def meets(self, first: Date, last: Date) -> bool | None:
        """Whether it was borne on some day from *first* to *last*; none: not known."""
        found = (self.span.meets(first, last), self.standing.meets(first, last))
        return False if False in found else None if None in found else True

    def begins_after(self, day: Date) -> bool:
        """Whether it was certainly not yet borne on *day*."""
        return self.span.begins_after(day) or self.standing.begins_after(day)


def _in_namespace(key: str) -> bool:
    return key.startswith(USER_PREFIX) and bool(key.removeprefix(USER_PREFIX).strip())


_USER_AGENCY = {
    "key": narrowed(
        NAME,
        f"a key that begins with {USER_PREFIX!r}",
        _in_namespace,
        key="user-key",
        prefix=USER_PREFIX,
    ),
    "name": NAME,
    "kind": of(AgencyKind),
    "owner": NAME,
    "valid_from": either(DAY, of(DateRange)),
    "valid_to": maybe(either(DAY, of(DateRange))),
    "legal_form": TEXT,
    "aliases": every(NAME),
    "identifiers": every(of(Identifier)),
    "public_service_obligation": maybe(FLAG),
    "source": TEXT,
}


@attrs.frozen(kw_only=True, field_transformer=held(_USER_AGENCY))
class UserAgency:
    """An agency the packaged tables do not hold, as a user states it (BUMN, BUMD, new bodies).

    *owner* is the key of the owning region or ``ri`` (the state); *valid_from* the founding day,
    a range where only month or year are known.  The key lives in the ``user:`` namespace, so that
    it can never shadow a packaged one.

    Raises:
        InvalidType, InvalidValue: a wrong field, or an end that is not after the beginning.
    """

    key: str
    name: str
    kind: AgencyKind
    owner: str
    valid_from: Date | DateRange
    valid_to: Date | DateRange | None = None
    legal_form: str = ""
    aliases: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    public_service_obligation: bool | None = None
    source: str = ""

    def __attrs_post_init__(self) -> None:
        require(self)
        if self.valid_to is not None and latest(self.valid_to) <= earliest(self.valid_from):
            raise InvalidValue(
                "UserAgency.valid_to", self.valid_to, f"a day after {self.valid_from}"
            )

    def agency(self) -> Agency:
        """The row as an agency."""
        return Agency(
            key=AgencyKey(self.key),
            kind=self.kind,
            names=(
                DatedName(self.name),
                *(DatedName(alias, official=False) for alias in self.aliases),
            ),
            span=Span(self.valid_from, self.valid_to),
            identifiers=self.identifiers,
            public_service_obligation=self.public_service_obligation,
            owner=self.owner,
            legal_form=self.legal_form,
            source=self.source,
        )


def _shown(members: tuple[Agency, ...]) -> str:
    return f"<{len(members)} agencies>"


def _sorted(members: Iterable[Agency]) -> tuple[Agency, ...]:
    try:
        return tuple(sorted(members, key=lambda agency: agency.key))
    except (AttributeError, TypeError):
        raise InvalidType("Registry.members", members, "agencies") from None


_REGISTRY = {"members": every(of(Agency)), "version": TEXT}


@attrs.frozen(field_transformer=held(_REGISTRY))
class Registry:
    """Agencies by key (*daftar instansi*), with *version*, the version of the data.

    Order of input does not matter.  Iteration gives every member in the order of the keys, the
    administrative regions of Jakarta included; :meth:`agencies` leaves those out.

    Raises:
        InvalidType: members that are no agencies, a version that is no text.
        Faults: two members with one key; a predecessor, successor or province that is no member.
    """

    members: tuple[Agency, ...] = attrs.field(converter=_sorted, repr=_shown)
    version: str = ""

    def __attrs_post_init__(self) -> None:
        require(self)
        faults = [*self._twice(), *self._dangling()]
        if faults:
            raise Faults(faults)

    def __iter__(self) -> Iterator[Agency]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)

    def __contains__(self, key: object) -> bool:
        return key in self.by_key

    @cached_property
    def by_key(self) -> Mapping[AgencyKey, Agency]:
        """The members by their key."""
        return MappingProxyType({agency.key: agency for agency in self.members})

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Borne, ...]]:
        """Who bore which name when, by folded name (see :mod:`kipp.domain.naming`)."""
        found: dict[str, list[Borne]] = {}
        for agency in self.members:
            for name in agency.names:
                borne = Borne(agency.key, name.span, agency.span)
                for key in name_keys(name.text, agency.kind):
                    found.setdefault(key, []).append(borne)
        return MappingProxyType({key: tuple(borne) for key, borne in found.items()})

    @cached_property
    def by_code(self) -> Mapping[str, tuple[Borne, ...]]:
        """Who bore which code when, by ``scheme:code``."""
        found: dict[str, list[Borne]] = {}
        for agency in self.members:
            for code in agency.identifiers:
                borne = Borne(agency.key, code.span, agency.span)
                found.setdefault(str(code), []).append(borne)
        return MappingProxyType({key: tuple(borne) for key, borne in found.items()})

    def agency(self, key: str) -> Agency:
        """The agency with *key*.

        Raises:
            UnknownName: no member has this key.
        """
        found = self.by_key.get(AgencyKey(key))
        if found is None:
            raise UnknownName(
                "agency", key, "a key of the registry", cure="resolve a name to find its key"
            )
        return found

    def agencies(
        self, *, on: Date, kinds: Iterable[AgencyKind] | None = None
    ) -> tuple[Agency, ...]:
        """The agencies that stand on the day *on*, those included whose bounds leave it open.

        *kinds* keeps only some kinds.  Administrative regions are no agencies of the contest.
        """
        return tuple(agency for agency, _ in self._standing(on, kinds))

    def count(self, *, on: Date, kinds: Iterable[AgencyKind] | None = None) -> HeadCount:
        """How many agencies stand on the day *on*: surely, and possibly."""
        found = [sure for _, sure in self._standing(on, kinds)]
        return HeadCount(sure=sum(found), possible=len(found))

    def extended(self, rows: Iterable[UserAgency]) -> Registry:
        """Another registry with *rows* beside the members; no answer about others changes.

        Raises:
            Faults: a key that is taken, an owner that is no member (and not ``ri``), a name or
                code that another agency ever bore, in any spelling that folds alike.
        """
        grown = self
        faults: list[KippError] = []
        for row in rows:
            found = list(grown._refusals(row))
            faults += found
            if not found:
                grown = attrs.evolve(grown, members=(*grown.members, row.agency()))
        if faults:
            raise Faults(faults)
        return grown

    def _standing(
        self, on: Date, kinds: Iterable[AgencyKind] | None
    ) -> Iterator[tuple[Agency, bool]]:
        wanted = None if kinds is None else frozenset(kinds)
        moment = day(on, name="on")
        for agency in self.members:
            if agency.autonomous and (wanted is None or agency.kind in wanted):
                covered = agency.span.covers(moment)
                if covered is not False:
                    yield agency, covered is True

    def _twice(self) -> Iterator[KippError]:
        seen: set[AgencyKey] = set()
        for agency in self.members:
            if agency.key in seen:
                yield InvalidValue("Registry.members", agency.key, "each key once")
            seen.add(agency.key)

    def _dangling(self) -> Iterator[KippError]:
        for agency in self.members:
            provinces = (membership.province for membership in agency.memberships)
            for key in (*agency.predecessors, *agency.successors, *provinces):
                if key not in self.by_key:
                    yield UnknownName("agency", key, "a key of the registry", agency.key)

    def _refusals(self, row: UserAgency) -> Iterator[KippError]:
        if row.key in self:
            yield InvalidValue("UserAgency.key", row.key, "a key that is not taken")
        if row.owner != STATE and row.owner not in self:
            yield UnknownName(
                "UserAgency.owner", row.owner, f"a region's key or {STATE!r}", row.key
            )
        agency = row.agency()
        for name in agency.names:
            yield from self._name_refusals(name.text, agency)
        for code in agency.identifiers:
            yield from _taken(str(code), agency, self.by_code, {str(code)})

    def _name_refusals(self, name: str, agency: Agency) -> Iterator[KippError]:
        keys = {*name_keys(name, agency.kind), *glued_readings(name)}
        for head, _ in heads(name):
            keys.update(readings(head))
        if not any(character.isalnum() for character in name):
            yield InvalidValue("UserAgency.name", name, "a name with letters", agency.key)
        yield from _taken(name, agency, self.by_name, keys)


def _taken(
    text: str, agency: Agency, index: Mapping[str, tuple[Borne, ...]], keys: set[str]
) -> Iterator[KippError]:
    bearers = {borne.agency for key in keys for borne in index.get(key, ())}
    if bearers:
        expected = f"a name or code that {min(bearers)} does not bear"
        yield InvalidValue("UserAgency", text, expected, agency.key)
