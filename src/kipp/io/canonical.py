"""Canonical JSON (RFC 8785) and digests of bytes: the same content is the same bytes everywhere."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any

from kipp.domain.errors import MissingExtra

__all__ = ["canonical", "digest", "is_canonical"]


def canonical(value: Any) -> bytes:
    """Plain data as canonical JSON.

    Raises:
        MissingExtra: the extra ``certificate`` is not installed.
    """
    try:
        import rfc8785
    except ImportError:
        raise MissingExtra("canonical JSON", "rfc8785", "certificate") from None
    return rfc8785.dumps(value)


def digest(content: bytes) -> str:
    """The SHA-256 of *content*, as ``sha256:`` and 64 hexadecimal digits."""
    return f"sha256:{sha256(content).hexdigest()}"


def is_canonical(written: bytes, value: Any) -> bool:
    """Whether *written* is the canonical form of *value*, which holds no floats.

    Python's own writer answers most of the time, ten times as fast: with sorted keys it writes the
    same, but sorts by code points and not by UTF-16 units, which differ beyond U+FFFF only.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if not _BEYOND.search(text):
        return written == text.encode("utf-8", "surrogatepass")
    return written == canonical(value)


_BEYOND = re.compile("[\U00010000-\U0010ffff]")
