"""For researchers: spread bought with quality, by a cap of one finalist per agency.

One made-up field, the law of 2021 and the same law with a cap on finalists, under the same luck.
Run it with ``python examples/cap_of_one.py [REPLICATIONS [FOLDER]]``.

Limits: worth is spread evenly and alike over all agencies, so that no agency is better than others
at this; where some are, the cap costs more.
"""

from __future__ import annotations

import sys
from pathlib import Path

import kipp
from kipp.domain.cycle import Stage
from kipp.registry import registry
from kipp.simulation import Panel, compare, plots, simulate
from kipp.simulation.published import published_field

ONE_EACH = {
    "composition.quota": "demands",
    "composition.demands": [{"stage": "finalists", "by": "agency", "at_most": 1}],
}


def main(replications: int = 200, folder: str | None = None) -> None:
    """Print what the cap changes among the finalists, with paired errors."""
    book = kipp.rulebook(2021).assume(kipp.assumptions.example(2021))
    field = published_field(registry(), kipp.record(), book, seed="cap of one", n=1_000)
    study = simulate(field, book, noise=Panel(spread=8), replications=1, seed=1, workers=1)
    both = compare(study, ONE_EACH, name="one each", replications=replications, workers=1)
    print(f"made-up field of {len(field.proposals)} proposals, {replications} replications")
    print("finalists: no cap, one per agency, difference")
    for name in ("agencies", "newcomers", "largest", "hhi", "gini", "quality"):
        values = (each.measure(name, Stage.FINALISTS) for each in (both.first, both.other, both))
        print(f"  {name}: {', '.join(map(str, values))}")
    if folder:
        axes = plots.composition_bars(both, "cluster", names=("no cap", "one each"), lang="en")
        axes.figure.savefig(Path(folder, "cap-of-one.png"), dpi=plots.DPI)


if __name__ == "__main__":
    main(int((sys.argv[1:2] or ["200"])[0]), *sys.argv[2:3])
