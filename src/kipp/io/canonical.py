"""Canonical JSON (RFC 8785) and digests of bytes: the same content is the same bytes everywhere."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from kipp.domain.errors import MissingExtra

__all__ = ["canonical", "digest"]


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
