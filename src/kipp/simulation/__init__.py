"""Many made-up contests: what the rules do to a field, under noise and under other rules.

>>> from kipp.simulation import Panel
>>> Panel(spread=8, severity=3)
Panel(spread=8, severity=3, correlation=0.0, halo=1.0, discrimination=mappingproxy({}), \
centre=0.0, missing=0.0, conflicted=0.0, assessors=None)
"""

from kipp.simulation.field import Field, Figure, Funnel, Spread
from kipp.simulation.noise import AssessorModel, Draw, Panel
from kipp.simulation.study import Comparison, Estimate, Setting, Study, compare, simulate

__all__ = [
    "AssessorModel",
    "Comparison",
    "Draw",
    "Estimate",
    "Field",
    "Figure",
    "Funnel",
    "Panel",
    "Setting",
    "Spread",
    "Study",
    "compare",
    "simulate",
]
