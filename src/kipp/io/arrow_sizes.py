"""How large the blocks of an Arrow file say they are once unpacked, found without unpacking.

A block may be packed (LZ4, ZSTD), and a small one may hold more than a machine has.  Each packed
buffer begins with its size; where the buffers lie is said in the head of the block's message, a
flatbuffer, of which this reads only that.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from kipp.io.arrow_schema import pyarrow

__all__ = ["sizes"]

_DICTIONARY, _RECORDS = 2, 3
"""The kinds of message that hold buffers."""
_HEADER_TYPE, _HEADER, _BUFFERS, _COMPRESSION, _INSIDE = 1, 2, 2, 3, 1
"""The places of fields in their tables, as the format of Arrow numbers them."""


def sizes(stream: IO[bytes]) -> Iterator[tuple[bool, int, int]]:
    """For each block its bytes in the file and unpacked, and whether it is one of records.

    *stream* stands before the first message.  The iteration ends where the stream cannot be
    followed further: whoever reads it finds out why.

    Raises:
        MissingExtra: the extra ``arrow`` is not installed.
    """
    from pyarrow import ipc

    arrow = pyarrow()
    try:
        for message in ipc.MessageReader.open_stream(stream):
            body = message.body
            if body is not None and body.size:
                is_records, unpacked = _unpacked(memoryview(message.metadata), memoryview(body))
                yield is_records, body.size, unpacked
            elif message.type == "record batch":
                yield True, 0, 0
    except (arrow.ArrowException, OSError, IndexError, struct.error):
        return


def _unpacked(head: memoryview, body: memoryview) -> tuple[bool, int]:
    message = _at("<I", head, 0)
    kind = head[_field(head, message, _HEADER_TYPE)]
    table = _follow(head, _field(head, message, _HEADER))
    if kind == _DICTIONARY:
        table = _follow(head, _field(head, table, _INSIDE))
    if kind not in (_DICTIONARY, _RECORDS) or not _field(head, table, _COMPRESSION):
        return kind == _RECORDS, len(body)
    vector = _follow(head, _field(head, table, _BUFFERS))
    count = _at("<I", head, vector)
    places = (_pair(head, vector, number) for number in range(count))
    return kind == _RECORDS, sum(_whole(body, place, length) for place, length in places if length)


def _whole(body: memoryview, place: int, length: int) -> int:
    """The size that a packed buffer states; -1 says that it is not packed after all."""
    stated = _at("<q", body, place)
    return length if stated < 0 else stated


def _pair(head: memoryview, vector: int, number: int) -> tuple[int, int]:
    place, length = struct.unpack_from("<qq", head, vector + 4 + 16 * number)
    return place, length


def _field(head: memoryview, table: int, place: int) -> int:
    """Where a field of a table lies; 0 where the table does not have it."""
    directory = table - _at("<i", head, table)
    entry = 4 + 2 * place
    if entry >= _at("<H", head, directory):
        return 0
    offset = _at("<H", head, directory + entry)
    return table + offset if offset else 0


def _follow(head: memoryview, place: int) -> int:
    return place + _at("<I", head, place)


def _at(form: str, data: memoryview, place: int) -> int:
    if place < 0:
        raise struct.error("before the beginning")
    (found,) = struct.unpack_from(form, data, place)
    return int(found)
