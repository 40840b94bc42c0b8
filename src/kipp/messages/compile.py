"""Compile the catalogues (``kipp.po`` to ``kipp.mo``): ``python -m kipp.messages.compile``.

Standard library only.  The result depends on the source alone.
"""

from __future__ import annotations

import struct
from pathlib import Path

from kipp.messages.po import read_po

__all__ = ["compiled", "main"]

_MAGIC = 0x950412DE
_HEADER = struct.Struct("<7I")
_PAIR = struct.Struct("<2I")


def compiled(source: str) -> bytes:
    """The ``.mo`` file of a ``.po`` text: ids sorted, no hash table.

    Raises:
        InvalidValue: as :func:`read_po`.
    """
    pairs = sorted((c.encode(), t.encode()) for c, t in read_po(source).items())
    ids_at = _HEADER.size
    texts_at = ids_at + _PAIR.size * len(pairs)
    data_at = texts_at + _PAIR.size * len(pairs)
    tables: list[bytes] = []
    data = b""
    for part in ([code for code, _ in pairs], [text for _, text in pairs]):
        for item in part:
            tables.append(_PAIR.pack(len(item), data_at + len(data)))
            data += item + b"\0"
    head = _HEADER.pack(_MAGIC, 0, len(pairs), ids_at, texts_at, 0, data_at)
    return head + b"".join(tables) + data


def main() -> None:
    """Compile every ``.po`` file of this package."""
    for path in sorted(Path(__file__).parent.glob("locale/*/LC_MESSAGES/kipp.po")):
        path.with_suffix(".mo").write_bytes(compiled(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
