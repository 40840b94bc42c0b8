"""What somebody may have meant: certain only where nothing but case, blanks or marks differ."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from kipp.domain.checks import Form

__all__ = ["is_same", "nearest", "right_number", "right_word"]

_MARKS = str.maketrans("", "", " _-.\t\n")
_FLAGS = {"true": True, "false": False}
_DIGITS = 15
"""So many digits every reader of JSON keeps exact."""


def nearest(name: str, known: Iterable[str]) -> tuple[bool, str | None]:
    """The one of *known* that *name* comes nearest to, and whether that is certain.

    >>> nearest("Submitted-At", ("id", "submitted_at"))
    (True, 'submitted_at')
    >>> nearest("titel", ("id", "title"))
    (False, 'title')
    """
    return _nearest(name, tuple(known))


@lru_cache(1024)
def _nearest(name: str, known: tuple[str, ...]) -> tuple[bool, str | None]:
    bare = _bare(name)
    same = [each for each in known if _bare(each) == bare]
    if len(same) == 1:
        return True, same[0]
    close = difflib.get_close_matches(name, known, n=1)
    return False, close[0] if close else None


def is_same(one: object, other: str) -> bool:
    """Whether nothing but case, blanks or marks differ."""
    return type(one) is str and _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return text.casefold().translate(_MARKS)


def right_word(text: str, words: Iterable[str]) -> tuple[str | None, str | None]:
    """The word that *text* certainly is, written otherwise; and the one it may be.

    >>> right_word(" Umum", ("umum", "khusus"))
    ('umum', 'umum')
    >>> right_word("umun", ("umum", "khusus"))
    (None, 'umum')
    """
    return _right_word(text, tuple(words))


@lru_cache(1024)
def _right_word(text: str, words: tuple[str, ...]) -> tuple[str | None, str | None]:
    told = _told(text)
    same = [word for word in words if _told(word) == told]
    if len(same) == 1:
        return same[0], same[0]
    close = difflib.get_close_matches(told, words, n=1)
    return None, close[0] if close else None


def _told(text: str) -> str:
    return " ".join(text.casefold().split())


def right_number(form: Form, value: Any) -> int | bool | None:
    """The whole number, or the truth, that *value* is in another type; none where it is none.

    >>> right_number(Form.WHOLE, "2021"), right_number(Form.WHOLE, 7.0)
    (2021, 7)
    >>> right_number(Form.FLAG, "true")
    True
    """
    if form is Form.FLAG and type(value) is str:
        return _FLAGS.get(value.strip().casefold())
    if form is not Form.WHOLE:
        return None
    if type(value) is float and math.isfinite(value) and value.is_integer():
        return int(value)
    if type(value) is str and len(value) <= _DIGITS and value.isascii() and value.isdigit():
        return int(value) if str(int(value)) == value else None
    return None
