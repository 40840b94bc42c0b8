"""Indonesia's public-service innovation competition (KIPP), its rules written down as a library."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
