"""Assessment: criteria, marks, score sheets, assessors, conflicts of interest.

Marks and weights are exact: whole numbers, :class:`decimal.Decimal` or
:class:`fractions.Fraction`.  A missing mark is missing, never zero.
"""

from __future__ import annotations

from fractions import Fraction

import attrs

__all__ = ["Criterion"]


@attrs.frozen
class Criterion:
    """A criterion (*aspek*) of a contest and its exact weight."""

    key: str
    weight: Fraction
