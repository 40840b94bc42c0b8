"""A public draw that anyone can repeat (*undian terbuka*), as RFC 3797 describes it.

Sources of luck that nobody can foresee are named beforehand (a lottery's numbers, a closing price,
a text published earlier).  They make one key; the MD5 digest of the key with a counter before and
after it picks, again and again, one of the names still in the numbered list.  MD5 serves to mix,
not to protect: what protects is that the sources were named before their values were known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import md5
from struct import pack

from kipp.domain.errors import InvalidValue

__all__ = ["draw_order", "key_of"]

_NUMBERS = re.compile(r"[0-9]+(?:[ .]+[0-9]+)*[.]?", re.ASCII)
_PUNCTUATION = re.compile(r"[^A-Z0-9]", re.ASCII)


def key_of(sources: Iterable[str]) -> str:
    """The key that *sources* make: one entry each, every entry ended by ``/``.

    Whole numbers (``"2 5 12 8 10"``) are put in order, freed of leading zeros, and each ended by
    a full stop; of any other text the ASCII letters (made capitals) and digits count.

    Raises:
        InvalidValue: a source that holds no letter and no digit.
    """
    return "".join(f"{_entry(source)}/" for source in sources)


def _entry(source: str) -> str:
    text = source.strip()
    if _NUMBERS.fullmatch(text):
        return "".join(f"{number}." for number in sorted(map(int, re.findall("[0-9]+", text))))
    letters = _PUNCTUATION.sub("", text.upper())
    if not letters:
        raise InvalidValue("seed", source, "a source with ASCII letters or digits")
    return letters


def draw_order(key: str, size: int) -> Iterator[int]:
    """The positions (from 0) of a list of *size* names, in the order the draw picks them."""
    left = list(range(size))
    for turn in range(size):
        counter = pack(">H", turn)
        digest = md5(counter + key.encode("ascii") + counter, usedforsecurity=False).digest()
        yield left.pop(int.from_bytes(digest, "big") % len(left))
