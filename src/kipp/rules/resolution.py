"""Which agency a text names on a day (*instansi mana yang dimaksud*).

Official names, the forms people write (*Pemkab X*, *Pemerintah Kabupaten X*, *Kab. X*), old names
while they were in use, aliases, and codes with their scheme are taken.  Nothing is guessed: a
prefix, a near miss or a bare word that two agencies share is refused, and says so.  Similarity may
only suggest (:func:`suggest`).
"""

from __future__ import annotations

import datetime as dt
import difflib
import enum
import re
from collections.abc import Iterable, Iterator
from typing import NoReturn, TypeAlias

import attrs

from kipp.domain.agency import Agency, AgencyKey, ServiceUnit
from kipp.domain.dates import Date, day
from kipp.domain.errors import InvalidType, InvalidValue, NotTwoValued
from kipp.domain.naming import heads, name_keys, readings
from kipp.domain.registry import Borne, Registry
from kipp.rules.arguments import instance
from kipp.rules.decision import Outcome, Reason

__all__ = [
    "CODES",
    "Moment",
    "Resolution",
    "Resolved",
    "Unresolvable",
    "Unresolved",
    "named",
    "resolve",
    "suggest",
]

Moment: TypeAlias = dt.date | str | int | None


def _never_boolean(self: object) -> NoReturn:
    raise NotTwoValued(f"a {type(self).__name__} is neither true nor false: match on its type")


class Unresolvable(enum.StrEnum):
    """Why a text names no agency on a day."""

    UNKNOWN = "tidak dikenal"
    AMBIGUOUS = "lebih dari satu"
    NOT_YET = "belum ada"
    NO_LONGER = "tidak ada lagi"
    ADMINISTRATIVE = "wilayah administratif tanpa otonomi"

    @property
    def code(self) -> str:
        """The reason code, such as ``AGENCY_UNKNOWN``."""
        return f"AGENCY_{self.name}"


CODES: tuple[str, ...] = tuple(reason.code for reason in Unresolvable)


@attrs.frozen(kw_only=True)
class Resolved:
    """The one agency that *text* names.

    *unit* is the service unit in parentheses; *sure* is false where the bounds of the name or of
    the agency were not read, so that nobody can say that it stood on that day.
    """

    text: str
    agency: Agency
    unit: ServiceUnit | None = None
    sure: bool = True

    __bool__ = _never_boolean


@attrs.frozen(kw_only=True)
class Unresolved:
    """Why *text* names no agency, with the *candidates* in the order of their keys.

    *readings* lists the codes that a number without a scheme could be.
    """

    text: str
    on: Moment
    reason: Unresolvable
    candidates: tuple[AgencyKey, ...] = ()
    readings: tuple[str, ...] = ()

    __bool__ = _never_boolean

    @property
    def finding(self) -> Reason:
        """The same as a reason: ``UNKNOWN``, with the reason's code."""
        values = (("text", self.text), ("on", self.on), ("candidates", self.candidates))
        return Reason(Outcome.UNKNOWN, self.reason.code, (*values, ("readings", self.readings)))


Resolution: TypeAlias = Resolved | Unresolved

_SCHEMED = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*:\S+", re.ASCII)
_CODELESS = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*\s*:|:\s*\S+", re.ASCII)
_DOTTED = re.compile(r"(\d\d)\.(\d\d)", re.ASCII)
_BARE = re.compile(r"(\d\d)(\d\d)?", re.ASCII)
_REGION_CODES = ("kemendagri", "bps")


def resolve(registry: Registry, text: str, on: Moment) -> Resolution:
    """The one agency that *text* names, or the typed reason why there is none.

    *on* is a day (a date, or ``YYYY-MM-DD``) or a year as an integer: a year resolves if exactly
    one agency bore the name on some day of it.  None asks about all time.

    Raises:
        InvalidType: *text* is no text, *on* is a moment or of another type.
        InvalidValue: *on* is no day or year of the calendar.
    """
    if not isinstance(text, str):
        raise InvalidType("text", text, "the name or code of an agency")
    window = _window(on)
    plain = text.strip()
    if _BARE.fullmatch(plain):
        return _refused_number(registry, text, on, plain)
    code = _code(plain)
    if code is not None:
        return _answer(registry, text, on, window, registry.by_code.get(code, ()))
    borne, units = ((), ()) if _CODELESS.fullmatch(plain) else _named(registry, plain)
    answer = _answer(registry, text, on, window, borne)
    return _with_unit(registry, answer, units) if isinstance(answer, Resolved) else answer


def named(registry: Registry, text: str, on: Moment) -> Resolution:
    """As :func:`resolve`; *text* may also be the key of an agency, which has to stand on *on*.

    Raises:
        InvalidType, InvalidValue: as :func:`resolve`.
    """
    agency = registry.by_key.get(instance("text", text, str))
    if agency is None:
        return resolve(registry, text, on)
    borne = Borne(agency.key, agency.span, agency.span)
    return _answer(registry, text, on, _window(on), (borne,))


def suggest(registry: Registry, text: str) -> tuple[AgencyKey, ...]:
    """Agencies whose names look like *text*, most alike first: for a person to choose from.

    What is more than twice as far from *text* as the nearest name is left out.
    """
    head = list(heads(text))[-1][0]
    whole, *local = readings(head)
    nearest: dict[AgencyKey, float] = {}
    for reading in dict.fromkeys((whole, *local, f":{whole[1:]}")):
        for name, distance in _alike(registry, reading):
            for borne in registry.by_name[name]:
                nearest[borne.agency] = min(distance, nearest.get(borne.agency, distance))
    best = min(nearest.values(), default=0)
    kept = [key for key, distance in nearest.items() if distance <= best + best]
    return tuple(sorted(kept, key=lambda key: (nearest[key], key)))


def _alike(registry: Registry, reading: str) -> Iterator[tuple[str, float]]:
    """The names that say the same kind as *reading* and look like it, each with its distance."""
    sign = reading[: max(reading.find(":"), reading.find("=")) + 1]
    bare = reading.removeprefix(sign)
    names = [name.removeprefix(sign) for name in registry.by_name if name.startswith(sign)]
    for name in difflib.get_close_matches(bare, names):
        yield f"{sign}{name}", 1 - difflib.SequenceMatcher(None, name, bare).ratio()


def _window(on: Moment) -> tuple[Date, Date]:
    if on is None:
        return Date(dt.MINYEAR, 1, 1), Date(dt.MAXYEAR, 1, 1).end_of("year")
    if isinstance(on, bool):
        raise InvalidType("on", on, "a day or a year")
    if not isinstance(on, int):
        moment = day(on, name="on")
        return moment, moment
    if not dt.MINYEAR <= on <= dt.MAXYEAR:
        raise InvalidValue("on", on, "a year of the calendar")
    return Date(on, 1, 1), Date(on, 1, 1).end_of("year")


def _code(text: str) -> str | None:
    """The text as ``scheme:code``; a dotted number is a Kemendagri code."""
    if _DOTTED.fullmatch(text):
        return f"{_REGION_CODES[0]}:{text}"
    scheme, _, code = text.partition(":")
    return f"{scheme.lower()}:{code}" if _SCHEMED.fullmatch(text) else None


def _refused_number(registry: Registry, text: str, on: Moment, number: str) -> Unresolved:
    """A number without a scheme means one region in each system, seldom the same one."""
    dotted = ".".join(part for part in re.findall(r"\d\d", number))
    codes = tuple(
        f"{scheme}:{code}" for scheme, code in zip(_REGION_CODES, (dotted, number), strict=True)
    )
    found = {borne.agency for code in codes for borne in registry.by_code.get(code, ())}
    return Unresolved(
        text=text,
        on=on,
        reason=Unresolvable.AMBIGUOUS if found else Unresolvable.UNKNOWN,
        candidates=tuple(sorted(found)),
        readings=codes,
    )


def _named(registry: Registry, text: str) -> tuple[tuple[Borne, ...], tuple[str, ...]]:
    """Who bears the name, the whole text first, then without its groups in parentheses."""
    for head, units in heads(text):
        borne = _bearers(registry, head)
        if borne:
            return borne, units
    return (), ()


def _bearers(registry: Registry, text: str) -> tuple[Borne, ...]:
    return tuple(borne for reading in readings(text) for borne in registry.by_name.get(reading, ()))


def _answer(
    registry: Registry,
    text: str,
    on: Moment,
    window: tuple[Date, Date],
    borne: tuple[Borne, ...],
) -> Resolution:
    held = [(each.agency, each.meets(*window)) for each in borne]
    standing = sorted({agency for agency, holds in held if holds is not False})
    if len(standing) != 1:
        reason = Unresolvable.AMBIGUOUS if standing else _absence(borne, window)
        candidates = standing or sorted({each.agency for each in borne})
        return Unresolved(text=text, on=on, reason=reason, candidates=tuple(candidates))
    agency = registry.agency(standing[0])
    if not agency.autonomous:
        return Unresolved(
            text=text, on=on, reason=Unresolvable.ADMINISTRATIVE, candidates=(agency.key,)
        )
    return Resolved(text=text, agency=agency, sure=any(holds is True for _, holds in held))


def _absence(borne: Iterable[Borne], window: tuple[Date, Date]) -> Unresolvable:
    later = [each.begins_after(window[-1]) for each in borne]
    if not later:
        return Unresolvable.UNKNOWN
    return Unresolvable.NOT_YET if all(later) else Unresolvable.NO_LONGER


def _with_unit(registry: Registry, answer: Resolved, units: tuple[str, ...]) -> Resolved:
    """The answer with what stood in parentheses, unless that is only another name of it."""
    own = [unit for unit in units if unit and not _is_alias(registry, answer.agency, unit)]
    if not own:
        return answer
    unit = ServiceUnit(name="; ".join(own), agency=answer.agency.key)
    return attrs.evolve(answer, unit=unit)


def _is_alias(registry: Registry, agency: Agency, text: str) -> bool:
    borne = _bearers(registry, text)
    by_key = name_keys(agency.key, None)[0] in readings(text)
    return by_key or any(each.agency == agency.key for each in borne)
