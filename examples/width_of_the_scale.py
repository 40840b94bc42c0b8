"""For researchers: how wide the scale of marks must be before ties at the cut stop deciding.

The same field and the same luck, marks rounded to coarser and finer steps.  Run it with
``python examples/width_of_the_scale.py [REPLICATIONS [FOLDER]]``.

Limits: the number of assessors and how they are joined are assumed; more assessors make more
different scores of the same scale.
"""

from __future__ import annotations

import sys
from pathlib import Path

import kipp
from kipp.registry import registry
from kipp.simulation import Panel, plots, simulate
from kipp.simulation.published import published_field

STEPS = ("20", "10", "5", "1", "1/10", "1/100")


def main(replications: int = 200, folder: str | None = None) -> None:
    """Print how often the cuts of the general group are tied, by the step of the scale."""
    example = kipp.rulebook(2021).assume(kipp.assumptions.example(2021))
    field = published_field(registry(), kipp.record(), example, seed="scale", n=1_000)
    print(f"made-up field of {len(field.proposals)} proposals, {replications} replications")
    print("marks from 0 to 100 in steps of; replications tied at the nomination, at the finalists")
    studies = []
    for step in STEPS:
        book = example.reform({"marks.quantum": step}, name=f"steps of {step}")
        study = simulate(
            field, book, noise=Panel(spread=8), replications=replications, seed=1, workers=1
        )
        ties = study.ties()
        shares = [
            max(ties.get(("GENERAL", stage), {"": 0.0}).values())
            for stage in ("NOMINATION", "FINALISTS")
        ]
        studies.append(study)
        print(f"  {step:>6}: {', '.join(f'{share:.0%}' for share in shares)}")
    if folder:
        steps = range(len(STEPS))
        axes = plots.sensitivity(steps, studies, "stability", lever="finer steps", lang="en")
        axes.figure.savefig(Path(folder, "width-of-the-scale.png"), dpi=plots.DPI)


if __name__ == "__main__":
    main(int((sys.argv[1:2] or ["200"])[0]), *sys.argv[2:3])
