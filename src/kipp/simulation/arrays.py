"""numpy, imported where it is used: ``import kipp.simulation`` alone does not need it."""

from __future__ import annotations

from typing import Any, TypeAlias

from kipp.domain.errors import MissingExtra

__all__ = ["Array", "numpy"]

Array: TypeAlias = Any
"""A ``numpy.ndarray``; docstrings say of which shape and type."""


def numpy() -> Any:
    """The module ``numpy``.

    Raises:
        MissingExtra: the extra ``simulation`` is not installed.
    """
    try:
        import numpy as np
    except ImportError:
        raise MissingExtra("simulating", "numpy", "simulation") from None
    return np
