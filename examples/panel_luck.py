"""For researchers: how much of the Top 45 is luck of the panel.

A made-up field of the published size runs under the law of 2021 with its example assumptions, many
times under other marks.  If marks were exact, the curve would fall from 100 to 0 at the cut.  Run
it with ``python examples/panel_luck.py [REPLICATIONS [FOLDER]]``; the folder gets the picture.

Limits: the worth of the proposals, how far assessors stray and how many mark are made up; only the
shape of the answer is, not its size, a finding about the contest.
"""

from __future__ import annotations

import sys
from pathlib import Path

import kipp
from kipp.registry import registry
from kipp.simulation import Panel, plots, simulate
from kipp.simulation.published import published_field


def main(replications: int = 200, folder: str | None = None) -> None:
    """Print how often the last in and the first out are in, for two panels."""
    book = kipp.rulebook(2021).assume(kipp.assumptions.example(2021))
    field = published_field(registry(), kipp.record(), book, seed="panel luck", n=1_000)
    print(f"made-up field of {len(field.proposals)} proposals, {replications} replications")
    for spread in (4, 8):
        study = simulate(
            field, book, noise=Panel(spread=spread), replications=replications, seed=1, workers=1
        )
        places = round(study.measure("proposals").value)
        often = sorted(study.inclusion().values(), key=lambda each: -each.value)
        inside, outside = often[places - 1], often[places]
        near = [each for each in often if 0.05 < each.value < 0.95]
        print(f"assessors stray by {spread} marks, {places} places:")
        print(f"  the last in is in {inside.value:.1%} ± {inside.error:.1%} of the time")
        print(f"  the first out is in {outside.value:.1%} ± {outside.error:.1%} of the time")
        print(f"  {len(near)} proposals are neither nearly always in nor nearly always out")
        print(f"  agreement with marks without noise {study.measure('stability')}")
        if folder:
            axes = plots.inclusion_curve(study, lang="en")
            axes.figure.savefig(Path(folder, f"panel-luck-{spread}.png"), dpi=plots.DPI)


if __name__ == "__main__":
    main(int((sys.argv[1:2] or ["200"])[0]), *sys.argv[2:3])
