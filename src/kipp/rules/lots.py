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

from kipp.domain.checks import COUNT
from kipp.domain.errors import InvalidValue
from kipp.rules.arguments import items, text

__all__ = ["draw_order", "key_of"]

_NUMBERS = re.compile(r"[0-9]+(?:[ .]+[0-9]+)*[.]?", re.ASCII)
_PUNCTUATION = re.compile(r"[^A-Z0-9]", re.ASCII)


def key_of(sources: Iterable[str]) -> str:
    """The key that *sources* make: one entry each, every entry ended by ``/``.

    Whole numbers (``"2 5 12 8 10"``) are put in order, freed of leading zeros, and each ended by
    a full stop; of any other text the ASCII letters (made capitals) and digits count.

    Raises:
        InvalidType: *sources* are not several texts.
        InvalidValue: a source that holds no letter and no digit.
    """
    return "".join(f"{_entry(source)}/" for source in items("sources", sources, str))


def _entry(source: str) -> str:
    said = source.strip()
    if _NUMBERS.fullmatch(said):
        plain = [digits.lstrip("0") or "0" for digits in re.findall("[0-9]+", said)]
        return "".join(f"{digits}." for digits in sorted(plain, key=_by_size))
    letters = _PUNCTUATION.sub("", said.upper())
    if not letters:
        raise InvalidValue("seed", source, "a source with ASCII letters or digits")
    return letters


def _by_size(digits: str) -> tuple[int, str]:
    return len(digits), digits


def draw_order(key: str, size: int) -> Iterator[int]:
    """The positions (from 0) of a list of *size* names, in the order the draw picks them.

    Raises:
        InvalidType: a key that is no text, a size that is no whole number.
        InvalidValue: a key that is not ASCII, as :func:`key_of` makes it; a negative size, or one
            that two bytes cannot count.
    """
    if not text("key", key).isascii():
        raise InvalidValue("key", key, "a key in ASCII, as key_of makes it")
    if not COUNT.accepts(size):
        raise COUNT.fault("size", size)
    if size > _MOST:
        raise InvalidValue("size", size, f"at most {_MOST} names, which two bytes count")
    return _drawn(key, size)


_MOST = 65_536


def _drawn(key: str, size: int) -> Iterator[int]:
    left = list(range(size))
    for turn in range(size):
        counter = pack(">H", turn)
        digest = md5(counter + key.encode("ascii") + counter, usedforsecurity=False).digest()
        yield left.pop(int.from_bytes(digest, "big") % len(left))
