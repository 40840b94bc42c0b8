"""One replication again, by the exact selection: its score sheets, and what it says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from kipp.domain.assessment import ScoreSheet
from kipp.domain.citation import cited
from kipp.domain.cycle import Stage
from kipp.domain.proposal import Proposal
from kipp.rules.decision import Outcome
from kipp.rules.rulebook import Rulebook
from kipp.rules.selection import Selection, select
from kipp.simulation.arrays import numpy
from kipp.simulation.kernel import Kernel

__all__ = ["replayed", "sheets_of"]

_BEFORE = {Stage.FINALISTS: Stage.NOMINATION, Stage.PANEL: Stage.FINALISTS}


def sheets_of(kernel: Kernel, replication: int) -> Iterator[ScoreSheet]:
    """Every score sheet of one *replication*: of everybody who reaches the stage that marks."""
    np = numpy()
    outcomes = kernel.run(range(replication, replication + 1))
    for group in kernel.law.groups:
        for stage, marking in group.markings.items():
            places = np.arange(len(group.members))
            if stage in _BEFORE:
                reached = outcomes.selected[_BEFORE[stage]][0, group.members]
                places = np.nonzero(reached)[0]
            runs = np.full(len(places), replication)
            steps, given = kernel.steps(group, stage, runs, places)
            quantum = Fraction(marking.quantum).limit_denominator()
            for assessor, column in np.argwhere(given):
                yield ScoreSheet(
                    proposal=group.ids[places[column]],
                    stage=stage,
                    assessor=f"{stage.name.lower()}-{assessor + 1}",
                    marks={
                        key: int(mark) * quantum
                        for key, mark in zip(
                            marking.criteria, steps[:, assessor, column], strict=True
                        )
                    },
                )


def replayed(
    kernel: Kernel,
    book: Rulebook,
    proposals: tuple[Proposal, ...],
    screened: Mapping[str, Outcome],
    traits: Mapping[str, Mapping[str, str]],
    replication: int,
) -> Selection:
    """What :func:`kipp.rules.selection.select` makes of the sheets of one *replication*."""
    asked = next(cited(book["composition.quota"]), None)
    return select(
        book,
        proposals,
        sheets_of(kernel, replication),
        screened=screened,
        traits=traits if asked and asked != "none" else None,
    )
