"""Arrow batches of records checked as a pure function, for engines that hold them by columns.

The faults are those of :func:`kipp.io.validation.validate` without comparing records with each
other.  Rows that surely have nothing against them are found by columns and never made records
(:mod:`kipp.io.surely_clean`, :mod:`kipp.io.surely_accepted`); every other row is read and explained
as a file's is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from kipp.domain.errors import InvalidType
from kipp.domain.fault import Fault, Origin
from kipp.domain.proposal import Proposal
from kipp.domain.registry import Registry
from kipp.io.arrow_rows import plain_rows
from kipp.io.arrow_schema import pyarrow
from kipp.io.document import Path
from kipp.io.kinds import kind_of
from kipp.io.raw import Raw
from kipp.io.record_rules import Books
from kipp.io.report_data import compact, operation_data, value_data
from kipp.io.rule_faults import RuleChecks
from kipp.io.surely_accepted import Looked
from kipp.io.surely_clean import surely_clean
from kipp.io.validation import own_faults
from kipp.rules.rulebook import Rulebook

__all__ = ["check_batch", "check_batches", "fault_schema"]


def fault_schema() -> Any:
    """The ``pyarrow.Schema`` of a batch of faults.

    ``row`` is the position in the batch that was checked, from 0; null where the fault is of the
    cycle and not of a record.  ``code``, ``severity``, ``pointer`` and ``record`` are those of the
    :class:`~kipp.domain.fault.Fault`; ``cure`` is the code of the cure.  ``values`` and ``patch``
    are JSON texts: an object, and the operations of RFC 6902 where the cure is certain.

    Raises:
        MissingExtra: the extra ``arrow`` is not installed.
    """
    arrow = pyarrow()
    text = arrow.string()
    return arrow.schema(
        [
            arrow.field("row", arrow.int64()),
            arrow.field("code", text, nullable=False),
            arrow.field("severity", text, nullable=False),
            arrow.field("pointer", text, nullable=False),
            arrow.field("values", text, nullable=False),
            arrow.field("cure", text),
            arrow.field("patch", text),
            arrow.field("record", text),
        ]
    )


def check_batch(
    batch: Any,
    rulebook: Rulebook | None,
    registry: Registry,
    *,
    kind: type = Proposal,
    cycles: Books | None = None,
    incentives: Books | None = None,
    hubs: Rulebook | None = None,
) -> Any:
    """Everything that is wrong with the records of *kind* in a ``pyarrow.RecordBatch``.

    The answer is a ``RecordBatch`` of :func:`fault_schema`, in the order of the rows; what depends
    on the cycle alone stands at the end, once.  Without *rulebook* only shape and register are
    looked at; *cycles*, *incentives* and *hubs* are rulebooks of other years, as
    :func:`kipp.io.validation.validate` takes them.

    Raises:
        InvalidType: no batch, or records of *kind* are not read from files.
        MissingExtra: the extra ``arrow`` is not installed.
    """
    given = _Checker(kind, rulebook, registry, cycles=cycles, incentives=incentives, hubs=hubs)
    return _as_batch([*given.faults(batch), *given.of_the_cycle()])


def check_batches(
    batches: Iterable[Any],
    rulebook: Rulebook | None,
    registry: Registry,
    *,
    kind: type = Proposal,
    cycles: Books | None = None,
    incentives: Books | None = None,
    hubs: Rulebook | None = None,
) -> Iterator[Any]:
    """The faults of each of *batches*, as :func:`check_batch`, with the answers remembered.

    One batch of faults for each batch; what depends on the cycle alone comes in one more at the
    end, if there is any.

    Raises:
        InvalidType, MissingExtra: as :func:`check_batch`.
    """
    given = _Checker(kind, rulebook, registry, cycles=cycles, incentives=incentives, hubs=hubs)
    for batch in batches:
        yield _as_batch(list(given.faults(batch)))
    if said := list(given.of_the_cycle()):
        yield _as_batch(said)


class _Checker:
    """The checks of records of one kind, with what was accepted up to now."""

    def __init__(self, kind: type, book: Rulebook | None, registry: Registry, **books: Any) -> None:
        kind_of(kind)
        self._kind = kind
        self._checks = RuleChecks(book, registry, **books)
        self._year = None if book is None else book.year
        self._looked = Looked(self._checks) if kind is Proposal else None

    def faults(self, batch: Any) -> Iterator[tuple[int, Fault]]:
        """The faults of each record by itself, with its row."""
        arrow = pyarrow()
        if not isinstance(batch, arrow.RecordBatch):
            raise InvalidType("batch", batch, "a pyarrow.RecordBatch")
        rows = self._unsure(batch)
        if not rows:
            return
        some = batch if len(rows) == batch.num_rows else batch.take(arrow.array(rows, "int64"))
        for row, data in zip(rows, plain_rows(some, self._kind), strict=True):
            origin = Origin(row=row + 1)
            raw = Raw(data=data, origin=origin, place=partial(_everywhere, origin))
            for fault in own_faults(raw, self._kind, self._checks, self._year):
                yield row, fault

    def of_the_cycle(self) -> Iterator[tuple[None, Fault]]:
        """What depends on the cycle alone, of all records up to now."""
        for fault in self._checks.cycle_faults():
            yield None, fault

    def _unsure(self, batch: Any) -> list[int]:
        """The rows that something may be against."""
        arrow = pyarrow()
        every = range(batch.num_rows)
        clean = self._looked is not None and _is_sound(batch) and surely_clean(batch, self._kind)
        if clean is False or self._looked is None:
            return list(every)
        if clean is True or clean.true_count == len(clean):
            accepted = self._looked.accepted(batch)
            return _numbers(arrow.compute.invert(accepted))
        sound = self._looked.accepted(batch.filter(clean))
        places = arrow.compute.indices_nonzero(clean)
        others = places.filter(arrow.compute.invert(sound)).to_pylist()
        return sorted([*_numbers(arrow.compute.invert(clean)), *others])


def _numbers(mask: Any) -> list[int]:
    found: list[int] = pyarrow().compute.indices_nonzero(mask).to_pylist()
    return found


def _is_sound(batch: Any) -> bool:
    """Whether every text of *batch* is one."""
    try:
        batch.validate(full=True)
    except pyarrow().ArrowException:
        return False
    return True


def _everywhere(origin: Origin, path: Path) -> Origin:
    del path
    return origin


def _as_batch(faults: Sequence[tuple[int | None, Fault]]) -> Any:
    rows = [_row(number, fault) for number, fault in faults]
    return pyarrow().RecordBatch.from_pylist(rows, schema=fault_schema())


def _row(number: int | None, fault: Fault) -> dict[str, Any]:
    cure = fault.cure
    patch = [operation_data(each) for each in cure.patch] if cure is not None else []
    return {
        "row": number,
        "code": fault.code,
        "severity": fault.severity.value,
        "pointer": _encodable(fault.pointer),
        "values": _json({name: value_data(value) for name, value in fault.values}),
        "cure": None if cure is None else cure.code,
        "patch": _json(patch) if patch else None,
        "record": None if fault.record is None else _encodable(fault.record),
    }


def _json(data: object) -> str:
    return _encodable(compact(data))


def _encodable(text: str) -> str:
    r"""*text* with half characters written out (``\ud800``), as JSON writes them too."""
    return text.encode("utf-8", "backslashreplace").decode()
