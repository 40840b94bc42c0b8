"""Faults between records: what no record shows alone, with the smallest set of records in conflict.

Of every record 49 bytes are kept, however long it is: digests of 8 bytes (BLAKE2b) of its id, of
its agency with title, of its agency with innovation, of its agency, of the agency as written and of
its title, and one byte for its group; for every innovation that a replica names 24 bytes more.  At
the end equal digests say which records may conflict, and only those are looked at again.  There two
texts of one digest are told apart, so that a digest never makes a fault.  (That two such texts hide
one has a chance below one in ten million for a million records.)

Titles are compared as :func:`kipp.rules.screening.title_once` does, the cap is that of
:mod:`kipp.rules.cap`; withdrawn proposals and those of other cycles count for neither.
"""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import TypeAlias

import attrs

from kipp.domain.citation import Citation, cited
from kipp.domain.cycle import Group
from kipp.domain.errors import InvalidValue
from kipp.domain.fault import Cure, Fault, Origin, Severity, to_pointer
from kipp.domain.naming import readings
from kipp.domain.registry import Registry
from kipp.io.document import Path
from kipp.io.entries import IDENTITY, Entry
from kipp.io.excess import Caps, Excess
from kipp.rules.field import plain
from kipp.rules.resolution import Resolved, resolve
from kipp.rules.rulebook import Rulebook
from kipp.rules.screening import TITLE_REASON

__all__ = ["CODES", "Crossing", "Look", "Seen"]

CODES: tuple[str, ...] = (
    "DUPLICATE_ID",
    "DUPLICATE_TITLE",
    "INNOVATION_ENTERED_TWICE",
    "CAP_REACHED",
    "CAP_UNCLEAR",
    "AGENCY_TWO_NAMES",
    "REPLICA_NOT_LISTED",
)
"""The faults between records, in the order in which those of one record stand."""


@attrs.frozen
class Seen:
    """A record looked at again: what is compared, and where its parts stand."""

    entry: Entry
    place: Callable[[Path], Origin]


Look: TypeAlias = Callable[[Collection[int]], Iterable[tuple[int, Seen]]]
"""Looks at the records of these numbers again (counted from 0 in the order of the source)."""

_AT_ONCE = 50_000
"""How many conflicts are looked at in one go."""

_SPELLINGS = 2**16
"""How many spellings of agencies are remembered."""

_NOTHING = 0
"""The digest of what is not there; a text that comes to it is only left out."""

_UNCOUNTED = -1
_GROUPS: tuple[Group | None, ...] = (None, *Group)
_NUMBERS = {group: number for number, group in enumerate(_GROUPS)}


@attrs.frozen
class _Conflict:
    """Records that may conflict, the last of them at fault.

    *excess* is what is above a cap; *source* counts the innovations that a replica names.
    """

    code: str
    records: tuple[int, ...]
    excess: Excess | None = None
    source: int | None = None


@attrs.frozen
class _Kept:
    """What is kept of a record looked at: what is compared, and the places that faults name."""

    entry: Entry
    places: dict[Path, Origin] = attrs.field(factory=dict)


def _digest(*parts: str) -> int:
    told = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "little", signed=True)


class Crossing:
    """Notes on every record of a source, and the faults between them.

    *book* gives the cap and its cycle; without it nothing is counted.  *registry* says which
    spellings are one agency.  *listed* are the titles of the innovations that were published;
    without them nobody looks for what a replica names.
    """

    def __init__(
        self,
        kind: type,
        *,
        book: Rulebook | None = None,
        registry: Registry | None = None,
        listed: Iterable[str] | None = None,
    ) -> None:
        self._kind = kind
        self._book = book
        self._registry = registry
        self._listed = None if listed is None else {_digest(plain(title)) for title in listed}
        self._caps = None if book is None else Caps(book)
        self._one = lru_cache(maxsize=_SPELLINGS)(self._one_agency)
        self._ids = array("q")
        self._titles = array("q")
        self._innovations = array("q")
        self._agencies = array("q")
        self._spellings = array("q")
        self._names = array("q")
        self._groups = array("b")
        self._sources = (array("q"), array("q"), array("q"))

    def note(self, entry: Entry) -> None:
        """Keep what *entry*, the next record of the source, will be compared by."""
        identity, agency, title, innovation = (
            entry.identity,
            entry.agency,
            entry.title,
            entry.innovation,
        )
        same, whose, written = ("", _NOTHING, _NOTHING) if agency is None else self._one(agency)
        plainly = "" if title is None else plain(title)
        counted = entry.counted and agency is not None
        cycle = str(entry.cycle)
        self._ids.append(_digest(*identity) if identity else _NOTHING)
        self._agencies.append(whose)
        self._spellings.append(written)
        self._names.append(_digest(plainly) if plainly and self._listed is not None else _NOTHING)
        self._titles.append(_digest(same, cycle, plainly) if counted and plainly else _NOTHING)
        self._innovations.append(
            _digest(same, cycle, innovation) if counted and innovation is not None else _NOTHING
        )
        here = counted and self._book is not None and entry.cycle == self._book.year
        self._groups.append(_NUMBERS[entry.group] if here else _UNCOUNTED)
        if entry.sources and self._listed is not None:
            self._note_sources(entry)

    def _note_sources(self, entry: Entry) -> None:
        numbers, positions, digests = self._sources
        for position, (title, _) in enumerate(entry.sources):
            if title:
                numbers.append(len(self._ids) - 1)
                positions.append(position)
                digests.append(_digest(plain(title)))

    def _one_agency(self, text: str) -> tuple[str, int, int]:
        """The agency that *text* names, one text for all its spellings, and both as digests."""
        same, written = self._agency(text)
        return same, _digest(same), _digest(written)

    def _agency(self, text: str) -> tuple[str, str]:
        if self._registry is None or text in self._registry:
            return text, text
        on = None if self._book is None else self._book.year
        found = resolve(self._registry, text, on)
        if not isinstance(found, Resolved):
            return readings(text)[0], text
        key = str(found.agency.key)
        # A unit of an agency is not another name of it.
        return key, text if found.unit is None else key

    # What may be in conflict, by number of the record at fault

    def faults(self, look: Look) -> Iterator[tuple[int, Fault]]:
        """Every fault between the records noted, with the number of the record at fault, in order.

        Raises:
            InvalidValue: *look* shows other records than those noted.
        """
        conflicts = heapq.merge(
            self._shared("DUPLICATE_ID", self._ids),
            self._shared("DUPLICATE_TITLE", self._titles),
            self._shared("INNOVATION_ENTERED_TWICE", self._innovations),
            self._above_cap(),
            self._two_names(),
            self._not_listed(),
            key=lambda conflict: (conflict.records[-1], CODES.index(conflict.code)),
        )
        while batch := tuple(islice(conflicts, _AT_ONCE)):
            kept = self._looked_at(batch, look)
            for conflict in batch:
                records = [kept[number] for number in conflict.records]
                if self._is_real(conflict, [each.entry for each in records]):
                    yield conflict.records[-1], self._fault(conflict, records)

    def _shared(self, code: str, digests: array[int]) -> Iterator[_Conflict]:
        """Each record whose digest an earlier one has, with the first that has it."""
        among = _frequent(digests, 2)
        first: dict[int, int] = {}
        for number, digest in enumerate(digests):
            if digest in among and first.setdefault(digest, number) != number:
                yield _Conflict(code, (first[digest], number))

    def _two_names(self) -> Iterator[_Conflict]:
        """The first record of each further spelling of an agency, with the first of all."""
        among = _frequent(self._agencies, 2)
        first: dict[int, int] = {}
        known: set[int] = set()
        spelled = zip(self._agencies, self._spellings, strict=True)
        for number, (agency, spelling) in enumerate(spelled):
            if agency in among and spelling not in known:
                known.add(spelling)
                if first.setdefault(agency, number) != number:
                    yield _Conflict("AGENCY_TWO_NAMES", (first[agency], number))

    def _not_listed(self) -> Iterator[_Conflict]:
        """Each innovation a replica names that neither was published nor stands in the source."""
        unlisted = set(self._sources[-1]).difference(self._listed or ()).difference(self._names)
        for number, position, digest in zip(*self._sources, strict=True):
            if digest in unlisted:
                yield _Conflict("REPLICA_NOT_LISTED", (number,), source=position)

    def _above_cap(self) -> Iterator[_Conflict]:
        """Each agency and group above its cap, with the first proposals that are too many."""
        pending = self._excesses()
        gathered: dict[tuple[int, Group], list[int]] = {key: [] for key in pending}
        for number, agency, recorded in self._counted({agency for agency, _ in pending}):
            for group in Group:
                excess = pending.get((agency, group))
                if excess is not None and recorded in excess.counting:
                    together = gathered[agency, group]
                    together.append(number)
                    if len(together) == excess.size:
                        del pending[agency, group]
                        code = "CAP_REACHED" if excess.sure else "CAP_UNCLEAR"
                        yield _Conflict(code, tuple(together), excess)

    def _excesses(self) -> dict[tuple[int, Group], Excess]:
        caps = self._caps
        if caps is None or caps.least is None:
            return {}
        among = _frequent((agency for _, agency, _ in self._counted()), caps.least)
        counts: dict[int, Counter[Group | None]] = {agency: Counter() for agency in among}
        for _, agency, recorded in self._counted(among):
            counts[agency][recorded] += 1
        found = {
            (agency, group): caps.excess(group, count[group], count[None])
            for agency, count in counts.items()
            for group in Group
        }
        return {key: excess for key, excess in found.items() if excess is not None}

    def _counted(
        self, among: Collection[int] | None = None
    ) -> Iterator[tuple[int, int, Group | None]]:
        """Number, agency and group of each proposal that counts for a cap."""
        for number, (agency, group) in enumerate(zip(self._agencies, self._groups, strict=True)):
            if group != _UNCOUNTED and (among is None or agency in among):
                yield number, agency, _GROUPS[group]

    # The second look

    def _looked_at(self, batch: Sequence[_Conflict], look: Look) -> Mapping[int, _Kept]:
        wanted: dict[int, list[_Conflict]] = {}
        for conflict in batch:
            for number in conflict.records:
                wanted.setdefault(number, []).append(conflict)
        kept: dict[int, _Kept] = {}
        for number, seen in look(wanted.keys()):
            self._check_unchanged(number, seen.entry)
            paths = {self._path(conflict, seen.entry) for conflict in wanted[number]}
            kept[number] = _Kept(seen.entry, {path: seen.place(path) for path in paths})
        for number in wanted.keys() - kept.keys():
            raise _changed(number)
        return kept

    def _check_unchanged(self, number: int, entry: Entry) -> None:
        identity = _digest(*entry.identity) if entry.identity else _NOTHING
        if identity != self._ids[number]:
            raise _changed(number)

    def _is_real(self, conflict: _Conflict, entries: list[Entry]) -> bool:
        """Whether the texts agree, not only their digests."""
        first, last = entries[0], entries[-1]
        match conflict.code:
            case "DUPLICATE_ID":
                return first.identity == last.identity
            case "DUPLICATE_TITLE":
                apart = first.identity != last.identity
                return apart and self._bearing(first) == self._bearing(last)
            case "INNOVATION_ENTERED_TWICE":
                apart = first.identity != last.identity
                return apart and self._entering(first) == self._entering(last)
            case "REPLICA_NOT_LISTED":
                return conflict.source in range(len(last.sources))
            case _:
                return len({self._whose(entry) for entry in entries}) == 1

    def _whose(self, entry: Entry) -> str:
        return "" if entry.agency is None else self._one(entry.agency)[0]

    def _bearing(self, entry: Entry) -> tuple[str, int | None, str]:
        return self._whose(entry), entry.cycle, plain(entry.title or "")

    def _entering(self, entry: Entry) -> tuple[str, int | None, str | None]:
        return self._whose(entry), entry.cycle, entry.innovation

    # The faults

    def _fault(self, conflict: _Conflict, records: list[_Kept]) -> Fault:
        *others, last = records
        path = self._path(conflict, last.entry)
        severity, citations = self._weight(conflict)
        return Fault(
            code=conflict.code,
            severity=severity,
            pointer=to_pointer(path),
            origin=last.places[path],
            values=tuple(self._values(conflict, [each.entry for each in records])),
            citations=citations,
            cure=Cure(code=conflict.code),
            record=last.entry.record,
            others=tuple(each.places[self._path(conflict, each.entry)] for each in others),
        )

    def _path(self, conflict: _Conflict, entry: Entry) -> Path:
        match conflict.code:
            case "DUPLICATE_ID":
                return (*entry.base, IDENTITY[self._kind][0])
            case "DUPLICATE_TITLE":
                return (*entry.inside, "title")
            case "INNOVATION_ENTERED_TWICE":
                return (*entry.inside, "id")
            case "REPLICA_NOT_LISTED":
                return (*entry.inside, "replica_of", conflict.source or 0, "title")
            case "AGENCY_TWO_NAMES":
                return (*entry.inside, "agency")
            case _:
                return (*entry.base, "group")

    def _weight(self, conflict: _Conflict) -> tuple[Severity, tuple[Citation, ...]]:
        """How grave a conflict is, and by which sources."""
        match conflict.code:
            case "DUPLICATE_ID":
                return Severity.BLOCKS, ()
            case "DUPLICATE_TITLE":
                return self._title_weight()
            case "CAP_REACHED" | "CAP_UNCLEAR" if conflict.excess is not None:
                sure = conflict.excess.sure
                return Severity.BLOCKS if sure else Severity.NEEDS_PERSON, conflict.excess.citations
            case "REPLICA_NOT_LISTED":
                return Severity.NOTE, ()
            case _:
                return Severity.NEEDS_PERSON, ()

    def _title_weight(self) -> tuple[Severity, tuple[Citation, ...]]:
        """A title used twice fails where a source lists that; else a person looks."""
        listed = None if self._book is None else self._book["screening.fail_reasons"]
        if listed is None or not any(TITLE_REASON in reasons for reasons in cited(listed)):
            return Severity.NEEDS_PERSON, ()
        return Severity.BLOCKS, listed.citations

    def _values(self, conflict: _Conflict, entries: list[Entry]) -> Iterator[tuple[str, object]]:
        first, last = entries[0], entries[-1]
        match conflict.code:
            case "DUPLICATE_ID":
                yield "name", ", ".join(IDENTITY[self._kind])
                yield "value", last.record
            case "DUPLICATE_TITLE":
                yield "name", "title"
                yield "value", last.title
                yield "agency", last.agency
            case "INNOVATION_ENTERED_TWICE":
                yield "name", "id"
                yield "value", last.innovation
                yield "agency", last.agency
            case "AGENCY_TWO_NAMES":
                yield "name", "agency"
                yield "value", last.agency
                yield "first", first.agency
                yield "agency", self._whose(last)
            case "REPLICA_NOT_LISTED":
                yield "name", "title"
                yield "value", last.sources[conflict.source or 0][0]
            case _ if conflict.excess is not None:
                excess = conflict.excess
                yield "name", "group"
                yield "value", None if last.group is None else last.group.value
                yield "agency", last.agency
                yield "group", excess.group
                yield "entered", excess.entered
                yield "unplaced", None if excess.sure else excess.unplaced
                yield "at_most", excess.at_most
            case _:
                return


def _changed(number: int) -> InvalidValue:
    return InvalidValue(
        "source",
        number + 1,
        "the same records on the second look",
        cure="check it again when nobody writes to it",
    )


def _frequent(digests: Iterable[int], least: int) -> frozenset[int]:
    """The digests that stand at least so many times."""
    ordered = sorted(digest for digest in digests if digest != _NOTHING)
    later = islice(ordered, least - 1, None)
    return frozenset(digest for digest, same in zip(ordered, later, strict=False) if digest == same)
