"""Everything that is wrong with records, in one pass: shape, register, rulebook, each other.

Records come from a file or from the caller's own values or plain data.  A record's own faults stand
in the order of the source, what lies between records at the end.  A field that is faulty hides
nothing: the rest of its record is judged without it, and compared with the other records as far as
it can be read.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import IO, Any, cast

import attrs

from kipp.domain.errors import InvalidType
from kipp.domain.fault import Fault, Origin, Severity
from kipp.domain.proposal import Proposal
from kipp.domain.registry import Registry
from kipp.io.checking import checked
from kipp.io.crossing import Crossing, Seen
from kipp.io.document import Path
from kipp.io.entries import Entry, entry_of, entry_of_data, entry_of_proposal
from kipp.io.fast import Line, read_cells
from kipp.io.files import Source, read_raw
from kipp.io.kinds import RecordKind, kind_of
from kipp.io.limits import LIMITS, Limits
from kipp.io.mending import about_others, mended
from kipp.io.options import READING, Reading
from kipp.io.patches import from_pointer
from kipp.io.raw import Raw
from kipp.io.record_rules import Books
from kipp.io.rule_faults import RuleChecks
from kipp.io.submission import Submission
from kipp.rules.decision import RuleId
from kipp.rules.rulebook import Rulebook

__all__ = ["Report", "Summary", "own_faults", "validate"]


@attrs.frozen(kw_only=True)
class Summary:
    """What a report comes to.

    *accepted* are the records that no fault blocks; *severities* and *codes* count the faults;
    *rules* are the rules that the cycle asks of such records.
    """

    kind: str
    cycle: int | None
    records: int
    accepted: int
    severities: Mapping[Severity, int]
    codes: Mapping[str, int]
    rules: tuple[RuleId, ...] = ()

    @property
    def faults(self) -> int:
        """How many faults there are."""
        return sum(self.severities.values())


class Report(Iterator[Fault]):
    """The faults of a source, one after the other as it is read, and the summary at its end."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._faults = run.faults()

    def __next__(self) -> Fault:
        return next(self._faults)

    @property
    def summary(self) -> Summary:
        """What all of it comes to; faults that nobody asked for yet are read and counted."""
        for _ in self._faults:
            pass
        return self._run.summary()


def validate(
    source: Source | Iterable[Any],
    *,
    kind: type,
    book: Rulebook | None,
    registry: Registry,
    cycles: Books | None = None,
    incentives: Books | None = None,
    hubs: Rulebook | None = None,
    listed: Iterable[str] | None = None,
    cross: bool = True,
    format: str | None = None,  # noqa: A002  # reads best
    file: str | None = None,
    limits: Limits = LIMITS,
    reading: Reading = READING,
) -> Report:
    """The report on the records of *kind* that *source* holds.

    *source* is a file by its path, an open binary stream, or an iterable of values or plain data.
    *book* is the rulebook of the cycle, without which only shape and register are looked at;
    *cycles*, *incentives* and *hubs* as :class:`kipp.io.rule_faults.RuleChecks` takes them.
    *listed* are titles of innovations that were published.  Without *cross* records are not
    compared, and nothing of them is kept.

    A source that can be read only once keeps what is compared of every record in memory.

    Raises:
        InvalidType: no source, or no kind of record.
        InvalidValue, UnknownName: as :func:`kipp.io.files.read_raw`; and while it is read, where
            the source shows other records on the second look.
    """

    def read(again: Source) -> Iterator[Raw]:
        return read_raw(again, kind, format=format, file=file, limits=limits, reading=reading)

    run = _Run(
        kind=kind_of(kind),
        records=_records(source, read),
        checks=RuleChecks(book, registry, cycles=cycles, incentives=incentives, hubs=hubs),
        crossing=Crossing(kind, book=book, registry=registry, listed=listed) if cross else None,
        year=None if book is None else book.year,
        file=file or "",
    )
    return Report(run)


def own_faults(
    raw: Raw, kind: type[Any], checks: RuleChecks, year: int | None
) -> tuple[Fault, ...]:
    """Everything that is wrong with one record by itself: its shape, and what *checks* finds.

    What is faulty in shape is left out of what the rules are asked; *year*, that of the cycle,
    stands for a year that has to be there.

    Raises:
        InvalidType: records of *kind* are not read from files.
    """
    if not raw.is_record:
        return raw.faults
    shape = checked(raw, kind)
    if shape.value is not None:
        found = _judged(shape.value, raw, checks)
        return (*shape.faults, *found) if found else shape.faults
    value = mended(shape.rest, shape.faults, kind, year)
    if value is None:
        return shape.faults
    return (*shape.faults, *about_others(_judged(value, raw, checks), shape.faults))


def _judged(value: object, raw: Raw, checks: RuleChecks) -> tuple[Fault, ...]:
    bare = isinstance(value, Submission) and isinstance(raw.data, dict)
    alone = bare and "proposal" not in raw.data
    return checks(value, raw.place, alone=alone)


# The records of a source


@attrs.frozen
class _Records:
    """The records of a source, the *first* time and, where it can be read *again*, once more."""

    first: Iterator[Any]
    again: Callable[[], Iterator[Any]] | None


def _records(source: Any, read: Callable[[Any], Iterator[Raw]]) -> _Records:
    if isinstance(source, (str, os.PathLike)):
        return _Records(read(source), lambda: read(source))
    if hasattr(source, "read"):
        return _of_stream(source, read)
    try:
        first = iter(source)
    except TypeError:
        raise InvalidType("source", source, "a path, a stream or records") from None
    return _Records(first, None if first is source else lambda: iter(source))


def _of_stream(stream: IO[bytes], read: Callable[[Any], Iterator[Raw]]) -> _Records:
    if not stream.seekable():
        return _Records(read(stream), None)
    start = stream.tell()

    def again() -> Iterator[Raw]:
        stream.seek(start)
        return read(stream)

    return _Records(read(stream), again)


# A run


@attrs.define(kw_only=True)
class _Run:
    """One pass over the records, with what it counts."""

    kind: RecordKind
    records: _Records
    checks: RuleChecks
    crossing: Crossing | None
    year: int | None
    file: str
    read: int = 0
    told: int = 0
    stopped: int = 0
    blocked: bytearray = attrs.field(factory=bytearray)
    seen: list[Seen] = attrs.field(factory=list)
    severities: Counter[Severity] = attrs.field(factory=Counter)
    codes: Counter[str] = attrs.field(factory=Counter)

    def faults(self) -> Iterator[Fault]:
        """Every fault: those of each record, those of the cycle, those between records."""
        fits = self.checks.surely_fit if self.kind.type is Proposal else None
        for record in self.records.first:
            if fits is not None and (read := _read(record)) is not None and fits(read):
                self._note_fit(record, read)
                continue
            found = self._own(record)
            self.read += 1
            if found:
                yield from self._counted(found)
        yield from self._counted(self.checks.cycle_faults())
        if self.crossing is not None:
            for number, fault in self.crossing.faults(self._look):
                self._stop(number, fault)
                yield from self._counted((fault,))

    def summary(self) -> Summary:
        """What was counted."""
        return Summary(
            kind=self.kind.name,
            cycle=self.year,
            records=self.read - self.told,
            accepted=self.read - self.told - self.stopped,
            severities=MappingProxyType({each: self.severities[each] for each in Severity}),
            codes=MappingProxyType(dict(sorted(self.codes.items()))),
            rules=self.checks.asked if self.kind.type in (Proposal, Submission) else (),
        )

    def _counted(self, found: Iterable[Fault]) -> Iterator[Fault]:
        for fault in found:
            self.severities[fault.severity] += 1
            self.codes[fault.code] += 1
            yield fault

    def _stop(self, number: int, fault: Fault) -> None:
        if fault.severity is Severity.BLOCKS and not self.blocked[number]:
            self.blocked[number] = True
            self.stopped += 1

    # One record

    def _own(self, record: object) -> tuple[Fault, ...]:
        """What is wrong with *record* by itself; what it is compared by is noted."""
        raw = None if isinstance(record, self.kind.type) else self._raw(record)
        found = self._of_value(record) if raw is None else _under_headers(self._of_raw(raw), raw)
        is_record = raw is None or raw.is_record
        self.told += not is_record
        stops = is_record and any(fault.severity is Severity.BLOCKS for fault in found)
        self.stopped += stops
        if self.crossing is not None:
            self.blocked.append(stops)
            entry = self._entry(record, raw)
            self.crossing.note(entry)
            if self.records.again is None:
                origin = self._origin(self.read) if raw is None else raw.origin
                self.seen.append(Seen(entry, partial(_everywhere, origin)))
        return found

    def _note_fit(self, record: Raw | Line, read: Any) -> None:
        """Note a proposal with nothing against it, which nobody had to make."""
        self.read += 1
        if self.crossing is not None:
            self.blocked.append(False)
            entry = entry_of_proposal(read)
            self.crossing.note(entry)
            if self.records.again is None:
                self.seen.append(Seen(entry, partial(_everywhere, record.origin)))

    def _entry(self, record: object, raw: Raw | None) -> Entry:
        """What *record* is compared by."""
        if raw is None:
            return entry_of(record)
        if raw.value is not None:
            return entry_of(raw.value)
        return entry_of_data(raw.data, self.kind.type)

    def _of_value(self, value: object) -> tuple[Fault, ...]:
        return self.checks(value, partial(_everywhere, self._origin(self.read)))

    def _of_raw(self, raw: Raw) -> tuple[Fault, ...]:
        return own_faults(raw, self.kind.type, self.checks, self.year)

    def _raw(self, record: object) -> Raw:
        if isinstance(record, (Raw, Line)):
            return cast(Raw, record)
        origin = self._origin(self.read)
        return Raw(data=record, origin=origin, place=partial(_everywhere, origin))

    def _origin(self, number: int) -> Origin:
        """Where the record of this number stands among others that are in no file."""
        return Origin(file=self.file, row=number + 1)

    # The second look

    def _look(self, numbers: Collection[int]) -> Iterator[tuple[int, Seen]]:
        if self.records.again is None:
            yield from ((number, self.seen[number]) for number in sorted(numbers))
            return
        wanted = islice(self.records.again(), max(numbers, default=-1) + 1)
        for number, record in enumerate(wanted):
            if number in numbers:
                yield number, self._seen(record, number)

    def _seen(self, record: object, number: int) -> Seen:
        if isinstance(record, (Raw, Line)):
            return Seen(self._entry(record, self._raw(record)), record.place)
        place = partial(_everywhere, self._origin(number))
        if isinstance(record, self.kind.type):
            return Seen(entry_of(record), place)
        return Seen(entry_of_data(record, self.kind.type), place)


def _read(record: Any) -> Any:
    """What was read of a proposal without making one; none where it has to be made."""
    if type(record) is Line:
        return record.read
    return read_cells(record, Proposal) if type(record) is Raw else None


def _under_headers(found: tuple[Fault, ...], raw: Raw) -> tuple[Fault, ...]:
    """The faults of a row of a table, each with the header that people see instead of the field."""
    if raw.header is None or not found:
        return found
    return tuple(_whole_cells(_under_header(fault, raw.header), raw) for fault in found)


def _whole_cells(fault: Fault, raw: Raw) -> Fault:
    """*fault* without a patch of only a part of a cell: tables are mended by whole cells."""
    if fault.cure is None or not fault.cure.patch or raw.is_cell is None:
        return fault
    if all(raw.is_cell(from_pointer(each.path)) for each in fault.cure.patch):
        return fault
    return attrs.evolve(fault, cure=attrs.evolve(fault.cure, patch=()))


def _under_header(fault: Fault, header: Callable[[Path], str | None]) -> Fault:
    said = header(from_pointer(fault.pointer))
    if said is None or not any(name == "name" for name, _ in fault.values):
        return fault
    values = tuple((name, said if name == "name" else value) for name, value in fault.values)
    return attrs.evolve(fault, values=values)


def _everywhere(origin: Origin, path: Path) -> Origin:
    """The place of every part of a record that stands in no file: that of the record."""
    del path
    return origin
