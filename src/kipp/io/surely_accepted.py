"""Which rows of an Arrow batch the rules of a cycle accept, asked once for rows that are alike.

Each look of :class:`kipp.io.rule_faults.RuleChecks` names the facts it reads; rows that agree in
them are answered alike, so one of them is made a record and asked.  Where facts have an order, rows
between two that were accepted are accepted too.  What cannot be told apart by columns is *not
sure*, and the row is read and judged like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

import attrs

from kipp.domain.fault import Origin
from kipp.domain.proposal import Proposal
from kipp.io.arrow_rows import as_list, plain_rows, stored
from kipp.io.arrow_schema import pyarrow
from kipp.io.checking import checked
from kipp.io.proposal_rules import Look
from kipp.io.raw import Raw
from kipp.io.remembered import MOST
from kipp.io.rule_faults import RuleChecks

__all__ = ["Looked"]

_STEPS = 16
"""How many rows are asked in one round to find how far what is accepted reaches."""
_ROUNDS = 2
_BREAKS = ("\x1c", "\x1d", "\x1e", "\x1f")
"""What keeps the parts of a key apart, from the outermost; a text that holds one has no key."""


class Looked:
    """What the looks of *checks* accepted of proposals, by their facts; at most *most* of each."""

    def __init__(self, checks: RuleChecks, most: int = MOST) -> None:
        self._checks = checks
        self._answers: dict[Look, dict[tuple[Any, ...], bool]] = {}
        self._stretches: dict[Look, dict[tuple[Any, ...], _Stretch]] = {}
        self._most = most

    def accepted(self, batch: Any) -> Any:
        """Which rows of *batch* surely have no fault: a ``pyarrow.BooleanArray``.

        Every row has to be a proposal of the right shape.

        Raises:
            MissingExtra: the extra ``arrow`` is not installed.
        """
        arrow = pyarrow()
        asked = _Asked(self._checks, batch)
        looks = self._checks.looks
        found = arrow.array([bool(looks)] * batch.num_rows, arrow.bool_())
        for look in looks:
            answer = self._ordered(look, asked) if look.ordered else self._alike(look, asked)
            found = found if answer is True else arrow.compute.and_(found, answer)
        return found

    def _alike(self, look: Look, asked: _Asked) -> Any:
        """Asked once for each combination of facts."""
        arrow = pyarrow()
        keys = _Keys(asked, look.facts)
        if keys.codes is None:
            return asked.none
        known = self._answers.setdefault(look, {})
        first = keys.first
        if len(known) + len(first) > self._most:
            known.clear()
        values = keys.values(first)
        asked.need(row for row, key in zip(first, values, strict=True) if key not in known)
        for row, key in zip(first, values, strict=True):
            if key not in known:
                known[key] = asked.accepts(look, row)
        told = [known[key] for key in values]
        if all(told):
            return True
        return arrow.array(told, arrow.bool_()).take(keys.codes)

    def _ordered(self, look: Look, asked: _Asked) -> Any:
        """Asked of some rows, in the order of the last fact; what lies between is not asked."""
        arrow = pyarrow()
        *others, last = look.facts
        keys = _Keys(asked, others)
        column = _comparable(_column(asked.batch, last))
        if keys.codes is None or column is None:
            return asked.none
        known = self._stretches.setdefault(look, {})
        if len(known) + len(keys.first) > self._most:
            known.clear()
        names = keys.values(keys.first)
        accepted = _inside([known.get(name) for name in names], keys.codes, column)
        left = arrow.compute.indices_nonzero(arrow.compute.invert(accepted))
        if not len(left):
            return accepted
        rows: list[int] = []
        for code, run in _runs(keys.codes, column, left):
            reached = asked.reach(look, run)
            if reached:
                rows += reached
                ends = [column[row] for row in (reached[0], reached[-1])]
                known[names[code]] = _joined_stretch(known.get(names[code]), *ends)
        return arrow.compute.or_(accepted, asked.only(rows))


@attrs.frozen
class _Stretch:
    """Facts from *first* to *last* are accepted, none where nobody asked; *missing*: also none."""

    first: Any = None
    last: Any = None
    missing: bool = False


def _joined_stretch(known: _Stretch | None, first: Any, last: Any) -> _Stretch:
    known = known or _Stretch()
    if not first.is_valid:
        return attrs.evolve(known, missing=True)
    ends = [each for each in (known.first, known.last, first.as_py(), last.as_py()) if each]
    return attrs.evolve(known, first=min(ends), last=max(ends))


def _inside(stretches: list[_Stretch | None], codes: Any, column: Any) -> Any:
    """Where *column* lies in the stretch of its code."""
    arrow = pyarrow()
    compute = arrow.compute
    known = [stretch or _Stretch() for stretch in stretches]
    first = arrow.array([each.first for each in known], column.type).take(codes)
    last = arrow.array([each.last for each in known], column.type).take(codes)
    between = compute.and_(
        compute.greater_equal(column, first), compute.less_equal(column, last)
    ).fill_null(False)
    if not column.null_count:
        return between
    missing = arrow.array([each.missing for each in known], arrow.bool_()).take(codes)
    return compute.if_else(column.is_null(), missing, between)


class _Asked:
    """The rows of one *batch* that were made records to be asked."""

    def __init__(self, checks: RuleChecks, batch: Any) -> None:
        self.batch = batch
        self.every = _numbers(batch.num_rows)
        self._checks = checks
        self._records: dict[int, Proposal | None] = {}

    @property
    def none(self) -> Any:
        """No row."""
        return self.only([])

    def only(self, rows: list[int]) -> Any:
        """Those *rows*, as a mask."""
        chosen = pyarrow().array(rows, pyarrow().int64())
        return pyarrow().compute.is_in(self.every, value_set=chosen)

    def need(self, rows: Iterator[int]) -> None:
        """Make those *rows* records, all at once."""
        missing = sorted(set(rows) - self._records.keys())
        if not missing:
            return
        arrow = pyarrow()
        some = self.batch.take(arrow.array(missing, arrow.int64()))
        for row, data in zip(missing, plain_rows(some, Proposal), strict=True):
            raw = Raw(data=data, origin=_NOWHERE, place=lambda _: _NOWHERE)
            self._records[row] = checked(raw, Proposal).value

    def accepts(self, look: Look, row: int) -> bool:
        """Whether *look* accepts the *row*."""
        record = self._records[row]
        return record is not None and self._checks.accepts(look, record)

    def reach(self, look: Look, run: list[int]) -> list[int]:
        """The rows of *run*, in the order of their last fact, up to the outermost accepted."""
        known: dict[int, bool] = {}
        places = _spread(0, len(run) - 1)
        for _ in range(_ROUNDS):
            self.need(run[place] for place in places)
            known.update({place: self.accepts(look, run[place]) for place in places})
            accepted = [place for place, answer in known.items() if answer]
            if not accepted or len(accepted) == len(known):
                break
            told = sorted(known)
            places = [
                place
                for one, other in pairwise(told)
                if known[one] is not known[other]
                for place in _spread(one, other)
            ]
        accepted = [place for place, answer in known.items() if answer]
        return run[min(accepted) : max(accepted) + 1] if accepted else []


@lru_cache(maxsize=1 + 1)
def _numbers(count: int) -> Any:
    """The numbers of so many rows; most batches have as many as the one before."""
    return pyarrow().array(range(count), pyarrow().int64())


_NOWHERE = Origin()


def _spread(first: int, last: int) -> list[int]:
    """Some places from *first* to *last*, both among them."""
    if last - first < _STEPS:
        return list(range(first, last + 1))
    return [first + (last - first) * step // _STEPS for step in range(_STEPS + 1)]


def _runs(codes: Any, column: Any, rows: Any) -> Iterator[tuple[int, list[int]]]:
    """Of *rows* those of each code in the order of *column*; those where it is null apart."""
    arrow = pyarrow()
    codes, column = codes.take(rows), column.take(rows)
    table = arrow.table({"code": codes, "missing": column.is_null(), "last": column})
    order = arrow.compute.sort_indices(
        table, sort_keys=[(name, "ascending") for name in table.column_names]
    )
    runs: dict[tuple[int, bool], list[int]] = {}
    told = zip(
        codes.take(order).to_pylist(),
        column.is_null().take(order).to_pylist(),
        rows.take(order).to_pylist(),
        strict=True,
    )
    for code, missing, row in told:
        runs.setdefault((code, missing), []).append(row)
    for (code, _), run in runs.items():
        yield code, run


class _Keys:
    """The combinations of *facts* in a batch: *codes* by row, and the *first* row of each.

    *codes* is none where some fact has no key.
    """

    def __init__(self, asked: _Asked, facts: Iterable[str]) -> None:
        arrow = pyarrow()
        self.codes: Any = None
        self.first: list[int] = []
        self._columns: list[Any] = []
        for fact in facts:
            column = _column(asked.batch, fact)
            key = column if column is None else _key(column)
            if key is None and column is not None:
                return
            self._columns.append(key)
        self.codes = self._combined(len(asked.every))
        table = arrow.table({"code": self.codes, "row": asked.every})
        grouped = table.group_by("code", use_threads=False).aggregate([("row", "min")])
        self.first = grouped.sort_by("code")["row_min"].to_pylist()

    def _combined(self, rows: int) -> Any:
        """A number from 0 for each combination, by row."""
        arrow = pyarrow()
        compute = arrow.compute
        codes = None
        for column in self._columns:
            if column is None:
                continue
            encoded = column.dictionary_encode(null_encoding="encode")
            if len(encoded.dictionary) <= 1:
                continue
            if codes is None:
                codes = encoded.indices
                continue
            size = arrow.scalar(len(encoded.dictionary), arrow.int64())
            both = compute.add(compute.multiply(codes, size), encoded.indices)
            codes = both.dictionary_encode().indices
        return arrow.nulls(rows, arrow.int32()).fill_null(0) if codes is None else codes

    def values(self, rows: list[int]) -> list[tuple[Any, ...]]:
        """The facts of those *rows*."""
        chosen = pyarrow().array(rows, pyarrow().int64())
        columns = [
            [_ABSENT] * len(rows) if column is None else column.take(chosen).to_pylist()
            for column in self._columns
        ]
        return list(zip(*columns, strict=True)) if columns else [()] * len(rows)


_ABSENT = object()
"""Stands for the value of a column that is not there."""


def _column(batch: Any, fact: str) -> Any:
    """The column of a fact, by its path; none where it is not there."""
    name, *way = fact.split(".")
    if name not in batch.schema.names:
        return None
    array = stored(batch.column(name))
    for step in way:
        number = array.type.get_field_index(step)
        if number < 0:
            return None
        array = stored(array.field(number))
    return array


def _key(array: Any) -> Any:
    """*array* as one that tells apart what differs; none where it does not surely."""
    arrow = pyarrow()
    types, kind = arrow.types, array.type
    if types.is_boolean(kind) or types.is_integer(kind) or types.is_date(kind):
        return array
    if types.is_null(kind) or types.is_string(kind) or types.is_large_string(kind):
        return array
    return _joined(array, _BREAKS)


def _joined(array: Any, breaks: tuple[str, ...]) -> Any:
    """*array* as texts, its parts joined; none where a text holds what joins them."""
    arrow = pyarrow()
    compute, types = arrow.compute, arrow.types
    array = stored(array)
    if types.is_map(array.type):
        array = as_list(array)
    kind = array.type
    if not breaks or not (types.is_struct(kind) or types.is_list(kind)):
        return _plain_text(array)
    if types.is_struct(kind):
        parts = [_joined(array.field(each), breaks[1:]) for each in range(kind.num_fields)]
        if any(part is None for part in parts):
            return None
        parts = [part.fill_null("\0") for part in parts]
        joined = compute.binary_join_element_wise(*parts, breaks[0])
        return compute.if_else(array.is_valid(), joined, None) if array.null_count else joined
    items = _joined(array.flatten(), breaks[1:])
    if items is None:
        return None
    lengths = compute.list_value_length(array).cast(arrow.string())
    joined = compute.binary_join(_as_lists(items.fill_null("\0"), array), breaks[0])
    return compute.binary_join_element_wise(lengths, joined, breaks[0])


def _as_lists(items: Any, array: Any) -> Any:
    """*items*, one after the other, in the lists of *array*."""
    arrow = pyarrow()
    lengths = arrow.compute.fill_null(arrow.compute.list_value_length(array), 0)
    ends = arrow.compute.cumulative_sum(lengths).cast(arrow.int32())
    offsets = arrow.concat_arrays([arrow.array([0], arrow.int32()), ends])
    return arrow.ListArray.from_arrays(offsets, items)


def _plain_text(array: Any) -> Any:
    arrow = pyarrow()
    types, kind = arrow.types, array.type
    if not (types.is_string(kind) or types.is_integer(kind) or types.is_boolean(kind)):
        return None
    texts = array.cast(arrow.string())
    if types.is_string(kind):
        strange = arrow.compute.match_substring_regex(texts, "[\\x00\\x1c-\\x1f]")
        if arrow.compute.any(strange).as_py():
            return None
    return texts


def _comparable(array: Any) -> Any:
    """Days or moments as Arrow compares them; none where it does not."""
    arrow = pyarrow()
    if array is None or arrow.types.is_date32(array.type):
        return array
    if arrow.types.is_timestamp(array.type) and array.type.tz:
        return array
    if not arrow.types.is_string(array.type):
        return None
    try:
        return array.cast(arrow.timestamp("us", "UTC"))
    except arrow.ArrowException:
        return None
