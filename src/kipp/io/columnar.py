"""Parquet and Arrow files of records, read and written block by block.

A block is a row group of a Parquet file, a record batch of an Arrow file (IPC or Feather, as a file
or as a stream).  One that cannot be read is a fault, and the reading goes on behind it where the
format says how many records it holds.  Any schema is read (:mod:`kipp.io.arrow_rows`); what is
written has the one of :func:`kipp.io.arrow_schema.arrow_schema`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count, islice
from typing import IO, Any

from kipp.domain.errors import InvalidValue
from kipp.domain.fault import Cure, Fault, Origin, Severity
from kipp.io.arrow_rows import plain_rows
from kipp.io.arrow_schema import arrow_schema, pyarrow, to_batch
from kipp.io.arrow_sizes import sizes
from kipp.io.limits import LIMITS, Limits
from kipp.io.options import READING, Reading
from kipp.io.raw import Place, Raw

__all__ = ["read_arrow", "read_parquet", "write_arrow", "write_parquet"]

_ROWS = 4_096
"""How many records are held at once."""
_BLOCK = 16_384
"""How many records a block holds that is written."""
_BUFFER = 2**20
_AT_EASE = 16 * 2**20
"""So many bytes a block may hold, however small they were packed."""


def read_parquet(
    stream: IO[bytes],
    kind: type,
    *,
    file: str = "",
    limits: Limits = LIMITS,
    reading: Reading = READING,  # noqa: ARG001  # all formats are called alike
) -> Iterator[Raw]:
    """The records of a Parquet file, each with its number in the file as the row of its origin.

    Raises:
        InvalidValue: no Parquet file.
        MissingExtra: the extra ``arrow`` is not installed.
    """
    arrow = pyarrow()
    try:
        from pyarrow import parquet

        opened = parquet.ParquetFile(stream, pre_buffer=False, buffer_size=_BUFFER)
        groups = [opened.metadata.row_group(each) for each in range(opened.num_row_groups)]
        _read_names(opened.schema_arrow)
    except (arrow.ArrowException, OSError, UnicodeDecodeError, RecursionError):
        raise InvalidValue("file", file, "a Parquet file that is whole") from None
    before = 0
    for number, group in enumerate(groups):
        if group.total_byte_size > limits.member_bytes:
            cure, limit = "WRITE_SMALLER_BLOCKS", limits.member_bytes
            yield _unread("BLOCK_TOO_LARGE", file, before, group.num_rows, cure, limit)
        else:
            batches = opened.iter_batches(_ROWS, row_groups=[number], use_threads=False)
            yield from _group(batches, group.num_rows, kind, file, before)
        before += group.num_rows


def _group(batches: Iterator[Any], rows: int, kind: type, file: str, before: int) -> Iterator[Raw]:
    """The records of a row group of so many *rows*, and what breaks it off."""
    read = 0
    while True:
        try:
            batch = next(batches, None)
        except (pyarrow().ArrowException, OSError):
            yield _unread("BLOCK_BROKEN", file, before + read, rows - read, "GET_FILE_AGAIN")
            return
        if batch is None:
            return
        yield from _records(batch, kind, file, before + read)
        read += batch.num_rows


def read_arrow(
    stream: IO[bytes],
    kind: type,
    *,
    file: str = "",
    limits: Limits = LIMITS,
    reading: Reading = READING,  # noqa: ARG001  # all formats are called alike
) -> Iterator[Raw]:
    """The records of an Arrow file or stream, each with its number as the row of its origin.

    *stream* is read twice: first for the sizes that its blocks state.

    Raises:
        InvalidValue: neither an Arrow file nor an Arrow stream.
        MissingExtra: the extra ``arrow`` is not installed.
    """
    arrow = pyarrow()
    begin = stream.tell()
    if stream.read(len(_MAGIC)) != _MAGIC:
        stream.seek(begin)
    fitting = _fitting(stream, limits)
    try:
        batches = _batches(stream)
    except (arrow.ArrowException, OSError, UnicodeDecodeError, RecursionError):
        raise InvalidValue("file", file, "an Arrow file or stream that is whole") from None
    before = 0
    for number in count():
        if number == fitting:
            limit = limits.member_bytes
            yield _unread("BLOCK_TOO_LARGE", file, before, None, "WRITE_SMALLER_BLOCKS", limit)
            return
        try:
            batch = next(batches, None)
        except (arrow.ArrowException, OSError):
            # Nobody knows how many records it held, so nothing behind it has a number.
            yield _unread("BLOCK_BROKEN", file, before, None, "GET_FILE_AGAIN")
            return
        if batch is None:
            return
        if _is_sound(batch):
            for begin in range(0, batch.num_rows, _ROWS):
                yield from _records(batch.slice(begin, _ROWS), kind, file, before + begin)
        else:
            yield _unread("BLOCK_BROKEN", file, before, batch.num_rows, "GET_FILE_AGAIN")
        before += batch.num_rows


_MAGIC = b"ARROW1\0\0"
"""What a file begins with; behind it stands a stream, and a directory that nobody needs here."""


def _fitting(stream: IO[bytes], limits: Limits) -> int | None:
    """How many blocks of records stand before one that is too large; none where all fit."""
    begin = stream.tell()
    found, fitting = 0, None
    for is_records, packed, unpacked in sizes(stream):
        if unpacked > min(limits.member_bytes, max(_AT_EASE, packed * limits.ratio)):
            fitting = found
            break
        found += is_records
    stream.seek(begin)
    return fitting


def _batches(stream: IO[bytes]) -> Iterator[Any]:
    from pyarrow import ipc

    opened = ipc.open_stream(stream)
    _read_names(opened.schema)
    return iter(opened)


def _read_names(fields: Iterable[Any]) -> None:
    """Look at every name in a schema once.

    Raises:
        UnicodeDecodeError: the bytes of one are no text.
    """
    for field in fields:
        _ = field.name
        kind = field.type
        _read_names(kind.field(number) for number in range(kind.num_fields))


def _is_sound(batch: Any) -> bool:
    """Whether all of *batch* lies where it says, so that looking at it is safe.

    A text whose bytes are none is a fault of its record, not of the block.
    """
    arrow = pyarrow()
    try:
        batch.validate(full=True)
    except arrow.ArrowException:
        try:
            for column in batch.columns:
                column.view(_with_bytes(column.type)).validate(full=True)
        except arrow.ArrowException:
            return False
    return True


def _with_bytes(kind: Any) -> Any:
    """The Arrow type *kind* with bytes in the place of texts."""
    arrow = pyarrow()
    types = arrow.types
    if types.is_struct(kind):
        return arrow.struct([field.with_type(_with_bytes(field.type)) for field in kind])
    if types.is_map(kind):
        return arrow.map_(_with_bytes(kind.key_type), _with_bytes(kind.item_type))
    if types.is_list(kind) or types.is_large_list(kind):
        made = arrow.list_ if types.is_list(kind) else arrow.large_list
        return made(kind.value_field.with_type(_with_bytes(kind.value_type)))
    as_bytes = {
        arrow.string(): arrow.binary(),
        arrow.large_string(): arrow.large_binary(),
        arrow.string_view(): arrow.binary_view(),
    }
    return as_bytes.get(kind, kind)


def _records(batch: Any, kind: type, file: str, before: int) -> Iterator[Raw]:
    for number, data in enumerate(plain_rows(batch, kind), before + 1):
        origin = Origin(file=file, row=number)
        yield Raw(data=data, origin=origin, place=_at(origin))


def _at(origin: Origin) -> Place:
    return lambda _: origin


def _unread(
    code: str, file: str, before: int, rows: int | None, cure: str, limit: int | None = None
) -> Raw:
    """The *rows* after the first *before* that nobody can read, none where nobody knows how many.

    They are one record with one fault.
    """
    origin = Origin(file=file, row=before + 1)
    fault = Fault(
        code=code,
        severity=Severity.BLOCKS,
        origin=origin,
        values=(("name", file), ("value", None), ("rows", rows), ("limit", limit)),
        cure=Cure(code=cure),
    )
    return Raw(data=None, origin=origin, place=_at(origin), faults=(fault,))


def write_parquet(stream: IO[bytes], values: Iterable[Any], kind: type) -> None:
    """Write the *values*, records of *kind*, as a Parquet file.

    Raises:
        InvalidType, InvalidValue: something that kipp does not write.
        MissingExtra: the extra ``arrow`` is not installed.
    """
    schema = arrow_schema(kind)
    from pyarrow import parquet

    with parquet.ParquetWriter(stream, schema) as writer:
        for batch in _made(values, kind):
            writer.write_batch(batch)


def write_arrow(stream: IO[bytes], values: Iterable[Any], kind: type) -> None:
    """Write the *values*, records of *kind*, as an Arrow file (also called Feather).

    Raises:
        InvalidType, InvalidValue: something that kipp does not write.
        MissingExtra: the extra ``arrow`` is not installed.
    """
    schema = arrow_schema(kind)
    from pyarrow import ipc

    with ipc.new_file(stream, schema) as writer:
        for batch in _made(values, kind):
            writer.write_batch(batch)


def _made(values: Iterable[Any], kind: type) -> Iterator[Any]:
    left = iter(values)
    while some := list(islice(left, _BLOCK)):
        yield to_batch(some, kind)
